"""Text for the safety classifier written by ourselves: templates in *.txt here, split by template.

A template never has fillings on both sides of the split, so held-out figures speak of wordings that were not seen.
"""

import hashlib
import random
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

_FOLDER = Path(__file__).resolve().parent
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{([\w.]+)\}")
FILES = (
    "tutor", "learner", "lessons", "lessons_more", "distress", "distress_voices", "danger", "danger_voices", "abuse",
    "groups", "everyday", "everyday_more", "everyday_wide", "distress_wide",
    "abuse_wide",
)  # fmt: skip


class Template(msgspec.Struct, frozen=True):
    """One line of a phrase file."""

    file: str
    section: str
    text: str
    labels: dict[str, float]
    split: str
    """train | dev (thresholds are chosen here) | test"""


def split_of(key: str) -> str:
    """The part that a template or source row belongs to: 80% train, 10% dev, 10% test, by its hash."""
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") % 10
    return "dev" if number == 8 else "test" if number == 9 else "train"


def templates() -> list[Template]:
    """Every line of every phrase file."""
    return [t for name in FILES for t in _read(name)]


def _read(name: str) -> Iterator[Template]:
    section, labels = "", {}
    for line in (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("== "):
            section, _, marks = (part.strip() for part in line[3:].partition("|"))
            labels = {k: float(v) for k, v in (pair.split("=") for pair in marks.split(",") if pair)}
            continue
        yield Template(name, section, line, labels, split_of(line))


def slots() -> dict[str, list[str]]:
    """The words that {slot} may stand for; {people} stands for people.faith, people.age and so on together."""
    found: dict[str, list[str]] = {}
    for line in (_FOLDER / "slots.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, values = line.partition(":")
            found[name.strip()] = [v.strip() for v in values.split(";")]
    for name in [n for n in found if "." in n]:
        found.setdefault(name.split(".")[0], []).extend(found[name])
    return found


def fill(template: str, words: dict[str, list[str]], rng: random.Random) -> str:
    """One filling of a template."""
    text = _CHOICE.sub(lambda m: rng.choice(m[1].split("|")), template)
    text = _SLOT.sub(lambda m: rng.choice(words[m[1]]), text)
    return re.sub(r"\s+", " ", text).strip()


def fillings(template: Template, words: dict[str, list[str]], rng: random.Random, at_most: int) -> list[str]:
    """Different fillings of a template, fewer where it has few."""
    tries = (fill(template.text, words, rng) for _ in range(at_most * 2))
    return list(dict.fromkeys(tries))[:at_most]
