"""How hard a passphrase or PIN is to guess, in words. Four wrong tries start a growing lock-out, so a PIN can do."""

import itertools
import math
from enum import IntEnum

from tutor.i18n import tr

SHORTEST = 4
_COMMON = ("password", "passwort", "teacher", "letmein", "qwerty", "welcome", "school", "tutor", "iloveyou", "admin")


class Strength(IntEnum):
    SHORT = 0
    EASY = 1
    FAIR = 2
    GOOD = 3
    STRONG = 4


def judge(secret: str) -> Strength:
    """SHORT and EASY are not accepted."""
    text = secret.strip()
    if len(text) < SHORTEST:
        return Strength.SHORT
    if _is_run(text) or len(set(text)) <= 2 or text.lower() in _COMMON:
        return Strength.EASY
    bits = len(text) * math.log2(_alphabet(text))
    for word in _COMMON:
        if word in text.lower():
            bits -= 4.0 * len(word)
    bits *= min(1.0, 0.35 + len(set(text.lower())) / len(text))
    if bits < 12:
        return Strength.EASY
    if bits < 32:
        return Strength.FAIR
    return Strength.GOOD if bits < 60 else Strength.STRONG


def words(strength: Strength) -> str:
    """What to tell the person."""
    return {
        Strength.SHORT: tr("Too short: at least four characters."),
        Strength.EASY: tr("Too easy to guess. Try four digits without a pattern, or three words."),
        Strength.FAIR: tr("Fair. Enough at home; three or four words are harder to guess."),
        Strength.GOOD: tr("Good."),
        Strength.STRONG: tr("Strong."),
    }[strength]


def _alphabet(text: str) -> int:
    size = 0
    size += 10 if any(c.isdigit() for c in text) else 0
    size += 26 if any(c.islower() for c in text) else 0
    size += 26 if any(c.isupper() for c in text) else 0
    size += 12 if any(not c.isalnum() for c in text) else 0
    return max(size, 2)


def _is_run(text: str) -> bool:
    """All the same step from one character to the next: 1111, 1234, dcba."""
    steps = {ord(b) - ord(a) for a, b in itertools.pairwise(text)}
    return len(steps) == 1 and steps <= {-1, 0, 1}
