"""Emoji stand as words before the classifier, and in nobody's way elsewhere."""

import pytest

from tutor.moderation import crisis, emoji, spelling


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("i hate you 🖕🏽", "i hate you middle finger"),
        ("so funny😂😂", "so funny laughing laughing"),
        ("my 👩‍🦽 friend", "my woman manual wheelchair friend"),
        ("go 🏳️‍🌈 go", "go flag rainbow go"),
        ("🇫🇷 food", "flag food"),
        ("a 🦔", "a hedgehog"),
    ],
)
def test_emoji_become_words(text: str, words: str) -> None:
    assert spelling.clean(text) == words


@pytest.mark.parametrize("text", ["3 × 4 = 12 ✓", "½ of 8", "x² + 1", "café", "5 ≥ 3", "a → b", "not ✗ but ✔"])
def test_marks_of_sums_stay(text: str) -> None:
    assert emoji.named(text) == text


def test_text_without_emoji_is_the_same_object() -> None:
    text = "plain words, é and ü"
    assert emoji.named(text) is text


def test_rules_read_the_words_alone() -> None:
    assert spelling.spoken("i want to die 😭😭") == "i want to die"
    sign = crisis.signs("i cant take it anymore 😭")
    assert sign is not None and sign == crisis.signs("i cant take it anymore")


def test_a_text_of_emoji_alone_is_read() -> None:
    assert spelling.clean("💩") == "poo"
    assert spelling.spoken("💩") == ""
    assert crisis.signs("💩") is None
