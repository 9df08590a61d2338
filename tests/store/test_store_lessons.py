"""Versions of lessons: one draft, one published, older ones kept as they were, and what a conversation began with."""

import sqlite3
from pathlib import Path

import msgspec
import pytest

from tutor.domain import AgeBand, Item, Learner, Lesson, LessonState
from tutor.errors import UserError
from tutor.store import Store

LESSON = Lesson(key="halves", title="Halves", subject="maths", items=(Item(id="q1", question="?", answer="32"),))
OTHER = msgspec.structs.replace(LESSON, title="Halves, again")


def test_a_draft_is_saved_published_and_retired_by_the_next_one(path: Path) -> None:
    with Store.open(path) as store:
        draft = store.create_lesson(LESSON)
        assert (draft.number, draft.state, draft.lesson) == (1, LessonState.DRAFT, LESSON)
        assert store.save_draft(draft.lesson_id, OTHER).id == draft.id
        first = store.publish_draft(draft.lesson_id)
        assert first.lesson == OTHER and first.published_at
        second = store.save_draft(draft.lesson_id, LESSON)
        assert (second.number, second.id != first.id) == (2, True)
        store.publish_draft(draft.lesson_id, why="tested by hand")
    with Store.open(path) as store:
        states = [(v.number, v.state.value, v.why) for v in store.lesson_versions(draft.lesson_id)]
        assert states == [(2, "published", "tested by hand"), (1, "retired", "")]
        (line,) = store.lessons()
        assert (line.title, line.state, line.versions, line.draft_id) == ("Halves", LessonState.PUBLISHED, 2, None)
        assert store.lesson_version(first.id).lesson == OTHER


def test_the_file_itself_refuses_to_change_a_published_version(store: Store) -> None:
    version = store.publish_draft(store.create_lesson(LESSON).lesson_id)
    with pytest.raises(sqlite3.IntegrityError, match="does not change"):
        store._owner.run(lambda: store._do("UPDATE lesson_version SET body = '{}' WHERE id = ?", version.id))


def test_other_words_take_the_test_away_and_a_test_of_other_words_is_not_kept(store: Store) -> None:
    draft = store.create_lesson(LESSON)
    assert not store.keep_test(draft.id, OTHER, "{}")
    assert store.keep_test(draft.id, LESSON, '{"a":1}')
    assert store.save_draft(draft.lesson_id, LESSON).tested == '{"a":1}'
    assert store.save_draft(draft.lesson_id, OTHER).tested == ""


def test_a_key_stays_the_lessons_own_and_stands_once(store: Store) -> None:
    draft = store.create_lesson(LESSON)
    assert store.save_draft(draft.lesson_id, msgspec.structs.replace(OTHER, key="else")).lesson.key == "halves"
    with pytest.raises(UserError) as raised:
        store.create_lesson(LESSON)
    assert raised.value.code == "lesson_known" and store.lesson_by_key("halves") == draft.lesson_id


def test_what_is_put_away_is_in_no_list_and_comes_back(store: Store) -> None:
    lesson_id = store.create_lesson(LESSON).lesson_id
    store.archive_lesson(lesson_id)
    assert store.lessons() == () and store.lessons(archived=True)[0].archived_at
    store.unarchive_lesson(lesson_id)
    assert store.lessons()[0].id == lesson_id


def test_what_is_not_there_is_said(store: Store) -> None:
    for missing in (
        lambda: store.lesson_version(9),
        lambda: store.lesson_versions(9),
        lambda: store.save_draft(9, LESSON),
        lambda: store.publish_draft(9),
        lambda: store.archive_lesson(9),
    ):
        with pytest.raises(UserError) as raised:
            missing()
        assert raised.value.code == "not_found"


def test_erasing_a_learner_leaves_lessons_and_an_export_names_the_lesson(
    store: Store, learner: Learner, tmp_path: Path
) -> None:
    version = store.publish_draft(store.create_lesson(LESSON).lesson_id)
    store.begin_conversation(learner.id, "Halves", "What is half of 64?", version.id)
    store.begin_conversation(learner.id, "Plain", "Hello")
    data = msgspec.json.decode(store.export_learner(learner.id, tmp_path / "out.json").read_bytes())
    said = [(c["lesson_title"], c["lesson_key"], c["lesson_number"]) for c in data["conversations"]]
    assert sorted(said, key=str) == [("Halves", "halves", 1), (None, None, None)]
    store.erase_learner(learner.id)
    assert store.lesson_version(version.id).lesson == LESSON


def test_a_lesson_that_learners_worked_with_can_be_published_anew(store: Store, learner: Learner) -> None:
    first = store.publish_draft(store.create_lesson(LESSON).lesson_id)
    conversation, _, _ = store.begin_conversation(learner.id, "Halves", "?", lesson_version_id=first.id)
    store.save_draft(first.lesson_id, OTHER)
    second = store.publish_draft(first.lesson_id)
    assert store.conversation(conversation.id).lesson_version_id == first.id
    assert store.in_force_of(first.id).id == second.id
    store.retire_lesson(first.lesson_id)
    assert store.in_force_of(first.id).id == first.id and store.published_lesson(first.lesson_id) is None


def test_what_is_set_for_a_learner_is_assigned_on_that_day_by_name_or_class(store: Store, learner: Learner) -> None:
    version = store.publish_draft(store.create_lesson(LESSON).lesson_id)
    other = store.add_learner("Other", "owl", AgeBand.A8_10, "en-GB")

    def insert() -> None:
        with store._db.atomic():
            store._do("INSERT INTO class (name, created_at) VALUES ('4b', '')")
            store._do("INSERT INTO class_member (class_id, learner_id) VALUES (1, ?)", learner.id)
            store._do(
                "INSERT INTO assignment (lesson_id, class_id, from_day, until_day, created_at) "
                "VALUES (?, 1, '2026-03-02', '2026-03-06', '')",
                version.lesson_id,
            )

    store._owner.run(insert)
    days = {day: store.assigned_to(learner.id, f"2026-03-0{day}") for day in (1, 2, 6, 7)}
    assert [day for day, found in days.items() if found] == [2, 6]
    assert store.assigned_to(other.id, "2026-03-03") == ()
    store.archive_lesson(version.lesson_id)
    assert store.assigned_to(learner.id, "2026-03-03") == ()
