"""Lessons in and out of the desk, with the files of their materials."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from lesson_made import LESSON, changed

from tutor import paths
from tutor.classroom.exchange import LessonExchange, left_out
from tutor.domain import LessonState, Material
from tutor.errors import UserError
from tutor.lessons import file
from tutor.lessons.shelf import Shelf
from tutor.store import Store

TEXT = b"# Halves\n\nA half is one of two equal parts.\n"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[LessonExchange]:
    with Store.open(tmp_path / "tutor.db") as store:
        yield LessonExchange(store, Shelf(tmp_path / "materials"), paths.sample_lessons())


@pytest.fixture
def good(tmp_path: Path) -> Path:
    file.write(LESSON, tmp_path / "good.lesson", {"halves.md": TEXT})
    return tmp_path / "good.lesson"


def test_what_is_looked_into_changes_nothing_and_what_is_taken_in_is_a_draft(
    desk: LessonExchange, good: Path, tmp_path: Path
) -> None:
    found = desk.look_into(good)
    assert desk.lessons() == () and not (tmp_path / "materials").exists()
    came: list[tuple[str, bytes, str, str]] = []
    desk.material_came = lambda *each: came.append(each)
    made = desk.take_in(found)
    assert made.state is LessonState.DRAFT and made.lesson.key == "halves"
    assert came == [("halves.md", TEXT, "All about halves", "CC BY 4.0")]
    assert desk.export(made.id, tmp_path / "out.lesson") == ()
    assert (tmp_path / "out.lesson").read_bytes() != b"" and file.read(
        tmp_path / "out.lesson"
    ).materials == found.materials


def test_a_lesson_that_is_here_gets_the_file_as_its_draft_or_as_a_lesson_of_its_own(
    desk: LessonExchange, good: Path
) -> None:
    first = desk.publish(desk.take_in(desk.look_into(good)).lesson_id)
    file.write(changed(title="Newer"), good, {"halves.md": TEXT})
    draft = desk.take_in(desk.look_into(good))
    assert (draft.lesson_id, draft.number, draft.lesson.title) == (first.lesson_id, 2, "Newer")
    assert desk.versions(first.lesson_id)[1].state is LessonState.PUBLISHED
    other = desk.take_in(desk.look_into(good), as_new=True)
    assert other.lesson_id != first.lesson_id and other.lesson.key.startswith("newer-")
    desk.undo()
    assert [line.title for line in desk.lessons()] == ["Newer"]
    desk.undo()
    assert [v.lesson.title for v in desk.versions(first.lesson_id)] == ["Halves and quarters"]


def test_a_material_that_is_not_whole_any_more_is_left_out_and_named(
    desk: LessonExchange, good: Path, tmp_path: Path
) -> None:
    made = desk.take_in(desk.look_into(good))
    (kept,) = (tmp_path / "materials").iterdir()
    kept.write_bytes(b"damaged")
    assert desk.export(made.id, tmp_path / "out.lesson") == ("halves.md",)
    assert desk.look_into(tmp_path / "out.lesson").materials == {}
    kept.unlink()
    found = desk.look_into(tmp_path / "out.lesson")
    assert [fault.field for fault in found.faults] == ["materials.0"]
    again = desk.take_in(found, as_new=True)
    assert desk.not_here(again.lesson) == ("halves.md",) and "materials.0" in {
        f.field for f in desk.faults(again.lesson)
    }
    assert desk.publish(again.lesson_id).lesson.materials == made.lesson.materials


def test_a_lesson_whose_material_never_came_goes_out_and_in_again(desk: LessonExchange, tmp_path: Path) -> None:
    file.write(LESSON, tmp_path / "bare.toml")
    bare = desk.take_in(desk.look_into(tmp_path / "bare.toml"))
    missing = desk.export(bare.id, tmp_path / "out.lesson")
    assert missing == ("halves.md",)
    said = left_out(missing, tmp_path / "out.lesson")
    assert "halves.md" in said and "All the rest is" in said
    assert "Save a .lesson" in left_out(missing, tmp_path / "out.toml") and left_out((), tmp_path / "out.toml") == ""
    again = desk.take_in(desk.look_into(tmp_path / "out.lesson"), as_new=True)
    assert again.lesson.items == LESSON.items and desk.not_here(again.lesson) == ("halves.md",)


def test_nothing_is_noted_where_the_very_file_is_here_already(desk: LessonExchange, good: Path, tmp_path: Path) -> None:
    made = desk.take_in(desk.look_into(good))
    desk.export(made.id, tmp_path / "out.toml")
    assert desk.look_into(tmp_path / "out.toml").faults == () and desk.faults(made.lesson) == ()


def test_what_came_while_nobody_could_read_it_is_read_in_later_once(desk: LessonExchange, good: Path) -> None:
    desk.take_in(desk.look_into(good))
    came: list[str] = []
    desk.material_came = lambda name, data, title, licence: came.append(name)
    desk.read_in_waiting()
    assert came == ["halves.md"]
    sha256 = desk.versions(1)[0].lesson.materials[0].sha256
    desk._store.add_material(sha256, [("Halves", "Halves", "A half.")], title="t", name="halves.md", kind="markdown")
    desk.read_in_waiting()
    assert came == ["halves.md"]


def test_a_sample_that_is_not_there_is_said(desk: LessonExchange) -> None:
    with pytest.raises(UserError) as raised:
        desk.use_sample("../../etc")
    assert raised.value.code == "not_found"


def test_the_shelf_keeps_a_file_once_and_gives_only_what_is_whole(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf")
    sha256 = shelf.put(TEXT)
    assert shelf.put(TEXT) == sha256 and shelf.get(sha256) == TEXT
    assert [path.name for path in (tmp_path / "shelf").iterdir()] == [sha256]
    assert shelf.get("../tutor.db") is None and shelf.get("0" * 64) is None
    other = shelf.put(b"other")
    shelf.keep_only({other})
    assert shelf.get(sha256) is None and shelf.get(other) == b"other"
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UserError) as raised:
        Shelf(tmp_path / "file").put(b"x")
    assert raised.value.code == "disk_full"


def test_a_material_named_in_a_lesson_alone_is_no_path(desk: LessonExchange, tmp_path: Path) -> None:
    hostile = changed(materials=(Material(name="../../evil.md", title="t", sha256="../../../etc/passwd"),))
    made = desk.add(hostile)
    assert desk.export(made.id, tmp_path / "out.lesson") == ("../../evil.md",)
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix == ".md") == []
