"""What a number counts, one by one: the same turns that the sums are made of, newest first, blind where it must be."""

from datetime import datetime

import pytest

from tutor.domain import AgeBand, Learner, Lesson, Move, Outcome, Reply, RuleCheck, Severity
from tutor.domain_lessons import Length
from tutor.store import Store
from tutor.store.counted import BLIND, MEASURES, Counting

TODAY = datetime.now().astimezone().date().isoformat()
FIRED = RuleCheck(rule="length", severity=Severity.REWRITE, fired=True, where="turn", done="rewritten")


def turn(store: Store, learner: Learner, version: int | None = None, **details: object) -> int:
    reply = Reply(**{"text": "What do you think?", "outcome": Outcome.DONE, "model": "starter", **details})  # type: ignore[arg-type]
    _, _, answer = store.begin_conversation(learner.id, "Talk", "thanks, that is great", lesson_version_id=version)
    store.finish_message(answer.id, reply, "done")
    return answer.id


@pytest.fixture
def other(store: Store) -> Learner:
    return store.add_learner("Other", "fox", AgeBand.A8_10, "en-GB")


def test_every_list_is_as_long_as_the_sum_says(store: Store, learner: Learner, other: Learner) -> None:
    for who in (learner, other, learner):
        last = turn(store, who, rules=(FIRED,))
    turn(store, learner, text="Wrong. Do it again.", outcome=Outcome.STOPPED)
    turn(store, other, move=Move.SIGNPOST)
    store.rate(last, 1)
    store.grade(last, 4, 3, 2, by="teacher", error="maths")
    store.keep_survey(learner.id, 4, 5)
    store.keep_survey(other.id, 0, 0)
    (tally,) = store.tallies(TODAY)
    sums = {
        "answers": tally.turns, "minutes": tally.turns, "words": tally.turns, "questions": tally.turns,
        "stopped": tally.stopped, "polite": tally.spoken, "blunt": tally.blunt, "mood": tally.moods,
        "begged": 0, "emotional": sum(day.emotional for day in store.day_use(TODAY)), "thumbs": 1, "grades": 1,
        "surveys": 1, "rule": store.rules_fired(TODAY)[0][2], "errors": 1,
    }  # fmt: skip
    for measure in MEASURES:
        counting = Counting(measure=measure, since=TODAY, rules=("length",))
        found = store.counted(counting)
        assert len(found) == store.count_counted(counting) == sums[measure], measure
        assert [each.at for each in found] == sorted((each.at for each in found), reverse=True)
        if measure in BLIND:
            assert not any(each.learner or each.learner_id or each.message_id or each.at for each in found)
    minutes = store.counted(Counting(measure="minutes", since=TODAY))
    assert sum(each.value or 0 for each in minutes) == pytest.approx(tally.minutes)
    (grade,) = store.counted(Counting(measure="grades", since=TODAY))
    assert (grade.value, grade.more, grade.what) == (4, (3, 2), "maths")
    (survey,) = store.counted(Counting(measure="surveys", since=TODAY))
    assert (survey.value, survey.more) == (4, (5,))


def test_class_learner_lesson_model_and_days_narrow_it(store: Store, learner: Learner, other: Learner) -> None:
    version = store.publish_draft(
        store.create_lesson(Lesson(key="l", title="Primes", guidelines=(Length(),))).lesson_id
    )
    mine = turn(store, learner, version.id)
    own = turn(store, other, model="large")
    store.set_members(store.add_class("6b").id, [learner.id])

    def ids(**what: object) -> list[int]:
        return [each.message_id for each in store.counted(Counting(measure="answers", since=TODAY, **what))]  # type: ignore[arg-type]

    assert ids() == [own, mine]
    assert ids(class_id=1) == ids(learner_id=learner.id) == ids(lesson_id=version.lesson_id) == [mine]
    assert ids(own=True) == ids(model="large") == ids(learner_id=other.id) == [own]
    assert (
        ids(until="2000-01-01") == []
        and store.counted(Counting(measure="answers"), limit=1, offset=1)[0].lesson == "Primes"
    )


def test_an_error_of_a_blind_grade_keeps_its_learner_to_itself(store: Store, learner: Learner) -> None:
    graded, flagged = turn(store, learner), turn(store, learner)
    store.grade(graded, 1, 3, 3, by="teacher", error="fact")
    flag = store.flag(flagged, "wrong").id
    store.keep_review("flag", flag, "dismissed", by="teacher", error="maths", why="seen")
    store.grade(flagged, 1, 3, 3, by="teacher", error="maths")
    found = store.counted(Counting(measure="errors", since=TODAY))
    assert [(each.what, each.learner, each.message_id) for each in found] == [
        ("maths", learner.name, flagged),
        ("fact", "", 0),
    ]
    assert store.count_counted(Counting(measure="errors", since=TODAY, error="fact")) == 1
    assert sum(each.count for each in store.errors_by_month(TODAY)) == len(found)
