"""What a search found: a table (CSV and Markdown), a picture, and the chosen values as a piece of a recipe."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import optuna
from matplotlib.figure import Figure
from optuna.trial import FrozenTrial, TrialState

from tutor.i18n import tr
from tutor.workshop.tuning.search import last_loss, tried


def write(study: optuna.Study, folder: Path, *, section: str, network: dict[str, Any] | None = None) -> None:
    """`trials.csv`, `trials.md`, `trials.png` and `chosen.toml` in the folder.

    `network`: the shape that belongs to the best trial's size, where sizes were searched.
    """
    trials = tried(study)
    table(trials, folder)
    plot(trials, folder / "trials.png")
    chosen = fragment(study.best_trial, section, network)
    (folder / "chosen.toml").write_text(chosen, encoding="utf-8")


def table(trials: Sequence[FrozenTrial], folder: Path) -> None:
    """One row a trial in order (CSV), best first (Markdown)."""
    rows = [row(trial) for trial in trials]
    names = list(dict.fromkeys(name for one in rows for name in one))
    with (folder / "trials.csv").open("w", newline="", encoding="utf-8") as file:
        lines = csv.DictWriter(file, names)
        lines.writeheader()
        lines.writerows(rows)
    ordered = sorted(rows, key=lambda one: (one["state"] != "complete", one["loss"] == "", one["loss"]))
    text = [f"| {' | '.join(names)} |", "|" + "---|" * len(names)]
    text += ["| " + " | ".join(shown(one.get(name, "")) for name in names) + " |" for one in ordered]
    (folder / "trials.md").write_text("\n".join(text) + "\n", encoding="utf-8")


def row(trial: FrozenTrial) -> dict[str, Any]:
    """Number, settings, loss, looks, how it ended, seconds."""
    loss = last_loss(trial)
    return {
        "trial": trial.number,
        **trial.user_attrs.get("params", trial.params),
        "loss": "" if loss is None else round(loss, 5),
        "looks": len(trial.intermediate_values),
        "state": trial.state.name.lower(),
        "seconds": round(trial.duration.total_seconds(), 1) if trial.duration else "",
    }


def shown(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def plot(trials: Sequence[FrozenTrial], path: Path) -> None:
    """Left: loss of every trial and the best so far. Right: loss over the learning rate, one colour a batch."""
    figure = Figure(figsize=(10, 4.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    marks = {TrialState.COMPLETE: "o", TrialState.PRUNED: "x"}
    batches = sorted({trial.user_attrs["params"].get("batch", 0) for trial in trials})
    best: list[float] = []
    for trial in trials:
        loss = last_loss(trial)
        if loss is not None:
            params = trial.user_attrs["params"]
            colour = f"C{batches.index(params.get('batch', 0))}"
            left.scatter(trial.number, loss, marker=marks[trial.state], color=colour)
            right.scatter(params["rate"], loss, marker=marks[trial.state], color=colour)
        ended = [loss] if loss is not None and trial.state is TrialState.COMPLETE else []
        best.append(min([*best[-1:], *ended], default=float("nan")))
    left.plot([trial.number for trial in trials], best, color="black", linewidth=1)
    left.set_xlabel(tr("trial (cross: given up)"))
    left.set_ylabel(tr("held-out loss (nats a token)"))
    for i, batch in enumerate(batches):
        right.scatter([], [], color=f"C{i}", label=tr("batch {batch}", batch=batch))
    right.set_xscale("log")
    right.set_xlabel(tr("learning rate"))
    right.legend()
    part = path.with_suffix(".part")
    figure.savefig(part, format="png", dpi=110)
    part.replace(path)


def fragment(best: FrozenTrial, section: str, network: dict[str, Any] | None) -> str:
    """The best trial's settings, to be put into a recipe."""
    params = dict(best.user_attrs["params"])
    params.pop("size", None)
    params["rate"] = float(f"{params['rate']:.3g}")
    lines = [f"# trial {best.number}: held-out loss {best.value:.4f}", f"[{section}]"]
    lines += [f"{name} = {value!r}" for name, value in params.items()]
    if network:
        lines += ["", "[network]", *(f"{name} = {value!r}" for name, value in network.items())]
    return "\n".join(lines) + "\n"


def figures(study: optuna.Study) -> dict[str, Any]:
    """What a manifest keeps."""
    trials = tried(study)
    return {
        "trials": len(trials),
        "given_up": sum(trial.state is TrialState.PRUNED for trial in trials),
        "best_loss": round(study.best_value, 5),
        "best": msgspec.to_builtins(study.best_trial.user_attrs["params"]),
    }
