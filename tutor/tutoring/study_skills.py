"""Study skills: which advice about learning fits a learner's words, from tips that people wrote."""

import re
import tomllib
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from tutor.i18n import tr
from tutor.tutoring import intent_rules

_FILE: Final = Path(__file__).with_name("study_skills.toml")
_LONGEST: Final = 300
"""Characters of a message that is looked at; a longer one tells a story and gets no tip."""


@dataclass(frozen=True, slots=True)
class Situation:
    """When advice is asked for, and the pieces of advice that fit."""

    name: str
    at_work: bool
    """Also while a problem is open."""
    pattern: re.Pattern[str]
    tips: tuple[str, ...]


@cache
def situations() -> tuple[Situation, ...]:
    """All situations, the more particular first."""
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))["situation"]
    return tuple(
        Situation(row["name"], row["at_work"], re.compile("|".join(row["patterns"])), tuple(row["tips"]))
        for row in rows
    )


def situation(text: str, *, at_work: bool = False) -> Situation | None:
    """The situation that the words are about, None when they ask for no advice about learning."""
    if len(text) > _LONGEST:
        return None
    words = intent_rules.tidy(text)
    fitting = (s for s in situations() if (s.at_work or not at_work) and s.pattern.search(words))
    return next(fitting, None)


def tip(text: str, *, at_work: bool = False, turn: int = 0) -> str:
    """One tip for the words, "" when none is asked for. `turn`: tips given before; the next one is another."""
    found = situation(text, at_work=at_work)
    if found is None:
        return ""
    start = zlib.crc32(found.name.encode())
    return tr(found.tips[(start + turn) % len(found.tips)])


def tips() -> tuple[str, ...]:
    """Every tip, for training and for translators."""
    return tuple(t for s in situations() for t in s.tips)
