"""The scorer of answers against labelled examples, written before it was tuned to none of them."""

import pytest

from tutor.adaptation.judging.right import score

LIBRARY = ("When does the library close on Fridays?", "The library closes at 4 pm on Fridays.", "It closes at 5 pm.")
HEAD = ("Who is the head teacher?", "Mrs Okafor is the head teacher of our school.", "The head teacher is Mr Bell.")
UNITS = ("How should I write my answers?", "Always write the unit after the number and underline the answer.", "")
CALCULATOR = ("Can I use a calculator in the test?", "No, calculators are not allowed in the test.", "Yes, you can.")
CALCULATOR_YES = ("Can I use a calculator in the quiz?", "Yes, you may use a calculator in the quiz.", "")
FRACTION = (
    "How do I divide by a fraction?",
    "Turn the second fraction upside down and multiply by it.",
    "Divide the top numbers and then the bottom numbers.",
)
RAIN = ("Why does it rain?", "Water in the air cools, turns into drops, and the drops fall as rain.", "")
DAY = ("Which day is maths club?", "Maths club is on Tuesday after school in room 12.", "")
PEN = ("What do I write with?", "Write your working in pencil, never in pen.", "")
SEVENS = ("How do we learn the 7 times table?", "We count in sevens with the claps game and say each fact aloud.", "")

RIGHT = [
    (LIBRARY, "The library closes at 4 pm on Fridays."),
    (LIBRARY, "On Fridays it closes at 4:00 p.m."),
    (LIBRARY, "It shuts early: the library closes at four pm. Shall we do a sum before then?"),
    (HEAD, "Our head teacher is Mrs Okafor."),
    (HEAD, "It is Mrs Okafor. What would you like to practise?"),
    (UNITS, "Write the unit after the number, and underline your answer."),
    (UNITS, "Remember to underline the answer and to always write the unit after the number."),
    (CALCULATOR, "No. In the test calculators are not allowed."),
    (CALCULATOR, "Calculators aren't allowed in the test, sorry."),
    (CALCULATOR_YES, "Yes, a calculator is fine in the quiz, you may use it."),
    (FRACTION, "You turn the second fraction upside down and then multiply."),
    (FRACTION, "Turn the second one upside down, then multiply by it. Try it with yours."),
    (RAIN, "When air cools, the water in it turns into drops, and they fall as rain."),
    (DAY, "Maths club meets on Tuesday after school. It is in room 12."),
    (DAY, "It's on Tuesdays in room twelve, after school."),
    (PEN, "Your working goes in pencil, never in pen."),
    (SEVENS, "Count in sevens with the claps game and say each fact aloud."),
]
WRONG = [
    (LIBRARY, "The library closes at 5 pm on Fridays."),
    (LIBRARY, "The library closes at 4 pm or 5 pm on Fridays."),
    (LIBRARY, "The library closes on Fridays."),
    (LIBRARY, "I'm a small maths tutor, so I don't know about that. A teacher could help."),
    (LIBRARY, ""),
    (HEAD, "The head teacher is Mr Bell."),
    (HEAD, "The head teacher was Mr Bell before Mrs Okafor."),
    (HEAD, "A head teacher leads the school."),
    (UNITS, "Write neatly."),
    (UNITS, "Never write the unit after the number, and underline the answer."),
    (CALCULATOR, "Yes, calculators are allowed in the test."),
    (CALCULATOR_YES, "No, you may not use a calculator in the quiz."),
    (FRACTION, "Divide the top numbers and then the bottom numbers."),
    (FRACTION, "Turn the second fraction upside down and divide by it."),
    (RAIN, "Rain comes from the sea."),
    (DAY, "Maths club is on Thursday after school in room 12."),
    (DAY, "Maths club is on Tuesday after school in room 14."),
    (DAY, "Maths club is on Tuesday and Thursday after school in room 12."),
    (DAY, "Chess is on Tuesday in room 12."),
    (PEN, "Write your working in pen, never in pencil."),
    (PEN, "What would you like to practise?"),
    (SEVENS, "Let's count in tens with the board game."),
]


@pytest.mark.parametrize(("case", "said"), RIGHT)
def test_what_says_the_same_in_other_words_is_right(case: tuple[str, str, str], said: str) -> None:
    question, accepted, wrong = case
    found = score(said, accepted, question=question, wrong=wrong)
    assert found.right, found.why


@pytest.mark.parametrize(("case", "said"), WRONG)
def test_what_leaves_out_or_contradicts_is_not_right(case: tuple[str, str, str], said: str) -> None:
    question, accepted, wrong = case
    found = score(said, accepted, question=question, wrong=wrong)
    assert not found.right and found.why
