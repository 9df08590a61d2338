"""Disguised words are spelt out, and honest maths is left alone."""

import time

import pytest

from tutor.moderation import spelling


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("k i l l y o u r s e l f", "kill yourself"),
        ("k i l l  y o u r s e l f", "kill yourself"),
        ("i h a t e y o u", "i hate you"),
        ("k.i.l.l", "kill"),
        ("k-i-l-l", "kill"),
        ("k1ll y0urself", "kill yourself"),
        ("ki11 you", "kill you"),
        ("b0mb", "bomb"),
        ("sh!t", "shit"),
        ("f*ck", "fuck"),
        ("fuuuuuck", "fuck"),
        ("ѕuісіdе", "suicide"),
        ("ｋｉｌｌ", "kill"),
        ("k\u200bi\u200bl\u200bl", "kill"),
        ("k\u0336i\u0336l\u0336l\u0336", "kill"),
        ("𝐤𝐢𝐥𝐥 𝓶𝓮", "kill me"),
        ("St*pid", "st*pid"),
    ],
)
def test_disguised_words_are_spelt_out(written: str, meant: str) -> None:
    assert spelling.plain(written) == meant


@pytest.mark.parametrize(
    "text",
    [
        "3x + 2 = 11", "what is x2?", "5cm and 3kg", "12 - 7 = 5", "what is 3/4 + 1/8?", "the 2nd and 3rd",
        "h2o and co2", "a) 4 b) 5", "wow! that is cool!", "10% of £45", "y = 2x - 1", "1 000 000", "24/7",
        "it's 5 o'clock", "i got 100", "well-known", "2+2=4!", "0.5 m", "a3 paper", "x * y",
    ],
)  # fmt: skip
def test_honest_text_is_left_as_it_is(text: str) -> None:
    assert spelling.plain(text) == text.lower()


@pytest.mark.parametrize(
    ("written", "spoken"),
    [("i want 2 die", "i want to die"), ("I don't wanna live", "i dont want to live"), ("u r l8", "you are l8")],
)
def test_text_speak_is_read_aloud_for_the_crisis_rules(written: str, spoken: str) -> None:
    assert spelling.spoken(written) == spoken


def test_a_text_in_another_script_stays_in_it() -> None:
    assert spelling.clean("привет, как дела") == "привет, как дела"


def test_hostile_text_costs_little() -> None:
    began = time.perf_counter()
    for text in ("a " * 50_000, "*" * 100_000, "a*" * 50_000, "é" * 100_000, "1!" * 50_000, "a.b" * 30_000):
        spelling.spoken(text)
    assert time.perf_counter() - began < 6


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("i selep", "i sleep"), ("hurrt me", "hurt me"), ("somone", "someone"), ("ppl at skool", "people at school")],
)
def test_slips_of_the_fingers_are_undone(typed: str, meant: str) -> None:
    assert spelling.plain(typed) == meant


@pytest.mark.parametrize("text", ["shaving", "a nudge", "zainab and siobhan", "3x + 2 = 4y", "n + 2 = r", "scunthorpe"])
def test_words_that_only_look_like_slips_stay(text: str) -> None:
    assert spelling.plain(text) == text
