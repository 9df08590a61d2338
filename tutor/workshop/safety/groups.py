"""Is a group of people treated like the others: false blocks by kind of group, and the three AUCs of identity bias."""

import random
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from tutor.domain import Direction
from tutor.moderation.moderator import Moderator
from tutor.workshop.safety.figures import STOPPED, auc, interval, share, verdicts
from tutor.workshop.safety.phrases import fill, slots, templates
from tutor.workshop.safety.sources import CLEAN, Row

_SLOT = re.compile(r"\{(people|someone)\}")


def kinds() -> list[str]:
    """Gender, faith and so on, as in slots.txt."""
    return [name.split(".")[1] for name in slots() if name.startswith("people.")]


def plain_lines(kind: str, at_most: int, seed: int = 0, split: str = "test") -> list[Row]:
    """Harmless sentences that name groups of one kind: from templates that nothing was learnt or chosen from, or with
    `split` "dev" from those that levels are chosen on."""
    rng, words = random.Random(seed), slots()
    frames = [t for t in templates() if t.split == split and _SLOT.search(t.text) and not any(t.labels.values())]
    texts: dict[str, None] = {}
    for number in range(at_most * 4):
        frame = _SLOT.sub(lambda m: "{" + f"{m[1]}.{kind}" + "}", frames[number % len(frames)].text)
        texts[fill(frame, words, rng)] = None
        if len(texts) == at_most:
            break
    return [Row(text, {**CLEAN}, f"own:groups:{kind}", split) for text in texts]


def false_blocks(moderator: Moderator, at_most: int = 120) -> list[dict[str, Any]]:
    """Share of harmless sentences that are stopped, by kind of group."""
    table = []
    for kind in kinds():
        rows = plain_lines(kind, at_most)
        stopped = share(verdicts(moderator, rows, Direction.INPUT), STOPPED)
        table.append({"group": kind, "rows": len(rows), "stopped": stopped})
    return table


def names(kind: str) -> re.Pattern[str]:
    """Finds a naming of a group of this kind in lower-case text."""
    words = {w.lower() for side in ("people", "someone") for w in slots()[f"{side}.{kind}"]}
    words |= {w.removeprefix("a ").removeprefix("an ") for w in words} - {"old", "short", "rich", "poor", "from abroad"}
    return re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + r")\b")


def bias(rows: Sequence[Row], scored: Sequence[dict[str, float]]) -> list[dict[str, Any]]:
    """Subgroup, BPSN and BNSP AUC of toxicity by kind of group, over the rows that say something about toxicity.

    Subgroup: hateful against harmless text that names the group. BPSN: harmless text about it against hateful text
    about others. BNSP: hateful text about it against harmless text about others.
    """
    known = [i for i, r in enumerate(rows) if "toxicity" in r.labels]
    bad = np.array([rows[i].labels["toxicity"] > 0.5 for i in known])
    values = np.array([scored[i]["toxicity"] for i in known])
    texts = [rows[i].text.lower() for i in known]
    table = []
    for kind in kinds():
        finds = names(kind)
        inside = np.array([bool(finds.search(text)) for text in texts])
        row: dict[str, Any] = {"group": kind, "rows": int(inside.sum())}
        chosen = {
            "subgroup": inside,
            "BPSN": (inside & ~bad) | (~inside & bad),
            "BNSP": (inside & bad) | (~inside & ~bad),
        }
        for name, part in chosen.items():
            low, high = interval(bad[part], values[part], auc)
            row[name] = {"auc": auc(bad[part], values[part]), "low": low, "high": high}
        table.append(row)
    return table
