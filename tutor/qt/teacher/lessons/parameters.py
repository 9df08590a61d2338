"""The parameters of each kind of guideline: name, words, control, hint."""

from collections.abc import Callable
from typing import NamedTuple

from tutor.i18n import tr
from tutor.qt import choices
from tutor.qt.teacher.lessons import words
from tutor.qt.teacher.lessons.controls import Control, Decimal, Line, Lines, Moment, Pick, Several, Switch, Text, Whole


class Parameter(NamedTuple):
    """One parameter; `control` makes its control."""

    name: str
    words: str
    control: Callable[[], Control]
    hint: str = ""


def parameters(kind: str) -> tuple[Parameter, ...]:
    """In the order in which they are shown."""
    return _BY_KIND[kind]()


def _none() -> tuple[Parameter, ...]:
    return ()


def _scope() -> tuple[Parameter, ...]:
    hint = tr("One a line. The title, skills, objectives and items count by themselves.")
    return (Parameter("topics", tr("What also belongs to it"), Lines, hint),)


def _withhold() -> tuple[Parameter, ...]:
    return (
        Parameter("attempts", tr("Tries that unlock an answer"), lambda: Whole(0, 20), tr("0: never by trying.")),
        Parameter(
            "mastery",
            tr("Share solved that unlocks all"),
            lambda: Decimal(0.0, 1.0),
            tr("0.8 means four of five items. 0: never."),
        ),
    )


def _hints() -> tuple[Parameter, ...]:
    return (
        Parameter("rungs", tr("Hints for an item"), lambda: Whole(1, 10)),
        Parameter("dwell_turns", tr("Messages between two hints"), lambda: Whole(0, 10)),
        Parameter("dwell_seconds", tr("Seconds between two hints"), lambda: Whole(0, 3600)),
    )


def _questions() -> tuple[Parameter, ...]:
    return (
        Parameter("most", tr("Questions an answer, at most"), lambda: Whole(0, 5)),
        Parameter("end_with", tr("How it ends"), lambda: Switch(tr("An answer that leaves work ends with a question"))),
    )


def _reading_level() -> tuple[Parameter, ...]:
    hint = tr("School years: 4 suits most nine-year-olds.")
    return (Parameter("grade", tr("Grade, at most"), lambda: Decimal(0.0, 18.0, 1), hint),)


def _length() -> tuple[Parameter, ...]:
    return (
        Parameter("most_words", tr("Words, at most"), lambda: Whole(0, 1000), tr("0: no bound.")),
        Parameter("least_words", tr("Words, at least"), lambda: Whole(0, 500), tr("0: no bound.")),
    )


def _words() -> tuple[Parameter, ...]:
    hint = tr("One a line; where several will do, with | between: denominator | bottom number")
    return (
        Parameter("required", tr("Words to use where they fit"), Lines, hint),
        Parameter("avoid", tr("Words to avoid"), Lines, tr("One a line.")),
    )


def _sources() -> tuple[Parameter, ...]:
    return (Parameter("cite", tr("Naming the place"), lambda: Switch(tr("The page or heading is named"))),)


def _tone() -> tuple[Parameter, ...]:
    return (Parameter("faults", tr("Not in this lesson"), lambda: Several(words.faults())),)


def _language() -> tuple[Parameter, ...]:
    return (Parameter("language", tr("Language"), lambda: Pick(choices.languages())),)


def _forbidden() -> tuple[Parameter, ...]:
    return (Parameter("topics", tr("Topics"), Lines, tr("One a line.")),)


def _escalation() -> tuple[Parameter, ...]:
    return (
        Parameter("triggers", tr("When"), lambda: Several(words.triggers())),
        Parameter("tries", tr("Failed tries at one problem"), lambda: Whole(1, 20)),
        Parameter("words", tr("Words of the learner that call for a person"), Lines, tr("One a line.")),
        Parameter("to", tr("Who it goes to"), Line, tr("Empty: you.")),
        Parameter(
            "message", tr("What the tutor says then"), lambda: Text(least=2), tr("Empty: the tutor's own words.")
        ),
    )


def _assessment() -> tuple[Parameter, ...]:
    return (
        Parameter("begins", tr("Begins"), lambda: Moment(tr("From"))),
        Parameter("ends", tr("Ends"), lambda: Moment(tr("Until"))),
        Parameter("message", tr("What the learner reads meanwhile"), lambda: Text(least=2)),
    )


def _correctness() -> tuple[Parameter, ...]:
    hint = tr("For items without a tolerance of their own. 0: exactly.")
    return (Parameter("tolerance", tr("How far off a number may be"), lambda: Decimal(0.0, 1000.0, 3), hint),)


def _wish() -> tuple[Parameter, ...]:
    return (Parameter("text", tr("Your wish"), lambda: Text(least=2)),)


_BY_KIND: dict[str, Callable[[], tuple[Parameter, ...]]] = {
    "scope": _scope,
    "withhold": _withhold,
    "hints": _hints,
    "attempt_first": _none,
    "questions": _questions,
    "reading_level": _reading_level,
    "length": _length,
    "words": _words,
    "sources": _sources,
    "tone": _tone,
    "language": _language,
    "forbidden": _forbidden,
    "escalation": _escalation,
    "assessment": _assessment,
    "correctness": _correctness,
    "wish": _wish,
}
