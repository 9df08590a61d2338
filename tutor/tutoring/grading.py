"""Grading: the answer that a learner gave, and whether it is right, in any equal form."""

import re
from fractions import Fraction
from typing import Final

from tutor.domain import Fact, MathsStatus
from tutor.tutoring import checks, forms, reading
from tutor.tutoring.facts import facts_in
from tutor.tutoring.numbers import NUMBER, number, style_of
from tutor.tutoring.reveals import answer_values
from tutor.tutoring.units import UNITS

_UNIT: Final = "|".join(sorted((n for n in UNITS if n != "in"), key=len, reverse=True))
_VALUE: Final = (
    rf"(?P<value>(?:[a-z] ?= ?)?-?(?:£ ?)?(?:{NUMBER})(?: ?(?:remainder|rem|r) ?\d{{1,6}}| ?%| ?per ?cent"
    rf"| ?(?:{_UNIT})\b)?"
    rf"(?: or (?:[a-z] ?= ?)?-?\d{{1,6}}\b)?)"
)
_CUED: Final = re.compile(
    rf"(?:=|\bis it\b|\bit is\b|\bit's\b|\bits\b|\bis\b|\bthink\b|\bguess\b|\breckon\b|\bgot\b|\bget\b"
    rf"|\bmakes?\b|\bequals?\b|\bmaybe\b|\bcould it be\b"
    rf"|\bwould it be\b|\banswer\b|\bso\b|\bthen\b|\bdoes it make\b|\bi say\b|\bsay\b|\bhas to be\b|\bmust"
    rf" be\b|\bbe\b|\btry\b|\bor\b|\bwith\b|\bsays\b|\bcomes to\b|\bcame to\b)[ :,]*"
    rf"(?:it |it's |its |is |be |about |that |the answer |just |like |um |maybe )*{_VALUE}(?! ?(?:[-+*÷/^]"
    rf"|and \d|of \d))"
)  # fmt: skip
_ANY: Final = re.compile(rf"(?<![\w.]){_VALUE}")
_YES: Final = re.compile(r"\b(?:yes|yeah|yep|yup|ye|true|correct|it is)\b")
_NO: Final = re.compile(r"\b(?:no|nope|nah|false|it isn't|it is not|isnt)\b")
_SAME: Final = re.compile(r"\b(?:equal|same|neither|equivalent)\b")
_FIRST: Final = re.compile(r"\b(?:first|left)(?: one)?\b")
_SECOND: Final = re.compile(r"\b(?:second|last|right) one\b|\bsecond\b")
_ASKS: Final = re.compile(
    r"^\W*(?:what|whats|what's|wats|wots|how|why|can you|could you|pls|please|help|tell me|solve|work out"
    r"|calculate|find)\b"
)
_ASIDE: Final = re.compile(
    r"\b(?:i am \d+$|i have|i had|of us|years? old|yrs? old|year \d|question \d|q\d|page \d|number \d|hint"
    r"|minutes? ago|hours? ago|times already)\b"
)
_BECAUSE: Final = re.compile(r"\b(?:because|cos|cuz|coz|since|as i)\b")
_MAX_WORDS: Final = 4


def attempt_in(text: str, fact: Fact) -> str:
    """The answer given to the problem, as written (in plain signs), "" when none is given."""
    if len(text) > reading.MAX_TEXT:
        return ""
    plain = reading.plain(text).strip()
    if fact.kind == "comparison":
        return _order_in(plain, fact)
    if forms.form_of(fact):
        stated = any(known.question == fact.question for known in facts_in(text))
        found_form = forms.attempt(_without_question(plain, fact), fact, stated=stated)
        own = stated and found_form.lstrip("0") in reading.plain(fact.question)
        return "" if own and not is_right(found_form, fact) else found_form
    if "__" in fact.question and (filled := _filled(plain, fact)):
        return filled
    without = _without_question(plain, fact)
    stated = any(known.question == fact.question for known in facts_in(text))
    for part in dict.fromkeys((_BECAUSE.split(without)[0], without)):
        found = [m["value"].strip() for m in _CUED.finditer(part)]
        if found := [value for value in found if not stated or not _given(value, fact)]:
            return found[-1]
    if stated:
        return ""  # the message states the problem; a number in it is no answer unless it is put forward as one
    if _ASKS.match(plain) or _ASIDE.search(plain) or re.search(r"\d ?[-+*÷/^√] ?\d", re.sub(NUMBER, "1", without)):
        return ""
    alone = [m["value"].strip() for m in _ANY.finditer(without)]
    if len(alone) == 1 and len(without.split()) <= _MAX_WORDS:
        return alone[0]
    return ""


def _given(value: str, fact: Fact) -> bool:
    """Whether a number of a message that states the problem is the problem's own: 24 in "w/8 = 24"."""
    given = {number(n) for n in re.findall(NUMBER, reading.plain(fact.question).replace(" - ", " "))}
    own = re.search(NUMBER, value.rpartition("=")[2])
    if own is None or number(own[0]) not in given:
        return False
    return "=" not in value if "=" in fact.question else not is_right(value, fact)


def _filled(plain: str, fact: Fact) -> str:
    """The number that the learner put into the gap: 5 in "7+5=12" for `7 + __ = 12`."""
    before, after = reading.plain(fact.question).replace(" ", "").split("__", 1)
    match = re.search(rf"{re.escape(before)}({NUMBER}){re.escape(after)}(?!\d)", plain.replace(" ", ""))
    return match[1] if match else ""


def _without_question(plain: str, fact: Fact) -> str:
    """The message without the problem that it repeats."""
    question = reading.plain(fact.question)
    for form in {question, question.replace(" ", "")}:
        plain = plain.replace(form, " ; ")
    parts = [re.escape(part) for part in re.findall(r"[\d.]+|[a-z]+|[^\s\w]", question)]
    if 1 < len(parts) <= 40:
        plain = re.sub(r" ?".join(parts), " ; ", plain)
    return re.sub(r"(?:; )+\s*=", " =", re.sub(r" +", " ", plain))


def _order_in(plain: str, fact: Fact) -> str:
    a, b = _sides(fact)
    question = reading.plain(fact.question)
    if plain.rstrip("?! .") == question.rstrip("?"):
        return ""
    said = re.search(
        rf"(?<![\d/.]){re.escape(a)} ?[<>=] ?{re.escape(b)}|(?<![\d/.]){re.escape(b)} ?[<>=] ?{re.escape(a)}", plain
    )
    if said:
        return said[0]
    if _ASKS.match(plain) or plain.startswith(("is ", "which")):
        return ""
    if _SAME.search(plain):
        return "equal"
    if fact.question.startswith("is "):
        if _NO.search(plain):
            return "no"
        if _YES.search(plain):
            return "yes"
    held = [n for n in (a, b) if re.search(rf"(?<![\d/.]){re.escape(n)}(?![\d/]|\.\d)", plain)]
    if len(held) == 1:
        return held[0]
    if len(held) == 2:
        match = re.search(rf"(?<![\d/.])({re.escape(a)}|{re.escape(b)}) (?:is|are) (?:the )?(\w+)", plain)
        return f"{match[1]} is {match[2]}" if match else ""
    if _FIRST.search(plain):
        return a
    return b if _SECOND.search(plain) else ""


def _sides(fact: Fact) -> tuple[str, str]:
    """The two numbers of a comparison, in the order of its answer."""
    a, _, b = reading.plain(fact.answer).partition(next((s for s in (" > ", " < ") if s in fact.answer), " = "))
    return a.strip(), b.strip()


def is_right(attempt: str, fact: Fact) -> bool:
    """Whether an attempt is the answer: an equal number counts, the wrong unit or the form not asked for does not."""
    plain = reading.plain(attempt).strip(" ?.!")
    if not plain:
        return False
    if fact.kind == "comparison":
        return _order_right(plain, fact)
    if forms.form_of(fact):
        return forms.right(plain, fact)
    answer = reading.plain(fact.answer)
    parts = plain.split(" or ")
    return all(_number_right(part.rpartition("=")[2].strip(), answer, fact) for part in parts)


def _number_right(plain: str, answer: str, fact: Fact) -> bool:
    if match := re.fullmatch(r"(\d+) ?(?:remainder|rem|r) ?(\d+)", plain):
        return f"{int(match[1])} remainder {int(match[2])}" == answer or (int(match[2]) == 0 and match[1] == answer)
    found = re.match(rf"(-?)([£$€] ?)?({NUMBER})\s*(.*)$", plain)
    if found is None:
        return False
    money = re.match("-?([£$€])", answer)
    if found[2] and money and found[2].strip() != money[1]:
        return False
    value = number(found[1] + found[3])
    unit = found[4].strip()
    if value is None or (unit and not _unit_right(unit, answer)):
        return False
    if fact.question.startswith("simplify") or fact.question.endswith("as a fraction"):
        return value in answer_values(fact)[:1] and re.sub(r"[^\d/]", " ", found[3]).split() == answer.split()
    if fact.question.endswith("as a decimal"):
        return style_of(found[3]) != "fraction" and value == answer_values(fact)[0]
    if answer.endswith("%"):
        return value == answer_values(fact)[0]
    if answer.startswith(("£", "-£")) or re.fullmatch(r"-?\d+p", answer):
        return _pounds(value, unit, "p" in answer and not found[2]) == _answer_pounds(answer)
    if unit in ("%", "percent", "per cent"):
        value /= 100
    wanted = answer_values(fact)
    if "remainder" in answer:
        wanted = wanted[1:]
    return value in wanted


def _unit_right(unit: str, answer: str) -> bool:
    if unit in ("%", "percent", "per cent"):
        return True
    given = UNITS.get(unit)
    if answer.startswith(("£", "-£")) or re.fullmatch(r"-?\d+p", answer):
        return given is not None and given.kind == "money"
    match = re.search(r"[a-z]+$", answer)
    wanted = UNITS.get(match[0]) if match else None
    return given is None or wanted is None or given == wanted


def _pounds(value: Fraction, unit: str, pence: bool) -> Fraction:
    if unit in ("p", "penny", "pence") or (pence and not unit and value >= 1):
        return value / 100
    return value


def _answer_pounds(answer: str) -> Fraction | None:
    value = number(answer.replace("£", "").rstrip("p"))
    if value is None:
        return None
    return value / 100 if answer.endswith("p") else value


def _order_right(plain: str, fact: Fact) -> bool:
    a, b = _sides(fact)
    answer = reading.plain(fact.answer)
    equal = " = " in answer
    if plain == "equal":
        return equal
    if plain in ("yes", "no"):
        if "equal" in fact.question:
            return (plain == "yes") == equal
        asked = re.match(rf"is ({NUMBER}) (\w+) than", reading.plain(fact.question))
        if asked is None:
            return False
        sign = ">" if asked[2] == "bigger" else "<"
        first_bigger = " > " in answer
        holds = not equal and ((sign == ">") == (first_bigger == (asked[1] == a)))
        return (plain == "yes") == holds
    if plain in (a, b):
        if equal:
            return False
        bigger = a if " > " in answer else b
        return (plain == bigger) != ("smaller" in fact.question)
    if match := re.fullmatch(rf"({NUMBER}) is (\w+)", plain):
        bigger = a if " > " in answer else b
        more = match[2] in ("bigger", "greater", "larger", "more", "higher", "biggest", "largest", "greatest")
        return not equal and (match[1] == bigger) == more
    return checks.check_sentence(plain).status is MathsStatus.RIGHT


def is_step(attempt: str, fact: Fact) -> bool:
    """Whether an attempt that is not the answer is a number on the way to it: the 70 in 12 × 7 by 10 × 7."""
    found = re.search(NUMBER, reading.plain(attempt))
    value = number(found[0]) if found else None
    if forms.form_of(fact) == "list" and fact.kind == "ratio":
        return value in answer_values(fact)  # one of the shares
    if value is None or value in answer_values(fact) or " or " in attempt or fact.kind == "comparison":
        return False
    given = {number(n) for n in re.findall(NUMBER, reading.plain(fact.question).replace(" - ", " "))}
    results: set[Fraction | None] = set()
    for step in fact.steps:
        for side in reading.plain(step).split("=")[1:]:
            results.add(number(re.sub(r"[^\d./ -]", "", side).strip()))
    return value in results - given


def working_right(text: str, fact: Fact) -> bool:
    """Whether a message holds true working and nothing wrong, such as "10 x 7 = 70" on the way to 12 × 7."""
    return checks.check_sentence(text[: checks.MAX_SENTENCE], (fact,)).status is MathsStatus.RIGHT
