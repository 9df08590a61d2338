"""What is trained on and what is held out for evaluation, decided without any file of lists."""

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


def pick(rng: Random, bank: Sequence[str], *, held: bool) -> str:
    """One wording from the held-out or from the other part of a bank."""
    return rng.choice(wordings(bank, held=held))
