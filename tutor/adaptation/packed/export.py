"""A trained adapter as a GGUF file that llama.cpp loads unchanged, and a strict reading of such a file.

Matrices are written in float32: with 16-bit ones llama.cpp would round what they are multiplied with to float16, whose
range the insides of some models leave. No torch is needed to read.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import gguf
import numpy as np

from tutor.domain import Frozen
from tutor.engine import adapter_file, gguf_file
from tutor.engine.adapter_file import BASE_KEY, LEDGER_KEY
from tutor.errors import BugError
from tutor.i18n import tr

if TYPE_CHECKING:
    from tutor.adaptation.packed.model import PackedModel

RECIPE_KEY: Final = "tutor.recipe"
FIGURES_KEY: Final = "tutor.figures"
_KEYS: Final = frozenset({BASE_KEY, LEDGER_KEY, RECIPE_KEY, FIGURES_KEY, "general.name", "general.description"})
_TEXT_MOST: Final = 1 << 20
"""Characters of a recipe or of figures."""


class AdapterHeader(Frozen):
    """What an adapter's file says about itself, all of it checked for form and none of it for truth."""

    architecture: str
    alpha: float
    rank: int
    base_sha256: str
    ledger_sha256: str
    recipe: str
    """JSON, "" where there is none."""
    figures: str
    """JSON, "" where there is none."""
    sha256: str
    """Of the file."""


def write(path: Path, model: "PackedModel", *, metadata: Mapping[str, str]) -> Path:
    """Write the model's adapter, whole or not at all. Raises OSError where the disk refuses.

    `metadata`: strings by full key; `tutor.base.sha256` is needed, `tutor.ledger.sha256`, `tutor.recipe`,
    `tutor.figures`, `general.name` and `general.description` may be there.
    """
    unknown = metadata.keys() - _KEYS
    if unknown or len(metadata.get(BASE_KEY, "")) != 64:
        raise BugError(f"an adapter needs {BASE_KEY} and knows no {sorted(unknown)}")
    part = path.with_name(path.name + ".part")
    writer = gguf.GGUFWriter(part, model.shape.architecture)
    try:
        writer.add_type(gguf.GGUFType.ADAPTER)
        writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
        writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, model.alpha)
        for key, text in metadata.items():
            writer.add_string(key, text)
        for name, pair in model.adapter.items():
            for end, parameter in zip(adapter_file.ENDS, pair, strict=True):
                values = parameter.detach().float().cpu().numpy()
                if not np.isfinite(values).all():
                    raise BugError(f"{name}{end} holds values that are not numbers")
                writer.add_tensor(name + end, np.ascontiguousarray(values))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        part.replace(path)
    finally:
        writer.close()
        part.unlink(missing_ok=True)
    return path


def read_header(path: Path, *, base: gguf_file.Header | None = None, base_sha256: str = "") -> AdapterHeader:
    """What the file says, with a base also whether it belongs to that very file.

    Raises UserError (code `adapter`) for a file that is damaged, is no adapter, has matrices for tensors that the
    base has not or that are of another size, or was trained on another base than the one with `base_sha256`.
    """
    file = adapter_file.read(path)
    try:
        found = gguf_file.scan(path)
    except (gguf_file.Broken, OSError) as reason:  # it has changed since the line above
        raise adapter_file.unusable(path, str(reason)) from None
    if base is not None:
        adapter_file.check_fits(file, base, base_sha256)
        for name, place in found.places.items():
            _check_pair(path, name, place.shape, base)
    return AdapterHeader(
        architecture=file.architecture,
        alpha=file.alpha,
        rank=file.rank,
        base_sha256=file.base_sha256,
        ledger_sha256=file.ledger_sha256,
        recipe=_text(path, found, RECIPE_KEY),
        figures=_text(path, found, FIGURES_KEY),
        sha256=file.sha256,
    )


def _text(path: Path, found: gguf_file.Reader, key: str) -> str:
    value = found.metadata.get(key, "")
    if not isinstance(value, str) or len(value) > _TEXT_MOST:
        raise adapter_file.unusable(path, tr("its header is damaged ({what}: {value})", what=key, value="text"))
    return value


def _check_pair(path: Path, name: str, sides: tuple[int, ...], base: gguf_file.Header) -> None:
    """One matrix against the tensor that it is for: A is (inputs, rank), B (rank, outputs), the row's length first."""
    side = 0 if name.endswith(adapter_file.ENDS[0]) else 1
    target = name.removesuffix(adapter_file.ENDS[side])
    place = base.places.get(target)
    if place is None:
        raise adapter_file.unusable(path, tr("the model has no tensor {name}", name=target))
    if len(place.shape) != 2 or place.shape[side] != sides[side]:
        raise adapter_file.unusable(path, tr("{name} does not fit the model", name=name))
