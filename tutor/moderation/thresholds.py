"""Thresholds per label, age band and direction: a readable file that a school may change, checked when it is loaded.

Layout: `[input.toxicity]`, then one line a band, `"8-10" = [review, block]`, both between 0 and 1. Only `*` is needed;
a line for a band wins over it. A missing label is judged by the built-in cautious level.
"""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import msgspec

from tutor.domain import AgeBand, Direction
from tutor.errors import UserError

FILE: Final = "thresholds.toml"
CAUTIOUS: Final = (0.5, 0.7)
"""Review and block level of a label that the file does not name."""
LOWEST_BLOCK: Final = 0.02
ALWAYS_ON: Final = frozenset({"threat", "self_harm", "dangerous_request", "sexual_explicit"})
"""Labels that no file may switch off: their block level is at most `HIGHEST_FIXED`."""
HIGHEST_FIXED: Final = 0.98


class Levels(msgspec.Struct, frozen=True):
    """From `review` on a text is marked, from `block` on it is stopped. Above 1: never."""

    review: float
    block: float


class Thresholds(msgspec.Struct, frozen=True):
    """All levels, ready to look up."""

    table: dict[tuple[Direction, str, AgeBand], Levels]

    def levels(self, label: str, direction: Direction, band: AgeBand) -> Levels:
        """The levels in force."""
        return self.table.get((direction, label, band), Levels(*CAUTIOUS))

    def of(self, labels: Iterable[str]) -> dict[str, set[float]]:
        """Every level that is in force for each label, whatever the direction and age."""
        found: dict[str, set[float]] = {}
        for label in labels:
            used = (self.levels(label, direction, band) for direction in Direction for band in AgeBand)
            found[label] = {level for levels in used for level in (levels.review, levels.block)}
        return found


def load(path: Path) -> Thresholds:
    """Read and check a thresholds file. Raises UserError that names the line to mend."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _wrong(path, f"it cannot be read ({error})") from error
    table: dict[tuple[Direction, str, AgeBand], Levels] = {}
    for side, labels in raw.items():
        if side not in tuple(Direction):
            raise _wrong(path, f'"{side}" is neither input nor output')
        for label, bands in _dict(path, side, labels).items():
            _read_label(path, Direction(side), label, _dict(path, f"{side}.{label}", bands), table)
    if not table:
        raise _wrong(path, "it is empty")
    return Thresholds(table)


def _read_label(
    path: Path,
    side: Direction,
    label: str,
    bands: dict[str, Any],
    table: dict[tuple[Direction, str, AgeBand], Levels],
) -> None:
    known = {"*", *(b.value for b in AgeBand)}
    for band, value in bands.items():
        where = f'[{side}.{label}] "{band}"'
        if band not in known:
            raise _wrong(path, f"{where}: there is no such age band; known are {', '.join(sorted(known))}")
        table.update({(side, label, AgeBand(band)): _levels(path, where, label, value)} if band != "*" else {})
    if "*" not in bands:
        raise _wrong(path, f'[{side}.{label}] needs a line "*" = [review, block]')
    shared = _levels(path, f'[{side}.{label}] "*"', label, bands["*"])
    for age in AgeBand:
        table.setdefault((side, label, age), shared)


def _levels(path: Path, where: str, label: str, value: Any) -> Levels:
    numbers = isinstance(value, list) and len(value) == 2 and all(type(v) in (int, float) for v in value)
    if not numbers:
        raise _wrong(path, f"{where}: expected two numbers, [review, block]")
    review, block = float(value[0]), float(value[1])
    if not LOWEST_BLOCK <= block <= 1.01 or not 0 < review <= block:
        raise _wrong(path, f"{where}: review must be above 0 and at most block, block between {LOWEST_BLOCK} and 1.01")
    if label in ALWAYS_ON and block > HIGHEST_FIXED:
        raise _wrong(
            path, f"{where}: this label protects children and cannot be switched off (at most {HIGHEST_FIXED})"
        )
    return Levels(review, block)


def _dict(path: Path, where: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(path, f"{where} must be a table")
    return value


def _wrong(path: Path, why: str) -> UserError:
    return UserError(
        f"The thresholds file {path} is not in order: {why}. The file was left as it is. Mend it, or put back the one "
        "that came with the program.",
        code="bad_thresholds",
    )
