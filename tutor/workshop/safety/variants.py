"""Other spellings of one text: typing slips, text-speak, spaced and look-alike letters, unfinished sentences."""

import random

_SPEAK = {
    "you": "u", "are": "r", "your": "ur", "to": "2", "for": "4", "please": "pls", "because": "cuz", "want to": "wanna",
    "going to": "gonna", "tonight": "2nite", "anymore": "anymor", "people": "ppl", "don't": "dont", "with": "wiv",
    "something": "sumthin", "nobody": "nobdy", "myself": "myslf", "the": "da", "what": "wat", "school": "skool",
}  # fmt: skip
_LEET = {"a": "4@", "e": "3", "i": "1!", "o": "0", "s": "5$", "t": "7", "b": "8"}
_LOOK = {"a": "а", "e": "е", "o": "о", "p": "р", "c": "с", "x": "х", "i": "і", "y": "у"}


def slip(text: str, rng: random.Random) -> str:
    """One or two typing slips in words of four letters or more: swapped, dropped or doubled letters."""
    words = text.split(" ")
    long = [i for i, w in enumerate(words) if len(w) >= 4 and w.isalpha()]
    for i in rng.sample(long, min(len(long), rng.randint(1, 2))):
        w, k = words[i], rng.randrange(1, len(words[i]) - 1)
        words[i] = rng.choice((w[:k] + w[k + 1 :], w[:k] + w[k] + w[k:], w[: k - 1] + w[k] + w[k - 1] + w[k + 1 :]))
    return " ".join(words)


def speak(text: str, rng: random.Random) -> str:
    """Text-speak for some of the words that have it."""
    for word, short in _SPEAK.items():
        if rng.random() < 0.7:
            text = f" {text} ".replace(f" {word} ", f" {short} ").strip()
    return text


def leet(text: str, rng: random.Random) -> str:
    """Digits and signs for letters inside some words."""
    return " ".join(_swap(w, _LEET, rng, 0.5) if len(w) > 2 and rng.random() < 0.6 else w for w in text.split(" "))


def look_alike(text: str, rng: random.Random) -> str:
    """Letters of other scripts that look the same."""
    return _swap(text, _LOOK, rng, 0.5)


def spaced(text: str, rng: random.Random) -> str:
    """One or two words written with a space, dot or dash between the letters."""
    words = text.split(" ")
    long = [i for i, w in enumerate(words) if len(w) >= 3 and w.isalpha()]
    gap = rng.choice((" ", ".", "-", "*", "_"))
    for i in rng.sample(long, min(len(long), 2)):
        words[i] = gap.join(words[i])
    return " ".join(words)


def prefix(text: str, rng: random.Random) -> str:
    """The start of a sentence, as it stands when it is cut at forty tokens or by Stop."""
    words = text.split(" ")
    return " ".join(words[: rng.randint(max(1, len(words) // 3), max(1, len(words) - 1))])


def _swap(text: str, table: dict[str, str], rng: random.Random, share: float) -> str:
    return "".join(rng.choice(table[c]) if c in table and rng.random() < share else c for c in text)
