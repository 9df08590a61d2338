"""Questions in GIFT, the text format of Moodle, as practice items.

Read are single and multiple choice with one right answer, true or false, short answers, numbers, and gaps, as at
https://docs.moodle.org/en/GIFT_format. What else there is (matching, essays, several right choices) is told by line.
"""

import html
import re
from typing import Final

from tutor.domain import Item, Misconception
from tutor.i18n import tr
from tutor.lessons.check import MOST
from tutor.lessons.faults import Fault, LessonFault, listed

MOST_BYTES: Final = 2_000_000
MOST_CHARACTERS: Final = 8_000
"""Of a question with its answers."""
_ESCAPED: Final = re.compile(r"\\([~=#{}:\\n])")
_HIDDEN: Final = {sign: chr(0xE000 + at) for at, sign in enumerate("~=#{}:\\n")}
"""Escaped signs, put out of the way while the text is taken apart."""
_BACK: Final = {hidden: "\n" if sign == "n" else sign for sign, hidden in _HIDDEN.items()}
_TITLE: Final = re.compile(r"^\s*::(.*?)::", re.DOTALL)
_FORMAT: Final = re.compile(r"^\s*\[(html|markdown|plain|moodle)\]", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^<>]{0,500}>")
_ANSWER: Final = re.compile(r"([=~])((?:[^=~])*)", re.DOTALL)
_WEIGHT: Final = re.compile(r"^\s*%(-?\d{1,3}(?:\.\d+)?)%")
_RANGE: Final = re.compile(r"^\s*(-?\d+(?:\.\d+)?)\s*\.\.\s*(-?\d+(?:\.\d+)?)\s*$")
_NUMBER: Final = re.compile(r"^\s*(-?\d+(?:\.\d+)?)\s*(?::\s*(\d+(?:\.\d+)?))?\s*$")
_VERDICT: Final = {"t": "true", "true": "true", "f": "false", "false": "false"}


def read(data: bytes, name: str) -> tuple[tuple[Item, ...], tuple[Fault, ...]]:
    """The items of a file called `name`, and the questions that were passed over, by line.

    Raises LessonFault (`item_file`) where nothing in it can be read.
    """
    try:
        text = data[: MOST_BYTES + 1].decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data[: MOST_BYTES + 1].decode("cp1252", "replace")
    faults: list[Fault] = []
    items: list[Item] = []
    if len(data) > MOST_BYTES:
        faults.append(Fault(field="", text=tr("The file is longer than any list of items.")))
        text = ""
    for line, block in _blocks(text):
        if len(items) >= MOST["items"]:
            faults.append(Fault(field="", text=tr("There are more than {n} items.", n=MOST["items"]), line=line))
            break
        item = _item(block, len(items) + 1)
        if isinstance(item, str):
            faults.append(Fault(field="", text=item, stops=False, line=line))
        elif item is not None:
            items.append(item)
    if not items:
        faults = faults or [Fault(field="", text=tr("There is no question in GIFT in it."))]
        raise LessonFault(
            tr(
                "{file} cannot be taken in as it stands. Put these right:\n{problems}",
                file=name,
                problems=listed(faults),
            ),
            faults,
            code="item_file",
        )
    return tuple(items), tuple(faults)


def _blocks(text: str) -> list[tuple[int, str]]:
    """Questions with the line on which each begins; empty lines part them, comments and categories are left out."""
    found: list[tuple[int, str]] = []
    block: list[str] = []
    begins, depth = 0, 0
    for number, line in enumerate([*text.replace("\r\n", "\n").split("\n"), ""], start=1):
        plain = line.strip()
        if plain.startswith("//") or (depth == 0 and plain.startswith("$CATEGORY:")):
            continue
        if not plain and depth == 0:
            if block:
                found.append((begins, "\n".join(block)))
            block = []
            continue
        begins = begins if block else number
        block.append(line)
        bare = _ESCAPED.sub("", line)
        depth = max(0, depth + bare.count("{") - bare.count("}"))
    if block:
        found.append((begins, "\n".join(block)))
    return found


def _item(block: str, number: int) -> Item | str | None:
    """The item, or why it was passed over; None for a text without a question."""
    hidden = _ESCAPED.sub(lambda found: _HIDDEN[found[1]], block)
    title = _TITLE.match(hidden)
    hidden = hidden[title.end() :] if title else hidden
    kind = _FORMAT.match(hidden)
    hidden = hidden[kind.end() :] if kind else hidden
    before, opened, rest = hidden.partition("{")
    inside, closed, after = rest.partition("}")
    if not opened:
        return None
    if not closed:
        return tr("The answers have no end: a “}” is missing.")
    gap = " _____ " if after.strip() else ""
    question = " ".join(f"{_plain(before)}{gap}{_plain(after)}".split())
    if not question:
        return tr("The question is missing.")
    if len(block) > MOST_CHARACTERS:
        return tr("This question is longer than {n} characters. It was passed over.", n=MOST_CHARACTERS)
    inside, _, general = inside.partition("####")
    told = (_plain(general),) if general.strip() else ()
    return _answers(inside, f"q{number}", question, told)


def _answers(inside: str, key: str, question: str, told: tuple[str, ...]) -> Item | str:
    verdict, _, feedback = inside.strip().partition("#")
    if verdict.strip().casefold() in _VERDICT:
        right = _VERDICT[verdict.strip().casefold()]
        wrong = "false" if right == "true" else "true"
        said = _plain(feedback.partition("#")[0])
        misses = (Misconception(answer=wrong, why=tr("Chose “{text}”.", text=wrong), say=said),) if said else ()
        return Item(
            id=key, question=question, answer=right, choices=("true", "false"), misconceptions=misses, steps=told
        )
    if not inside.strip():
        return tr("An essay has no answer to check against. It was passed over.")
    if inside.lstrip().startswith("#"):
        return _number(inside.lstrip()[1:], key, question, told)
    if "->" in inside:
        return tr("Matching is not read. It was passed over.")
    return _choices(inside, key, question, told)


def _number(inside: str, key: str, question: str, told: tuple[str, ...]) -> Item | str:
    first = next((text for sign, text in _ANSWER.findall(inside) if sign == "="), inside)
    value = _WEIGHT.sub("", first.partition("#")[0])
    between, exact = _RANGE.match(value), _NUMBER.match(value)
    if between:
        low, high = float(between[1]), float(between[2])
        if high < low:
            return tr("The range ends before it begins. It was passed over.")
        middle, spread = (low + high) / 2, (high - low) / 2
        return Item(id=key, question=question, answer=f"{middle:g}", tolerance=spread, steps=told)
    if exact:
        return Item(id=key, question=question, answer=exact[1], tolerance=float(exact[2] or 0), steps=told)
    return tr("This number cannot be read. It was passed over.")


def _choices(inside: str, key: str, question: str, told: tuple[str, ...]) -> Item | str:
    right: list[str] = []
    every: list[str] = []
    wrong: list[Misconception] = []
    for sign, written in _ANSWER.findall(inside):
        weight = _WEIGHT.match(written)
        text, _, feedback = (written[weight.end() :] if weight else written).partition("#")
        answer, share = _plain(text), float(weight[1]) if weight else 100.0 if sign == "=" else 0.0
        if not answer:
            continue
        every.append(answer)
        if sign == "=" or share >= 100:
            right.append(answer)
        elif share > 0:
            return tr("Several right choices at once are not read. It was passed over.")
        elif _plain(feedback):
            wrong.append(Misconception(answer=answer, why=tr("Chose “{text}”.", text=answer), say=_plain(feedback)))
    if not right:
        return tr("No answer is marked as right. It was passed over.")
    chosen = len(right) < len(every)
    if chosen and len(right) > 1:
        return tr("Several right choices at once are not read. It was passed over.")
    return Item(
        id=key,
        question=question,
        answer=right[0],
        accepted=() if chosen else tuple(dict.fromkeys(right[1:])),
        choices=tuple(every) if chosen else (),
        misconceptions=tuple(wrong),
        steps=told,
    )


def _plain(text: str) -> str:
    """Words without mark-up, escaped signs put back."""
    bare = html.unescape(_TAG.sub(" ", text))
    for hidden, sign in _BACK.items():
        bare = bare.replace(hidden, sign)
    return " ".join(bare.replace("\x00", "").split())
