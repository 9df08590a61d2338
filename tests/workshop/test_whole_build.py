"""One build by one recipe that has every stage: killed in the middle, gone on with, and passed over in the end."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from tutor import paths
from tutor.tutoring import word_reader
from tutor.workshop import build, manifest, recipe, stages
from tutor.workshop.__main__ import main
from tutor.workshop.reader import training
from tutor.workshop.reader.stage import FILE, STATE

KILLED = """
import os, signal, sys
from tutor.workshop.__main__ import main
from tutor.workshop.curves import Curve
from tutor.workshop.training import loop
loop.SAVE_SECONDS = 0
note, read = Curve.note, loop.read
def kill(curve, speed):
    if len(curve.losses) == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return note(curve, speed)
def until(*args, name, **more):
    Curve.note = kill if name == "finetune" else note  # its windows are read before, under a name of their own
    return read(*args, name=name, **more)
loop.read = until
sys.exit(main(sys.argv[1:]))
"""


def collected(folder: Path) -> str:
    """A recipe's section that names a folder of two files, which are made."""
    folder.mkdir()
    said = [("How do I share 12 by 4?", "Count how many fours go into twelve."), ("Is 7 odd?", "Yes, 7 is odd.")]
    chats = [
        {"messages": [{"role": "user", "content": words}, {"role": "assistant", "content": reply}]}
        for words, reply in said
    ]
    (folder / "chats.jsonl").write_text("".join(json.dumps(chat) + "\n" for chat in chats), encoding="utf-8")
    (folder / "page.md").write_text("# Sharing\n\nTo share is to divide into equal parts.\n", encoding="utf-8")
    return f"[collect]\nsources = ['{folder.as_posix()}']\n"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results' folder of a build that was killed while it fine-tuned; the recipe lies in it, too."""
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("whole")
    text = (paths.shipped() / "models" / "recipes" / "tiny.toml").read_text(encoding="utf-8")
    text = text.replace("task_begging = 1", "task_begging = 1\nbias_problems = 0\nprovoked = false")  # half of the time
    text = text.replace("held_talks = 12", "held_talks = 3")  # and a third more
    (folder / "whole.toml").write_text(text + collected(folder / "own"), encoding="utf-8")
    killed = subprocess.run([sys.executable, "-c", KILLED, *words(folder)], capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    return folder


def words(out: Path) -> list[str]:
    return ["build", str(out / "whole.toml"), "--out", str(out), "--threads", "1"]


def states(out: Path) -> dict[str, str]:
    return dict(build.listing(recipe.read(out / "whole.toml"), out))


def test_a_build_that_was_killed_goes_on_to_its_end_and_repeats_nothing(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = recipe.read(out / "whole.toml")
    assert tuple(stage.name for stage in stages.stages(made)) == stages.NAMES, "the recipe has every stage"
    at = stages.NAMES.index("finetune")
    assert [manifest.read(out, name) is not None for name in stages.NAMES] == [n < at for n in range(len(stages.NAMES))]
    kept = {path.name: path.stat().st_mtime_ns for path in out.glob("*.manifest.json")}
    begun = torch.load(out / "finetune-state.pt", weights_only=True)["curve"]["losses"]
    assert len(begun) == 4 and "goes on" in states(out)["finetune"]

    assert main(words(out)) == 0
    said = capsys.readouterr().err.splitlines()
    assert [f"{name}: finished before" for name in stages.NAMES[:at]] == said[:at]
    assert [line for line in said if line.endswith(": starts")] == [f"{name}: starts" for name in stages.NAMES[at:]]
    for name in stages.NAMES:
        found = manifest.read(out, name)
        assert found is not None and found.outputs.keys() == set(stages.stage_named(made, name).outputs)
    assert all((out / name).stat().st_mtime_ns == when for name, when in kept.items())
    lines = (out / "finetune-loss.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert len(lines) == 8 and [float(line.split(",")[2]) for line in lines[:4]] == pytest.approx(begun, abs=1e-4)
    assert not list(out.glob("*-state.pt"))
    assert (out / "README.md").read_text(encoding="utf-8").startswith("# Tiny")

    assert main(words(out)) == 0
    assert capsys.readouterr().err.splitlines() == [f"{name}: finished before" for name in stages.NAMES]


def test_only_what_hangs_on_a_changed_input_or_setting_is_made_again(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, toml = out / "own" / "page.md", out / "whole.toml"
    before, text = page.read_bytes(), toml.read_text(encoding="utf-8")
    page.write_bytes(before + b"\nThree shared by three is one each.\n")
    assert [name for name, state in states(out).items() if "made again" in state] == ["collect"]
    page.write_bytes(before)
    assert not any("made again" in state for state in states(out).values())

    toml.write_text(text.replace("tokens = 8_192", "tokens = 9_216\nrate = 2e-3"), encoding="utf-8")
    again = [name for name, state in states(out).items() if "made again" in state]
    assert again == ["pretrain", "card"], "what was searched may be put into the recipe without another search"
    toml.write_text(text.replace("trials = 3", "trials = 4"), encoding="utf-8")
    assert [name for name, state in states(out).items() if "made again" in state] == ["tune"]

    capsys.readouterr()
    toml.write_text(text.replace("texts = 40", "texts = 41"), encoding="utf-8")
    assert main(words(out)) == 0
    said = capsys.readouterr().err
    made_again = [name for name in stages.NAMES if f"{name}: finished before" not in said]
    assert made_again == ["export", "card"], "the same model comes of it, so nothing is evaluated"


def test_a_reader_that_was_stopped_goes_on_after_its_last_finished_part_and_learns_what_a_whole_one_learns(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fitted: list[str] = []
    fit = training._fit

    def stopped(*args: Any, part: str) -> list[float]:
        fitted.append(part)
        if fitted.count("all") == 1 and part == "all":
            raise KeyboardInterrupt
        return fit(*args, part=part)

    monkeypatch.setattr(training, "_fit", stopped)
    command = ["reader", str(out / "whole.toml"), "--out", str(tmp_path), "--threads", "1"]
    assert main(command) == 130
    assert (tmp_path / STATE).exists() and manifest.read(tmp_path, "reader") is None
    assert STATE in capsys.readouterr().err
    assert main(command) == 0
    assert fitted == ["second", "head", "all", "all"]
    made = manifest.read(tmp_path, "reader")
    assert made is not None and set(made.outputs) == {FILE} and not (tmp_path / STATE).exists()
    assert made.figures["stories"] > 300 and len(made.figures["loss_by_epoch"]) == 3
    word_reader.load(tmp_path / FILE)
    assert (tmp_path / FILE).read_bytes() == (out / FILE).read_bytes()
