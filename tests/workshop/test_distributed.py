"""Two processes that share a batch get the losses of one process that reads it alone; Ctrl+C stops both."""

import csv
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest
import torch

from tutor.workshop import manifest
from tutor.workshop.__main__ import main
from tutor.workshop.training import processes, tokenizer
from tutor.workshop.training.stopping import REQUEST

RECIPE = """
name = "Two"
scope = "primary-maths"
seed = 3
[network]
width = 32
layers = 2
heads = 2
kv_heads = 1
inner = 48
context = 64
[text]
[pretrain]
tokens = {tokens}
batch = 4
warmup = 2
held_every = 10
held_tokens = 300
"""


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    pairs = [(a, b) for a in range(30) for b in range(9)]
    lines = [f'{{"text": "{a} + {b} = {a + b}, because {a} and {b} make {a + b}."}}\n' for a, b in pairs]
    (tmp_path / "pretrain.jsonl").write_text("".join(lines), encoding="utf-8")
    (tmp_path / "held.jsonl").write_text('{"text": "4 + 4 = 8, because 4 and 4 make 8."}\n' * 30, encoding="utf-8")
    tokenizer.train(tmp_path, vocabulary=320)
    file = tmp_path / "two.toml"
    file.write_text(RECIPE.format(tokens=64 * 4 * 20), encoding="utf-8")
    return file


def losses(out: Path) -> list[float]:
    with (out / "pretrain-loss.csv").open(encoding="utf-8") as file:
        return [float(row[name]) for row in csv.DictReader(file) for name in ("loss", "held_out_loss") if row[name]]


def run(recipe: Path, *, together: int, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(processes, "best", lambda batch: together)
    return main(["pretrain", str(recipe), "--out", str(recipe.parent), "--threads", "1", "--again"])


def test_two_processes_get_the_losses_of_one(recipe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.set_num_threads(1)
    out = recipe.parent
    assert run(recipe, together=1, monkeypatch=monkeypatch) == 0
    alone, weights = losses(out), torch.load(out / "pretrain-done.pt", weights_only=True)
    assert run(recipe, together=2, monkeypatch=monkeypatch) == 0
    made = manifest.read(out, "pretrain")
    assert made is not None and made.figures["processes"] == 2
    assert len(alone) == 22 and alone[-1] < 0.8 * alone[0]
    assert losses(out) == pytest.approx(alone, rel=5e-3)
    for name, tensor in torch.load(out / "pretrain-done.pt", weights_only=True).items():
        assert torch.allclose(tensor, weights[name], atol=2e-2), name


def test_ctrl_c_lets_both_save_and_stop(
    recipe: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    out = recipe.parent
    recipe.write_text(RECIPE.format(tokens=64 * 4 * 1_000_000), encoding="utf-8")  # hours, were it not stopped
    monkeypatch.setattr(processes, "PATIENCE", 200.0)
    monkeypatch.setattr(processes, "best", lambda batch: 2)
    this = psutil.Process()
    before = set(this.children(recursive=True))  # of other tests

    def press() -> None:
        while len(set(this.children(recursive=True)) - before) < 3:  # the launcher and two readers
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)

    presser = threading.Thread(target=press, daemon=True)
    presser.start()
    assert main(["pretrain", str(recipe), "--out", str(out), "--threads", "1"]) == 130
    presser.join()
    said = capfd.readouterr().err
    assert said.splitlines()[-1].startswith("Stopped. Kept in") and "Traceback" not in said
    saved = torch.load(out / "pretrain-state.pt", weights_only=True)["curve"]["losses"]
    assert 1 <= len(saved) < 100_000
    assert not set(this.children(recursive=True)) - before and not (out / REQUEST).exists()
    assert manifest.read(out, "pretrain") is None


def test_what_accelerate_leaves_as_one_process_on_processors_becomes_as_many_as_a_build_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("WORLD_SIZE", "MASTER_ADDR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ACCELERATE_MIXED_PRECISION", "no")
    assert processes.launched(), "one process was asked for"
    monkeypatch.setenv("MASTER_ADDR", "127.0.0.1")
    assert not processes.launched(), "several were asked for, and there is one"
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert processes.launched()


def test_accelerate_launch_trains_in_two_processes_writes_once_and_goes_on_after_a_kill(recipe: Path) -> None:
    out = recipe.parent
    script = """
import os, signal, sys
from tutor.workshop.__main__ import main
from tutor.workshop.curves import Curve
from tutor.workshop.training import loop
loop.SAVE_SECONDS = 0
note = Curve.note
def kill(curve, speed):
    if len(curve.losses) == 8 and os.environ.get("KILL"):
        os.kill(os.getpid(), signal.SIGKILL)
    return note(curve, speed)
Curve.note = kill
sys.exit(main())
"""
    (out / "launch.py").write_text(script, encoding="utf-8")
    words = [sys.executable, "-m", "accelerate.commands.launch", "--multi_gpu", "--num_processes", "2"]
    words += ["--num_machines", "1", "--mixed_precision", "no", "--dynamo_backend", "no", "--main_process_port", "0"]
    words += [str(out / "launch.py"), "pretrain", str(recipe), "--out", str(out), "--threads", "1"]
    killed = subprocess.run(words, env={**os.environ, "KILL": "1"}, capture_output=True, timeout=300, check=False)
    assert killed.returncode != 0 and manifest.read(out, "pretrain") is None
    assert len(torch.load(out / "pretrain-state.pt", weights_only=True)["curve"]["losses"]) == 7
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    made = manifest.read(out, "pretrain")
    assert made is not None and made.figures["processes"] == 2 and made.figures["steps"] == 20
    assert done.stderr.count("pretrain: starts") == 1 and not (out / "pretrain-state.pt").exists()
