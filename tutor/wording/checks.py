"""What was checked in an answer, in words: one line for the whole, one for each sentence."""

from collections.abc import Sequence
from typing import NamedTuple

from tutor.domain import Action, MathsStatus, Reply, RuleCheck, SentenceCheck
from tutor.i18n import tr, trn

TICK = "✓"


class Line(NamedTuple):
    """The line under an answer."""

    shown: str
    spoken: str


def line(sentences: Sequence[SentenceCheck], rules: Sequence[RuleCheck] = ()) -> Line:
    """What the checks of all sentences come to; never claims what was not checked.

    `rules`: the guidelines of a lesson that were looked at; it is named where all of them hold in what is shown.
    """
    if not sentences:
        return Line("", "")
    if all(each.done == "written" for each in sentences):
        words = tr("written by people, not by the model")
        return Line(words, words)
    shown: list[str] = []
    spoken: list[str] = []

    def passed(name: str, aloud: str) -> None:
        shown.append(f"{name} {TICK}")
        spoken.append(aloud)

    def noted(words: str) -> None:
        shown.append(words)
        spoken.append(words)

    statuses = {each.maths.status for each in sentences}
    if MathsStatus.RIGHT in statuses:
        passed(tr("sums"), tr("sums right"))
    if MathsStatus.UNCHECKED in statuses:
        noted(tr("some maths could not be checked"))
    if all(each.verdict.action is not Action.BLOCK for each in sentences):
        passed(tr("safe words"), tr("words safe"))
    if rules and not any(rule.fired and rule.done == "shown" for rule in rules):
        passed(tr("lesson"), tr("lesson kept"))
    corrected = sum(each.done == "corrected" for each in sentences)
    if corrected:
        noted(trn("{n} sum corrected", "{n} sums corrected", corrected))
    left_out = sum(each.done == "left_out" for each in sentences)
    if left_out:
        noted(trn("{n} sentence left out", "{n} sentences left out", left_out))
    if any(each.done in ("fallback", "written") for each in sentences):
        noted(tr("partly written by people"))
    start = tr("checked:")
    return Line(f"{start} {' · '.join(shown)}", f"{start} {', '.join(spoken)}")


def used(reply: Reply) -> str:
    """Whose correction an answer rests on; "" when it rests on none."""
    if not reply.used:
        return ""
    return tr("Used your correction") if reply.used_own else tr("Your teacher's correction was used")


def sentence(check: SentenceCheck) -> str:
    """What was checked in one sentence."""
    parts: list[str] = []
    maths = check.maths
    if maths.status is MathsStatus.RIGHT:
        found = "; ".join(maths.statements)
        parts.append(tr("Sum checked and right: {sums}.", sums=found) if found else tr("Sum checked and right."))
    elif maths.status is MathsStatus.UNCHECKED:
        parts.append(tr("There is maths in it that could not be checked."))
    elif maths.status is MathsStatus.NONE:
        parts.append(tr("No sum in it."))
    if check.done == "corrected":
        parts.append(tr("A wrong number was put right."))
    elif check.done == "left_out":
        parts.append(tr("A sentence was left out, because it was not right."))
    elif check.done in ("fallback", "written"):
        parts.append(tr("Written by people, not by the model."))
    if check.verdict.action is not Action.BLOCK:
        parts.append(tr("Words checked: safe."))
    if check.tries > 1:
        parts.append(trn("Written again {n} time.", "Written again {n} times.", check.tries - 1))
    return " ".join(parts)
