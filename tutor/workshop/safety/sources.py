"""Public sources for the safety classifier, each with its own labels mapped to our nine.

A label that a source says nothing about is left out of the row and out of the loss. The table in
models/safety/README.md is the readable form of this file.
"""

import gzip
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from tutor.errors import UserError
from tutor.workshop.safety.phrases import split_of

LABELS = (
    "toxicity",
    "severe_toxicity",
    "obscene",
    "threat",
    "insult",
    "identity_attack",
    "sexual_explicit",
    "self_harm",
    "dangerous_request",
)
CLEAN = dict.fromkeys(LABELS, 0.0)
NOT_ASKING = {"self_harm": 0.0, "dangerous_request": 0.0}
RUDE = 0.8
"""Toxicity of a tweet that is called offensive: many use a rude word among friends. `obscene` stands for the word."""
SUICIDE = re.compile(
    r"suicid|kill(?:ing)? myself|self.?harm|want(?:ed)? to die|cut(?:ting)? myself|end my life|wish i was dead", re.I
)


class Row(msgspec.Struct, frozen=True):
    """One labelled text. `context` is what was said before; the labels speak of `text` alone."""

    text: str
    labels: dict[str, float]
    source: str
    split: str
    weight: float = 1.0
    context: str = ""


Mapped = Iterable[tuple[str, str, dict[str, float]]]
"""context, text, labels"""


def _edos(row: dict[str, Any]) -> Mapped:
    if row["label"] == "sexist":
        marks = {"toxicity": 1.0, "identity_attack": 1.0, **NOT_ASKING}
        if row["category"].startswith("1"):
            marks["threat"] = 1.0
        if row["category"].startswith("2"):
            marks["insult"] = 1.0
        yield "", row["text"], marks
    else:  # may still be hateful in other ways, so nothing is said of toxicity
        yield "", row["text"], dict(NOT_ASKING)


def _davidson(row: dict[str, Any]) -> Mapped:
    text = re.sub(r"RT\s+@\w+:?|@\w+:?|https?://\S+|&#?\w+;", " ", row["text"]).strip()
    if row["label"] == "hate":
        yield "", text, {"toxicity": 1.0, "identity_attack": 1.0, **NOT_ASKING}
    elif row["label"] == "offensive":
        yield "", text, {"toxicity": RUDE, "obscene": 1.0, **NOT_ASKING}
    else:
        yield "", text, {**CLEAN}


def _groups(row: dict[str, Any]) -> Mapped:
    hate = row["label"] == "hate"
    if row["source"] == "toxigen" and not (row["toxicity_score"] >= 3.5 if hate else row["toxicity_score"] <= 2.5):
        return
    text = row["text"].replace("\\n", " ").replace("\\", "")
    yield "", text, {"toxicity": 1.0, "identity_attack": 1.0, **NOT_ASKING} if hate else {**CLEAN}


def _diasafety(row: dict[str, Any]) -> Mapped:
    unsafe, kind = row["label"] == "Unsafe", row["category"]
    if kind == "Risk Ignorance" and SUICIDE.search(row["context"]):
        yield "", row["context"], {"self_harm": 1.0}
        return
    if kind in ("Risk Ignorance", "Unauthorized Expertise"):
        return
    marks = {"toxicity": float(unsafe), **NOT_ASKING}
    if kind == "Offending User":
        marks["insult"] = float(unsafe)
    if kind == "Biased Opinion":
        marks["identity_attack"] = float(unsafe)
    yield row["context"], row["text"], marks


def _convabuse(row: dict[str, Any]) -> Mapped:
    abuse = row["label"] == "abuse"
    yield row.get("context", ""), row["text"], {"toxicity": 1.0, **NOT_ASKING} if abuse else {**CLEAN}


def _hatemoji(row: dict[str, Any]) -> Mapped:
    hate = float(row["label"] == "hate")
    yield "", row["text"], {"toxicity": hate, "identity_attack": hate, **NOT_ASKING}


def _surge(row: dict[str, Any]) -> Mapped:
    yield "", row["text"], {"toxicity": 1.0 if row["label"] == "Toxic" else 0.0, **NOT_ASKING}


def _profanity(row: dict[str, Any]) -> Mapped:
    if row["label"] == "Mild":
        return
    marks = {"toxicity": 1.0, "obscene": 1.0, **NOT_ASKING}
    if row["category"].startswith("sexual anatomy"):
        marks["sexual_explicit"] = 1.0
    if row["category"].startswith(("racial", "sexual orientation", "religious")):
        marks["identity_attack"] = 1.0
    for frame in ("{}", "you {}", "what a {}", "go away {} i hate this"):
        yield "", frame.format(row["text"]), marks


_HAZARDS: dict[str, dict[str, float]] = {
    "iwp": {"dangerous_request": 1.0},
    "vcr": {"dangerous_request": 1.0},
    "ncr": {"dangerous_request": 1.0},
    "prv": {"dangerous_request": 1.0},
    "ssh": {"self_harm": 1.0},
    "sxc_prn": {"sexual_explicit": 1.0},
    "hte": {"identity_attack": 1.0, "toxicity": 1.0},
}


def _ailuminate(row: dict[str, Any]) -> Mapped:
    marks = _HAZARDS.get(row["label"])
    if marks is not None:
        yield "", row["text"], marks


def _aart(row: dict[str, Any]) -> Mapped:
    yield "", row["text"], {"dangerous_request": 1.0}


class Source(msgspec.Struct, frozen=True):
    """How one file is read: its mapping, the most rows of each set of labels taken for training, and their weight."""

    map: Callable[[dict[str, Any]], Mapped]
    cap: int
    weight: float = 1.0
    held_out: bool = False
    """The whole source is only ever tested on."""


SOURCES: dict[str, Source] = {
    "edos": Source(_edos, 7000, 0.6),
    "davidson": Source(_davidson, 7000, 0.5),
    "toxigen": Source(_groups, 5000),
    "implicit_hate": Source(_groups, 4500, 0.6),
    "diasafety": Source(_diasafety, 5000, 0.7),
    "convabuse": Source(_convabuse, 2600),
    "hatemoji_build": Source(_hatemoji, 3000),
    "surge_toxicity": Source(_surge, 0, held_out=True),
    "surge_profanity": Source(_profanity, 1500),
    "ailuminate": Source(_ailuminate, 1000, 1.5),
    "aart": Source(_aart, 2200, 0.8),
}


def collect(folder: Path, seed: int = 0) -> list[Row]:
    """All rows of all sources in `folder`, capped and split. Raises UserError when a file is missing."""
    rows: list[Row] = []
    for name, source in SOURCES.items():
        every = list(_rows(folder, name, source))
        random.Random(f"{name} {seed}").shuffle(every)
        rows += _capped([r for r in every if r.split == "train"], source.cap)
        rows += [r for r in every if r.split == "dev"][:400] + [r for r in every if r.split == "test"][:1500]
    return rows


def _capped(rows: Iterable[Row], cap: int) -> list[Row]:
    """At most `cap` rows of each set of labels, the first ones."""
    taken: Counter[frozenset[str]] = Counter()
    kept = []
    for row in rows:
        kind = frozenset(label for label, value in row.labels.items() if value)
        taken[kind] += 1
        if taken[kind] <= cap:
            kept.append(row)
    return kept


def _rows(folder: Path, name: str, source: Source) -> Iterator[Row]:
    path = folder / f"{name}.jsonl.gz"
    try:
        lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    except OSError as error:
        raise UserError(
            f"The training data {path} could not be read ({error}). Nothing was changed. Give the folder that holds "
            f"{name}.jsonl.gz with --data.",
            code="no_data",
        ) from error
    for line in lines:
        row = {**msgspec.json.decode(line), "source": name}
        given = {"train": "train", "test": "test", "dev": "dev", "val": "dev", "validation": "dev"}.get(
            row.get("split", ""), ""
        )
        split = "test" if source.held_out else given or split_of(name + row["text"])
        if name == "hatemoji_build" and split == "dev":  # it has no other held-out part
            split = "test"
        for context, text, labels in source.map(row):
            if text.strip():
                yield Row(text.strip(), labels, name, split, source.weight, context.strip())
