"""`tutor` without a command: the window, else the terminal chat, else a sample conversation."""

import argparse
import os
import sys


def has_display() -> bool:
    """Whether a window could appear."""
    if sys.platform in ("darwin", "win32"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


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
