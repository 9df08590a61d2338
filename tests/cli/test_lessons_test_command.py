"""`tutor lessons test FILE` with the real starter: a table, one JSON object, and words for what cannot be."""

from pathlib import Path

import msgspec
import pytest
from lesson_made import LESSON

from tutor import paths
from tutor.cli.lessons_test import passages, show
from tutor.cli.main import main
from tutor.lessons import file
from tutor.rehearsal import students
from tutor.rehearsal.results import BROKEN, HELD, Cell, Rehearsal

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


def test_the_table_is_readable_in_a_narrow_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    every = tuple(students.every())
    cells = tuple(
        Cell(rule=rule, student=name, state=BROKEN if (rule, name) == ("withhold", "begs") else HELD, talks=1)
        for rule in ("withhold", "correctness")
        for name in every
    )
    show(Rehearsal(lesson_key="k", lesson_sha256="0", cells=cells), LESSON, every_turn=False)
    out = capsys.readouterr().out
    line = next(line for line in out.splitlines() if line.startswith("Withholding answers"))
    assert line.split()[2:] == ["NO", *["ok"] * (len(every) - 1)]
    assert "Agreement with the answer key" in out and "NO: broken" in out
    assert max(map(len, out.splitlines())) <= 80


def test_a_number_of_items_below_one_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    for number in ("0", "-1", "x"):
        with pytest.raises(SystemExit) as raised:
            main(["lessons", "test", str(SAMPLE), "--items", number])
        assert raised.value.code == 2 and "is no number from 1 on" in capsys.readouterr().err


def test_a_lesson_is_tried_with_the_passages_that_came_with_it() -> None:
    with passages(file.read_folder(paths.sample_lessons() / "great-fire")) as find:
        (first, *_) = find("Where did the fire begin, in which bakery?")
    assert "bak" in first.text.lower() and first.place
