"""Sequences worked in steps: the next or the missing term where the same number is added or multiplied each time."""

import re
from fractions import Fraction
from itertools import pairwise
from typing import Final

from tutor.domain import Fact
from tutor.tutoring import found

_TERM = r"-?\d{1,7}(?:\.\d{1,3})?"
_GAP = r"(?:_+|\?)"
_BETWEEN = r"(?: ?, ?(?:and )?| and | )"
_RUN = rf"(?P<terms>{_TERM}(?:{_BETWEEN}{_TERM}){{2,9}})(?![\w/%:]|\.\d| ?[*÷/+^=])"
_END = r"(?P<end> ?,? ?(?:\.\.+|…|_+|\?+)(?: ?,? ?(?:\.\.+|…|_+|\?+))*)"
_ASK = (
    r"(?:next|nxt|continue|carry on|comes after|come next|comes next|sequence|sequance|pattern|goes next|term after"
    r"|number after)"
)
_FILL = (
    r"(?: (?:term|terms|number|no|numbers|one|1(?= [a-z])|value|in|of|the|this|is|for|sequence|sequance|pattern|series"
    r"|list|with|after|goes|rule|that)){0,8}(?: ?[:=,]| -(?= ))? ?"
)
NEXT: Final = (
    re.compile(rf"\b{_ASK}{_FILL}{_RUN}"),
    re.compile(rf"(?<![\w.:£/%+*-]){_RUN}{_END}"),
    re.compile(rf"(?<![\w.:£/%+*-]){_RUN}[ ,.;:?-]{{0,3}}(?:(?:what|whats|what's|wats|is|the|find|which|and"
               rf"|then|number|comes|goes|term|work out|are) ){{0,4}}{_ASK}\b"),
)  # fmt: skip
MISSING: Final = re.compile(
    rf"(?<![\w.:£/%+*-])(?P<row>{_TERM}(?: ?, ?(?:{_TERM}|{_GAP})){{3,9}})(?![\w/%:]|\.\d| ?[*÷/+^=])"
)


def _next(match: re.Match[str]) -> Fact | None:
    terms = found.values_of(match["terms"])
    if len(terms) < 3:
        return None
    gaps = {b - a for a, b in pairwise(terms)}
    shown = [found.plainly(t) for t in terms]
    question = f"next term in {', '.join(shown)}"
    a, b, last = shown[0], shown[1], shown[-1]
    if len(gaps) == 1 and 0 not in gaps:
        gap = gaps.pop()
        result, size, sign = terms[-1] + gap, found.plainly(abs(gap)), "+" if gap > 0 else "-"
        first = f"{b} - {_inside(a)} = {size}" if gap > 0 else f"{a} - {_inside(b)} = {size}"
        hint, step = "next_added", abs(gap)
    else:
        if 0 in terms:
            return None
        factors = {y / x for x, y in pairwise(terms)}
        if len(factors) != 1:
            return None
        factor = factors.pop()
        if factor in (0, 1) or factor < 0 or (factor.denominator != 1 and factor.numerator != 1):
            return None
        up = factor > 1
        step = factor if up else 1 / factor
        result, size, sign = terms[-1] * factor, found.plainly(step), "×" if up else "÷"
        first = f"{b} ÷ {_inside(a)} = {size}" if up else f"{a} ÷ {_inside(b)} = {size}"
        hint = "next_multiplied" if up else "next_divided"
    answer = found.plainly(result)
    if "/" in answer or abs(result) > 10**9:
        return None
    return found.fact(
        "sequence", "sequences", question, answer, [first, f"{last} {sign} {size} = {answer}"],
        hint=hint, answers=[result], given=terms, first=a, second=b, last=last,
    )  # fmt: skip


def _inside(words: str) -> str:
    return f"({words})" if words.startswith("-") else words


def _missing(match: re.Match[str]) -> Fact | None:
    row = [None if re.fullmatch(_GAP, word) else Fraction(word) for word in re.split(r" ?, ?", match["row"])]
    gaps = [i for i, term in enumerate(row) if term is None]
    if gaps == [len(row) - 1]:
        words = ", ".join(found.plainly(t) for t in row if t is not None)
        again = re.fullmatch(_RUN, words)
        return _next(again) if again else None
    if len(gaps) != 1:
        return None
    at = gaps[0]
    before, after = row[at - 1], row[at + 1]
    if before is None or after is None or before == after:
        return None
    gap, result = (after - before) / 2, (after + before) / 2
    full = [result if term is None else term for term in row]
    if any(b - a != gap for a, b in pairwise(full)):
        return None
    size, sign = found.plainly(abs(gap)), "+" if gap > 0 else "-"
    a, b, answer = found.plainly(before), found.plainly(after), found.plainly(result)
    away = found.plainly(abs(after - before))
    first = f"{b} - {_inside(a)} = {away}" if gap > 0 else f"{a} - {_inside(b)} = {away}"
    shown = ", ".join("__" if term is None else found.plainly(term) for term in row)
    return found.fact(
        "sequence", "sequences", f"missing term in {shown}", answer,
        [first, f"{away} ÷ 2 = {size}", f"{a} {sign} {size} = {answer}"],
        hint="missing_term", answers=[result], given=[t for t in row if t is not None], a=a, b=b,
    )  # fmt: skip


def found_in(text: str) -> found.Found:
    """Problems about sequences in plain text, with their place."""
    if not re.search(r"\d[ ,]+(?:and )?(?:-?\d[\d.]*|_+|\?)[ ,]+(?:and )?[-\d_?]", text):
        return []
    return found.matched(text, [(MISSING, _missing), *((p, _next) for p in NEXT)])
