"""One process of `bench adapt`: some training steps, by packed training or by PEFT, and what they took.

`python -m tutor.bench.adapt_step WAY FILE TOKENS STEPS THREADS` prints one JSON object. WAY is one of `WAYS`.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec
import torch

from tutor.adaptation.packed import planner
from tutor.adaptation.packed.model import Batch, PackedModel
from tutor.engine import gguf_file

WAYS: Final = ("packed", "packed-again", "peft", "peft-again")
"""`again`: with checkpointing, blocks are worked twice."""
RANK, ALPHA, RATE = 16, 32, 1e-4


class Took(msgspec.Struct):
    """Of one process."""

    seconds: list[float]
    """Each step after the first."""
    loss: float
    """Of the first step, before anything is learned."""
    peak: int
    """Bytes of resident memory at most while training, mapped file included."""
    peak_loading: int
    """The same before the first step."""
    planned: int = 0
    """Bytes that the planner expected (packed training only)."""
    gemm: float = 0.0
    """Products in bfloat16: operations a second at most (packed training only)."""


def main(way: str, file: str, tokens: str, steps: str, threads: str) -> None:
    torch.set_num_threads(int(threads))
    vocabulary = gguf_file.read(Path(file)).metadata["tokenizer.ggml.tokens"]
    text = torch.randint(0, vocabulary, (int(tokens),), generator=torch.Generator().manual_seed(1))
    make = _peft if way.startswith("peft") else _packed
    forward, parameters, planned = make(Path(file), text, again=way.endswith("again"))
    optimiser = torch.optim.AdamW(parameters, lr=RATE)
    loading = planner.peak()
    _forget_peak()
    losses, seconds = [], []
    for _ in range(int(steps) + 1):
        began = time.perf_counter()
        loss = forward()
        loss.backward()
        optimiser.step()
        optimiser.zero_grad()
        losses.append(float(loss.detach()))
        seconds.append(time.perf_counter() - began)
    took = Took(seconds[1:], losses[0], planner.peak(), loading, planned)
    took.gemm = _gemm(int(tokens)) if way == "packed" else 0.0
    print(msgspec.json.encode(took).decode())


def _packed(file: Path, text: torch.Tensor, *, again: bool) -> tuple[Callable[[], Any], list[Any], int]:
    model = PackedModel.open(file, rank=RANK, alpha=ALPHA, checkpointing=again)
    n = len(text)
    batch = Batch(text, torch.arange(n), torch.tensor([0, n]), torch.arange(n - 1), text[1:])
    planned = planner.expected_peak(model, tokens=n, rows=n - 1, checkpointing=again)
    return lambda: model.losses(model.hidden(batch), batch.targets).mean(), model.parameters(), planned


def _peft(file: Path, text: torch.Tensor, *, again: bool) -> tuple[Callable[[], Any], list[Any], int]:
    """As its documentation has it; the file is unpacked to bfloat16 by transformers."""
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(file.parent, gguf_file=file.name, dtype=torch.bfloat16)
    model.config.use_cache = False
    if again:
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
        model.enable_input_require_grads()
    linears = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
    model = get_peft_model(model, LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules=linears, task_type="CAUSAL_LM"))
    model.train()
    return (
        lambda: model(input_ids=text[None], labels=text[None]).loss,
        [p for p in model.parameters() if p.requires_grad],
        0,
    )


def _forget_peak() -> None:
    """Loading is not what is compared: let Linux count the peak anew."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return  # elsewhere, and where it is not allowed, the peak is that of loading and training


def _gemm(tokens: int) -> float:
    """Operations a second of the quickest of some big products."""
    x, w = torch.randn(tokens, 2048, dtype=torch.bfloat16), torch.randn(16384, 2048, dtype=torch.bfloat16)
    best = float("inf")
    for _ in range(8):
        began = time.perf_counter()
        torch.mm(x, w.t())
        best = min(best, time.perf_counter() - began)
    return float(2 * x.numel() * len(w) / best)


if __name__ == "__main__":
    main(*sys.argv[1:])
