"""Classifier checkpoints in Detoxify's format on disk: finding, verifying, reading, packing to eight bits.

A folder holds one checkpoint (`{state_dict, config}`), the encoder's `config.json`, its tokenizer, and for ours a
`manifest.json` with the SHA-256 of every file. Packed weights are int8 with one scale a row (`NAME.scale` beside
`NAME`), as in weight-only quantization; unpacking gives back float32.
"""

import pickle
import zipfile
from pathlib import Path
from typing import Any, Final

import msgspec
import torch

from tutor.checksum import sha256_of
from tutor.errors import UserError

MANIFEST: Final = "manifest.json"
ENDINGS: Final = (".ckpt", ".pt", ".pth", ".bin")
_SCALE: Final = ".scale"
_WHAT_TO_DO: Final = (
    "Nothing was changed, and no message is answered without this check. Copy the folder again from a good source, or "
    "choose another safety model."
)


class Manifest(msgspec.Struct, frozen=True):
    """What a model folder must contain."""

    name: str
    version: str
    sha256: dict[str, str]
    """File name to SHA-256."""
    pairs: bool = False
    """Trained on (text, what was said before) as a sentence pair."""
    window: int = 512
    """Longest text in tokens that is judged at once: as in training, so that a few bad words are not diluted."""


def bad(path: Path, why: str) -> UserError:
    """The error for a model that cannot be used."""
    return UserError(f"The safety model {path} cannot be used: {why}. {_WHAT_TO_DO}", code="bad_safety_model")


def locate(path: Path) -> Path:
    """The checkpoint file at `path` (a file, or a folder that holds exactly one). Raises UserError."""
    if path.is_file():
        return path
    if not path.is_dir():
        raise bad(path, "it does not exist")
    found = sorted(p for p in path.iterdir() if p.suffix in ENDINGS and p.is_file())
    if len(found) != 1:
        raise bad(path, f"the folder must hold one checkpoint ({', '.join(ENDINGS)}) and holds {len(found)}")
    return found[0]


def manifest_of(folder: Path) -> Manifest | None:
    """The manifest beside a checkpoint, None where there is none (a downloaded model). Raises UserError."""
    path = folder / MANIFEST
    if not path.exists():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except (msgspec.DecodeError, OSError) as error:
        raise bad(folder, f"its {MANIFEST} cannot be read ({error})") from error


def verify(folder: Path, manifest: Manifest) -> None:
    """Compare every file with the manifest. Raises UserError when one is missing or differs."""
    for name, wanted in manifest.sha256.items():
        try:
            found = sha256_of(folder / Path(name).name)
        except OSError as error:
            raise bad(folder, f"the file {name} cannot be read") from error
        if found != wanted:
            raise bad(folder, f"the file {name} is damaged or was changed (its SHA-256 differs from {MANIFEST})")


def read(path: Path) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    """State dict (float32, unpacked) and config of a checkpoint; only tensors and plain data are ever unpickled.

    Raises UserError for anything that is not such a file.
    """
    try:
        loaded = torch.load(path, map_location="cpu", weights_only=True)
    except (
        pickle.UnpicklingError,
        zipfile.BadZipFile,
        RuntimeError,
        OSError,
        EOFError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        OverflowError,
        UnicodeDecodeError,
        AssertionError,
    ) as error:
        raise bad(path, "it is damaged, or not a PyTorch checkpoint that holds weights alone") from error
    if not isinstance(loaded, dict) or not {"state_dict", "config"} <= loaded.keys():
        raise bad(path, "it is not in Detoxify's format (state_dict and config)")
    state, config = loaded["state_dict"], loaded["config"]
    if not isinstance(state, dict) or not all(isinstance(v, torch.Tensor) for v in state.values()):
        raise bad(path, "its state_dict does not hold tensors")
    if not isinstance(config, dict):
        raise bad(path, "its config cannot be read")
    return unpack(state), config


def pack(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Matrices to int8 with a float32 scale a row; vectors stay as they are."""
    packed = {}
    for name, tensor in state.items():
        if tensor.ndim != 2 or not tensor.is_floating_point():
            packed[name] = tensor.clone()
            continue
        scale = tensor.abs().amax(dim=1, keepdim=True).clamp_min(1e-12) / 127
        packed[name] = (tensor / scale).round().clamp(-127, 127).to(torch.int8)
        packed[name + _SCALE] = scale.float()
    return packed


def unpack(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The reverse of `pack`; a state that is not packed comes back as it is."""
    full = {}
    for name, tensor in state.items():
        if name.endswith(_SCALE) and name.removesuffix(_SCALE) in state:
            continue
        scale = state.get(name + _SCALE)
        full[name] = tensor if scale is None else tensor.float() * scale
    return full
