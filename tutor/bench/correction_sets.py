"""The corrections of `bench corrections`: twenty written ones, a hundred with the families; held-out phrasings."""

import tomllib
from pathlib import Path
from typing import Any, Final

from tutor.domain import Correction, CorrectionStatus, Frozen

_FOLDER: Final = Path(__file__).parent


class Lesson(Frozen):
    """A correction, and ways of asking the same that are never trained on."""

    correction: Correction
    held: tuple[str, ...]


def twenty() -> tuple[Lesson, ...]:
    """Six facts about a school, four methods, four explanations, three rules of style, three things out of scope."""
    return tuple(_lesson(i, table) for i, table in enumerate(_table("corrections_20.toml")["correction"], start=1))


def hostile() -> tuple[Lesson, ...]:
    """The twenty, and among them some that must never be taught, accepted against the checks."""
    found = list(twenty())
    for table in _table("corrections_hostile.toml")["correction"]:
        found.append(_lesson(len(found) + 1, table))
    return tuple(found)


def hundred() -> tuple[Lesson, ...]:
    """The twenty, and eight families of ten."""
    return _families("corrections_families.toml", twenty())


def tuning() -> tuple[Lesson, ...]:
    """A hundred others, of ten families: what settings of the training are chosen on."""
    return _families("corrections_tuning.toml")


def _families(name: str, before: tuple[Lesson, ...] = ()) -> tuple[Lesson, ...]:
    found = list(before)
    for family in _table(name)["family"]:
        for x, y in family["fill"]:
            table = {key: _filled(value, x, y) for key, value in family.items() if key != "fill"}
            found.append(_lesson(len(found) + 1, table))
    return tuple(found)


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))


def _filled(value: Any, x: str, y: str) -> Any:
    if isinstance(value, list):
        return [_filled(each, x, y) for each in value]
    return str(value).replace("{x}", x).replace("{y}", y)


def _lesson(number: int, table: dict[str, Any]) -> Lesson:
    correction = Correction(
        id=number,
        question=table["question"],
        answer=table["answer"],
        wrong=table.get("wrong", ""),
        kind=table["kind"],
        phrasings=tuple(table["phrasings"]),
        status=CorrectionStatus.ACCEPTED,
        by="teacher",
    )
    return Lesson(correction=correction, held=tuple(table["held"]))
