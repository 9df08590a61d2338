"""Files made to do harm: each is refused in words, quickly, and nothing is written anywhere."""

import io
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from lesson_made import changed

from tutor.domain import Material
from tutor.lessons import file, toml
from tutor.lessons.faults import LessonFault

GOOD = toml.to_toml(changed(materials=())).encode()


def zipped(*files: tuple[str | zipfile.ZipInfo, bytes], packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packed) as made:
        for name, data in files:
            made.writestr(name, data)
    return out.getvalue()


def carrying(name: str, data: bytes) -> bytes:
    """A lesson that names this material and carries it."""
    lesson = changed(materials=(Material(name=name, title="t"),))
    return zipped(("lesson.toml", toml.to_toml(lesson).encode()), (f"materials/{name}", data))


def linked() -> bytes:
    info = zipfile.ZipInfo("materials/passwd.txt")
    info.external_attr = 0o120777 << 16
    return zipped(("lesson.toml", GOOD), (info, b"/etc/passwd"))


def device() -> bytes:
    info = zipfile.ZipInfo("materials/null.txt")
    info.external_attr = 0o020666 << 16
    return zipped(("lesson.toml", GOOD), (info, b"x"))


def encrypted() -> bytes:
    data = bytearray(zipped(("lesson.toml", GOOD)))
    central = data.rindex(b"PK\x01\x02")
    data[6] |= 1
    data[central + 8] |= 1
    return bytes(data)


def lying_size() -> bytes:
    """The table says 10 bytes; unpacked it is 50 MB."""
    data = bytearray(zipped(("lesson.toml", GOOD), ("materials/a.txt", b"a" * 50_000_000)))
    central = data.rindex(b"PK\x01\x02")
    data[central + 24 : central + 28] = struct.pack("<I", 10)
    return bytes(data)


def overlapping() -> bytes:
    """Two entries of the table that share one packed file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("lesson.toml", GOOD)
        made.writestr("materials/a.txt", b"a" * 1000)
        made.writestr("materials/b.txt", b"a" * 1000)
        infos = {info.filename: info for info in made.infolist()}
        infos["materials/b.txt"].header_offset = infos["materials/a.txt"].header_offset
    return out.getvalue()


def nul_name() -> bytes:
    return zipped(("lesson.toml", GOOD), ("materials/aXtxt", b"x")).replace(b"materials/aXtxt", b"materials/a\x00txt")


def twice() -> bytes:
    with pytest.warns(UserWarning, match="Duplicate"):
        return zipped(("lesson.toml", GOOD), ("lesson.toml", GOOD.replace(b"Halves", b"Others")))


def word(*parts: str, size: int = 10) -> bytes:
    return zipped(*((part, b"x" * size) for part in ("word/document.xml", *parts)))


HOSTILE: dict[str, Callable[[], bytes]] = {
    "climbs out": lambda: zipped(("lesson.toml", GOOD), ("materials/../../evil.txt", b"x")),
    "climbs out at once": lambda: zipped(("lesson.toml", GOOD), ("../evil.txt", b"x")),
    "absolute": lambda: zipped(("lesson.toml", GOOD), ("/tmp/evil.txt", b"x")),
    "a drive": lambda: zipped(("lesson.toml", GOOD), ("C:\\evil.txt", b"x")),
    "backslashes": lambda: zipped(("lesson.toml", GOOD), ("materials\\..\\evil.txt", b"x")),
    "a folder within": lambda: zipped(("lesson.toml", GOOD), ("materials/sub/evil.txt", b"x")),
    "a hidden file": lambda: zipped(("lesson.toml", GOOD), ("materials/.bashrc", b"x")),
    "a link": linked,
    "a device": device,
    "a script beside it": lambda: zipped(("lesson.toml", GOOD), ("run.sh", b"rm -rf /")),
    "a program": lambda: carrying("a.exe", b"MZ"),
    "a script as material": lambda: carrying("a.js", b"alert(1)"),
    "a page that runs": lambda: carrying("a.html", b"<p>Hi</p><script>alert(1)</script>"),
    "a page with a handler": lambda: carrying("a.html", b"<img src=x onerror='alert(1)'>"),
    "a link that runs": lambda: carrying("a.md", b"[x](javascript:alert(1))"),
    "a pdf that runs": lambda: carrying("a.pdf", b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>"),
    "a pdf with files": lambda: carrying("a.pdf", b"%PDF-1.7\n<</EmbeddedFiles 5 0 R>>"),
    "no pdf": lambda: carrying("a.pdf", b"MZ\x90 not a pdf"),
    "macros": lambda: carrying("a.docx", word("word/vbaProject.bin")),
    "a word file with others": lambda: carrying("a.docx", word("word/embeddings/oleObject1.bin")),
    "a word bomb": lambda: carrying("a.docx", word(*(f"word/{n}.xml" for n in range(30)), size=8_000_000)),
    "no word file": lambda: carrying("a.docx", zipped(("mimetype", b"x"))),
    "no text": lambda: carrying("a.txt", b"abc\x00\xff\xfe"),
    "a material not named": lambda: zipped(("lesson.toml", GOOD), ("materials/more.md", b"x")),
    "a bomb": lambda: zipped(("lesson.toml", GOOD), ("materials/a.txt", b"\x00" * 100_000_000)),
    "a lying size": lying_size,
    "one file behind two names": overlapping,
    "too many files": lambda: zipped(("lesson.toml", GOOD), *((f"materials/{n}.md", b"x") for n in range(60))),
    "the lesson twice": twice,
    "a name twice": lambda: zipped(("lesson.toml", GOOD), ("materials/a.md", b"x"), ("materials/A.md", b"y")),
    "a name with a NUL": nul_name,
    "encrypted": encrypted,
    "another packing": lambda: zipped(("lesson.toml", GOOD), packed=zipfile.ZIP_LZMA),
    "cut short": lambda: zipped(("lesson.toml", GOOD))[:-30],
    "no lesson in it": lambda: zipped(("materials/a.md", b"x")),
    "an empty zip": lambda: zipped(),
    "too long a text": lambda: b'format = "tutor-lesson"\n#' + b"x" * 3_000_000,
    "brackets without end": lambda: b'format = "tutor-lesson"\na = ' + b"[" * 200_000,
    "tables without end": lambda: b'format = "tutor-lesson"\na = ' + b"{a=" * 200_000,
    "a key without end": lambda: b'format = "tutor-lesson"\n' + b"a." * 500_000 + b"a = 1",
    "a number without end": lambda: b'format = "tutor-lesson"\na = ' + b"9" * 500_000,
    "a list without end": lambda: b'format = "tutor-lesson"\nkey="k"\ntitle="t"\nskills = [' + b'"a",' * 300_000 + b"]",
    "thousands of unknown keys": lambda: b'format = "tutor-lesson"\n' + b"".join(b"k%d=1\n" % n for n in range(9999)),
    "utf-16": lambda: GOOD.decode().encode("utf-16"),
    "latin-1": lambda: GOOD.replace(b"maths team", "maths téam".encode("latin-1")),
    "a newer file": lambda: GOOD.replace(b"version = 1", b"version = 2"),
    "json": lambda: b'{"format": "tutor-lesson"}',
    "yaml": lambda: b"format: tutor-lesson\n!!python/object/apply:os.system ['true']\n",
    "nothing": lambda: b"",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_words_quickly_and_writes_nothing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "in" / "hostile.lesson"
    path.parent.mkdir()
    path.write_bytes(HOSTILE[name]())
    monkeypatch.chdir(path.parent)
    began = time.process_time()
    with pytest.raises(LessonFault) as raised:
        file.read(path)
    assert time.process_time() - began < 5
    assert raised.value.code == "lesson_file" and len(str(raised.value)) < 3000
    assert [p.name for p in tmp_path.rglob("*") if p.is_file() and p.parts[-2] != "tutor-home"] == ["hostile.lesson"]
    assert not Path("/tmp/evil.txt").exists()


@pytest.mark.parametrize("name", ["a bomb", "a lying size", "a word bomb", "too long a text"])
def test_a_bomb_takes_no_more_memory_than_its_file(name: str) -> None:
    data = HOSTILE[name]()
    tracemalloc.start()
    with pytest.raises(LessonFault):
        file.read_bytes(data, "bomb.lesson")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 10_000_000 + 2 * len(data)


def test_a_file_bigger_than_any_lesson_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "big.lesson"
    with path.open("wb") as out:
        out.write(b"PK\x03\x04")
        out.truncate(file.MOST_PACKED * 4)
    with pytest.raises(LessonFault, match="bigger than 64 MB"):
        file.read(path)


def test_honest_materials_are_taken() -> None:
    page = b"<!doctype html><h1>Rain</h1><p>On a sunny day, water rises.</p>"
    for name, data in (("a.html", page), ("b.md", b"# Rain\n\nOn sunny = warm days"), ("c.pdf", b"%PDF-1.4 text"),
                       ("d.docx", word("word/styles.xml", "docProps/app.xml"))):  # fmt: skip
        assert file.read_bytes(carrying(name, data), "x.lesson").materials == {name: data}
