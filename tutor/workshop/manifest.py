"""What a finished stage was made from and what came of it: `STAGE.manifest.json`, written last, whole or not at all."""

import hashlib
import platform
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

import msgspec

from tutor.checksum import sha256_of
from tutor.domain import Frozen
from tutor.i18n import tr

PACKAGES = (
    "tutor",
    "torch",
    "transformers",
    "accelerate",
    "tokenizers",
    "trl",
    "optuna",
    "gguf",
    "llama-cpp-python",
    "numpy",
    "msgspec",
)


class Manifest(Frozen):
    """One finished stage."""

    stage: str
    settings: dict[str, Any]
    """The parts of the recipe that shape it (sections, seed), defaults written out."""
    inputs: dict[str, str]
    """Files of earlier stages with their SHA-256."""
    outputs: dict[str, str]
    """What it left, with SHA-256 (a folder's is that of all its files)."""
    figures: dict[str, Any]
    versions: dict[str, str]
    seconds: float


def path_of(out: Path, stage: str) -> Path:
    return out / f"{stage}.manifest.json"


def read(out: Path, stage: str) -> Manifest | None:
    """A stage's manifest, or None where there is none that can be read."""
    try:
        return msgspec.json.decode(path_of(out, stage).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError):
        return None


def write(manifest: Manifest, out: Path) -> None:
    path = path_of(out, manifest.stage)
    part = path.with_suffix(".part")
    part.write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
    part.replace(path)


def sha256(path: Path) -> str:
    """Of a file, or of a folder's files and their names."""
    if not path.is_dir():
        return sha256_of(path)
    files = sorted(file for file in path.rglob("*") if file.is_file())
    lines = [f"{sha256(file)} {file.relative_to(path).as_posix()}\n" for file in files]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def hashes(out: Path, names: Iterable[str]) -> dict[str, str]:
    """Names to SHA-256, of those that are there."""
    return {name: sha256(out / name) for name in names if (out / name).exists()}


def versions() -> dict[str, str]:
    """Of Python and of the packages that make a model, where they are installed."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "-"
    return found


def key(settings: Mapping[str, Any], inputs: Mapping[str, str]) -> str:
    """One word for what a stage is made from; a saved training state with another one is of no use."""
    return hashlib.sha256(msgspec.json.encode([settings, inputs], order="deterministic")).hexdigest()


def changes(found: Manifest, settings: Mapping[str, Any], inputs: Mapping[str, str], out: Path) -> list[str]:
    """Why a finished stage does not fit any more, in words (none, if it fits)."""
    reasons = []
    for name in sorted({*settings, *found.settings}):
        was, now = found.settings.get(name), msgspec.to_builtins(settings.get(name))
        if was == now:
            continue
        if isinstance(was, dict) and isinstance(now, dict):
            for setting in sorted({*was, *now}):
                if was.get(setting) != now.get(setting):
                    reasons.append(_changed(f"[{name}] {setting}", was.get(setting), now.get(setting)))
        else:
            reasons.append(_changed(name, was, now))
    for name in sorted({*inputs, *found.inputs}):
        if inputs.get(name) != found.inputs.get(name):
            reasons.append(tr("{file} is not what it was made from", file=name))
    reasons += [tr("{file} is gone", file=name) for name in found.outputs if not (out / name).exists()]
    return reasons


def _changed(name: str, was: Any, now: Any) -> str:
    none = tr("not set")
    return tr(
        "{name} was {was} and is {now}",
        name=name,
        was=none if was is None else was,
        now=none if now is None else now,
    )
