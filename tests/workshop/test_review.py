"""Human review: a blind, repeatable sample; judgements that survive; agreement by Krippendorff's alpha."""

import json
from pathlib import Path
from typing import Any

import krippendorff
import numpy as np
import pytest

from tutor.cli import review
from tutor.errors import UserError
from tutor.workshop.review import agreement, judgements, sample
from tutor.workshop.review.judgements import LEFT, RIGHT, SAME, Desk, Judgement, Ratings
from tutor.workshop.review.sample import Answer, Line, Pair

EXAMPLE: dict[str, tuple[int | None, ...]] = {
    "A": (None, None, None, None, None, 3, 4, 1, 2, 1, 1, 3, 3, None, 3),
    "B": (1, None, 2, 1, 3, 3, 4, 3, None, None, None, None, None, None, None),
    "C": (None, None, 2, 1, 3, 4, 4, None, 2, 1, 1, 3, 3, None, 4),
}
"""The widely published three-observer example: alpha is 0.691 nominal, 0.807 ordinal, 0.811 interval."""


def pairs(n: int = 6) -> list[Pair]:
    before = (Line(role="user", content="What is 3 + 4?"),)
    return [
        sample.pair(before, Answer(text=f"Try first. {i}", source="one"), Answer(text=f"It is 7. {i}", source="two"))
        for i in range(n)
    ]


def values(table: dict[str, tuple[int | None, ...]]) -> dict[str, dict[str, int]]:
    return {who: {str(i): v for i, v in enumerate(row) if v is not None} for who, row in table.items()}


@pytest.mark.parametrize(("level", "expected"), [("nominal", 0.691), ("ordinal", 0.807), ("interval", 0.811)])
def test_alpha_of_the_published_example(level: str, expected: float) -> None:
    found, count = agreement.alpha(values(EXAMPLE), level)
    assert found == pytest.approx(expected, abs=5e-4)
    assert count == 26


def test_alpha_by_its_definition() -> None:
    """Two reviewers, nominal, no gaps: 1 - (n - 1) * mismatches / pairs of different values (Krippendorff 2011, A)."""
    a, b = (0, 1, 0, 0, 0, 0, 0, 0, 1, 0), (1, 1, 1, 0, 0, 1, 0, 0, 0, 0)
    found, _ = agreement.alpha(values({"a": a, "b": b}), "nominal")
    ones = sum(a) + sum(b)
    mismatches = 2 * sum(x != y for x, y in zip(a, b, strict=True))
    assert found == pytest.approx(1 - 19 * mismatches / (2 * ones * (20 - ones)))
    assert found == pytest.approx(0.095, abs=5e-4)


def test_without_two_reviewers_or_two_values_there_is_no_alpha() -> None:
    assert agreement.alpha({"a": {"x": 1, "y": 2}}, "nominal") == (None, 0)
    assert agreement.alpha({"a": {"x": 1}, "b": {"x": 1}}, "nominal") == (None, 2)


def test_the_order_on_the_screen_is_by_chance_but_always_the_same() -> None:
    every = pairs(200)
    turned = [p.turned("Ann") for p in every]
    assert turned == [p.turned("Ann") for p in every]
    assert 60 < sum(turned) < 140
    assert turned != [p.turned("Ben") for p in every]
    one = next(p for p in every if p.turned("Ann"))
    assert one.shown("Ann") == (one.answers[1].text, one.answers[0].text)


def test_what_was_chosen_on_the_screen_is_stored_for_the_right_answer() -> None:
    for pair in pairs(20):
        good, bad = Ratings(accurate=2), Ratings(accurate=0)
        judgement = judgements.judged(pair, "Ann", LEFT, good, bad)
        left = pair.shown("Ann")[0]
        place = 1 if left == pair.answers[0].text else 2
        assert judgement.better == place
        assert (judgement.first, judgement.second)[place - 1] == good
        assert judgements.judged(pair, "Ann", SAME, good, bad).better == SAME


def test_a_desk_goes_on_where_it_stopped_and_takes_the_last_one_back(tmp_path: Path) -> None:
    every = pairs()
    desk = Desk(every, tmp_path, "Ann B.")
    for better in (LEFT, RIGHT, SAME):
        current = desk.next()
        assert current is not None
        desk.judge(current, better, Ratings(kind=1), Ratings())
    again = Desk(every, tmp_path, "Ann B.")
    assert again.done == 3
    assert again.next() == every[3]
    taken = again.undo()
    assert taken is not None and taken[0] == every[2]
    assert Desk(every, tmp_path, "Ann B.").next() == every[2]
    assert len(judgements.read(judgements.file_of(tmp_path, "Ann B."))) == 2
    assert Desk(every, tmp_path, "Ben").done == 0


def test_a_line_cut_off_by_a_power_cut_costs_that_line_alone(tmp_path: Path) -> None:
    every = pairs()
    desk = Desk(every, tmp_path, "Ann")
    desk.judge(every[0], LEFT, Ratings(), Ratings())
    file = judgements.file_of(tmp_path, "Ann")
    whole = file.read_bytes()
    file.write_bytes(whole + whole[: len(whole) // 2])
    assert Desk(every, tmp_path, "Ann").done == 1
    file.write_bytes(whole[: len(whole) // 2] + b"\n" + whole)
    with pytest.raises(UserError, match="Line 1"):
        Desk(every, tmp_path, "Ann")


def test_a_reviewer_without_a_name_is_asked_for_one(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="--reviewer"):
        Desk(pairs(), tmp_path, " / ")


@pytest.mark.parametrize(
    "line",
    [
        {"prompt": [{"role": "user", "content": "Hi"}], "chosen": "Hello.", "rejected": "What?"},
        {
            "prompt": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hi"}],
            "answers": [{"text": "Hello.", "source": "a"}, {"text": "What?", "source": "b"}],
        },
    ],
)
def test_pairs_are_read_from_files_of_both_shapes(tmp_path: Path, line: dict[str, Any]) -> None:
    (tmp_path / "pairs.jsonl").write_text(json.dumps(line) + "\n" + json.dumps(line) + "\n", encoding="utf-8")
    (found,) = sample.read(tmp_path / "pairs.jsonl")
    assert [a.text for a in found.answers] == ["Hello.", "What?"]
    assert found.before == (Line(role="user", content="Hi"),)


def test_chats_of_two_sources_with_the_same_question_make_a_pair(tmp_path: Path) -> None:
    asked = {"role": "user", "content": "What is 2 + 2?\n\n[For the tutor only]\nAsk the learner to try first."}
    lines = [
        {"messages": [asked, {"role": "assistant", "content": text}], "source": source}
        for source, text in (("a", "Have a go."), ("b", "4"), ("c", "No."))
    ]
    (tmp_path / "chats.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    (found,) = sample.read(tmp_path / "chats.jsonl")
    assert {a.source for a in found.answers} == {"a", "b"}
    assert found.before[0].content == "What is 2 + 2?"


@pytest.mark.parametrize("text", ["", "{}\n", "[1]\n", '{"prompt": [], "chosen": "a", "rejected": "a"}\n', "not json"])
def test_a_file_without_pairs_is_an_error_that_says_so(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=r"x\.jsonl"):
        sample.read(tmp_path / "x.jsonl")


def test_a_draw_is_the_same_for_a_seed() -> None:
    every = pairs(30)
    assert sample.draw(every, 10, 1) == sample.draw(list(reversed(every)), 10, 1)
    assert sample.draw(every, 10, 1) != sample.draw(every, 10, 2)


def test_preferences_count_wins_for_the_source_that_won() -> None:
    def said(who: str, i: int, better: int) -> Judgement:
        return Judgement(
            pair=str(i),
            reviewer=who,
            better=better,
            first=Ratings(kind=2),
            second=Ratings(kind=1),
            sources=("new", "old"),
        )

    every = [said("Ann", i, 1) for i in range(8)] + [said("Ben", i, 0) for i in range(8)] + [said("Ben", 9, 2)]
    (found,) = agreement.preferences(every)
    assert (found.source, found.wins, found.losses, found.ties) == ("new", 8, 1, 8)
    assert found.share == pytest.approx(12 / 17)
    assert found.low < found.share < found.high
    assert (found.ratings["kind"], found.other_ratings["kind"]) == (2, 1)
    assert "new" in agreement.report(every)


def test_random_reviewers_agree_no_more_than_chance_and_the_package_is_used_as_meant() -> None:
    rng = np.random.default_rng(0)
    table = rng.integers(0, 3, (2, 400))
    found, _ = agreement.alpha(values({"a": tuple(table[0].tolist()), "b": tuple(table[1].tolist())}), "ordinal")
    assert found == pytest.approx(0, abs=0.12)
    assert found == pytest.approx(krippendorff.alpha(reliability_data=table, level_of_measurement="ordinal"))


# --- in the terminal -----------------------------------------------------------------------------------------------


def test_the_terminal_form_asks_stores_and_takes_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    every = pairs(2)
    typed = iter(["7", "1", "2", "", "1", "0", "", "", "u", "2", *[""] * 6, "0", *[""] * 6])
    assert review.in_terminal(Desk(every, tmp_path, "Ann"), lambda _: next(typed)) == 0
    stored = Desk(every, tmp_path, "Ann")
    assert stored.done == 2
    out = capsys.readouterr().out
    assert "Please type one of 1, 2, 0, u, q." in out
    assert "2 of 2 judged" in out
    assert "one" not in out.replace("last one", "").replace("one of", "")  # no source is shown


def test_the_end_of_the_input_keeps_what_was_judged(tmp_path: Path) -> None:
    typed = iter(["1", *[""] * 6])

    def ask(_: str) -> str:
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    review.in_terminal(Desk(pairs(3), tmp_path, "Ann"), ask)
    assert Desk(pairs(3), tmp_path, "Ann").done == 1


def test_without_display_and_terminal_it_says_so_and_keeps_the_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review, "has_display", lambda: False)
    monkeypatch.setattr(review, "has_terminal", lambda: False)
    line = {"prompt": [{"role": "user", "content": "Hi"}], "chosen": "Hello.", "rejected": "What?"}
    (tmp_path / "pairs.jsonl").write_text(json.dumps(line), encoding="utf-8")
    out = tmp_path / "out"
    with pytest.raises(UserError, match="no display"):
        review.main([str(tmp_path / "pairs.jsonl"), "--out", str(out), "--reviewer", "Ann"])
    assert len(sample.kept(out)) == 1
    with pytest.raises(UserError, match="Nobody has judged"):
        review.main(["--agreement", "--out", str(out)])
    with pytest.raises(UserError, match="no sample"):
        review.main(["--out", str(tmp_path / "other")])
