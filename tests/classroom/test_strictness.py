"""A school's choice of safety levels: stricter moves all, laxer never what protects children."""

from pathlib import Path

import pytest

from tutor import paths
from tutor.classroom import strictness
from tutor.domain import AgeBand, Direction
from tutor.errors import UserError
from tutor.moderation import thresholds
from tutor.moderation.thresholds import ALWAYS_ON

SHIPPED = paths.safety_model() / thresholds.FILE


def test_as_shipped_is_the_file_beside_the_classifier(tmp_path: Path) -> None:
    assert strictness.file(strictness.SHIPPED, SHIPPED, tmp_path) == "" and not list(tmp_path.iterdir())


@pytest.mark.parametrize("how", [strictness.STRICTER, strictness.LAXER])
def test_levels_move_the_way_that_was_chosen(tmp_path: Path, how: str) -> None:
    shipped = thresholds.load(SHIPPED)
    chosen = thresholds.load(Path(strictness.file(how, SHIPPED, tmp_path)))
    assert chosen.table.keys() >= shipped.table.keys() and {band for _, _, band in chosen.table} == set(AgeBand)
    for (direction, label, band), before in shipped.table.items():
        after = chosen.levels(label, Direction(direction), band)
        if how == strictness.STRICTER:
            assert after.block < before.block and after.review < before.review
        elif label in ALWAYS_ON:
            assert after.block == pytest.approx(before.block, abs=1e-4)
        else:
            assert before.block < after.block < 1


def test_a_choice_that_cannot_be_written_is_no_silent_return_to_less(tmp_path: Path) -> None:
    occupied = tmp_path / "home"
    occupied.write_text("a file where the folder should be")
    with pytest.raises(UserError, match="does not answer with others"):
        strictness.file(strictness.STRICTER, SHIPPED, occupied)
