"""Lesson files: `lesson.toml` with its `materials/` in a zip (`.lesson`), or the TOML alone; all of it untrusted.

Everything is read in memory within bounds; nothing in a file decides where anything is written.
"""

import hashlib
import io
import os
import re
import stat
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

import msgspec

from tutor.domain import Frozen, Lesson, Material
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.lessons import carried, toml
from tutor.lessons.check import check
from tutor.lessons.faults import Fault, LessonFault, listed
from tutor.lessons.lines import line_of

ENDING: Final = ".lesson"
INSIDE: Final = "lesson.toml"
FOLDER: Final = "materials/"
MOST_PACKED: Final = 64_000_000
MOST_UNPACKED: Final = 128_000_000
MOST_FILES: Final = 40
MOST_RATIO: Final = 200
"""Unpacked to packed, of one file: texts shrink ten times, bombs a thousand times."""
_SMALL: Final = 100_000
"""Bytes below which the ratio means nothing."""
_NAME: Final = re.compile(r"^materials/[^/\\:*?\"<>|\x00-\x1f]{1,120}$")


class LessonFile(Frozen):
    """What a file held."""

    lesson: Lesson
    materials: dict[str, bytes] = msgspec.field(default_factory=dict)
    """By the name in `Lesson.materials`."""
    faults: tuple[Fault, ...] = ()
    """What is to be put right before it is published, and what is worth a look; with lines."""


def read(path: Path) -> LessonFile:
    """A lesson from a file. Raises LessonFault (`lesson_file`), and UserError (`lesson_file`) of the disk."""
    try:
        if path.is_dir():
            raise LessonFault(tr("{file} is a folder, no file. Name the .lesson or .toml in it.", file=path))
        if not path.is_file():
            raise LessonFault(tr("There is no file {file}. Nothing was changed. Look at its name.", file=path))
        with path.open("rb") as file:
            data = file.read(MOST_PACKED + 1)
    except OSError as error:
        raise LessonFault(
            tr("{file} cannot be read ({why}). Nothing was changed.", file=path, why=error.strerror)
        ) from error
    return read_bytes(data, path.name)


def read_bytes(data: bytes, name: str) -> LessonFile:
    """As `read`, of bytes; `name` is what people call them."""
    if len(data) > MOST_PACKED:
        raise _refused(name, tr("it is bigger than {n} MB", n=MOST_PACKED // 1_000_000))
    if not data.startswith(b"PK"):
        return _of_text(data, name, None)
    files = _unpacked(data, name)
    if INSIDE not in files:
        raise _refused(name, tr("there is no {inside} in it", inside=INSIDE))
    carried_files = {key.removeprefix(FOLDER): value for key, value in files.items() if key != INSIDE}
    return _of_text(files[INSIDE], f"{name}, {INSIDE}", carried_files)


def read_folder(folder: Path) -> LessonFile:
    """A lesson that lies unpacked, as the samples do: `lesson.toml` with its materials beside it."""
    data = (folder / INSIDE).read_bytes()
    lesson, _ = toml.from_toml(data, folder.name)
    materials = {one.name: (folder / Path(one.name).name).read_bytes() for one in lesson.materials}
    return _of_text(data, folder.name, materials)


def write(lesson: Lesson, target: Path, materials: Mapping[str, bytes] | None = None) -> None:
    """Write a lesson as a zip, or as TOML alone where the target is called so. The same lesson gives the same bytes.

    A file that was there before is replaced at once or kept whole. Raises UserError (`lesson_file`).
    """
    data = toml.to_toml(lesson).encode()
    if target.suffix.lower() != ".toml":
        data = _packed(data, materials or {})
    temporary = ""
    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}-", delete=False) as file:
            temporary = file.name
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise UserError(
            tr(
                "The lesson could not be written to {file} ({why}). A file that was there is kept. Choose another "
                "folder, or free some space.",
                file=target,
                why=error.strerror,
            ),
            code="lesson_file",
        ) from error


def not_here(lesson: Lesson, here: Collection[str]) -> tuple[Fault, ...]:
    """A note at each material whose file is not among `here` (names)."""
    return tuple(
        Fault(
            field=f"materials.{at}",
            text=tr("Its file “{name}” is not here, so the tutor cannot speak from it. Add the file.", name=one.name),
            stops=False,
        )
        for at, one in enumerate(lesson.materials)
        if one.name not in here
    )


# --- inside ---------------------------------------------------------------------------------------------------------


def _of_text(data: bytes, name: str, materials: dict[str, bytes] | None) -> LessonFile:
    """`materials` None: a text alone, whose materials stay behind."""
    lesson, lines = toml.from_toml(data, name)
    if materials is not None:
        lesson = _with_materials(lesson, materials, name)
    found = list(not_here(lesson, set(materials or {})))
    found = [msgspec.structs.replace(fault, line=line_of(fault.field, lines)) for fault in (*found, *check(lesson))]
    return LessonFile(lesson=lesson, materials=materials or {}, faults=tuple(found))


def _with_materials(lesson: Lesson, files: dict[str, bytes], name: str) -> Lesson:
    """The lesson with the checksums of what it carries. Raises LessonFault for what must not be taken in at all."""
    bad = [
        Fault(field=f"materials/{file}", text=why)
        for file, data in files.items()
        if (why := carried.fault_of(file, data))
    ]
    listed_names = {one.name for one in lesson.materials}
    bad += [
        Fault(field=f"materials/{file}", text=tr("The lesson does not name this file."))
        for file in files
        if file not in listed_names
    ]
    known: list[Material] = []
    for at, one in enumerate(lesson.materials):
        if one.name not in files:  # told by `not_here`: a lesson without it is of use, and the file can be added
            known.append(one)
            continue
        sha256 = hashlib.sha256(files[one.name]).hexdigest()
        if one.sha256 and one.sha256 != sha256:
            bad.append(
                Fault(field=f"materials.{at}", text=tr("“{name}” is not the file that was meant.", name=one.name))
            )
        known.append(msgspec.structs.replace(one, sha256=sha256))
    if bad:
        raise LessonFault(
            tr("{file} cannot be taken in as it stands. Put these right:\n{problems}", file=name, problems=listed(bad)),
            bad,
        )
    return msgspec.structs.replace(lesson, materials=tuple(known))


def _packed(text: bytes, materials: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in {INSIDE: text, **{FOLDER + name: data for name, data in materials.items()}}.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(info, data)
    return packed.getvalue()


def _unpacked(data: bytes, name: str) -> dict[str, bytes]:
    """Every file of the zip by its name, within bounds that are counted while unpacking."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            infos = [info for info in packed.infolist() if info.filename != FOLDER]
            _check_table(infos, name)
            files: dict[str, bytes] = {}
            left = MOST_UNPACKED
            for info in infos:
                most = min(left, toml.MOST_BYTES if info.filename == INSIDE else left)
                with packed.open(info) as file:
                    read = file.read(min(most, info.file_size) + 1)
                if len(read) > most or len(read) != info.file_size:
                    raise _refused(name, tr("it is far bigger once it is unpacked"))
                files[info.filename] = read
                left -= len(read)
            return files
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise _refused(name, tr("it is damaged, or no zip")) from error


def _check_table(infos: list[zipfile.ZipInfo], name: str) -> None:
    """Whether the zip's table names only what may be in a lesson file."""
    if len(infos) > MOST_FILES:
        raise _refused(name, tr("there are more than {n} files in it", n=MOST_FILES))
    seen: set[str] = set()
    end = 0
    for info in sorted(infos, key=lambda one: one.header_offset):
        shown = "".join(sign if sign.isprintable() else "?" for sign in info.filename[:60])
        plain = unicodedata.normalize("NFC", info.filename).casefold()
        inner = info.filename.removeprefix(FOLDER)
        if info.filename != INSIDE and (not _NAME.match(info.filename) or inner.startswith(".") or inner.endswith(" ")):
            raise _refused(name, tr("“{inner}” has no place in a lesson file", inner=shown))
        if info.orig_filename != info.filename or plain in seen:
            raise _refused(name, tr("“{inner}” is in it twice, or under a false name", inner=shown))
        if info.flag_bits & 0x2041:
            raise _refused(name, tr("“{inner}” is encrypted", inner=shown))
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG) or info.is_dir():
            raise _refused(name, tr("“{inner}” is no plain file", inner=shown))
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _refused(name, tr("“{inner}” is packed in a way that is not taken", inner=shown))
        if info.file_size > max(_SMALL, MOST_RATIO * info.compress_size) or info.header_offset < end:
            raise _refused(name, tr("it is far bigger once it is unpacked"))
        end = info.header_offset + info.compress_size
        seen.add(plain)
    if sum(info.file_size for info in infos) > MOST_UNPACKED:
        raise _refused(name, tr("it is far bigger once it is unpacked"))


def _refused(name: str, why: str) -> LessonFault:
    return LessonFault(tr("{file} cannot be taken in: {why}. Nothing was changed.", file=name, why=why))
