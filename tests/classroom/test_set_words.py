"""Words to learners with a lesson that is set: what the safety checks have not looked at is not shown to anybody."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from looking_engine import LookingEngine

from tutor.classroom.set_words import SetWords
from tutor.domain import Action, AgeBand, Lesson, Looked
from tutor.engine import protocol
from tutor.engine.client import EngineGone
from tutor.store import Store, migrations
from tutor.store.connection import connect

TODAY = date.today().isoformat()
READY = protocol.Ready(model=None, safety="")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "tutor.db") as opened:
        yield opened


@pytest.fixture
def set_for(store: Store) -> tuple[int, int]:
    """A lesson, and a class with an older and a younger learner."""
    lesson = store.publish_draft(store.create_lesson(Lesson(key="f", title="Fractions")).lesson_id).lesson_id
    old = store.add_learner("Zoe", "owl", AgeBand.A14_17, "en-GB")
    young = store.add_learner("Yan", "fox", AgeBand.A5_7, "en-GB")
    blue = store.add_class("Blue")
    store.set_members(blue.id, (young.id, old.id))
    return lesson, blue.id


def notes(store: Store) -> list[str]:
    return [each.note for learner in store.learners() for each in store.assigned_to(learner.id, TODAY)]


def test_a_word_is_shown_only_after_the_checks_found_it_fine(store: Store, set_for: tuple[int, int]) -> None:
    lesson, blue = set_for
    engine = LookingEngine()
    desk = SetWords(store, engine)
    store.assign(lesson, class_id=blue, from_day=TODAY, note="You lazy lot.")
    assert notes(store) == ["", ""]
    desk.hear(READY)
    assert engine.sent[0].age_band is AgeBand.A5_7, "as for the youngest who is shown it"
    desk.hear(protocol.Failed(id=engine.sent[0].id, code="not_loaded", message=""))
    desk.hear(READY)
    desk.hear(EngineGone(message=""))
    desk.hear(engine.verdicts(at=1))
    assert notes(store) == ["", ""], "the checks failed, or the engine ended: nothing is shown"
    desk.hear(READY)
    desk.hear(engine.verdicts("You lazy lot.", at=2, action=Action.REVIEW))
    assert notes(store) == ["", ""] and store.assignments()[0].looked is Looked.DOUBTFUL
    desk.hear(READY)
    desk.hear(engine.verdicts(at=3))
    assert notes(store) == ["You lazy lot."] * 2


def test_what_is_in_force_is_looked_at_anew_and_what_a_teacher_read_stays(
    store: Store, set_for: tuple[int, int]
) -> None:
    lesson, blue = set_for
    zoe = next(each for each in store.learners() if each.name == "Zoe")
    yesterday = (date.today() - timedelta(days=1)).isoformat()
    store.assign(lesson, class_id=blue, from_day="2026-01-01", until_day=yesterday, note="Over")
    store.assign(lesson, class_id=blue, from_day=TODAY, note="Read", looked=Looked.READ)
    store.assign(lesson, class_id=blue, from_day=TODAY)
    store.assign(lesson, learner_id=zoe.id, from_day=TODAY, note="For you", looked=Looked.FINE)
    engine = LookingEngine()
    desk = SetWords(store, engine)
    desk.hear(READY)
    (asked,) = engine.sent
    assert [item.text for item in asked.items] == ["For you"] and asked.age_band is AgeBand.A14_17
    desk.hear(engine.verdicts("For you", at=0, action=Action.REVIEW))
    assert {each.note: each.looked for each in store.assignments()}["For you"] is Looked.DOUBTFUL
    assert {each.note: each.looked for each in store.assignments()}["Read"] is Looked.READ


def test_words_from_before_the_checks_looked_at_them_are_not_shown_until_they_did(tmp_path: Path) -> None:
    path = tmp_path / "older.db"
    db = connect(path)
    migrations.steps.apply(db, stop_before="017_note_looked")
    with db.conn:
        db.execute(
            "INSERT INTO learner (key, name, picture, age_band, language, created_at) "
            "VALUES ('k', 'Amira', 'owl', '8-10', 'en-GB', '2026')"
        )
        db.execute("INSERT INTO lesson (key, created_at) VALUES ('f', '2026')")
        db.execute(
            "INSERT INTO lesson_version (lesson_id, number, state, title, subject, age_band, body, created_at, "
            "changed_at) VALUES (1, 1, 'published', 'Fractions', '', '', '{}', '2026', '2026')"
        )
        db.execute(
            "INSERT INTO assignment (lesson_id, learner_id, from_day, note, created_at) "
            "VALUES (1, 1, '2026-01-01', 'You lazy lot.', '2026')"
        )
    db.close()
    with Store.open(path) as store:
        assert notes(store) == [""] and store.assignments()[0].looked is Looked.NOT_YET
        engine = LookingEngine()
        desk = SetWords(store, engine)
        desk.hear(READY)
        desk.hear(engine.verdicts("You lazy lot.", at=0, action=Action.REVIEW))
        assert notes(store) == [""]
