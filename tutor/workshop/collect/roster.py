"""The class's names out of a file: a name a line, or the first column of a CSV file."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tutor.errors import UserError
from tutor.i18n import tr
from tutor.moderation.personal.names import Roster
from tutor.workshop.collect.opening import SAMPLE, is_binary, lines_of, text_of

MOST_NAMES: Final = 20_000
_LINE: Final = 400


def load(path: str) -> Roster:
    """The roster in a text file (a name a line) or a CSV file (the first column). Raises `UserError` (`no_roster`)."""
    if not path:
        return Roster()
    file = Path(path).expanduser()
    try:
        with file.open("rb") as raw:
            fit = not is_binary(raw.read(SAMPLE))
        names = list(_names(file)) if fit else []
    except OSError:
        names = []
    if not names:
        raise UserError(
            tr(
                "The class roster {file} has no names that can be read. Nothing was changed. Give a text file with a "
                "name a line, or leave `roster` out of the recipe.",
                file=path,
            ),
            code="no_roster",
        )
    return Roster(names)


def _names(file: Path) -> Iterator[str]:
    with text_of(file) as text:
        for number, line in lines_of(text, _LINE):
            if line is None or number > MOST_NAMES:
                continue
            name = next(iter(next(csv.reader([line]), [])), "") if file.suffix.lower() == ".csv" else line
            if name.strip() and name.strip().lower() not in ("name", "first name", "learner", "pupil"):
                yield name.strip()
