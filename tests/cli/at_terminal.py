"""A command in a pseudo-terminal of its own, as a person has it."""

import os
import pty
import select
import subprocess
import sys
import time


class AtTerminal:
    """Starts `tutor` with these words; what it shows is read as it comes."""

    def __init__(self, *words: str) -> None:
        self.ours, theirs = pty.openpty()
        self.shown = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tutor", *words],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)

    def until(self, words: str) -> str:
        """What has been shown up to and with these words, from where the last call ended."""
        ends = time.monotonic() + 60
        while words not in self.shown:
            assert time.monotonic() < ends, f"{words!r} is not in {self.shown!r}"
            if select.select([self.ours], [], [], 1.0)[0]:
                try:
                    self.shown += os.read(self.ours, 4096).decode()
                except OSError:
                    assert words in self.shown, self.shown
        before, found, self.shown = self.shown.partition(words)
        return before + found

    def type(self, words: str) -> None:
        os.write(self.ours, words.encode() + b"\n")

    def end(self) -> int:
        code = self.process.wait(30)
        os.close(self.ours)
        return code
