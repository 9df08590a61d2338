"""Reads and checks an adapter's GGUF file before llama.cpp sees it.

llama.cpp checks names and shapes, not which model an adapter was trained on, and aborts the process where a value has
an unexpected type. So whatever it takes on trust is checked here.
"""

import math
from pathlib import Path
from typing import Any, Final

from tutor.checksum import sha256_of
from tutor.domain import Frozen
from tutor.engine import gguf_file
from tutor.engine.gguf_file import Broken, Header
from tutor.errors import UserError
from tutor.i18n import tr

BASE_KEY: Final = "tutor.base.sha256"
LEDGER_KEY: Final = "tutor.ledger.sha256"
_STRING, _FLOAT32 = 8, 6
_TYPES: Final = {0: "<f4", 1: "<f2"}
"""The ggml types that adapters are written in, as numpy calls them."""
_VALUE_MOST: Final = 1e4
"""Trained values are below 10; far larger ones make a model's numbers overflow."""
ENDS: Final = (".lora_a", ".lora_b")
_RANK_MOST: Final = 4096
_NEVER: Final = ("token_embd.", "output.weight")
"""Tables as long as the vocabulary; an adapter for them is none of ours, and llama.cpp turns it around."""


class AdapterFile(Frozen):
    """What an adapter's file says about itself."""

    path: str
    sha256: str
    """Of the file."""
    architecture: str
    base_sha256: str
    ledger_sha256: str
    alpha: float
    rank: int
    """The largest of its pairs."""
    size: int
    """Bytes."""


def unusable(path: Path, reason: str) -> UserError:
    """The one message for a file that is not a usable adapter."""
    return UserError(
        tr(
            "The adapter file {path} cannot be used: {reason}. Nothing was changed; the tutor answers as before. "
            "Choose another adapter, or train a new one.",
            path=path,
            reason=reason,
        ),
        code="adapter",
    )


def read(path: Path) -> AdapterFile:
    """What the file says, after all checks that need no model. Raises UserError (code `adapter`)."""
    try:
        found = gguf_file.scan(path)
        rank = _check(found)
        _check_values(path, found)
        data = found.metadata
        return AdapterFile(
            path=str(path),
            sha256=sha256_of(path),
            architecture=data["general.architecture"],
            base_sha256=data[BASE_KEY],
            ledger_sha256=str(data.get(LEDGER_KEY, "")),
            alpha=data["adapter.lora.alpha"],
            rank=rank,
            size=found.size,
        )
    except Broken as reason:
        raise unusable(path, str(reason)) from None
    except OSError as error:
        raise unusable(path, tr("it cannot be read ({reason})", reason=error.strerror or error)) from None


def check_fits(adapter: AdapterFile, base: Header, base_sha256: str) -> None:
    """Raises UserError (code `adapter`) when the adapter was not trained on this very model file."""
    if adapter.architecture != base.architecture:
        reason = tr(
            "it was made for a model of the kind {kind}, and this one is {other}",
            kind=adapter.architecture,
            other=base.architecture,
        )
        raise unusable(Path(adapter.path), reason)
    if adapter.base_sha256 != base_sha256:
        raise unusable(Path(adapter.path), tr("it was trained on another model than {name}", name=base.path.name))


def _text(found: gguf_file.Reader, key: str) -> str:
    value = found.metadata.get(key)
    if found.kinds.get(key) != _STRING or not isinstance(value, str):
        raise Broken(tr("it does not say what it is ({key})", key=key))
    return value


def _check(found: gguf_file.Reader) -> int:
    """The adapter's rank. Raises Broken."""
    if _text(found, "general.type") != "adapter" or _text(found, "adapter.type") != "lora":
        raise Broken(tr("it is not a LoRA adapter"))
    if not _text(found, "general.architecture"):
        raise Broken(tr("it does not say which architecture it has"))
    if len(_text(found, BASE_KEY)) != 64:
        raise Broken(tr("it does not say which model it was trained on"))
    alpha = found.metadata.get("adapter.lora.alpha")
    if found.kinds.get("adapter.lora.alpha") != _FLOAT32 or not _sane(alpha):
        raise Broken(tr("its header is damaged ({what}: {value})", what="alpha", value=alpha))
    if "adapter.alora.invocation_tokens" in found.metadata:
        raise Broken(tr("it works only after certain words, which is not supported"))
    rank = 0
    for name, place in found.places.items():
        shape = place.shape
        base, end = name[:-7], name[-7:]
        if end not in ENDS or base.startswith(_NEVER) or len(shape) != 2 or place.kind not in _TYPES:
            raise Broken(tr("its list of tensors is damaged"))
        other = found.places.get(base + ENDS[end == ENDS[0]])
        mine = shape[1] if end == ENDS[0] else shape[0]
        if other is None or not 1 <= mine <= _RANK_MOST:
            raise Broken(tr("its list of tensors is damaged"))
        if mine != (other.shape[0] if end == ENDS[0] else other.shape[-1]):
            raise Broken(tr("its list of tensors is damaged"))
        rank = max(rank, mine)
    return rank


def _check_values(path: Path, found: gguf_file.Reader) -> None:
    """Raises Broken when a value is no number, or one that no training gives. llama.cpp would not notice."""
    import numpy as np  # the app reads such files, too, and starts without it

    for place in found.places.values():
        data: Any = np.memmap(path, _TYPES[place.kind], "r", place.start, (math.prod(place.shape),))
        if not float(np.abs(data).max()) <= _VALUE_MOST:
            raise Broken(tr("its values are damaged"))


def _sane(alpha: Any) -> bool:
    return isinstance(alpha, float) and math.isfinite(alpha) and 0 < alpha <= 65_536
