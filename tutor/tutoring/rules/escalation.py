"""Escalation: when the tutor offers to put the question to a person."""

from typing import Final

from tutor.domain import Lesson
from tutor.domain_lessons import Escalation
from tutor.i18n import tr
from tutor.tutoring.rules import asking
from tutor.tutoring.rules.patterns import compiled
from tutor.tutoring.rules.sight import Encode, Sight
from tutor.tutoring.rules.texts import plain_words, stems

_ASKED: Final = compiled("escalation", "asked")
_NOT_ASKED: Final = compiled("escalation", "not_asked")


def asked_for_person(words: str, encode: Encode | None = None) -> bool:
    """Whether a learner asks for a teacher or another person. `encode` finds it in more words."""
    plain = words.casefold().replace("’", "'")[:1000]
    if _NOT_ASKED.search(plain) is not None:
        return False
    return _ASKED.search(plain) is not None or asking.asks("asks_person", words, encode)


def words_trigger(words: str, guideline: Escalation) -> bool:
    """Whether a message holds one of the teacher's trigger words or phrases."""
    said, plain = stems(words), f" {' '.join(plain_words(words))} "
    for phrase in guideline.words:
        wanted = stems(phrase)
        if (f" {' '.join(plain_words(phrase))} " in plain) if not wanted or len(wanted) > 1 else wanted <= said:
            return True
    return False


def reason(
    guideline: Escalation, words: str, sight: Sight, *, outside: bool = False, unsure: bool = False, failed: int = 0
) -> str:
    """Why the question should be offered to the teacher now, "" when it should not. `failed`: tries at this problem."""
    on = guideline.triggers
    if "asked" in on and asked_for_person(words, sight.encode):
        return "asked"
    if "words" in on and words_trigger(words, guideline):
        return "words"
    if "outside" in on and outside:
        return "outside"
    if "tries" in on and guideline.tries > 0 and failed and failed % guideline.tries == 0 and sight.right is False:
        return "tries"
    return "unsure" if "unsure" in on and unsure else ""


def without_lesson(words: str, failed: int) -> str:
    """The same where no lesson says when. `failed`: tries at this problem, with the one just made."""
    if asked_for_person(words):
        return "asked"
    return "tries" if failed and failed % Escalation().tries == 0 else ""


def message(guideline: Escalation, why: str) -> str:
    """What the tutor says then: the teacher's words, else the program's."""
    if guideline.message.strip():
        return guideline.message.strip()
    to = guideline.to.strip() or tr("your teacher")
    if why == "asked":
        return tr("You can put this question to {person}. Shall I pass it on?", person=to)
    if why == "tries":
        return tr("You have worked hard at this one. I can put it to {person}, if you like.", person=to)
    return tr("I am not sure that I can help with that. I can put it to {person}, if you like.", person=to)


def of(lesson: Lesson) -> Escalation | None:
    """The lesson's guideline, if it has one."""
    return next((g for g in lesson.guidelines if isinstance(g, Escalation)), None)
