"""Corrections in and out as JSON lines. What comes in is untrusted: bounded, read strictly, and only ever proposed."""

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import msgspec

from tutor.adaptation import ledger
from tutor.domain import Correction
from tutor.errors import UserError
from tutor.i18n import tr

if TYPE_CHECKING:
    from tutor.store import Store

MOST_BYTES: Final = 16 * 1024 * 1024
MOST: Final = 2_000
"""Corrections that are taken in at a time: people have to look at them."""


def lines(corrections: Iterable[Correction]) -> bytes:
    """The corrections as JSON lines, without what ties them to a learner here."""
    encoder = msgspec.json.Encoder()
    return b"".join(encoder.encode(without_people(correction)) + b"\n" for correction in corrections)


def export(store: "Store", target: Path, *, everything: bool = False) -> int:
    """Write the accepted corrections that are for everyone, or `everything`; gives how many.

    Raises UserError (`ledger`); a file that was there before is then kept.
    """
    chosen = tuple(without_people(correction) for correction in to_export(store, everything=everything))
    ledger.write(target, chosen)
    return len(chosen)


def to_export(store: "Store", *, everything: bool = False) -> tuple[Correction, ...]:
    """Those that are written: in use for everyone, or all that say what is right.

    None that was not checked, for personal data may still stand in it.
    """
    if everything:
        return tuple(
            correction for correction in store.corrections() if correction.checked and correction.answer.strip()
        )
    return store.accepted_corrections()


def without_people(correction: Correction) -> Correction:
    """The correction without whose it was, and as everyone's; who decided stays as a role alone."""
    return msgspec.structs.replace(
        correction, learner_id=None, flag_id=None, scope="class", merged_into=None, why="", findings=(), checked=""
    )


def read(source: Path | IO[bytes]) -> tuple[Correction, ...]:
    """The corrections of a file or stream. Raises UserError (`ledger`) naming the line; nothing was then taken in."""
    if isinstance(source, Path):
        return _bounded(source, str(source))
    data = source.read(MOST_BYTES + 1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "corrections.jsonl"
        path.write_bytes(data)
        try:
            return _bounded(path, tr("standard input"))
        except UserError as error:
            raise UserError(str(error).replace(str(path), tr("standard input")), code=error.code) from None


def take_in(store: "Store", corrections: Sequence[Correction]) -> tuple[Correction, ...]:
    """Propose what is not here yet, whatever its status was elsewhere; none of it is checked. Gives the new ones."""
    known = {_words(correction) for correction in store.corrections()}
    made = []
    for correction in corrections:
        if _words(correction) in known:
            continue
        known.add(_words(correction))
        made.append(
            store.propose_correction(
                correction.question.strip(),
                correction.answer.strip(),
                wrong=correction.wrong.strip(),
                kind=correction.kind,
                phrasings=correction.phrasings,
                by="import",
            )
        )
    return tuple(made)


def _bounded(path: Path, name: str) -> tuple[Correction, ...]:
    try:
        size = path.stat().st_size
    except OSError:
        size = 0  # the ledger says what is wrong with it
    found = ledger.read(path) if size <= MOST_BYTES else ()
    if size > MOST_BYTES or len(found) > MOST:
        raise UserError(
            tr(
                "There are more than {most} corrections in {file}, or it is longer than they could be. Nothing was "
                "taken in. Take in a part of it at a time.",
                most=MOST,
                file=name,
            ),
            code="ledger",
        )
    return found


def _words(correction: Correction) -> tuple[str, str]:
    """What makes two corrections the same one."""
    return " ".join(correction.question.casefold().split()), " ".join(correction.answer.casefold().split())
