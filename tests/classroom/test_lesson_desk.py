"""The lessons' desk: what may be published, what a test is bound to, and what can be taken back."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from lesson_made import LESSON, changed

from tutor.classroom.lessons import LessonDesk
from tutor.domain import AgeBand, Lesson, LessonState, Severity
from tutor.errors import UserError
from tutor.lessons.check import check
from tutor.lessons.comparing import sentence
from tutor.lessons.content import fingerprint
from tutor.lessons.faults import LessonFault, stopping
from tutor.rehearsal.results import Cell, Rehearsal
from tutor.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "tutor.db") as opened:
        yield opened


@pytest.fixture
def desk(store: Store) -> LessonDesk:
    return LessonDesk(store)


def rehearsed(lesson: Lesson, state: str) -> Rehearsal:
    return Rehearsal(
        lesson_key=lesson.key,
        lesson_sha256=fingerprint(lesson),
        severities={"withhold": Severity.BLOCK},
        cells=(Cell(rule="withhold", student="beggar", state=state),),
    )


def code_of(raised: "pytest.ExceptionInfo[UserError]") -> str:
    return raised.value.code


@pytest.mark.parametrize("age_band", list(AgeBand))
def test_a_new_lesson_is_a_draft_that_lacks_nothing_that_stops_it_but_content(
    desk: LessonDesk, age_band: AgeBand
) -> None:
    draft = desk.new("Brüche & Anteile", age_band=age_band.value)
    assert draft.state is LessonState.DRAFT and draft.lesson.key.startswith("bruche-anteile-")
    assert [fault.field for fault in stopping(check(draft.lesson))] == ["guidelines.0.topics"]


def test_a_published_lesson_gets_its_new_draft_from_what_is_published(desk: LessonDesk) -> None:
    made = desk.publish(desk.add(LESSON).lesson_id)
    draft = desk.edit(made.lesson_id)
    assert (draft.lesson, draft.state, draft.number) == (LESSON, LessonState.DRAFT, 2)
    assert desk.edit(made.lesson_id).id == draft.id
    desk.save(made.lesson_id, changed(title="Half-done", items=()))
    assert desk.lessons()[0].state is LessonState.PUBLISHED and desk.lessons()[0].title == "Half-done"


def test_a_draft_with_problems_is_not_published_and_every_problem_is_told(desk: LessonDesk) -> None:
    draft = desk.add(changed(title="", materials=()))
    with pytest.raises(LessonFault) as raised:
        desk.publish(draft.lesson_id)
    assert code_of(raised) == "lesson_faults"
    assert [fault.field for fault in raised.value.faults] == ["title", "guidelines.8"]
    assert "title: " in str(raised.value) and "draft is kept" in str(raised.value)
    assert desk.versions(draft.lesson_id)[0].state is LessonState.DRAFT


def test_a_broken_rule_that_blocks_needs_a_written_reason(desk: LessonDesk) -> None:
    draft = desk.add(LESSON)
    assert desk.keep_test(draft.id, draft.lesson, rehearsed(draft.lesson, "broken"))
    with pytest.raises(UserError) as raised:
        desk.publish(draft.lesson_id, why="  ")
    assert code_of(raised) == "reason_needed" and "Withholding answers" in str(raised.value)
    made = desk.publish(draft.lesson_id, why="The learner already knew it.")
    assert made.why == "The learner already knew it." and desk.broken(made)


def test_a_held_test_and_no_test_need_no_reason(desk: LessonDesk) -> None:
    draft = desk.add(LESSON)
    assert desk.keep_test(draft.id, draft.lesson, rehearsed(draft.lesson, "held"))
    assert desk.publish(draft.lesson_id, why="not wanted").why == ""


def test_a_test_counts_for_the_words_that_were_tested_alone(desk: LessonDesk) -> None:
    draft = desk.add(LESSON)
    found = rehearsed(LESSON, "broken")
    edited = desk.save(draft.lesson_id, changed(summary="Other words."))
    assert not desk.keep_test(draft.id, LESSON, found)
    assert not desk.keep_test(draft.id, edited.lesson, found)
    desk.save(draft.lesson_id, LESSON)
    assert desk.keep_test(draft.id, LESSON, found)
    assert desk.test_of(desk.edit(draft.lesson_id)) == found
    assert desk.test_of(desk.save(draft.lesson_id, edited.lesson)) is None
    assert desk.publish(draft.lesson_id).state is LessonState.PUBLISHED


def test_versions_are_compared_field_by_field_in_words(desk: LessonDesk) -> None:
    first = desk.publish(desk.add(LESSON).lesson_id)
    item = msgspec.structs.replace(LESSON.items[0], answer="33", hints=("Share it.", *LESSON.items[0].hints[1:]))
    withhold = msgspec.structs.replace(LESSON.guidelines[1], attempts=3)
    rules = (LESSON.guidelines[0], withhold, *LESSON.guidelines[2:-1])
    second = desk.save(first.lesson_id, changed(items=(item,), guidelines=rules, objectives=()))
    assert [sentence(one) for one in desk.compare(first.id, second.id)] == [
        "objectives: taken out: Halve a two-digit number.",
        "guideline “Withholding answers”, attempts: “2” became “3”",
        "guideline “Wish in free words”: taken out: severity warn, text Use examples with food.",
        "item q1, answer: “32” became “33”",
        "item q1, hints: “Share it into two equal parts.” became “Share it.”",
        "item q2: taken out: What turns a puddle into vapour?",
    ]
    assert desk.compare(first.id, first.id) == ()


def test_an_older_version_becomes_the_draft_and_that_can_be_taken_back(desk: LessonDesk) -> None:
    first = desk.publish(desk.add(LESSON).lesson_id)
    desk.save(first.lesson_id, changed(title="Second"))
    desk.publish(first.lesson_id)
    desk.save(first.lesson_id, changed(title="Third"))
    assert desk.restore(first.id).lesson == LESSON
    assert desk.last_step == "version 1 of “Halves and quarters” became the draft"
    desk.undo()
    assert desk.edit(first.lesson_id).lesson.title == "Third"


def test_steps_are_taken_back_newest_first(desk: LessonDesk) -> None:
    draft = desk.add(LESSON)
    desk.publish(draft.lesson_id)
    desk.retire(draft.lesson_id)
    desk.archive(draft.lesson_id)
    assert desk.lessons() == ()
    desk.undo()
    assert desk.lessons()[0].state is LessonState.RETIRED
    desk.undo()
    assert desk.lessons()[0].state is LessonState.PUBLISHED
    desk.undo()
    assert desk.lessons()[0].state is LessonState.DRAFT
    assert desk.undo() == "“Halves and quarters” was added"
    assert desk.lessons() == () and desk.lessons(archived=True) == ()
    with pytest.raises(UserError) as raised:
        desk.undo()
    assert code_of(raised) == "nothing_to_undo"


def test_a_version_that_learners_began_with_is_not_taken_back(desk: LessonDesk, store: Store) -> None:
    learner = store.add_learner("Learner", "fox", AgeBand.A8_10, "en-GB")
    made = desk.publish(desk.add(LESSON).lesson_id)
    store.begin_conversation(learner.id, "Halves", "?", made.id)
    with pytest.raises(UserError) as raised:
        desk.undo()
    assert code_of(raised) == "lesson_used"
    assert desk.versions(made.lesson_id)[0].state is LessonState.PUBLISHED
    desk.retire(made.lesson_id)
    desk.undo()
    assert desk.versions(made.lesson_id)[0].state is LessonState.PUBLISHED


def test_taking_back_loses_no_words_written_since(desk: LessonDesk) -> None:
    made = desk.publish(desk.add(LESSON).lesson_id)
    desk.edit(made.lesson_id)
    desk.save(made.lesson_id, changed(title="Written since"))
    with pytest.raises(UserError) as raised:
        desk.undo()
    assert code_of(raised) == "lesson_changed"
    assert desk.edit(made.lesson_id).lesson.title == "Written since"
    desk.archive(made.lesson_id)
    desk.save(made.lesson_id, changed(title="Written later"))
    desk.undo()
    assert desk.edit(made.lesson_id).lesson.title == "Written later" and desk.lessons()


def test_opening_the_editor_does_not_keep_publishing_from_being_taken_back(desk: LessonDesk) -> None:
    made = desk.publish(desk.add(LESSON).lesson_id)
    desk.edit(made.lesson_id)
    desk.undo()
    (only,) = desk.versions(made.lesson_id)
    assert only.state is LessonState.DRAFT and only.id == made.id


def test_a_draft_is_discarded_and_brought_back_but_never_the_only_version(desk: LessonDesk) -> None:
    draft = desk.add(LESSON)
    with pytest.raises(UserError) as raised:
        desk.discard(draft.lesson_id)
    assert code_of(raised) == "only_draft"
    desk.publish(draft.lesson_id)
    desk.save(draft.lesson_id, changed(title="Better"))
    desk.discard(draft.lesson_id)
    assert [v.lesson.title for v in desk.versions(draft.lesson_id)] == ["Halves and quarters"]
    desk.undo()
    assert desk.edit(draft.lesson_id).lesson.title == "Better"
