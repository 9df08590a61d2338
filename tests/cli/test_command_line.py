"""The command line as a whole: help, version, exit codes, and what people see when something breaks."""

import importlib
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tutor import __version__, paths
from tutor.bench.report import Report, figure
from tutor.cli import doctor
from tutor.cli.main import COMMANDS, main
from tutor.errors import UserError


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    assert left.value.code == 0
    said = capsys.readouterr().out
    assert all(module.NAME in said and module.summary().split()[0] in said for module in COMMANDS)


@pytest.mark.parametrize("command", [m.NAME for m in COMMANDS if m.NAME != "workshop"])
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    assert left.value.code == 0
    assert f"tutor {command}" in capsys.readouterr().out


def test_help_costs_little() -> None:
    def spent() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    before = spent()
    done = subprocess.run([sys.executable, "-m", "tutor", "--help"], capture_output=True, check=True)
    assert b"doctor" in done.stdout
    assert spent() - before < 0.7, "processor seconds; a busy machine makes the clock's longer, but not these"


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--version"])
    assert left.value.code == 0 and capsys.readouterr().out == f"tutor {__version__}\n"


@pytest.mark.parametrize("words", [["dance"], ["ask"], ["bench"], ["bench", "cake"], ["screen", "--age-band", "99"]])
def test_wrong_usage_is_exit_code_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(words)
    assert left.value.code == 2


def test_what_a_person_can_act_on_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_args: object) -> int:
        raise UserError("The disk is full. Nothing was lost. Make room.")

    monkeypatch.setattr(doctor, "run", fail)
    assert main(["doctor"]) == 1
    assert capsys.readouterr().err == "tutor: The disk is full. Nothing was lost. Make room.\n"


def test_a_mistake_of_ours_leaves_a_note_without_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_args: object) -> int:
        raise ValueError("my secret words")

    monkeypatch.setattr(doctor, "run", fail)
    assert main(["doctor"]) == 1
    said = capsys.readouterr().err
    log = paths.logs() / "tutor.log"
    assert str(log) in said and "Traceback" not in said and "secret" not in said
    noted = log.read_text()
    assert "builtins.ValueError" in noted and "test_command_line.py" in noted and "secret" not in noted


def test_nobody_reading_is_no_mistake() -> None:
    shell = f"{sys.executable} -m tutor doctor --help | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=True)
    assert "Traceback" not in done.stderr


def test_tutor_home_moves_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path / "elsewhere"))
    pin = tmp_path / "pin"
    pin.write_text("1234")
    contact = ["--contact-name", "A", "--contact-reach", "B", "--confirm-contact"]
    assert main(["setup", *contact, "--pin-file", str(pin), "--learner-name", "C"]) == 0
    assert (tmp_path / "elsewhere" / "tutor.db").is_file()


@pytest.mark.parametrize(("seconds", "code"), [(0.5, 0), (2.0, 1)])
def test_a_missed_goal_is_exit_code_1(
    seconds: float, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bench = ModuleType("tutor.bench.start")
    report = Report(bench="start", figures=(figure("window painted", [seconds], "s", at_most=1.0),))
    monkeypatch.setattr(bench, "run", lambda: report, raising=False)
    monkeypatch.setitem(sys.modules, "tutor.bench.start", bench)
    assert main(["bench", "start", "--json"]) == code
    said = json.loads(capsys.readouterr().out)
    assert said["bench"] == "start" and said["figures"][0]["ok"] is (code == 0)


def test_a_bench_whose_packages_are_not_installed_says_how_to_get_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "gguf", None)
    bench = ModuleType("tutor.bench.chat")
    monkeypatch.setattr(bench, "run", lambda: importlib.import_module("gguf"), raising=False)
    monkeypatch.setitem(sys.modules, "tutor.bench.chat", bench)
    assert main(["bench", "chat"]) == 1
    assert "gguf is missing" in capsys.readouterr().err


def test_the_workshop_reads_its_own_options(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["workshop", "--help"])
    assert left.value.code == 0 and "build" in capsys.readouterr().out


def test_letters_that_the_terminal_lacks_do_no_harm() -> None:
    script = "from tutor.cli import doctor, main; doctor.run = lambda _: print('✓ ü') or 0; main.main(['doctor'])"
    env = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=env, check=True)
    assert done.stdout == "? ?\n"
