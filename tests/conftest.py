"""What holds for every test: data in a folder of its own, no network, no screen, English words."""

import os
import socket
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

# before anything asks for a folder or a screen; fixtures that outlive one test use this folder too
os.environ["TUTOR_HOME"] = tempfile.mkdtemp(prefix="tutor-tests-")
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"  # torch's threads of two test processes would spin against each other

from tutor import i18n

LOCAL = ("127.", "::1", "localhost")
_connect = socket.socket.connect


def _connect_here_only(self: socket.socket, address: Any) -> None:
    """Connects within this machine; anything else is a bug in a program that promises to stay offline."""
    if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(LOCAL):
        raise AssertionError(f"a test tried to reach the network: {address!r}")
    _connect(self, address)


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", _connect_here_only)
        yield


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """`TUTOR_HOME` in a temporary folder, for this test alone."""
    home = tmp_path / "tutor-home"
    monkeypatch.setenv("TUTOR_HOME", str(home))
    yield home
    i18n.use("en", Path())


@pytest.fixture
def cheap_argon2(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real argon2 at its smallest cost, where it is not tested how long a guess takes."""
    import argon2

    monkeypatch.setattr("argon2.PasswordHasher", partial(argon2.PasswordHasher, time_cost=1, memory_cost=64))
