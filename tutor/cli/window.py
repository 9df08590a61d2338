"""`tutor` without a command: the window, else the terminal chat, else a sample conversation."""

import argparse
import os
import socket
import sys
from pathlib import Path

X_SOCKETS = Path("/tmp/.X11-unix")
X_PORT = 6000


def has_display() -> bool:
    """Whether a window could appear: Qt ends the whole process where a display is named but does not answer."""
    if sys.platform in ("darwin", "win32"):
        return True
    return _wayland_answers(os.environ.get("WAYLAND_DISPLAY", "")) or _x_answers(os.environ.get("DISPLAY", ""))


def _wayland_answers(name: str) -> bool:
    if not name:
        return False
    return _answers(socket.AF_UNIX, str(Path(os.environ.get("XDG_RUNTIME_DIR", "/")) / name))


def _x_answers(display: str) -> bool:
    """Whether an X server listens at `host:number.screen`; without a host, on this machine's sockets."""
    host, _, rest = display.rpartition(":")
    number = rest.partition(".")[0]
    if not number.isdecimal():
        return False
    if host not in ("", "unix"):
        return _answers(socket.AF_INET, (host, X_PORT + int(number)))
    path = str(X_SOCKETS / f"X{number}")
    return _answers(socket.AF_UNIX, path) or _answers(socket.AF_UNIX, f"\0{path}")


def _answers(family: socket.AddressFamily, address: str | tuple[str, int]) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.settimeout(2)
        try:
            probe.connect(address)
        except OSError:
            return False
    return True


def has_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def run(args: argparse.Namespace) -> int:
    if has_display():
        from tutor.qt.start import run as open_window

        return open_window([])
    if has_terminal():
        from tutor.cli import chat

        return chat.begin()
    from tutor.cli import sample

    return sample.run()
