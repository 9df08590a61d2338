"""Pairs have their context and labels, balance caps every group exactly, and the stage leaves a whole report."""

import json
from collections import Counter
from pathlib import Path

import pytest

from tutor.workshop.collect import pairs, stage
from tutor.workshop.collect.balance import Balance, balanced
from tutor.workshop.collect.items import LEARNER, SYSTEM, TUTOR, Item, Message, as_line
from tutor.workshop.collect.labels import answer_type
from tutor.workshop.collect.settings import CollectSettings

ASKED = ("what is 3 + 4?", "7", "what is 3/4 of 8?", "6")
SAID = ("Have a go first.", "Well done, that is right.", "Think of one quarter of 8.", "Well done.")


def talk(*, bad: int | None = None) -> Item:
    found = [Message(SYSTEM, "Be kind.")]
    for at, (asked, answer) in enumerate(zip(ASKED, SAID, strict=True)):
        found += [Message(LEARNER, asked), Message(TUTOR, answer, learn=at != bad)]
    return Item(source="x", kind="chat", messages=tuple(found))


def test_each_answer_is_a_pair_with_the_turns_before_it() -> None:
    made = [line for line, _ in pairs.of_item(talk(), CollectSettings(context_turns=1)) if line]
    assert [line["messages"][-1]["content"] for line in made] == list(SAID)
    assert [message["content"] for message in made[2]["messages"]] == [
        "Be kind.",
        *(ASKED[1], SAID[1], ASKED[2], SAID[2]),
    ]
    assert [line["topic"] for line in made] == ["addition", "addition", "fractions", "fractions"]
    assert [line["intent"] for line in made] == ["asks_answer", "attempt", "asks_answer", "attempt"]
    assert [line["kind"] for line in made] == ["try_first", "right", "hint", "right"]


def test_a_reported_answer_is_context_alone() -> None:
    made = list(pairs.of_item(talk(bad=1), CollectSettings()))
    assert [reason for line, reason in made if line is None] == ["reported_answer"]
    answers = [line["messages"][-1]["content"] for line, _ in made if line]
    assert answers == [SAID[0], SAID[2], SAID[3]] and SAID[1] in str(made[2][0])
    kept = as_line(talk(bad=1))
    assert kept is not None and [m["content"] for m in kept["messages"]] == ["Be kind.", ASKED[0], SAID[0]]
    assert as_line(talk(bad=0)) is None


def test_speakers_in_a_row_are_one_turn_and_loose_ends_are_counted() -> None:
    said = (
        Message(TUTOR, "Hello."),
        Message(LEARNER, "hi"),
        Message(LEARNER, "help"),
        Message(TUTOR, "Yes?"),
        Message(LEARNER, "12"),
    )
    made = list(pairs.of_item(Item(source="x", kind="chat", messages=said), CollectSettings()))
    assert [reason for _, reason in made] == ["answer_without_question", "", "question_without_answer"]
    line = made[1][0]
    assert line is not None and line["messages"][-2:] == [
        {"role": "user", "content": "hi\nhelp"},
        {"role": "assistant", "content": "Yes?"},
    ]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("That is outside what I know.", "redirect"),
        ("Not quite. Look again at the tens.", "wrong"),
        ("What do you think it is?", "try_first"),
        ("First 10 + 2 = 12, then 12 x 3 = 36.", "steps"),
        ("12 cm", "short"),
        ("Hello. What shall we work on?", "greeting"),
        ("Is it bigger than ten?", "question"),
        ("Fractions are parts of a whole.", "statement"),
    ],
)
def test_answers_have_a_type(answer: str, kind: str) -> None:
    assert answer_type(answer) == kind


def test_no_group_outweighs_the_others_and_small_ones_stay_whole() -> None:
    labels = [("addition", "asks_answer", "hint")] * 900 + [("ratio", "attempt", "right")] * 60
    labels += [("time", "asks_hint", "wrong")] * 40 + [("other", "greeting", "greeting")] * 5
    settings = CollectSettings(balance_ratio=2.0, balance_floor=10)
    chosen = balanced(labels, settings)
    assert chosen.caps == {"topic": 80, "intent": 80, "kind": 80}  # twice the median group, 40
    assert chosen.after["topic"] == {"addition": 80, "ratio": 60, "time": 40, "other": 5}
    assert Counter(labels[number][0] for number in chosen.kept) == chosen.after["topic"]
    assert (
        balanced(labels, settings).kept
        == chosen.kept
        != balanced(labels, CollectSettings(seed=1, balance_ratio=2.0)).kept
    )
    everything: Balance = balanced(labels, CollectSettings(balance_ratio=0))
    assert len(everything.kept) == len(labels)


def test_the_stage_counts_everything_and_leaves_whole_files(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    chats = [
        {
            "messages": [
                {"role": "user", "content": f"what is {n} + 4?"},
                {"role": "assistant", "content": f"Count on 4 from {n}."},
            ]
        }
        for n in range(90)
    ]
    rows = [*chats, chats[0], {"text": "short"}, {"messages": [{"role": "user", "content": "hello?"}]}]
    rows += [{"text": "Write to me at someone@example.org, or call 020 7946 0123, about fractions."}]
    (tmp_path / "in" / "a.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n{broken\n")
    (tmp_path / "in" / "b.txt").write_text("Quelle est la moitié de douze ? Je ne comprends pas les fractions.")
    (tmp_path / "in" / "c.md").write_bytes(b"\x89PNG\r\n\x00")
    out, told = tmp_path / "out", []
    figures = stage.run(CollectSettings(sources=(str(tmp_path / "in"),)), out, told.append)
    assert (figures["read"], figures["kept"], figures["pairs"]) == (95, 91, 90)
    assert figures["dropped"] == {
        "exact_duplicate": 1,
        "too_short": 1,
        "one_sided": 1,
        "broken_line": 1,
        "foreign_language": 1,
    }
    assert figures["changed"] == {"personal_email": 1, "personal_phone": 1} and figures["refused"] == {"c.md": "binary"}
    assert sorted(path.name for path in out.iterdir()) == sorted(stage.OUTPUTS) and "91" in told[-1]
    assert json.loads((out / "collect.json").read_text("utf-8")) == figures
    report = (out / "collect.md").read_text("utf-8")
    assert "| The same as an earlier one | 1 |" in report and "| c.md | It is no text |" in report
    assert "someone" not in report and "7946" not in report and "s••••••@e••••••.o••" in report
    assert (out / "collect.png").read_bytes().startswith(b"\x89PNG")
    again = stage.run(CollectSettings(sources=(str(tmp_path / "in"),)), tmp_path / "again", told.append)
    assert (tmp_path / "again" / "pairs.jsonl").read_bytes() == (out / "pairs.jsonl").read_bytes()
    assert again["dropped"] == figures["dropped"]


def test_texts_with_personal_data_can_be_dropped_whole(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Write to me at someone@example.org about fractions.")
    figures = stage.run(
        CollectSettings(sources=(str(tmp_path / "a.txt"),), personal="drop"), tmp_path / "out", lambda _: None
    )
    assert figures["kept"] == 0 and figures["dropped"] == {"personal_data": 1}
    assert (tmp_path / "out" / "collected.jsonl").read_bytes() == b""
