"""Does a text give the final answer away, in whatever form: 0.875 for 7/8, "seven eighths", x = 4, "it is 12"?"""

import re
from fractions import Fraction

from tutor.domain import Fact
from tutor.tutoring import forms, manners, reading
from tutor.tutoring.numbers import NUMBER, number

_NUMBERS = re.compile(rf"(?<![\d.,/])(?:(?<![^\s(=])-£?)?(?:{NUMBER.removeprefix('-?')})")
_STATED = re.compile(
    r"(?:=|\bis|\bare|\bequals?|\bmakes?|\bgives?(?: you| us)?|\bgets?(?: you| us)?|\bleaves?|\bthat's"
    r"|\bit's|\banswer:?"
    r"|\b(?:comes|up|down|rounds|simplifies|equal) to|≈) ?(?:just |exactly )?(?:[a-z] ?= ?)?-?£?\s*$"
)
_GOES_ON = re.compile(r" ?(?:[-+*÷/^]|times\b|more\b|less\b|of\b)")
_COUNTED = re.compile(
    r" (?!(?:in|on|as|here|down|for|then|so|too|well|now|right)\b)(?:of (?:(?:the|these|those|my|your|our) )?)?([a-z]+)"
)
_LINKS = re.compile(
    r"(?:and|are|was|has|for|from|with|than|then|that|this|the|what|when|how|each|into|over|less|more|take|times|plus"
    r"|minus|away|which|whole|out|but)"
)
"""Words after a number that are not what is counted."""
_DENIED = re.compile(r"\b(?:not|isn't|n't) $")
_VERDICT = re.compile(r"\b(?:yes|no)\b")
_BIGGER = re.compile(r"\b(?:bigger|greater|larger|more|higher|biggest|greatest|largest|longer|heavier)\b")
_SMALLER = re.compile(r"\b(?:smaller|less|lower|fewer|smallest|shorter|lighter)\b")


def answer_values(fact: Fact) -> list[Fraction]:
    """The numbers that are the answer: [7/8], both solutions, quotient with remainder as exact value and quotient."""
    if fact.kind == "comparison":
        return []
    several = forms.values(fact)
    if several is not None:
        return several
    plain = reading.plain(fact.answer)
    if match := re.fullmatch(r"(\d+) remainder (\d+)", plain):
        exact = _remainder_value(fact)
        return [Fraction(int(match[1])), *([exact] if exact is not None else [])]
    values = []
    for part in plain.split(" or "):
        words = part.rpartition("=")[2].strip()
        found = re.match(rf"(?:-?[£$€] ?)?({NUMBER})", words)
        value = number(found[1]) if found else None
        if value is None:
            continue
        if words.startswith("-£"):
            value = -value
        values.append(value)
        if words.endswith("%") or re.fullmatch(r"\d+p", words):
            values.append(value / 100)
        elif words.startswith("£"):
            values.append(value * 100)
    return values


def _remainder_value(fact: Fact) -> Fraction | None:
    parts = [number(n) for n in re.findall(r"\d+", fact.question)]
    if len(parts) == 2 and parts[0] is not None and parts[1]:
        return parts[0] / parts[1]
    return None


def reveals_answer(text: str, fact: Fact) -> bool:
    """Whether the final answer, or an equal number, stands in the text.

    A number that stands in the problem itself counts only where it is stated as a result ("= 5", "is 5"): the 5 in
    "count back 5 from 10" gives nothing away.
    """
    if fact.kind == "comparison":
        return _reveals_order(reading.plain(text), fact)
    plain = reading.plain(manners.without(text, fact.question))
    if forms.form_of(fact):
        return forms.reveals(plain, fact)
    wanted = set(answer_values(fact))
    if not wanted:
        return False
    question = reading.plain(fact.question)
    given = numbers_given(question)
    rest = plain.replace(question, " ; ").replace(question.replace(" ", ""), " ; ")
    return gives_away(rest, wanted, given, question)


def gives_away(plain: str, wanted: set[Fraction], given: set[Fraction], question: str = "") -> bool:
    """Whether plain text holds a wanted number. One that is `given` counts only where it is stated as a result.

    `question`: what the problem counts is no manner of speaking: "1 apple" where it asks for apples.
    """
    for match in _NUMBERS.finditer(plain):
        value = number(match[0].replace("£", ""))
        if value is None:
            continue
        before, after = plain[: match.start()][-24:], plain[match.end() :][:12]
        if value not in wanted and not (re.match(r" ?%", after) and value / 100 in wanted):
            continue
        stated = _STATED.search(before) is not None
        counted = _COUNTED.match(plain, match.end()) if value == 1 and not stated else None
        if counted and not _about(counted[1], question):
            continue  # "one step at a time"
        if value in given and (not stated or _GOES_ON.match(after)):
            continue
        if not _DENIED.search(before):
            return True
    return False


def _about(noun: str, question: str) -> bool:
    """Whether a problem speaks of what is counted."""
    if len(noun) <= 2 or _LINKS.fullmatch(noun):
        return False
    return re.search(rf"\b{noun.rstrip('s')}", question) is not None


def numbers_given(question: str) -> set[Fraction]:
    """Numbers of the problem: 3 and 4 in 3/4 too."""
    found = {number(m[0]) for m in _NUMBERS.finditer(question)} | {number(n) for n in re.findall(r"\d+", question)}
    for match in re.finditer(rf"({NUMBER})", question):
        found.add(number(match[0].lstrip("-")))
    return {v for v in found if v is not None}


def _reveals_order(plain: str, fact: Fact) -> bool:
    """A comparison is given away by its sign, by yes or no, or by naming which is bigger or smaller."""
    answer = reading.plain(fact.answer)
    turned = answer
    for sign, other in ((">", "<"), ("<", ">"), ("=", "=")):
        if f" {sign} " in answer:
            a, b = answer.split(f" {sign} ")
            turned = f"{b} {other} {a}"
            break
    else:
        return False
    if answer in plain or turned in plain:
        return True
    asking = plain.rstrip().endswith("?")
    if _VERDICT.match(plain.strip()) and fact.question.startswith("is "):
        return True
    if asking:
        return False
    for number_words in {a, b}:
        if re.search(
            rf"(?<![\d/.]){re.escape(number_words)}(?![\d/]| or| and) (?:is|has)(?: the)? "
            rf"(?:{_BIGGER.pattern}|{_SMALLER.pattern})",
            plain,
        ):
            return True
    return sign == "=" and re.search(r"\b(?:are|is) (?:equal|the same|equivalent)\b", plain) is not None
