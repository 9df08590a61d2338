"""Judgements as they are made: one JSON line each, written at once, never changed; undoing is a line, too."""

import os
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from tutor.domain import Frozen
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.workshop.review.sample import Pair

QUESTIONS: Final = ("accurate", "kind", "level")
LOWEST, HIGHEST = 0, 2
"""No, partly, yes."""
LEFT, RIGHT, SAME = 1, 2, 0
PREFIX: Final = "judgements-"


class Ratings(Frozen):
    """One answer's ratings, 0 to 2; None where the reviewer left the question out."""

    accurate: int | None = None
    kind: int | None = None
    level: int | None = None

    def get(self, question: str) -> int | None:
        value: int | None = getattr(self, question)
        return value


class Judgement(Frozen):
    """What one reviewer says of one pair, in the order of the sample (not of the screen)."""

    pair: str
    reviewer: str
    better: int
    """1 the first answer of the sample, 2 the second, 0 neither."""
    first: Ratings = Ratings()
    second: Ratings = Ratings()
    turned: bool = False
    """Whether the second answer was on the left."""
    sources: tuple[str, str] = ("", "")
    made: str = ""
    undone: bool = False
    """A line that takes back the judgement of this pair."""


def judged(pair: Pair, reviewer: str, better: int, left: Ratings, right: Ratings) -> Judgement:
    """A judgement from what was chosen on the screen (`better`: 1 left, 2 right, 0 the same)."""
    turned = pair.turned(reviewer)
    if turned:
        left, right = right, left
        better = {LEFT: RIGHT, RIGHT: LEFT}.get(better, SAME)
    return Judgement(
        pair=pair.id,
        reviewer=reviewer,
        better=better,
        first=left,
        second=right,
        turned=turned,
        sources=(pair.answers[0].source, pair.answers[1].source),
        made=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def file_of(folder: Path, reviewer: str) -> Path:
    """The file of one reviewer. Raises UserError for a name that no file can have."""
    name = re.sub(r"[^\w.-]+", "_", reviewer.strip()).strip("._")
    if not name:
        raise UserError(
            tr("A reviewer needs a name, or initials: --reviewer NAME. Nothing was changed."), code="no_reviewer"
        )
    return folder / f"{PREFIX}{name}.jsonl"


class Desk:
    """One reviewer at work on one sample: what comes next, what was judged, the last one taken back."""

    def __init__(self, pairs: Sequence[Pair], folder: Path, reviewer: str) -> None:
        """Goes on where the reviewer stopped. Raises UserError when the judgements cannot be read."""
        self.pairs = list(pairs)
        self.folder, self.reviewer = folder, reviewer
        self._file = file_of(folder, reviewer)
        known = {p.id for p in self.pairs}
        self._done: dict[str, Judgement] = {j.pair: j for j in read(self._file) if j.pair in known}

    @property
    def done(self) -> int:
        return len(self._done)

    def next(self) -> Pair | None:
        """The first pair that is not judged; None at the end."""
        return next((p for p in self.pairs if p.id not in self._done), None)

    def judge(self, pair: Pair, better: int, left: Ratings, right: Ratings) -> Judgement:
        """Store what was chosen for a pair. Raises UserError when it cannot be written."""
        made = judged(pair, self.reviewer, better, left, right)
        append(self._file, made)
        self._done[pair.id] = made
        return made

    def undo(self) -> tuple[Pair, Judgement] | None:
        """Take the last judgement back and give it with its pair; None where there is none."""
        if not self._done:
            return None
        last = list(self._done.values())[-1]
        append(self._file, msgspec.structs.replace(last, undone=True))
        del self._done[last.pair]
        return next(p for p in self.pairs if p.id == last.pair), last


def append(file: Path, judgement: Judgement) -> None:
    """One more line, on the disk before this returns."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("ab") as out:
            out.write(msgspec.json.encode(judgement) + b"\n")
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        raise UserError(
            tr(
                "This judgement could not be stored in {file} ({reason}). Those before it are kept. Make room, or "
                "choose another folder with --out, and choose again.",
                file=file,
                reason=error,
            ),
            code="cannot_store",
        ) from error


def read(file: Path) -> list[Judgement]:
    """The judgements that stand, in the order in which they were made. A line cut off by a power cut is left out."""
    if not file.exists():
        return []
    standing: dict[str, Judgement] = {}
    raw = file.read_bytes()
    for number, line in enumerate(raw.splitlines(), start=1):
        try:
            judgement = msgspec.json.decode(line, type=Judgement)
        except msgspec.MsgspecError as error:
            if number == len(raw.splitlines()) and not raw.endswith(b"\n"):
                continue
            raise UserError(
                tr(
                    "Line {n} of {file} is not a judgement ({reason}). The file was left as it is. Mend the line, or "
                    "take it out.",
                    n=number,
                    file=file,
                    reason=error,
                ),
                code="bad_judgements",
            ) from error
        standing.pop(judgement.pair, None)
        if not judgement.undone:
            standing[judgement.pair] = judgement
    return list(standing.values())


def everybody(folder: Path) -> list[Judgement]:
    """All reviewers' standing judgements of a folder."""
    return [j for file in sorted(folder.glob(f"{PREFIX}*.jsonl")) for j in read(file)]
