"""A list of learners from a spreadsheet: read by its headings, every problem named by its line, taken in at once."""

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from tutor.domain import AgeBand, Frozen, Learner
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.store import Store

MOST: Final = 2000
"""Learners in one file."""
MOST_BYTES: Final = 2_000_000
LONGEST: Final = 60
_HEADINGS: Final = {
    "name": ("name", "learner", "student", "pupil", "first name", "firstname", "child"),
    "age": ("age", "age band", "ages", "age_band"),
    "year": ("year", "year group", "school year"),
    "language": ("language", "lang"),
    "picture": ("picture", "icon"),
    "class": ("class", "classes", "group", "form", "set"),
}
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}")
_FIRST_AGE: Final = 4
"""Of children in Year 0; in Year 4 they are eight or nine."""


class Entry(Frozen):
    """One learner of the list."""

    line: int
    name: str
    age_band: AgeBand
    language: str = "en-GB"
    picture: str = ""
    """ "", or one that there is not: the next one that is free."""
    classes: tuple[str, ...] = ()


class Roster(Frozen):
    """What a file holds. Nothing is taken in while there are problems, unless one says so."""

    entries: tuple[Entry, ...] = ()
    problems: tuple[tuple[int, str], ...] = ()
    """Line and what is wrong there, in words."""


def read_file(path: Path, known: Iterable[str] = ()) -> Roster:
    """Read a CSV file. Raises UserError when it cannot be read at all."""
    try:
        data = path.read_bytes() if path.stat().st_size <= MOST_BYTES else None
    except OSError as error:
        raise UserError(
            tr("{file} cannot be read ({reason}). Nothing was changed.", file=path.name, reason=error.strerror),
            code="unreadable",
        ) from error
    if data is None:
        raise UserError(
            tr("{file} is too big for a list of learners. Nothing was changed.", file=path.name), code="too_big"
        )
    return read(_text(data, path.name), known)


def read(text: str, known: Iterable[str] = ()) -> Roster:
    """Read a list. `known`: names of learners who are here already; they are no problem, and are left out."""
    lines = text.splitlines()
    if not any(line.strip() for line in lines):
        return Roster(problems=((1, tr("The list is empty.")),))
    table = csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n")), delimiter=_delimiter(lines[0]))
    try:
        rows = list(table)
    except csv.Error as error:
        return Roster(problems=((table.line_num, tr("This is no table: {what}.", what=error)),))
    columns = _columns(rows[0])
    if "name" not in columns:
        return Roster(
            problems=((1, tr("There is no column “name”. The first line must name the columns: name, age, class.")),)
        )
    entries: list[Entry] = []
    problems: list[tuple[int, str]] = []
    taken = {name.strip().casefold() for name in known}
    for line, row in enumerate(rows[1 : MOST + 1], start=2):
        if not any(cell.strip() for cell in row):
            continue
        found = _entry(line, row, columns, taken)
        if isinstance(found, Entry):
            taken.add(found.name.casefold())
            entries.append(found)
        elif found:
            problems.append((line, found))
    if len(rows) > MOST + 1:
        problems.append((MOST + 2, tr("Only the first {n} learners are read.", n=MOST)))
    return Roster(entries=tuple(entries), problems=tuple(problems))


def take_in(store: Store, roster: Roster, pictures: tuple[str, ...]) -> tuple[Learner, ...]:
    """Add all learners of a roster and their classes, or none where one of them cannot be added."""
    return store.add_learners(
        [
            (
                each.name,
                each.picture if each.picture in pictures else pictures[n % len(pictures)],
                each.age_band,
                each.language,
                each.classes,
            )
            for n, each in enumerate(roster.entries)
        ]
    )


def _text(data: bytes, name: str) -> str:
    if b"\0" in data:
        raise UserError(
            tr("{file} is no text file. Save the list as CSV and choose that file.", file=name), code="not_text"
        )
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UserError(
        tr("{file} has letters that cannot be read. Save the list as CSV in UTF-8.", file=name), code="not_text"
    )


def _delimiter(first: str) -> str:
    return max(",;\t", key=first.count)


def _columns(first: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(first):
        heading = " ".join(cell.strip().casefold().split())
        for column, names in _HEADINGS.items():
            if heading in names:
                found.setdefault(column, place)
    return found


def _entry(line: int, row: list[str], columns: dict[str, int], taken: set[str]) -> Entry | str | None:
    """The learner of a row; words about what is wrong; None for somebody who is here already."""
    cell = {column: row[place].strip() if place < len(row) else "" for column, place in columns.items()}
    name = " ".join(cell["name"].split())
    if not name:
        return tr("There is no name in this line.")
    if len(name) > LONGEST:
        return tr("This name is longer than {n} letters.", n=LONGEST)
    if not name.isprintable():
        return tr("This name holds signs that cannot be shown.")
    if name.casefold() in taken:
        return None
    band = _band(cell.get("age", ""), cell.get("year", ""))
    if band is None:
        return tr("The age of {name} cannot be read. Write 9, or 8-10, or the year group.", name=name)
    classes = tuple(part.strip() for part in cell.get("class", "").replace("|", ";").split(";") if part.strip())
    wrong = next((part for part in classes if len(part) > LONGEST or not part.isprintable()), None)
    if wrong is not None:
        return tr("The class of {name} is no name of a class.", name=name)
    language = cell.get("language", "") or "en-GB"
    if _LANGUAGE.fullmatch(language) is None:
        return tr("The language of {name} cannot be read. Write a tag such as en-GB or fr.", name=name)
    return Entry(
        line=line,
        name=name,
        age_band=band,
        language=language,
        picture=cell.get("picture", ""),
        classes=classes,
    )


def _band(age: str, year: str) -> AgeBand | None:
    if age in {band.value for band in AgeBand}:
        return AgeBand(age)
    digits = "".join(c for c in (age or year) if c.isdecimal())
    if not digits or len(digits) > 2:
        return None
    years = int(digits) + (0 if age else _FIRST_AGE)
    for most, band in ((7, AgeBand.A5_7), (10, AgeBand.A8_10), (13, AgeBand.A11_13), (17, AgeBand.A14_17)):
        if years <= most:
            return band if years >= _FIRST_AGE else None
    return AgeBand.ADULT
