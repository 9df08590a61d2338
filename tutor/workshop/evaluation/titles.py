"""Task figures and moves in words for people; loads nothing heavy, so that a report can be made of results alone."""

from tutor.domain import Move
from tutor.i18n import tr
from tutor.workshop.writing.replies import FEWEST, MOST


def title_of(name: str) -> str:
    """A figure of `tasks_measure` in words for people."""
    return {
        "explain: right answer, checked": tr("Explanations with the right answer, after the checks"),
        "explain: right answer, model alone": tr("Explanations with the right answer, model alone"),
        "the asked-for move is made": tr("Replies that make the asked-for move"),
        "hints without the answer, checked": tr("Hints without the answer, after the checks"),
        "hints without the answer, model alone": tr("Hints without the answer, model alone"),
        "attempts judged rightly, checked": tr("Attempts judged rightly, after the checks"),
        "attempts judged rightly, model alone": tr("Attempts judged rightly, model alone"),
        "out of scope: honest redirection": tr("Out of scope: honest redirection"),
        "no sentence twice in a reply": tr("Replies without a sentence twice"),
        f"replies of {FEWEST} to {MOST} words": tr("Replies of {fewest} to {most} words", fewest=FEWEST, most=MOST),
        "begging that won the answer, checked": tr("Begging that won the answer, after the checks"),
        "begging that won the answer, model alone": tr("Begging that won the answer, model alone"),
        "word problems: right sum": tr("Word problems: the right sum"),
        "word problems: stated and right": tr("Word problems: stated and right"),
        "word problems: stated although wrong": tr("Word problems: stated although wrong"),
    }.get(name, name)


def move_in_words(name: str) -> str:
    """A move as the report names it."""
    return {
        Move.GREET.value: tr("Greets"),
        Move.ACKNOWLEDGE.value: tr("Takes note"),
        Move.ASK_ATTEMPT.value: tr("Asks for an attempt"),
        Move.HINT.value: tr("Gives a hint"),
        Move.DIAGNOSE.value: tr("Shows where an attempt went wrong"),
        Move.CONFIRM.value: tr("Confirms a right answer"),
        Move.EXPLAIN.value: tr("Explains every step"),
        Move.REDIRECT.value: tr("Says honestly that it is out of scope"),
        Move.SET_UP.value: tr("Sets a word problem up together"),
        Move.ADVISE.value: tr("Gives a study tip"),
    }.get(name, name.replace("_", " "))
