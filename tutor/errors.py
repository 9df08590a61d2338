"""Errors of two kinds: what a person can act on, and our own bugs."""


class TutorError(Exception):
    """Base of every error raised on purpose."""


class UserError(TutorError):
    """Something a person can act on.

    `str(error)` is complete and readable: what happened, what was kept, what to do.
    `code` is a stable word for tests, logs and JSON.
    """

    def __init__(self, message: str, *, code: str = "failed") -> None:
        super().__init__(message)
        self.code = code


class BugError(TutorError):
    """A state that our own code must never reach."""
