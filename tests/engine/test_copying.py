"""What a narrow model may write next: the sums of its notes and no others, and any words around them."""

import itertools
import re
from random import Random

import numpy as np
import pytest

from tutor.engine.copying import Copying
from tutor.engine.sampler import leave_out
from tutor.tutoring import brief
from tutor.workshop.writing.conversations import Converser
from tutor.workshop.writing.problems import problems

SUMS = (
    "Steps: 4 × 20 = 80; 96 - 80 = 16; 4 × 4 = 16; 20 + 4 = 24\n49.47 m = 49470 mm\n2x = 8; w = 6 ÷ 6\n"
    "1 tonne = 1000 kg"
)
LISTS = "factors: 1, 3, 11 and 33. The mean of 13, 20, 2, 40 and 5"
TOKENS = re.compile(r"\d| ?[A-Za-z]+|\s(?=\d)|.|\n", re.DOTALL)


def allows(said: str, piece: str) -> bool:
    return Copying((SUMS, LISTS)).after([said.encode()]).allows(piece.encode())


@pytest.mark.parametrize(
    ("said", "piece"),
    [
        ("First 20", " +"),
        ("First 2", "0"),
        ("so 96 - ", "8"),
        ("so 96 - 80", "."),
        ("so 96 - 80", ", "),
        ("is 49.47 m = ", "4"),
        ("is 49.47 m = 49470", " mm"),
        ("the answer = ", "24"),
        ("the answer is 24", ""),
        ("4 × 4 = 16, 20", " +"),
        ("2x = 8, so w", " ="),
        ("Look at ", "1"),
        ("1 tonne", " ="),
        ("the factors 1, ", "3"),
        ("the factors 1, 3, 11 and ", "3"),
        ("the factors 1, 3, 11", " and"),
        ("That is", " lovely"),
        ("", "Well"),
    ],
)
def test_what_stands_in_the_notes_may_be_said(said: str, piece: str) -> None:
    assert allows(said, piece)


@pytest.mark.parametrize(
    ("said", "piece"),
    [
        ("First 20", " ÷"),  # no sum begins so
        ("First 9", "7"),
        ("First 2x = 1", "6"),
        ("so 96 - 8", "."),  # a number that is not at its end
        ("so 96 - 80 = 1", ""),
        ("is 49.47 m = 4947", " mm"),
        ("First, 4 × 2", " ="),
        ("so 4 × 20 = ", "1"),
        ("so 4 × 20", " = 16"),
        ("so x = ", "8"),  # a part of 2x = 8
        ("so w =", " mine"),
        ("so w = 6 ÷", "."),
        ("The amount", " ="),
        ("the factors 1, ", "1"),  # 3 is left out
        ("the mean of 13, 20 and ", "2"),
        ("the mean of 13, 20", " and"),
        ("so 20 ", " "),
        ("Yes, that's it:", "."),  # nothing of what was announced
    ],
)
def test_another_sum_is_left_out(said: str, piece: str) -> None:
    assert not allows(said, piece)


def test_a_sum_is_not_said_in_circles() -> None:
    copying = Copying(("Problem: 75 = 3d + 15",))
    said = "Look: 75 = 3d + 15, then 75 = 3d + 15, then 75"
    assert copying.after([b"Look: 75 = 3d + 15, then 75"]).allows(b" =")
    assert not copying.after([said.encode()]).allows(b" =")


def test_every_reply_of_the_workshop_may_be_said_word_for_word() -> None:
    """All that the starter is trained towards, of wordings and numbers that nothing here was fitted to."""
    converser, numbers, put_down = Converser(Random(11), held=True), 0, 0
    for problem in itertools.islice(problems(Random(11), held=True), 400):
        for turn in converser.about(problem):
            writing = Copying((turn.words, *brief.sums(turn.notes))).after()
            numbers += bool(brief.copied(turn.reply))
            for token in (*TOKENS.findall(turn.reply), ""):
                assert writing.allows(token.encode()), (turn.reply, token, turn.notes)
                writing.add(token.encode())
                if forced := writing.forced():
                    rest = turn.reply[len(writing.text) :]
                    assert rest.startswith(forced), (writing.text, forced, rest)
                    put_down += 1
    assert numbers > 500 and put_down > 500


@pytest.mark.parametrize(
    ("said", "forced"),
    [
        ("First 4 × 20 =", " 80"),
        ("First 4 × 20 = ", "80"),
        ("First 4 × 20 = 8", "0"),
        ("First 4 × 20 = 80", ""),
        ("First 4 × 20", ""),
        ("49.47 m =", " 49470"),
        ("so w =", " 6 ÷ 6"),
        ("96 - 80 = 1", "6"),
        ("the factors 1, ", ""),
        ("That is", ""),
    ],
)
def test_a_statement_that_goes_on_in_one_way_is_put_down(said: str, forced: str) -> None:
    assert Copying((SUMS, LISTS)).after([said.encode()]).forced() == forced


def test_where_two_statements_begin_alike_nothing_is_forced_until_they_differ() -> None:
    copying = Copying(("12 × 19 = 12 × 10 + 12 × 9; 12 × 19 = 228",))
    assert copying.after([b"12 \xc3\x97 19 ="]).forced() == ""
    assert copying.after([b"12 \xc3\x97 19 = 2"]).forced() == "28"
    assert copying.after([b"12 \xc3\x97 19 = 12"]).forced() == " × 10 + 12 × 9"


def test_tokens_that_are_not_allowed_cannot_be_chosen_and_the_likeliest_other_one_can() -> None:
    logits = np.array([9.0, 8.5, -20.0, 2.0], dtype=np.float32)
    leave_out(logits, lambda token: token == 2)
    assert logits[2] == -20.0 and np.isneginf(logits[[0, 1, 3]]).all()


def test_where_nothing_is_allowed_the_model_stays_free() -> None:
    logits = np.array([9.0, 8.5, 2.0], dtype=np.float32)
    leave_out(logits, lambda token: False)
    assert logits.tolist() == [9.0, 8.5, 2.0]
