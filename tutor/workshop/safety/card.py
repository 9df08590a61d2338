"""The figures of the safety classifier as Markdown tables inside its model card."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

START, END = "<!-- figures: written by the workshop -->", "<!-- end of figures -->"


def tables(figures: dict[str, Any]) -> str:
    """Markdown of what `measure` found."""
    level = f"balanced accuracy at {figures['level']:.2f}"
    parts = [
        _table(
            ("label", "held-out rows", "positive", "AUC (95%)", "balanced accuracy at 0.5"),
            [
                (r["label"], f"{r['rows']:,}", f"{r['positive']:,}", _auc(r), f"{r['balanced']:.3f}")
                for r in figures["labels"]
            ],
        ),
        _table(
            ("source (toxicity)", "rows", "AUC (95%)", "balanced accuracy at 0.5", level),
            [
                (r["source"], f"{r['rows']:,}", _auc(r), _value(r["balanced"]), _value(r["balanced at level"]))
                for r in figures["sources, toxicity"]
            ],
        ),
        _table(
            ("what the product does with held-out text (ages 8-10)", "share (95%)", "rows"),
            [(name, _share(r), f"{r['rows']:,}") for name, r in figures["product"].items()],
        ),
        _table(
            ("harmful text, held-out templates, spelt with", "stopped (95%)", "rows"),
            [(r["spelling"], _share(r), f"{r['rows']:,}") for r in figures["spellings"]],
        ),
        _table(
            ("groups named", "harmless lines stopped", "rows naming them", "subgroup AUC", "BPSN AUC", "BNSP AUC"),
            [
                (
                    b["group"],
                    f"{g['stopped']:.1%} of {g['rows']}",
                    f"{b['rows']:,}",
                    *(_auc(b[name]) for name in ("subgroup", "BPSN", "BNSP")),
                )
                for g, b in zip(figures["groups"], figures["bias"], strict=True)
            ],
        ),
    ]
    if "written" in figures:
        parts.append(
            _table(
                ("lines written by hand, never trained on", "share (95%)", "rows"),
                [(name, _share(r), f"{r['rows']:,}") for name, r in figures["written"].items()],
            )
        )
    same = figures["same verdict"]
    parts.append(f"The shipped arithmetic gives full precision's verdict on {_share(same)} of {same['rows']:,} rows.")
    return "\n\n".join(parts)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(cells) + " |" for cells in (head, *rows)]
    return "\n".join([lines[0], "|---" * len(head) + "|", *lines[1:]])


def _auc(row: dict[str, Any]) -> str:
    return f"{row['auc']:.3f} ({row['low']:.3f}-{row['high']:.3f})"


def _value(row: dict[str, Any]) -> str:
    return f"{row['value']:.3f} ({row['low']:.3f}-{row['high']:.3f})"


def _share(row: dict[str, Any]) -> str:
    return f"{row['share']:.1%} ({row['low']:.1%}-{row['high']:.1%})"


def update(card: Path, figures: Path) -> None:
    """Put the tables of `figures` (JSON) between the marks in `card`. Raises ValueError without marks."""
    text = card.read_text(encoding="utf-8")
    before, found, rest = text.partition(START)
    _, closed, after = rest.partition(END)
    if not found or not closed:
        raise ValueError(f"{card} has no place for figures")
    written = tables(json.loads(figures.read_text(encoding="utf-8")))
    card.write_text(f"{before}{START}\n{written}\n{END}{after}", encoding="utf-8")
