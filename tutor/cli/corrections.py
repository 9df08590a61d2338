"""`tutor corrections`: list, add, check, decide, export and import what is right instead of bad answers."""

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.cli.render import visible
from tutor.domain import Correction, CorrectionStatus
from tutor.i18n import tr, trn

if TYPE_CHECKING:
    from tutor.store import Store

NAME = "corrections"
KINDS = ("fact", "method", "explanation", "style", "scope")


def summary() -> str:
    return tr("What is right instead of a bad answer: list, add, decide, export, import.")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = tr(
        "Everything here asks for the teacher's passphrase or PIN. Each correction is checked before it can be "
        "accepted. Files are JSON lines; - stands for standard input or output."
    )
    parser.add_argument(
        "--passphrase-file",
        type=Path,
        metavar=tr("FILE"),
        help=tr("holds the passphrase or PIN; otherwise it is asked"),
    )
    does = parser.add_subparsers(title=tr("what to do"), metavar="", required=True, dest="what")
    listed = does.add_parser("list", help=tr("those that wait, or all of one state, or all"))
    listed.add_argument("--status", choices=[*(s.value for s in CorrectionStatus), "all"], default="proposed")
    listed.add_argument("--json", action="store_true", help=tr("one JSON object a line"))
    does.add_parser("contradictions", help=tr("pairs that cannot both be right, side by side"))
    add = does.add_parser("add", help=tr("a correction of your own: checked, then in use"))
    _words(add, needed=True)
    edit = _one(does, "edit", tr("change its words; it is checked again, and then in use"))
    _words(edit, needed=False)
    accept = _one(does, "accept", tr("use it from now on"))
    accept.add_argument(
        "--scope", choices=("class", "learner"), default="", help=tr("for everyone, or for its learner")
    )
    merge = _one(does, "merge", tr("it means the same as another one, whose answer stays"))
    merge.add_argument("into", type=int, metavar=tr("OTHER"))
    decisions = [accept, edit, merge, _one(does, "reject", tr("do not use it"))]
    decisions.append(_one(does, "withdraw", tr("take it out of use; its record stays")))
    for parser_ in decisions:
        parser_.add_argument("--why", default="", metavar=tr("TEXT"), help=tr("the reason; it is kept"))
    _one(does, "undo", tr("take back the last decision about it"))
    _one(does, "show", tr("its words, what the checks say, and who decided what when"))
    does.add_parser("check", help=tr("run the checks that are still to be run"))
    out = does.add_parser("export", help=tr("those in use for everyone, as JSON lines"))
    out.add_argument("file", metavar=tr("FILE"))
    out.add_argument("--all", action="store_true", help=tr("also those that wait, were rejected or withdrawn"))
    take_in = does.add_parser("import", help=tr("take in JSON lines: they are checked, and wait for your decision"))
    take_in.add_argument("file", metavar=tr("FILE"))


def run(args: argparse.Namespace) -> int:
    from tutor.cli.opened import store
    from tutor.cli.teacher import authorise

    with store() as opened:
        authorise(opened, args.passphrase_file)
        done: Callable[[], int] = {
            "list": lambda: show_all(opened, args.status, as_json=args.json),
            "contradictions": lambda: contradictions(opened),
            "add": lambda: add(opened, args),
            "edit": lambda: edit(opened, args),
            "show": lambda: show(opened, args.id),
            "check": lambda: check_all(opened),
            "export": lambda: export(opened, args.file, everything=args.all),
            "import": lambda: take_in(opened, args.file),
        }.get(args.what, lambda: decide(opened, args))
        return done()


def show_all(store: "Store", status: str, *, as_json: bool) -> int:
    from tutor.corrections import transfer

    chosen = store.corrections(None if status == "all" else CorrectionStatus(status))
    if as_json:
        sys.stdout.buffer.write(transfer.lines(chosen))
        return 0
    for correction in chosen:
        _print(correction)
    if not chosen:
        print(tr("There is none."))
    return 0


def contradictions(store: "Store") -> int:
    from tutor.corrections import contradictions as found

    pairs = found.pairs(store.corrections())
    for pair in pairs:
        _print(pair.one)
        _print(pair.other)
        print()
    if not pairs:
        print(tr("No two corrections contradict each other."))
    return 0


def add(store: "Store", args: argparse.Namespace) -> int:
    made = store.propose_correction(
        args.question.strip(),
        args.answer.strip(),
        wrong=args.wrong or "",
        kind=args.kind or "fact",
        phrasings=args.phrasing or (),
        by="teacher",
    )
    return _check_and_accept(store, made.id, "")


def edit(store: "Store", args: argparse.Namespace) -> int:
    given = {
        "question": args.question,
        "answer": args.answer,
        "wrong": args.wrong,
        "kind": args.kind,
        "phrasings": args.phrasing,
    }
    changed = {name: value for name, value in given.items() if value is not None}
    store.edit_correction(args.id, by="teacher", why=args.why, **changed)
    return _check_and_accept(store, args.id, args.why)


def decide(store: "Store", args: argparse.Namespace) -> int:
    from tutor.corrections import queue

    if args.what == "accept":
        if not store.correction(args.id).checked:
            _check(store, (store.correction(args.id),))
        _print(queue.accept(store, args.id, why=args.why, scope=args.scope))
    elif args.what == "merge":
        _print(store.merge_correction(args.id, args.into, by="teacher", why=args.why))
    elif args.what == "undo":
        _print(queue.undo(store, args.id))
    else:
        status = {"reject": CorrectionStatus.REJECTED, "withdraw": CorrectionStatus.WITHDRAWN}[args.what]
        _print(store.decide(args.id, status, by="teacher", why=args.why))
    return 0


def show(store: "Store", correction_id: int) -> int:
    correction = store.correction(correction_id)
    _print(correction)
    for decision in store.decisions(correction_id):
        print(
            f"  {decision.at[:16].replace('T', ' ')}  {decision.by}: {decision.what}  {visible(decision.why)}".rstrip()
        )
    return 0


def check_all(store: "Store") -> int:
    _check(store, [c for c in store.corrections(CorrectionStatus.PROPOSED) if not c.checked])
    return show_all(store, "proposed", as_json=False)


def export(store: "Store", file: str, *, everything: bool) -> int:
    from tutor.corrections import transfer

    if file == "-":
        sys.stdout.buffer.write(transfer.lines(transfer.to_export(store, everything=everything)))
        return 0
    count = transfer.export(store, Path(file), everything=everything)
    print(trn("{n} correction is in {file}.", "{n} corrections are in {file}.", count, file=file))
    return 0


def take_in(store: "Store", file: str) -> int:
    from tutor.corrections import transfer

    found = transfer.read(sys.stdin.buffer if file == "-" else Path(file))
    made = transfer.take_in(store, found)
    kept = _check(store, made)
    stopped = sum(correction.checked != "passed" for correction in kept)
    print(
        tr(
            "{new} of {all} are new. They wait for your decision; a check stopped {stopped} of them.",
            new=len(made),
            all=len(found),
            stopped=stopped,
        )
    )
    return 0


# --- inside ---------------------------------------------------------------------------------------------------------


def _words(parser: argparse.ArgumentParser, *, needed: bool) -> None:
    parser.add_argument("--question", required=needed, help=tr("what was asked"))
    parser.add_argument("--answer", required=needed, help=tr("what is right"))
    parser.add_argument("--wrong", help=tr("the bad answer"))
    parser.add_argument("--kind", choices=KINDS)
    parser.add_argument("--phrasing", action="append", help=tr("another way of asking the same; may be given again"))


def _one(does: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, words: str) -> argparse.ArgumentParser:
    parser = does.add_parser(name, help=words)
    parser.add_argument("id", type=int, metavar="ID")
    return parser


def _check(store: "Store", corrections: Iterable[Correction]) -> tuple[Correction, ...]:
    """Have them checked by the engine, one after the other; those whose checks were kept."""
    from tutor.cli.engine import classifier
    from tutor.corrections import vetting
    from tutor.engine.protocol import Vetted
    from tutor.errors import UserError

    waiting = [store.own_words(correction.id) for correction in corrections]
    kept: list[Correction] = []
    if not waiting:
        return ()
    with classifier() as engine:
        for correction in waiting:
            answer = engine.vet(vetting.request(store, correction, engine.next_id()))
            if not isinstance(answer, Vetted):
                raise UserError(answer.message, code=answer.code)
            now = vetting.keep(store, correction, answer)
            kept += [now] if now is not None else []
    return tuple(kept)


def _check_and_accept(store: "Store", correction_id: int, why: str) -> int:
    """Exit code 1 when a check stopped it; then it waits."""
    _check(store, (store.correction(correction_id),))
    correction = store.correction(correction_id)
    if correction.checked == "passed" and correction.answer.strip():
        correction = store.decide(correction_id, CorrectionStatus.ACCEPTED, by="teacher", why=why)
    _print(correction)
    return 0 if correction.status is CorrectionStatus.ACCEPTED else 1


def _print(correction: Correction) -> None:
    print(f"{correction.id}  {correction.status.value}  {correction.kind}  {visible(correction.question)}")
    print(f"    {tr('right')}: {visible(correction.answer) or '–'}")
    if correction.wrong:
        print(f"    {tr('instead of')}: {visible(correction.wrong)}")
    for phrasing in correction.phrasings:
        print(f"    {tr('also asked')}: {visible(phrasing)}")
    for finding in correction.findings:
        print(f"    {'!' if finding.stops else '·'} {finding.reason}")
