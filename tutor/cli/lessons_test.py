"""`tutor lessons test`: scripted students try a lesson out, and a table says which guidelines held."""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tutor.cli.render import visible
from tutor.i18n import tr, trn

if TYPE_CHECKING:
    from tutor.domain import Lesson, Passage
    from tutor.lessons.file import LessonFile
    from tutor.rehearsal.results import Rehearsal
    from tutor.rehearsal.runner import Progress

    Find = Callable[[str], tuple[Passage, ...]]

NAME = "test"


def summary() -> str:
    return tr("Have scripted students try a lesson file out with the real model; exit code 1 when a rule broke.")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar=tr("FILE"), help=tr("a lesson: .toml or .lesson"))
    parser.add_argument("--model", type=Path, metavar=tr("FILE"), help=tr("a GGUF model instead of the starter"))
    parser.add_argument(
        "--items", type=_at_least_one, default=2, metavar="N", help=tr("items that each student speaks about")
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help=tr("another one draws other lines"))
    parser.add_argument(
        "--student", action="append", default=[], metavar=tr("NAME"), help=tr("only this student; may be repeated")
    )
    parser.add_argument("--turns", action="store_true", help=tr("print every turn, not only those that broke a rule"))
    parser.add_argument("--json", action="store_true", help=tr("print one JSON object with every turn"))


def _at_least_one(text: str) -> int:
    """Raises ArgumentTypeError."""
    if not text.isascii() or not text.isdigit() or int(text[:9]) < 1:
        raise argparse.ArgumentTypeError(tr("{text} is no number from 1 on", text=repr(text)))
    return int(text[:9])


def run(args: argparse.Namespace) -> int:
    from tutor.errors import UserError
    from tutor.lessons import file
    from tutor.rehearsal import students

    unknown = [name for name in args.student if name not in students.every()]
    if unknown:
        raise UserError(
            tr("There is no student {name}. There are: {names}.", name=unknown[0], names=", ".join(students.every())),
            code="unknown",
        )
    found = file.read(args.file)
    lesson = found.lesson
    with passages(found) as find:
        result = rehearse(lesson, args, find)
    if args.json:
        sys.stdout.buffer.write(msgspec.json.encode(result) + b"\n")
    else:
        show(result, lesson, every_turn=args.turns)
    return 1 if result.broken_blocking else 0


@contextmanager
def passages(found: "LessonFile") -> "Iterator[Find]":
    """Finds passages by their words in the materials that came with a lesson, as nothing of it is kept.

    Raises UserError where one cannot be read.
    """
    from tutor.classroom.finding import Finder
    from tutor.materials.reading import Reading
    from tutor.store import Store

    with Store.open(None) as store:
        for one in found.lesson.materials:
            if (data := found.materials.get(one.name)) is not None:
                read = Reading(data, one.name).run()
                words = [(passage.place, passage.heading, passage.text) for passage in read.passages]
                store.add_material(one.sha256, words, title=one.title, name=one.name, kind=read.kind)
        finder = Finder(store)
        yield lambda words: finder.find(words, None, found.lesson.materials)


def rehearse(lesson: "Lesson", args: argparse.Namespace, find: "Find" = lambda _words: ()) -> "Rehearsal":
    """Hold the conversations with an engine of our own, a bar on standard error while a person looks."""
    from tutor import paths
    from tutor.engine.protocol import Load
    from tutor.rehearsal.asking import Own
    from tutor.rehearsal.runner import rehearse as hold

    model = args.model or paths.starter_model()
    own = Own(Load(model=str(model), safety=str(paths.safety_model())))
    try:
        return hold(
            lesson,
            own.asking(),
            seed=args.seed,
            items=args.items,
            only=args.student,
            model=own.model.name,
            find=find,
            progress=_bar if sys.stderr.isatty() else lambda _: None,
        )
    finally:
        own.close()
        if sys.stderr.isatty():
            print(file=sys.stderr)


def _bar(told: "Progress") -> None:
    from tutor.rehearsal import students

    left = trn("{n} second left", "{n} seconds left", round(told.seconds_left))
    print(f"\r{told.done}/{told.of}  {left}  {students.name(told.student):<44}"[:100], end="", file=sys.stderr)


def show(result: "Rehearsal", lesson: "Lesson", *, every_turn: bool) -> None:
    """The table, then the turns that broke a guideline (or all)."""
    from rich.console import Console
    from rich.table import Table

    from tutor.rehearsal import students
    from tutor.rehearsal.results import BROKEN, NOT_TRIED, rule_in_words

    held, broken_mark = tr("ok"), tr("NO")  # short, so that the names are readable in a terminal of 80 letters
    marks = {BROKEN: broken_mark, NOT_TRIED: "·"}
    table = Table(title=visible(lesson.title), title_justify="left", box=None, padding=(0, 1), pad_edge=False)
    table.add_column(tr("guideline"), min_width=30)
    for number, _ in enumerate(result.students, start=1):
        table.add_column(str(number), justify="center")
    for rule in result.rules:
        cells = [result.cell(rule, student) for student in result.students]
        table.add_row(rule_in_words(rule), *(marks.get(cell.state, held) if cell else "" for cell in cells))
    console = Console(highlight=False)
    console.print(table)
    console.print(tr("{held}: held · {broken}: broken · “·”: not tried", held=held, broken=broken_mark))
    for number, student in enumerate(result.students, start=1):
        console.print(f"{number:>3}  {students.name(student)}")
    for talk in result.talks:
        for turn in talk.turns:
            if every_turn or turn.breaches:
                print(f"\n[{students.name(talk.student)}] > {visible(turn.learner)}\n{visible(turn.tutor)}")
                for breach in turn.breaches:
                    print(f"  ! {rule_in_words(breach.rule)}: {breach.why}")
    if result.broken_blocking:
        broken = ", ".join(rule_in_words(rule) for rule in result.broken_blocking)
        print(tr("Broken although it must hold: {rules}", rules=broken))
    else:
        print(tr("Every guideline that must hold held."))
