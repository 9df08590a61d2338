"""The sums of a correction: wrong ones are stopped, and what looks like one and cannot be read is left to a person."""

import re
from collections.abc import Sequence
from typing import Final

from tutor.domain import Fact, Finding, MathsStatus
from tutor.i18n import tr
from tutor.tutoring import checks, grading, reading
from tutor.tutoring.facts import facts_in
from tutor.tutoring.reveals import answer_values, reveals_answer

_SENTENCE: Final = re.compile(r"(?<=[.!?;])\s+|\n+")
_NUMBER: Final = re.compile(r"\d+(?:[.,/]\d+)?")
_SUM_WORDS: Final = re.compile(
    r"\b(?:add|adds|added|adding|plus|sum|total|altogether|minus|subtract\w*|take away|takes away|took away|left over"
    r"|times|multipl\w+|double\w?|twice|triple\w?|treble|half|halve\w?|quarter|third|divide\w?|share\w?|square\w?"
    r"|cubed?|root|percent|per cent|equals?|makes?|is the same as|twos|threes|fours|fives|sixes|sevens|eights|nines"
    r"|elevens|twelves|more than|less than|bigger than|smaller than|average|perimeter|area)\b"
    r"|[=+×÷*/<>≤≥%²³√^]|\d\s*[-−x]\s*\d"
)
_BARE: Final = re.compile(r"\band\b")


def findings(question: str, answer: str, phrasings: Sequence[str]) -> tuple[Finding, ...]:
    """What is wrong, or cannot be told, with the numbers of an answer to these ways of asking one thing.

    A wrong sum is firm: nobody may have it taught.
    """
    worked = [facts_in(text) for text in (question, *phrasings)]
    facts = tuple(fact for found in worked for fact in found)
    statuses = _statuses(answer, facts)
    if MathsStatus.WRONG in statuses or any(_answers_wrongly(answer, fact) for fact in facts):
        reason = tr("The sum in it is not right. Work it out once more and write it again.")
        return (Finding(check="maths", reason=reason, firm=True),)
    unsure = MathsStatus.UNCHECKED in statuses or _unread(answer, facts)
    asked = any(len(found) == 1 and _unanswered(answer, found[0]) for found in worked)
    if unsure or asked:
        reason = tr("There are numbers in it that the program cannot check. A grown-up should look at them.")
        return (Finding(check="maths", reason=reason),)
    return ()


def _statuses(answer: str, facts: Sequence[Fact]) -> set[MathsStatus]:
    parts = [part for part in _SENTENCE.split(answer) if part.strip()]
    found = {checks.check_sentence(part, facts).status for part in parts}
    if len(parts) > 1:
        found.add(checks.check_sentence(" ".join(parts), facts).status)
    return found


def _answers_wrongly(answer: str, fact: Fact) -> bool:
    """Whether it puts another answer to the sum forward. A first step or a part of the way does not."""
    given = grading.attempt_in(answer, fact)
    if not given or grading.is_right(given, fact) or reveals_answer(answer, fact):
        return False
    return not grading.is_step(given, fact) or len(answer.split()) <= 4


def _unanswered(answer: str, fact: Fact) -> bool:
    """Whether the sum that was asked for has numbers in its answer, and not the right one among them."""
    if not answer_values(fact):
        return False
    numbers = _NUMBER.findall(reading.plain(answer))
    return bool(numbers) and not reveals_answer(answer, fact) and not grading.is_right(answer.strip(), fact)


def _unread(answer: str, facts: Sequence[Fact]) -> bool:
    """Whether a sentence reads like a sum, with two numbers or more, and nothing in it was checked."""
    for part in _SENTENCE.split(answer):
        plain = reading.number_words(part.lower())
        numbers = _NUMBER.findall(plain)
        looks = _SUM_WORDS.search(plain) or (_BARE.search(plain) and len(numbers) > 2)
        if len(numbers) > 1 and looks and checks.check_sentence(part, facts).status is MathsStatus.NONE:
            return True
    return False
