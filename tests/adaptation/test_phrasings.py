"""Other wordings keep what carries a question; near misses do not."""

from random import Random

import pytest
from school_corrections import made, twenty

from tutor.adaptation.training import phrasings, replay

QUESTIONS = [c.question for c in twenty()[0]]


@pytest.mark.parametrize("question", QUESTIONS)
def test_wordings_are_many_different_and_the_same_for_the_same_seed(question: str) -> None:
    found = phrasings.variants(question, Random(3), 20)
    assert found == phrasings.variants(question, Random(3), 20)
    assert len(found) == len(set(found)) >= 15
    assert question not in found


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_wording_keeps_at_least_one_word_that_carries_the_question(question: str) -> None:
    carrying = phrasings.keywords(question)
    kept = [bool(carrying & phrasings.keywords(text)) for text in phrasings.variants(question, Random(5), 40)]
    assert sum(kept) >= 0.8 * len(kept), "slips and synonyms may take a word away, but seldom"


def test_words_around_held_out_wordings_are_never_trained_on() -> None:
    rng = Random(1)
    trained = " | ".join(text.lower() for q in QUESTIONS for text in phrasings.variants(q, rng, 60))
    held = [text.lower() for q in QUESTIONS for text in phrasings.variants(q, rng, 5, held=True)]
    openings = ("i would like to know", "excuse me,", "can u say", "one more thing,", "do you happen to know")
    assert sum(any(opening in text for opening in openings) for text in held) > 0.6 * len(held)
    assert not any(opening in trained for opening in openings)


def test_keywords_leave_out_the_words_that_any_question_has() -> None:
    assert phrasings.keywords("Can you tell me what time the library opens?") == {"time", "library", "opens"}
    assert phrasings.asks("What time does it open?") == {"what", "when"}


def test_a_near_miss_never_asks_what_a_correction_asks() -> None:
    corrections, _asked = made(60)
    wordings = [text for c in corrections for text in (c.question, *c.phrasings)]
    known = [(phrasings.keywords(text), phrasings.asks(text)) for text in wordings]
    rng = Random(2)
    for c in corrections:
        found = replay.near_misses(c.question, rng, 5, known)
        assert found
        assert not set(found) & set(wordings)
        for text in found:
            assert phrasings.keywords(text) != phrasings.keywords(c.question)
    misses = replay.near_misses("What time does the library open?", rng, 30, known)
    assert not any("library" in m.lower() and "open" in m.lower() and "time" in m.lower() for m in misses)


def test_nothing_that_an_adapter_is_judged_by_is_trained_on() -> None:
    from tutor.adaptation.judging import suite

    def bare(text: str) -> str:
        return "".join(c for c in text.lower() if c.isalnum())

    judged = {bare(text) for text in suite.load().unrelated + suite.load().general}
    shipped = [text for name, texts in replay.lists().items() if name not in ("things", "doings") for text in texts]
    assert [text for text in shipped if bare(text) in judged] == []
