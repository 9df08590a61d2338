"""Writing the safety classifier as it ships: Detoxify's format, eight-bit weights, tokenizer, manifest."""

import json
import shutil
from pathlib import Path
from typing import Any

import msgspec
import torch

from tutor.checksum import sha256_of
from tutor.moderation import checkpoint
from tutor.workshop.safety.sources import LABELS

CHECKPOINT = "safety.ckpt"
NAME = "tutor-safety"
WINDOW = 48


def config(model: Any) -> dict[str, Any]:
    """Detoxify's description of a checkpoint."""
    return {
        "arch": {
            "args": {
                "num_classes": len(LABELS),
                "model_type": "local",
                "model_name": type(model).__name__,
                "tokenizer_name": "BertTokenizerFast",
            }
        },
        "dataset": {"args": {"classes": list(LABELS)}},
    }


def write(folder: Path, model: Any, tokenizer: Any, *, version: str, packed: bool = True) -> Path:
    """Write checkpoint, config, tokenizer and manifest into `folder`; gives the checkpoint. The manifest comes last."""
    folder.mkdir(parents=True, exist_ok=True)
    state = {name: tensor.detach().float().cpu() for name, tensor in model.state_dict().items()}
    state = checkpoint.pack(state) if packed else state
    torch.save({"state_dict": state, "config": config(model)}, folder / CHECKPOINT)
    described = {**model.config.to_dict(), "num_labels": len(LABELS)}
    described["id2label"] = dict(enumerate(LABELS))
    described["label2id"] = {label: i for i, label in enumerate(LABELS)}
    described.pop("_name_or_path", None)
    (folder / "config.json").write_text(json.dumps(described, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    staging = folder / "tokenizer-files"
    tokenizer.save_pretrained(staging)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.move(staging / name, folder / name)
    shutil.rmtree(staging)
    files = (CHECKPOINT, "config.json", "tokenizer.json", "tokenizer_config.json")
    manifest = checkpoint.Manifest(
        name=NAME,
        version=version,
        sha256={name: sha256_of(folder / name) for name in files},
        pairs=True,
        window=WINDOW,
    )
    (folder / checkpoint.MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n")
    return folder / CHECKPOINT
