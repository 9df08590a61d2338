"""The ledger: the accepted corrections that an adapter is trained on, as JSON lines, and their hash.

App and trainer hand it over as a file; people export and import the same form. The hash names what an adapter knows:
it covers what is learned (question, phrasings, answers, kind) and nothing of who said so or when.
"""

import hashlib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from tutor.domain import Correction, CorrectionStatus
from tutor.errors import UserError
from tutor.i18n import tr

KINDS: Final = ("fact", "method", "explanation", "style", "scope")
MOST: Final = 10_000
"""Corrections of one ledger."""
_LINE_MOST: Final = 256 * 1024
_TEXT_MOST: Final = 4_000
"""Characters of a question or an answer."""
_PHRASINGS_MOST: Final = 100

_decoder: msgspec.json.Decoder[Correction] = msgspec.json.Decoder(Correction)
_encoder = msgspec.json.Encoder()


def read(path: Path) -> tuple[Correction, ...]:
    """All corrections of a ledger, in its order.

    Raises UserError (code `ledger`) naming the line when the file cannot be read, a line is no correction, an id comes
    twice, or something is longer than is ever needed.
    """
    found: dict[int, Correction] = {}
    try:
        with path.open("rb") as file:
            number = 0
            while line := file.readline(_LINE_MOST + 1):
                number += 1
                if len(line) > _LINE_MOST:
                    raise _bad(path, number, tr("it is longer than {most} bytes", most=_LINE_MOST))
                if not line.strip():
                    continue
                correction = _one(path, number, line)
                if correction.id in found:
                    raise _bad(path, number, tr("the number {id} comes twice", id=correction.id))
                found[correction.id] = correction
                if len(found) > MOST:
                    raise _bad(path, number, tr("more than {most} corrections", most=MOST))
    except OSError as error:
        raise UserError(
            tr(
                "The corrections in {path} cannot be read ({reason}). Nothing was changed. Choose another file, or "
                "export them again.",
                path=path,
                reason=error.strerror or error,
            ),
            code="ledger",
        ) from None
    return tuple(found.values())


def write(path: Path, corrections: Iterable[Correction]) -> None:
    """Write a ledger, whole or not at all. Raises UserError (code `ledger`), for instance when the disk is full."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            for correction in corrections:
                file.write(_encoder.encode(correction) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UserError(
            tr(
                "The corrections could not be written to {path} ({reason}). They are kept in the program. Make room, "
                "or choose another place.",
                path=path,
                reason=error.strerror or error,
            ),
            code="ledger",
        ) from None


def digest(corrections: Iterable[Correction]) -> str:
    """SHA-256, in hexadecimal, of what the corrections teach; their order and their history do not matter."""
    sha = hashlib.sha256()
    for c in sorted(corrections, key=lambda c: c.id):
        learned = {
            "answer": c.answer,
            "id": c.id,
            "kind": c.kind,
            "phrasings": list(c.phrasings),
            "question": c.question,
            "wrong": c.wrong,
        }
        sha.update(_encoder.encode(learned) + b"\n")
    return sha.hexdigest()


def accepted(corrections: Iterable[Correction]) -> tuple[Correction, ...]:
    """Those that may be learned from."""
    return tuple(c for c in corrections if c.status is CorrectionStatus.ACCEPTED)


def _one(path: Path, number: int, line: bytes) -> Correction:
    try:
        correction = _decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise _bad(path, number, tr("it is not a correction")) from None
    if correction.id <= 0:
        raise _bad(path, number, tr("its number is not above zero"))
    if not correction.question.strip() or not correction.answer.strip():
        raise _bad(path, number, tr("it has no question or no answer"))
    if correction.kind not in KINDS:
        raise _bad(path, number, tr("its kind is not known"))
    if len(correction.phrasings) > _PHRASINGS_MOST or _longest(correction) > _TEXT_MOST:
        raise _bad(path, number, tr("it is longer than {most} characters", most=_TEXT_MOST))
    return correction


def _longest(correction: Correction) -> int:
    texts: Sequence[str] = (correction.question, correction.answer, correction.wrong, *correction.phrasings)
    return max(map(len, texts))


def _bad(path: Path, number: int, reason: str) -> UserError:
    """The reason says what is wrong with a line, never what stands in it."""
    return UserError(
        tr(
            "Line {number} of the corrections in {path} cannot be used: {reason}. Nothing was changed. Mend the line, "
            "or export the corrections again.",
            number=number,
            path=path,
            reason=reason,
        ),
        code="ledger",
    )
