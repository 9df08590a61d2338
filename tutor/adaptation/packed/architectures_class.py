"""What transformers' class for a model says of it: every tensor under llama.cpp's name, and how layers differ.

The class is made from a file's numbers on torch's meta device, which holds sizes and no weights. transformers is
imported when this is asked for: the trainer asks, the app never does.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import gguf

from tutor import offline
from tutor.adaptation.packed.architectures_metadata import refused
from tutor.adaptation.packed.shape import Shape
from tutor.i18n import tr

_TYPES: Final = {"gemma3": "gemma3_text"}
"""transformers' name of an architecture, where llama.cpp has another."""
_ACTIVATIONS: Final = {"silu": "silu", "gelu_pytorch_tanh": "gelu"}
"""A shape's name for an activation, by transformers'."""


@dataclass(frozen=True)
class Made:
    """A class made for one file. Tensors have llama.cpp's names; sizes are (inputs, outputs), of a vector (n, 1)."""

    weights: dict[str, tuple[int, int]]
    """All that the model computes with. The head is among them only where the file has one of its own."""
    biases: dict[str, tuple[int, int]]
    """Those that the class can have; a file may leave each of them out."""
    activation: str
    """As in a shape."""
    turned: tuple[bool, ...]
    """Of each layer: whether queries and keys are turned by their position."""
    windowed: tuple[bool, ...]
    """Of each layer: whether it sees a window, where the file names one."""

    @property
    def block(self) -> frozenset[str]:
        """Names of the weights of a block, within it."""
        names = (name.split(".", 2) for name in self.weights)
        return frozenset(parts[2].removesuffix(".weight") for parts in names if parts[0] == "blk")


def make(path: Path, shape: Shape, *, tied: bool, period: int | None = None) -> Made:
    """The class with the numbers of `shape`; nothing else of it counts.

    `tied`: the head is the embedding. `period`: of so many layers the last has no window (None: what the class
    supposes). Raises UserError (code `architecture`) for numbers that the class refuses, and for a class that has
    something which training does not compute. The sizes must be ones that the file bears out: the class is made whole.
    """
    offline.libraries()
    import torch
    from huggingface_hub.errors import StrictDataclassError
    from transformers import AutoConfig, AutoModelForCausalLM  # a second or more

    try:
        name = _TYPES.get(shape.architecture, shape.architecture)
        config = AutoConfig.for_model(name, **_numbers(shape, tied, period))
        with torch.device("meta"):
            model = AutoModelForCausalLM.from_config(config)
    except (StrictDataclassError, ValueError):
        raise refused(path, tr("its numbers do not fit its architecture")) from None
    activation = getattr(config, "hidden_act", None) or getattr(config, "hidden_activation", None)
    if activation not in _ACTIVATIONS:
        raise refused(path, tr("training does not know its activation {name}", name=activation))
    weights, biases = _tensors(path, shape, model)
    layers = len(shape.layers)
    kinds = getattr(config, "layer_types", None) or ["full_attention"] * layers
    turned = getattr(config, "no_rope_layers", None) or [1] * layers  # 1 is one that turns
    return Made(
        weights=weights,
        biases=biases,
        activation=_ACTIVATIONS[activation],
        turned=tuple(bool(turns) for turns in turned),
        windowed=tuple(kind == "sliding_attention" for kind in kinds),
    )


def _numbers(shape: Shape, tied: bool, period: int | None) -> dict[str, Any]:
    """The file's numbers under the names of transformers' configurations. Those that one does not know do no harm."""
    numbers: dict[str, Any] = {
        "hidden_size": shape.width,
        "intermediate_size": shape.feed_forward,
        "num_hidden_layers": len(shape.layers),
        "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.kv_heads,
        "head_dim": shape.head_width,
        "vocab_size": shape.vocabulary,
        "rms_norm_eps": shape.eps,
        "tie_word_embeddings": tied,
        # biases that some models of an architecture have and others have not: the file decides, see `Made.biases`
        "attention_bias": True,
        "mlp_bias": True,
        # no token matters here, and those that are supposed lie outside a small vocabulary
        "pad_token_id": None,
        "bos_token_id": None,
        "eos_token_id": None,
    }
    return numbers if period is None else {**numbers, "sliding_window_pattern": period}


def _tensors(path: Path, shape: Shape, model: Any) -> tuple[dict[str, tuple[int, int]], dict[str, tuple[int, int]]]:
    """Weights and biases of a model of transformers'."""
    architecture = {name: number for number, name in gguf.MODEL_ARCH_NAMES.items()}[shape.architecture]
    names = gguf.get_tensor_name_map(architecture, len(shape.layers))
    weights, biases = {}, {}
    for theirs, parameter in model.named_parameters():
        ours = names.get_name(theirs, try_suffixes=(".weight", ".bias"))
        if ours is None:
            raise refused(path, tr("training does not know its tensor {name}", name=theirs))
        outputs, inputs = parameter.shape if parameter.dim() == 2 else (1, parameter.shape[0])
        if ours.endswith(".bias"):
            biases[ours] = (inputs, outputs)
        else:
            weights[ours] = (inputs, outputs)
    return weights, biases
