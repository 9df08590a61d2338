"""The samples that come with the program: in order, right, and never telling what they ask."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor import paths
from tutor.classroom.exchange import LessonExchange
from tutor.domain import Item, Lesson, LessonState, MathsStatus, kind_of
from tutor.domain_lessons import Forbidden, ReadingLevel, Sources, Words
from tutor.lessons import file, toml
from tutor.lessons.check import check
from tutor.lessons.sameness import holds, same
from tutor.lessons.samples import Sample, samples
from tutor.lessons.shelf import Shelf
from tutor.store import Store
from tutor.tutoring.checks import check_sentence
from tutor.tutoring.facts import facts_in
from tutor.tutoring.rules import answers, reading_level

ALL = samples(paths.sample_lessons())
TELLING = ("confirm", "explain")
MATHS = [(sample.lesson, item) for sample in ALL if sample.lesson.subject == "maths" for item in sample.lesson.items]
EVERY = [(sample.lesson, item) for sample in ALL for item in sample.lesson.items]


def name(value: object) -> str:
    return value.id if isinstance(value, Item) else value.key if isinstance(value, Lesson) else str(value)


def said(lesson: Lesson, item: Item) -> Iterator[str]:
    """What a learner may read before the answer is unlocked."""
    yield from item.hints
    yield from (wrong.say for wrong in item.misconceptions)
    yield from (text for move, text in lesson.fallbacks.items() if move not in TELLING)


def test_there_are_enough_for_every_subject_and_two_ages() -> None:
    assert len(ALL) >= 8
    subjects = [sample.lesson.subject for sample in ALL]
    assert subjects.count("maths") >= 2
    assert {"maths", "science", "language", "history", "geography", "study_skills"} <= set(subjects)
    assert {sample.lesson.age_band for sample in ALL} >= {"8-10", "11-13"}
    assert len({sample.lesson.key for sample in ALL}) == len(ALL)


@pytest.mark.parametrize("sample", ALL, ids=lambda sample: sample.name)
def test_a_sample_has_no_fault_and_all_that_makes_a_lesson(sample: Sample) -> None:
    lesson = sample.lesson
    assert check(lesson) == ()
    kinds = {kind_of(guideline) for guideline in lesson.guidelines}
    assert kinds >= {"scope", "withhold", "hints", "attempt_first", "questions", "reading_level", "length", "tone"}
    assert kinds >= {"language", "escalation", "correctness", "wish"}
    assert 6 <= len(lesson.items) <= 10 and len(lesson.objectives) >= 3 and lesson.licence == "CC BY 4.0"
    assert set(lesson.fallbacks) >= {"greet", "ask_attempt", "hint", "diagnose", "confirm", "redirect"}
    assert {item.skill for item in lesson.items} == set(lesson.skills)
    for item in lesson.items:
        assert len(item.hints) == 3 and item.steps and item.misconceptions
        assert all(wrong.why and wrong.say for wrong in item.misconceptions)
    assert ("sources" in kinds) == bool(lesson.materials)
    assert set(sample.materials) == {material.name for material in lesson.materials}


@pytest.mark.parametrize(("lesson", "item"), EVERY, ids=name)
def test_nothing_said_before_the_answer_gives_it_away(lesson: Lesson, item: Item) -> None:
    key = answers.key_of(item)
    assert [text for text in said(lesson, item) if answers.given_away(text, key)] == []


@pytest.mark.parametrize(("lesson", "item"), MATHS, ids=name)
def test_a_maths_key_is_what_the_program_works_out_and_no_step_is_wrong(lesson: Lesson, item: Item) -> None:
    facts = facts_in(item.question)
    if len(facts) == 1:
        keys = (item.answer, *item.accepted)
        assert any(same(facts[0].answer, key) for key in keys), (facts[0].answer, item.answer)
        assert not any(same(facts[0].answer, wrong.answer) for wrong in item.misconceptions)
    for step in item.steps:
        assert check_sentence(step, facts).status is not MathsStatus.WRONG, step
    for text in said(lesson, item):
        assert check_sentence(text, facts).status is not MathsStatus.WRONG, text


def test_most_maths_keys_are_worked_out_and_most_steps_are_checked() -> None:
    worked = sum(len(facts_in(item.question)) == 1 for _, item in MATHS)
    steps = [(step, facts_in(item.question)) for _, item in MATHS for step in item.steps]
    right = sum(check_sentence(step, facts).status is MathsStatus.RIGHT for step, facts in steps)
    assert len(MATHS) >= 30 and worked >= 22 and right >= len(steps) // 2


@pytest.mark.parametrize("sample", ALL, ids=lambda sample: sample.name)
def test_what_the_teacher_wrote_keeps_the_guidelines_that_it_sets(sample: Sample) -> None:
    lesson = sample.lesson
    texts = [text for item in lesson.items for text in said(lesson, item)] + list(lesson.fallbacks.values())
    for guideline in lesson.guidelines:
        if isinstance(guideline, ReadingLevel):
            words = re.findall(r"\w+", " ".join((lesson.title, *lesson.skills)))
            hard = [text for text in texts if reading_level.grade(text, words) > guideline.grade]
            assert hard == []
        if isinstance(guideline, Words):
            assert [text for text in texts if any(holds(text, word) for word in guideline.avoid)] == []
        if isinstance(guideline, Forbidden):
            assert [text for text in texts if any(holds(text, topic) for topic in guideline.topics)] == []
    assert all(text.count("?") <= 2 for text in texts)


@pytest.mark.parametrize("sample", [s for s in ALL if s.materials], ids=lambda sample: sample.name)
def test_answers_of_a_lesson_with_a_text_stand_in_the_text(sample: Sample) -> None:
    assert any(isinstance(guideline, Sources) for guideline in sample.lesson.guidelines)
    text = " ".join(data.decode() for data in sample.materials.values())
    for item in sample.lesson.items:
        if item.choices or item.id == "q8":  # true or false, and what has to be put in order or together
            continue
        keys = (item.answer, *item.accepted)
        assert any(holds(text, key) for key in keys), item.answer


def test_a_sample_is_copied_published_and_leaves_the_sample_alone(tmp_path: Path) -> None:
    with Store.open(None) as store:
        desk = LessonExchange(store, Shelf(tmp_path / "materials"), paths.sample_lessons())
        came: list[str] = []
        desk.material_came = lambda name, data, title, licence: came.append(name)
        for sample in desk.samples():
            draft = desk.use_sample(sample.name)
            assert draft.state is LessonState.DRAFT and draft.lesson.key != sample.lesson.key
            assert desk.publish(draft.lesson_id).lesson.items == sample.lesson.items
        again = desk.use_sample("water-cycle")
        assert came == ["great-fire.md", "water-cycle.md", "water-cycle.md"]
        assert desk.export(again.id, tmp_path / "out.lesson") == ()
        back = file.read(tmp_path / "out.lesson")
        (water,) = [sample for sample in ALL if sample.name == "water-cycle"]
        assert back.lesson == again.lesson and back.materials == water.materials
        assert len(desk.lessons()) == len(ALL) + 1


@pytest.mark.parametrize("sample", ALL, ids=lambda sample: sample.name)
def test_a_sample_comes_back_from_its_text(sample: Sample) -> None:
    assert toml.from_toml(toml.to_toml(sample.lesson).encode(), sample.name)[0] == sample.lesson
