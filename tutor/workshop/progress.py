"""One line of progress with the time left, for stages that take minutes."""

import sys
import time
from types import TracebackType


class Progress:
    """Counts from `done` to `total` and prints at most every two seconds (every thirty where nobody watches)."""

    def __init__(self, name: str, total: int, *, done: int = 0, quiet: bool = False) -> None:
        self.name, self.total, self.done, self.first, self.quiet = name, total, done, done, quiet
        self.start = self.printed = time.monotonic()
        self.every = 2.0 if sys.stderr.isatty() else 30.0

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if kind is None and not self.quiet:
            seconds = time.monotonic() - self.start
            print(f"{self.name}: done, {self.done:,} in {seconds:.0f} s", file=sys.stderr, flush=True)

    def add(self, amount: int, note: str = "") -> None:
        self.done += amount
        now = time.monotonic()
        if not self.quiet and now - self.printed >= self.every:
            self.printed = now
            left = (now - self.start) / (self.done - self.first) * (self.total - self.done)
            share = 100 * self.done / self.total
            print(f"{self.name}: {share:.0f}% {note} {left / 60:.1f} min left", file=sys.stderr, flush=True)
