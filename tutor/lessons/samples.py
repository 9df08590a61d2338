"""The sample lessons that come with the program: looked at here, copied when a teacher uses one."""

from functools import lru_cache
from pathlib import Path

from tutor.domain import Frozen, Lesson
from tutor.lessons import file


class Sample(Frozen):
    """One sample with the texts that it speaks from."""

    name: str
    """Of its folder."""
    lesson: Lesson
    materials: dict[str, bytes]
    """By name; read when the sample is used."""


def samples(folder: Path) -> tuple[Sample, ...]:
    """All samples, by subject and title. Raises LessonFault when one is damaged."""
    return _samples(folder)


@lru_cache(maxsize=2)
def _samples(folder: Path) -> tuple[Sample, ...]:
    found = []
    for inner in sorted(folder.glob("*/lesson.toml")):
        read = file.read_folder(inner.parent)
        found.append(Sample(name=inner.parent.name, lesson=read.lesson, materials=read.materials))
    return tuple(sorted(found, key=lambda sample: (sample.lesson.subject, sample.lesson.title)))
