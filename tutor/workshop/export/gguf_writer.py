"""The trained weights as a GGUF file that llama.cpp runs, first in 16 bits, then quantized to the recipe's type."""

import json
from pathlib import Path
from typing import Any

import gguf
import llama_cpp
import numpy as np
from tokenizers import Tokenizer

from tutor.errors import BugError
from tutor.workshop import recipe
from tutor.workshop.recipe import Recipe

TYPES = {
    "F16": llama_cpp.LLAMA_FTYPE_MOSTLY_F16,
    "Q8_0": llama_cpp.LLAMA_FTYPE_MOSTLY_Q8_0,
    "Q6_K": llama_cpp.LLAMA_FTYPE_MOSTLY_Q6_K,
    "Q5_K_M": llama_cpp.LLAMA_FTYPE_MOSTLY_Q5_K_M,
    "Q4_K_M": llama_cpp.LLAMA_FTYPE_MOSTLY_Q4_K_M,
}
"""A recipe's type to llama.cpp's number. Rows that a type does not fit get the next one that does."""

NAMES = {
    "input_layernorm.weight": "attn_norm.weight",
    "self_attn.q_proj.weight": "attn_q.weight",
    "self_attn.k_proj.weight": "attn_k.weight",
    "self_attn.v_proj.weight": "attn_v.weight",
    "self_attn.o_proj.weight": "attn_output.weight",
    "post_attention_layernorm.weight": "ffn_norm.weight",
    "mlp.gate_proj.weight": "ffn_gate.weight",
    "mlp.up_proj.weight": "ffn_up.weight",
    "mlp.down_proj.weight": "ffn_down.weight",
}


def permuted(weight: np.ndarray, heads: int) -> np.ndarray:
    """Rows of a q or k matrix in llama.cpp's order: rotary pairs next to each other."""
    rows, columns = weight.shape
    return weight.reshape(heads, 2, rows // heads // 2, columns).swapaxes(1, 2).reshape(rows, columns)


def _tensor_name(name: str) -> str:
    if name == "model.embed_tokens.weight":
        return "token_embd.weight"
    if name == "model.norm.weight":
        return "output_norm.weight"
    _, _, layer, rest = name.split(".", 3)
    return f"blk.{layer}.{NAMES[rest]}"


def _tokenizer(writer: gguf.GGUFWriter, tokenizer: Tokenizer) -> None:
    vocabulary = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(recipe.PRE_TOKENIZER)
    writer.add_token_list([token for token, _ in vocabulary])
    kinds = [gguf.TokenType.CONTROL if t in recipe.SPECIAL else gguf.TokenType.NORMAL for t, _ in vocabulary]
    writer.add_token_types(kinds)
    writer.add_token_merges(_merges(tokenizer.to_str()))
    number = dict(vocabulary)
    writer.add_bos_token_id(number[recipe.END])
    writer.add_eos_token_id(number[recipe.IM_END])
    writer.add_eot_token_id(number[recipe.IM_END])
    writer.add_pad_token_id(number[recipe.END])
    writer.add_add_bos_token(False)
    writer.add_add_eos_token(False)
    writer.add_chat_template(recipe.CHAT_TEMPLATE)


def _merges(serialised: str) -> list[str]:
    return [" ".join(pair) for pair in json.loads(serialised)["model"]["merges"]]


def _origin(writer: gguf.GGUFWriter, made: Recipe) -> None:
    """What the file says about itself: name, licence, what it was trained on, by which recipe."""
    writer.add_name(made.name)
    writer.add_author(made.export.author)
    writer.add_license(made.export.licence)
    writer.add_languages(["en"])
    writer.add_description(made.export.description)
    writer.add_dataset_count(len(made.export.data))
    for i, name in enumerate(made.export.data):
        writer.add_dataset_name(i, name)
    writer.add_string("tutor.recipe", made.name)
    writer.add_string("tutor.scope", made.scope)
    writer.add_uint32("tutor.seed", made.seed)
    if made.text is not None and (made.text.finetune_sums or made.text.practice_sums):
        writer.add_bool("tutor.word_sums", True)  # it was taught to write the sum of a story


def write(model: Any, tokenizer: Tokenizer, path: Path, made: Recipe) -> None:
    """Write the model as F16 GGUF (norms in F32), chat template, tokenizer and origin inside."""
    config = model.config
    heads, kv_heads = config.num_attention_heads, config.num_key_value_heads
    part = path.with_suffix(".part")
    writer = gguf.GGUFWriter(part, "llama")
    _origin(writer, made)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(heads)
    writer.add_head_count_kv(kv_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_key_length(config.head_dim)
    writer.add_value_length(config.head_dim)
    writer.add_rope_dimension_count(config.head_dim)
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    writer.add_vocab_size(config.vocab_size)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    _tokenizer(writer, tokenizer)
    for name, tensor in model.state_dict().items():
        if name == "lm_head.weight":
            continue  # tied to the embedding
        data = tensor.detach().float().cpu().numpy()
        if "q_proj" in name or "k_proj" in name:
            data = permuted(data, heads if "q_proj" in name else kv_heads)
        kind = np.float32 if data.ndim == 1 else np.float16
        writer.add_tensor(_tensor_name(name), np.ascontiguousarray(data, dtype=kind))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    part.replace(path)


def quantize(source: Path, target: Path, *, kind: str = "Q8_0", threads: int = 2) -> None:
    """The file in another type, by llama.cpp itself. Raises BugError when it refuses the file."""
    params = llama_cpp.llama_model_quantize_default_params()
    params.ftype = TYPES[kind]
    params.nthread = threads
    part = target.with_suffix(".part")
    result = llama_cpp.llama_model_quantize(str(source).encode(), str(part).encode(), params)
    if result != 0:
        raise BugError(f"llama.cpp could not quantize {source.name} (code {result})")
    part.replace(target)
