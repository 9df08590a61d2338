"""Pairs come from files, from the app's export, and from our own checks; what is of no use is left out and counted."""

import json
from pathlib import Path

import msgspec
import pytest

from tutor.domain import AgeBand, Fact, Move, Outcome, Reply
from tutor.errors import UserError
from tutor.store.store import Store
from tutor.tutoring import brief
from tutor.tutoring.facts import facts_in
from tutor.tutoring.guidelines import DEFAULT
from tutor.workshop.preference import feedback, judging, pairs, prompts
from tutor.workshop.preference.judging import Answer
from tutor.workshop.preference.pairs import Pair

FACT: Fact = facts_in("7 x 8")[0]
HINT = FACT.hints[0]


def asked(words: str = "I am stuck") -> prompts.Asked:
    content = brief.user_message(words, brief.render(Move.HINT, FACT))
    messages = [{"role": "user", "content": content}, {"role": "assistant", "content": f"A hint: {HINT}"}]
    return next(prompts.asked_in(messages))


def test_a_turn_is_read_back_from_its_prompt() -> None:
    notes = brief.render(Move.DIAGNOSE, FACT, attempt="54")
    messages = [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": brief.user_message("7 x 8 is 54?", notes)},
        {"role": "assistant", "content": "Not quite."},
        {"role": "user", "content": "and without notes?"},
        {"role": "assistant", "content": "No."},
    ]
    (found,) = prompts.asked_in(messages)
    assert found.prompt == tuple(messages[:2])
    assert (found.turn.words, found.turn.notes) == ("7 x 8 is 54?", notes)
    assert (found.turn.move, found.turn.attempt, found.turn.answer) == (Move.DIAGNOSE, "54", "56")
    assert found.facts == (FACT,)


def test_turns_are_spread_over_the_moves() -> None:
    many = [asked(str(i)) for i in range(20)]
    greeting = {"role": "user", "content": brief.user_message("hi", brief.render(Move.GREET))}
    one = next(prompts.asked_in([greeting, {"role": "assistant", "content": "Hello."}]))
    assert one in prompts.spread([*many[:10], one, *many[10:]], 4)
    assert len(prompts.spread(many, 50)) == 20


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (f"Try this: {HINT}", None),
        (f"Try this: {HINT} So it is 56.", "says the answer"),
        (f"Try this: {HINT} Then 7 × 8 = 54.", "a statement that is not true"),
        (f"Try this: {HINT} There are 912 of them.", "a number that is not in the notes"),
        (f"Try this!: {HINT}", "exclamation mark"),
    ],
)
def test_the_checks_judge_an_answer(text: str, fault: str | None) -> None:
    found = judging.wrong(asked(), Answer(text=text))
    assert found == () if fault is None else fault in found


def test_a_faulty_answer_is_paired_with_the_clean_one_most_like_it() -> None:
    like, other = f"Try this with me: {HINT}", f"Here you go: {HINT}"
    bad = f"Try this with me: {HINT} It is 56."
    (pair,) = judging.judged_pairs(
        asked(), [Answer(text=other), Answer(text=like), Answer(text=bad)], each=3, written=False
    )
    assert (pair.chosen, pair.rejected) == (like, bad)


def test_the_written_answer_stands_in_where_no_drawn_one_is_clean() -> None:
    bad = [Answer(text="It is 56."), Answer(text="56, of course.")]
    assert judging.judged_pairs(asked(), bad, each=3, written=False) == []
    found = judging.judged_pairs(asked(), bad, each=1, written=True)
    assert [(p.chosen, p.rejected) for p in found] == [(f"A hint: {HINT}", "It is 56.")]
    assert judging.judged_pairs(asked(), [Answer(text=f"Go on: {HINT}")], each=3, written=True) == []


def test_a_reward_orders_answers_only_where_they_are_apart() -> None:
    answers = [Answer(text="a"), Answer(text="b"), Answer(text="c")]
    (pair,) = judging.ordered_pairs(asked(), answers, [0.1, 2.0, -1.0], least=0.5)
    assert (pair.chosen, pair.rejected) == ("b", "c")
    assert judging.ordered_pairs(asked(), answers, [0.1, 0.2, 0.3], least=0.5) == []


def pair(prompt: str, chosen: str, rejected: str) -> Pair:
    return Pair(prompt=({"role": "user", "content": prompt},), chosen=chosen, rejected=rejected)


def test_pairs_that_say_nothing_or_contradict_an_earlier_one_are_left_out(tmp_path: Path) -> None:
    one = pair("a", "good", "bad")
    found = [one, one, pair("a", "bad", "good"), pair("a", "same", "same "), pair("a", " ", "bad"), pair("b", "x", "y")]
    kept = pairs.cleaned(found)
    assert kept == [one, pair("b", "x", "y")]
    pairs.write(tmp_path / "pairs.jsonl", kept)
    assert pairs.read(tmp_path / "pairs.jsonl") == kept


def test_no_prompt_is_on_both_sides() -> None:
    found = [pair(f"prompt {i % 200}", f"good {i}", "bad") for i in range(600)]
    learn, held = pairs.divided(found, 0.2)
    assert not {p.prompt[0]["content"] for p in learn} & {p.prompt[0]["content"] for p in held}
    assert 60 < len(held) < 180 and len(learn) + len(held) == 600


def test_a_line_that_is_no_pair_is_named(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_bytes(msgspec.json.encode(pair("a", "b", "c")) + b'\n{"prompt": "a"}\n')
    with pytest.raises(UserError, match="Line 2") as caught:
        pairs.read(path)
    assert caught.value.code == "bad_pairs"


def test_another_file_is_not_taken_for_an_export(tmp_path: Path) -> None:
    for text in ('{"format": "other"}', "[1, 2]", "not json"):
        (tmp_path / "file.json").write_text(text)
        with pytest.raises(UserError) as caught:
            feedback.read(tmp_path / "file.json")
        assert caught.value.code == "not_an_export"


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """An export of the real store: two versions of one answer rated up and down, corrections, a thumb down alone."""
    store = Store.open(tmp_path / "tutor.db")
    learner = store.add_learner("Zelda", "fox", AgeBand.A8_10, "en-GB")
    talk = store.new_conversation(learner.id, "sevens")

    def finish(message_id: int, text: str) -> int:
        notes = brief.render(Move.HINT, FACT)
        store.finish_message(message_id, Reply(text=text, outcome=Outcome.DONE, notes=notes), "done")
        return message_id

    question, answer = store.begin_turn(talk.id, None, "7 x 8 help")
    up = finish(answer.id, f"Look: {HINT}")
    down = finish(store.begin_answer(question.id).id, "Hmm, no idea.")
    store.rate(up, 1)
    store.rate(down, -1)
    question, answer = store.begin_turn(talk.id, up, "still stuck")
    corrected = finish(answer.id, "It is 54.")
    alone = finish(store.begin_answer(question.id).id, "Think harder.")
    store.flag(corrected, "wrong", "wrong sum", "Try 7 × 7 first, then add 7.")
    store.flag(corrected, "wrong", "", "no")
    store.flag(corrected, "wrong", "", "I think 7 × 8 = 54 today")
    store.rate(alone, -1)
    path = store.export_learner(learner.id, tmp_path / "zelda.json")
    store.close()
    return path


def test_ratings_and_corrections_of_the_app_become_pairs(exported: Path) -> None:
    found = feedback.read(exported)
    rated, corrected = found.pairs
    notes = brief.render(Move.HINT, FACT)
    question = {"role": "user", "content": brief.user_message("7 x 8 help", notes)}
    system = {"role": "system", "content": DEFAULT}
    assert rated == Pair(prompt=(system, question), chosen=f"Look: {HINT}", rejected="Hmm, no idea.", source="ratings")
    assert corrected.prompt[1:3] == (question, {"role": "assistant", "content": f"Look: {HINT}"})
    assert corrected.prompt[3]["content"].startswith("still stuck")
    assert (corrected.chosen, corrected.rejected) == ("Try 7 × 7 first, then add 7.", "It is 54.")
    assert found.dropped == {"too few words": 1, "wrong maths": 1}


@pytest.mark.parametrize("status", ["accepted", "rejected", "withdrawn", "proposed", "merged"])
def test_what_people_decided_about_a_report_is_what_is_learnt(exported: Path, status: str) -> None:
    data = json.loads(exported.read_text())
    decided = {"flag_id": data["flags"][0]["id"], "answer": "Try 7 × 7, Zelda, and add one more 7.", "status": status}
    data["corrections"] = [decided]
    exported.write_text(json.dumps(data))
    found = feedback.read(exported)
    chosen = [pair.chosen for pair in found.pairs if pair.source == "corrections"]
    if status == "accepted":
        (one,) = chosen
        assert one.endswith("and add one more 7.") and "Zelda" not in one
    else:
        assert not chosen and found.dropped["a correction that people did not accept"] == 1


def test_a_thumb_down_alone_is_paired_with_a_clean_answer(exported: Path) -> None:
    ((one, text),) = feedback.read(exported).disliked
    assert text == "Think harder." and one.turn.move is Move.HINT
    drawn = [Answer(text="It is 56."), Answer(text=f"Have a look: {HINT}")]
    (found,) = judging.rated_pairs(one, text, drawn)
    assert (found.chosen, found.rejected) == (f"Have a look: {HINT}", "Think harder.")
    assert judging.rated_pairs(one, text, drawn[:1]) == []


def test_personal_data_is_in_no_pair(exported: Path) -> None:
    data = json.loads(exported.read_text())
    for message in data["messages"]:
        if message["text"] == "still stuck":
            message["text"] = "Zelda here, still stuck, write to zelda@example.org"
    data["flags"][0]["better"] = "Try 7 × 7 first, Zelda, then add 7."
    exported.write_text(json.dumps(data))
    found = feedback.read(exported)
    words = msgspec.json.encode([found.pairs, [asked for asked, _ in found.disliked]]).decode()
    assert "Zelda" not in words and "zelda@" not in words
    assert "still stuck" in words and "then add 7." in words


@pytest.mark.parametrize("what", ["deleted", "alerted", "written"])
def test_what_is_deleted_near_an_alert_or_written_by_people_is_not_learnt_from(exported: Path, what: str) -> None:
    data = json.loads(exported.read_text())
    rejected = next(m for m in data["messages"] if m["text"] == "It is 54.")
    if what == "deleted":
        data["conversations"][0]["deleted_at"] = "2026-11-20"
    elif what == "alerted":
        data["alerts"] = [{"message_id": rejected["id"]}]
    else:
        rejected["reply"]["outcome"] = "written"
    exported.write_text(json.dumps(data))
    found = feedback.read(exported)
    assert "It is 54." not in [p.rejected for p in found.pairs]
    assert found.dropped["the answer is not for learning"] == 3
    assert len(found.pairs) == (0 if what == "deleted" else 1)
