"""Writes adapters for tiny models, right ones and wrong ones."""

from pathlib import Path
from typing import Any

import gguf
import numpy as np

from tutor.checksum import sha256_of
from tutor.engine import gguf_file


def write(
    path: Path,
    base: Path,
    *,
    size: float = 3.0,
    seed: int = 1,
    rank: int = 4,
    value: float | None = None,
    **metadata: Any,
) -> Path:
    """An adapter of random pairs for the base's first feed-forward layer. `value` instead of random numbers;
    `metadata` (with `_` for `.`) replaces what it says about itself, None leaves it out."""
    found = gguf_file.scan(base)
    said = {
        "general_type": "adapter",
        "adapter_type": "lora",
        "adapter_lora_alpha": 8.0,
        "tutor_base_sha256": sha256_of(base),
        "tutor_ledger_sha256": "0" * 64,
    } | metadata
    writer = gguf.GGUFWriter(path, said.pop("general_architecture", found.metadata["general.architecture"]))
    for key, content in said.items():
        if isinstance(content, str):
            writer.add_string(key.replace("_", "."), content)
        elif content is not None:
            writer.add_float32(key.replace("_", "."), content)
    rng = np.random.default_rng(seed)
    for name in ("blk.0.ffn_up.weight", "blk.0.ffn_down.weight", "blk.0.ffn_gate.weight", "blk.0.attn_v.weight"):
        columns, rows = found.places[name].shape
        for end, shape in (("a", (rank, columns)), ("b", (rows, rank))):
            data = rng.normal(0, size / np.sqrt(rank), shape) if value is None else np.full(shape, value)
            writer.add_tensor(f"{name}.lora_{end}", data.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
