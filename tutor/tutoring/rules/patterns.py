"""Patterns of the checks, read from `patterns.toml`, where the words of them can be seen at a glance."""

import re
import tomllib
from pathlib import Path
from typing import Any, Final

_DATA: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("patterns.toml").read_text(encoding="utf-8"))


def compiled(module: str, name: str) -> re.Pattern[str]:
    """The alternatives of one pattern, in any case, over line breaks."""
    return re.compile("|".join(_DATA[module][name]), re.IGNORECASE | re.DOTALL)
