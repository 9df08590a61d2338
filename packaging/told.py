"""What set-up says, on standard error, so that the program's own output stays clean."""

import sys
from typing import NoReturn


def say(text: str) -> None:
    print(f"[set-up] {text}", file=sys.stderr, flush=True)


def fail(text: str) -> NoReturn:
    say(text)
    sys.exit(1)
