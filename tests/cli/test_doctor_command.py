"""`tutor doctor`: what it finds on a whole machine and on a broken one."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor import paths
from tutor.cli import checks, doctor
from tutor.cli.checks import Check
from tutor.cli.main import main
from tutor.store import Store


def by_name(found: Iterator[Check]) -> dict[str, Check]:
    return {check.name: check for check in found}


def test_the_program_and_its_libraries_are_found() -> None:
    assert checks.python().ok
    assert all(check.ok for check in checks.packages() if check.name != "tutor")
    llama = checks.llama()
    assert llama.ok and llama.value.startswith("0.3.") and "CPU" in llama.value
    assert checks.qt().ok
    assert checks.data_folder().value == str(paths.home())


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of models with right checksums."""
    monkeypatch.setenv("TUTOR_SHIPPED", str(tmp_path))
    folder = tmp_path / "models" / "starter"
    folder.mkdir(parents=True)
    (folder / "starter.gguf").write_bytes(b"a model")
    sums = {"starter.gguf": hashlib.sha256(b"a model").hexdigest()}
    (folder / "manifest.json").write_text(json.dumps({"sha256": sums}))
    return folder


def test_shipped_models_are_known_by_their_checksums(shipped: Path) -> None:
    name = "models/starter/starter.gguf"
    assert by_name(checks.models())[name].ok
    (shipped / "starter.gguf").write_bytes(b"another model")
    assert by_name(checks.models())[name].value == "checksum is wrong"
    (shipped / "starter.gguf").unlink()
    missing = by_name(checks.models())[name]
    assert missing.ok is False and missing.advice
    (shipped / "manifest.json").write_text("{")
    assert by_name(checks.models())["models/starter/manifest.json"].ok is False


def test_the_models_that_ship_are_the_ones_in_their_manifests() -> None:
    found = by_name(checks.models())
    for name in ("models/starter/starter.gguf", "models/safety/safety.ckpt"):
        assert found[name].value.endswith("unchanged"), found[name]
    assert all(check.ok for check in found.values()), found


def test_the_database_is_checked_without_being_touched() -> None:
    assert checks.database().ok is None
    with Store.open(paths.database()):
        pass
    assert checks.database().ok
    content = bytearray(paths.database().read_bytes())
    content[5000:9000] = b"\xff" * 4000
    paths.database().write_bytes(bytes(content))
    broken = checks.database()
    assert broken.ok is False and broken.advice
    assert paths.database().read_bytes() == bytes(content)


def test_a_row_that_points_nowhere_is_found() -> None:
    with Store.open(paths.database()):
        pass
    with sqlite3.connect(paths.database()) as db:
        db.execute("PRAGMA foreign_keys = off")
        db.execute(
            "INSERT INTO conversation (learner_id, title, created_at, updated_at) VALUES (99, 'lost', '2026', '2026')"
        )
    assert "points nowhere" in checks.database().value


def test_json_has_every_check_and_a_missing_thing_is_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = [
        Check(name="python", value="3.11", ok=True),
        Check(name="disk", value="none", ok=False, advice="Make room."),
    ]
    monkeypatch.setattr(doctor, "checks", lambda **_options: iter(found))
    assert main(["doctor", "--json"]) == 1
    out = capsys.readouterr()
    said = json.loads(out.out)
    assert said["ok"] is False
    assert said["checks"][1] == {"name": "disk", "value": "none", "ok": False, "advice": "Make room."}
    assert "disk" in out.err
    found.pop()
    monkeypatch.setattr(doctor, "checks", lambda **_options: iter(found))
    assert main(["doctor"]) == 0
    assert "python" in capsys.readouterr().out


def test_the_safeguarding_checklist_is_printed_and_fails_only_for_what_is_not_set_up(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["doctor", "--safeguarding", "--json"]) == 0, "nothing is stored yet, so nothing is looked up"
    lines = json.loads(capsys.readouterr().out)["lines"]
    assert len(lines) > 30 and any(line["tests"] for line in lines)
    with Store.open(paths.database()) as store:
        store.set_passphrase("correct horse")
    assert main(["doctor", "--safeguarding"]) == 1
    told = capsys.readouterr()
    assert "Filtering" in told.out and "not set up here" in told.out and "not set up here yet" in told.err
