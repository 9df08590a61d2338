"""The network: a llama shape with a tied head, fresh or with the weights that a training stage left."""

from pathlib import Path
from typing import Any

import torch
from transformers import LlamaConfig, LlamaForCausalLM

from tutor.workshop import recipe


def fresh(shape: recipe.Network, *, vocabulary: int, seed: int) -> Any:
    """Fresh weights, the same for the same seed."""
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=shape.width,
        intermediate_size=shape.inner,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.kv_heads,
        head_dim=shape.head_width,
        max_position_embeddings=shape.context,
        rms_norm_eps=shape.norm_eps,
        rope_parameters={"rope_type": "default", "rope_theta": shape.rope_base},
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=None,
        attn_implementation="sdpa",
        use_cache=False,
    )
    return LlamaForCausalLM(config)


def weights_file(out: Path, stage: str) -> Path:
    """Where a training stage leaves its weights (torch's form, names as in transformers)."""
    return out / f"{stage}-done.pt"


def load(model: Any, path: Path) -> Any:
    """The model with the weights in a file."""
    model.load_state_dict(torch.load(path, weights_only=True, map_location="cpu"))
    return model
