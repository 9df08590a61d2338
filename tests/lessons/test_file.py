"""Lesson files: what is written comes back the same, problems have lines, writing never leaves half a file."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lesson_made import ITEM, LESSON, changed

from tutor.domain import Item, Lesson, Material, Misconception, Severity
from tutor.domain_lessons import Forbidden, ReadingLevel, Wish, Words
from tutor.errors import UserError
from tutor.lessons import file, toml
from tutor.lessons.faults import LessonFault

MATERIALS = {"halves.md": b"# Halves\n\nA half is one of two equal parts.\n"}
LINE = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=30)
ITEMS = st.builds(
    Item,
    id=LINE,
    question=LINE,
    answer=LINE,
    accepted=st.lists(LINE, max_size=3).map(tuple),
    tolerance=st.floats(0, 1e6),
    choices=st.lists(LINE, max_size=3).map(tuple),
    hints=st.lists(LINE, max_size=3).map(tuple),
    steps=st.lists(LINE, max_size=2).map(tuple),
    misconceptions=st.lists(st.builds(Misconception, answer=LINE, why=LINE, say=LINE), max_size=2).map(tuple),
)
RULES = st.one_of(
    st.builds(Wish, text=LINE, note=LINE, severity=st.sampled_from(Severity)),
    st.builds(Forbidden, topics=st.lists(LINE, max_size=3).map(tuple)),
    st.builds(ReadingLevel, grade=st.floats(0, 20)),
    st.builds(Words, required=st.lists(LINE, max_size=2).map(tuple), avoid=st.lists(LINE, max_size=2).map(tuple)),
)
LESSONS = st.builds(
    Lesson,
    key=LINE,
    title=LINE,
    summary=LINE,
    skills=st.lists(LINE, max_size=3).map(tuple),
    guidelines=st.lists(RULES, max_size=4).map(tuple),
    items=st.lists(ITEMS, max_size=3).map(tuple),
    fallbacks=st.dictionaries(LINE, LINE, max_size=3),
)


@example(Lesson(key="", title="", items=(Item(id="", question="", answer="", steps=("one\r\ntwo",)),)))
@example(Lesson(key="", title="", fallbacks={"one": "\r\n"}))
@given(LESSONS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_lesson_comes_back_from_its_text_as_it_was(lesson: Lesson) -> None:
    back, _ = toml.from_toml(toml.to_toml(lesson).encode(), "x")
    assert back == lesson


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_a_lesson_or_are_refused_in_words(data: bytes) -> None:
    for content in (data, b'format = "tutor-lesson"\n' + data, b"PK\x03\x04" + data):
        with pytest.raises(LessonFault) as raised:
            file.read_bytes(content, "f.lesson")
        assert raised.value.code == "lesson_file" and len(str(raised.value)) > 20


def test_a_lesson_with_its_materials_comes_back_the_same_and_writes_the_same_bytes(tmp_path: Path) -> None:
    target = tmp_path / "halves.lesson"
    file.write(LESSON, target, MATERIALS)
    found = file.read(target)
    known = msgspec.structs.replace(found.lesson, materials=LESSON.materials)
    assert known == LESSON and found.materials == MATERIALS and found.faults == ()
    assert len(found.lesson.materials[0].sha256) == 64
    first = target.read_bytes()
    file.write(found.lesson, target, found.materials)
    assert file.read(target).lesson == found.lesson
    file.write(LESSON, target, MATERIALS)
    assert target.read_bytes() == first and sorted(tmp_path.iterdir()) == [target]


def test_a_bare_text_comes_back_too_and_says_which_materials_stayed_behind(tmp_path: Path) -> None:
    file.write(LESSON, tmp_path / "halves.toml")
    found = file.read(tmp_path / "halves.toml")
    assert found.lesson == LESSON and found.materials == {}
    (note,) = found.faults
    assert note.field == "materials.0" and "“halves.md” is not here" in note.text and not note.stops and note.line


def test_a_zip_without_a_materials_file_is_taken_in_with_a_note(tmp_path: Path) -> None:
    for sha256 in ("", "0" * 64):
        lesson = changed(materials=(*LESSON.materials, Material(name="gone.md", title="t", sha256=sha256)))
        file.write(lesson, tmp_path / "x.lesson", MATERIALS)
        found = file.read(tmp_path / "x.lesson")
        assert found.materials == MATERIALS and found.lesson.materials[1] == lesson.materials[1]
        (note,) = found.faults
        assert note.field == "materials.1" and "“gone.md” is not here" in note.text and not note.stops


def test_windows_line_ends_and_a_byte_order_mark_are_no_problem() -> None:
    data = b"\xef\xbb\xbf" + toml.to_toml(LESSON).replace("\n", "\r\n").encode()
    assert file.read_bytes(data, "x.toml").lesson == LESSON


def test_every_mistake_in_a_text_is_named_with_its_line_and_a_suggestion() -> None:
    text = toml.to_toml(LESSON)
    for right, wrong in (
        ("attempts = 2", "atempts = 2"),
        ("rungs = 2", 'rungs = "two"'),
        ('kind = "tone"', 'kind = "tones"'),
        ("end_with = true", "end_with = 1"),
        ("grade = 5.0", 'grade = "five"'),
        ('title = "Halves and', 'titel = "Halves and'),
        ('answer = "32"', "answer = 32"),
        ('subject = "maths"', "subject = 2026-01-01"),
    ):
        assert right in text
        text = text.replace(right, wrong, 1)
    with pytest.raises(LessonFault) as raised:
        file.read_bytes(text.encode(), "mine.toml")
    lines = text.split("\n")
    found = {fault.field: fault for fault in raised.value.faults}
    assert set(found) == {
        "title", "titel", "subject", "guidelines.1.atempts", "guidelines.2.rungs", "guidelines.4.end_with",
        "guidelines.5.grade", "guidelines.9.kind", "items.0.answer",
    }  # fmt: skip
    assert found["titel"].text == "“titel” is not known. Did you mean “title”?"
    assert found["guidelines.9.kind"].text == "“tones” is not known. Did you mean “tone”?"
    for field, piece in (("guidelines.1.atempts", "atempts"), ("items.0.answer", "answer = 32"), ("titel", "titel")):
        assert piece in lines[found[field].line - 1]
    assert "mine.toml cannot be taken in as it stands" in str(raised.value) and f"line {found['titel'].line}" in str(
        raised.value
    )


def test_what_keeps_it_from_being_published_is_told_with_its_line_but_taken_in() -> None:
    spoilt = changed(items=(msgspec.structs.replace(ITEM, hints=("Well, 32.",)),))
    text = toml.to_toml(spoilt)
    found = file.read_bytes(text.encode(), "x.toml")
    (fault,) = [one for one in found.faults if one.stops]
    assert fault.field == "items.0.hints.0" and text.split("\n")[fault.line - 1].startswith("hints = [")


def test_a_disk_that_does_not_take_it_keeps_the_file_that_was_there(tmp_path: Path) -> None:
    target = tmp_path / "halves.lesson"
    target.mkdir()
    (target / "inner").touch()
    with pytest.raises(UserError) as raised:
        file.write(LESSON, target)
    assert raised.value.code == "lesson_file" and [path.name for path in tmp_path.iterdir()] == ["halves.lesson"]
    with pytest.raises(UserError):
        file.write(LESSON, tmp_path / "nowhere" / "halves.lesson")
    assert (target / "inner").exists()


def test_a_text_with_a_broken_sign_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(UserError) as raised:
        file.write(changed(title="Half \udc80"), tmp_path / "x.lesson")
    assert raised.value.code == "lesson_file" and list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_there_or_no_file_is_said(tmp_path: Path) -> None:
    for path, words in ((tmp_path / "none.lesson", "There is no file"), (tmp_path, "is a folder")):
        with pytest.raises(LessonFault, match=words):
            file.read(path)


def test_a_material_that_is_not_the_one_meant_is_refused(tmp_path: Path) -> None:
    other = changed(materials=(Material(name="halves.md", title="t", sha256="0" * 64),))
    file.write(other, tmp_path / "x.lesson", MATERIALS)
    with pytest.raises(LessonFault, match="not the file that was meant"):
        file.read(tmp_path / "x.lesson")
