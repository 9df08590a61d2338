"""What the sum reader learns from: stories with the steps of their sums, from our templates and from GSM8K."""

import gzip
import json
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path
from random import Random
from typing import Final

from tutor.tutoring import expressions as ex
from tutor.tutoring import reading, story_numbers, sum_steps, word_sums
from tutor.tutoring.story_numbers import Quantity, Slotted, index_of, slotted
from tutor.workshop.writing import word_problems, word_problems_gsm

COLLECTED_STEPS: Final = 3
"""Steps of a row of GSM8K that is learned from; longer ones are no problems of ours."""
_TRIES: Final = 120
_CALCULATION: Final = re.compile(r"<<([^=<>]+)=([^<>]+)>>")


@dataclass(frozen=True, slots=True)
class Example:
    """A story and its sum as steps."""

    story: str
    """Normal."""
    slotted: Slotted
    steps: tuple[sum_steps.Step, ...]
    sum: ex.Node
    source: str
    """The template's story, or "gsm8k"."""

    @property
    def value(self) -> Fraction:
        return ex.evaluate(self.sum)


def example(story: str, node: ex.Node, source: str) -> Example | None:
    """None when the sum has numbers or steps that the reader cannot choose."""
    plain = story_numbers.told(story)
    seen = slotted(plain)
    steps = steps_of(node, seen.quantities)
    if not steps:
        return None
    return Example(plain, seen, steps, node, source)


def steps_of(node: ex.Node, quantities: tuple[Quantity, ...]) -> tuple[sum_steps.Step, ...]:
    """The sum's steps, inner ones first, left before right; the same inner sum is worked once. Empty: not possible."""
    items = sum_steps.start(quantities)
    used = [0] * len(quantities)
    known: dict[ex.Node, int] = {}
    steps: list[sum_steps.Step] = []

    def place(of: ex.Node) -> int | None:
        nonlocal items
        if isinstance(of, ex.Num):
            at = index_of(of, quantities, used)
            if at is not None:
                used[at] += 1
            return at
        if not isinstance(of, ex.Op) or of.sign not in "+-×÷":
            return None
        if isinstance(of.left, ex.Op) and of.left.sign == "+" and of.left.left == of.left.right and of.sign in "+-":
            of = ex.Op("+", of.left.left, ex.Op(of.sign, of.left.right, of.right))  # a + a - b: the second is a - b
        if of in known:
            return known[of]
        left, right = place(of.left), place(of.right)
        if left is None or right is None or left == right:
            return None
        sign = sum_steps.SIGNS.index(of.sign)
        sign += left > right and of.sign in "-÷"
        step = sum_steps.Step(min(left, right), max(left, right), sign, False)
        after = sum_steps.joined(items, step)
        if after is None:
            return None
        items = after
        steps.append(step)
        known[of] = len(items) - 1
        return known[of]

    if place(node) is None or not 1 <= len(steps) <= sum_steps.MAX_STEPS:
        return ()
    last = steps[-1]
    steps[-1] = sum_steps.Step(last.left, last.right, last.sign, True)
    items = sum_steps.start(quantities)
    for step in steps:
        choices = sum_steps.Choices(items)
        at = row_of(choices, step)
        if not choices.allowed[at, step.kind]:
            return ()
        after = sum_steps.joined(items, step)
        if after is None:
            return ()
        items = after
    return tuple(steps)


def row_of(choices: sum_steps.Choices, step: sum_steps.Step) -> int:
    """The row of a step's pair."""
    count = len(choices.items)
    i, j = step.left, step.right
    return i * (2 * count - i - 1) // 2 + (j - i - 1)


# --- our templates ---------------------------------------------------------------------------------------------------


def of_template(rng: Random, template: word_problems.Template) -> Iterator[Example]:
    """Stories of one template, as many as make examples of a bounded number."""
    for story, asked in islice(word_problems.of_templates(rng, [template]), _TRIES):
        node = ex.parse(ex.tokens(reading.signs(asked.partition("|")[0]).strip()))
        found = example(story, node, template.story)
        if found is not None:
            yield found


def from_templates(rng: Random, each: int, part: str) -> list[Example]:
    """`each` stories of every template of a part: train, development or test."""
    return told(rng, each, [t for t in word_problems.templates() if part_of(t) == part])


def told(rng: Random, each: int, templates: Sequence[word_problems.Template]) -> list[Example]:
    """`each` stories of every template."""
    return [one for t in templates for one in islice(of_template(Random(rng.random()), t), each)]


def part_of(template: word_problems.Template) -> str:
    """train, development or test."""
    return "train" if not template.held else "development" if template.development else "test"


# --- GSM8K -----------------------------------------------------------------------------------------------------------


def collected(folder: Path, part: str) -> list[Example]:
    """GSM8K's training rows whose solution is one sum; six in seven for training, the rest halved as the templates."""
    path = folder / word_problems_gsm.FILE
    if not path.is_file():
        return []
    found = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            mark = zlib.crc32(row["question"].encode())
            held = mark % 7 == 0
            if part != ("train" if not held else "development" if mark // 7 % 2 == 0 else "test"):
                continue
            one = solved(row["question"], row["answer"])
            if one is not None:
                found.append(one)
    return found


def solved(question: str, solution: str) -> Example | None:
    """A row as an example; None when its calculations do not come to one sum of the story's numbers."""
    wanted = _result(solution.rpartition("####")[2])
    if wanted is None or len(question) > word_sums.MAX_STORY:
        return None
    story = word_sums.normal(question)
    have = {q.value: q.node for q in reversed(slotted(story).quantities)}
    known: dict[Fraction, ex.Node] = {}
    node: ex.Node | None = None
    try:
        for sides in _CALCULATION.findall(solution):
            plain = re.sub(r"(?<=[\d)]) ?/ ?(?=[\d(.])", "÷", reading.signs(sides[0]))
            node = _linked(ex.parse(ex.tokens(plain)), known, have)
            known[ex.evaluate(node)] = node
        if node is None or not isinstance(node, ex.Op) or ex.evaluate(node) != wanted:
            return None
    except ex.UnreadableError:
        return None
    return example(question, node, "gsm8k")


def _linked(node: ex.Node, known: dict[Fraction, ex.Node], have: dict[Fraction, ex.Num]) -> ex.Node:
    """The calculation over the story's numbers: results of earlier ones as their sums, a written part as one number."""
    if isinstance(node, ex.Num):
        if node.value in known and (node.value not in have or _latest(known, node.value)):
            return known[node.value]
        return have.get(node.value, ex.Num(node.value, node.text))
    if isinstance(node, ex.Op):
        if node.sign == "÷" and isinstance(node.left, ex.Num) and isinstance(node.right, ex.Num) and node.right.value:
            part = node.left.value / node.right.value
            if part < 1 and part in have:
                return have[part]
        left, right = _linked(node.left, known, have), _linked(node.right, known, have)
        if node.sign == "÷" and isinstance(right, ex.Num) and right.value not in have and right.value:
            part = 1 / right.value
            if part in have:
                return ex.Op("×", left, have[part])
        return ex.Op(node.sign, left, right)
    raise ex.UnreadableError("no sum of ours")


def _latest(known: dict[Fraction, ex.Node], value: Fraction) -> bool:
    """Whether a result is the one that was just worked out: then it is meant, not a number of the story."""
    return next(reversed(known)) == value


def _result(words: str) -> Fraction | None:
    try:
        return Fraction(words.strip().replace(",", "").replace("$", ""))
    except ValueError:
        return None
