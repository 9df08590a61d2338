"""Fluency and coherence of the model's replies: repetition, malformed sentences, likeness between turns."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from tutor.i18n import tr
from tutor.workshop.evaluation import wellformed
from tutor.workshop.evaluation.generate import Said
from tutor.workshop.evaluation.measures import Form, Measure, Row, measure

SECTION = "fluency"
NGRAM = 4
Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]


def words(text: str) -> list[str]:
    """Words and numbers in lower case, marks left out."""
    return [w for w in (part.strip(".,;:?!\"'“”()[]") for part in text.lower().split()) if w]


def ngrams(text: str, n: int) -> list[tuple[str, ...]]:
    said = words(text)
    return [tuple(said[i : i + n]) for i in range(len(said) - n + 1)]


def distinct(replies: Sequence[tuple[str, str]], n: int) -> list[Row]:
    """Rows of distinct-n (Li and others, 2016) over (unit, reply): n-grams that no reply before held, out of all.

    Their sum is the usual distinct-n of the whole text; each unit's part is what it brought that was new.
    """
    seen: set[tuple[str, ...]] = set()
    rows: list[Row] = []
    for unit, reply in replies:
        found = ngrams(reply, n)
        fresh = set(found) - seen
        seen |= fresh
        rows.append((unit, float(len(fresh)), float(len(found))))
    return rows


def repeated(text: str, n: int = NGRAM) -> tuple[float, float]:
    """(n-grams that stood in the same text before, all n-grams)."""
    counts = Counter(ngrams(text, n))
    return float(sum(c - 1 for c in counts.values())), float(sum(counts.values()))


def repeats_sentence(text: str) -> bool:
    """Whether a sentence of three words or more stands twice in a reply."""
    said = [" ".join(words(s)) for s in wellformed.sentences(text)]
    return any(n > 1 for s, n in Counter(said).items() if len(s.split()) >= 3)


def coherence(talks: Sequence[Sequence[Said]], embed: Embed) -> tuple[list[Row], list[Row], list[float]]:
    """Likeness (cosine) of each reply to the learner's words and problem, and to the tutor's reply before it.

    Also a baseline is given by shuffling: rows of (unit, likeness to its own turn minus likeness to another
    conversation's turn, 1). Returns (own minus other, reply to reply, own likenesses).
    """
    flat = [said for talk in talks for said in talk]
    if len({said.talk for said in flat}) < 2:
        return [], [], []
    heard = embed([f"{said.turn.words} {_problem(said)}".strip() for said in flat])
    spoken = embed([said.reply or "." for said in flat])
    others = _elsewhere(flat)
    own = (heard * spoken).sum(axis=1)
    other = (heard[others] * spoken).sum(axis=1)
    ahead = [(said.talk, float(o - e), 1.0) for said, o, e in zip(flat, own, other, strict=True)]
    steps = [
        (a.talk, float((spoken[i] * spoken[i + 1]).sum()), 1.0)
        for i, (a, b) in enumerate(pairwise(flat))
        if a.talk == b.talk
    ]
    return ahead, steps, [float(v) for v in own]


def _problem(said: Said) -> str:
    lines = [line for line in said.turn.notes.splitlines() if line.startswith("Problem: ")]
    return lines[0].removeprefix("Problem: ") if lines else ""


def _elsewhere(flat: Sequence[Said]) -> list[int]:
    """For each turn the place of a turn of another conversation, the same every time."""
    found = []
    for i, said in enumerate(flat):
        j = (i + len(flat) // 2) % len(flat)
        while flat[j].talk == said.talk:
            j = (j + 1) % len(flat)
        found.append(j)
    return found


def measured(
    talks: Sequence[Sequence[Said]], embed: Embed, *, seed: int, draws: int
) -> tuple[list[Measure], dict[str, int], list[float]]:
    """Figures, counts of malformed sentences by fault, and each reply's likeness to what it answers."""
    flat = [said for talk in talks for said in talk]
    sentence_rows: list[Row] = []
    counts: Counter[str] = Counter()
    for said in flat:
        wrong = wellformed.faults(said.reply)
        counts.update(name for name, _ in wrong)
        total = max(1, len(wellformed.sentences(said.reply)))
        sentence_rows.append((said.talk, float(min(total, len({s for _, s in wrong}))), float(total)))
    spoken = [(said.talk, said.reply) for said in flat]
    again = Counter(said.reply for said in flat)
    ahead, steps, own = coherence(talks, embed)
    of: dict[str, tuple[str, list[Row], dict[str, Any]]] = {
        "malformed": (tr("Malformed sentences"), sentence_rows, {"better": "lower"}),
        "unended": (
            tr("Replies that do not end by themselves"),
            [(s.talk, float(not s.ended), 1.0) for s in flat],
            {"better": "lower"},
        ),
        "repeated_sentence": (
            tr("Replies with a sentence said twice"),
            [(s.talk, float(repeats_sentence(s.reply)), 1.0) for s in flat],
            {"better": "lower"},
        ),
        "repeated_ngrams": (
            tr("Runs of {n} words said again within a reply", n=NGRAM),
            [(s.talk, *repeated(s.reply)) for s in flat],
            {"better": "lower"},
        ),
        "same_reply": (
            tr("Replies that are word for word another reply"),
            [(s.talk, float(again[s.reply] > 1), 1.0) for s in flat],
            {"better": "lower"},
        ),
        **{
            f"distinct_{n}": (
                tr("Distinct-{n}: different runs of {n} words, out of all", n=n),
                distinct(spoken, n),
                {"better": "higher"},
            )
            for n in (1, 2, 3)
        },
        "coherence": (
            tr("Likeness to its own question, above another's"),
            ahead,
            {"better": "higher", "form": Form.NUMBER},
        ),
        "coherence_turns": (tr("Likeness of a reply to the one before"), steps, {"form": Form.NUMBER}),
    }
    made = [
        measure(name, SECTION, title, rows, seed=seed, draws=draws, **more) for name, (title, rows, more) in of.items()
    ]
    return made, dict(counts.most_common()), own
