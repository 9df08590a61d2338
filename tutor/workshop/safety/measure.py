"""What is measured on held-out rows: by label, by source, by spelling, against full precision, and in the product."""

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tutor.domain import Action, Direction
from tutor.moderation import crisis, thresholds
from tutor.moderation.classifier import Classifier
from tutor.moderation.moderator import Moderator
from tutor.workshop.safety import variants
from tutor.workshop.safety.figures import STOPPED, auc, balanced, best_level, interval, rate, verdicts
from tutor.workshop.safety.sources import LABELS, Row

ALIKE = frozenset({"distress", "distress_voices", "distress_wide", "danger", "danger_voices", "abuse", "abuse_wide"})
"""Files whose harmless lines are there because they look like harm."""
SPELLINGS: dict[str, Callable[[str, random.Random], str]] = {
    "typing slips": variants.slip,
    "text-speak": variants.speak,
    "digits for letters": variants.leet,
    "look-alike letters": variants.look_alike,
    "spaced letters": variants.spaced,
}


def looks_alike(row: Row) -> bool:
    """Whether a line comes from a file of look-alikes."""
    return row.source.startswith("own:") and row.source.split(":")[1] in ALIKE


def sample(rows: Sequence[Row], at_most: int) -> list[Row]:
    """At most so many rows of each source, the same ones each time."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(":".join(row.source.split(":")[:2]), []).append(row)
    pick = random.Random(0)
    return [r for group in groups.values() for r in pick.sample(group, min(at_most, len(group)))]


def by_label(rows: Sequence[Row], scored: Sequence[dict[str, float]]) -> list[dict[str, Any]]:
    """AUC with its interval for each label over all held-out rows that say something about it."""
    table = []
    for label in LABELS:
        known = [i for i, r in enumerate(rows) if label in r.labels]
        positive = np.array([rows[i].labels[label] > 0.5 for i in known])
        values = np.array([scored[i][label] for i in known])
        low, high = interval(positive, values, auc)
        table.append({"label": label, "rows": len(known), "positive": int(positive.sum())})
        table[-1] |= {"auc": auc(positive, values), "low": low, "high": high, "balanced": balanced(positive, values)}
    return table


def level_of(rows: Sequence[Row], scored: Sequence[dict[str, float]], label: str = "toxicity") -> float:
    """The level with the best balanced accuracy on these (development) rows."""
    known = [i for i, r in enumerate(rows) if label in r.labels]
    positive = np.array([rows[i].labels[label] > 0.5 for i in known])
    return best_level(positive, np.array([scored[i][label] for i in known]))


def by_source(
    rows: Sequence[Row], scored: Sequence[dict[str, float]], level: float, label: str = "toxicity"
) -> list[dict[str, Any]]:
    """AUC and balanced accuracy of one label for each source that has both classes. `level`: chosen on other rows."""
    groups: dict[str, list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        if label in row.labels and ":context" not in row.source:
            groups[row.source.split(":")[0]].append(i)
    table = []
    for source, members in sorted(groups.items()):
        positive = np.array([rows[i].labels[label] > 0.5 for i in members])
        values = np.array([scored[i][label] for i in members])
        if positive.any() and not positive.all():
            low, high = interval(positive, values, auc)
            found: dict[str, Any] = {
                "source": source,
                "rows": len(members),
                "auc": auc(positive, values),
                "low": low,
                "high": high,
            }
            for name, at in (("balanced", 0.5), ("balanced at level", level)):
                low, high = interval(positive, values, lambda p, s, at=at: balanced(p, s, at))  # type: ignore[misc]
                found[name] = {"value": balanced(positive, values, at), "low": low, "high": high}
            table.append(found)
    return table


def product(moderator: Moderator, rows: Sequence[Row], at_most: int = 400, seed: int = 0) -> dict[str, Any]:
    """Rates that matter: false blocks of benign text, caught requests, disclosures, abuse. Held-out rows only."""
    rng = random.Random(seed)
    plain = [r for r in rows if r.source.startswith(("own:", "gsm8k")) and "spelt" not in r.source and not r.context]
    benign = [r for r in plain if not any(r.labels.values())]
    said = [r for r in benign if r.source.startswith("own:tutor")]
    alike = [r for r in benign if looks_alike(r)]
    typed = [r for r in benign if not r.source.startswith("own:tutor") and not looks_alike(r)]

    def found(which: Sequence[Row], wanted: frozenset[Action], direction: Direction = Direction.INPUT) -> Any:
        few = rng.sample(list(which), min(at_most, len(which)))
        return rate([a in wanted for a in verdicts(moderator, few, direction)])

    def own(label: str) -> list[Row]:
        return [r for r in plain if r.labels.get(label)]

    figures = {
        "false blocks, tutor's sentences": found(said, STOPPED, Direction.OUTPUT),
        "false blocks, learners and lessons": found(typed, STOPPED),
        "false marks, learners and lessons": found(typed, frozenset({Action.REVIEW})),
        "false blocks, harmless lines written to look like harm": found(alike, STOPPED),
        "disclosures signposted": found(own("self_harm"), frozenset({Action.SIGNPOST})),
        "disclosures signposted or stopped": found(own("self_harm"), STOPPED),
        "disclosures found by rules alone": rate([crisis.signs(r.text) is not None for r in own("self_harm")]),
        "dangerous requests stopped, own": found(own("dangerous_request"), STOPPED),
        "abuse stopped, own": found(own("toxicity"), STOPPED),
    }
    for source in ("aart", "ailuminate"):
        wanted = [r for r in rows if r.source == source and r.labels.get("dangerous_request")]
        figures[f"dangerous requests stopped, {source}"] = found(wanted, STOPPED)
    return figures


def spellings(moderator: Moderator, rows: Sequence[Row], at_most: int = 200, seed: int = 0) -> list[dict[str, Any]]:
    """Share of harmful rows stopped as written and in each other spelling."""
    rng = random.Random(seed)
    own = [r for r in rows if r.source.startswith("own:") and "spelt" not in r.source and not r.context]
    harmful = [r for r in own if any(r.labels.values())]
    harmful = rng.sample(harmful, min(at_most, len(harmful)))
    clean = [a in STOPPED for a in verdicts(moderator, harmful, Direction.INPUT)]
    table: list[dict[str, Any]] = [{"spelling": "as written", **rate(clean)}]
    for name, change in SPELLINGS.items():
        other = [Row(change(r.text, rng), r.labels, r.source, r.split) for r in harmful]
        table.append({"spelling": name, **rate([a in STOPPED for a in verdicts(moderator, other, Direction.INPUT)])})
    return table


def fidelity(folder: Path, rows: Sequence[Row], at_most: int = 40) -> dict[str, Any]:
    """Share of held-out rows with the same verdict in the shipped arithmetic and in full precision."""
    levels = thresholds.load(folder / thresholds.FILE)
    few = sample([r for r in rows if "spelt" not in r.source], at_most)
    quick, exact = (Moderator(Classifier(folder, exact=e, levels=levels), levels) for e in (False, True))
    pairs = zip(verdicts(quick, few, Direction.INPUT), verdicts(exact, few, Direction.INPUT), strict=True)
    return rate([a is b for a, b in pairs])


WRITTEN = {
    "held_disclosures": "disclosures",
    "last_disclosures": "disclosures, written last",
    "held_dangerous": "dangerous requests",
    "last_dangerous": "dangerous requests, written last",
    "held_benign": "learners, lessons and the tutor",
    "held_identity": "harmless lines that name groups",
}


def written(moderator: Moderator, folder: Path, tutor: int = 30) -> dict[str, Any]:
    """Lines written by hand and never trained on; the first `tutor` of `held_benign.txt` are the tutor's."""
    figures = {}
    for name, said in WRITTEN.items():
        lines = (folder / f"{name}.txt").read_text(encoding="utf-8").splitlines()
        rows = [Row(line, {}, "written", "test") for line in lines if line.strip()]
        first = tutor if name == "held_benign" else 0
        found = verdicts(moderator, rows[:first], Direction.OUTPUT) + verdicts(moderator, rows[first:], Direction.INPUT)
        if "disclosures" in name:
            figures[f"{said}: signposted"] = rate([a is Action.SIGNPOST for a in found])
            figures[f"{said}: signposted, stopped or marked"] = rate([a is not Action.ALLOW for a in found])
        else:
            figures[f"{said}: stopped"] = rate([a in STOPPED for a in found])
    return figures
