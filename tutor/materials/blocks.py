"""What every reader gives: a text as blocks, one a heading, a paragraph, or a line of a list or table."""

from typing import Final, NamedTuple

from tutor.errors import UserError
from tutor.frozen import Frozen
from tutor.i18n import tr

MOST_BYTES: Final = 100_000_000
"""Of a file."""
MOST_PAGES: Final = 3000
MOST_CHARACTERS: Final = 12_000_000
"""Of the text of a material; a thick encyclopaedia's."""


class Block(NamedTuple):
    text: str
    page: int = 0
    """From 1; 0 where there are no pages."""
    level: int = 0
    """1 to 6: a heading of this level; 0: text."""


class Read(Frozen):
    """A text as it was read, before it is cut into passages."""

    kind: str
    """pdf | docx | markdown | html | text"""
    blocks: tuple[Block, ...]
    title: str = ""
    """As the text itself says; "" when it does not."""
    pages: int = 0
    """0 where there are none."""
    unread_pages: int = 0
    """Pages that hold pictures and no text."""


def no_words() -> UserError:
    return UserError(
        tr("There is no text in this file. Nothing was added. Choose a file with words in it, or paste the text."),
        code="no_text",
    )


def broken(kind: str) -> UserError:
    """The file is damaged or cut off."""
    return UserError(
        tr(
            "This {kind} file is damaged or was cut off, so it cannot be read. Nothing was added. Open it in the "
            "program it comes from and save it again, or paste its text.",
            kind=kind,
        ),
        code="broken",
    )


def too_large() -> UserError:
    return UserError(
        tr(
            "This file holds more than the tutor reads: at most {mb} MB and {pages} pages. Nothing was added. "
            "Save the chapters that the lesson needs as a file of their own.",
            mb=MOST_BYTES // 1_000_000,
            pages=MOST_PAGES,
        ),
        code="too_large",
    )
