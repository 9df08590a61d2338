"""Words that learners are shown as they stand: the safety checks look at them, and the teacher is warned."""

import msgspec
from lesson_made import LESSON
from looking_engine import LookingEngine

from tutor.classroom.lesson_words import LessonWords, shown
from tutor.domain import AgeBand
from tutor.domain_lessons import Assessment
from tutor.engine import protocol
from tutor.lessons import assessment

RUDE = msgspec.structs.replace(
    LESSON,
    title="Halves",
    summary="You are stupid.",
    guidelines=(*LESSON.guidelines, Assessment(message="Go away."), Assessment()),
)
AT = f"guidelines.{len(LESSON.guidelines)}.message"


def test_title_summary_and_what_an_assessment_says_are_looked_at() -> None:
    assert shown(RUDE) == (("title", "Halves"), ("summary", "You are stupid."), (AT, "Go away."))


def test_what_the_checks_doubt_is_warned_of_at_its_field_and_what_they_did_not_see_too() -> None:
    engine, heard = LookingEngine(), []
    words = LessonWords(engine, lambda: True)
    assert [fault.field for fault in words.unchecked(RUDE)] == ["title", "summary", AT]
    words.look(RUDE, lambda: heard.append(1))
    assert engine.sent[-1].age_band is AgeBand.A8_10 and not heard
    words.handle(engine.verdicts("You are stupid."))
    (fault,) = words.faults(RUDE)
    assert fault.field == "summary" and not fault.stops and heard and not words.unchecked(RUDE)
    words.look(RUDE, lambda: None)
    assert len(engine.sent) == 1, "what is known is not asked again"
    older = msgspec.structs.replace(RUDE, age_band="14-17")
    assert len(words.unchecked(older)) == 3, "another age is another question"


def test_words_stay_unchecked_where_the_checks_fail_or_are_not_there() -> None:
    engine = LookingEngine()
    ready = True
    words = LessonWords(engine, lambda: ready)
    words.look(RUDE, lambda: None)
    words.handle(protocol.Failed(id=engine.sent[-1].id, code="not_loaded", message="no"))
    assert len(words.unchecked(RUDE)) == 3
    words.look(RUDE, lambda: None)
    words.handle(object())  # the engine died
    words.handle(engine.verdicts())
    assert len(words.unchecked(RUDE)) == 3
    ready = False
    words.look(RUDE, lambda: None)
    assert len(engine.sent) == 2


def test_what_an_assessment_says_is_shown_only_when_it_was_looked_at() -> None:
    engine = LookingEngine()
    words = LessonWords(engine, lambda: True)
    window = Assessment(begins="2000-01-01", ends="2100-01-01", message="Go away.")
    taught = msgspec.structs.replace(RUDE, guidelines=(window,))

    def said() -> str:
        return assessment.judged_message(taught, window, words.may_show)

    assert "the tutor is off until" in said() and "the tutor is off until" in said()
    assert len(engine.sent) == 1, "asked once while the answer is under way"
    words.handle(engine.verdicts())
    assert said() == "Go away."
    bad = LessonWords(engine, lambda: True)
    assert not bad.may_show(taught, "Go away.")
    bad.handle(engine.verdicts("Go away."))
    assert "the tutor is off until" in assessment.judged_message(taught, window, bad.may_show)
