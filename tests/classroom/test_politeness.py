"""How politely the tutor speaks: precision and recall on turns labelled by hand, and what is kept of each answer."""

import tomllib
from datetime import datetime
from pathlib import Path

import pytest

from tutor.domain import AgeBand, Outcome, Reply
from tutor.store import Store
from tutor.wording.politeness import politeness

LABELLED = tomllib.loads((Path(__file__).parent / "politeness_labelled.toml").read_text())
POLITE = 0.4
"""From one plain marker on."""


def heard(text: str) -> str:
    found = politeness(text) or 0.0  # without any marker or known word it is taken for neutral
    return "blunt" if found < 0 else "polite" if found >= POLITE else "neutral"


def precision_and_recall(part: str, label: str) -> tuple[float, float]:
    said = [(truth, heard(text)) for truth, texts in LABELLED[part].items() for text in texts]
    right = sum(truth == found == label for truth, found in said)
    return right / sum(found == label for _, found in said), right / sum(truth == label for truth, _ in said)


@pytest.mark.parametrize(("label", "precision", "recall"), [("polite", 0.95, 0.9), ("blunt", 0.85, 0.85)])
def test_it_is_right_about_phrasings_that_it_was_not_made_with(label: str, precision: float, recall: float) -> None:
    found = precision_and_recall("held_out", label)
    assert found[0] >= precision and found[1] >= recall, found
    tuned = precision_and_recall("tuning", label)
    assert tuned == (1.0, 1.0)


@pytest.mark.parametrize("text", ["", "7/8", "Quels sont les facteurs de douze ?", "Was ergibt sieben mal acht?"])
def test_what_it_cannot_judge_has_no_number(text: str) -> None:
    assert politeness(text) is None


def test_quoted_words_and_long_texts_do_not_carry_it_away() -> None:
    assert politeness('Spell the word "stupid" with me. What is the first letter?') == 0.0
    assert politeness("Good try! What is next? " * 2_000) == pytest.approx(1.0, abs=0.01)


def test_every_answer_keeps_it_and_the_tallies_sum_it(tmp_path: Path) -> None:
    with Store.open(tmp_path / "tutor.db") as store:
        learner = store.add_learner("Learner", "fox", AgeBand.A8_10, "en-GB")
        for text in ("Well done! What comes next?", "Wrong. Do it again.", "Was ergibt sieben mal acht?"):
            _, _, answer = store.begin_conversation(learner.id, "Talk", "is it 7?")
            store.finish_message(answer.id, Reply(text=text, outcome=Outcome.DONE, model="starter"), "done")
        (tally,) = store.tallies(datetime.now().astimezone().date().isoformat())
        assert (tally.turns, tally.spoken, tally.blunt) == (3, 2, 1)
        assert tally.polite_sum == pytest.approx(
            sum(politeness(text) or 0 for text in ("Well done! What comes next?", "Wrong. Do it again."))
        )
