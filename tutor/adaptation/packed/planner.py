"""What a training will need of this machine, said before it starts: memory, time and disk.

Memory is counted from the model's shape; `tests/adaptation/test_planner.py` holds it to what a process really took.
Time comes from running one block on this machine.
"""

import os
import shutil
import time
from pathlib import Path
from typing import Final

import psutil
import torch
from torch import Tensor

from tutor.adaptation.packed import head
from tutor.adaptation.packed.attention import Sequences
from tutor.adaptation.packed.model import PackedModel
from tutor.domain import Frozen
from tutor.errors import UserError
from tutor.i18n import tr

_RESERVE: Final = 500 << 20
"""Bytes of memory left to everything else on the machine."""
_OWN: Final = 50 << 20
"""Bytes that torch takes for itself once it trains: compiled products, what allocators keep. The code of its optimisers
came with transformers, when the model was opened."""
_STREAMS: Final = 12
"""Float32 copies of the stream that are alive at once in a block's backward pass, and as many in the head's."""
_FILES: Final = 20 << 20
"""Bytes of the report and its plots."""


class Plan(Frozen):
    """What was found. Bytes and seconds."""

    memory: int
    """Highest resident memory of the training process, with the mapped model file."""
    memory_left: int
    """What the machine has for it."""
    checkpointing: bool
    """Whether blocks are worked twice to save memory."""
    seconds_a_step: float
    steps: int
    disk: int
    disk_left: int

    @property
    def seconds(self) -> float:
        return self.seconds_a_step * self.steps

    def text(self) -> str:
        """The plan in words."""
        return tr(
            "Training will need about {memory} GB of memory ({left} GB are free), {minutes} min and {disk} GB of disk.",
            memory=_gigabytes(self.memory),
            left=_gigabytes(self.memory_left),
            minutes=max(1, round(self.seconds / 60)),
            disk=_gigabytes(self.disk),
        )


def plan(model: PackedModel, *, tokens: int, rows: int, steps: int, folder: Path, other: int = 0) -> Plan:
    """Plan for steps of `tokens` tokens of which `rows` predict, and set the model's checkpointing accordingly.

    `folder` is where checkpoints and the adapter go; `other` bytes are needed beside the model. Raises UserError (code
    `memory` or `disk`, with the numbers) when the machine has not enough.
    """
    now = psutil.Process().memory_info().rss
    left = psutil.virtual_memory().available + now - _RESERVE
    if model.work.device.type == "cuda":
        left = min(left, torch.cuda.mem_get_info(model.work.device)[0] + now)
    needs = {way: other + expected_peak(model, tokens=tokens, rows=rows, checkpointing=way) for way in (False, True)}
    checkpointing = needs[False] > left
    if checkpointing and needs[True] > left:
        raise UserError(
            tr(
                "Training this model would need {needed} GB of memory, and {left} GB can be had. Nothing was started. "
                "Close other programs, choose a smaller model, or train on a computer with more memory.",
                needed=_gigabytes(needs[True]),
                left=_gigabytes(max(left, 0)),
            ),
            code="memory",
        )
    disk, disk_left = disk_needed(model), shutil.disk_usage(_existing(folder)).free
    if disk > disk_left:
        raise UserError(
            tr(
                "Training would need {needed} GB on the disk of {folder}, and {left} GB are free. Nothing was started. "
                "Make room there, then try again.",
                needed=_gigabytes(disk),
                folder=folder,
                left=_gigabytes(disk_left),
            ),
            code="disk",
        )
    model.checkpointing = checkpointing
    return Plan(
        memory=needs[checkpointing],
        memory_left=left,
        checkpointing=checkpointing,
        seconds_a_step=seconds_a_step(model, tokens=tokens, rows=rows),
        steps=steps,
        disk=disk,
        disk_left=disk_left,
    )


def expected_peak(model: PackedModel, *, tokens: int, rows: int, checkpointing: bool) -> int:
    """Highest resident memory of this process when it trains, in bytes. Call it before the first step."""
    now = psutil.Process().memory_info().rss
    return int(now + growth(model, tokens=tokens, rows=rows, checkpointing=checkpointing))


def growth(model: PackedModel, *, tokens: int, rows: int, checkpointing: bool) -> int:
    """Bytes by which training makes the process grow, from before its first step to its highest."""
    shape, size, layers = model.shape, int(model.work.dtype.itemsize), len(model.shape.layers)
    qkv = shape.q_rows + 2 * shape.kv_rows
    inside = qkv + shape.width + 2 * shape.feed_forward + (2 * shape.width if shape.post_norms else 0)
    kept = size * tokens * (layers * shape.width + (inside if checkpointing else layers * inside))
    group = size * max(sum(part.elements for part in group.parts) for group in model.blocks[0].four)
    unpacked = model.kept_bytes() if model.work.keep else group
    places = size * tokens * 3 * shape.feed_forward
    working = tokens * (size * shape.feed_forward + 4 * (_STREAMS * shape.width + 3 * qkv))
    adapter = 4 * _parameters(model)  # its size; besides: gradient and AdamW's two means
    return model.file_bytes() + kept + unpacked + places + max(working, 0) + _head(model, rows) + 3 * adapter + _OWN


def _head(model: PackedModel, rows: int) -> int:
    """Bytes for the losses: a block of the head, its products and logits, and states of the rows."""
    block, size = min(head.ROWS, model.head.tensor.rows), int(model.head.dtype.itemsize)
    width = model.shape.width
    own_place = not model.work.keep and (
        model.head.dtype != model.work.dtype
        or block * width > max(sum(part.elements for part in group.parts) for group in model.blocks[0].four)
    )
    return (size * block * width if own_place else 0) + rows * (block * (2 * size + 4) + 4 * 3 * width)


def disk_needed(model: PackedModel) -> int:
    """Bytes of the adapter's file, and of checkpoints: matrices, best matrices and AdamW's means, old and new."""
    adapter = 4 * _parameters(model)
    return adapter + 2 * 4 * adapter + _FILES


def _parameters(model: PackedModel) -> int:
    return sum(int(p.numel()) for p in model.parameters())


def seconds_a_step(model: PackedModel, *, tokens: int, rows: int) -> float:
    """Seconds that a step will take, from one block and one loss run here (the second run counts)."""
    shape = model.shape
    sequences = Sequences((0, tokens), torch.arange(tokens, device=model.work.device))
    x = torch.randn(tokens, shape.width, device=model.work.device).requires_grad_()
    state = torch.randn(rows, shape.width, device=model.work.device).to(model.work.dtype).requires_grad_()
    targets = torch.zeros(rows, dtype=torch.long, device=model.work.device)
    middle = len(shape.layers) // 2
    took = [0.0, 0.0]
    for _ in range(2):
        began = time.perf_counter()
        _backward(
            model.blocks[middle](x, sequences, model.adapters(middle), checkpointing=model.checkpointing).sum(), model
        )
        between = time.perf_counter()
        _backward(model.losses(state, targets).sum(), model)
        took = [between - began, time.perf_counter() - between]
    return took[0] * len(shape.layers) + took[1]


def _backward(value: Tensor, model: PackedModel) -> None:
    value.backward()
    for parameter in model.parameters():
        parameter.grad = None


def peak() -> int:
    """Highest resident memory of this process so far, in bytes. Where the system does not say: what it is now."""
    if os.name == "posix" and Path("/proc/self/status").exists():
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM"))
    memory = psutil.Process().memory_info()
    return int(getattr(memory, "peak_wset", memory.rss))


def _existing(folder: Path) -> Path:
    return next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:.1f}"
