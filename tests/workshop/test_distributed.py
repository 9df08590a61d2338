"""Two processes, on one computer or two, get the losses of one that reads their batch alone, and stop together."""

import csv
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import msgspec
import psutil
import pytest
import torch

from tutor.errors import UserError
from tutor.workshop import manifest
from tutor.workshop.__main__ import main
from tutor.workshop.curves import Curve
from tutor.workshop.training import group, processes, tokenizer
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
[finetune]
windows_tokens = 1280
tokens = 5120
batch = 4
warmup = 2
held_every = 10
held_tokens = 300
"""


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which one process pretrained and fine-tuned."""
    torch.set_num_threads(1)
    out = tmp_path_factory.mktemp("alone")
    pairs = [(a, b) for a in range(30) for b in range(9)]
    lines = [f'{{"text": "{a} + {b} = {a + b}, because {a} and {b} make {a + b}."}}\n' for a, b in pairs]
    (out / "pretrain.jsonl").write_text("".join(lines), encoding="utf-8")
    chats = [
        {"messages": [{"role": "user", "content": f"{a} + {b}?"}, {"role": "assistant", "content": f"It is {a + b}."}]}
        for a, b in pairs
    ]
    (out / "finetune.jsonl").write_text("".join(json.dumps(chat) + "\n" for chat in chats), encoding="utf-8")
    (out / "held.jsonl").write_text('{"text": "4 + 4 = 8, because 4 and 4 make 8."}\n' * 30, encoding="utf-8")
    tokenizer.train(out, vocabulary=320)
    (out / "two.toml").write_text(RECIPE.format(tokens=64 * 4 * 20), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(processes, "best", lambda batch: 1)
        for stage in ("pretrain", "finetune"):
            assert main([stage, str(out / "two.toml"), "--out", str(out), "--threads", "1"]) == 0
    return out


READ = ("two.toml", "tokenizer.json", "pretrain.jsonl", "finetune.jsonl", "held.jsonl")
"""What is there before a stage was run."""


def copied(source: Path, target: Path, *more: str) -> Path:
    target.mkdir(exist_ok=True)
    for name in (*READ, *more):
        (target / name).write_bytes((source / name).read_bytes())
    return target


@pytest.fixture
def recipe(alone: Path, tmp_path: Path) -> Path:
    return copied(alone, tmp_path) / "two.toml"


def losses(out: Path, stage: str = "pretrain") -> list[float]:
    with (out / f"{stage}-loss.csv").open(encoding="utf-8") as file:
        return [float(row[name]) for row in csv.DictReader(file) for name in ("loss", "held_out_loss") if row[name]]


def same_weights(one: Path, other: Path, stage: str) -> bool:
    weights = torch.load(one / f"{stage}-done.pt", weights_only=True)
    others = torch.load(other / f"{stage}-done.pt", weights_only=True)
    return all(torch.allclose(tensor, others[name], atol=2e-2) for name, tensor in weights.items())


def test_two_processes_get_the_losses_of_one(recipe: Path, alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = recipe.parent
    monkeypatch.setattr(processes, "best", lambda batch: 2)
    assert main(["pretrain", str(recipe), "--out", str(out), "--threads", "1"]) == 0
    made = manifest.read(out, "pretrain")
    assert made is not None and made.figures["processes"] == 2
    expected = losses(alone)
    assert len(expected) == 22 and expected[-1] < 0.8 * expected[0]
    assert losses(out) == pytest.approx(expected, rel=5e-3)
    assert same_weights(out, alone, "pretrain")


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


def launch(out: Path, machine: int, port: int) -> "subprocess.Popen[str]":
    """Fine-tuning as one of two computers runs it, by the command that the README gives."""
    words = [sys.executable, "-m", "accelerate.commands.launch", "--multi_gpu", "--num_processes", "2"]
    words += ["--num_machines", "2", "--machine_rank", str(machine)]
    words += ["--main_process_ip", "127.0.0.1", "--main_process_port", str(port)]
    words += ["--mixed_precision", "no", "--dynamo_backend", "no", "-m", "tutor.workshop"]
    words += ["finetune", str(out / "two.toml"), "--out", str(out), "--threads", "1"]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_two_computers_go_on_with_what_one_began_and_get_its_losses(
    recipe: Path, alone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied(alone, tmp_path, "pretrain-done.pt")
    other = copied(alone, tmp_path / "other", "pretrain-done.pt")  # a copy, and without the state that comes now
    note = Curve.note

    def stop(curve: Curve, speed: float) -> str:
        if len(curve.losses) == 2:
            os.kill(os.getpid(), signal.SIGINT)
        return note(curve, speed)

    with monkeypatch.context() as patch:
        patch.setattr(processes, "best", lambda batch: 1)
        patch.setattr(Curve, "note", stop)
        assert main(["finetune", str(recipe), "--out", str(tmp_path), "--threads", "1"]) == 130
    assert (tmp_path / "finetune-windows-state.pt").exists()

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    both = [launch(out, machine, port) for machine, out in enumerate((tmp_path, other))]
    said = [one.communicate(timeout=200)[1] for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    made = manifest.read(tmp_path, "finetune")
    assert made is not None and made.figures["processes"] == 2
    assert (made.figures["windows"]["steps"], made.figures["steps"]) == (5, 20)
    assert [one.count("finetune: starts") for one in said] == [1, 0]
    assert sorted(path.name for path in other.iterdir()) == sorted([*READ, "pretrain-done.pt"]), "only the first writes"
    assert not list(tmp_path.glob("*-state.pt"))
    expected = losses(alone, "finetune")
    assert expected[-1] < 0.8 * expected[0]
    for name in ("finetune-windows", "finetune"):
        assert losses(tmp_path, name) == pytest.approx(losses(alone, name), rel=5e-3)
    assert same_weights(tmp_path, alone, "finetune")


def seen(**changed: Any) -> group.Seen:
    return msgspec.structs.replace(
        group.Seen(run=True, recipe="1", inputs={"tokenizer.json": "a", "held.jsonl": "b"}, computer="hall"), **changed
    )


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"recipe": "2"}, "the recipe"),
        ({"inputs": {"tokenizer.json": "a", "held.jsonl": "c"}}, "held.jsonl"),
        ({"inputs": {"held.jsonl": "b"}}, "tokenizer.json"),
        ({"inputs": {"tokenizer.json": "a", "held.jsonl": "b", "more.jsonl": "d"}}, "more.jsonl"),
    ],
)
def test_a_computer_with_other_files_or_another_recipe_is_refused_by_name(changed: dict[str, Any], named: str) -> None:
    group.alike([seen(), seen(computer="library")], "finetune")
    with pytest.raises(UserError, match=rf"process 2, on library, .*: {named}\. Nothing was changed") as refused:
        group.alike([seen(), seen(), seen(computer="library", **changed)], "finetune")
    assert refused.value.code == "not-alike"


def test_a_batch_that_the_processes_cannot_share_evenly_is_refused(
    recipe: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(processes, "world", lambda: 3)
    monkeypatch.setattr(group, "agreed", lambda mine, **more: mine.run)
    assert main(["pretrain", str(recipe), "--out", str(recipe.parent)]) == 1
    assert "3 processes cannot share a batch of 4 evenly" in capsys.readouterr().err
    assert manifest.read(recipe.parent, "pretrain") is None
