"""The reader that ships: sums of plain stories, with the probabilities that decide what may be stated."""

import pytest

from tutor.domain import Fact
from tutor.retrieval.embedder import Embedder
from tutor.retrieval.token_states import TokenStates
from tutor.tutoring import word_trust
from tutor.tutoring.word_reader import FILE, WordReader

MOST_BYTES = 3_000_000


@pytest.fixture(scope="module")
def reader() -> WordReader:
    embedder = Embedder.load()
    return WordReader.load(lambda changes: TokenStates(embedder, changes).encode)


def test_the_file_is_small() -> None:
    assert FILE.stat().st_size <= MOST_BYTES


@pytest.mark.parametrize(
    ("story", "value"),
    [
        ("Tom has 12 boxes with 3 apples in each and 5 loose apples. How many apples does Tom have?", 41),
        ("Mia had 45 cards. She gave 17 to her brother. How many cards does she have left?", 28),
        ("A ribbon of 84 cm is cut into 7 equal pieces. How long is each piece?", 12),
        ("pls help. ben reads 14 pages every day. how many pages does he read in a week?", 98),
    ],
)
def test_plain_stories_are_read(reader: WordReader, story: str, value: int) -> None:
    found = reader.read(story)
    assert found[0].found.value == value, found
    assert 0.5 < found[0].probability <= 1.0001
    assert sum(one.probability for one in found) == pytest.approx(1.0, abs=0.001)


def test_other_numbers_and_names_change_no_reading(reader: WordReader) -> None:
    story = "{} had {} marbles and lost {} of them. How many marbles are left?"
    for name, a, b in (("Ali", 40, 12), ("Wanda", 731, 94), ("Bo", 9, 4)):
        assert reader.read(story.format(name, a, b))[0].found.value == a - b


def test_what_is_no_story_has_no_sum(reader: WordReader) -> None:
    assert reader.read("I like maths") == []
    assert reader.read("") == []
    assert all(one.probability <= 1 for one in reader.read("7 and 8 and 9 and 2 " * 40))


def test_only_what_is_probable_is_stated(reader: WordReader) -> None:
    story = "Mia had 45 cards. She gave 17 to her brother. How many cards does she have left?"
    found = reader.read(story)
    stated: Fact | None = word_trust.fact(story, None, [found[0]._replace(probability=word_trust.READER)])
    assert stated is not None and stated.answer == "28 cards"
    assert word_trust.fact(story, None, [found[0]._replace(probability=word_trust.READER - 0.01)]) is None
    said = {"45 - 17": True, "45 + 17": False}
    for text, borne_out in said.items():
        likely = [found[0]._replace(probability=(word_trust.LIKELY + word_trust.READER) / 2)]
        fact = word_trust.fact(story, lambda _story, text=text: word_trust.Said(text, 0.5), likely)  # type: ignore[misc]
        assert (fact is not None) is borne_out
    doubtful = [found[0]._replace(probability=word_trust.LIKELY - 0.01)]
    assert not word_trust.worth_asking(story, doubtful)
    assert word_trust.fact(story, lambda _story: word_trust.Said("45 - 17", 1.0), doubtful) is None


def test_a_comparison_told_backwards_is_never_stated_by_the_reader_alone(reader: WordReader) -> None:
    found = reader.read("Mia has 40 cards and Tom has 8. How many do they have?")[0]._replace(probability=1.0)
    for told in (
        "That is 6 times as many as Al has.",
        "which is 5 more than Al has.",
        "This was twice as many as Al has.",
    ):
        assert not word_trust.stated(f"Mia has 42 cards. {told} How many has Al?", [found])
    assert word_trust.stated("Mia has 42 cards and Al has 6 times as many. How many has Al?", [found])
