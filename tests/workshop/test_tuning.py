"""The search finds good settings within one budget, gives up bad trials, and survives being killed."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from math import log10, nan
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import optuna
import pytest
import tokenizers
import torch

from tutor.errors import UserError
from tutor.workshop import recipe
from tutor.workshop.stages import StageContext
from tutor.workshop.tuning import search, stage, trial
from tutor.workshop.tuning.settings import TuneSettings


def valley(params: dict[str, Any], report: search.Report) -> float:
    """Best near a rate of 1e-3 and a batch of 4; the loss falls over five looks."""
    apart = abs(log10(params["rate"]) + 3) + (params["batch"] != 4) * 0.3
    for look in range(1, 6):
        report(look, 3 + apart - look * 0.2)
    return 2 + apart


def run(out: Path, objective: search.Objective = valley, **changed: Any) -> dict[str, Any]:
    settings = TuneSettings(rates=(1e-5, 1e-1), trials=20)
    return stage.run(msgspec.structs.replace(settings, **changed), out, lambda line: None, objective=objective)


def rows(out: Path) -> list[dict[str, str]]:
    with (out / "tune" / "trials.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any], int]:
    """A folder with a whole search, its figures, and how many looks it took."""
    out, looks = tmp_path_factory.mktemp("searched"), 0

    def counted(params: dict[str, Any], report: search.Report) -> float:
        def more(look: int, loss: float) -> None:
            nonlocal looks
            looks += 1
            report(look, loss)

        return valley(params, more)

    return out, run(out, counted), looks


def test_the_best_settings_are_found_and_written_down(searched: tuple[Path, dict[str, Any], int]) -> None:
    out, figures, _ = searched
    assert figures["best"]["batch"] == 4
    assert 4e-4 < figures["best"]["rate"] < 2.5e-3
    chosen = tomllib.loads((out / "tune" / "chosen.toml").read_text())
    assert chosen == {"pretrain": {"rate": pytest.approx(figures["best"]["rate"], rel=0.01), "batch": 4}}
    assert len(rows(out)) == figures["trials"] == 20
    assert (out / "tune" / "trials.md").read_text().count("\n") == 22
    assert (out / "tune" / "trials.png").read_bytes().startswith(b"\x89PNG")
    json.dumps(figures)


def test_trials_are_kept_by_optuna_itself(searched: tuple[Path, dict[str, Any], int]) -> None:
    file = f"sqlite:///{searched[0] / 'tune' / 'trials.db'}"
    (name,) = optuna.get_all_study_names(file)
    assert len(optuna.load_study(study_name=name, storage=file).trials) == 20


def test_bad_trials_are_given_up_early(searched: tuple[Path, dict[str, Any], int]) -> None:
    out, figures, looks = searched
    assert figures["given_up"] >= 3
    assert looks < 20 * 5 - 3 * figures["given_up"]
    table = rows(out)
    assert {row["state"] for row in table} == {"complete", "pruned"}
    assert all(int(row["looks"]) < 5 for row in table if row["state"] == "pruned")


def test_a_trial_that_diverges_is_given_up(tmp_path: Path) -> None:
    def diverging(params: dict[str, Any], report: search.Report) -> float:
        return nan if params["rate"] > 1e-3 else valley(params, report)

    figures = run(tmp_path, diverging, trials=12)
    assert figures["trials"] == 12 and figures["best"]["rate"] <= 1e-3


def test_what_a_stage_does_not_have_is_not_searched(tmp_path: Path) -> None:
    seen: list[dict[str, Any]] = []

    def noted(params: dict[str, Any], report: search.Report) -> float:
        seen.append(params)
        return params["rate"]

    run(tmp_path / "a", noted, trials=4, batches=(8,))
    assert all(set(p) == {"rate", "batch"} and p["batch"] == 8 for p in seen)
    assert "batch = 8" in (tmp_path / "a" / "tune" / "chosen.toml").read_text()
    seen.clear()
    run(tmp_path / "b", noted, trials=6, batches=(), ranks=(4, 16), sizes=("64x2", "128x2"))
    assert all(set(p) == {"rate", "rank", "size"} for p in seen)
    assert len({(p["rank"], p["size"]) for p in seen}) > 1


def test_more_trials_go_on_from_the_old_ones(tmp_path: Path) -> None:
    run(tmp_path, trials=6)
    first = rows(tmp_path)
    seen: list[float] = []

    def noted(params: dict[str, Any], report: search.Report) -> float:
        seen.append(params["rate"])
        return valley(params, report)

    assert run(tmp_path, noted, trials=9)["trials"] == 9
    assert rows(tmp_path)[:6] == first
    assert len(seen) == 3 and not {round(s, 9) for s in seen} & {round(float(r["rate"]), 9) for r in first}
    assert run(tmp_path, noted, trials=4, tokens=999)["trials"] == 4  # other settings: nothing is mixed in


KILLED = """
import sys, time
from pathlib import Path
sys.path[:0] = [{here!r}]
import test_tuning as tests
def slow(params, report):
    if len(list(Path({out!r}).glob("tried-*"))) == 3:
        report(1, 2.0)
        Path({out!r}, "rate").write_text(repr(params["rate"]))
        time.sleep(60)
    Path({out!r}, f"tried-{{params['rate']}}").touch()
    return tests.valley(params, report)
tests.run(Path({out!r}), slow, trials=7)
"""


def test_a_search_that_was_killed_tries_the_broken_off_settings_again(
    tmp_path: Path, searched: tuple[Path, dict[str, Any], int]
) -> None:
    code = KILLED.format(here=str(Path(__file__).parent), out=str(tmp_path))
    child = subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "OMP_NUM_THREADS": "1"})
    try:
        deadline = time.monotonic() + 200
        while not (tmp_path / "rate").exists() and time.monotonic() < deadline and child.poll() is None:
            time.sleep(0.1)
        assert (tmp_path / "rate").exists()
        time.sleep(0.3)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
    broken_off = float((tmp_path / "rate").read_text())
    seen: list[float] = []

    def noted(params: dict[str, Any], report: search.Report) -> float:
        seen.append(params["rate"])
        return valley(params, report)

    figures = run(tmp_path, noted, trials=7)
    assert seen[0] == pytest.approx(broken_off)
    assert len(seen) == 4 and figures["trials"] == 7
    whole = rows(searched[0])[:7]
    assert [row["rate"] for row in rows(tmp_path)] == [row["rate"] for row in whole], "as a search that never stopped"


def test_an_objectives_own_mistake_is_not_swallowed(tmp_path: Path) -> None:
    def broken(params: dict[str, Any], report: search.Report) -> float:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(tmp_path, broken)


@pytest.fixture
def context(tmp_path: Path) -> StageContext:
    """A tiny recipe with its tokenizer and text."""
    torch.set_num_threads(1)
    rng = Random(1)
    lines = [
        json.dumps({"text": f"{a} and {b} make {a + b}."}) for a, b in (rng.choices(range(50), k=2) for _ in range(900))
    ]
    (tmp_path / "pretrain.jsonl").write_text("\n".join(lines))
    words = tokenizers.Tokenizer(tokenizers.models.BPE())
    words.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = tokenizers.pre_tokenizers.ByteLevel.alphabet()
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=300, special_tokens=list(recipe.SPECIAL), initial_alphabet=alphabet, show_progress=False
    )
    words.train_from_iterator(lines, trainer)
    words.save(str(tmp_path / "tokenizer.json"))
    made = recipe.Recipe(
        name="tiny",
        scope="sums",
        seed=1,
        network=recipe.Network(width=64, layers=1, heads=1, kv_heads=1, inner=64, context=32),
        text=recipe.Text(),
        pretrain=recipe.Pretrain(tokens=1000, rate=1e-3, held_tokens=512),
    )
    return StageContext(recipe=made, out=tmp_path, threads=1, say=lambda line: None)


def test_a_training_stage_is_searched_with_one_budget(context: StageContext) -> None:
    settings = TuneSettings(
        trials=5, tokens=2560, rates=(1e-5, 2e-2), batches=(2, 8), sizes=("64x1", "128x1"), looks=3, free=5
    )
    objective = trial.objective(context, settings)
    looks: list[int] = []
    slow = objective({"rate": 1e-6, "batch": 8}, lambda look, loss: looks.append(look))
    fast = objective({"rate": 1e-2, "batch": 8}, lambda look, loss: looks.append(look))
    assert fast < slow - 0.5
    assert looks[:3] == [1, 2, 3]
    figures = stage.run(
        settings,
        context.out,
        lambda line: None,
        objective=objective,
        shape=lambda size: msgspec.to_builtins(trial.sized(context.recipe, size)),
    )
    assert figures["trials"] == 5
    chosen = tomllib.loads((context.out / "tune" / "chosen.toml").read_text())
    assert chosen["network"]["width"] == int(figures["best"]["size"].partition("x")[0])
    assert chosen["pretrain"]["batch"] in (2, 8)


def test_what_is_no_size_is_named(context: StageContext) -> None:
    for size in ("big", "100x2", "64x", "0x3", "64x0"):
        with pytest.raises(UserError, match="is not a size") as caught:
            trial.sized(context.recipe, size)
        assert caught.value.code == "bad_size"
    assert trial.sized(context.recipe, "320x8").inner == 864
