"""Plain spelling of disguised words: invisible characters, look-alike letters, digits for letters, spaced letters.

`clean` keeps the text's meaning and is always applied; `plain` also undoes disguises word by word and is judged
beside the text itself, so an honest `3x + 2` or `x2` never replaces what was written.
"""

import re
import unicodedata
from functools import cache
from importlib import resources
from typing import Final

from tutor.moderation import emoji

_LOOKS: Final = str.maketrans(
    "аеорсхіуѕјԁһкмтвнпгАЕОРСХІУЅЈКМТВНαεορχικντυωΑΒΕΖΗΙΚΜΝΟΡΤΥΧıɑɡʀɪøłđß",
    "aeopcxiysjdhkmtbhnraeopcxiysjkmtbhaeopxikvtuwabezhikmnoptyxiagriolds",
)
_LEET: Final = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s",
                              "!": "i", "|": "i", "€": "e", "£": "l", "+": "t"})  # fmt: skip
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
COMMON: Final = 6000
"""Slips are only read as one of so many words."""
_TOKEN: Final = re.compile(r"\S+")
_SPACED: Final = re.compile(r"(?<!\w)(?:[^\W\d_][ .\-_*~,/|]{1,3}){2,}[^\W\d_](?!\w)")
_INSIDE: Final = re.compile(r"(?<=[^\W\d_])[.\-_*~,/|]+(?=[^\W\d_])")
_STRETCHED: Final = re.compile(r"([^\W\d_])\1{2,}")
_STARRED: Final = frozenset({
    "fuck", "fucks", "fucker", "fucking", "fucked", "shit", "shits", "bitch", "bitches", "cunt", "cunts", "dick",
    "dicks", "cock", "cocks", "slut", "sluts", "whore", "nigger", "niggers", "fag", "fags", "faggot", "faggots",
    "retard", "retards", "porn", "sex", "rape", "die", "kill", "killed", "bastard", "wanker", "twat", "pussy",
    "tits",
})  # fmt: skip
_SPEAK: Final = {
    "2": "to", "u": "you", "ur": "your", "r": "are", "4": "for", "b4": "before", "gr8": "great", "h8": "hate",
    "m8": "mate", "n": "and", "2nite": "tonight", "2morrow": "tomorrow", "sum1": "someone", "ne1": "anyone",
    "any1": "anyone", "no1": "no one", "every1": "everyone", "wanna": "want to", "gonna": "going to", "dnt": "dont",
    "cnt": "cant", "wnt": "want", "mysef": "myself", "myslef": "myself", "meself": "myself", "imma": "i am going to",
    "unalive": "kill", "unaliving": "killing", "sewerslide": "suicide", "suicde": "suicide", "suiside": "suicide",
    "sucide": "suicide", "slef": "self", "ppl": "people", "skool": "school",
    "cuz": "because", "coz": "because", "wiv": "with", "wat": "what", "wot": "what", "pls": "please", "plz": "please",
    "sumthin": "something", "sumthing": "something", "kil": "kill", "dye": "die", "dieing": "dying",
}  # fmt: skip


def clean(text: str) -> str:
    """Emoji as words, compatibility forms folded, invisible and combining characters dropped, look-alikes Latin."""
    text = unicodedata.normalize("NFKC", emoji.named(text))
    kept = []
    for char in unicodedata.normalize("NFD", text):
        kind = unicodedata.category(char)
        if kind in ("Mn", "Me", "Cf", "Cs", "Co", "Cn") or (kind == "Cc" and char not in "\n\t"):
            continue
        kept.append(char)
    text = unicodedata.normalize("NFC", "".join(kept))
    if any(c.isascii() and c.isalpha() for c in text):  # a text wholly in another script is left in it
        text = _TOKEN.sub(lambda m: _latin(m[0]), text)
    return text


def plain(text: str) -> str:
    """`clean`, with disguised words spelt out and letters in lower case; equal to `clean(text).lower()` if none."""
    text = clean(text).lower()
    text = _SPACED.sub(lambda m: _split("".join(c for c in m[0] if c.isalpha())), text)
    return _TOKEN.sub(lambda m: _spelt(m[0]), text)


def spoken(text: str) -> str:
    """`plain` with text-speak in full words, no punctuation and no emoji: what the crisis rules read."""
    words = re.sub(r"[’'`]", "", plain(emoji.without(text)))
    words = re.sub(r"[^\w\s]", " ", words)
    return " ".join(_SPEAK.get(w, w) for w in words.split())


def _latin(token: str) -> str:
    other = sum(c.isalpha() and not c.isascii() for c in token)
    if not other:
        return token
    turned = token.translate(_LOOKS)
    return turned if all(c.isascii() or not c.isalpha() for c in turned) else token


def _spelt(token: str) -> str:
    core = token.strip(".,;:?!()\"'")
    if len(core) > 1 and core in _SPEAK:
        return token.replace(core, _SPEAK[core])
    if len(core) < 3 or core in vocabulary():
        return token
    for candidate in _candidates(core):
        if candidate in vocabulary():
            return token.replace(core, candidate)
    return token.replace(core, _slipped(core)) if 4 <= len(core) <= 14 and core.isascii() and core.isalpha() else token


def _slipped(core: str) -> str:
    """The commonest word that one slip of the fingers turns into this: letters swapped, doubled or left out."""
    cuts = [(core[:k], core[k:]) for k in range(len(core) + 1)]
    made = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1} | {
        a + b[1:] for a, b in cuts if b and a[-1:] == b[0]
    }
    made |= {a + letter + b for a, b in cuts[1:] for letter in _LETTERS}
    rank = vocabulary()
    known = [word for word in made if rank.get(word, COMMON) < COMMON and len(word) >= 4]
    return min(known, key=lambda word: rank[word], default=core)


def _candidates(core: str) -> list[str]:
    """Other readings of a token, likeliest first."""
    letters = sum(c.isalpha() for c in core)
    made = []
    if _INSIDE.search(core):
        made.append(_INSIDE.sub("", core))
    if letters and any(not c.isalpha() for c in core) and (letters >= 2 or len(core) >= 4):
        made += [core.translate(_LEET), core.replace("1", "l").translate(_LEET), core.replace("!", "").translate(_LEET)]
        made.append(core.replace("*", "").translate(_LEET))
    if "*" in core or "#" in core:  # a star for a letter: f*ck
        made += [w for v in "aeiouc" if (w := re.sub(r"[*#]+", v, core)) in _STARRED]
    if _STRETCHED.search(core):
        made += [_STRETCHED.sub(r"\1\1", core), _STRETCHED.sub(r"\1", core)]
    return [m for m in made if m.isalpha() and len(m) >= 3]


def _split(letters: str) -> str:
    """Letters run together, as words: the split with the fewest and commonest words."""
    if letters in vocabulary() or len(letters) > 60:
        return letters
    rank, best = vocabulary(), [(0.0, 0)] + [(1e9, 0)] * len(letters)
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - 14), end):
            word = letters[start:end]
            place = rank.get(word)
            if place is None or (len(word) == 1 and word not in "aiu"):
                continue
            cost = best[start][0] + 4.0 + place / 6000
            if cost < best[end][0]:
                best[end] = (cost, start)
    if best[-1][0] >= 1e9:
        return letters
    words, end = [], len(letters)
    while end:
        words.append(letters[best[end][1] : end])
        end = best[end][1]
    return " ".join(reversed(words))


@cache
def vocabulary() -> dict[str, int]:
    """Common English words to their place, commonest first."""
    text = resources.files("tutor.moderation").joinpath("words.txt").read_text(encoding="utf-8")
    return {word: place for place, word in enumerate(text.split())}
