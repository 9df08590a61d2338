"""A training stage's loss curve: as a picture, as a table for programs (CSV) and as one for people (Markdown)."""

import csv
from pathlib import Path
from typing import Any

import msgspec

from tutor.i18n import tr

SMOOTH = 50
"""Steps whose losses are averaged for the eye."""
ROWS = 25
"""Of the Markdown table, about."""


class Curve(msgspec.Struct):
    """Losses in nats a token, weighted as the stage weighs its tokens."""

    losses: list[float]
    """Of every step."""
    tokens: list[int]
    """Read in every step, filling left out."""
    held: dict[int, float]
    """Number of steps done to the loss on held-out conversations then (the tutor's words alone)."""

    def note(self, speed: float) -> str:
        """The last steps in words, for the line of progress. `speed`: tokens a second."""
        return tr("loss {loss}, {speed} tokens/s,", loss=f"{self.last():.3f}", speed=f"{speed:.0f}")

    def last(self, until: int | None = None) -> float:
        """Mean loss of the last `SMOOTH` steps before step `until`."""
        part = self.losses[:until][-SMOOTH:]
        return sum(part) / len(part) if part else float("nan")

    def figures(self) -> dict[str, Any]:
        """What a stage's manifest keeps."""
        figures: dict[str, Any] = {
            "steps": len(self.losses),
            "tokens": sum(self.tokens),
            "first_loss": round(self.losses[0], 4) if self.losses else None,
            "last_loss": round(self.last(), 4) if self.losses else None,
        }
        if self.held:
            figures["held_loss"] = round(self.held[max(self.held)], 4)
        return figures


def write(curve: Curve, name: str, out: Path) -> None:
    """`NAME-loss.csv` (every step), `NAME-loss.md` (some) and `NAME-loss.png`."""
    with (out / f"{name}-loss.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(("step", "tokens", "loss", "held_out_loss"))
        read = 0
        for step, (loss, tokens) in enumerate(zip(curve.losses, curve.tokens, strict=True), 1):
            read += tokens
            rows.writerow((step, read, f"{loss:.4f}", f"{curve.held[step]:.4f}" if step in curve.held else ""))
    (out / f"{name}-loss.md").write_text(table(curve), encoding="utf-8")
    picture(curve, name, out / f"{name}-loss.png")


def table(curve: Curve) -> str:
    """About `ROWS` lines: steps, tokens, mean loss of the steps before, held-out loss."""
    last = len(curve.losses)
    chosen = {round(i * last / ROWS) for i in range(1, ROWS + 1)} - {0}
    lines = ["| step | tokens | loss | held-out loss |", "|---|---|---|---|"]
    for step in sorted(chosen):
        near = [at for at in curve.held if at <= step]
        held = f"{curve.held[max(near)]:.4f}" if near else "-"
        lines.append(f"| {step} | {sum(curve.tokens[:step]):,} | {curve.last(step):.4f} | {held} |")
    return "\n".join(lines) + "\n"


def picture(curve: Curve, name: str, path: Path) -> None:
    """The loss of each step (pale), its running mean, and the held-out loss, over steps."""
    from matplotlib.figure import Figure  # takes a second to import

    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.subplots()
    steps = range(1, len(curve.losses) + 1)
    axes.plot(steps, curve.losses, color="#9ecae1", linewidth=0.8, label=tr("each step"))
    axes.plot(steps, [curve.last(step) for step in steps], color="#08519c", label=tr("mean of {n} steps", n=SMOOTH))
    if curve.held:
        axes.plot(*zip(*sorted(curve.held.items()), strict=True), "o-", color="#d94801", label=tr("held out"))
    axes.set(xlabel=tr("steps"), ylabel=tr("loss (nats a token)"), title=name)
    axes.legend()
    axes.grid(alpha=0.3)
    part = path.with_suffix(".part")
    figure.savefig(part, format="png", dpi=110)
    part.replace(path)
