"""One transformer block on packed weights, forward and backward written out, as one step of autograd.

Kept for the backward pass, in the working type and once each: the block's input, q k v, the stream between the
halves, gate and up (and the branches before gemma's post-norms). All that is elementwise, and attention, is worked
again; no matrix product is. With `checkpointing` only the block's input is kept and the block runs twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from tutor.adaptation.packed.attention import Sequences, attend
from tutor.adaptation.packed.elementwise import gated, gated_backward, norm, norm_backward
from tutor.adaptation.packed.linear import Group
from tutor.adaptation.packed.shape import Layer, Shape
from tutor.adaptation.packed.workspace import Workspace


@dataclass(frozen=True)
class Block:
    """One layer's weights, as they lie in the file, and how they are used."""

    shape: Shape
    layer: Layer
    work: Workspace
    qkv: Group
    output: Group
    gate_up: Group
    down: Group
    norms: tuple[Tensor, Tensor]
    """Weights of the norms before attention and before the feed-forward, (width,) float32."""
    head_norms: tuple[Tensor, Tensor] | None
    post_norms: tuple[Tensor, Tensor] | None

    def __call__(
        self,
        x: Tensor,
        sequences: Sequences,
        adapters: Sequence[Tensor],
        *,
        rows: Tensor | None = None,
        checkpointing: bool = False,
    ) -> Tensor:
        """The stream after the block: (tokens, width) float32, as is x.

        `adapters`: A, B of every linear in the order of `shape.linear_names`, or empty for the base alone. `rows`: the
        tokens that are wanted of the last block, (N,); all that follows its attention is worked for them alone.
        """
        if adapters and torch.is_grad_enabled():
            out: Tensor = _Step.apply(x, self, sequences, rows, checkpointing, *adapters)
            return out
        return self.forward(x, sequences, rows, adapters)[0]

    @property
    def four(self) -> tuple[Group, Group, Group, Group]:
        """The groups in their order."""
        return self.qkv, self.output, self.gate_up, self.down

    def groups(self, adapters: Sequence[Tensor]) -> tuple[Sequence[Tensor], ...]:
        """The adapters of each of the four groups."""
        n, m = 2 * len(self.qkv.parts), 2 * len(self.gate_up.parts)
        return adapters[:n], adapters[n : n + 2], adapters[n + 2 : n + 2 + m], adapters[n + 2 + m :]

    def forward(
        self, x: Tensor, sequences: Sequences, rows: Tensor | None, adapters: Sequence[Tensor]
    ) -> tuple[Tensor, list[Tensor]]:
        """The stream after the block, and what its backward needs besides: see `backward`."""
        shape, work, dtype = self.shape, self.work, self.work.dtype
        lora = self.groups(adapters)
        qkv = self.qkv.forward(norm(x, self.norms[0], shape.eps, dtype), lora[0], work)
        attended = attend(qkv, shape, self.layer, sequences, self.head_norms)
        if rows is not None:
            x, attended = x[rows], attended[rows]
        branch = self.output.forward(attended, lora[1], work)
        between = self._add(x, branch, 0)
        gate_up = self.gate_up.forward(norm(between, self.norms[1], shape.eps, dtype), lora[2], work)
        product = gated(gate_up, shape.activation, work.take("product", len(between), shape.feed_forward))
        second = self.down.forward(product, lora[3], work)
        after = self._add(between, second, 1)
        kept = [qkv, between.to(dtype), gate_up]
        return after, kept if self.post_norms is None else [*kept, branch, second]

    def _add(self, x: Tensor, branch: Tensor, half: int) -> Tensor:
        """The stream with a branch added to it."""
        if self.post_norms is not None:
            branch = norm(branch, self.post_norms[half], self.shape.eps, torch.float32)
        return torch.add(x, branch, alpha=self.shape.residual_scale)

    def _add_backward(self, dx: Tensor, branch: Tensor | None, half: int) -> Tensor:
        """The gradient of a branch, in the working type, from that of the stream."""
        scaled = dx if self.shape.residual_scale == 1.0 else dx * self.shape.residual_scale
        if self.post_norms is not None and branch is not None:
            scaled = norm_backward(scaled, branch, self.post_norms[half], self.shape.eps)
        return scaled.to(self.work.dtype)

    def backward(
        self,
        dy: Tensor,
        x: Tensor,
        kept: list[Tensor],
        sequences: Sequences,
        rows: Tensor | None,
        adapters: Sequence[Tensor],
        *,
        want_dx: bool,
    ) -> tuple[Tensor | None, list[Tensor]]:
        """Gradients of the stream before the block (float32) and of each adapter matrix. Empties `kept`."""
        shape, work, dtype = self.shape, self.work, self.work.dtype
        lora = self.groups(adapters)
        second = kept.pop() if self.post_norms is not None else None
        branch = kept.pop() if self.post_norms is not None else None
        gate_up, between, qkv = kept.pop(), kept.pop(), kept.pop()

        d = self._add_backward(dy, second, 1)
        dlow = self.down.lowered(d, lora[3])
        dproduct = self.down.input_gradient(d, dlow, lora[3], work)
        dgate_up, product = work.take("dgate_up", *gate_up.shape), work.take("product", *dproduct.shape)
        gated_backward(dproduct, gate_up, shape.activation, product, dgate_up)
        down_grads = self.down.adapter_gradients(d, dlow, product, lora[3])
        del dproduct, gate_up

        dlow = self.gate_up.lowered(dgate_up, lora[2])
        normed = norm(between, self.norms[1], shape.eps, dtype)
        gate_up_grads = self.gate_up.adapter_gradients(dgate_up, dlow, normed, lora[2])
        dnormed = self.gate_up.input_gradient(dgate_up, dlow, lora[2], work)
        dbetween = norm_backward(dnormed, between, self.norms[1], shape.eps).add_(dy)

        d = self._add_backward(dbetween, branch, 0)
        with torch.enable_grad():
            qkv = qkv.detach().requires_grad_()
            attended = attend(qkv, shape, self.layer, sequences, self.head_norms)
        dlow = self.output.lowered(d, lora[1])
        wanted = attended.detach() if rows is None else attended.detach()[rows]
        output_grads = self.output.adapter_gradients(d, dlow, wanted, lora[1])
        dattended = _spread(self.output.input_gradient(d, dlow, lora[1], work), rows, len(x))
        (dqkv,) = torch.autograd.grad(attended, qkv, dattended)

        dlow = self.qkv.lowered(dqkv, lora[0])
        normed = norm(x, self.norms[0], shape.eps, dtype)
        grads = [*self.qkv.adapter_gradients(dqkv, dlow, normed, lora[0]), *output_grads, *gate_up_grads, *down_grads]
        if not want_dx:
            return None, grads
        dnormed = self.qkv.input_gradient(dqkv, dlow, lora[0], work)
        return norm_backward(dnormed, x, self.norms[0], shape.eps).add_(_spread(dbetween, rows, len(x))), grads


def _spread(d: Tensor, rows: Tensor | None, tokens: int) -> Tensor:
    """Gradients of some rows as those of all tokens."""
    return d if rows is None else d.new_zeros(tokens, d.shape[1]).index_add_(0, rows, d)


class _Step(torch.autograd.Function):  # type: ignore[misc]  # torch is not type-checked here
    """The block as autograd sees it: from the stream and the adapters to the stream."""

    @staticmethod
    def forward(
        ctx: Any,
        x: Tensor,
        block: Block,
        sequences: Sequences,
        rows: Tensor | None,
        checkpointing: bool,
        *adapters: Tensor,
    ) -> Tensor:
        after, kept = block.forward(x, sequences, rows, adapters)
        ctx.block, ctx.sequences, ctx.rows, ctx.again = block, sequences, rows, checkpointing
        ctx.adapters = len(adapters)
        ctx.save_for_backward(*adapters, x.to(block.work.dtype), *([] if checkpointing else kept))
        return after

    @staticmethod
    def backward(ctx: Any, dy: Tensor) -> tuple[Tensor | None, ...]:
        saved = list(ctx.saved_tensors)
        adapters, x, kept = saved[: ctx.adapters], saved[ctx.adapters], saved[ctx.adapters + 1 :]
        del saved
        if ctx.again:
            kept = ctx.block.forward(x.float(), ctx.sequences, ctx.rows, adapters)[1]
        want_dx = ctx.needs_input_grad[0]
        dx, grads = ctx.block.backward(dy, x, kept, ctx.sequences, ctx.rows, adapters, want_dx=want_dx)
        return dx, None, None, None, None, *grads
