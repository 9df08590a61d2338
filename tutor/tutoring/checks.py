"""The maths check: every statement in a sentence verified exactly, and corrected where one number is wrong.

Never raises and never takes long: what cannot be read within the bounds is UNCHECKED, and never claimed as checked.
"""

import re
import time
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from tutor.domain import Fact, MathsCheck, MathsStatus
from tutor.tutoring import claims, colons, correction, reading
from tutor.tutoring.judging import RIGHT, UNREAD, WRONG, Judged, judge, known_values
from tutor.tutoring.reveals import reveals_answer
from tutor.tutoring.statements import Statement, prepare, statements_in

__all__ = ["check_sentence", "reveals_answer"]

MAX_SENTENCE: Final = 2000
"""Characters of a sentence that are read; a longer one with figures in it is UNCHECKED."""

_QUESTION = re.compile(
    r"^\W*(?:(?:so|and|but|now|then|ok|well)[, ]+)?(?:is|are|does|did you get|do you think|would|could)\b"
)
_NOT_RIGHT = re.compile(
    r"\b(?:(?:not|isn't|wasn't|aren't)(?: quite| yet| really)?(?: the)? (?:right|correct|true|answer|there"
    r"|it|what)|wrong|incorrect|mistake|slip)\b"
)
_DENIED = re.compile(r"^\W*(?:(?:is|was) (?:not|wrong|incorrect)|(?:isn't|wasn't))\b")
_SUPPOSE = re.compile(r"\b(?:if|try|trying|suppose|let|say|imagine|were|put|putting|pretend)\b[^=<>]{0,24}$")


def check_sentence(text: str, facts: Sequence[Fact] = ()) -> MathsCheck:
    """Verify the maths of one sentence, also against the facts of the turn ("x = 5" when the solution is 4).

    WRONG carries a `correction` when one number alone is wrong and its place is clear.
    """
    started = time.perf_counter()
    judged = _judged(text, facts)
    status = _status(judged)
    corrected = ""
    if status is MathsStatus.WRONG:
        corrected = correction.corrected(text, judged, lambda t: _status(_judged(t, facts)) is MathsStatus.RIGHT)
    return MathsCheck(
        status=status,
        statements=tuple(j.text for j in judged),
        correction=corrected,
        ms=(time.perf_counter() - started) * 1000,
    )


def _status(judged: Sequence[Judged]) -> MathsStatus:
    verdicts = {j.verdict for j in judged}
    if WRONG in verdicts:
        return MathsStatus.WRONG
    if UNREAD in verdicts:
        return MathsStatus.UNCHECKED
    return MathsStatus.RIGHT if RIGHT in verdicts else MathsStatus.NONE


def _judged(text: str, facts: Sequence[Fact]) -> list[Judged]:
    if len(text) > MAX_SENTENCE:
        signs = re.search(r"\d ?=|= ?\d", text[: 10 * MAX_SENTENCE])
        return [Judged("", UNREAD)] if signs else []
    coloned: list[Judged] = []
    if ":" in text:
        text, coloned = colons.judged(reading.plain(text.replace("—", " ; ")))
    plain = prepare(text)
    values = known_values(facts)
    plain, judged = claims.rounded(plain)
    judged += coloned
    plain, claimed = claims.against(plain, facts)
    judged += claimed
    letters = frozenset(name for options in values for name in options)
    found = statements_in(plain, letters)
    asking = bool(_QUESTION.match(plain)) and plain.rstrip().endswith("?")
    options: list[dict[str, Fraction]] = values
    chained: list[Judged] = []
    at = 0
    for statement in found:
        place = plain.find(statement.text, at)
        at = place if place >= 0 else at
        supposed = _supposed(statement, plain[max(0, at - 40) : at])
        if supposed:
            options = [supposed]
            continue
        chained.append(judge(statement, options))
    judged += _denials(chained, plain)
    return [j for j in judged if not (asking and j.verdict == WRONG)]


def _supposed(statement: Statement, before: str) -> dict[str, Fraction]:
    """The trial value in "if x = 5" or "try x = 3"; {} when the statement claims something."""
    if len(statement.left) == 1 and statement.left[0][0] == "letter" and len(statement.right) == 1:
        quantity = statement.right[0][2]
        if quantity is not None and _SUPPOSE.search(before):
            return {statement.left[0][1]: quantity.value}
    return {}


def _denials(judged: list[Judged], plain: str) -> list[Judged]:
    """Take "7 × 8 = 54 is not right" as the true sentence that it is, and its opposite as wrong."""
    if not judged or not _NOT_RIGHT.search(plain):
        return judged
    changed = []
    for item in judged:
        place = plain.find(item.text)
        after = plain[place + len(item.text) :] if place >= 0 else ""
        if item.verdict == WRONG:
            changed.append(Judged(item.text, RIGHT))
        elif item.verdict == RIGHT and _DENIED.match(after) and _NOT_RIGHT.search(after[:40]):
            changed.append(Judged(item.text, WRONG))
        else:
            changed.append(item)
    return changed
