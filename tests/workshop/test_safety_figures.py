"""Measures, thresholds, the card and the recipe of the safety classifier."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tutor.errors import UserError
from tutor.workshop.safety import card, figures, groups, levels, measure, recipe, tradeoff
from tutor.workshop.safety.making import main
from tutor.workshop.safety.sources import CLEAN, LABELS, Row

YES, NO = np.array([True, True, False, False]), np.array([0.9, 0.4, 0.6, 0.1])


def test_auc_counts_pairs_in_the_right_order() -> None:
    assert figures.auc(YES, NO) == 0.75
    assert figures.auc(YES, np.array([0.5, 0.5, 0.5, 0.5])) == 0.5
    assert np.isnan(figures.auc(np.array([True, True]), np.array([0.1, 0.2])))


def test_balanced_accuracy_at_the_level_that_fits_best() -> None:
    assert figures.balanced(YES, NO) == 0.5
    scores = np.array([0.31, 0.35, 0.2, 0.1])
    assert figures.balanced(YES, scores) == 0.5
    assert figures.balanced(YES, scores, figures.best_level(YES, scores)) == 1.0


def test_an_interval_holds_the_value_and_narrows_with_rows() -> None:
    rng = np.random.default_rng(1)

    def width(rows: int) -> float:
        bad = rng.random(rows) < 0.5
        scores = bad * 0.5 + rng.random(rows)
        low, high = figures.interval(bad, scores, figures.auc)
        assert low < figures.auc(bad, scores) < high
        return high - low

    assert width(2000) < width(100) / 2
    assert figures.rate([True] * 9 + [False])["low"] < 0.9 < figures.rate([True] * 9 + [False])["high"]
    assert np.isnan(figures.rate([])["share"])


def rows_of(group: str, scores: list[tuple[float, float]]) -> tuple[list[Row], list[dict[str, float]]]:
    """A harmful and a harmless row for each pair of scores."""
    rows, scored = [], []
    for bad, calm in scores:
        rows += [Row(f"{group} x", {"toxicity": 1.0}, "s", "test"), Row(f"{group} y", {**CLEAN}, "s", "test")]
        scored += [{"toxicity": bad}, {"toxicity": calm}]
    return rows, scored


def test_bias_shows_the_group_whose_harmless_text_scores_high() -> None:
    rows, scored = rows_of("muslims", [(0.9, 0.8), (0.7, 0.6)])
    more, others = rows_of("nobody", [(0.5, 0.1), (0.4, 0.2)])
    found = {row["group"]: row for row in groups.bias(rows + more, scored + others)}
    faith = found["faith"]
    assert faith["rows"] == 4
    assert faith["subgroup"]["auc"] == 0.75
    assert faith["BPSN"]["auc"] == 0.0  # harmless text about them scores above all abuse of others
    assert faith["BNSP"]["auc"] == 1.0
    assert found["age"]["rows"] == 0


def test_the_level_is_chosen_on_other_rows_than_it_is_used_on() -> None:
    dev, dev_scores = rows_of("a", [(0.4, 0.1), (0.3, 0.2)])
    test, scores = rows_of("b", [(0.45, 0.15), (0.3, 0.1)])
    level = measure.level_of(dev, dev_scores)
    (row,) = measure.by_source(test, scores, level)
    assert row["auc"] == 1.0
    assert row["balanced"]["value"] == 0.5 and row["balanced at level"]["value"] == 1.0


def scores(**values: float) -> dict[str, float]:
    return {**dict.fromkeys(LABELS, 0.01), **values}


def test_levels_rise_until_few_benign_texts_are_stopped() -> None:
    benign = [scores(toxicity=0.3 + n / 200) for n in range(100)] + [scores()] * 100
    harmful = [(scores(toxicity=0.95), {"toxicity"})] * 20
    chosen = levels.choose(benign, harmful, 0.01)
    assert sum(s["toxicity"] >= chosen["toxicity"] for s in benign) <= 2
    assert chosen["toxicity"] < 0.95
    assert chosen["threat"] == levels.FLOOR["threat"]


def test_the_picture_of_the_trade_off_is_a_small_png(tmp_path: Path) -> None:
    benign, harmful = [scores()] * 5, [(scores(threat=0.9), {"threat"})] * 3
    tradeoff.draw(tmp_path / "t.png", benign, harmful, dict.fromkeys(LABELS, 0.5), 0.01)
    data = (tmp_path / "t.png").read_bytes()
    assert data.startswith(b"\x89PNG") and len(data) < 120_000


def made() -> dict[str, Any]:
    value = {"value": 0.8, "low": 0.7, "high": 0.9}
    rate = {"share": 0.5, "low": 0.4, "high": 0.6, "rows": 1200}
    area = {"auc": 0.91234, "low": 0.9, "high": 0.93}
    return {
        "labels": [{"label": "threat", "rows": 3000, "positive": 7, "balanced": 0.75, **area}],
        "level": 0.4,
        "sources, toxicity": [{"source": "edos", "rows": 5, **area, "balanced": value, "balanced at level": value}],
        "bias": [{"group": "faith", "rows": 9, "subgroup": area, "BPSN": area, "BNSP": area}],
        "groups": [{"group": "faith", "rows": 120, "stopped": 0.025}],
        "product": {"disclosures": rate},
        "spellings": [{"spelling": "as written", **rate}],
        "same verdict": rate,
    }


def test_the_card_gets_the_figures_between_its_marks(tmp_path: Path) -> None:
    page, file = tmp_path / "README.md", tmp_path / "figures.json"
    page.write_text(f"before\n{card.START}\nold\n{card.END}\nafter\n", encoding="utf-8")
    file.write_text(json.dumps(made()), encoding="utf-8")
    card.update(page, file)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n") and text.endswith("\nafter\n") and "old" not in text
    assert "| threat | 3,000 | 7 | 0.912 (0.900-0.930) | 0.750 |" in text
    assert "2.5% of 120" in text and "50.0% (40.0%-60.0%)" in text
    for line in text.splitlines():
        assert line.count("|") in (0, 4, 5, 6, 7)


def test_a_card_without_marks_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("nothing", encoding="utf-8")
    (tmp_path / "f.json").write_text(json.dumps(made()), encoding="utf-8")
    with pytest.raises(ValueError, match="no place"):
        card.update(tmp_path / "README.md", tmp_path / "f.json")


def test_the_recipe_that_ships_can_be_read() -> None:
    found = recipe.read()
    assert found.passes and all(one.minutes <= 60 for one in found.passes)


@pytest.mark.parametrize(
    "text",
    [
        'version = "1"\nseed = 1\npasses = []',
        'version = "1"\nseed = 1\nspeed = 2\n[[passes]]\nminutes = 1\nepochs = 1\nrate = 1e-4\nseed = 1',
        'version = "1"\nseed = 1\n[[passes]]\nminutes = -1\nepochs = 1\nrate = 1e-4\nseed = 1',
        'version = "1"\nseed = 1\n[[passes]]\nminutes = 1\nepochs = 1\nrate = 1e-4\nseed = 1\n'
        '[[ends]]\nfile = "a"\nshare = 0.5',
        "nonsense",
    ],
)
def test_a_recipe_that_is_not_in_order_is_named(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=r"mine\.toml"):
        recipe.read(file)
    assert main(["levels", "--data", str(tmp_path), "--recipe", str(file), "--out", str(tmp_path)]) == 1
    assert "mine.toml" in capsys.readouterr().err


def test_missing_data_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["measure", "--data", str(tmp_path), "--out", str(tmp_path)]) == 1
    assert "edos.jsonl.gz" in capsys.readouterr().err
