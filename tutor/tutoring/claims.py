"""Claims in words: "the answer is 12", "347 rounded to the nearest 10 is 350"."""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from tutor.domain import Fact
from tutor.tutoring.judging import RIGHT, WRONG, Judged, written_like
from tutor.tutoring.numbers import NUMBER, decimal, number
from tutor.tutoring.reveals import answer_values

_ROUNDED: Final = re.compile(
    rf"(?P<a>{NUMBER})(?:,)? (?:is )?round(?:ed|s)? (?:up |down )?(?:to|2) (?:the nearest (?P<to>10{{1,6}}"
    rf"|ten|hundred|thousand|whole number|tenth|hundredth)|(?P<dp>\d) decimal places?)"
    rf"(?:,)? (?:is|=|gives|makes|equals|to) (?P<b>{NUMBER})"
)  # fmt: skip
_STEPS: Final = {"ten": 10, "10": 10, "hundred": 100, "thousand": 1000, "whole number": 1}
_ANSWER: Final = re.compile(
    rf"\b(?:answer|solution|missing number|final result)(?: (?:here|now|to (?:this|it|your question|the"
    rf" problem)))? ?(?:is|=|was|equals|must be|should be|:|is:) (?:just |then |exactly |equal to )?"
    rf"(?P<said>(?:[a-z] ?= ?)?£? ?(?:{NUMBER})(?: ?%|p\b)?)(?P<next> ?[-+*÷/^(]| of\b| remainder \d+| r \d+)?"
)  # fmt: skip


def rounded(plain: str) -> tuple[str, list[Judged]]:
    """Judge roundings, and take them out of the text."""
    judged: list[Judged] = []
    for match in _ROUNDED.finditer(plain):
        a, b = number(match["a"]), number(match["b"])
        if a is None or b is None:
            continue
        to = match["to"] or ""
        small = {"tenth": Fraction(1, 10), "hundredth": Fraction(1, 100)}
        step = (
            Fraction(1, 10 ** int(match["dp"])) if match["dp"] else small.get(to) or Fraction(_STEPS.get(to) or int(to))
        )
        low = a - a % step
        result = low + step if (a - low) * 2 >= step else low
        judged.append(Judged(match[0], RIGHT if b == result else WRONG, match["b"], decimal(result)))
    return _ROUNDED.sub(" ; ", plain), judged


def against(plain: str, facts: Sequence[Fact]) -> tuple[str, list[Judged]]:
    """Judge "the answer is ..." by the facts, and take it out of the text. Without facts nothing is judged."""
    judged: list[Judged] = []
    values = [v for fact in facts for v in answer_values(fact)]
    if not values:
        return plain, []
    for match in _ANSWER.finditer(plain):
        if match["next"]:
            continue
        words = re.sub(r"^[a-z] ?= ?", "", match["said"]).strip()
        said = number(words.strip("£p% "))
        if said is None:
            continue
        forms = {said, said / 100} if words.endswith(("%", "p")) else {said}
        if forms & set(values):
            judged.append(Judged(match[0], RIGHT))
        else:
            right = written_like(words, values[0]) if len(facts) == 1 and len(set(values)) == 1 else ""
            judged.append(Judged(match[0], WRONG, words, right))
        plain = plain.replace(match[0], " ; ", 1)
    return plain, judged
