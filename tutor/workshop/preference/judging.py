"""Our own checks as a judge of answers, and pairs from what they say."""

import difflib
import re
from collections.abc import Iterable, Sequence

from tutor.domain import Frozen, MathsStatus
from tutor.tutoring.checks import check_sentence
from tutor.workshop.evaluation.replies import faults
from tutor.workshop.preference.pairs import Pair
from tutor.workshop.preference.prompts import Asked

_END = re.compile(r"(?<=[.?!])\s+")


class Answer(Frozen):
    """What a model wrote, and whether it ended by itself."""

    text: str
    ended: bool = True


def wrong(asked: Asked, answer: Answer) -> tuple[str, ...]:
    """Everything wrong with an answer: the faults that the evaluation counts, and statements that are not true."""
    found = faults(asked.turn, answer.text, ended=answer.ended)
    if any(check_sentence(s, asked.facts).status is MathsStatus.WRONG for s in _END.split(answer.text)):
        found += ("a statement that is not true",)
    return found


def judged_pairs(
    asked: Asked, answers: Sequence[Answer], *, each: int, written: bool, source: str = "checks"
) -> list[Pair]:
    """Clean answers before faulty ones, at most `each` pairs, every faulty one against the clean one most like it.

    Likeness keeps the pair about the fault: what both sides share cancels out. With `written`, the conversation's own
    answer stands in where no other is clean (if it is clean itself).
    """
    clean = list(dict.fromkeys(a.text for a in answers if not wrong(asked, a)))
    faulty = list(dict.fromkeys(a.text for a in answers if a.text and a.text not in clean))
    if not clean and written and not wrong(asked, Answer(text=asked.turn.reply)):
        clean, source = [asked.turn.reply], source + ", written answer"
    if not clean:
        return []
    return [
        Pair(prompt=asked.prompt, chosen=max(clean, key=lambda c: likeness(c, bad)), rejected=bad, source=source)
        for bad in faulty[:each]
    ]


def rated_pairs(asked: Asked, disliked: str, answers: Sequence[Answer]) -> list[Pair]:
    """An answer that somebody rated down, after the clean answer least like it (people saw no fault of the words)."""
    clean = [a.text for a in answers if a.text != disliked and not wrong(asked, a)]
    if not clean:
        return []
    chosen = min(clean, key=lambda c: likeness(c, disliked))
    return [Pair(prompt=asked.prompt, chosen=chosen, rejected=disliked, source="ratings, drawn answer")]


def likeness(one: str, other: str) -> float:
    """Share of words in common, in order: 1 for the same text."""
    return difflib.SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio()


def ordered_pairs(asked: Asked, answers: Sequence[Answer], scores: Sequence[float], *, least: float) -> list[Pair]:
    """The best-scored answer before the worst, where they are at least `least` apart."""
    best, worst = max(scores), min(scores)
    chosen, rejected = answers[scores.index(best)].text, answers[scores.index(worst)].text
    if best - worst < least or chosen == rejected:
        return []
    return [Pair(prompt=asked.prompt, chosen=chosen, rejected=rejected, source="reward model")]


def shares(asked: Iterable[Asked], answers: Iterable[Sequence[Answer]]) -> dict[str, float]:
    """Share of clean answers and, for each move, likewise; rounded to four places."""
    counts: dict[str, list[bool]] = {"all": []}
    for one, its in zip(asked, answers, strict=True):
        good = [not wrong(one, a) for a in its]
        counts["all"] += good
        counts.setdefault(one.turn.move.value, []).extend(good)
    return {name: round(sum(good) / len(good), 4) for name, good in counts.items() if good}
