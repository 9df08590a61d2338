"""`tutor` without a command opens what this machine can show."""

import argparse
import socket
from pathlib import Path

import pytest

from tutor.cli import chat, sample, window


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(window, "X_SOCKETS", tmp_path)
    monkeypatch.setattr("sys.platform", "linux")


def test_a_display_counts_only_when_it_answers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert not window.has_display()
    for named in (":7", "unix:7.0", "127.0.0.1:7", "nonsense", ":", "a:b:c"):
        monkeypatch.setenv("DISPLAY", named)
        assert not window.has_display(), named
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "X7"))
        server.listen()
        for named in (":7", "unix:7.0"):
            monkeypatch.setenv("DISPLAY", named)
            assert window.has_display(), named


def test_a_forwarded_and_a_wayland_display_are_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setattr(window, "X_PORT", server.getsockname()[1] - 10)
        monkeypatch.setenv("DISPLAY", "127.0.0.1:10.0")
        assert window.has_display()
    monkeypatch.delenv("DISPLAY")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert not window.has_display()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-0"))
        server.listen()
        assert window.has_display()


def test_terminal_and_nothing_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(chat, "begin", lambda: opened.append("chat") or 0)
    monkeypatch.setattr(sample, "run", lambda: opened.append("sample") or 0)
    for terminal in (True, False):
        monkeypatch.setattr(window, "has_terminal", lambda terminal=terminal: terminal)
        assert window.run(argparse.Namespace()) == 0
    assert opened == ["chat", "sample"]
