"""What is trained on and what is held out for evaluation: by number, by problem template and by phrasing."""

import re
import zlib
from collections.abc import Sequence
from random import Random


def held_problem(question: str) -> bool:
    """One problem in sixteen is never trained on. `question` is the fact's canonical text."""
    return zlib.crc32(question.encode()) % 16 == 0


def wordings(bank: Sequence[str], *, held: bool) -> list[str]:
    """Every seventh of a learner's wordings is held out; a bank needs seven at least (ValueError)."""
    if len(bank) < 7:
        raise ValueError(f"a bank of wordings needs seven entries: {bank[:2]}")
    return [w for i, w in enumerate(bank) if (i % 7 == 6) == held]


def templates(bank: Sequence[str], *, held: bool) -> list[str]:
    """The last of every four ways of putting a kind of problem is held out; a bank needs four at least (ValueError)."""
    if len(bank) < 4:
        raise ValueError(f"a kind of problem needs four templates: {bank[:2]}")
    return [t for i, t in enumerate(bank) if (i % 4 == 3) == held]


def pick(rng: Random, bank: Sequence[str], *, held: bool) -> str:
    """One wording from the held-out or from the other part of a bank."""
    return rng.choice(wordings(bank, held=held))


def bare(wording: str) -> str:
    """A wording without case, spacing and punctuation: two that agree in this count as the same phrasing."""
    return re.sub(r"[^a-z0-9{}]+", " ", wording.lower()).strip() or wording.strip()
