"""The untidiness of real typing: fields of a wording filled, words shortened, slips and case."""

from random import Random

from tutor.workshop.writing.vocabulary import TOPICS, WORDS

_SHORT = {
    "you": "u", "please": "pls", "are": "r", "what": "wat", "I'm": "im",
    "don't": "dont", "can't": "cant", "it's": "its", "because": "cuz", "the": "teh",
    "answer": "anser", "with": "wiv", "what's": "whats", "okay": "ok", "think": "fink",
    "thanks": "thx", "understand": "understnad", "something": "somthing", "know": "no", "really": "rly",
    "help": "hlep",
}  # fmt: skip


def fill(rng: Random, wording: str) -> str:
    """Put random words, topics and numbers into a wording's fields (not its problem or attempt)."""
    while "{w}" in wording:
        wording = wording.replace("{w}", rng.choice(WORDS), 1)
    while "{t}" in wording:
        wording = wording.replace("{t}", rng.choice(TOPICS), 1)
    fields = {
        "{n}": rng.randint(12, 480),
        "{m}": rng.randint(2, 11),
        "{q}": rng.randint(1, 12),
        "{y}": rng.randint(900, 2020),
    }
    for field, value in fields.items():
        wording = wording.replace(field, str(value))
    return wording


def typed(rng: Random, words: str) -> str:
    """The words as a child may type them. Words that hold a digit or a sign stay as they are."""
    mood = rng.random()
    if mood < 0.35:
        return words
    if mood < 0.65:
        words = words.lower() if not any(c.isdigit() for c in words) else words[:1].lower() + words[1:]
    elif mood < 0.7 and not any(c.isdigit() for c in words):
        words = words.upper()
    if rng.random() < 0.4:
        words = words.rstrip("?.")
    pieces = words.split(" ")
    for i, piece in enumerate(pieces):
        if not piece.replace("'", "").isalpha():
            continue
        chance = rng.random()
        if chance < 0.15:
            pieces[i] = _SHORT.get(piece, piece)
        elif chance < 0.19:
            pieces[i] = piece.replace("'", "")
        elif chance < 0.22 and len(piece) > 3:
            at = rng.randrange(1, len(piece) - 1)
            pieces[i] = piece[:at] + piece[at + 1] + piece[at] + piece[at + 2 :]
    words = " ".join(pieces)
    return words + rng.choice(("", "", "", "", " pls", " :)", "??", "...", "!"))
