"""Commands that need packages which a plain set-up leaves out say so."""

from collections.abc import Iterator
from contextlib import contextmanager

from tutor.errors import UserError
from tutor.i18n import tr

WORKSHOP = ("accelerate", "gguf", "krippendorff", "matplotlib", "tokenizers")
"""Of the `workshop` extra in pyproject.toml."""


@contextmanager
def workshop_packages() -> Iterator[None]:
    """Turns a missing package of the workshop into a `UserError` that says how to get it."""
    try:
        yield
    except ModuleNotFoundError as error:
        name = (error.name or "").partition(".")[0]
        if name not in WORKSHOP:
            raise
        raise UserError(
            tr(
                "This needs the workshop's packages ({name} is missing). Run make test once; it installs them.",
                name=name,
            ),
            code="extra",
        ) from error
