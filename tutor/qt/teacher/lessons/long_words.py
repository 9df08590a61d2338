"""Long words and file names that may be broken, so that they never make a page wider than the window."""

import re
from typing import Final

_LONG: Final = re.compile(r"(\S{14})(?=\S{4})")
_MAY_BREAK: Final = "\u200b"


def breakable(text: str) -> str:
    """The same to the eye, with places at which a line may end inside a long word."""
    return _LONG.sub(rf"\1{_MAY_BREAK}", text)
