"""A build by a recipe file: every stage leaves a manifest, what fits is passed over, what was stopped goes on."""

import csv
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from tutor.workshop import build, manifest, recipe, stages
from tutor.workshop.__main__ import main
from tutor.workshop.curves import Curve
from tutor.workshop.export import agreement
from tutor.workshop.export.agreement import open_model
from tutor.workshop.training.stopping import Stopping

TINY = """
name = "Tiny"
scope = "primary-maths"
seed = 7
[text]
problems = 40
pretrain_pages = 60
pretrain_talks = 12
pretrain_sums = 6
finetune_talks = 10
finetune_sums = 4
practice_drills = 10
practice_talks = 4
practice_sums = 4
held_problems = 12
held_talks = 12
[tokenizer]
vocabulary = 500
[network]
width = 32
layers = 1
heads = 4
kv_heads = 2
inner = 64
context = 128
[pretrain]
tokens = 1_536
batch = 1
warmup = 2
held_every = 6
held_tokens = 300
[finetune]
windows_tokens = 256
tokens = 512
batch = 1
warmup = 1
held_tokens = 300
[export]
texts = 30
rows = 2
"""
STAGES = ["text", "tokenizer", "pretrain", "finetune", "export"]


def written(folder: Path, **changed: Any) -> Path:
    """The tiny recipe, with settings added to [finetune]."""
    text = TINY
    for name, value in changed.items():
        text = text.replace("[finetune]\n", f"[finetune]\n{name} = {value}\n")
    file = folder / "tiny.toml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished build; tests that change something copy it."""
    folder = tmp_path_factory.mktemp("built")
    assert main(["build", str(written(folder)), "--out", str(folder), "--threads", "1"]) == 0
    return folder


@pytest.fixture
def out(built: Path, tmp_path: Path) -> Path:
    for file in built.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


def losses(out: Path, name: str) -> list[float]:
    with (out / f"{name}-loss.csv").open(encoding="utf-8") as file:
        return [float(row["loss"]) for row in csv.DictReader(file)]


def run(out: Path, stage: str = "build") -> int:
    return main([stage, str(out / "tiny.toml"), "--out", str(out), "--threads", "1"])


def test_a_build_leaves_a_model_that_speaks_by_its_recipe(built: Path) -> None:
    llama = open_model(built / stages.MODEL, context=128)
    assert llama.metadata["tutor.recipe"] == "Tiny" and llama.metadata["tutor.seed"] == "7"
    said = llama.create_chat_completion(messages=[{"role": "user", "content": "2 + 3"}], max_tokens=5)
    llama.close()
    assert isinstance(said["choices"][0]["message"]["content"], str)


def test_every_stage_writes_what_it_was_made_from_and_what_came_of_it(built: Path) -> None:
    made = recipe.read(built / "tiny.toml")
    for stage in stages.stages(made):
        found = manifest.read(built, stage.name)
        assert found is not None and found.seconds >= 0 and found.versions["torch"].startswith("2.")
        assert set(found.outputs) == set(stage.outputs) and set(found.inputs) == set(stage.needs)
        for name, sha in {**found.inputs, **found.outputs}.items():
            assert manifest.sha256(built / name) == sha
    read = manifest.read(built, "pretrain")
    assert read is not None and read.settings["seed"] == 7 and read.settings["pretrain"]["rate"] == 1.5e-3
    assert read.figures["steps"] == 12 and read.figures["held_loss"] > 0
    exported = manifest.read(built, "export")
    assert exported is not None and exported.figures["same_top_token"] >= 0.99
    assert not list(built.glob("*-state.pt")), "states of finished stages are cleared away"


def test_a_finished_build_is_passed_over(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {file.name: file.stat().st_mtime_ns for file in out.iterdir()}
    assert run(out) == 0
    assert capsys.readouterr().err.splitlines() == [f"{name}: finished before" for name in STAGES]
    assert {file.name: file.stat().st_mtime_ns for file in out.iterdir()} == before


def test_a_changed_setting_makes_its_stage_and_what_follows_again_and_says_why(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(out, rate=0.003)
    assert main(["stages", str(out / "tiny.toml"), "--out", str(out)]) == 0
    listed = capsys.readouterr().out
    assert "[finetune] rate was 0.0012 and is 0.003" in listed and listed.count("finished, took") == 4
    assert run(out) == 0
    said = capsys.readouterr().err
    for name in ("text", "tokenizer", "pretrain"):
        assert f"{name}: finished before" in said
    assert "finetune: made again, because [finetune] rate was 0.0012 and is 0.003" in said
    assert "export: made again, because finetune-done.pt is not what it was made from" in said


def test_a_changed_file_of_an_earlier_stage_is_noticed(out: Path) -> None:
    with (out / "pretrain.jsonl").open("ab") as file:
        file.write(b'\n{"text": "one more"}')
    made = recipe.read(out / "tiny.toml")
    state = dict(build.listing(made, out))
    assert "pretrain.jsonl is not what it was made from" in state["tokenizer"]
    assert "finished" in state["finetune"] and "finished" in state["text"]


def test_another_seed_makes_everything_again_that_is_drawn(out: Path) -> None:
    (out / "tiny.toml").write_text(TINY.replace("seed = 7", "seed = 8"), encoding="utf-8")
    state = dict(build.listing(recipe.read(out / "tiny.toml"), out))
    assert all("seed was 7 and is 8" in state[name] for name in STAGES if name != "tokenizer")


def test_a_lost_output_and_a_damaged_manifest_make_a_stage_again(out: Path) -> None:
    (out / "tokenizer.json").unlink()
    (out / "export.manifest.json").write_text("{", encoding="utf-8")
    state = dict(build.listing(recipe.read(out / "tiny.toml"), out))
    assert "tokenizer.json is gone" in state["tokenizer"] and state["export"] == "not made yet"


def test_a_stage_is_run_again_when_asked(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tokenizer", str(out / "tiny.toml"), "--out", str(out), "--again"]) == 0
    assert capsys.readouterr().err.splitlines() == ["tokenizer: starts"]


def test_a_stage_without_its_input_names_the_stage_that_makes_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pretrain", str(written(tmp_path)), "--out", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert "pretrain needs tokenizer.json" in said and "Run text, tokenizer first" in said
    assert main(["card", str(tmp_path / "tiny.toml"), "--out", str(tmp_path)]) == 1
    assert "no stage card" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl_c", "sigterm"])
def test_a_signal_stops_with_one_line_that_says_what_is_kept_and_the_same_command_goes_on(
    out: Path,
    built: Path,
    number: signal.Signals,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (out / "pretrain.manifest.json").unlink()
    note = Curve.note

    def interrupt(curve: Curve, speed: float) -> str:
        if len(curve.losses) == 5:
            os.kill(os.getpid(), number)
        return note(curve, speed)

    monkeypatch.setattr(Curve, "note", interrupt)
    assert run(out, "pretrain") == 130
    lines = capsys.readouterr().err.splitlines()
    assert lines[:-1] == ["pretrain: starts"]
    assert lines[-1].startswith("Stopped.") and "pretrain-state.pt" in lines[-1] and "tokenizer" in lines[-1]
    assert torch.load(out / "pretrain-state.pt", weights_only=True)["curve"]["losses"] == pytest.approx(
        losses(built, "pretrain")[:6], abs=1e-4
    )
    monkeypatch.undo()
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL, "a build leaves the signals as they were"
    assert run(out, "pretrain") == 0
    assert losses(out, "pretrain") == pytest.approx(losses(built, "pretrain"), abs=2e-4)


def test_an_export_that_agrees_too_little_is_no_model(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (out / "export.manifest.json").unlink()
    (out / stages.MODEL).unlink()
    monkeypatch.setattr(agreement, "LEAST", 1.01)  # more than any file can reach
    assert run(out, "export") == 1
    said = capsys.readouterr().err
    assert "llama.cpp does not read" in said and "No model was made" in said
    assert json.loads((out / "agreement.json").read_text())["same_top_token"] >= 0.99
    assert not (out / stages.MODEL).exists() and manifest.read(out, "export") is None


def test_processes_stop_when_the_builder_that_started_them_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    monkeypatch.setenv(stages.BUILDER, str(gone.pid))
    with Stopping() as stopping:
        assert stopping.asked()
    monkeypatch.setenv(stages.BUILDER, str(os.getpid()))
    with Stopping() as stopping:
        assert not stopping.asked()


@pytest.mark.parametrize("words", [["--help"], ["stages", "starter"]])
def test_help_and_the_list_of_stages_load_nothing_heavy(words: list[str], tmp_path: Path) -> None:
    script = f"""
import sys
from tutor.workshop.__main__ import main
try:
    main({words!r})
except SystemExit:
    pass
heavy = {{"torch", "transformers", "llama_cpp", "accelerate", "trl", "optuna", "matplotlib"}} & set(sys.modules)
print("heavy:", sorted(heavy), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert "heavy: []" in done.stderr and "pretrain" in done.stdout
