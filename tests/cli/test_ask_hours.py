"""The hours of the school hold for questions by command, too."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tutor import paths
from tutor.cli import ask
from tutor.cli.main import main
from tutor.store import Store


def hours(begins: datetime, ends: datetime) -> None:
    with Store.open(paths.database()) as store:
        store.set_setting("chat_from", begins.strftime("%H:%M"))
        store.set_setting("chat_until", ends.strftime("%H:%M"))


def test_a_guest_is_told_when_the_tutor_is_there(own_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    now = datetime.now().astimezone()
    hours(now + timedelta(hours=2), now + timedelta(hours=4))
    assert main(["ask", "What is 3 + 4?"]) != 0
    said = capsys.readouterr()
    assert f"from {(now + timedelta(hours=2)).strftime('%H:%M')}" in said.err and "Nothing was asked" in said.err
    ask.in_hours("please help, i want to kill myself")  # heard at any time


def test_a_guest_may_ask_within_the_hours_and_where_none_are_set(own_home: Path) -> None:
    ask.in_hours("What is 3 + 4?")
    assert not paths.database().exists()
    now = datetime.now().astimezone()
    hours(now - timedelta(hours=1), now + timedelta(hours=1))
    ask.in_hours("What is 3 + 4?")
