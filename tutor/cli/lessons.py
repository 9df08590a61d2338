"""`tutor lessons`: list, show, check, test, import, export and publish lessons."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import msgspec

from tutor.cli import lessons_test
from tutor.cli.render import visible
from tutor.i18n import tr, trn

if TYPE_CHECKING:
    from tutor.classroom.exchange import LessonExchange
    from tutor.domain import Lesson, LessonVersion
    from tutor.lessons.faults import Fault

NAME = "lessons"
_SCREEN_S = 60.0
_LESSONS = (".lesson", ".toml", ".zip")
_ITEMS = (".csv", ".tsv", ".gift", ".txt")
MORE: tuple[ModuleType, ...] = (lessons_test,)
"""Further things to do, one a module: `NAME`, `summary()`, `configure(parser)`, `run(args) -> exit code`."""


def summary() -> str:
    return tr("Lessons: list, show, check, test, import, export, publish.")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = tr(
        "What touches the stored lessons asks for the teacher's passphrase or PIN; check, samples and show FILE do "
        "not. A lesson is named by its number or its key."
    )
    parser.add_argument(
        "--passphrase-file",
        type=Path,
        metavar=tr("FILE"),
        help=tr("holds the passphrase or PIN; otherwise it is asked"),
    )
    does = parser.add_subparsers(title=tr("what to do"), metavar=tr("WHAT"), required=True, dest="what")
    listed = _one(does, "list", tr("all lessons with their state"))
    listed.add_argument("--archived", action="store_true", help=tr("those that were put away"))
    show = _one(does, "show", tr("what a lesson or a file says, and what is wrong with it"))
    show.add_argument("lesson", metavar=tr("LESSON|FILE"))
    check = _one(does, "check", tr("whether files are lessons that can be published"))
    check.add_argument("files", nargs="+", type=Path, metavar=tr("FILE"))
    take_in = _one(does, "import", tr("take a file in as a draft; or items (CSV, GIFT) into the draft of a lesson"))
    take_in.add_argument("file", type=Path, metavar=tr("FILE"))
    how = take_in.add_mutually_exclusive_group()
    how.add_argument("--new", action="store_true", help=tr("as a lesson of its own, whatever is here"))
    how.add_argument("--replace", action="store_true", help=tr("in the place of a draft that is there"))
    how.add_argument("--into", default="", metavar=tr("LESSON"), help=tr("the lesson that items are for"))
    out = _one(does, "export", tr("write a lesson: .lesson with its materials, .toml, .csv (items), .apkg (Anki)"))
    out.add_argument("lesson", metavar=tr("LESSON"))
    out.add_argument("file", type=Path, metavar=tr("FILE"))
    out.add_argument("--version", type=int, default=0, metavar="N", help=tr("by default the newest one"))
    publish = _one(does, "publish", tr("learners begin with the draft from now on"))
    publish.add_argument("lesson", metavar=tr("LESSON"))
    publish.add_argument("--why", default="", metavar=tr("TEXT"), help=tr("the reason, where a test broke a rule"))
    publish.add_argument(
        "--anyway", action="store_true", help=tr("although the safety checks doubt words that learners are shown")
    )
    _one(does, "samples", tr("the lessons that come with the program"))
    use = _one(does, "use", tr("a copy of a sample as a draft"))
    use.add_argument("name", metavar=tr("NAME"))
    for module in MORE:
        sub = does.add_parser(module.NAME, help=module.summary(), description=module.summary())
        module.configure(sub)
        sub.set_defaults(does=module.run)


def run(args: argparse.Namespace) -> int:
    if hasattr(args, "does"):
        code: int = args.does(args)
        return code
    if args.what == "check":
        return check_files(args.files, as_json=args.json)
    if args.what == "show" and (Path(args.lesson).is_file() or Path(args.lesson).suffix.lower() in _LESSONS):
        from tutor.lessons import file

        found = file.read(Path(args.lesson))
        return show(found.lesson, found.faults, as_json=args.json)
    if args.what == "samples":
        return show_samples(as_json=args.json)
    return _with_desk(args)


def _with_desk(args: argparse.Namespace) -> int:
    from tutor import paths
    from tutor.classroom.exchange import LessonExchange
    from tutor.cli.opened import store
    from tutor.cli.teacher import authorise
    from tutor.lessons.shelf import Shelf

    with store() as opened:
        authorise(opened, args.passphrase_file)
        desk = LessonExchange(opened, Shelf(paths.materials()), paths.sample_lessons())
        done: dict[str, Callable[[LessonExchange, argparse.Namespace], int]] = {
            "list": show_all,
            "show": show_stored,
            "import": take_in,
            "export": export,
            "publish": publish,
            "use": use,
        }
        return done[args.what](desk, args)


def show_all(desk: "LessonExchange", args: argparse.Namespace) -> int:
    lines = desk.lessons(archived=args.archived)
    for line in lines:
        if args.json:
            _json(line)
        else:
            draft = tr(", with a draft") if line.draft_id and line.published_id else ""
            print(f"{line.id}  {line.state.value}{draft}  {line.subject}  {line.age_band}  {visible(line.title)}")
            versions = trn("{n} version", "{n} versions", line.versions)
            print(f"    {line.key}  {versions}  {line.changed_at[:16].replace('T', ' ')}")
    if not lines and not args.json:
        print(
            tr("There is none.")
            if args.archived
            else tr("There is none. See the samples with: tutor lessons samples. Take one with: tutor lessons use NAME")
        )
    return 0


def show_stored(desk: "LessonExchange", args: argparse.Namespace) -> int:
    version = desk.versions(_id(desk, args.lesson))[0]
    return show(version.lesson, desk.faults(version.lesson), as_json=args.json, version=version)


def show(lesson: "Lesson", faults: "Sequence[Fault]", *, as_json: bool, version: "LessonVersion | None" = None) -> int:
    """A lesson in full. Gives 0 whatever its faults are."""
    from tutor.domain import kind_of
    from tutor.lessons.faults import guideline_name

    if as_json:
        _json({"lesson": lesson, "faults": _plain(faults, lesson), **_which(version)})
        return 0
    number = tr(" (version {n}, {state})", n=version.number, state=version.state.value) if version else ""
    print(f"{visible(lesson.title)}{number}")
    print(f"{lesson.key}  {lesson.subject}  {lesson.age_band}  {lesson.language}")
    for text in (lesson.summary, *(f"- {objective}" for objective in lesson.objectives)):
        print(visible(text))
    for guideline in lesson.guidelines:
        print(f"  {guideline_name(kind_of(guideline))} ({guideline.severity.value})")
    for material in lesson.materials:
        print(f"  {tr('material')}: {visible(material.title)} ({visible(material.name)})")
    for item in lesson.items:
        print(f"  {visible(item.id)}  {visible(item.question)}  →  {visible(item.answer)}")
    _print_faults(faults, lesson)
    return 0


def check_files(files: "Sequence[Path]", *, as_json: bool) -> int:
    """0 when every file is a lesson that can be published, else 1."""
    from tutor.lessons import file
    from tutor.lessons.faults import LessonFault, stopping

    bad = 0
    for path in files:
        lesson: Lesson | None = None
        faults: Sequence[Fault] = ()
        refused = ""
        try:
            found = file.read(path)
            lesson, faults = found.lesson, found.faults
        except LessonFault as error:
            faults, refused = error.faults, str(error)
        good = not refused and not stopping(faults)
        bad += not good
        if as_json:
            _json({"file": str(path), "good": good, "refused": refused, "faults": _plain(faults, lesson)})
        elif refused:
            print(refused, file=sys.stderr)
        else:
            items = trn("{n} item", "{n} items", len(lesson.items) if lesson else 0)
            print(tr("{file}: in order ({items}).", file=path, items=items) if good else f"{path}:")
            _print_faults(faults, lesson)
    return 1 if bad else 0


def take_in(desk: "LessonExchange", args: argparse.Namespace) -> int:
    from tutor.errors import UserError
    from tutor.lessons import items

    ending = args.file.suffix.lower()
    if args.into and ending in _LESSONS:
        raise UserError(
            tr("{file} is a whole lesson; --into takes items. Nothing was changed. Leave --into out.", file=args.file),
            code="wrong_kind",
        )
    if not args.into and ending in _ITEMS:
        raise UserError(
            tr("{file} holds items. Nothing was changed. Name their lesson with --into LESSON.", file=args.file),
            code="wrong_kind",
        )
    if args.into:
        lesson_id = _id(desk, args.into)
        found, faults = items.read(args.file)
        draft = desk.edit(lesson_id)
        made = desk.save(lesson_id, items.with_items(draft.lesson, found))
        taken = trn("{n} item was added to the draft.", "{n} items were added to the draft.", len(found))
    else:
        looked = desk.look_into(args.file)
        if not (args.new or args.replace) and desk.draft_in_the_way(looked.lesson):
            raise UserError(
                tr(
                    "This lesson has a draft that says something else. Nothing was changed. Give --replace to lose "
                    "that draft, or --new for a lesson of its own."
                ),
                code="draft_there",
            )
        made, faults, taken = desk.take_in(looked, as_new=args.new), looked.faults, ""
    if args.json:
        _json({**_which(made), "faults": _plain(faults, made.lesson)})
        return 0
    if taken:
        print(taken)
    print(
        tr("Lesson {id} has a draft now (version {n}). Look at it, then publish it.", id=made.lesson_id, n=made.number)
    )
    _print_faults(faults, made.lesson)
    return 0


def export(desk: "LessonExchange", args: argparse.Namespace) -> int:
    from tutor.classroom.exchange import left_out
    from tutor.errors import UserError
    from tutor.lessons import anki, items

    versions = desk.versions(_id(desk, args.lesson))
    version = next((one for one in versions if args.version in (0, one.number)), None)
    if version is None:
        there = ", ".join(str(one.number) for one in reversed(versions))
        raise UserError(
            tr("There is no version {n} of this lesson. There are: {all}.", n=args.version, all=there),
            code="not_found",
        )
    left: tuple[str, ...] = ()
    match args.file.suffix.lower():
        case ".csv":
            items.write(version.lesson.items, args.file)
        case ".apkg":
            anki.write(version.lesson, args.file)
        case ".lesson" | ".toml" | ".zip":
            left = desk.export(version.id, args.file)
        case _:
            raise UserError(
                tr(
                    "{file} has no ending that says what to write. Nothing was written. There are: .lesson, .toml, "
                    ".csv, .apkg.",
                    file=args.file,
                ),
                code="wrong_kind",
            )
    if args.json:
        _json({**_which(version), "file": str(args.file), "left": left})
        return 0
    print(tr("Version {n} is in {file}.", n=version.number, file=args.file))
    if left:
        print(visible(left_out(left, args.file)))
    return 0


def publish(desk: "LessonExchange", args: argparse.Namespace) -> int:
    lesson_id = _id(desk, args.lesson)
    doubts = _doubts(desk, lesson_id)
    if doubts and not args.anyway:
        raise _doubted(doubts)
    made = desk.publish(lesson_id, why=args.why)
    if args.json:
        _json({**_which(made), "faults": _plain(doubts, made.lesson)})
    else:
        print(tr("Version {n} of “{title}” is published.", n=made.number, title=visible(made.lesson.title)))
        _print_faults(doubts, made.lesson)
    return 0


def _doubts(desk: "LessonExchange", lesson_id: int) -> "Sequence[Fault]":
    """Of the draft, once nothing else keeps it from being published."""
    from tutor.domain import LessonState
    from tutor.lessons.check import check
    from tutor.lessons.faults import stopping

    newest = desk.versions(lesson_id)[0]
    if newest.state is not LessonState.DRAFT or stopping(check(newest.lesson)):
        return ()
    return _words_looked_at(newest.lesson)


def _doubted(doubts: "Sequence[Fault]") -> Exception:
    from tutor.lessons.faults import LessonFault, listed

    words = tr(
        "Learners are shown these words as they stand. The lesson was not published; its draft is kept. Change the "
        "words, or read them and give --anyway.\n{problems}",
        problems=listed(doubts),
    )
    return LessonFault(words, doubts, code="words_doubted")


def _words_looked_at(lesson: "Lesson") -> "Sequence[Fault]":
    """What the safety checks say of the words that learners are shown as they stand; a warning where they cannot."""
    from tutor.classroom import lesson_words
    from tutor.cli.engine import classifier
    from tutor.engine.protocol import Screened
    from tutor.errors import UserError

    words = lesson_words.shown(lesson)
    try:
        with classifier() as waiting:
            items = lesson_words.asked(text for _, text in words)
            answer = waiting.screen(items, lesson_words.band_of(lesson), _SCREEN_S)
    except UserError:
        return lesson_words.warnings(words, None)
    return lesson_words.warnings(words, answer.verdicts if isinstance(answer, Screened) else None)


def show_samples(*, as_json: bool) -> int:
    """They come with the program, so anybody may see them."""
    from tutor import paths
    from tutor.lessons.samples import samples

    for sample in samples(paths.sample_lessons()):
        lesson = sample.lesson
        if as_json:
            fields = ("title", "subject", "age_band", "summary")
            _json({"name": sample.name, **{name: getattr(lesson, name) for name in fields}})
        else:
            print(f"{sample.name}  {lesson.subject}  {lesson.age_band}  {visible(lesson.title)}")
    return 0


def use(desk: "LessonExchange", args: argparse.Namespace) -> int:
    made = desk.use_sample(args.name)
    if args.json:
        _json(_which(made))
    else:
        print(tr("Lesson {id} is a copy of the sample, as a draft.", id=made.lesson_id))
    return 0


# --- inside ---------------------------------------------------------------------------------------------------------


def _one(does: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, words: str) -> argparse.ArgumentParser:
    parser = does.add_parser(name, help=words, description=words)
    parser.add_argument("--json", action="store_true", help=tr("for other programs"))
    if name != "check":
        parser.add_argument("--passphrase-file", type=Path, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    return parser


def _id(desk: "LessonExchange", name: str) -> int:
    from tutor.errors import UserError

    for archived in (False, True):
        for line in desk.lessons(archived=archived):
            if name in (str(line.id), line.key):
                return line.id
    raise UserError(tr("There is no lesson “{name}”. See: tutor lessons list", name=name), code="not_found")


def _which(version: "LessonVersion | None") -> dict[str, Any]:
    if version is None:
        return {}
    return {"id": version.lesson_id, "key": version.lesson.key, "version": version.number, "state": version.state.value}


def _plain(faults: "Sequence[Fault]", lesson: "Lesson | None") -> list[dict[str, Any]]:
    from tutor.lessons.faults import place

    return [
        {"field": one.field, "where": place(one.field, lesson), "line": one.line, "stops": one.stops, "text": one.text}
        for one in faults
    ]


def _print_faults(faults: "Sequence[Fault]", lesson: "Lesson | None") -> None:
    from tutor.lessons.faults import sentence

    for fault in faults:
        print(f"  {'!' if fault.stops else '·'} {visible(sentence(fault, lesson))}")


def _json(value: Any) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(value) + b"\n")
