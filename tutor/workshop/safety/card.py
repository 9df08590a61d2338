"""The figures of the safety classifier as Markdown tables inside its model card."""

import json
from pathlib import Path
from typing import Any

START, END = "<!-- figures: written by the workshop -->", "<!-- end of figures -->"


def tables(figures: dict[str, Any]) -> str:
    """Markdown of what `measure` found."""
    lines = ["| label | held-out rows | positive | AUC (95%) | balanced accuracy at 0.5 |", "|---|---|---|---|---|"]
    for row in figures["labels"]:
        lines.append(
            f"| {row['label']} | {row['rows']:,} | {row['positive']:,} | {row['auc']:.3f} "
            f"({row['low']:.3f}-{row['high']:.3f}) | {row['balanced']:.3f} |"
        )
    lines += ["", "| source (toxicity) | rows | AUC (95%) | balanced accuracy at 0.5 |", "|---|---|---|---|"]
    for row in figures["sources, toxicity"]:
        lines.append(
            f"| {row['source']} | {row['rows']:,} | {row['auc']:.3f} ({row['low']:.3f}-{row['high']:.3f}) "
            f"| {row['balanced']:.3f} |"
        )
    lines += ["", "| what the product does with held-out text (ages 8-10) | share |", "|---|---|"]
    lines += [f"| {name} | {value:.1%} |" for name, value in figures["product"].items()]
    return "\n".join(lines)


def update(card: Path, figures: Path) -> None:
    """Put the tables of `figures` (JSON) between the marks in `card`. Raises ValueError without marks."""
    text = card.read_text(encoding="utf-8")
    before, found, rest = text.partition(START)
    _, closed, after = rest.partition(END)
    if not found or not closed:
        raise ValueError(f"{card} has no place for figures")
    written = tables(json.loads(figures.read_text(encoding="utf-8")))
    card.write_text(f"{before}{START}\n{written}\n{END}{after}", encoding="utf-8")
