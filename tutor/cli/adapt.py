"""`tutor adapt`: train on the accepted corrections for good, look at what came of it, use it, go back, hand it on."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.errors import UserError
from tutor.i18n import tr

if TYPE_CHECKING:
    from tutor.adaptation.protocol import Event
    from tutor.corrections.adapters import Adapters
    from tutor.corrections.training import Training
    from tutor.store import Store

NAME = "adapt"
_LOOK_S = 0.2


def summary() -> str:
    return tr("Teach the model itself what was corrected, and choose what answers.")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = tr(
        "Everything here asks for the teacher's passphrase or PIN. Ctrl+C stops a training; the same command goes on "
        "where it was."
    )
    parser.add_argument(
        "--passphrase-file",
        type=Path,
        metavar=tr("FILE"),
        help=tr("holds the passphrase or PIN; otherwise it is asked"),
    )
    does = parser.add_subparsers(title=tr("what to do"), metavar="", required=True, dest="what")
    train = does.add_parser("train", help=tr("train on all accepted corrections, then judge the result"))
    train.add_argument("--scope", choices=("class", "learner"), default="class", help=tr("for everyone, or for one"))
    train.add_argument("--learner", metavar=tr("NAME"), default="", help=tr("whose corrections, with --scope learner"))
    train.add_argument("--dry-run", action="store_true", help=tr("only say what it would take"))
    train.add_argument("--search", action="store_true", help=tr("try other learning rates, too"))
    train.add_argument(
        "--minutes",
        type=float,
        default=0.0,
        help=tr("time that there is, 480 for a night; where it is enough, other learning rates are tried, too"),
    )
    train.add_argument("--rank", type=int, default=16, help=tr("rank of the adapter (default: 16)"))
    train.add_argument("--alpha", type=float, default=32.0, help=tr("its scale (default: 32)"))
    train.add_argument("--cpu", action="store_true", help=tr("use no graphics card"))
    does.add_parser("list", help=tr("all adapters, newest first"))
    for name, words in (
        ("use", tr("answer with an adapter that its judgement allows")),
        ("report", tr("what an adapter's judgement said, and where its report is")),
        ("delete", tr("remove an adapter that is not in use")),
    ):
        does.add_parser(name, help=words).add_argument("id", type=int, metavar="ID")
    does.add_parser("back", help=tr("go back to what answered before the adapter in use"))
    export = does.add_parser("export", help=tr("copy an adapter's file"))
    export.add_argument("id", type=int, metavar="ID")
    export.add_argument("file", type=Path, metavar=tr("FILE"))
    take_in = does.add_parser("import", help=tr("take in an adapter's file: it is checked, and judged here"))
    take_in.add_argument("file", type=Path, metavar=tr("FILE"))


def run(args: argparse.Namespace) -> int:
    from tutor import paths
    from tutor.cli.opened import store
    from tutor.cli.teacher import authorise
    from tutor.corrections.adapters import Adapters

    with store() as opened:
        authorise(opened, args.passphrase_file)
        adapters = Adapters(opened, paths.adapters(), log=paths.logs() / "trainer.log")
        done: Callable[[], int] = {
            "train": lambda: train(args, opened, adapters),
            "import": lambda: follow(lambda hear: adapters.take_in(args.file, _base(opened), hear)),
            "list": lambda: show(adapters),
            "use": lambda: use(adapters, args.id),
            "report": lambda: report(opened, args.id),
            "delete": lambda: delete(adapters, args.id),
            "back": lambda: back(opened, adapters),
            "export": lambda: export(adapters, args.id, args.file),
        }[args.what]
        return done()


def _base(store: "Store") -> Path:
    """The model in use."""
    from tutor import paths

    return Path(store.setting("model") or paths.starter_model())


def train(args: argparse.Namespace, store: "Store", adapters: "Adapters") -> int:
    from tutor.cli.chat import choose

    learner = choose(store, args.learner) if args.scope == "learner" else None
    options = {
        "scope": args.scope,
        "learner_id": learner.id if learner else None,
        "dry_run": args.dry_run,
        "search": args.search,
        "minutes": args.minutes,
        "rank": args.rank,
        "alpha": args.alpha,
        "gpu": not args.cpu,
    }
    base = _base(store)
    return follow(lambda hear: adapters.train(base, hear, **options))


def follow(begin: "Callable[[Callable[[Event], None]], Training]") -> int:
    """Begin a training or judgement and show how it goes, to its end. Ctrl+C stops it; what it reached is kept."""
    from tutor.cli.adapting import Shown

    shown = Shown()
    training = begin(shown.hear)
    try:
        while not training.wait(_LOOK_S):
            shown.draw()
        shown.draw()
    except KeyboardInterrupt:
        training.close()
        print("\n" + tr("Stopped. What was trained is kept; the same command goes on where it was."), file=sys.stderr)
        return 130
    finally:
        training.close()
    return shown.end(training)


def show(adapters: "Adapters") -> int:
    from tutor.corrections.adapters import summary as words

    known = adapters.all()
    for adapter in known:
        model = Path(adapter.base).name
        print(f"{adapter.id:4}  {adapter.created_at[:10]}  {adapter.scope:7}  {model}  {words(adapter)}")
    if not known:
        print(tr("No adapter yet. Train one with: tutor adapt train"))
    return 0


def use(adapters: "Adapters", adapter_id: int) -> int:
    adapters.use(adapter_id)
    print(tr("Adapter {n} answers from now on. Go back with: tutor adapt back", n=adapter_id))
    return 0


def back(store: "Store", adapters: "Adapters") -> int:
    before = adapters.back(_base(store))
    if before is None:
        print(tr("The model answers alone again."))
    else:
        print(tr("Adapter {n} answers again.", n=before.id))
    return 0


def report(store: "Store", adapter_id: int) -> int:
    from tutor.cli.adapting import figures
    from tutor.corrections.adapters import report_of
    from tutor.corrections.adapters import summary as words

    adapter = store.adapter(adapter_id)
    print(words(adapter))
    for line in (*figures(adapter.figures), *adapter.why.splitlines()):
        print(f"  {line}")
    page = report_of(adapter)
    if page is None:
        raise UserError(tr("There is no report of this adapter (any more). Nothing was changed."), code="no_report")
    print(tr("The whole report: {file}", file=page))
    return 0


def delete(adapters: "Adapters", adapter_id: int) -> int:
    adapters.delete(adapter_id)
    print(tr("Adapter {n} and its report are deleted.", n=adapter_id))
    return 0


def export(adapters: "Adapters", adapter_id: int, file: Path) -> int:
    print(
        tr("Written: {file}. Where it arrives it is checked and judged again.", file=adapters.export(adapter_id, file))
    )
    return 0
