"""The bench of guidelines' checks: enough labelled lines, none that was tuned on, and no worse than told."""

import tomllib
from collections import Counter
from typing import Any

from tutor.bench import rules

SETS = ("choices", "accepted", "topics", "passages", "required", "avoid")


def lines(data: dict[str, Any]) -> set[str]:
    groups = [group for value in data.values() for group in (value if isinstance(value, list) else [value])]
    return {
        text
        for g in groups
        for name, texts in g.items()
        if isinstance(texts, list) and name not in SETS
        for text in texts
    }


def test_nothing_is_measured_on_what_it_was_tuned_on() -> None:
    files = (rules.TUNING, rules.HELD_OUT, rules.LATER)
    tuned, held_out, later = (tomllib.loads(path.read_text(encoding="utf-8")) for path in files)
    assert not lines(tuned) & (lines(held_out) | lines(later)) and not lines(held_out) & lines(later)
    assert not set(tuned) ^ set(held_out)


def test_each_check_has_forty_lines_and_both_kinds() -> None:
    found = rules.measure(tomllib.loads(rules.HELD_OUT.read_text(encoding="utf-8")), None)
    counted = Counter(line.check for line in found)
    assert set(counted) == set(rules._CHECKS) and min(counted.values()) >= 40
    for check in counted:
        labels = Counter(line.breaks for line in found if line.check == check)
        assert min(labels[True], labels[False]) >= 15


def test_checks_without_the_encoder_are_no_worse_than_told() -> None:
    found = rules.measure(tomllib.loads(rules.HELD_OUT.read_text(encoding="utf-8")), None)
    for check in ("withhold", "questions", "length", "reading_level", "sources", "guidelines", "words"):
        mine = [line for line in found if line.check == check]
        assert sum(line.fired == line.breaks for line in mine) >= 0.9 * len(mine), check
