"""Word problems of GSM8K (openai/grade-school-math, MIT) whose solutions make one short sum.

The rows are read from a folder of data that the recipe names, and are never copied into the project.
"""

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Final

from tutor.tutoring import expressions as ex
from tutor.tutoring import reading
from tutor.tutoring import word_sums as asking

FILE: Final = "gsm8k_train.jsonl.gz"
MAX_OPERATIONS: Final = 3
_CALCULATION: Final = re.compile(r"<<([^=<>]+)=([^<>]+)>>")
_UNIT: Final = re.compile(
    r"how many (?:more |fewer |total |extra |different )?([a-z]+(?: [a-z]+)??) (?:do|does|did|are|is"
    r"|were|was|will|would|can|could|should|must|have|has|had|in|on|at|remain|left)\b"
)


def rows(folder: Path, *, held: bool) -> Iterator[tuple[str, str]]:
    """Stories with their sums, one row in seven held out. Nothing when the folder does not hold the file."""
    path = folder / FILE
    if not path.is_file():
        return
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if (zlib.crc32(row["question"].encode()) % 7 == 0) != held:
                continue
            found = word_sum(row["question"], row["answer"])
            if found:
                yield row["question"], found


def varied(rng: Random, found: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Endless rows, half of them with other numbers in the same story."""
    while found:
        story, sum_text = rng.choice(found)
        changed = asking.swapped(asking.normal(story), rng.randint(1, 60)) if rng.random() < 0.5 else None
        if changed is not None:
            text, new = changed
            back = {old: number for number, old in new.items()}
            other = asking.parse(asking.swapped_back(sum_text, back), text)
            if (
                other is not None
                and (other.value * 100).denominator == 1
                and (other.value.denominator == 1) == whole(sum_text, story)
            ):
                yield text, asking.swapped_back(sum_text, back)
                continue
        yield story, sum_text


def whole(sum_text: str, story: str) -> bool:
    """Whether a sum comes to a whole number."""
    found = asking.parse(sum_text, story)
    return found is not None and found.value.denominator == 1


def word_sum(question: str, solution: str) -> str:
    """One sum for a solution's calculations, "" when it does not come to one of at most three operations."""
    calculations = _CALCULATION.findall(solution)
    wanted = _result(solution.rpartition("####")[2])
    if not calculations or wanted is None or len(question) > asking.MAX_STORY:
        return ""
    known: list[tuple[Fraction, ex.Node]] = []
    try:
        for sides in calculations:
            node = _linked(ex.parse(ex.tokens(reading.signs(sides[0]))), known)
            known.append((ex.evaluate(node), node))
        node = known[-1][1]
        if len(known) > 1 or ex.evaluate(node) != wanted or len(ex.operations(node)) > MAX_OPERATIONS:
            return ""
        story = asking.normal(question)
        text = ex.render(_as_in(node, story))
    except ex.UnreadableError:
        return ""
    unit = _UNIT.search(story)
    text += f" | {unit[1]}" if unit and not re.search(r"[£$]", text) else ""
    found = asking.parse(text, story)
    return text if found is not None and found.value == wanted else ""


def _result(words: str) -> Fraction | None:
    try:
        return Fraction(words.strip().replace(",", "").replace("$", ""))
    except ValueError:
        return None


def _linked(node: ex.Node, known: list[tuple[Fraction, ex.Node]]) -> ex.Node:
    """The calculation with the results of earlier ones put in as the sums that they came from."""
    if isinstance(node, ex.Num):
        for index in range(len(known) - 1, -1, -1):
            if known[index][0] == node.value:
                return known.pop(index)[1]
        return ex.Num(node.value, node.text)
    if isinstance(node, ex.Op):
        return ex.Op(node.sign, _linked(node.left, known), _linked(node.right, known))
    raise ex.UnreadableError("no sum of ours")


def _as_in(node: ex.Node, story: str) -> ex.Node:
    """The sum with its numbers written as the story writes them, money with its sign."""
    if isinstance(node, ex.Op):
        return ex.Op(node.sign, _as_in(node.left, story), _as_in(node.right, story))
    if isinstance(node, ex.Num):
        for value, unit in asking.numbers_in(story):
            if value == node.value and unit:
                return ex.Num(node.value, node.text, unit)
    return node
