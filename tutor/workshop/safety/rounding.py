"""Training that knows of eight bits: linear layers round their weights and inputs as the shipped arithmetic does.

The gradient passes through the rounding as if it were not there. After training, `settle` leaves the rounded weights in
place, so that packing them loses nothing.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

STEPS = 127
"""Of an activation, to each side of 0."""


def weights(matrix: Tensor) -> Tensor:
    """Int8 with one scale a row, as `checkpoint.pack` keeps them, in float32."""
    scale = matrix.detach().abs().amax(dim=1, keepdim=True).clamp_min(1e-12) / 127
    return matrix + ((matrix / scale).round() * scale - matrix).detach()


def activations(values: Tensor) -> Tensor:
    """Eight bits with a scale for each token, as `tutor.moderation.quick` computes."""
    scale = values.detach().abs().amax(dim=-1, keepdim=True).clamp_min(1e-8) / STEPS
    return values + ((values / scale).round() * scale - values).detach()


def begin(model: Any) -> None:
    """From now on linear layers and learnt embeddings round. Calling it again changes nothing."""
    for layer in model.modules():
        if "forward" in vars(layer):
            continue
        if isinstance(layer, nn.Linear):
            layer.forward = _linear(layer)
        elif isinstance(layer, nn.Embedding) and layer.weight.requires_grad:
            layer.forward = _embedding(layer)


def settle(model: Any) -> None:
    """Rounded weights in place, plain forwards again."""
    with torch.no_grad():
        for layer in model.modules():
            if isinstance(layer, nn.Linear | nn.Embedding):
                vars(layer).pop("forward", None)
                layer.weight.copy_(weights(layer.weight))


def _linear(layer: nn.Linear) -> Callable[[Tensor], Tensor]:
    def forward(values: Tensor) -> Tensor:
        return nn.functional.linear(activations(values), weights(layer.weight), layer.bias)

    return forward


def _embedding(layer: nn.Embedding) -> Callable[[Tensor], Tensor]:
    def forward(numbers: Tensor) -> Tensor:
        return nn.functional.embedding(numbers, weights(layer.weight), layer.padding_idx)

    return forward
