"""The training set of the safety classifier: public sources, our own text, other spellings, contexts."""

import gzip
import random
import re
import tomllib
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

import msgspec

from tutor.workshop.safety import variants as variants
from tutor.workshop.safety.phrases import Template, fillings, slots, split_of, templates
from tutor.workshop.safety.sources import CLEAN, Row, collect
from tutor.workshop.writing.text import pool, talks

_FILLINGS = {
    "tutor": 20, "learner": 24, "lessons": 10, "lessons_more": 40, "distress": 28, "distress_voices": 36, "danger": 40,
    "danger_voices": 40, "abuse": 36, "groups": 60, "everyday": 60,
    "everyday_more": 60, "everyday_wide": 40, "distress_wide": 44, "abuse_wide": 40,
}  # fmt: skip
_WEIGHT = {"tutor": 1.2, "abuse": 1.2, "groups": 1.2}
"""1.5 for the others."""
_BAD_SPELLINGS = (variants.slip, variants.slip, variants.speak, variants.leet, variants.spaced)
_GOOD_SPELLINGS = (variants.slip, variants.speak, variants.prefix, variants.prefix, variants.spaced)
TESTED = {"groups": 40}
"""Fillings of a template for testing, 8 for the others: many groups must be named for figures by group."""


def build(data: Path, seed: int) -> list[Row]:
    """Every row, labelled, weighted and split. Raises UserError when data is missing."""
    rng = random.Random(seed)
    public = collect(data, seed)
    own = [row for t in templates() for row in _own(t, rng)]
    sums = word_problems(data.parent / "maths" / "gsm8k_train.jsonl.gz", 1800, rng)
    talk = [row for held in (False, True) for row in conversations(seed, held=held, rng=rng)]
    return public + _respelt(public, rng) + own + sums + talk + _in_context(public, own + talk, rng)


def labels_of(template: Template) -> dict[str, float]:
    """A template's labels. Without a positive one it is clean; a positive one leaves the rest unsaid."""
    if not any(template.labels.values()):
        return {**CLEAN}
    marks = {"self_harm": 0.0, "dangerous_request": 0.0, **template.labels}
    if marks["self_harm"]:
        del marks["dangerous_request"]
        return {**marks, "identity_attack": 0.0, "threat": 0.0}
    return marks


def _own(template: Template, rng: random.Random) -> list[Row]:
    """Fillings of one template, and other spellings of them; held-out rows keep the plain spelling as well."""
    words, labels, source = slots(), labels_of(template), f"own:{template.file}:{template.section}"
    weight = _WEIGHT.get(template.file, 1.5)
    harmful = any(labels.values())
    count = _FILLINGS[template.file]
    held = TESTED.get(template.file, 8) if template.split == "test" else 8
    texts = fillings(template, words, rng, count if template.split == "train" else held)
    rows = [Row(t, labels, source, template.split, weight) for t in texts]
    if template.split != "train":
        if harmful:
            rows += [Row(rng.choice(_BAD_SPELLINGS)(t, rng), labels, source + ":spelt", template.split) for t in texts]
        return rows
    spellings = _BAD_SPELLINGS if harmful else _GOOD_SPELLINGS
    for text in texts[: max(4, count // 3)]:
        for change in rng.sample(spellings, 2):
            other = change(text, rng)
            if other != text and len(other) > 1:
                rows.append(Row(other, labels, source + ":spelt", template.split, weight * 0.7))
    return rows


def _respelt(public: Sequence[Row], rng: random.Random, share: float = 0.12) -> list[Row]:
    """Some of the public rows, good and bad alike, in other spellings, so that a spelling says nothing by itself."""
    rows = []
    for row in public:
        if row.split == "train" and rng.random() < share:
            text = rng.choice(_BAD_SPELLINGS)(row.text, rng)
            rows.append(Row(text, row.labels, row.source + ":spelt", row.split, row.weight * 0.8, row.context))
    return rows


def word_problems(path: Path, at_most: int, rng: random.Random) -> list[Row]:
    """Benign word problems and sentences of their solutions."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        problems = [msgspec.json.decode(line) for line in lines]
    rows = []
    for problem in rng.sample(problems, at_most):
        split = split_of(problem["question"])
        rows.append(Row(problem["question"], {**CLEAN}, "gsm8k", split))
        solution = re.sub(r"<<.*?>>", "", problem["answer"].split("####")[0]).strip().splitlines()
        rows.append(Row(rng.choice(solution), {**CLEAN}, "gsm8k", split))
        words = re.findall(r"[a-z']+", problem["question"].lower())
        start, length = rng.randrange(len(words)), rng.choice((1, 1, 2, 3))
        rows.append(Row(" ".join(words[start : start + length]), {**CLEAN}, "own:learner:words", split))
    return rows


def conversations(seed: int, *, held: bool, rng: random.Random) -> list[Row]:
    """Sentences of the tutor model's own training conversations, with what was said before: all benign."""
    count, split = (150, "") if held else (700, "train")
    source = talks(seed + 10 + held, pool(seed + 20 + held, count, held=held), held=held)
    found: dict[tuple[str, str], Row] = {}
    for _ in range(count):
        for turn in next(source).turns:
            part = split or rng.choice(("dev", "test"))
            found[turn.words, ""] = Row(turn.words, {**CLEAN}, "own:learner:talk", part)
            sentences = re.split(r"(?<=[.!?])\s+", turn.reply)
            for number, sentence in enumerate(sentences):
                before = " ".join([turn.words, *sentences[max(0, number - 2) : number]]) if rng.random() < 0.5 else ""
                found[sentence, before] = Row(sentence, {**CLEAN}, "own:tutor:talk", part, 1.0, before)
    return list(found.values())


def messages() -> list[Row]:
    """Learners' messages by which intents are recognised, those of distress left out: benign, for choosing levels."""
    text = resources.files("tutor.tutoring").joinpath("intent_prototypes.toml").read_text(encoding="utf-8")
    groups, found = [tomllib.loads(text)], []
    for group in groups:
        groups += [part for part in group.values() if isinstance(part, dict)]
        found += [t for key, texts in group.items() if isinstance(texts, list) and key != "distress" for t in texts]
    return [Row(t, {**CLEAN}, "own:intents", "dev") for t in found]


def _in_context(public: Sequence[Row], own: Sequence[Row], rng: random.Random) -> list[Row]:
    """A text keeps its own labels whatever was said before it: clean after bad, bad after clean, both alike."""
    rows = []
    for split, count in (("train", 8000), ("dev", 700), ("test", 700)):
        bad = [r for r in (*public, *own) if r.split == split and any(r.labels.values()) and not r.context]
        clean = [r for r in own if r.split == split and not any(r.labels.values())]
        said = [r for r in clean if r.source.startswith("own:tutor")]
        for number in range(count):
            before, text = (
                (rng.choice(bad), rng.choice(said if rng.random() < 0.7 else clean))
                if number % 3 == 0
                else (rng.choice(clean), rng.choice(clean))
                if number % 3 == 1
                else (rng.choice(clean), rng.choice(bad))
            )
            rows.append(Row(text.text, text.labels, text.source + ":context", split, 0.8, before.text))
    return rows
