"""Averages worked in steps: mean, median, mode and range of a list of numbers."""

import re
from collections import Counter
from fractions import Fraction
from itertools import islice
from typing import Final

from tutor.domain import Fact
from tutor.tutoring import found

_WHAT = r"(?P<what>mean average|mean|average|averege|avrage|avarage|avg|median|medain|mode|range)"
_FILL = (
    r"(?: (?:of|for|in|from|is|are|the|these|this|those|my|numbers?|data|list|set|values|scores|marks|following"
    r"|here|average|value)){0,5}(?: ?[:=,]| -(?= ))? ?"
)
_MORE = _WHAT.replace("?P<what>", "?:")
AFTER: Final = re.compile(
    rf"\b(?P<all>(?:{_MORE}(?: ?, ?(?:and )?| and | & | n | )){{0,3}}{_WHAT}){_FILL}(?P<list>{found.LIST})"
)
_NAMES: Final = {"me": "median", "mo": "mode", "ra": "range"}
BEFORE: Final = re.compile(
    rf"(?<![\w.:£/%+*-])(?P<list>{found.LIST})[ ,.:?;-]{{0,3}}(?:(?:what|whats|what's|what is|find|work out|calculate"
    rf"|get|is|the|their|for|mean is|me|i need|need)[ ]){{0,4}}{_WHAT}\b"
)


def _name(word: str) -> str:
    """The right spelling: mean, median, mode or range."""
    return "mean" if word.startswith("mea") else _NAMES.get(word[:2], "mean")


def _list(match: re.Match[str], word: str = "") -> Fact | None:
    what = _name(word or match["what"])
    values = found.values_of(match["list"])
    if len(values) < 2 or (len(values) == 2 and what in ("mode",)):
        return None
    shown = [found.plainly(v) for v in values]
    listed = found.in_words(shown)
    made = {"mean": _mean, "median": _median, "mode": _mode, "range": _range}[what](values)
    if made is None:
        return None
    answer, steps, answers = made
    in_order = found.in_words([found.plainly(v) for v in sorted(values)])
    question = f"{what} of {listed}"
    return found.fact(
        "average", "averages", question, answer, [s.replace("ORDER", in_order) for s in steps],
        hint=what, answers=answers, given=values, a=listed, n=len(values),
    )  # fmt: skip


_Made = tuple[str, list[str], list[Fraction]]


def _mean(values: list[Fraction]) -> _Made:
    total, result = sum(values, Fraction(0)), sum(values, Fraction(0)) / len(values)
    answer = found.plainly(result)
    added = " + ".join(f"({found.plainly(v)})" if v < 0 and i else found.plainly(v) for i, v in enumerate(values))
    return answer, [f"{added} = {found.plainly(total)}", f"{found.plainly(total)} ÷ {len(values)} = {answer}"], [result]


def _median(values: list[Fraction]) -> _Made:
    ordered = sorted(values)
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    result = (low + high) / 2
    answer = found.plainly(result)
    steps = ["in order: ORDER"]
    if low != high:
        a, b = found.plainly(low), found.plainly(high)
        total = found.plainly(low + high)
        steps += [f"the two in the middle: {a} and {b}", f"{a} + {f'({b})' if high < 0 else b} = {total}"]
        steps += [f"{total} ÷ 2 = {answer}"]
    else:
        steps += [f"in the middle: {answer}"]
    return answer, steps, [result]


def _mode(values: list[Fraction]) -> _Made | None:
    counts = Counter(values)
    most = max(counts.values())
    modes = sorted(v for v, n in counts.items() if n == most)
    if most == 1 or len(modes) > 3 or len(modes) == len(counts) > 1:
        return None
    answer = found.in_words([found.plainly(v) for v in modes])
    how = "twice" if most == 2 else f"{most} times"
    return answer, ["in order: ORDER", f"there {how}: {answer}"], modes


def _range(values: list[Fraction]) -> _Made:
    low, high = min(values), max(values)
    answer = found.plainly(high - low)
    second = f"({found.plainly(low)})" if low < 0 else found.plainly(low)
    return answer, [f"{found.plainly(high)} - {second} = {answer}"], [high - low]


def found_in(text: str) -> found.Found:
    """Problems about averages in plain text, with their place."""
    if not re.search(r"\b(?:mean|av\w{1,6}|med\w{3,4}|mode|range)\b", text):
        return []
    facts: found.Found = []
    for match in islice(AFTER.finditer(text), found.MAX_MATCHES):
        names = list(dict.fromkeys(_name(word) for word in re.findall(_MORE, match["all"])))
        for i, name in enumerate(names):  # "mean and range of ..." is one problem for each name
            fact = _list(match, name)
            if fact is not None:
                start = match.start() + i
                facts.append((start, start + 1 if i + 1 < len(names) else match.end(), fact))
    return facts + found.matched(text, [(BEFORE, _list)])
