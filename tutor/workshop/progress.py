"""One line of progress with a bar and the time left, for stages that take minutes."""

import sys
import time
from types import TracebackType
from typing import Final

BAR: Final = 20
"""Signs of a full bar; plain ones, which every terminal and every log can show."""


class Progress:
    """Counts from `done` to `total` and prints at most every two seconds (every thirty where nobody watches)."""

    def __init__(self, name: str, total: float, *, done: float = 0, unit: str = "", quiet: bool = False) -> None:
        self.name, self.total, self.done, self.first, self.quiet = name, total, done, done, quiet
        self.unit = f" {unit}" if unit else ""
        self.start = self.printed = time.monotonic()
        self.every = 2.0 if sys.stderr.isatty() else 30.0

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if kind is None and not self.quiet:
            seconds = time.monotonic() - self.start
            print(f"{self.name}: done, {self.done:,.0f}{self.unit} in {seconds:.0f} s", file=sys.stderr, flush=True)

    def add(self, amount: float, note: str = "") -> None:
        self.done += amount
        now = time.monotonic()
        if not self.quiet and now - self.printed >= self.every and self.done > self.first:
            self.printed = now
            left = (now - self.start) / (self.done - self.first) * max(0.0, self.total - self.done)
            share = min(1.0, self.done / self.total)
            print(
                f"{self.name}: {bar(share)} {100 * share:.0f}% {note} {left / 60:.1f} min left",
                file=sys.stderr,
                flush=True,
            )


def bar(share: float) -> str:
    """A share, 0 to 1, as `[########............]`."""
    full = round(BAR * share)
    return f"[{'#' * full}{'.' * (BAR - full)}]"
