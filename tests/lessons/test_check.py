"""What keeps a lesson from being published, what is only worth a look, and that both name their field."""

import time

import msgspec
import pytest
from lesson_made import CHOICE, ITEM, LESSON, changed, with_item, with_rules

from tutor.domain import Lesson, Material, Misconception
from tutor.domain_lessons import (
    Assessment,
    Correctness,
    Escalation,
    Forbidden,
    HintLadder,
    Language,
    Length,
    Questions,
    ReadingLevel,
    Scope,
    Tone,
    Wish,
    Withhold,
    Words,
)
from tutor.lessons import sameness
from tutor.lessons.check import check
from tutor.lessons.faults import sentence, stopping

SAME = Misconception(answer="32.0", why="w")
TELLING = Misconception(answer="30", why="w", say="No, 32.")
STOPS: list[tuple[Lesson, str]] = [
    (changed(title=" "), "title"),
    (changed(title="x" * 121), "title"),
    (changed(key="Big Key"), "key"),
    (changed(subject="alchemy"), "subject"),
    (changed(age_band="9"), "age_band"),
    (changed(language="English"), "language"),
    (changed(skills=("halving", " ")), "skills.1"),
    (changed(title="Halves\u202eseflah"), "title"),
    (changed(summary="a\x00b"), "summary"),
    (changed(items=(ITEM, ITEM)), "items.1.id"),
    (with_item(id="q 1"), "items.0.id"),
    (with_item(question=""), "items.0.question"),
    (with_item(answer=" "), "items.0.answer"),
    (with_item(tolerance=-1.0), "items.0.tolerance"),
    (with_item(tolerance=float("nan")), "items.0.tolerance"),
    (with_item(answer="a lot", steps=(), tolerance=1.0), "items.0.tolerance"),
    (with_item(hints=("It is 32.",)), "items.0.hints.0"),
    (with_item(hints=("Is it thirty-two?",)), "items.0.hints.0"),
    (with_item(hints=("Try 64/2, that is 32.0.",)), "items.0.hints.0"),
    (with_item(steps=("Half of 60 is 30.",)), "items.0.steps.0"),
    (with_item(choices=("31", "33")), "items.0.choices"),
    (with_item(choices=("32",)), "items.0.choices"),
    (with_item(misconceptions=(SAME,)), "items.0.misconceptions.0.answer"),
    (
        with_item(tolerance=2.0, misconceptions=(Misconception(answer="33", why="w"),)),
        "items.0.misconceptions.0.answer",
    ),
    (with_item(misconceptions=(TELLING,)), "items.0.misconceptions.0.say"),
    (with_item(misconceptions=(TELLING, TELLING)), "items.0.misconceptions.1.answer"),
    (changed(items=(ITEM, msgspec.structs.replace(CHOICE, hints=("It is called evaporation.",)))), "items.1.hints.0"),
    (changed(materials=(Material(name="../a.md", title="t"),)), "materials.0.name"),
    (changed(materials=(Material(name="a.js", title="t"),)), "materials.0.name"),
    (changed(materials=(Material(name="a.md", title="t"), Material(name="A.MD", title="u"))), "materials.1.name"),
    (changed(fallbacks={"shout": "x"}), "fallbacks.shout"),
    (changed(fallbacks={"signpost": "x"}), "fallbacks.signpost"),
    (changed(fallbacks={"hint": "Say evaporation."}), "fallbacks.hint"),
    (with_rules(Scope(), Scope()), "guidelines.1"),
    (with_rules(Withhold(attempts=-1)), "guidelines.0.attempts"),
    (with_rules(Withhold(mastery=1.5)), "guidelines.0.mastery"),
    (with_rules(HintLadder(rungs=0)), "guidelines.0.rungs"),
    (with_rules(Questions(most=0)), "guidelines.0"),
    (with_rules(ReadingLevel(grade=0.0)), "guidelines.0.grade"),
    (with_rules(Length(most_words=20, least_words=30)), "guidelines.0.least_words"),
    (with_rules(Words()), "guidelines.0"),
    (with_rules(Words(required=("half",), avoid=("Half",))), "guidelines.0.required.0"),
    (changed(materials=()), "guidelines.8"),
    (with_rules(Tone(faults=("harsh", "boring"))), "guidelines.0.faults.1"),
    (with_rules(Language(language="english")), "guidelines.0.language"),
    (with_rules(Forbidden(topics=("halves",))), "guidelines.0.topics.0"),
    (with_rules(Forbidden()), "guidelines.0.topics"),
    (with_rules(Escalation(triggers=("mood",))), "guidelines.0.triggers.0"),
    (with_rules(Escalation(triggers=("words",))), "guidelines.0.words"),
    (with_rules(Assessment(begins="2040-01-15T10:00", ends="2040-01-15T09:00")), "guidelines.0.ends"),
    (with_rules(Assessment(begins="tomorrow", ends="2040-01-15T09:00")), "guidelines.0.begins"),
    (with_rules(Assessment()), "guidelines.0.begins"),
    (with_rules(Correctness(tolerance=-0.1)), "guidelines.0.tolerance"),
    (with_rules(Wish(text=" ")), "guidelines.0.text"),
]
WORTH_A_LOOK: list[tuple[Lesson, str]] = [
    (changed(summary=""), "summary"),
    (changed(objectives=()), "objectives"),
    (with_item(hints=()), "items.0.hints"),
    (with_item(skill="doubling"), "items.0.skill"),
    (with_item(accepted=("32",)), "items.0.accepted.0"),
    (with_item(misconceptions=(Misconception(answer="16", why=""),)), "items.0.misconceptions.0.why"),
    (with_rules(HintLadder(rungs=5)), "guidelines.0.rungs"),
    (with_rules(Withhold(attempts=0)), "guidelines.0"),
    (with_rules(Words(required=("half|halve",), avoid=("halve",))), "guidelines.0.required.0"),
    (with_rules(Language(language="fr")), "guidelines.0.language"),
    (with_rules(Assessment(begins="2001-01-01", ends="2001-01-02")), "guidelines.0.ends"),
]


def test_a_lesson_in_order_has_no_fault() -> None:
    assert check(LESSON) == ()


@pytest.mark.parametrize(("lesson", "field"), STOPS, ids=[field for _, field in STOPS])
def test_what_cannot_be_published_is_named_at_its_field(lesson: Lesson, field: str) -> None:
    assert field in [fault.field for fault in stopping(check(lesson))]


@pytest.mark.parametrize(("lesson", "field"), WORTH_A_LOOK, ids=[field for _, field in WORTH_A_LOOK])
def test_what_is_worth_a_look_does_not_stop(lesson: Lesson, field: str) -> None:
    faults = check(lesson)
    assert stopping(faults) == () and field in [fault.field for fault in faults]


@pytest.mark.parametrize(
    ("question", "answer", "hint"),
    [
        ("How many 8s are in 64?", "8", "Count up in 8s until you reach 64."),
        ("Which is more, 3/4 or 2/3?", "3/4", "Write 3/4 and 2/3 with the same bottom number."),
        ("Is 17 a prime number?", "yes", "Yes or no? Try to divide it by 2, 3, 5."),
        ("What is 5 + 7?", "12", "Begin at 7 and count on: 8, 9, 10, …"),
    ],
)
def test_a_hint_that_only_names_what_the_question_names_is_no_leak(question: str, answer: str, hint: str) -> None:
    lesson = with_item(question=question, answer=answer, accepted=(), hints=(hint,), steps=(), misconceptions=())
    assert stopping(check(lesson)) == ()


def test_every_problem_is_found_not_only_the_first_and_says_where_in_words() -> None:
    spoilt = changed(title="", items=(msgspec.structs.replace(ITEM, answer="", hints=("",), steps=()), CHOICE))
    said = [sentence(fault, spoilt) for fault in stopping(check(spoilt))]
    assert [text.split(":")[0] for text in said] == ["title", "item q1, answer", "item q1, hint 1"]


def test_a_long_lesson_is_checked_while_a_key_is_pressed() -> None:
    items = tuple(
        msgspec.structs.replace(ITEM, id=f"q{n}", question=f"What is half of {2 * n}?", answer=str(n), accepted=(),
                                hints=("Share it into two equal parts.", "Halve the tens first.", "Then the ones."),
                                steps=(f"It is {n}.",), misconceptions=())
        for n in range(1000, 1200)
    )  # fmt: skip
    lesson = changed(items=items)
    check(lesson)
    began = time.perf_counter()
    assert stopping(check(lesson)) == ()
    assert time.perf_counter() - began < 0.5


def test_after_a_change_in_a_big_lesson_only_the_changed_texts_are_read_anew() -> None:
    items = tuple(
        msgspec.structs.replace(
            ITEM,
            id=f"q{n}",
            question=f"What is half of {2 * n + 64}? Say it in seats.",
            answer=str(n + 32),
            accepted=(f"{n + 32} seats",),
            hints=tuple(f"Share the {2 * n + 64} seats into two equal parts, way {way}." for way in range(3)),
            steps=(f"{n} + 32 = {n + 32}",),
        )
        for n in range(200)
    )
    lesson = changed(items=items, guidelines=(LESSON.guidelines * 4)[:50])

    def read_anew(lesson: Lesson) -> int:
        """Texts that a check had to take apart."""
        before = sameness._spelt.cache_info().misses
        check(lesson)
        return sameness._spelt.cache_info().misses - before

    assert read_anew(lesson) > 1_000
    other = msgspec.structs.replace(items[7], question="What is half of 78? Say it in boats.")
    assert read_anew(msgspec.structs.replace(lesson, items=(*items[:7], other, *items[8:]))) < 20
