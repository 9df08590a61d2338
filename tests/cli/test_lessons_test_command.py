"""`tutor lessons test FILE` with the real starter: a table, one JSON object, and words for what cannot be."""

from pathlib import Path

import msgspec
import pytest

from tutor import paths
from tutor.cli.lessons_test import passages
from tutor.cli.main import main
from tutor.lessons import file
from tutor.rehearsal.results import HELD, Rehearsal

SAMPLE = paths.sample_lessons() / "fractions-of-amounts" / "lesson.toml"


def test_a_sample_lesson_is_tried_out_by_one_student(capfd: pytest.CaptureFixture[str]) -> None:
    code = main(["lessons", "test", str(SAMPLE), "--student", "claims", "--items", "1", "--json"])
    found = msgspec.json.decode(capfd.readouterr().out, type=Rehearsal)
    assert found.students == ("claims",) and len(found.talks) == 1 and found.model
    withheld = found.cell("withhold", "claims")
    assert withheld is not None and withheld.state == HELD and code == (1 if found.broken_blocking else 0)


def test_what_is_no_lesson_or_no_student_is_said(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("title = ")
    assert main(["lessons", "test", str(broken)]) == 1
    assert main(["lessons", "test", str(SAMPLE), "--student", "nobody"]) == 1
    assert "There is no student nobody" in capfd.readouterr().err


def test_a_lesson_is_tried_with_the_passages_that_came_with_it() -> None:
    with passages(file.read_folder(paths.sample_lessons() / "great-fire")) as find:
        (first, *_) = find("Where did the fire begin, in which bakery?")
    assert "bak" in first.text.lower() and first.place
