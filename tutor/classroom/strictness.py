"""How strict the safety levels are: as shipped, or moved for the school; what protects children is never laxer."""

import os
from pathlib import Path
from typing import Final

from tutor import paths
from tutor.domain import AgeBand, Direction
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.moderation import thresholds
from tutor.moderation.thresholds import ALWAYS_ON, LOWEST_BLOCK, Levels, Thresholds

SHIPPED: Final = "shipped"
STRICTER: Final = "stricter"
LAXER: Final = "laxer"
_STRICT: Final = 0.7
"""Levels are multiplied by this."""
_LAX: Final = 0.4
"""Levels go up by this share of what is left to 1."""


def moved(levels: Levels, label: str, how: str) -> Levels:
    """The levels of one label as a school has chosen."""
    if how == STRICTER:
        block = max(LOWEST_BLOCK, levels.block * _STRICT)
        return Levels(min(levels.review * _STRICT, block), block)
    if how == LAXER and label not in ALWAYS_ON:
        return Levels(*(level + max(0.0, 1 - level) * _LAX for level in (levels.review, levels.block)))
    return levels


def file(how: str, shipped: Path | None = None, folder: Path | None = None) -> str:
    """Path of the thresholds file to judge by; "" for the one beside the classifier.

    Raises UserError (`not_written`) when it cannot be written: a school that wants to be stricter is not given less.
    """
    source = shipped or paths.safety_model() / thresholds.FILE
    if how == SHIPPED or not source.exists():
        return ""
    known = thresholds.load(source)
    target = (folder or paths.home()) / f"thresholds-{how}.toml"
    words = _rendered(known, how)
    try:
        if not target.exists() or target.read_text(encoding="utf-8") != words:
            target.parent.mkdir(parents=True, exist_ok=True)
            rough = target.with_suffix(f".{os.getpid()}.part")
            rough.write_text(words, encoding="utf-8")
            rough.replace(target)
    except OSError as error:
        raise UserError(
            tr(
                "The safety levels could not be written to {file} ({reason}). The tutor does not answer with others. "
                "Free some space, or set them back to “as shipped”.",
                file=target,
                reason=error.strerror or error,
            ),
            code="not_written",
        ) from error
    return str(target)


def _rendered(known: Thresholds, how: str) -> str:
    labels = dict.fromkeys((direction, label) for direction, label, _ in known.table)
    lines = ["# Written by Tutor from the levels beside the classifier and the school's choice; changes here are lost."]
    for direction, label in labels:
        lines += ["", f"[{Direction(direction).value}.{label}]"]
        bands = {band: moved(known.levels(label, direction, band), label, how) for band in AgeBand}
        strictest = min(bands.values(), key=lambda levels: levels.block)
        lines.append(f'"*" = [{strictest.review:.4f}, {strictest.block:.4f}]')
        lines += [f'"{band.value}" = [{each.review:.4f}, {each.block:.4f}]' for band, each in bands.items()]
    return "\n".join(lines) + "\n"
