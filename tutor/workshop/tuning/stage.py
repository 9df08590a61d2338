"""The tune stage: search, then a table, a picture and a piece of a recipe in `<out>/tune/`."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from tutor.workshop.tuning import results, search
from tutor.workshop.tuning.settings import TuneSettings


def run(
    settings: TuneSettings,
    out: Path,
    say: Callable[[str], None],
    *,
    objective: search.Objective,
    key: str = "",
    shape: Callable[[str], dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """Search with an objective (`trial.objective` makes that of a training stage) and give the figures.

    `key` names what the objective is made of (text, recipe): trials under another key or other settings are not
    mixed in, though more `trials` of the same go on from the old ones. `shape` gives the network of a size.
    """
    folder = out / "tune"
    folder.mkdir(parents=True, exist_ok=True)
    space = search.Space(rates=settings.rates, batches=settings.batches, ranks=settings.ranks, sizes=settings.sizes)
    same = msgspec.json.encode([key, msgspec.structs.replace(settings, trials=0)])
    study = search.search(
        objective,
        space,
        folder / "trials.db",
        name=hashlib.sha256(same).hexdigest()[:16],
        trials=settings.trials,
        free=settings.free,
        seed=settings.seed,
    )
    best = study.best_trial.user_attrs["params"]
    network = shape(best["size"]) if shape and "size" in best else None
    results.write(study, folder, section=settings.stage, network=network)
    say((folder / "chosen.toml").read_text(encoding="utf-8"))
    return results.figures(study)
