"""A language model that is trained where it lies: LoRA on the packed weights of a mapped GGUF file."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import Parameter

from tutor.adaptation.packed import architectures, architectures_known
from tutor.adaptation.packed.attention import Sequences
from tutor.adaptation.packed.block import Block
from tutor.adaptation.packed.head import ROWS, Head
from tutor.adaptation.packed.linear import Group
from tutor.adaptation.packed.mapped import MappedFile
from tutor.adaptation.packed.shape import Shape
from tutor.adaptation.packed.workspace import Workspace
from tutor.engine import gguf_file
from tutor.errors import BugError, UserError

_SMALL_HEAD = 1 << 24
"""Elements up to which the head's products are worked in float32: exact logits for next to no time."""
KEPT = 64 << 20
"""Bytes up to which the unpacked weights of a whole model are kept: those of the starter are. Larger ones never are."""


@dataclass(frozen=True)
class Batch:
    """Sequences packed one after the other."""

    tokens: Tensor
    """(T,) int64"""
    positions: Tensor
    """(T,) int64: each token's place in its own sequence. A sequence whose first place is n, not 0, goes on after the
    first n tokens of the first one, as if they stood before it: what all begin with is read once."""
    starts: Tensor
    """(S + 1,) int64: bounds of the sequences; attention never crosses them otherwise."""
    rows: Tensor
    """(N,) int64: where among T the next token is to be predicted."""
    targets: Tensor
    """(N,) int64: that next token."""


class PackedModel:
    """Open with `open`, close with `close`. Not safe for two threads at once."""

    def __init__(self, file: MappedFile, shape: Shape, work: Workspace, adapter: dict[str, tuple[Parameter, Parameter]],
                 rank: int, alpha: float, checkpointing: bool) -> None:  # fmt: skip
        self.file, self.shape, self.adapter = file, shape, adapter
        self.rank, self.alpha, self.checkpointing = rank, alpha, checkpointing
        self.work = work
        self._on = True
        self._norm = self._vector("output_norm.weight")
        self._embedding = file.tensor("token_embd.weight")
        tensor = file.tensor("output.weight") if "output.weight" in file else self._embedding
        small = tensor.elements <= _SMALL_HEAD
        self.head = Head(tensor, work, torch.float32 if small else work.dtype, shape.logit_scale, shape.logit_softcap)
        self.blocks = [self._block(i) for i in range(len(shape.layers))]

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        rank: int = 16,
        alpha: float = 32.0,
        seed: int = 0,
        device: str = "cpu",
        threads: int = 0,
        checkpointing: bool = False,
        dtype: torch.dtype | None = None,
        context: int = 0,
        kept: int = KEPT,
    ) -> "PackedModel":
        """Map a file and put a fresh adapter on it (B is zero: it changes nothing yet).

        `threads`: 0 takes torch's number. `dtype`: what products are worked in; None takes bfloat16 where the
        processor has it, else float32. `context`: tokens that llama.cpp will be given, which chooses between long and
        short rope factors; 0 takes what the engine would choose. `kept`: bytes that unpacked weights may take for them
        to stay unpacked; where all together take more, none does. Raises UserError: code `architecture` for one that
        is not supported, `tensor_type` for a type that is not, `model_missing` or `model_broken` for the file itself.
        """
        if threads:
            torch.set_num_threads(threads)
        architectures_known.check(gguf_file.read(path))
        file = MappedFile(path)
        try:
            shape = architectures.describe(file, context=context)
        except UserError:
            file.close()
            raise
        place = torch.device(device)
        if dtype is None:
            dtype = torch.bfloat16 if place.type != "cpu" or fast_bfloat16() else torch.float32
        every = sum(file.tensor(name).elements for name in file.names()) * 4
        work = Workspace(place, dtype, torch.get_num_threads(), keep=every <= kept)
        chance = torch.Generator().manual_seed(seed)
        adapter = {}
        for i in range(len(shape.layers)):
            for name in shape.linear_names:
                tensor = file.tensor(f"blk.{i}.{name}.weight")
                a = torch.empty(rank, tensor.columns).uniform_(-1.0, 1.0, generator=chance) / tensor.columns**0.5
                b = torch.zeros(tensor.rows, rank)
                adapter[tensor.name] = Parameter(a.to(place)), Parameter(b.to(place))
        return cls(file, shape, work, adapter, rank, alpha, checkpointing)

    def parameters(self) -> list[Parameter]:
        return [p for pair in self.adapter.values() for p in pair]

    def hidden(self, batch: Batch) -> Tensor:
        """(N, width) final-normed states of `batch.rows`, in the working type."""
        device = self.work.device
        embedded = self.work.picked(self._embedding, batch.tokens)
        x = embedded.mul_(self.shape.embedding_scale) if self.shape.embedding_scale != 1.0 else embedded
        goes_on = tuple(batch.positions[batch.starts[:-1]].tolist())
        sequences = Sequences(tuple(batch.starts.tolist()), batch.positions.to(device), goes_on)
        for i, block in enumerate(self.blocks):
            rows = batch.rows.to(device) if i == len(self.blocks) - 1 else None
            x = block(x, sequences, self.adapters(i), rows=rows, checkpointing=self.checkpointing)
        return norm_of_rows(x, self._norm, self.shape.eps, self.work.dtype)

    def losses(self, hidden: Tensor, targets: Tensor) -> Tensor:
        """(N,) float32: cross-entropy of each row with its target (N,)."""
        chosen = targets.to(hidden.device)[:, None]
        return self.head.divergence(hidden, chosen, torch.ones(chosen.shape, device=hidden.device))

    def top_log_probs(self, hidden: Tensor, k: int) -> tuple[Tensor, Tensor]:
        """Log-probabilities (N, k) and numbers (N, k) of the likeliest tokens, likeliest first."""
        with torch.no_grad():
            return self.head.top_log_probs(hidden, k)

    def kl(self, hidden: Tensor, values: Tensor, indices: Tensor) -> Tensor:
        """(N,) float32: KL divergence from a distribution's likeliest tokens and one rest to this model's.

        `values` (N, k) are log-probabilities, `indices` (N, k) tokens, both from `top_log_probs`.
        """
        device = hidden.device
        return self.head.divergence(hidden, indices.to(device), values.to(device).exp())

    def logits(self, hidden: Tensor) -> Tensor:
        """(N, vocabulary) float32, whole: for small models and tests."""
        with torch.no_grad():
            return torch.cat([self.head.logits_of(p).clone() for _first, _rows, p in self.head.blocks(hidden)], dim=1)

    def file_bytes(self) -> int:
        """Bytes of the file that training reads: all tensors, of a separate embedding only a few rows."""
        tensors = [self.file.tensor(name) for name in self.file.names()]
        return sum(t.rows * t.row_bytes for t in tensors if t is not self._embedding or t is self.head.tensor)

    def kept_bytes(self) -> int:
        """Bytes of the unpacked weights that stay once all were used: none but of a small model."""
        if not self.work.keep:
            return 0
        parts = sum(part.elements for block in self.blocks for group in block.four for part in group.parts)
        head, size = self.head.tensor, int(self.head.dtype.itemsize)
        whole = head is self._embedding and size == 4 and head.rows <= ROWS  # then it is kept once for both
        beside = 0 if whole else size * head.elements
        return int(self.work.dtype.itemsize) * parts + 4 * self._embedding.elements + beside

    @contextmanager
    def off(self) -> Iterator[None]:
        """The base alone, while this is open."""
        before, self._on = self._on, False
        try:
            yield
        finally:
            self._on = before

    def state(self) -> dict[str, Any]:
        """The adapter's matrices, copied to the CPU, by names ending in `.lora_a` and `.lora_b`."""
        pairs = self.adapter.items()
        return {f"{n}.lora_{'ab'[i]}": p.detach().cpu().clone() for n, pair in pairs for i, p in enumerate(pair)}

    def load_state(self, state: dict[str, Any]) -> None:
        """Take the matrices of `state`. Raises BugError when they are of another model or rank."""
        mine = {f"{n}.lora_{'ab'[i]}": p for n, pair in self.adapter.items() for i, p in enumerate(pair)}
        if mine.keys() != state.keys() or any(mine[n].shape != state[n].shape for n in mine):
            raise BugError("this state belongs to another model or rank")
        with torch.no_grad():
            for name, parameter in mine.items():
                parameter.copy_(state[name])

    def close(self) -> None:
        self.blocks.clear()
        self.work.close()
        self.file.close()

    def adapters(self, i: int) -> list[Tensor]:
        """A, B of every linear of block i; empty while the adapter is off."""
        if not self._on:
            return []
        return [p for name in self.shape.linear_names for p in self.adapter[f"blk.{i}.{name}.weight"]]

    def _vector(self, name: str) -> Tensor:
        return torch.from_numpy(self.file.values(name)).to(self.work.device)

    def _group(self, i: int, names: tuple[str, ...]) -> Group:
        parts = tuple(self.file.tensor(f"blk.{i}.{name}.weight") for name in names)
        names = tuple(f"blk.{i}.{name}.bias" for name in names)
        bias = None
        if any(name in self.file for name in names):
            device = self.work.device
            every = [
                self._vector(name) if name in self.file else torch.zeros(part.rows, device=device)
                for name, part in zip(names, parts, strict=True)
            ]
            bias = torch.cat(every).to(self.work.dtype)
        return Group(parts, bias, self.alpha / self.rank)

    def _norms(self, i: int, *names: str) -> tuple[Tensor, Tensor]:
        first, second = (self._vector(f"blk.{i}.{name}.weight") for name in names)
        return first, second

    def _block(self, i: int) -> Block:
        shape = self.shape
        return Block(
            shape=shape,
            layer=shape.layers[i],
            work=self.work,
            qkv=self._group(i, shape.qkv_names),
            output=self._group(i, ("attn_output",)),
            gate_up=self._group(i, shape.gate_up_names),
            down=self._group(i, ("ffn_down",)),
            norms=self._norms(i, "attn_norm", "ffn_norm"),
            head_norms=self._norms(i, "attn_q_norm", "attn_k_norm") if shape.qk_norms else None,
            post_norms=self._norms(i, "post_attention_norm", "post_ffw_norm") if shape.post_norms else None,
        )


def norm_of_rows(x: Tensor, weight: Tensor, eps: float, dtype: torch.dtype) -> Tensor:
    """The final norm, differentiable: (N, width) in `dtype`."""
    return (x * torch.rsqrt(x.square().mean(-1, keepdim=True) + eps) * weight).to(dtype)


def fast_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 faster than float32."""
    return bool(torch.backends.mkldnn.is_available() and torch.ops.mkldnn._is_mkldnn_bf16_supported())
