"""A lesson as a readable text: TOML out, and TOML in with every problem named by its line."""

import tomllib
from typing import Any, Final

import msgspec
import tomli_w

from tutor.domain import Lesson
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.lessons import strict
from tutor.lessons.faults import Fault, LessonFault, listed
from tutor.lessons.lines import line_of, lines_of

FORMAT: Final = "tutor-lesson"
VERSION: Final = 1
MOST_BYTES: Final = 2_000_000
_HEAD: Final = "# A lesson for Tutor. What stands behind # is a note. Check it with: tutor lessons check FILE\n\n"
_SIGNS: Final = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"\xff\xfe\x00\x00": "UTF-32"}


def to_toml(lesson: Lesson) -> str:
    """The lesson as text; `from_toml` gives the same lesson back. Raises UserError (`lesson_file`) for broken signs."""
    plain: dict[str, Any] = {"format": FORMAT, "version": VERSION}
    for name in Lesson.__struct_fields__:
        value = getattr(lesson, name)
        if value or name in ("key", "title"):
            plain[name] = msgspec.to_builtins(value)
    # guidelines with every parameter, so that a file means the same when a default changes
    plain |= {"guidelines": [_guideline(one) for one in lesson.guidelines]} if lesson.guidelines else {}
    try:
        text = tomli_w.dumps(plain, multiline_strings=not _has_returns(plain))
        text.encode()
    except UnicodeEncodeError as error:
        raise UserError(
            tr("A text of the lesson holds a broken sign, so no file was written. Write that text again."),
            code="lesson_file",
        ) from error
    return _HEAD + text


def from_toml(data: bytes, name: str) -> tuple[Lesson, dict[str, int]]:
    """The lesson in a file called `name`, and the line of each field.

    Raises LessonFault (`lesson_file`) with everything that was found. Whether the lesson is fit to be published is
    for `tutor.lessons.check`.
    """
    text = _decoded(data, name)
    lines = lines_of(text)
    try:
        plain = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # TOMLDecodeError is a ValueError, and so is a number too long
        raise LessonFault(
            tr(
                "{file} is not written in TOML, so it cannot be taken in. The reader says: {what}.",
                file=name,
                what=error,
            )
        ) from error
    found: list[Fault] = []
    _check_format(plain, name)
    body = {key: value for key, value in plain.items() if key not in ("format", "version")}
    lesson = strict.read(body, Lesson, found)
    if found or lesson is None:
        faults = tuple(msgspec.structs.replace(fault, line=line_of(fault.field, lines)) for fault in found)
        faults = tuple(sorted(faults, key=lambda fault: fault.line))
        raise LessonFault(
            tr(
                "{file} cannot be taken in as it stands. Put these right:\n{problems}",
                file=name,
                problems=listed(faults),
            ),
            faults,
        )
    assert isinstance(lesson, Lesson)
    return lesson, lines


def _guideline(guideline: Any) -> dict[str, Any]:
    """With its kind first, its severity, then its own parameters; a note only where there is one."""
    fields = {name: msgspec.to_builtins(getattr(guideline, name)) for name in guideline.__struct_fields__}
    if not fields["note"]:
        del fields["note"]
    own = {name: value for name, value in fields.items() if name not in ("severity", "note")}
    rest = {name: value for name, value in fields.items() if name in ("severity", "note")}
    return {strict.KIND: str(guideline.__struct_config__.tag), **rest, **own}


def _has_returns(value: Any) -> bool:
    """Texts in several lines would lose what kind of line end they have."""
    if isinstance(value, str):
        return "\r" in value
    if isinstance(value, dict):
        return any(_has_returns(one) for one in value.values())
    return isinstance(value, list | tuple) and any(_has_returns(one) for one in value)


def _decoded(data: bytes, name: str) -> str:
    if len(data) > MOST_BYTES:
        raise LessonFault(
            tr(
                "The lesson in {file} is longer than {most} MB, so it cannot be taken in. Make several lessons of it.",
                file=name,
                most=MOST_BYTES // 1_000_000,
            )
        )
    for mark, encoding in _SIGNS.items():
        if data.startswith(mark):
            raise _encoding(name, encoding)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _encoding(name, tr("another encoding")) from error
    if "\x00" in text:
        raise _encoding(name, tr("another encoding"))
    return text.replace("\r\n", "\n")


def _encoding(name: str, found: str) -> LessonFault:
    return LessonFault(
        tr(
            "{file} is written in {found}, so it cannot be taken in. Save it as UTF-8, and try again.",
            file=name,
            found=found,
        )
    )


def _check_format(plain: dict[str, Any], name: str) -> None:
    if plain.get("format") != FORMAT:
        raise LessonFault(
            tr(
                "{file} is no lesson, so it cannot be taken in. A lesson begins with the line: {line}",
                file=name,
                line=f'format = "{FORMAT}"',
            )
        )
    version = plain.get("version", VERSION)
    if not isinstance(version, int) or isinstance(version, bool) or not 1 <= version <= VERSION:
        raise LessonFault(
            tr("{file} was written by a newer Tutor, so it cannot be taken in. Update Tutor first.", file=name)
        )
