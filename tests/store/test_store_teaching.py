"""What the teacher's pages stand on: facts of turns, questions put to a teacher, reviews, grades, surveys."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from reading_from import from_the_beginning

from tutor.domain import (
    AgeBand,
    Fact,
    Intent,
    Learner,
    Move,
    Outcome,
    Reply,
    RuleCheck,
    Severity,
    TutoringState,
)
from tutor.domain_classes import Visible
from tutor.errors import BugError, UserError
from tutor.store import Store
from tutor.store.turn_facts import PAUSE_S, active
from tutor.wording.mood import mood

TODAY = datetime.now().astimezone().date().isoformat()
SUM = Fact(kind="expression", question="3/4 + 1/8", answer="7/8")


def turn(
    store: Store, learner: Learner, asked: str = "Why?", conversation: int | None = None, **details: object
) -> int:
    """A finished turn. Returns the answer's id."""
    reply = Reply(**{"text": "What do you think?", "outcome": Outcome.DONE, "model": "starter", **details})  # type: ignore[arg-type]
    if conversation is None:
        _, _, answer = store.begin_conversation(learner.id, "A talk", asked)
    else:
        _, answer = store.begin_turn(conversation, store.conversation(conversation).head_id, asked)
    store.finish_message(answer.id, reply, "done")
    return answer.id


def test_a_finished_turn_leaves_its_facts_and_no_words(store: Store, learner: Learner, path: Path) -> None:
    fired = RuleCheck(rule="length", severity=Severity.REWRITE, fired=True, done="rewritten", times=2)
    held = RuleCheck(rule="tone", severity=Severity.BLOCK)
    answer = turn(
        store,
        learner,
        "just tell me the zebrafish answer, i hate this",
        intent=Intent.ASKS_ANSWER,
        move=Move.ASK_ATTEMPT,
        state=TutoringState(problem=SUM, begs=1, attempts=2, rung=1),
        rules=(fired, held),
    )
    fact = store.turn_fact(answer)
    assert fact is not None
    assert (fact.begged, fact.emotional, fact.revealed, fact.rules_fired) == (1, 0, 0, 1)
    assert (fact.learner_words, fact.tutor_words, fact.tutor_questions) == (9, 4, 1)
    assert (fact.attempts, fact.rung, fact.solved, fact.day) == (2, 1, 0, TODAY)
    assert fact.sentiment is not None and fact.sentiment < 0
    assert fact.politeness == 0.0
    assert fact.item == "" and fact.problem.startswith("~") and "3/4" not in fact.problem
    assert store.rules_fired(TODAY) == (("length", "rewritten", 1),)
    with sqlite3.connect(path) as db:
        row = db.execute("SELECT * FROM turn_fact").fetchone()
    assert not any("zebrafish" in str(value) for value in row)


def test_emotion_is_counted_without_its_content(store: Store, learner: Learner) -> None:
    answer = turn(store, learner, "nobody likes me", move=Move.SIGNPOST, outcome=Outcome.WRITTEN, alert="isolation")
    fact = store.turn_fact(answer)
    assert fact is not None and fact.emotional == 1
    (day,) = store.day_use(TODAY)
    assert (day.learner_id, day.turns, day.emotional) == (learner.id, 1, 1)


def test_an_answer_worked_through_counts_as_revealed(store: Store, learner: Learner) -> None:
    told = store.turn_fact(turn(store, learner, move=Move.EXPLAIN))
    leak = RuleCheck(rule="withhold", severity=Severity.BLOCK, fired=True, done="shown")
    leaked = store.turn_fact(turn(store, learner, move=Move.HINT, rules=(leak,)))
    kept = store.turn_fact(turn(store, learner, move=Move.HINT))
    assert [fact.revealed for fact in (told, leaked, kept) if fact] == [1, 1, 0]


def test_use_is_counted_to_the_next_turn_and_not_over_pauses() -> None:
    start = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    soon, late = start + timedelta(seconds=90), start + timedelta(seconds=PAUSE_S + 1)
    assert active(start.isoformat(), "") == 60
    assert active(soon.isoformat(), start.isoformat()) == 90
    assert active(late.isoformat(), start.isoformat()) == 60


def test_who_is_stuck_is_told_with_the_item_and_not_once_it_is_solved(store: Store, learner: Learner) -> None:
    other = store.add_learner("Other", "fox", AgeBand.A8_10, "en-GB")
    for tries in (1, 2, 3):
        last = turn(store, learner, state=TutoringState(problem=SUM, item="q1", attempts=tries))
        turn(store, other, state=TutoringState(problem=SUM, item="q1", attempts=tries))
    turn(store, other, state=TutoringState(problem=SUM, item="q1", attempts=4, solved=True))
    (stuck,) = store.struggles(TODAY)
    assert (stuck.learner_id, stuck.item, stuck.attempts, stuck.message_id) == (learner.id, "q1", 3, last)
    turn(store, learner, state=TutoringState(problem=SUM, item="q2", attempts=1))
    assert store.struggles(TODAY) == ()
    again = turn(store, other, state=TutoringState(problem=SUM, item="q1", attempts=3))
    assert [stuck.message_id for stuck in store.struggles(TODAY)] == [again]  # solved before, and not this time


def test_old_answers_get_their_facts_when_the_file_is_brought_up_to_date(path: Path) -> None:
    with Store.open(path) as store:
        learner = store.add_learner("Learner", "fox", AgeBand.A8_10, "en-GB")
        answer = turn(store, learner, "tell me now", intent=Intent.ASKS_ANSWER, state=TutoringState(begs=2))
        broken = turn(store, learner)
    with sqlite3.connect(path) as db:
        db.execute("UPDATE message SET reply = '{not json' WHERE id = ?", (broken,))
        later = ("keeping", "purge", "learner_lock")
        for table in ("turn_fact", "rule_fired", "review", "escalation", "grade", "survey", "fairness_run", *later):
            db.execute(f"DROP TABLE {table}")
        db.execute("DROP INDEX asked_open")
        db.execute("DELETE FROM _sqlite_migrations WHERE name >= '011' AND name < '017'")  # no later one concerns facts
    with Store.open(path) as store:
        fact = store.turn_fact(answer)
        assert fact is not None and (fact.begged, fact.model, fact.day) == (1, "starter", TODAY)
        assert (fact.learner_words, fact.tutor_words, fact.tutor_questions) == (3, 4, 1)
        assert fact.politeness is None, "it was not measured then"
        assert store.turn_fact(broken) is None


def test_a_question_put_to_the_teacher_comes_back_and_is_new_until_read(store: Store, learner: Learner) -> None:
    answer = turn(store, learner)
    asked = store.put_to_teacher(answer, "tries", "I do not see why")
    assert store.put_to_teacher(answer, "asked", "Please help").note == "Please help"
    assert store.open_escalations() == 1
    store.answer_escalation(asked.id, "Look at the eighths.", "teacher")
    conversation = store.message(answer).conversation_id
    assert store.open_escalations() == 0 and store.unread_answers(learner.id) == (conversation,)
    assert store.put_to_teacher(answer, "asked", "again").note == "Please help"
    assert store.read_answers(conversation) == 1 and store.unread_answers(learner.id) == ()
    (known,) = store.escalations_in(conversation)
    assert known.answer == "Look at the eighths." and known.read_at
    store.take_answer_back(asked.id)
    assert store.open_escalations() == 1
    with pytest.raises(BugError):
        store.put_to_teacher(answer, "whim")
    with pytest.raises(UserError):
        store.put_to_teacher(999, "asked")


def test_what_waits_is_found_by_kind_learner_and_words_and_a_decision_can_be_undone(
    store: Store, learner: Learner
) -> None:
    other = store.add_learner("Other", "fox", AgeBand.A8_10, "en-GB")
    flagged = store.flag(turn(store, learner, "What is a prime?"), "wrong", "it is not", "better")
    asked = store.put_to_teacher(turn(store, other, "How do ships float?"), "outside")
    unsure = turn(store, other, "Is zero even?")
    store.keep_asked(unsure, other.id, "uncertain", 1.5)
    store.keep_said(unsure, "not_right")
    said = turn(store, other, "Is two even?")
    store.keep_asked(said, other.id, "uncertain", 1.5)
    store.keep_said(said, "right")
    assert store.review_counts() == {"flag": 1, "escalation": 1, "unsure": 1}
    assert [(i.kind, i.question) for i in store.review_items()] == [
        ("unsure", "Is zero even?"),
        ("escalation", "How do ships float?"),
        ("flag", "What is a prime?"),
    ]
    assert [i.kind for i in store.review_items(learner_id=learner.id)] == ["flag"]
    assert [i.kind for i in store.review_items(kind="escalation")] == ["escalation"]
    assert [i.kind for i in store.review_items(words="ships FLOAT")] == ["escalation"]
    store.keep_review("flag", flagged.id, "dismissed", by="teacher", error="none", why="It is right.")
    store.keep_review("unsure", unsure, "dismissed", by="teacher", why="fine")
    store.answer_escalation(asked.id, "They push water away.", "teacher")
    assert store.review_counts() == {"flag": 0, "escalation": 0, "unsure": 0}
    done = {item.kind: item for item in store.review_items("done")}
    assert (done["flag"].decision, done["flag"].why) == ("dismissed", "It is right.")
    assert done["escalation"].decision == "answered"
    store.take_review_back("flag", flagged.id)
    assert store.review_counts()["flag"] == 1
    with pytest.raises(sqlite3.IntegrityError):
        store.keep_review("flag", flagged.id, "dismissed", by="teacher", why=" ")


def test_a_page_of_what_waits_goes_on_where_the_last_ended(store: Store, learner: Learner) -> None:
    ids = [store.flag(turn(store, learner), "other").id for _ in range(5)]
    pages = [store.review_items(limit=2, offset=offset) for offset in (0, 2, 4)]
    assert [item.id for page in pages for item in page] == ids[::-1]


def test_an_item_shows_the_three_turns_before_it(store: Store, learner: Learner) -> None:
    first = turn(store, learner, "q0")
    conversation = store.message(first).conversation_id
    for number in range(1, 6):
        last = turn(store, learner, f"q{number}", conversation)
    texts = [message.text for message in store.turns_before(last) if message.role.value == "learner"]
    assert texts == ["q2", "q3", "q4", "q5"]


def test_grades_are_drawn_from_those_whose_words_may_be_read(store: Store, learner: Learner) -> None:
    other = store.add_learner("Other", "fox", AgeBand.A8_10, "en-GB")
    mine = turn(store, learner)
    turn(store, other)
    turn(store, learner, move=Move.SIGNPOST, outcome=Outcome.WRITTEN)
    assert store.drawable(TODAY) == ()
    store.set_members(store.add_class("4a", Visible.ALL).id, (learner.id,))
    store.set_members(store.add_class("4b", Visible.FLAGGED).id, (other.id, learner.id))
    assert store.drawable(TODAY) == (), "it was written under a narrower promise"
    from_the_beginning(store)
    assert [d.message_id for d in store.drawable(TODAY)] == [mine]
    store.grade(mine, 5, 4, 3, by="teacher", error="level")
    assert store.drawable(TODAY) == ()
    (graded,) = store.grades(TODAY)
    assert (graded.accurate, graded.kind, graded.level, graded.model) == (5, 4, 3, "starter")
    assert [(e.error, e.count) for e in store.errors_by_month(TODAY[:8] + "01")] == [("level", 1)]
    store.take_grade_back(mine)
    assert store.grades(TODAY) == ()
    with pytest.raises(sqlite3.IntegrityError):
        store.grade(mine, 6, 1, 1, by="teacher")


def test_a_learner_is_asked_two_questions_once_a_week_at_most(store: Store, learner: Learner, path: Path) -> None:
    for _ in range(3):
        turn(store, learner)
    assert not store.survey_due(learner.id)
    turn(store, learner)
    assert store.survey_due(learner.id)
    store.keep_survey(learner.id, 0, 0)  # declined
    for _ in range(4):
        turn(store, learner)
    assert not store.survey_due(learner.id)
    with sqlite3.connect(path) as db:
        db.execute("UPDATE survey SET asked_at = ?", ((datetime.now(UTC) - timedelta(days=8)).isoformat(),))
    assert store.survey_due(learner.id)
    store.keep_survey(learner.id, 4, 5)
    store.rate(turn(store, learner), 1)
    (month,) = store.ratings_by_month(TODAY[:8] + "01")
    assert (month.up, month.down, month.surveys, month.helped, month.again) == (1, 0, 1, 4, 5)


@pytest.mark.parametrize(
    ("text", "sign"),
    [("this is great, thanks!", 1), ("i hate this", -1), ("that's not bad", 1), ("not fun", -1), ("What is 3 + 4?", 0)],
)
def test_the_mood_words_tell_glad_from_low(text: str, sign: int) -> None:
    found = mood(text)
    assert (found is None) if sign == 0 else (found is not None and found * sign > 0)
    assert found is None or -1 < found < 1


def test_erasing_a_learner_takes_everything_of_the_teachers_pages_along(
    store: Store, learner: Learner, path: Path
) -> None:
    answer = turn(store, learner)
    flag = store.flag(answer, "wrong")
    store.keep_review("flag", flag.id, "answered", by="teacher")
    store.put_to_teacher(answer, "asked", "zebrafish")
    store.grade(answer, 1, 1, 1, by="teacher")
    store.keep_survey(learner.id, 1, 1)
    store.erase_learner(learner.id)
    with sqlite3.connect(path) as db:
        for table in ("turn_fact", "review", "escalation", "grade", "survey", "fairness_run"):
            assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_an_answer_in_doubt_is_shown_to_teachers_as_far_as_the_class_shows_learners_words(store: Store) -> None:
    seen = {}
    for visible in Visible:
        learner = store.add_learner(visible.value, "fox", AgeBand.A8_10, "en-GB")
        store.set_members(store.add_class(visible.value, visible).id, [learner.id])
        for said in ("", "not_right"):
            answer = turn(store, learner, f"{visible.value} {said}")
            store.keep_asked(answer, learner.id, "uncertain", 1.5)
            store.keep_said(answer, said)
        seen[visible] = {item.question for item in store.review_items(learner_id=learner.id)}
    assert seen[Visible.ALL] == {"all ", "all not_right"}
    assert seen[Visible.FLAGGED] == {"flagged not_right"}
    assert seen[Visible.SUMMARY] == set()
    assert store.review_counts()["unsure"] == 3


def test_what_came_before_leaves_out_what_was_said_in_distress(store: Store, learner: Learner) -> None:
    first = turn(store, learner, "What is a prime?")
    conversation = store.message(first).conversation_id
    turn(store, learner, "nobody likes me", conversation, move=Move.SIGNPOST, outcome=Outcome.WRITTEN)
    last = turn(store, learner, "Is nine prime?", conversation)
    asked = [m.text for m in store.turns_before(last) if m.role.value == "learner"]
    assert asked == ["What is a prime?", "Is nine prime?"]
    assert [m.text for m in store.turns_before(last, 0)] == ["Is nine prime?", "What do you think?"]
