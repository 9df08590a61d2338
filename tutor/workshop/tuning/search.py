"""The search: Optuna proposes settings, an objective tries them within one budget, and every trial is kept in a file.

The sampler is the tree-structured Parzen estimator (Bergstra et al. 2011); a trial is given up when, at the same look,
its loss is above the median of the others' (Golovin et al. 2017). A search that was stopped, even by force, goes on:
the trial under way is tried again, the others are not.
"""

from collections.abc import Callable, Sequence
from math import isfinite
from pathlib import Path
from typing import Any

import optuna
from optuna.trial import FrozenTrial, TrialState

from tutor.domain import Frozen
from tutor.workshop.progress import Progress

Report = Callable[[int, float], None]
"""Told the number of the look (from 1) and the held-out loss; it ends the trial by an exception that must pass."""
Objective = Callable[[dict[str, Any], Report], float]
"""Tries settings, reports looks, gives the loss in the end."""

DONE = (TrialState.COMPLETE, TrialState.PRUNED)


class Space(Frozen):
    """What is searched; a list of one or none is fixed and not proposed."""

    rates: tuple[float, float]
    batches: tuple[int, ...] = ()
    ranks: tuple[int, ...] = ()
    sizes: tuple[str, ...] = ()


def proposed(trial: optuna.Trial, space: Space) -> dict[str, Any]:
    """One point of the space."""
    found: dict[str, Any] = {"rate": trial.suggest_float("rate", *space.rates, log=True)}
    lists: tuple[tuple[str, Sequence[Any]], ...] = (
        ("batch", space.batches),
        ("rank", space.ranks),
        ("size", space.sizes),
    )
    for name, choices in lists:
        if len(choices) == 1:
            found[name] = choices[0]
        elif choices:
            found[name] = trial.suggest_categorical(name, list(choices))
    return found


def search(
    objective: Objective, space: Space, file: Path, *, name: str, trials: int, free: int, seed: int
) -> optuna.Study:
    """Until `trials` were tried (given up ones count) under this `name`, going on from what `file` (SQLite) holds."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = opened(file, name=name, free=free)
    _try_again(study)
    done = len(study.get_trials(deepcopy=False, states=DONE))

    def one(trial: optuna.Trial) -> float:
        params = proposed(trial, space)
        trial.set_user_attr("params", params)

        def report(look: int, loss: float) -> None:
            if not isfinite(loss):
                raise optuna.TrialPruned
            trial.report(loss, look)
            if trial.should_prune():
                raise optuna.TrialPruned

        loss = objective(params, report)
        if not isfinite(loss):
            raise optuna.TrialPruned
        return loss

    with Progress(f"tune: {trials} trials", trials, done=done) as progress:
        while done < trials:
            # each trial's seed is its own, so that a search that was stopped proposes what a whole one does
            study.sampler = optuna.samplers.TPESampler(seed=seed + done, n_startup_trials=max(4, free))
            study.optimize(one, n_trials=1)
            done += 1
            progress.add(1, _best(study))
    return study


def opened(file: Path, *, name: str, free: int) -> optuna.Study:
    """The study of this name in the file, made where there is none."""
    storage = optuna.storages.RDBStorage(f"sqlite:///{file}")
    return optuna.create_study(
        storage=storage,
        study_name=name,
        pruner=optuna.pruners.MedianPruner(n_startup_trials=free, n_warmup_steps=1),
        direction="minimize",
        load_if_exists=True,
    )


def _try_again(study: optuna.Study) -> None:
    """Queue anew what a stop broke off, each once."""
    again = {trial.user_attrs.get("again") for trial in study.trials}
    for trial in study.get_trials(states=(TrialState.RUNNING, TrialState.FAIL)):
        if trial.state is TrialState.RUNNING:
            study.tell(trial.number, state=TrialState.FAIL)
        if trial.params and trial.number not in again:
            study.enqueue_trial(trial.params, user_attrs={"again": trial.number})


def tried(study: optuna.Study) -> list[FrozenTrial]:
    """Trials that ended or were given up, in order."""
    return study.get_trials(states=DONE)


def last_loss(trial: FrozenTrial) -> float | None:
    """The loss in the end, or at the last look of a trial that was given up."""
    if trial.value is not None and trial.state is TrialState.COMPLETE:
        return trial.value
    return trial.intermediate_values[max(trial.intermediate_values)] if trial.intermediate_values else None


def _best(study: optuna.Study) -> str:
    return f"best {study.best_value:.4f}," if study.get_trials(states=(TrialState.COMPLETE,)) else ""
