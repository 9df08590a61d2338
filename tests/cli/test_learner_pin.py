"""A learner's PIN in `tutor chat` and `tutor ask`: at a real terminal, without one, and for who has none."""

import json
from functools import partial
from pathlib import Path

import argon2
import pytest
from at_terminal import AtTerminal

from tutor import paths
from tutor.cli import learner_pin
from tutor.cli.main import main
from tutor.cli.sessions import for_learner
from tutor.domain import AgeBand
from tutor.errors import UserError
from tutor.store import Store
from tutor.store.guarded import FREE_TRIES

PIN = "2580"


@pytest.fixture(autouse=True)
def cheap_argon2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("argon2.PasswordHasher", partial(argon2.PasswordHasher, time_cost=1, memory_cost=64))


@pytest.fixture(autouse=True)
def set_up(own_home: Path) -> None:
    """Two learners; Amira has a PIN."""
    with Store.open(paths.database()) as store:
        store.set_contact("Ms Reed", "room 4", confirmed=True)
        store.set_passphrase("a teacher's words")
        store.set_setting("setting", "school")
        store.add_learner("Amira", "owl", AgeBand.A8_10, "en-GB")
        store.add_learner("Ben", "fox", AgeBand.A8_10, "en-GB")
        store.set_pin(store.learners()[0].id, PIN)


def test_at_a_terminal_wrong_pins_are_counted_and_locked_and_none_is_shown() -> None:
    said = ""
    chat = AtTerminal("chat", "--learner", "Amira")
    for guess in range(FREE_TRIES + 1):
        said += chat.until("PIN of Amira: ")
        chat.type(f"987{guess}")
        said += chat.until("ask your teacher")
    said += chat.until("PIN of Amira: ")
    chat.type(PIN)
    said += chat.until("Wait 30 seconds")
    assert chat.end() == 1 and "987" not in said and PIN not in said
    again = AtTerminal("ask", "What is 1 + 1?", "--learner", "Amira")
    again.until("PIN of Amira: ")
    again.type(PIN)
    again.until("Too many wrong tries")
    assert again.end() == 1, "the lock-out is the same for the next command"


def test_at_a_terminal_the_right_pin_opens_and_who_has_none_is_not_asked() -> None:
    chat = AtTerminal("chat", "--learner", "amira")
    chat.until("PIN of Amira: ")
    chat.type("")
    chat.until("Ask your teacher. They can give you a new one.")
    chat.until("PIN of Amira: ")
    chat.type(PIN)
    assert PIN not in chat.until("What happens with my words?")
    chat.process.terminate()
    chat.end()
    other = AtTerminal("chat", "--learner", "Ben")
    assert "PIN" not in other.until("What happens with my words?")
    other.process.terminate()
    other.end()


def test_without_a_terminal_it_says_what_to_do_and_nothing_is_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    assert main(["ask", "What is 1 + 1?", "--learner", "Amira", "--json"]) == 1
    said = capsys.readouterr()
    assert json.loads(said.out)["code"] == "pin"
    assert "Amira has a PIN" in said.err and "terminal" in said.err and "For grown-ups, Learners, PIN" in said.err
    assert main(["chat", "--learner", "Amira"]) == 1
    assert "Amira has a PIN" in capsys.readouterr().err
    with Store.open(paths.database()) as store:
        assert store.conversations(store.learners()[0].id) == ()


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a person types where nothing is shown; the end of input after it. No engine is started."""
    lines: list[str] = []

    def type_next(_prompt: str) -> str:
        if not lines:
            raise EOFError
        return lines.pop(0)

    monkeypatch.setattr("getpass.getpass", type_next)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("tutor.app.App.start_engine", lambda *_: None)
    return lines


def test_ask_opens_the_session_of_the_learner_after_the_right_pin(typed: list[str]) -> None:
    typed += ["1111", PIN, "left over"]
    with for_learner("Amira", {}) as session:
        assert session.learner.name == "Amira" and typed == ["left over"]
    with for_learner("Ben", {}) as session:
        assert session.learner.name == "Ben" and typed == ["left over"]
    with Store.open(paths.database()) as store:
        store.remove_pin(store.learners()[0].id)
    with for_learner("Amira", {}) as session:
        assert session.learner.name == "Amira" and typed == ["left over"]


def test_who_types_no_pin_gets_nothing_and_at_home_a_grown_up_helps(
    typed: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with Store.open(paths.database()) as store:
        store.set_setting("setting", "home")
        typed += ["1111"]
        with pytest.raises(UserError, match="No PIN was typed") as raised:
            learner_pin.ask(store, store.learners()[0])
    assert raised.value.code == "pin" and "ask your grown-up" in capsys.readouterr().err
