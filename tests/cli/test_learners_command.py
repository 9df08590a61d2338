"""`tutor learners`: a grown-up sets, changes and takes away a learner's PIN; nothing secret stands in the command."""

import io
import json
from pathlib import Path

import pytest
from at_terminal import AtTerminal

from tutor import paths
from tutor.cli.main import main
from tutor.domain import AgeBand
from tutor.store import Store

PASSPHRASE = "a teacher's words"
PIN, OTHER = "2580", "471103"

pytestmark = pytest.mark.usefixtures("cheap_argon2")


@pytest.fixture(autouse=True)
def set_up(own_home: Path, cheap_argon2: None) -> None:
    with Store.open(paths.database()) as store:
        store.set_passphrase(PASSPHRASE)
        store.add_learner("Amira", "owl", AgeBand.A8_10, "en-GB")
        store.add_learner("Ben", "fox", AgeBand.A14_17, "en-GB")


def pin_is(name: str, pin: str) -> bool:
    with Store.open(paths.database()) as store:
        learner = next(each for each in store.learners() if each.name == name)
        return store.check_pin(learner.id, pin) if pin else not store.has_pin(learner.id)


def piped(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_at_a_terminal_a_pin_is_typed_twice_after_the_passphrase_and_never_shown() -> None:
    said = ""
    giving = AtTerminal("learners", "pin", "amira")
    for question, typed in (
        ("teacher's passphrase or PIN: ", "a guess"),
        ("That is not it.", ""),
        ("teacher's passphrase or PIN: ", PASSPHRASE),
        ("New PIN of Amira, four to six digits: ", "12"),
        ("A PIN is 4 to 6 digits", ""),
        ("New PIN of Amira, four to six digits: ", "1234"),
        ("too easy to guess", ""),
        ("New PIN of Amira, four to six digits: ", PIN),
        ("Once more: ", "2581"),
        ("The two were not the same.", ""),
        ("New PIN of Amira, four to six digits: ", PIN),
        ("Once more: ", PIN),
    ):
        said += giving.until(question)
        if typed:
            giving.type(typed)
    said += giving.until("Amira has a PIN now.")
    assert giving.end() == 0 and PIN not in said and PASSPHRASE not in said
    assert pin_is("Amira", PIN) and pin_is("Ben", "")


def test_from_standard_input_a_pin_is_set_changed_and_taken_away(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    piped(monkeypatch, PASSPHRASE, PIN)
    assert main(["learners", "pin", "Amira"]) == 0
    assert "Amira has a PIN now." in capsys.readouterr().out and pin_is("Amira", PIN)
    piped(monkeypatch, PASSPHRASE, OTHER)
    assert main(["learners", "pin", "Amira", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"name": "Amira", "pin": True} and pin_is("Amira", OTHER)
    piped(monkeypatch, PASSPHRASE)
    assert main(["learners", "list", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(each["name"], each["pin"]) for each in lines] == [("Amira", True), ("Ben", False)]
    piped(monkeypatch, PASSPHRASE)
    assert main(["learners", "pin", "AMIRA", "--remove"]) == 0
    assert "taken away" in capsys.readouterr().out and pin_is("Amira", "")
    piped(monkeypatch, PASSPHRASE)
    assert main(["learners", "pin", "Ben", "--remove"]) == 0
    assert "Ben has no PIN" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (("a guess", PIN), "not the passphrase in force"),
        ((), "not the passphrase in force"),
        ((PASSPHRASE, "12a4"), "4 to 6 digits"),
        ((PASSPHRASE, "1111"), "too easy to guess"),
        ((PASSPHRASE,), "4 to 6 digits"),
    ],
)
def test_nothing_changes_without_the_passphrase_or_with_a_pin_that_cannot_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lines: tuple[str, ...], says: str
) -> None:
    piped(monkeypatch, *lines)
    assert main(["learners", "pin", "Amira"]) == 1
    assert says in capsys.readouterr().err and pin_is("Amira", "")


def test_the_passphrase_comes_from_a_file_where_one_is_named_and_no_argument_takes_a_pin(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "passphrase"
    file.write_text(PASSPHRASE)
    piped(monkeypatch, PIN)
    assert main(["learners", "pin", "Amira", "--passphrase-file", str(file)]) == 0
    assert pin_is("Amira", PIN)
    piped(monkeypatch, PIN)
    assert main(["learners", "pin", "Chidi", "--passphrase-file", str(file)]) == 1
    assert "There are: Amira, Ben" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["learners", "pin", "Amira", PIN])
