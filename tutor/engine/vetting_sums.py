"""The sums of a correction: wrong ones are stopped, and what looks like one and cannot be read is left to a person."""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from tutor.domain import Fact, Finding, MathsCheck, MathsStatus
from tutor.engine.vetting_claims import in_signs, is_false
from tutor.i18n import tr
from tutor.tutoring import checks, grading, reading
from tutor.tutoring.facts import facts_in
from tutor.tutoring.numbers import number
from tutor.tutoring.reveals import answer_values, reveals_answer

_SENTENCE: Final = re.compile(r"(?<=[.!?;])\s+|\n+")
_NUMBER: Final = re.compile(r"\d+(?:[.,/]\d+)*")
_SUM_WORDS: Final = re.compile(
    r"\b(?:add|adds|added|adding|plus|sum|total|altogether|minus|subtract\w*|take away|takes away|took away|left over"
    r"|times|multipl\w+|double\w?|twice|triple\w?|treble|half of|half a|halve\w?|(?:quarter|third|fifth)s? of|divide\w?"
    r"|shar(?:e|es|ed|ing)|squared|square (?:of|root)|cubed|cube (?:of|root)|percent|per cent|equals|equal to|makes?"
    r"|lots of|is the same as|more than|less than|bigger than|smaller than|average of|perimeter|area|left)\b"
    r"|[=+×÷*<>≤≥%²³√^]|\d\s*[-−x]\s*\d"
)
_ASKS_SUM: Final = re.compile(
    _SUM_WORDS.pattern
    + r"|\b(?:how (?:many|much|long|far|old)|after|before|later|earlier|each|cost|costs|change|remain\w*"
    r"|next|missing|bigger|smaller|larger|smallest|largest|order)\b"
)
_LOOSE: Final = re.compile(
    r"(?<![-\w])(?:zero|one|two)\b(?![- ](?:hundred|thousand|million|hal|third|quarter|\w+ths?\b))"
)
"""Small numbers in letters, which are often no more than a manner of speaking."""
_WHICH: Final = re.compile(r",? which (?:is|makes|gives|equals) ")
_BRIEF: Final = 4
"""Words of an answer that is hardly more than its number."""
_BARE: Final = re.compile(r"\band\b")


def findings(question: str, answer: str, phrasings: Sequence[str]) -> tuple[Finding, ...]:
    """What is wrong, or cannot be told, with the numbers of an answer to these ways of asking one thing.

    A wrong sum is firm: nobody may have it taught.
    """
    asked = (question, *phrasings)
    worked = [facts_in(text) for text in asked]
    facts = tuple(fact for found in worked for fact in found)
    checked = _checked(answer, facts)
    right = _numbers(" ".join(s for check in checked if check.status is MathsStatus.RIGHT for s in check.statements))
    wrong = any(check.status is MathsStatus.WRONG for check in checked) or is_false(answer)
    if wrong or any(_answers_wrongly(answer, fact, right) for fact in facts):
        reason = tr("The sum in it is not right. Work it out once more and write it again.")
        return (Finding(check="maths", reason=reason, firm=True),)
    unsure = any(check.status is MathsStatus.UNCHECKED for check in checked) or _unread(answer, facts)
    for text, found in zip(asked, worked, strict=True):
        known = right | _numbers(text)
        unsure = unsure or (len(found) == 1 and _unanswered(answer, found[0], known))
        told = _numbers(_LOOSE.sub("some", answer.lower())) if len(answer.split()) > _BRIEF else _numbers(answer)
        unsure = unsure or (not found and _is_sum(text) and not told <= right)
    if unsure:
        reason = tr("There are numbers in it that the program cannot check. A grown-up should look at them.")
        return (Finding(check="maths", reason=reason),)
    return ()


def _parts(answer: str) -> list[str]:
    return [part for part in _SENTENCE.split(answer) if part.strip()]


def _checked(answer: str, facts: Sequence[Fact]) -> list[MathsCheck]:
    """Each sentence, as it stands and with words put into signs, and the whole."""
    parts = _parts(answer)
    whole = [" ".join(parts)] if len(parts) > 1 else []
    found = []
    for part in (*parts, *whole):
        written, signs = (checks.check_sentence(text, facts) for text in (part, in_signs(part)))
        # what could not be read in words may be clear in signs
        found += (
            [signs]
            if (written.status, signs.status) == (MathsStatus.UNCHECKED, MathsStatus.RIGHT)
            else [written, signs]
        )
    return found


def _numbers(text: str) -> set[Fraction]:
    found = (number(n) for n in _NUMBER.findall(reading.number_words(reading.plain(text))))
    return {value for value in found if value is not None}


def _answers_wrongly(answer: str, fact: Fact, right: set[Fraction]) -> bool:
    """Whether it puts another answer to the sum forward. A step on the way that is right in itself does not."""
    given = grading.attempt_in(answer, fact)
    if not given or grading.is_right(given, fact) or reveals_answer(answer, fact):
        return False
    said = _numbers(given)
    return not said <= right and (not said or said <= _numbers(answer))  # never a part of a longer number


def _unanswered(answer: str, fact: Fact, known: set[Fraction]) -> bool:
    """Whether numbers stand in it that are neither given, nor checked, nor the answer to the sum that was asked."""
    said = _NUMBER.findall(reading.number_words(reading.plain(answer)))
    ends_well = not said or number(said[-1]) in _numbers(fact.question)
    if not answer_values(fact) or (_numbers(answer) <= known and ends_well):
        return False
    return not reveals_answer(answer, fact) and not grading.is_right(answer.strip(), fact)


def _is_sum(question: str) -> bool:
    """Whether it asks for something to be worked out that cannot be worked here, such as a story."""
    plain = reading.number_words(question.lower())
    return len(_NUMBER.findall(plain)) > 1 and bool(_ASKS_SUM.search(plain))


def _unread(answer: str, facts: Sequence[Fact]) -> bool:
    """Whether a sentence reads like a sum, with two numbers or more, and nothing in it was checked."""
    for part in map(str, _parts(answer)):
        part = _WHICH.sub(" is ", part)
        plain = in_signs(part)
        strict = re.search(r"\d (?:plus|minus|times|take away|divided by|[-+*/×÷]) \d", plain)
        numbers = _NUMBER.findall(plain if strict else in_signs(_LOOSE.sub("some", part.lower())))
        looks = _SUM_WORDS.search(plain) or (_BARE.search(plain) and len(numbers) > 2 and _SUM_WORDS.search(answer))
        if len(numbers) < 2 or not looks or any(reveals_answer(part, fact) for fact in facts):
            continue
        if all(checks.check_sentence(text, facts).status is MathsStatus.NONE for text in (part, plain)):
            return True
    return False
