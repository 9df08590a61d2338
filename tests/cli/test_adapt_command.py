"""`tutor adapt`: the whole way of an adapter at a terminal, with a trainer that says given events."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import adapter_files
import pytest

import tutor.corrections.training
from tutor import paths
from tutor.adaptation.client import TrainerClient
from tutor.bench import shapes
from tutor.cli.main import main
from tutor.domain import AgeBand, CorrectionStatus
from tutor.store import Store

TRAINER = Path(__file__).parents[1] / "corrections" / "saying_trainer.py"
PLANNED = {
    "type": "planned", "corrections": 20, "steps": 90, "memory": 3_200_000_000, "memory_free": 8_000_000_000,
    "disk": 50_000_000, "disk_free": 9_000_000_000, "minutes": 4.2,
}  # fmt: skip


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shapes.speaking_model(tmp_path_factory.mktemp("models") / "speaking.gguf", ["Good try."])


class Terminal:
    """Runs commands as the teacher, over a trainer with a script."""

    def __init__(self, base: Path, folder: Path) -> None:
        self.base, self.script = base, folder / "script.json"
        self.secret = folder / "secret"
        self.secret.write_text("a long passphrase")
        self.file = adapter_files.write(folder / "trained.gguf", base)
        with Store.open(paths.database()) as store:
            store.set_contact("The head of year", "room 12", confirmed=True)
            store.add_learner("Learner", "fox", AgeBand.A8_10, "en-GB")
            store.set_passphrase("a long passphrase")
            store.set_setting("model", str(base))

    def correct(self) -> None:
        with Store.open(paths.database()) as store:
            made = store.propose_correction("When does it open?", "At nine.")
            store.keep_check(made, made, True, ())
            store.decide(made.id, CorrectionStatus.ACCEPTED, by="teacher")

    def __call__(self, *words: str) -> int:
        return main(["adapt", "--passphrase-file", str(self.secret), *words])

    def says(self, *events: dict[str, Any]) -> None:
        self.script.write_text(json.dumps({"events": events, "adapter": str(self.file)}))

    def says_judged(self, *, promoted: bool) -> None:
        report = str(paths.adapters() / "1")
        figures = {f"{kind}_{arm}": 0.9 for kind in ("right", "held") for arm in ("base", "memory", "adapter", "both")}
        trained = {"type": "trained", "adapter": "a", "base_sha256": "b", "ledger_sha256": "l", "figures": {}}
        judged = {"type": "judged", "report": report, "figures": figures, "promoted": promoted, "reasons": ["because"]}
        self.says(PLANNED, trained, judged)


@pytest.fixture
def adapt(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    terminal = Terminal(base, tmp_path)

    def client(job: Any, on_event: Any, **_: Any) -> TrainerClient:
        return TrainerClient(job, on_event, command=(sys.executable, str(TRAINER), str(terminal.script)))

    monkeypatch.setattr(tutor.corrections.training, "TrainerClient", client)
    yield terminal


def test_a_training_from_plan_to_use_and_back(adapt: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    adapt.correct()
    adapt.says_judged(promoted=True)
    assert adapt("train") == 0
    said = capsys.readouterr().out
    assert "Memory: 3.2 GB of 8.0 GB free" in said and "about 4 minutes" in said
    assert "90 % with the adapter" in said and "Adapter 1 is in use now" in said
    assert adapt("list") == 0 and "in use" in capsys.readouterr().out
    assert adapt("report", "1") == 0 and "report.html" in capsys.readouterr().out
    assert adapt("back") == 0 and "answers alone again" in capsys.readouterr().out
    assert adapt("use", "1") == 0
    assert adapt("back") == 0 and adapt("delete", "1") == 0
    capsys.readouterr()
    assert adapt("list") == 0 and "No adapter yet" in capsys.readouterr().out


def test_one_that_is_not_promoted_is_not_used(adapt: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    adapt.correct()
    adapt.says_judged(promoted=False)
    assert adapt("train") == 0
    said = capsys.readouterr().out
    assert "because" in said and "kept and not used" in said
    assert adapt("use", "1") == 1 and "may not be used" in capsys.readouterr().err


def test_a_dry_run_only_says_the_plan(adapt: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    adapt.correct()
    adapt.says(PLANNED)
    assert adapt("train", "--dry-run") == 0
    assert "Nothing was begun" in capsys.readouterr().out
    assert adapt("list") == 0 and "No adapter yet" in capsys.readouterr().out


def test_what_would_not_do_is_said_with_its_numbers(adapt: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    assert adapt("train") == 1 and "no accepted correction" in capsys.readouterr().err
    adapt.correct()
    adapt.says({"type": "refused", "code": "memory", "message": "It needs 9 GB and 3 GB are free."})
    assert adapt("train") == 1 and "It needs 9 GB" in capsys.readouterr().err


def test_an_adapter_is_handed_on_and_taken_in(
    adapt: Terminal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    adapt.correct()
    adapt.says_judged(promoted=True)
    adapt("train")
    assert adapt("export", "1", str(tmp_path / "out.gguf")) == 0
    assert (tmp_path / "out.gguf").read_bytes() == adapt.file.read_bytes()
    capsys.readouterr()
    assert adapt("import", str(tmp_path / "out.gguf")) == 1
    assert "in the list already" in capsys.readouterr().err
    (tmp_path / "broken.gguf").write_bytes(b"GGUF")
    assert adapt("import", str(tmp_path / "broken.gguf")) == 1 and "broken.gguf" in capsys.readouterr().err


def test_only_the_teacher_may(adapt: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    adapt.secret.write_text("not this one")
    assert adapt("list") == 1 and "not the one in force" in capsys.readouterr().err
    assert main(["adapt", "list"]) == 1 and "for the teacher" in capsys.readouterr().err
