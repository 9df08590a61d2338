"""How a list of counted turns reads: its title, what is said about it, its columns, what stands in them."""

from collections.abc import Callable
from typing import Final, NamedTuple

from PySide6.QtCore import QDate, QLocale, Qt

from tutor.i18n import tr
from tutor.lessons.faults import guideline_name
from tutor.qt.plots import percent, whole
from tutor.qt.teacher.grading import grade_in_words
from tutor.qt.teacher.lessons.words import done_in_words
from tutor.qt.teacher.review_words import error_in_words
from tutor.qt.teacher.section import when
from tutor.store.counted import BLIND, CountedTurn, Counting

READS: Final = "reads"
REPORTS: Final = "reports"
REVIEWS: Final = "reviews"
"""What a press on a row opens: the conversation, the learner's report, the review; or "" for nothing."""


class Listing(NamedTuple):
    """One kind of list."""

    title: str
    lead: str
    heads: tuple[str, ...]
    """Of what each row says besides when, whose and in which lesson."""
    cells: Callable[[CountedTurn], tuple[str, ...]]
    opens: str = READS


def politeness_in_words(value: float) -> str:
    """From -1 to 1, with its sign."""
    return f"{'+' if value > 0.005 else ''}{QLocale().toString(value, 'f', 2)}"


def _nothing(_turn: CountedTurn) -> tuple[str, ...]:
    return ()


def _value(words: Callable[[float], str]) -> Callable[[CountedTurn], tuple[str, ...]]:
    return lambda turn: ("" if turn.value is None else words(turn.value),)


def minutes_in_words(value: float) -> str:
    return QLocale().toString(value, "f", 1)


def listing(counting: Counting) -> Listing:
    """Words for what was counted."""
    names = ", ".join(dict.fromkeys(guideline_name(rule) for rule in counting.rules))
    return {
        "answers": lambda: Listing(tr("Answers"), "", (), _nothing),
        "minutes": lambda: Listing(
            tr("Time worked"), tr("The time from turn to turn; a turn after a pause counts one minute."),
            (tr("Minutes"),), _value(minutes_in_words),
        ),
        "words": lambda: Listing(
            tr("The tutor's share of words"), tr("Of all words in a turn, those that the tutor said."),
            (tr("Share"),), _value(percent),
        ),
        "questions": lambda: Listing(
            tr("Questions that the tutor asked"), tr("How many each answer asked."), (tr("Questions"),), _value(whole)
        ),
        "stopped": lambda: Listing(tr("Answers ended with Stop"), "", (), _nothing),
        "begged": lambda: Listing(
            tr("Asked for the answer without a try"), tr("The tutor asks for a try first, and gives hints."), (),
            _nothing,
        ),
        "polite": lambda: Listing(
            tr("How politely the tutor spoke"),
            tr("From -1 (blunt) over 0 (neither) to 1 (polite), by words such as “please” and “you must”."),
            (tr("Politeness"),), _value(politeness_in_words),
        ),
        "blunt": lambda: Listing(
            tr("Answers with blunt words"),
            tr("A small list of words finds them, and may be wrong: read before you judge."),
            (tr("Politeness"),), _value(politeness_in_words),
        ),
        "mood": lambda: Listing(
            tr("Messages with mood words"),
            tr("When, who and in which lesson. How one message sounded is not shown: the words are too rough a "
               "measure for one child, and the message is not here."),
            (), _nothing, REPORTS,
        ),
        "emotional": lambda: Listing(
            tr("Messages about feelings or distress"),
            tr("When, who and in which lesson. What was said is with the safeguarding contact, not here."),
            (), _nothing, REPORTS,
        ),
        "thumbs": lambda: Listing(
            tr("Thumbs"), "", (tr("Thumb"),), _value(lambda value: tr("Up") if value > 0 else tr("Down"))
        ),
        "grades": lambda: Listing(
            tr("Blind grades"), tr("Whose answers they are is not shown, as when they were graded."),
            (*(grade_in_words(name) for name in ("accurate", "kind", "level")), tr("Kind of error")), _graded, "",
        ),
        "surveys": lambda: Listing(
            tr("The two questions"), tr("Who said it is not shown, so that everybody can say what they think."),
            (tr("Did it help?"), tr("Ask again?")), _surveyed, "",
        ),
        "rule": lambda: Listing(
            tr("Needed: {names}", names=names), tr("What the guideline held back, and what was done about it."),
            (tr("What was done"),), lambda turn: (done_in_words(turn.what),),
        ),
        "errors": lambda: Listing(
            tr("Errors that you named"),
            tr("Of what was named in blind grades it is not shown whose answer it was."),
            (tr("Kind of error"),), lambda turn: (error_in_words(turn.what),), REVIEWS,
        ),
    }[counting.measure]()  # fmt: skip


def heads(counting: Counting) -> tuple[str, ...]:
    """The columns."""
    who = () if counting.measure in BLIND else (tr("Learner"),)
    return (tr("When"), *who, tr("Lesson"), *listing(counting).heads)


def cells(counting: Counting, turn: CountedTurn) -> tuple[str, ...]:
    """One row."""
    moment = when(turn.at) if turn.at else _day(turn.day)
    who = () if counting.measure in BLIND else (turn.learner or tr("not shown"),)
    return (moment, *who, turn.lesson or tr("No lesson"), *listing(counting).cells(turn))


def _day(day: str) -> str:
    return QLocale().toString(QDate.fromString(day, Qt.DateFormat.ISODate), QLocale.FormatType.ShortFormat)


def _graded(turn: CountedTurn) -> tuple[str, ...]:
    grades = (turn.value or 0, *turn.more)
    return (*(whole(grade) for grade in grades), error_in_words(turn.what) if turn.what else "–")


def _surveyed(turn: CountedTurn) -> tuple[str, ...]:
    return tuple(whole(answer) for answer in (turn.value or 0, *turn.more))
