"""`tutor lessons`: for the teacher, files for everyone, exit codes that scripts can rely on."""

import json
from pathlib import Path

import pytest
from lesson_made import LESSON, changed, with_item

from tutor import paths
from tutor.cli.main import main
from tutor.domain import AgeBand
from tutor.lessons import file
from tutor.store import Store

MATERIALS = {"halves.md": b"# Halves\n"}


@pytest.fixture
def teacher(own_home: Path, tmp_path: Path) -> list[str]:
    with Store.open(paths.database()) as store:
        store.set_passphrase("4711")
        store.add_learner("Amira", "owl", AgeBand.A8_10, "en-GB")
    secret = tmp_path / "pin"
    secret.write_text("4711\n")
    return ["lessons", "--passphrase-file", str(secret)]


@pytest.fixture
def good(tmp_path: Path) -> Path:
    file.write(LESSON, tmp_path / "good.lesson", MATERIALS)
    return tmp_path / "good.lesson"


def said(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_lesson_goes_in_is_published_and_comes_out_again(
    teacher: list[str], good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*teacher, "import", str(good), "--json"]) == 0
    (made,) = said(capsys)
    assert (made["key"], made["state"], made["faults"]) == ("halves", "draft", [])
    assert main([*teacher, "publish", "halves", "--json"]) == 0
    published = said(capsys)[0]
    assert published["state"] == "published" and published["faults"] == [], "its words were looked at, and are fine"
    assert main([*teacher, "list", "--json"]) == 0
    assert said(capsys)[0]["title"] == "Halves and quarters"
    assert main([*teacher, "list"]) == 0
    assert "1  published  maths  8-10  Halves and quarters" in capsys.readouterr().out
    for name in ("out.lesson", "out.toml", "out.csv", "out.apkg"):
        assert main([*teacher, "export", "1", str(tmp_path / name)]) == 0
    assert "not in it: halves.md" in capsys.readouterr().out
    back = file.read(tmp_path / "out.lesson")
    assert back.materials == MATERIALS and back.lesson.items == LESSON.items
    assert main([*teacher, "import", str(tmp_path / "out.csv"), "--into", "halves"]) == 0
    assert "2 items were added to the draft." in capsys.readouterr().out
    assert main([*teacher, "show", "halves", "--json"]) == 0
    (shown,) = said(capsys)
    assert shown["version"] == 2 and len(shown["lesson"]["items"]) == 4  # type: ignore[index]
    assert main([*teacher, "export", "1", str(tmp_path / "first.toml"), "--version", "1"]) == 0
    assert len(file.read(tmp_path / "first.toml").lesson.items) == 2


def test_only_the_teacher_touches_what_is_stored(own_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lessons", "list"]) == 1
    assert "not set up" in capsys.readouterr().err


def test_files_are_checked_without_a_passphrase_and_problems_have_lines(
    own_home: Path, tmp_path: Path, good: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lessons", "check", str(good)]) == 0
    assert "in order (2 items)" in capsys.readouterr().out
    file.write(with_item(hints=("It is 32.",)), tmp_path / "leaky.toml")
    (tmp_path / "wrong.toml").write_text('format = "tutor-lesson"\nkey = "a"\ntitel = "b"\n')
    assert main(["lessons", "check", str(good), str(tmp_path / "leaky.toml"), str(tmp_path / "wrong.toml")]) == 1
    out = capsys.readouterr()
    assert "item q1, hint 1: This hint holds the answer." in out.out and "Did you mean “title”?" in out.err
    assert main(["lessons", "check", "--json", str(tmp_path / "wrong.toml"), str(tmp_path / "none.toml")]) == 1
    first, second = said(capsys)
    assert first["good"] is False and {"field": "titel", "line": 3}.items() <= first["faults"][1].items()  # type: ignore[index]
    assert "no file" in str(second["refused"])
    assert main(["lessons", "show", str(good)]) == 0
    assert "q1  What is half of 64?  →  32" in capsys.readouterr().out


def test_the_samples_are_shown_without_a_passphrase(own_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lessons", "samples", "--json"]) == 0
    assert {"great-fire", "water-cycle"} <= {each["name"] for each in said(capsys)}
    assert main(["lessons", "samples"]) == 0
    assert "great-fire  history  8-10  The Great Fire of London" in capsys.readouterr().out


@pytest.mark.parametrize("what", ["check", "test", "show"])
def test_a_file_that_is_only_looked_at_is_not_said_to_have_been_left_out(
    own_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    (tmp_path / "other.toml").write_text("a = 1")
    (tmp_path / "broken.toml").write_text("title = ")
    (tmp_path / "wrong.toml").write_text('format = "tutor-lesson"\nkey = "a"\ntitel = "b"\n')
    for name in ("other.toml", "broken.toml", "wrong.toml", "none.toml"):
        assert main(["lessons", what, str(tmp_path / name)]) == 1
        told = capsys.readouterr().err
        assert name in told and "nothing was taken in" not in told.lower() and "was not taken in" not in told


def test_a_draft_is_not_replaced_unasked(
    teacher: list[str], good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*teacher, "import", str(good)]) == 0
    assert main([*teacher, "import", str(good)]) == 0
    file.write(changed(title="Other words"), tmp_path / "other.toml")
    assert main([*teacher, "import", str(tmp_path / "other.toml")]) == 1
    assert "--replace" in capsys.readouterr().err
    assert main([*teacher, "import", str(tmp_path / "other.toml"), "--replace"]) == 0
    assert main([*teacher, "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["title"] == "Other words"


def test_what_has_problems_is_not_published(
    teacher: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write(changed(items=()), tmp_path / "x.toml")
    file.write(with_item(answer=""), tmp_path / "y.toml")
    assert main([*teacher, "import", str(tmp_path / "x.toml")]) == 0
    assert main([*teacher, "import", str(tmp_path / "y.toml"), "--new"]) == 0
    capsys.readouterr()
    assert main([*teacher, "publish", "2"]) == 1
    assert "item q1, answer: The answer is missing." in capsys.readouterr().err
    assert main([*teacher, "publish", "nothing"]) == 1
    assert main([*teacher, "export", "1", str(tmp_path / "x.pdf")]) == 1
    assert main([*teacher, "import", str(tmp_path / "pin"), "--into", "1"]) == 1


def test_wrong_usage_is_told_from_failure(own_home: Path) -> None:
    for words in (["lessons"], ["lessons", "fly"], ["lessons", "check"], ["lessons", "export", "1"]):
        with pytest.raises(SystemExit) as raised:
            main(words)
        assert raised.value.code == 2
    with pytest.raises(SystemExit) as helped:
        main(["lessons", "--help"])
    assert helped.value.code == 0


def test_a_text_of_a_lesson_moves_no_cursor(own_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write(changed(title="Halves \x1b[2J", summary="\x1b]0;evil\x07"), tmp_path / "x.toml")
    assert main(["lessons", "show", str(tmp_path / "x.toml")]) == 0
    assert "\x1b" not in capsys.readouterr().out


def test_words_that_learners_would_be_shown_are_looked_at_when_a_lesson_is_published(
    teacher: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write(changed(summary="You are a stupid worthless idiot and everybody hates you."), tmp_path / "rude.toml", {})
    assert main([*teacher, "import", str(tmp_path / "rude.toml"), "--json"]) == 0
    capsys.readouterr()
    assert main([*teacher, "publish", "halves"]) == 1
    told = capsys.readouterr().err
    assert "summary: The safety checks would not show these words" in told and "--anyway" in told
    with Store.open(paths.database()) as store:
        assert store.lessons()[0].published_id is None
    assert main([*teacher, "publish", "halves", "--anyway", "--json"]) == 0
    assert [fault["field"] for fault in said(capsys)[0]["faults"]] == ["summary"]


def test_words_that_nobody_could_look_at_are_not_published_unread(
    teacher: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "safety_model", lambda: tmp_path / "none")
    file.write(LESSON, tmp_path / "x.lesson", MATERIALS)
    assert main([*teacher, "import", str(tmp_path / "x.lesson")]) == 0
    assert main([*teacher, "publish", "halves"]) == 1
    assert "have not looked at these words" in capsys.readouterr().err
    assert main([*teacher, "publish", "halves", "--anyway"]) == 0


def test_what_was_probably_meant_is_said_where_arguments_do_not_fit(
    teacher: list[str], good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "items.csv"
    table.write_text("question,answer\nWhat is 3+3?,6\n")
    assert main([*teacher, "import", str(good)]) == 0
    for arguments, words in (
        (["import", str(table)], "--into LESSON"),
        (["import", str(good), "--into", "halves"], "Leave --into out"),
        (["import", str(tmp_path)], "is a folder"),
        (["show", "nope.toml"], "There is no file nope.toml"),
        (["export", "halves", str(tmp_path / "x")], "There are: .lesson, .toml, .csv, .apkg."),
        (["export", "halves", str(tmp_path / "x.lesson"), "--version", "7"], "There are: 1."),
    ):
        capsys.readouterr()
        assert main([*teacher, *arguments]) == 1
        assert words in capsys.readouterr().err
    for arguments, words in (([], "WHAT"), (["import", str(good), "--new", "--replace"], "not allowed with")):
        with pytest.raises(SystemExit) as raised:
            main([*teacher, *arguments])
        assert raised.value.code == 2 and words in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.glob("x*")) == []


def test_the_passphrase_file_may_stand_behind_what_is_to_be_done(
    teacher: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    _, option, secret = teacher
    assert main(["lessons", "list", option, secret]) == 0
    assert "There is none." in capsys.readouterr().out
