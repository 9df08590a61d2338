"""What the list does with files: a lesson out and in, its items as a table or as cards. Off the window's thread."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from tutor.classroom.exchange import left_out
from tutor.classroom.lessons import new_key
from tutor.domain import Item, Lesson, LessonVersion
from tutor.i18n import tr, trn
from tutor.lessons import csv_items, items
from tutor.lessons.file import LessonFile

if TYPE_CHECKING:
    from tutor.classroom.exchange import LessonExchange

Save = Callable[["LessonExchange", LessonVersion, Path], str]
"""Writes a file; gives what is to be said besides, "" for nothing. Raises `UserError`."""


def lesson_patterns() -> str:
    """For the dialog that opens a lesson."""
    return tr("Lessons (*.lesson *.toml *.zip)")


def item_patterns() -> str:
    """For the dialog that opens items."""
    return tr("Items: CSV or GIFT (*.csv *.tsv *.gift *.txt)")


def duplicate(desk: "LessonExchange", version: LessonVersion) -> LessonVersion:
    """The same words as a lesson of its own."""
    lesson = version.lesson
    title = tr("{title} (copy)", title=lesson.title)
    return desk.add(msgspec.structs.replace(lesson, key=new_key(lesson.title), title=title))


class Found(NamedTuple):
    """A lesson's file from elsewhere, checked."""

    file: LessonFile
    in_the_way: bool
    """The lesson is here, and its draft says something else."""


def look_into(desk: "LessonExchange", file: Path) -> Found:
    """Read a file; nothing is changed. Raises `UserError` (`lesson_file`)."""
    found = desk.look_into(file)
    return Found(found, desk.draft_in_the_way(found.lesson))


def read_table(text: str) -> tuple[Item, ...]:
    """The items of a pasted table. Raises `UserError` (`item_file`) with every problem and its line."""
    found, _ = csv_items.read(text.encode(), tr("The table"))
    return found


def add_items(desk: "LessonExchange", version: LessonVersion, file: Path) -> str:
    """The items of a file at the end of the draft; says how many, and what was passed over."""
    found, passed_over = items.read(file)
    desk.save(version.lesson_id, items.with_items(version.lesson, found))
    said = [trn("{n} item was added.", "{n} items were added.", len(found))]
    said += [fault.text for fault in passed_over[:3]]
    return " ".join(said)


def save_lesson(desk: "LessonExchange", version: LessonVersion, file: Path) -> str:
    """The lesson with its materials."""
    return left_out(desk.export(version.id, file), file)


def brought_in(desk: "LessonExchange", lesson: Lesson) -> str:
    """What is said of a lesson that came in, with the materials that did not."""
    said = tr("“{title}” is here as a draft.", title=lesson.title)
    missing = desk.not_here(lesson)
    if not missing:
        return said
    more = trn(
        "The file of this material did not come with it: {names}. Add it under “Materials”.",
        "The files of these materials did not come with it: {names}. Add them under “Materials”.",
        len(missing),
        names=", ".join(missing),
    )
    return f"{said} {more}"


def save_items(_desk: "LessonExchange", version: LessonVersion, file: Path) -> str:
    """The items as a table for spreadsheets."""
    items.write(version.lesson.items, file)
    return ""


def save_anki(_desk: "LessonExchange", version: LessonVersion, file: Path) -> str:
    """The items as cards; says how many."""
    from tutor.lessons import anki

    return trn("{n} card is in it.", "{n} cards are in it.", anki.write(version.lesson, file))
