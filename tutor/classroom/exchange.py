"""Lessons in and out: files with their materials, samples, and items from and for other programs."""

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tutor.classroom.lessons import LessonDesk, new_key
from tutor.domain import Lesson, LessonVersion, Material
from tutor.errors import UserError
from tutor.i18n import tr, trn
from tutor.lessons import file
from tutor.lessons.faults import Fault
from tutor.lessons.file import LessonFile
from tutor.lessons.samples import Sample, samples
from tutor.lessons.shelf import Shelf

if TYPE_CHECKING:
    from tutor.store import Store

_log = logging.getLogger(__name__)


class LessonExchange(LessonDesk):
    """The desk with files. What comes in is always a draft; a teacher looks at it before learners do."""

    def __init__(self, store: "Store", shelf: Shelf, samples_folder: Path) -> None:
        super().__init__(store)
        self.shelf = shelf
        """The files of materials; whoever adds a material puts it here too."""
        self._samples = samples_folder
        self.material_came: Callable[[str, bytes, str, str], object] | None = None
        """Called with name, content, title and licence of each material that came with a lesson, to be read in."""

    # --- files ----------------------------------------------------------------------------------------------------

    def look_into(self, path: Path) -> LessonFile:
        """What a file holds, with its faults; nothing is changed. Raises `LessonFault` (`lesson_file`).

        A material whose file did not come is noted, unless that very file is here already.
        """
        found = file.read(path)
        here = {f"materials.{at}" for at, one in enumerate(found.lesson.materials) if self._is_here(one)}
        return msgspec.structs.replace(found, faults=tuple(one for one in found.faults if one.field not in here))

    def faults(self, lesson: Lesson) -> tuple[Fault, ...]:
        """As of the desk, with a note at each material whose file is not here."""
        here = {one.name for one in lesson.materials if self._is_here(one)}
        return super().faults(lesson) + file.not_here(lesson, here)

    def not_here(self, lesson: Lesson) -> tuple[str, ...]:
        """Names of the materials whose files are not on this computer."""
        return tuple(one.name for one in lesson.materials if not self._is_here(one))

    def take_in(self, found: LessonFile, *, as_new: bool = False) -> LessonVersion:
        """Take in what `look_into` gave, as a draft. A lesson that is here already gets it as its new draft.

        `as_new`: as a lesson of its own, whatever is here.
        """
        lesson = found.lesson
        if as_new or not lesson.key.strip():
            lesson = msgspec.structs.replace(lesson, key=new_key(lesson.title))
        for data in found.materials.values():
            self.shelf.put(data)
        made = self.add(lesson)
        self.look_at_words(lesson, lambda: None)  # so that a teacher who opens it is warned
        self._read_in(lesson, found.materials)
        return made

    def draft_in_the_way(self, lesson: Lesson) -> bool:
        """Whether `take_in` would put this lesson in the place of a draft that says something else."""
        known = self._store.lesson_by_key(lesson.key)
        draft = self._store.draft_of(known) if known is not None else None
        return draft is not None and draft.lesson != lesson

    def read_in_waiting(self) -> None:
        """Have materials read in that came with a lesson while nobody could, such as by command."""
        for line in self._store.lessons():
            version_id = line.draft_id or line.published_id
            if version_id is None:
                continue
            try:
                lesson = self._store.lesson_version(version_id).lesson
            except UserError as error:
                _log.warning("a lesson's materials are not looked at: %s", error.code)
                continue
            waiting = [one for one in lesson.materials if one.sha256 and not self._store.material_known(one.sha256)]
            here = {one.name: data for one in waiting if (data := self.shelf.get(one.sha256)) is not None}
            self._read_in(lesson, here)

    def export(self, version_id: int, target: Path) -> tuple[str, ...]:
        """Write a version into a file: `.lesson` with the materials that are here, `.toml` without any.

        Gives the names of materials that are not in it; `left_out` says so in words. What was written can be taken in
        all the same. Raises UserError (`lesson_file`).
        """
        lesson = self._store.lesson_version(version_id).lesson
        carried, missing = self._materials(lesson)
        if target.suffix.lower() == ".toml":
            missing = [material.name for material in lesson.materials]
            carried = {}
        file.write(lesson, target, carried)
        return tuple(missing)

    # --- samples --------------------------------------------------------------------------------------------------

    def samples(self) -> tuple[Sample, ...]:
        """What comes with the program. Raises `LessonFault` when it is damaged."""
        return samples(self._samples)

    def use_sample(self, name: str) -> LessonVersion:
        """A copy of a sample as a draft: a lesson of its own, free to be changed. Raises UserError (`not_found`)."""
        sample = next((one for one in self.samples() if one.name == name), None)
        if sample is None:
            raise UserError(tr("There is no sample “{name}”. Choose another one.", name=name), code="not_found")
        return self.take_in(LessonFile(lesson=sample.lesson, materials=sample.materials), as_new=True)

    # --- inside ---------------------------------------------------------------------------------------------------

    def _read_in(self, lesson: Lesson, here: Mapping[str, bytes]) -> None:
        for material in lesson.materials:
            if self.material_came is not None and material.name in here:
                self.material_came(material.name, here[material.name], material.title, material.licence)

    def _is_here(self, material: Material) -> bool:
        """Its file can be passed on, or at least its words are read in."""
        sha256 = material.sha256
        return bool(sha256) and (self.shelf.holds(sha256) or self._store.material_known(sha256))

    def _materials(self, lesson: Lesson) -> tuple[dict[str, bytes], list[str]]:
        carried: dict[str, bytes] = {}
        missing: list[str] = []
        for material in lesson.materials:
            data = self.shelf.get(material.sha256)
            if data is None:
                missing.append(material.name)
            else:
                carried[material.name] = data
        return carried, missing


def left_out(names: Sequence[str], target: Path) -> str:
    """What `export` could not put into `target`, why, and what to do, in words; "" for nothing."""
    if not names:
        return ""
    listed = ", ".join(names)
    if target.suffix.lower() == ".toml":
        return trn(
            "A .toml carries no files, so this material is not in it: {names}. Save a .lesson to pass it on, too.",
            "A .toml carries no files, so these materials are not in it: {names}. Save a .lesson to pass them on, too.",
            len(names),
            names=listed,
        )
    return trn(
        "The file of this material is not on this computer, so it was left out: {names}. All the rest is there. "
        "Whoever takes it in can add the file under “Materials”.",
        "The files of these materials are not on this computer, so they were left out: {names}. All the rest is there. "
        "Whoever takes it in can add the files under “Materials”.",
        len(names),
        names=listed,
    )
