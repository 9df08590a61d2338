"""A clock that a test sets, in place of the computer's as far as the store asks it."""


class Clock:
    """Seconds since 1970; `at` is set by the test."""

    def __init__(self, at: float = 1_000_000.0) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at
