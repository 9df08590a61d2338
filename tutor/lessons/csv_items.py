"""Practice items as a table (CSV), as spreadsheets read and write it: delimiter found, headings in several words."""

import csv
import io
import re
from collections.abc import Sequence
from typing import Final

from tutor.domain import Item, Misconception
from tutor.i18n import tr
from tutor.lessons.check import MOST
from tutor.lessons.faults import Fault, LessonFault, listed

MOST_BYTES: Final = 2_000_000
MOST_CELL: Final = 4_000
_DELIMITERS: Final = (",", ";", "\t", "|")
_WORDS: Final = {
    "id": ("id", "name", "number", "no", "nr", "key", "item"),
    "question": ("question", "prompt", "front", "task", "problem", "frage", "aufgabe", "text"),
    "answer": ("answer", "correct answer", "right answer", "correct", "solution", "back", "antwort", "lösung"),
    "accepted": ("accepted", "also accepted", "accepted answers", "alternatives", "other answers", "synonyms"),
    "choices": ("choices", "options", "choice", "option"),
    "skill": ("skill", "topic", "tag", "tags", "thema"),
    "tolerance": ("tolerance", "within", "plus or minus"),
    "hints": ("hints", "hint", "clue", "clues", "tip", "tips", "hinweis"),
    "steps": ("steps", "step", "working", "method", "explanation", "lösungsweg"),
    "wrong": ("wrong", "wrong answer", "misconception", "mistake"),
    "why": ("why", "because", "thinking"),
    "say": ("say", "what to say", "feedback", "reply"),
}
"""Column to what its heading may be called."""
_LISTS: Final = ("accepted", "choices", "hints", "steps")
_FORMULA: Final = re.compile(r"^'*[=+\-@\t\r]")
_MARKED: Final = re.compile(r"^'+[=+\-@\t\r]")
_NUMBER: Final = re.compile(r"^-?\d+(?:[.,/]\d+)*$")


def written(items: Sequence[Item]) -> bytes:
    """The items as CSV in UTF-8 with a byte order mark, so that spreadsheets know; `read` gives the same items back."""
    wrongs = max((len(item.misconceptions) for item in items), default=0)
    head = ["id", "question", "answer", "accepted", "choices", "skill", "tolerance", "hints", "steps"]
    head += [f"{name} {n + 1}" for n in range(wrongs) for name in ("wrong", "why", "say")]
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(head)
    for item in items:
        row = [item.id, item.question, item.answer, _joined(item.accepted), _joined(item.choices), item.skill]
        row += [repr(item.tolerance) if item.tolerance else "", _joined(item.hints), _joined(item.steps)]
        for wrong in item.misconceptions:
            row += [wrong.answer, wrong.why, wrong.say]
        table.writerow([_for_spreadsheets(cell) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def read(data: bytes, name: str) -> tuple[tuple[Item, ...], tuple[Fault, ...]]:
    """The items of a table called `name`, and what is worth a look in it (columns that are passed over).

    Raises LessonFault (`item_file`) with every problem and its line; then nothing is to be taken in.
    """
    if len(data) > MOST_BYTES:
        raise _refused(name, [Fault(field="", text=tr("The file is longer than any list of items."))])
    text = _decoded(data)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    faults: list[Fault] = []
    items: list[Item] = []
    try:
        head = [cell.strip() for cell in next(rows, [])]
        columns = [_column(cell) for cell in head]
        if "question" not in [column for column, _ in columns] or "answer" not in [column for column, _ in columns]:
            text = tr("The first line must name the columns: at least “question” and “answer”.")
            raise _refused(name, [Fault(field="", text=text, line=1)])
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if len(items) >= MOST["items"]:
                faults.append(
                    Fault(field="", text=tr("There are more than {n} items.", n=MOST["items"]), line=rows.line_num)
                )
                break
            item = _item(_cells(columns, row, faults, rows.line_num), len(items) + 1, faults, rows.line_num)
            items.append(item)
    except csv.Error as error:
        faults.append(Fault(field="", text=tr("This is no table: {what}.", what=error), line=rows.line_num))
    if not items and not faults:
        faults.append(Fault(field="", text=tr("There is no item in it."), line=1))
    if faults:
        raise _refused(name, faults)
    passed = [cell for cell, (column, _) in zip(head, columns, strict=True) if cell and not column]
    look = [
        Fault(
            field="",
            text=tr("The column “{name}” is not known and was passed over.", name=cell[:60]),
            stops=False,
            line=1,
        )
        for cell in passed
    ]
    return tuple(items), tuple(look)


def _cells(
    columns: Sequence[tuple[str, int]], row: Sequence[str], faults: list[Fault], line: int
) -> dict[str, list[str]]:
    """The cells of a row by column, numbered ones in the order of their numbers."""
    if len(row) > len(columns) and any(cell.strip() for cell in row[len(columns) :]):
        faults.append(
            Fault(
                field="", text=tr("This line has {n} cells, the first one {m}.", n=len(row), m=len(columns)), line=line
            )
        )
    found: dict[str, list[tuple[int, str]]] = {}
    for (column, number), cell in zip(columns, row, strict=False):
        plain = _from_spreadsheets(cell)
        if len(plain) > MOST_CELL:
            faults.append(
                Fault(field=column, text=tr("This has more than {n} characters. Shorten it.", n=MOST_CELL), line=line)
            )
        elif column:
            found.setdefault(column, []).append((number, plain))
    return {column: [cell for _, cell in sorted(cells, key=lambda one: one[0])] for column, cells in found.items()}


# --- inside ---------------------------------------------------------------------------------------------------------


def _item(cells: dict[str, list[str]], number: int, faults: list[Fault], line: int) -> Item:
    def one(name: str) -> str:
        return next((cell for cell in cells.get(name, []) if cell), "")

    for name, text in (("question", tr("The question is missing.")), ("answer", tr("The answer is missing."))):
        if not one(name):
            faults.append(Fault(field=name, text=text, line=line))
    tolerance = 0.0
    written_tolerance = one("tolerance").lstrip("±").strip().replace(",", ".")
    if written_tolerance:
        try:
            tolerance = float(written_tolerance)
        except ValueError:
            tolerance = -1.0
        if not 0 <= tolerance < float("inf"):
            faults.append(
                Fault(field="tolerance", text=tr("The tolerance is a number that is not below 0."), line=line)
            )
    lists = {name: tuple(part for cell in cells.get(name, []) for part in _parted(cell)) for name in _LISTS}
    whys, says = cells.get("why", []), cells.get("say", [])
    wrongs = tuple(
        Misconception(answer=wrong, why=whys[at] if at < len(whys) else "", say=says[at] if at < len(says) else "")
        for at, wrong in enumerate(cells.get("wrong", []))
        if wrong
    )
    return Item(
        id=one("id") or f"q{number}",
        question=one("question"),
        answer=one("answer"),
        skill=one("skill"),
        tolerance=tolerance,
        misconceptions=wrongs,
        **lists,
    )


def _column(heading: str) -> tuple[str, int]:
    """Which column a heading means, and its number (`hint 2`); "" for none."""
    plain = " ".join(re.sub(r"[_\-:*]+", " ", heading.casefold()).split())
    found = re.fullmatch(r"(.*?) ?(\d{1,2})?", plain)
    words, number = (found[1], int(found[2] or 0)) if found else (plain, 0)
    for column, names in _WORDS.items():
        if plain in names:
            return column, 0
        if words in names:
            return column, number
    return "", 0


def _delimiter(text: str) -> str:
    """What stands most often between the headings, outside quotation marks."""
    bare = re.sub(r'"[^"]*"', "", text.partition("\n")[0])
    return max(_DELIMITERS, key=bare.count)


def _decoded(data: bytes) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _joined(parts: Sequence[str]) -> str:
    return " | ".join(part.replace("\\", "\\\\").replace("|", "\\|") for part in parts)


def _parted(cell: str) -> list[str]:
    """The parts of a cell between signs `|` that have no `\\` before them."""
    parts = re.findall(r"(?:\\.|[^\\|]|\\$)+", cell, re.DOTALL)
    return [re.sub(r"\\([\\|])", r"\1", part).strip() for part in parts if part.strip()]


def _for_spreadsheets(cell: str) -> str:
    """What a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.match(cell) else cell


def _from_spreadsheets(cell: str) -> str:
    plain = cell.replace("\x00", "").strip()
    return plain[1:] if _MARKED.match(plain) else plain


def _refused(name: str, faults: Sequence[Fault]) -> LessonFault:
    return LessonFault(
        tr("{file} cannot be taken in as it stands. Put these right:\n{problems}", file=name, problems=listed(faults)),
        faults,
        code="item_file",
    )
