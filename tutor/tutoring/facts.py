"""Facts: every problem in a learner's words, worked exactly, within bounds of size and time."""

import re
from functools import lru_cache
from typing import Final

from tutor.domain import Fact
from tutor.tutoring import (
    averages,
    divisors,
    equations,
    money,
    ordering,
    percentages,
    ratio,
    reading,
    roots,
    sequences,
    shapes,
    times,
    units,
    worked,
)
from tutor.tutoring import expressions as ex

MAX_FACTS: Final = 4
MAX_SPAN: Final = 120
"""Characters of one expression."""

FINDERS: Final = (
    times.found_in,
    ratio.found_in,
    shapes.found_in,
    averages.found_in,
    money.found_in,
    sequences.found_in,
    divisors.found_in,
    roots.found_in,
    units.found_in,
    percentages.found_in,
    ordering.found_in,
)
"""In order: where two see a problem in the same place, the first has it."""

_CUE = re.compile(
    r"\b(?:what|whats|what's|wats|wots|work|calculate|solve|find|how|answer|is|do|does|did|got|get|think|help|check|equals?|sum|and|stuck|for)\b|[=?]"
)
_RANGE = re.compile(r"\b(?:pages?|ages?|aged|years?|chapters?|questions?|won|lost|score|room|class|verses?)\s*$")


def facts_in(text: str) -> tuple[Fact, ...]:
    """Problems in the text, in order, at most `MAX_FACTS`, each worked with steps and hints. Never raises."""
    return _kept(text) if len(text) <= reading.MAX_TEXT else _found(text)


@lru_cache(64)
def _kept(text: str) -> tuple[Fact, ...]:
    """The rules for a learner's wish, for an attempt and for the next move all ask for those of one message."""
    return _found(text)


def _found(text: str) -> tuple[Fact, ...]:
    plain = reading.plain(text)
    found: list[tuple[int, int, Fact]] = []
    for finder in FINDERS:
        for start, end, fact in finder(plain):
            if all(end <= s or start >= e for s, e, _ in found):
                found.append((start, end, fact))
        for start, end, _ in found:
            plain = plain[:start] + "\n" * (end - start) + plain[end:]
    found += _expressions(plain, text)
    found.sort(key=lambda item: item[0])
    unique: dict[str, Fact] = {}
    for _, _, fact in found:
        unique.setdefault(fact.question, fact)
    return tuple(unique.values())[:MAX_FACTS]


def runs(plain: str) -> list[tuple[int, list[tuple[str, str]], str]]:
    """Longest stretches of maths tokens: where, the tokens, the text."""
    found: list[tuple[int, list[tuple[str, str]], str]] = []
    items: list[tuple[str, str]] = []
    start = at = 0
    while at < len(plain):
        match = ex.TOKEN.match(plain, at)
        if match is None or match.end() == at or (match.lastgroup == "letter" and _a_word(plain, match)):
            if items:
                found.append((start, items, plain[start:at]))
            items = []
            at += 1
            continue
        if match.lastgroup != "space":
            if not items:
                start = at
            items.append((match.lastgroup or "", match[0]))
        at = match.end()
    if items:
        found.append((start, items, plain[start:at]))
    return found


def _a_word(plain: str, match: re.Match[str]) -> bool:
    """Whether a lone letter is a word ("a", "u r") and no unknown: an unknown stands beside a sign or a number."""
    before, after = plain[: match.start()].rstrip(" "), plain[match.end() :].lstrip(" ")
    tight = match.start() > 0 and plain[match.start() - 1].isdigit()
    return not (tight or (before and before[-1] in "+-*/÷=(<>") or (after and after[0] in "+-*/÷=)^<>"))


def _trimmed(items: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Without leading and trailing signs that belong to the sentence."""
    while items and items[-1][0] == "op" and items[-1][1] != ")":
        items = items[:-1]
    while items and items[0][0] == "op" and items[0][1] not in ("(", "-", "√"):
        items = items[1:]
    opened = sum(t == "(" for _, t in items) - sum(t == ")" for _, t in items)
    while opened < 0 and items and items[-1] == ("op", ")"):
        items, opened = items[:-1], opened + 1
    return items


def _expressions(plain: str, text: str) -> list[tuple[int, int, Fact]]:
    found: list[tuple[int, int, Fact]] = []
    for start, items, span in runs(plain)[:40]:
        if len(found) >= MAX_FACTS:
            break
        if len(span) > MAX_SPAN or len(items) > ex.MAX_TOKENS:
            continue
        items = _trimmed(items)
        if (
            not items
            or (len(items) < 2 and not _division(plain, start, span, items))
            or not _meant(plain, start, span, items)
        ):
            continue
        try:
            found.append((start, start + len(span), _fact(items, span)))
        except ex.UnreadableError:
            continue
    return found


def _meant(plain: str, start: int, span: str, items: list[tuple[str, str]]) -> bool:
    """Whether a stretch is a problem: `5-7` in "ages 5-7" and a date are not."""
    signs = [t for k, t in items if k == "op"]
    alone = plain.strip(" \n?.!").removeprefix("-") == span.strip(" \n?.!").removeprefix("-")
    if re.fullmatch(r"\s*\d{1,2}/\d{1,2}/\d{2,4}\s*", span) or _RANGE.search(plain[:start]):
        return False
    if not any(k in ("number", "fraction", "mixed", "money", "pence") for k, _ in items):
        return False
    tight = re.search(r"\d-\d", span) and " " not in span.strip() and not set(signs) - {"-"}
    if tight and len(signs) > 1 and "=" not in signs:
        return False  # a telephone number, a date
    if tight and not alone:
        return bool(_CUE.search(plain[:start] + plain[start + len(span) :]) or "=" in span)
    return True


def _division(plain: str, start: int, span: str, items: list[tuple[str, str]]) -> bool:
    """Whether a lone `12/4` is a division: it stands alone or after a question word, and comes out even."""
    kind, words = items[0]
    if kind != "fraction" or int(words.split("/")[0]) % max(int(words.split("/")[1]), 1):
        return False
    alone = plain.strip(" \n?.!=") == words
    return alone or bool(re.search(r"\b(?:what is|what's|whats|work out|calculate)\s*$", plain[:start]))


def _fact(items: list[tuple[str, str]], span: str) -> Fact:
    sides = [[]]  # type: list[list[tuple[str, str]]]
    for item in items:
        if item == ("op", "="):
            sides.append([])
        elif item in (("op", "<"), ("op", ">")):
            raise ex.UnreadableError("an inequality")
        else:
            sides[-1].append(item)
    if len(sides) == 1:
        node = ex.parse(items)
        if ex.letters(node):
            raise ex.UnreadableError("a term")
        return _value(node)
    if len(sides) > 2 or not sides[0] or not sides[1]:
        raise ex.UnreadableError("no equation")
    left, right = ex.parse(sides[0]), ex.parse(sides[1])
    if not ex.letters(left) and not ex.letters(right):  # "7 x 8 = 54" is a problem with an attempt
        return _value(left if not isinstance(left, ex.Num) else right)
    if left == ex.Var("__") and not ex.letters(right):
        return _value(right)
    if isinstance(left, ex.Var) and isinstance(right, ex.Num):
        raise ex.UnreadableError("an answer, no problem")
    ex.unit_of(left), ex.unit_of(right)
    question = ""
    if re.search(r"_ ?/|/ ?_", span):
        question = f"{ex.render(left)} = {ex.render(right)}".replace(" ÷ ", "/")
    return equations.equation(left, right, question)


def _value(node: ex.Node) -> Fact:
    if isinstance(node, ex.Num):
        if "/" in node.text and " " not in node.text and node.value.denominator == 1:
            top, bottom = (abs(int(n)) for n in node.text.split("/"))
            return _value(ex.parse([("number", str(top)), ("op", "÷"), ("number", str(bottom))]))
        raise ex.UnreadableError("a number alone")
    if isinstance(node, ex.Neg) and isinstance(node.inner, ex.Num):
        raise ex.UnreadableError("a number alone")
    return worked.expression(node)
