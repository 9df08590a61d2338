"""Two processes that share a batch get the losses of one process that reads it alone; Ctrl+C stops both."""

import csv
import os
import signal
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
