"""`tutor setup`: unattended by flags, at a terminal, and what it refuses."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor import paths
from tutor.cli import interview
from tutor.cli.main import main
from tutor.store import Store

FULL = ("--contact-name", "Ms Reed", "--contact-reach", "room 4", "--confirm-contact", "--learner-name", "Amira")


@pytest.fixture
def pin(tmp_path: Path) -> str:
    file = tmp_path / "pin"
    file.write_text("4711\n")
    return str(file)


def opened() -> Store:
    return Store.open(paths.database())


def test_flags_alone_set_a_machine_up(pin: str, tmp_path: Path) -> None:
    kept = tmp_path / "recovery"
    options = ("--setting", "school", "--picture", "owl", "--age-band", "11-13", "--country", "ie")
    assert main(["setup", *FULL, *options, "--pin-file", pin, "--recovery-file", str(kept)]) == 0
    with opened() as store:
        assert store.is_set_up() and store.check_passphrase("4711")
        assert store.setting("setting") == "school" and store.setting("country") == "IE"
        (amira,) = store.learners()
        assert (amira.name, amira.picture, amira.age_band) == ("Amira", "owl", "11-13")
        assert store.use_recovery_code(kept.read_text(), "new secret") != kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_without_a_file_the_recovery_code_is_printed_once(pin: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["setup", *FULL, "--pin-file", pin]) == 0
    code = capsys.readouterr().out.splitlines()[0].rpartition(" ")[2]
    with opened() as store:
        assert store.use_recovery_code(code, "another secret")


def test_a_first_run_that_lacks_something_says_what_and_changes_nothing(
    pin: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["setup", "--contact-name", "Ms Reed", "--pin-file", pin])
    assert left.value.code == 2
    said = capsys.readouterr().err
    assert "--contact-reach" in said and "--confirm-contact" in said and "--learner-name" in said
    with opened() as store:
        assert store.contact() is None and not store.has_passphrase()


def test_no_terminal_and_no_options_is_wrong_usage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    with pytest.raises(SystemExit) as left:
        main(["setup"])
    assert left.value.code == 2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--picture", "dragon"), "There is no picture dragon"),
        (("--country", "Britain"), "two letters"),
        (("--recovery-file", "/nowhere/at/all"), "could not be made"),
    ],
)
def test_what_cannot_be_set_is_refused_before_anything_is(
    options: tuple[str, str], said: str, pin: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["setup", *FULL, "--pin-file", pin, *options]) == 1
    assert said in capsys.readouterr().err
    with opened() as store:
        assert store.contact() is None and not store.has_passphrase() and not store.learners()


def test_a_pin_file_with_letters_and_a_short_pin_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "pin"
    kept = tmp_path / "recovery"
    for words, said in (("secret", "digits alone"), ("12", "at least 4 characters")):
        file.write_text(words)
        assert main(["setup", *FULL, "--pin-file", str(file), "--recovery-file", str(kept)]) == 1
        assert said in capsys.readouterr().err
        assert not kept.exists()


def test_a_machine_that_is_set_up_changes_only_with_its_passphrase(
    pin: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["setup", *FULL, "--pin-file", pin]) == 0
    assert main(["setup", "--learner-name", "Ben"]) == 1
    assert "set up already" in capsys.readouterr().err
    wrong = tmp_path / "wrong"
    wrong.write_text("0000")
    assert main(["setup", "--learner-name", "Ben", "--current-passphrase-file", str(wrong)]) == 1
    with opened() as store:
        assert [learner.name for learner in store.learners()] == ["Amira"]
    assert main(["setup", "--learner-name", "Ben", "--current-passphrase-file", pin]) == 0
    with opened() as store:
        assert [learner.name for learner in store.learners()] == ["Amira", "Ben"]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Lines that a person types, secrets included."""
    lines: list[str] = []
    monkeypatch.setattr("builtins.input", lambda _prompt="": lines.pop(0))
    monkeypatch.setattr("getpass.getpass", lambda _prompt="": lines.pop(0))
    yield lines
    assert lines == []


def test_the_interview_asks_again_until_it_can_go_on(typed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    typed += ["moon", "home", "", "Mr Osei", "07700 900123", "no", "Mr Osei", "07700 900456", "yes"]
    typed += ["abc", "abc"]  # too short, refused at the end
    typed += ["", "Noor", "", "5-7", ""]
    typed += ["abcd", "abce", "tea pot", "tea pot"]  # not the same, then right
    with Store.open(None) as store:
        interview.first_run(store)
        assert store.is_set_up() and store.check_passphrase("tea pot")
        contact = store.contact()
        assert contact is not None and contact.reach == "07700 900456"
        assert [(learner.name, learner.age_band) for learner in store.learners()] == [("Noor", "5-7")]
    assert "Recovery code" in capsys.readouterr().out
