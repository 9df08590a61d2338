"""Practice items from files of other programs, and into them."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from tutor.domain import Item, Lesson
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.lessons import csv_items, gift
from tutor.lessons.faults import Fault, LessonFault

READ: Final = (".csv", ".tsv", ".gift", ".txt")
"""Endings, for a file chooser."""


def read(path: Path) -> tuple[tuple[Item, ...], tuple[Fault, ...]]:
    """The items of a CSV or GIFT file, and what was passed over in it. Raises LessonFault (`item_file`)."""
    try:
        with path.open("rb") as file:
            data = file.read(max(csv_items.MOST_BYTES, gift.MOST_BYTES) + 1)
    except OSError as error:
        raise LessonFault(
            tr("{file} cannot be read ({why}). Nothing was changed.", file=path, why=error.strerror), code="item_file"
        ) from error
    is_gift = path.suffix.lower() in (".gift", ".txt") and b"{" in data
    return gift.read(data, path.name) if is_gift else csv_items.read(data, path.name)


def write(items: Sequence[Item], target: Path) -> None:
    """Write the items as CSV; a file that was there is replaced at once or kept. Raises UserError (`export_failed`)."""
    temporary = ""
    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}-", delete=False) as file:
            temporary = file.name
            file.write(csv_items.written(items))
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise UserError(
            tr(
                "The items could not be written to {file} ({why}). A file that was there is kept. Choose another "
                "folder, or free some space.",
                file=target,
                why=error.strerror,
            ),
            code="export_failed",
        ) from error


def with_items(lesson: Lesson, items: Sequence[Item]) -> Lesson:
    """The lesson with these items after its own. An item whose name is taken gets a free one; skills come with them."""
    taken = {item.id.casefold() for item in lesson.items}
    added: list[Item] = []
    for item in items:
        name, number = item.id, len(taken) + 1
        while name.casefold() in taken:
            name, number = f"q{number}", number + 1
        taken.add(name.casefold())
        added.append(msgspec.structs.replace(item, id=name))
    skills = dict.fromkeys((*lesson.skills, *(item.skill for item in added if item.skill)))
    return msgspec.structs.replace(lesson, items=(*lesson.items, *added), skills=tuple(skills))
