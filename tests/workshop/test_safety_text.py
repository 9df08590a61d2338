"""What the safety classifier learns from: our templates, their split, their labels, other spellings, public rows."""

import gzip
import json
import random
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from tutor.errors import UserError
from tutor.moderation import spelling
from tutor.workshop.safety import groups, guesses, measure, phrases, rows, sources, train, variants
from tutor.workshop.safety.sources import LABELS, Row

WORDS = phrases.slots()
TEMPLATES = phrases.templates()


def test_every_template_can_be_filled_and_has_known_labels() -> None:
    rng = random.Random(1)
    assert len(TEMPLATES) > 1500
    for template in TEMPLATES:
        text = phrases.fill(template.text, WORDS, rng)
        assert text and not set("{}|[") & set(text), template
        assert set(template.labels) <= set(LABELS), template


def test_a_wording_is_on_one_side_of_the_split_only() -> None:
    parts: dict[str, set[str]] = {}
    for template in TEMPLATES:
        parts.setdefault(template.text, set()).add(template.split)
    assert all(len(found) == 1 for found in parts.values())
    shares = [sum(t.split == part for t in TEMPLATES) / len(TEMPLATES) for part in ("train", "dev", "test")]
    assert 0.75 < shares[0] < 0.85 and min(shares) > 0.06


def test_a_harmful_and_a_harmless_wording_are_never_the_same() -> None:
    def bare(text: str) -> str:
        return " ".join(text.lower().split())

    harmful = {bare(t.text) for t in TEMPLATES if any(t.labels.values())}
    harmless = {bare(t.text) for t in TEMPLATES if not any(t.labels.values())}
    assert not harmful & harmless


def test_each_kind_of_harm_has_harmless_neighbours() -> None:
    for file in (*measure.ALIKE, "groups"):
        own = [t for t in TEMPLATES if t.file == file]
        calm = sum(not any(t.labels.values()) for t in own)
        assert 0.2 < calm / len(own) < 0.8, file


def test_people_stands_for_all_kinds_of_groups() -> None:
    assert len(groups.kinds()) >= 8
    for kind in groups.kinds():
        assert len(WORDS[f"people.{kind}"]) >= 7
        assert set(WORDS[f"people.{kind}"]) <= set(WORDS["people"])
        assert groups.names(kind).search(f"we met {WORDS[f'people.{kind}'][0].lower()} today")


def test_lines_for_false_blocks_name_the_group_in_the_same_frames() -> None:
    first, second = groups.plain_lines("faith", 40), groups.plain_lines("disability", 40)
    assert len(first) == len(second) == 40
    assert all(not any(row.labels.values()) for row in first)
    assert sum(bool(groups.names("faith").search(row.text.lower())) for row in first) >= 36


@pytest.mark.parametrize("change", [variants.leet, variants.look_alike, variants.spaced])
def test_disguises_are_undone_before_the_classifier(change: object) -> None:
    rng = random.Random(4)
    text = "please tell me where people hide weapons under houses"
    back = [spelling.plain(change(text, rng)) for _ in range(20)]  # type: ignore[operator]
    words = [sum(word in found.split() for word in text.split()) for found in back]
    assert sum(words) >= 0.85 * 20 * len(text.split())


def test_other_spellings_keep_the_labels() -> None:
    template = next(t for t in TEMPLATES if t.labels.get("self_harm") and t.split == "train")
    made = rows._own(template, random.Random(2))
    spelt = [r for r in made if r.source.endswith(":spelt")]
    assert spelt and all(r.labels == made[0].labels for r in spelt)


def public(folder: Path, name: str, lines: list[dict[str, object]]) -> None:
    (folder / f"{name}.jsonl.gz").write_bytes(gzip.compress("\n".join(map(json.dumps, lines)).encode()))


def test_public_rows_are_capped_by_their_labels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [{"text": f"line {n}", "label": "abuse" if n % 4 == 0 else "not"} for n in range(400)]
    public(tmp_path, "convabuse", lines)
    monkeypatch.setattr(sources, "SOURCES", {"convabuse": sources.Source(sources._convabuse, 50)})
    found = sources.collect(tmp_path)
    learnt = [r for r in found if r.split == "train"]
    assert sum(bool(r.labels["toxicity"]) for r in learnt) == 50
    assert sum(not r.labels["toxicity"] for r in learnt) == 50
    assert not {r.text for r in learnt} & {r.text for r in found if r.split != "train"}


def test_a_source_that_is_only_tested_on_is_never_learnt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    public(tmp_path, "surge_toxicity", [{"text": f"line {n}", "label": "Toxic"} for n in range(50)])
    monkeypatch.setattr(sources, "SOURCES", {"surge_toxicity": sources.SOURCES["surge_toxicity"]})
    assert {r.split for r in sources.collect(tmp_path)} == {"test"}


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"edos\.jsonl\.gz"):
        sources.collect(tmp_path)


QUIET = Row("a comment that nobody labelled", {**sources.NOT_ASKING}, "edos", "train")
SAID = Row("you are vile", {"toxicity": 1.0}, "edos", "train")
ANSWER = Row("no idea", {"toxicity": 0.0}, "diasafety", "train", context="what do you make of them")
HELD = Row("an answer", {"toxicity": 0.0}, "diasafety", "test", context="what do they say of tests")


def test_a_guess_speaks_only_of_what_nobody_labelled(tmp_path: Path) -> None:
    grave = Row("no", {"toxicity": 0.0}, "diasafety", "train", context="i think of suicide")
    every = [QUIET, SAID, ANSWER, HELD, grave]
    assert [r.text for r in guesses.unlabelled(every)] == [QUIET.text, ANSWER.context]
    assert guesses.filled(every, tmp_path / "none.json") == every
    (tmp_path / "g.json").write_text(json.dumps({QUIET.text: 0.7, ANSWER.context: 0.2}), encoding="utf-8")
    found = guesses.filled(every, tmp_path / "g.json")
    assert [r.labels["toxicity"] for r in found if r.source.startswith("guessed")] == [0.7, 0.2]
    assert QUIET not in found and {SAID.text, ANSWER.text, HELD.text, grave.text} <= {r.text for r in found}
    assert all(r.split == "train" for r in found if r.source.startswith("guessed"))


def test_two_models_that_disagree_meet_in_the_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    scored = torch.zeros(2, len(LABELS))
    scored[:, LABELS.index("toxicity")] = torch.tensor([0.9, 0.5])
    monkeypatch.setattr(train, "scores", lambda *_: scored)
    monkeypatch.setitem(sys.modules, guesses.PACKAGE, SimpleNamespace(predict_prob=lambda _: [0.1, 0.5]))
    assert guesses.guess([QUIET, ANSWER], None, None) == {QUIET.text: 0.5, ANSWER.context: 0.5}


def test_without_the_second_model_the_guesses_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guesses, "PACKAGE", "tutor.no_such_package")
    with pytest.raises(UserError, match="alt-profanity-check"):
        guesses.guess([QUIET], None, None)
