"""On which line of a TOML file a field stands, and whether the file is nested deeper than any lesson is.

Python's reader tells no lines. This one only looks for the keys; what it does not understand, it passes over.
"""

import re
from collections.abc import Iterator
from typing import Final

from tutor.i18n import tr
from tutor.lessons.faults import LessonFault

DEEPEST: Final = 12
"""Brackets within brackets, and dots in a key: far beyond what a lesson has."""
_HEADER: Final = re.compile(r"^\s*(\[\[?)\s*([^\[\]#]{1,200}?)\s*\]\]?\s*(?:#.*)?$")
_KEY: Final = re.compile(
    r"""^\s*((?:[A-Za-z0-9_-]{1,200}|"[^"\n]{0,200}"|'[^'\n]{0,200}')(?:\s*\.\s*[\w"'-]{1,200})*)\s*="""
)
_TOKEN: Final = re.compile(r'"""|\'\'\'|\\.|["\'#\[\]{}]', re.DOTALL)


def lines_of(text: str) -> dict[str, int]:
    """Field (as in `Fault.field`) to the line on which it begins, from 1.

    Raises LessonFault (`lesson_file`) for what is nested too deeply for a reader to be safe with.
    """
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    table = ""
    for number, line in _statements(text):
        header = _HEADER.match(line)
        key = None if header else _KEY.match(line)
        if header:
            table = _table(header[2], header[1] == "[[", counts)
            found.setdefault(table, number)
        elif key:
            name = _plain(key[1])
            found.setdefault(f"{table}.{name}" if table else name, number)
    return found


def line_of(field: str, lines: dict[str, int]) -> int:
    """The line of a field, or of the nearest one around it; 0 for none."""
    while field:
        if field in lines:
            return lines[field]
        field = field.rpartition(".")[0]
    return 0


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Lines that begin outside any text or bracket, with their number."""
    quote, depth = "", 0
    for number, line in enumerate(text.split("\n"), start=1):
        if not quote and depth == 0:
            if line.count(".") > DEEPEST and line.partition("=")[0].count(".") > DEEPEST:
                raise _too_deep(number)
            yield number, line
        at = 0
        while found := _TOKEN.search(line, at):
            at, sign = found.end(), found[0]
            if quote:
                if sign == quote or (sign.startswith("\\") and quote.startswith("'") and sign[1:] == quote):
                    quote = ""
            elif sign == "#":
                break
            elif sign[0] in "\"'":
                quote = sign
            elif sign in "[{":
                depth += 1
                if depth > DEEPEST:
                    raise _too_deep(number)
            elif sign in "]}":
                depth = max(0, depth - 1)
        if len(quote) == 1:
            quote = ""  # a text in one quotation mark ends with its line


def _table(written: str, in_list: bool, counts: dict[str, int]) -> str:
    """The path of a header, with the number of each list's row."""
    path = ""
    parts = _plain(written).split(".")
    for at, part in enumerate(parts):
        path = f"{path}.{part}" if path else part
        if at == len(parts) - 1 and in_list:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = f"{path}.{counts[path]}"
    return path


def _plain(key: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in key.split("."))


def _too_deep(number: int) -> LessonFault:
    return LessonFault(
        tr("This is no lesson: line {n} is nested too deeply. Nothing was changed.", n=number), code="lesson_file"
    )
