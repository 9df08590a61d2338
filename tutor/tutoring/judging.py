"""Is one statement true? Exact values of both sides, with units, unknowns and remainders."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from tutor.domain import Fact
from tutor.tutoring import expressions as ex
from tutor.tutoring import numbers, reading, symbolic
from tutor.tutoring.statements import Evaluator, Item, Quantity, Statement, UnknownError, loose

RIGHT: Final = "right"
WRONG: Final = "wrong"
UNREAD: Final = "unread"
NOTHING: Final = "nothing"
"""No claim: a gap, a loose "is"."""

_OPERANDS: Final = ("quantity", "letter", "gap")


@dataclass(frozen=True, slots=True)
class Judged:
    """One statement with its verdict; where it is wrong by one number, that number and the right one."""

    text: str
    verdict: str
    said: str = ""
    right: str = ""


def known_values(facts: Sequence[Fact]) -> list[dict[str, Fraction]]:
    """Values of unknowns that the facts solve; several when an equation has several solutions. At least [{}]."""
    options: list[dict[str, Fraction]] = [{}]
    for fact in facts[:8]:
        if fact.kind != "equation":
            continue
        found: list[tuple[str, Fraction]] = []
        for part in fact.answer.split(" or "):
            name, _, words = part.rpartition("=")
            value = numbers.number(reading.plain(words))
            if value is not None:
                found.append((name.strip() or "__", value))
        if found:
            options = [{**option, name: value} for option in options for name, value in found][:8]
    return options


def judge(statement: Statement, options: Sequence[dict[str, Fraction]]) -> Judged:
    """The verdict on one statement under any of the `options` for its unknowns."""
    kinds = {item[0] for item in statement.left + statement.right}
    if not kinds & {"quantity", "letter"}:
        return Judged(statement.text, NOTHING)
    if loose(statement):
        return Judged(statement.text, NOTHING)
    try:
        verdicts = [_holds(statement, option) for option in options]
    except UnknownError:
        return Judged(statement.text, _without_values(statement))
    except ex.UnreadableError:
        return Judged(statement.text, _with_roots(statement))
    if None in verdicts:
        return Judged(statement.text, NOTHING)
    if any(verdicts):
        return Judged(statement.text, RIGHT)
    said, right = _repair(statement, options[0])
    return Judged(statement.text, WRONG, said, right)


def _without_values(statement: Statement) -> str:
    """An equation whose unknown nobody has solved: a gap claims nothing, an identity is right, the rest is unread."""
    if any(item[0] == "gap" for item in statement.left + statement.right):
        return NOTHING
    if statement.relation not in ("=", "is"):
        return UNREAD
    try:
        return RIGHT if symbolic.same(_tree(statement.left), _tree(statement.right)) else UNREAD
    except ex.UnreadableError:
        return UNREAD


def _with_roots(statement: Statement) -> str:
    """A statement that fractions cannot decide: an irrational root in it goes to SymPy, the rest is unread."""
    unread = NOTHING if statement.relation == "is" else UNREAD
    if statement.relation != "=" or not any(item[1] == "√" for item in statement.left + statement.right):
        return unread
    try:
        same = symbolic.same(_tree(statement.left), _tree(statement.right))
    except ex.UnreadableError:
        return unread
    return unread if same is None else RIGHT if same else WRONG


def _tree(side: tuple[Item, ...]) -> ex.Node:
    text = " ".join(item[1] for item in side)
    return ex.parse(ex.tokens(text))


def left_side(statement: Statement, values: dict[str, Fraction]) -> tuple[Quantity, tuple[Item, ...]]:
    """Value of the left side; numbers before it that do not belong to it are left out."""
    return _side(statement.left, values, [statement.left[i:] for i in range(1, len(statement.left))], after=True)


def right_side(statement: Statement, values: dict[str, Fraction]) -> tuple[Quantity, tuple[Item, ...]]:
    """Value of the right side; numbers after it that do not belong to it are left out."""
    shorter = [statement.right[:-i] for i in range(1, len(statement.right))]
    return _side(statement.right, values, shorter, after=False)


def _side(
    items: tuple[Item, ...], values: dict[str, Fraction], shorter: list[tuple[Item, ...]], *, after: bool
) -> tuple[Quantity, tuple[Item, ...]]:
    if items[0][0] == "of" and after and any(item[0] in ("op", "letter") for item in items):
        items, shorter = items[1:], shorter[1:]  # "both sides of 2x + 3 = 11"
    try:
        return Evaluator(items, values).whole(), items
    except UnknownError:
        raise
    except ex.UnreadableError:
        if (items[0][0] == "op" and items[0][1] in "+*/÷^") or (
            items[-1][0] in ("op", "of") and items[-1][1] not in ")-"
        ):
            raise
    for part in shorter[:20]:
        cut = items[len(items) - len(part) - 1] if after else items[len(part)]
        edge = part[0] if after else part[-1]
        if not (cut[0] in _OPERANDS or cut[1] in ")(-") or (edge[0] not in _OPERANDS and edge[1] not in "()√-"):
            continue
        try:
            return Evaluator(part, values).whole(), part
        except ex.UnreadableError:
            continue
    raise ex.UnreadableError("no side of a statement")


def _bare(items: tuple[Item, ...]) -> bool:
    return len(items) == 1 and items[0][0] == "quantity"


def _holds(statement: Statement, values: dict[str, Fraction]) -> bool | None:
    """True, false, or None for no claim. Raises UnreadableError."""
    if any(item[0] == "remainder" for item in statement.right):
        return _remainder(statement, values)
    left, left_items = left_side(statement, values)
    right, right_items = right_side(statement, values)
    equal = same(left, right)
    if not equal and statement.relation in ("=", "is") and _unsure(statement, left, right, left_items, right_items):
        raise ex.UnreadableError("not surely a claim")
    if statement.relation in ("=", "is", "!="):
        if statement.relation == "!=":
            return not equal
        if statement.relation == "is" and not equal and _bare(left_items) and _bare(right_items):
            return None if not _forms_differ(left_items[0], right_items[0]) else False
        return equal
    if statement.relation == "~":
        return None if not equal else True
    if left.unit and right.unit and left.unit.kind != right.unit.kind:
        raise ex.UnreadableError("different units")
    a, b = (left.base, right.base) if left.unit and right.unit else (_plain(left), _plain(right))
    return a > b if statement.relation == ">" else a < b


_CONTINUED: Final = re.compile(r"[^\s(\[:;,\"'*]$|[-+*÷/] ?(?:[a-z']+ ){1,3}$")
"""What shows that the left side goes on to the left: a sign glued to it, or `7 + her `."""
_AMOUNT_OF: Final = re.compile(
    r"\b(?:total|sum|profit|difference|length|cost|area|weight|score|distance|perimeter"
    r"|sides|answer|result|short|amount|average) $"
)
_CLAUSE: Final = re.compile(r"(?:^|[,;:.?]|\bso|\bthen|\bthat)\s*$")


def _unsure(
    statement: Statement, left: Quantity, right: Quantity, left_items: tuple[Item, ...], right_items: tuple[Item, ...]
) -> bool:
    """Whether unequal sides need be no wrong claim: `9m = 27`, "what she writes in 4 hours is 3 × 4"."""
    whole_left = statement.left
    if whole_left[0][0] == "of" and _AMOUNT_OF.search(statement.before):
        whole_left = whole_left[1:]
    if left_items != whole_left or right_items != statement.right or _CONTINUED.search(statement.before):
        return True
    if (left.unit is None) != (right.unit is None):
        if any(re.search(r"\d[a-z]$", item[1]) for item in (*left_items, *right_items)):
            return True  # 3m may be three metres or three times m
        if statement.relation == "is" and (_bare(left_items) or _bare(right_items)):
            return True
    if statement.relation == "is" and _bare(left_items) and not _bare(right_items):
        return not _CLAUSE.search(statement.before)
    return False


def _plain(quantity: Quantity) -> Fraction:
    return quantity.base if quantity.unit and quantity.unit.kind == "percent" else quantity.value


def same(left: Quantity, right: Quantity) -> bool:
    """Whether two quantities are equal. A missing unit is overlooked. Raises UnreadableError: litres and metres."""
    if left.unit and right.unit:
        if left.unit.kind == right.unit.kind:
            return left.base == right.base
        if "percent" not in (left.unit.kind, right.unit.kind):
            raise ex.UnreadableError("different units")
    return left.value == right.value or _plain(left) == _plain(right)


def _forms_differ(left: Item, right: Item) -> bool:
    """Whether "a is b" between lone numbers claims that they are equal: 3/4 and 0.75, 2 hours and 120 minutes."""
    a, b = left[2], right[2]
    if a is None or b is None:
        return False
    if a.unit and b.unit:
        return a.unit != b.unit and "percent" not in (a.unit.kind, b.unit.kind)
    forms = {"%" if q.unit else numbers.style_of(item[1]) for q, item in ((a, left), (b, right))}
    return len(forms) == 2 and "whole" not in forms and (not (a.unit or b.unit) or "%" in forms)


def _remainder(statement: Statement, values: dict[str, Fraction]) -> bool:
    at = next(i for i, item in enumerate(statement.right) if item[0] == "remainder")
    quotient = Evaluator(statement.right[:at], values).whole().value
    rest = statement.right[at + 1][2] if len(statement.right) > at + 1 else None
    parts = [item[2] for item in statement.left if item[0] == "quantity"]
    signs = [item[1] for item in statement.left if item[0] != "quantity"]
    if rest is None or len(parts) != 2 or signs not in (["÷"], ["/"]) or parts[0] is None or parts[1] is None:
        raise ex.UnreadableError("no division before the remainder")
    return parts[0].value == parts[1].value * quotient + rest.value and 0 <= rest.value < parts[1].value


def _repair(statement: Statement, values: dict[str, Fraction]) -> tuple[str, str]:
    """The wrong number and the right one, ("", "") when either side could be at fault."""
    if statement.relation not in ("=", "is") or any(item[0] == "remainder" for item in statement.right):
        return "", ""
    left, left_items = left_side(statement, values)
    right, right_items = right_side(statement, values)
    if _bare(right_items) and not _bare(left_items):
        item, value, unit = right_items[0], left, right.unit
    elif _bare(left_items) and not _bare(right_items):
        item, value, unit = left_items[0], right, left.unit
    elif left.unit and right.unit and left.unit != right.unit and left.unit.kind == right.unit.kind != "percent":
        item, value, unit = right_items[0], left, right.unit  # "2 hours = 100 minutes"
    else:
        return "", ""
    amount = value.value
    if unit and value.unit:
        amount = value.base / unit.size
    elif unit and unit.kind == "percent":
        amount = value.value * 100
    return item[1], written_like(item[1], amount)


def written_like(said: str, value: Fraction) -> str:
    """A value in the form of the number it replaces: £, %, unit, fraction or decimal. "" when it does not fit."""
    digits = [i for i, c in enumerate(said) if c.isdigit()]
    if not digits or value.denominator > 10**6:
        return ""
    before, body, after = said[: digits[0]], said[digits[0] : digits[-1] + 1], said[digits[-1] + 1 :]
    if before.strip(" £$€.-"):
        return ""
    if "£" in before and value.denominator != 1:
        return f"{before}{numbers.decimal(value, 2)}" if numbers.terminates(value, 2) else ""
    form = numbers.style_of(body)
    words = numbers.shown(value, "fraction" if form == "fraction" else "decimal")
    if "," in body and value.denominator == 1:
        words = f"{value.numerator:,}"
    return f"{before.rstrip('.-')}{words}{after}"
