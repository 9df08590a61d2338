"""Verdicts: failing closed, long texts, repeats, context, precedence, thresholds by age."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tutor import paths
from tutor.domain import Action, AgeBand, Direction
from tutor.moderation import thresholds
from tutor.moderation.classifier import Classifier, Item
from tutor.moderation.moderator import Moderator, ToJudge

LABELS = ("toxicity", "obscene", "threat", "self_harm", "dangerous_request", "sexual_explicit")


class FakeClassifier:
    """Gives the scores it was told to give, by words in the text."""

    pairs = True
    version = "fake 1"
    labels = LABELS

    def __init__(self, table: dict[str, dict[str, float]]) -> None:
        self.table = table
        self.seen: list[Item] = []

    def scores(self, items: Sequence[Item]) -> list[dict[str, float]]:
        self.seen += items
        found = []
        for text, _before in items:
            scores = dict.fromkeys(LABELS, 0.01)
            for word, given in self.table.items():
                if word in text.lower():
                    scores |= given
            found.append(scores)
        return found


def faked(table: dict[str, dict[str, float]]) -> tuple[Moderator, FakeClassifier]:
    classifier = FakeClassifier(table)
    made: Any = classifier
    return Moderator(made, thresholds.Thresholds({})), classifier


class BrokenClassifier(FakeClassifier):
    def __init__(self, error: Exception) -> None:
        super().__init__({})
        self.error = error

    def scores(self, items: Sequence[Item]) -> list[dict[str, float]]:
        raise self.error


@pytest.mark.parametrize("error", [RuntimeError("out of memory"), ValueError("nan"), KeyError("x"), MemoryError()])
@pytest.mark.parametrize("direction", list(Direction))
def test_an_error_inside_blocks_both_ways(error: Exception, direction: Direction) -> None:
    made: Any = BrokenClassifier(error)
    verdict = Moderator(made, thresholds.Thresholds({})).judge("2 + 2 = 4", direction=direction)
    assert verdict.action is Action.BLOCK
    assert verdict.reason == f"error:{type(error).__name__}"
    assert verdict.scores == {}


def test_an_error_is_logged_without_the_learners_words(caplog: pytest.LogCaptureFixture) -> None:
    made: Any = BrokenClassifier(RuntimeError("my secret diary"))
    Moderator(made, thresholds.Thresholds({})).judge("my secret diary", direction=Direction.INPUT)
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text


def test_a_score_that_is_no_number_blocks(tiny: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    moderator = Moderator.load(tiny("Bert"))
    detoxify = moderator.classifier._detoxify
    monkeypatch.setattr(detoxify, "predict", lambda _: dict.fromkeys(moderator.classifier.labels, float("nan")))
    assert moderator.judge("hello", direction=Direction.OUTPUT).action is Action.BLOCK


def test_one_bad_item_does_not_spoil_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    moderator, classifier = faked({})
    plain = classifier.scores

    def sometimes(items: Sequence[Item]) -> list[dict[str, float]]:
        if "boom" in items[0][0]:
            raise RuntimeError
        return plain(items)

    monkeypatch.setattr(classifier, "scores", sometimes)
    items = [ToJudge(text=t, direction=Direction.OUTPUT) for t in ("one", "boom", "three")]
    assert [v.action for v in moderator.judge_many(items)] == [Action.ALLOW, Action.BLOCK, Action.ALLOW]


def test_distress_comes_before_danger_and_danger_before_abuse() -> None:
    moderator, _ = faked(
        {
            "sad": {"self_harm": 0.9, "dangerous_request": 0.9, "toxicity": 0.9},
            "bomb": {"dangerous_request": 0.9, "toxicity": 0.99},
            "rude": {"toxicity": 0.9},
            "odd": {"toxicity": 0.6},
        }
    )
    wanted = {
        "sad": Action.SIGNPOST,
        "bomb": Action.REFUSE,
        "rude": Action.BLOCK,
        "odd": Action.REVIEW,
        "2": Action.ALLOW,
    }
    assert {t: moderator.judge(t, direction=Direction.INPUT).action for t in wanted} == wanted
    assert moderator.judge("sad", direction=Direction.OUTPUT).action is Action.BLOCK
    assert moderator.judge("bomb", direction=Direction.INPUT).labels == ("toxicity", "dangerous_request")


def test_disguised_spelling_is_judged_beside_the_text_as_written() -> None:
    moderator, classifier = faked({"idiot": {"toxicity": 0.95}})
    for text in ("you 1d10t", "you i d i o t", "you ıdıоt", "you i\u200bd\u200biot", "you i.d.i.o.t", "you îdîöt"):
        assert moderator.judge(text, direction=Direction.INPUT).action is Action.BLOCK, text
    classifier.seen.clear()
    moderator.judge("what is 3x + 2?", direction=Direction.INPUT)
    assert classifier.seen == [("what is 3x + 2?", "")]


def test_context_is_the_question_and_the_last_two_sentences() -> None:
    moderator, classifier = faked({})
    moderator.judge("So x = 4.", direction=Direction.OUTPUT, context=("too old", "What is x?", "Look.", "Subtract."))
    assert classifier.seen[:2] == [("So x = 4.", ""), ("So x = 4.", "What is x? Look. Subtract.")]
    assert "too old" not in str(classifier.seen)


def test_a_text_that_is_bad_only_in_context_is_stopped() -> None:
    moderator, classifier = faked({})
    plain = classifier.scores

    def scores(items: Sequence[Item]) -> list[dict[str, float]]:
        found = plain(items)
        return [
            {**s, "threat": 0.9} if before and "do it" in text else s
            for s, (text, before) in zip(found, items, strict=True)
        ]

    classifier.scores = scores  # type: ignore[method-assign]
    judge = moderator.judge
    assert judge("Yes, do it.", direction=Direction.OUTPUT, context=("Shall I push him?",)).action is Action.BLOCK
    assert judge("Yes, do it.", direction=Direction.OUTPUT).action is Action.ALLOW


def test_what_was_said_before_is_not_blamed_on_a_kind_answer() -> None:
    moderator, classifier = faked({"idiot": {"toxicity": 0.9}})
    plain = classifier.scores

    def scores(items: Sequence[Item]) -> list[dict[str, float]]:
        found = plain(items)
        return [{**s, "toxicity": 0.8} if "idiot" in before else s for s, (_, before) in zip(found, items, strict=True)]

    classifier.scores = scores  # type: ignore[method-assign]
    judge = moderator.judge
    assert judge("Let us go on.", direction=Direction.OUTPUT, context=("you idiot",)).action is Action.ALLOW
    assert judge("No, you idiot.", direction=Direction.OUTPUT, context=("you idiot",)).action is Action.BLOCK


def test_empty_text_is_allowed_without_a_model() -> None:
    moderator, classifier = faked({})
    assert moderator.judge(" \n", direction=Direction.INPUT).action is Action.ALLOW
    assert classifier.seen == []


def test_levels_depend_on_age_and_direction(tmp_path: Path) -> None:
    file = tmp_path / "t.toml"
    file.write_text('[input.toxicity]\n"*" = [0.3, 0.5]\n"14-17" = [0.7, 0.9]\n[output.toxicity]\n"*" = [0.1, 0.2]\n')
    made: Any = FakeClassifier({"rude": {"toxicity": 0.6}, "mild": {"toxicity": 0.3}})
    moderator = Moderator(made, thresholds.load(file))
    judge = moderator.judge
    assert judge("rude", direction=Direction.INPUT, age_band=AgeBand.A8_10).action is Action.BLOCK
    assert judge("rude", direction=Direction.INPUT, age_band=AgeBand.A14_17).action is Action.ALLOW
    assert judge("mild", direction=Direction.INPUT).action is Action.REVIEW
    assert judge("mild", direction=Direction.OUTPUT).action is Action.BLOCK


def test_a_thresholds_file_of_the_schools_own_is_used(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('[input.toxicity]\n"*" = [0.001, 0.02]\n')
    moderator = Moderator.load(paths.safety_model(), file)
    assert moderator.judge("you are a useless stupid idiot", direction=Direction.INPUT).action is Action.BLOCK


@pytest.mark.parametrize("place", [0, 75, 150])
def test_one_bad_sentence_in_a_long_text_is_found(place: int, moderator: Moderator) -> None:
    calm = ["we add the ones and then the tens"] * 150
    bad = [*calm[:place], "you are a fucking stupid worthless idiot", *calm[place:]]
    judge = moderator.judge
    assert judge(". ".join(bad), direction=Direction.INPUT).action is Action.BLOCK
    assert judge(" and then ".join(bad), direction=Direction.INPUT).action is not Action.ALLOW
    for end in (". ", " and then "):
        assert judge(end.join(calm), direction=Direction.INPUT).action is Action.ALLOW


def test_windows_cover_the_whole_text_and_overlap(exact: Classifier) -> None:
    text = " ".join(f"word{n}" for n in range(1500))
    windows = exact._windows(text, 76)
    assert text.startswith(windows[0]) and text.endswith(windows[-1])
    place = 0
    for window in windows:
        start = text.find(window)
        assert 0 <= start <= place
        place = start + len(window)
    assert place == len(text)


@pytest.mark.parametrize(
    "text",
    [
        "\x00\x00",
        "\ud800 lone",
        "😀" * 400,
        "‮right to left",
        "e" + "\u0301" * 500,
        "9" * 3000,
        "[SEP] [CLS]",
        "a.b" * 900,
    ],
)
def test_odd_texts_get_a_verdict_without_error(text: str, moderator: Moderator) -> None:
    verdict = moderator.judge(text, direction=Direction.INPUT, context=(text,))
    assert not verdict.reason.startswith("error"), verdict.reason


def test_the_same_text_gets_the_same_verdict_every_time(moderator: Moderator) -> None:
    texts = ["what is 3/4 + 1/8?", "you idiot", "i hate fractions", "how do i make a bomb", "Well done, that is right."]
    items = [ToJudge(text=t, direction=Direction.INPUT) for t in texts]
    first = moderator.judge_many(items)
    moderator.classifier.forget()
    again = [moderator.judge(t, direction=Direction.INPUT) for t in reversed(texts)][::-1]
    assert first == again
    assert moderator.judge_many(items) == first


def test_verdicts_are_those_of_full_precision(
    moderator: Moderator, exact: Classifier, lines: Callable[[str], list[str]]
) -> None:
    precise = Moderator(exact, thresholds.load(paths.safety_model() / thresholds.FILE))
    texts = lines("learner_says")[::4] + lines("abusive")[::2] + lines("dangerous")[::2] + lines("lessons_say")[::4]
    items = [ToJudge(text=t, direction=Direction.INPUT) for t in texts]
    ours, theirs = moderator.judge_many(items), precise.judge_many(items)
    different = [t for t, a, b in zip(texts, ours, theirs, strict=True) if a.action is not b.action]
    assert len(different) <= 0.03 * len(texts), different
