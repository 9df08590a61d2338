"""Questions that mean the same are told from look-alikes, on labelled ones that nothing was fitted on."""

import pytest

from tutor.bench import likeness as measuring
from tutor.moderation.spelling import vocabulary
from tutor.retrieval import likeness, words
from tutor.retrieval.embedder import Embedder
from tutor.retrieval.hybrid import fused
from tutor.retrieval.vectors import BYTES, cosines

LIBRARY = "What time does the library open?"


def read(text: str) -> words.Words:
    return words.read(text, vocabulary())


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder.load()


def test_held_out_phrasings_are_found_and_look_alikes_are_not(embedder: Embedder) -> None:
    """From the question alone, without the phrasings that a correction has; the look-alikes are made to deceive."""
    figures = measuring.Measured(measuring.pairs("held_out"), embedder.embed).figures(likeness.load())
    assert figures.recall >= 0.75 and figures.precision >= 0.87, str(figures)
    assert figures.mistaken <= 0.09 * figures.look_alikes, str(figures)
    assert figures.mistaken_by_words <= 0.06 * figures.look_alikes, str(figures)


def test_the_rule_that_ships_is_the_one_that_fits(embedder: Embedder) -> None:
    fitted = measuring.fit(measuring.Measured(measuring.pairs("development"), embedder.embed))
    shipped = likeness.load()
    assert fitted.threshold == pytest.approx(shipped.threshold, abs=0.02)
    assert fitted.weights == pytest.approx(shipped.weights, abs=0.1)


@pytest.mark.parametrize(
    "other",
    [
        "What time does the library close?",
        "Who opens the library?",
        "What time does library 2 open?",
        "What time does the library not open?",
    ],
)
def test_opposites_numbers_denials_and_other_questions_never_match(other: str) -> None:
    rule = likeness.load()
    assert rule.chance(read(other), read(LIBRARY), 0.99) == 0.0
    assert not likeness.by_words_alone(read(other), read(LIBRARY))


def test_a_direction_that_is_turned_round_asks_something_else() -> None:
    to, back = read("How do I turn metres into miles?"), read("How do I turn miles into metres?")
    assert likeness.against(to, back, likeness.align(to, back)) == "order"


def test_the_same_words_match_whatever_the_signs() -> None:
    assert likeness.load().chance(read("what time does the LIBRARY open??"), read(LIBRARY), 0.1) == 1.0


def test_without_vectors_only_little_words_may_differ() -> None:
    assert likeness.by_words_alone(read("when will the library be opening"), read(LIBRARY))
    assert not likeness.by_words_alone(read("when does the zoo open"), read(LIBRARY))
    assert not likeness.by_words_alone(read("hello"), read("hi there"))


def test_words_made_of_one_another_are_akin() -> None:
    assert words.akin("paint", "painter") and words.akin("african", "africa")
    assert not words.akin("part", "party") and not words.akin("car", "carer")


def test_two_superlatives_ask_two_things() -> None:
    one, other = read("Which animal lays the biggest egg?"), read("Which animal lays the most eggs?")
    assert likeness.against(other, one, likeness.align(other, one)) == "superlatives"


def test_slips_of_the_fingers_are_one_letter_at_most() -> None:
    assert words.slip("libary", "library") and words.slip("tiem", "time") and words.slip("musium", "museum")
    assert not words.slip("cat", "car") and not words.slip("austria", "australia") and not words.slip("bake", "cake")


def test_what_two_searches_both_find_comes_first() -> None:
    assert fused([1, 2, 3], [3, 4]) == [3, 1, 2, 4]
    assert fused() == []


def test_cosines_of_stored_rows(embedder: Embedder) -> None:
    one, other = (row.tobytes() for row in embedder.embed(["open the door", "a cat"]))
    assert len(one) == BYTES and cosines([one, other], one)[0] == pytest.approx(1, abs=1e-3)
    assert cosines([], one) == [] and cosines([other], one)[0] < 0.5
    with pytest.raises(ValueError, match="384"):
        cosines([b"abc"], one)
