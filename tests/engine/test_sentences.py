"""Pieces: cut where a sentence ends, never inside a number, an abbreviation or a formula; nothing gets lost."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.engine.sentences import Piece, Splitter


def _cut(text: str, size: int = 4) -> list[Piece]:
    splitter = Splitter()
    pieces = []
    for token in re.findall(rf"\s?\S{{1,{size}}}|\s", text):
        pieces.extend(splitter.feed(token))
    return pieces + splitter.finish()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Good try! What is 3.14 plus 1.5? Ok.", ["Good try!", "What is 3.14 plus 1.5?", "Ok."]),
        ("Use e.g. 12 sweets. Dr. Smith has 3.", ["Use e.g. 12 sweets.", "Dr. Smith has 3."]),
        ("1. Add 3.\n2. Then 4 + 5 = 9.\n- a\n- b", ["1. Add 3.", "2. Then 4 + 5 = 9.", "- a", "- b"]),
        ("So $a. b = c$ holds. Yes.", ["So $a. b = c$ holds.", "Yes."]),
        ("See $$\nx = 3.\ny = 4\n$$ there. Done.", ["See $$\nx = 3.\ny = 4\n$$ there.", "Done."]),
        ("Well... let me see. Wait... No.", ["Well... let me see.", "Wait...", "No."]),
        ("```python\nx = 1. + 2\n```\nDone. Ok.", ["```python", "x = 1. + 2", "```", "Done.", "Ok."]),
        ("He said “Stop.” Then he left.", ["He said “Stop.”", "Then he left."]),
    ],
)
def test_cuts_where_people_would(text: str, expected: list[str]) -> None:
    assert [piece.text for piece in _cut(text)] == expected


def test_a_long_sentence_is_cut_between_words_after_40_tokens() -> None:
    pieces = _cut("one two three four five six seven " * 40, size=9)
    assert len(pieces) > 3
    assert all(len(piece.text.split()) <= 42 for piece in pieces)
    assert not pieces[0].whole


def test_a_long_sum_is_not_cut_between_its_numbers() -> None:
    text = "so " * 20 + "3 + 4 + 5 + 6 + 7 + 8 + 9 + 10 + 11 + 12 = 75 and that is all. Yes."
    assert any("3 + 4 + 5 + 6 + 7 + 8 + 9 + 10 + 11 + 12 = 75" in piece.text for piece in _cut(text, size=1))


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from(list("ab .!?\n$0123`*-…\\()[]é😀")), max_size=400))
def test_nothing_is_lost_and_positions_are_true(text: str) -> None:
    pieces = _cut(text)
    assert "".join(piece.space + piece.text for piece in pieces) == text.rstrip()
    for piece in pieces:
        assert text[piece.start : piece.end] == piece.space + piece.text
        assert piece.text == piece.text.strip() != ""
