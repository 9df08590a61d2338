"""The thresholds file: readable, changeable, checked when loaded."""

from pathlib import Path

import pytest

from tutor import paths
from tutor.domain import AgeBand, Direction
from tutor.errors import UserError
from tutor.moderation import thresholds


def _file(folder: Path, text: str) -> Path:
    path = folder / "thresholds.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_band_of_its_own_wins_over_the_star(tmp_path: Path) -> None:
    loaded = thresholds.load(_file(tmp_path, '[input.obscene]\n"*" = [0.2, 0.4]\n"14-17" = [0.6, 0.8]\n'))
    assert loaded.levels("obscene", Direction.INPUT, AgeBand.A14_17).block == 0.8
    assert loaded.levels("obscene", Direction.INPUT, AgeBand.A5_7).block == 0.4


def test_a_label_that_is_not_named_has_cautious_levels(tmp_path: Path) -> None:
    loaded = thresholds.load(_file(tmp_path, '[input.obscene]\n"*" = [0.2, 0.4]\n'))
    assert loaded.levels("threat", Direction.OUTPUT, AgeBand.A5_7) == thresholds.Levels(*thresholds.CAUTIOUS)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "empty"),
        ("not toml [", "cannot be read"),
        ('[sideways.toxicity]\n"*" = [0.2, 0.4]', "sideways"),
        ('[input.toxicity]\n"8-10" = [0.2, 0.4]', "needs a line"),
        ('[input.toxicity]\n"*" = [0.2]', "two numbers"),
        ('[input.toxicity]\n"*" = ["a", "b"]', "two numbers"),
        ('[input.toxicity]\n"*" = [0.6, 0.4]', "review must be"),
        ('[input.toxicity]\n"*" = [0.0, 0.4]', "review must be"),
        ('[input.toxicity]\n"*" = [0.2, 1.5]', "review must be"),
        ('[input.toxicity]\n"*" = [nan, nan]', "review must be"),
        ('[input.toxicity]\n"*" = [true, true]', "two numbers"),
        ('[input.toxicity]\n"*" = [0.2, 0.4]\n"9-99" = [0.2, 0.4]', "9-99"),
        ('[input.self_harm]\n"*" = [0.2, 1.0]', "cannot be switched off"),
        ('[output.threat]\n"*" = [0.2, 0.9]\n"18+" = [0.5, 1.01]', "cannot be switched off"),
        ("input = 3", "must be a table"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place_to_mend(text: str, named: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not in order") as caught:
        thresholds.load(_file(tmp_path, text))
    assert named in str(caught.value)
    assert caught.value.code == "bad_thresholds"


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError):
        thresholds.load(tmp_path / "none.toml")


def test_the_shipped_file_names_every_label_both_ways_and_is_never_laxer_for_the_young() -> None:
    loaded = thresholds.load(paths.safety_model() / thresholds.FILE)
    labels = {label for _, label, _ in loaded.table}
    assert len(labels) == 9
    for direction in Direction:
        for label in labels:
            blocks = [loaded.levels(label, direction, band).block for band in AgeBand]
            assert blocks == sorted(blocks), (direction, label)
            assert (direction, label, AgeBand.A5_7) in loaded.table
