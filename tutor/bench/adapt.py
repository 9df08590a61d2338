"""`bench adapt`: a training step on packed weights beside PEFT's on the same weights unpacked; what unpacking costs.

Each way runs in a process of its own, one after the other, with the same rank, tokens and threads.
"""

import ctypes
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import msgspec
import torch

from tutor.adaptation import lowly
from tutor.adaptation.packed.dequantize import TYPES, Dequantizer, row_bytes
from tutor.adaptation.packed.mapped import MappedFile, Packed
from tutor.bench.adapt_step import Took
from tutor.bench.chat import big_model
from tutor.bench.report import Figure, Report, figure
from tutor.bench.shapes import SHAPES, Shape
from tutor.engine.cores import physical
from tutor.engine.gguf_file import Place
from tutor.errors import UserError
from tutor.i18n import tr

STEPS: Final = 5
TOKENS: Final = 512
_MOST: Final = 8192
_ELEMENTS: Final = 1 << 24
"""Unpacked to time a type."""


def run(tokens: int = TOKENS, shape: str = "1.5b", *, peft: bool = True) -> Report:
    """All figures; without PEFT's where `peft` is false (a 3B model takes it 20 GB). Raises UserError."""
    if not 2 <= tokens <= _MOST:
        raise UserError(tr("A step of the bench has 2 to {most} tokens, not {tokens}.", most=_MOST, tokens=tokens))
    file, threads = big_model(shape), physical()
    ways = ("packed", "packed-again", *(("peft-again", "peft") if peft else ()))
    took = {way: _run(way, file, tokens, threads) for way in ways}
    ours = took["packed"]
    share = [_operations(SHAPES[shape], file, tokens) / seconds / ours.gemm for seconds in ours.seconds]
    figures = [
        *_of("packed", ours),
        *_of("packed, checkpointing", took["packed-again"]),
        figure("packed: share of the bf16 product peak", share),
        figure("bf16 products", [ours.gemm / 1e9], "GFLOP/s"),
        figure("packed: planned over measured memory", [ours.planned / ours.peak]),
    ]
    if peft:
        other, again = took["peft"], took["peft-again"]
        figures += [
            *_of("PEFT", other),
            *_of("PEFT, checkpointing", again),
            _faster("packed: speed over PEFT with checkpointing", ours, again, 1.0),
            figure("packed: memory over PEFT with checkpointing", [ours.peak / again.peak], at_most=0.5),
            _faster("packed: speed over PEFT without", ours, other, 0.9),
            figure("packed: memory over PEFT without", [ours.peak / other.peak], at_most=0.4),
            figure("first loss, packed less PEFT", [ours.loss - other.loss], "nats"),
        ]
    figures += _unpacking(file, threads)
    remarks = (
        tr(
            "{shape}-shaped Q4_K_M file with random weights; {tokens} tokens a step, all of them predicted, LoRA of "
            "rank 16 on all seven linears, {threads} threads; {n} steps after 1 to warm up.",
            shape=shape,
            tokens=tokens,
            threads=threads,
            n=STEPS,
        ),
        tr(
            "Memory is the highest resident memory of the process while it trains, the mapped file included, loading "
            "excluded (on Linux; elsewhere included)."
        ),
        tr("Spread: lowest and highest of the steps; the value is their median."),
    )
    return Report(bench="adapt", figures=tuple(figures), remarks=remarks)


def _run(way: str, file: Path, tokens: int, threads: int) -> Took:
    command = [sys.executable, "-m", "tutor.bench.adapt_step", way, str(file), str(tokens), str(STEPS), str(threads)]
    environment = {**os.environ, **lowly.WAITING}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        said = done.stderr.strip().splitlines()
        raise UserError(
            tr(
                "The bench's process “{way}” ended with code {code}: {reason}. Nothing was changed. Where it says that "
                "a module is missing, run make test once; it installs what the benches need.",
                way=way,
                code=done.returncode,
                reason=said[-1] if said else "?",
            )
        )
    return msgspec.json.decode(lines[-1].encode(), type=Took)


def _of(name: str, took: Took) -> list[Figure]:
    return [figure(f"{name}: a step", took.seconds, "s"), figure(f"{name}: peak memory", [took.peak / 1e9], "GB")]


def _faster(name: str, ours: Took, other: Took, goal: float) -> Figure:
    """Speed as steps of the same number: each of ours against each of theirs, in their order."""
    ratios = [b / a for a, b in zip(sorted(ours.seconds), sorted(other.seconds), strict=True)]
    return figure(name, ratios, at_least=goal)


def _operations(shape: Shape, file: Path, tokens: int) -> float:
    """What a step must multiply and add at least: each weight forward and back, the head over all but one token."""
    with MappedFile(file) as mapped:
        blocks = sum(p.rows * p.columns for p in (mapped.tensor(n) for n in mapped.names()) if _trained(p.name))
        head = mapped.tensor("token_embd.weight").rows * shape.width
    return 4.0 * (blocks * tokens + head * (tokens - 1))


def _trained(name: str) -> bool:
    return name.startswith("blk.") and name.endswith(".weight") and "norm" not in name


def _unpacking(file: Path, threads: int) -> list[Figure]:
    """Seconds to unpack all linears of the file once, by type; and the speed of every type."""
    dequantizer = Dequantizer(threads)
    figures = []
    with MappedFile(file) as mapped:
        tensors = [mapped.tensor(name) for name in mapped.names() if _trained(name)]
        for kind in sorted({t.kind for t in tensors}):
            those = [t for t in tensors if t.kind == kind]
            samples = [sum(_unpack(dequantizer, t) for t in those) for _ in range(4)][1:]
            figures.append(figure(f"unpacking a pass: {TYPES[kind]}", samples, "s"))
        tensors.clear()
    for kind, name in TYPES.items():
        columns = 2048
        size = row_bytes(kind, columns) * (_ELEMENTS // columns)
        held = ctypes.create_string_buffer(b"\x11" * size, size)  # small normal numbers, whatever they are read as
        tensor = Packed(name, Place((columns, _ELEMENTS // columns), kind, 0), ctypes.addressof(held))
        speeds = [_ELEMENTS / _unpack(dequantizer, tensor) / 1e9 for _ in range(4)][1:]
        figures.append(figure(f"unpacking: {name}", speeds, "G weights/s"))
    dequantizer.close()
    return figures


def _unpack(dequantizer: Dequantizer, tensor: Packed) -> float:
    """Seconds."""
    out = torch.zeros((tensor.rows, tensor.columns), dtype=torch.bfloat16)
    began = time.perf_counter()
    dequantizer.fill(tensor, out)
    return time.perf_counter() - began
