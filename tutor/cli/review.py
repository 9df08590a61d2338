"""`tutor workshop review ...`: people judge answers, two at a time and blind, in a window or in the terminal."""

import argparse
import getpass
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from tutor.cli.window import has_display, has_terminal
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.workshop.review import agreement, judgements, sample
from tutor.workshop.review.judgements import HIGHEST, LEFT, LOWEST, QUESTIONS, RIGHT, SAME, Desk, Ratings

NAME = "review"
COUNT = 40
AGREEMENT = "agreement.json"


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="tutor workshop review",
        description=tr("Judge a blind sample of answers, two at a time. Which model wrote which is not shown."),
    )
    made.add_argument(
        "files",
        nargs="*",
        type=Path,
        help=tr("a file with pairs of answers (.jsonl), or one or two models (.gguf); none: go on with the sample"),
    )
    made.add_argument("--out", type=Path, default=Path("review"), help=tr("folder for the sample and the judgements"))
    made.add_argument("--reviewer", default="", help=tr("a name or initials; by default the name at this computer"))
    made.add_argument("--held", type=Path, default=Path("workshop-out/held.jsonl"), help=tr("conversations for models"))
    made.add_argument("--count", type=int, default=COUNT, help=tr("pairs to draw (default: {n})", n=COUNT))
    made.add_argument("--seed", type=int, default=2026, help=tr("of the draw"))
    made.add_argument("--terminal", action="store_true", help=tr("ask in this terminal instead of a window"))
    made.add_argument("--agreement", action="store_true", help=tr("print what all reviewers said, and judge nothing"))
    return made


def main(argv: Sequence[str]) -> int:
    """Exit code 0; raises UserError."""
    args = parser().parse_args(list(argv))
    if args.agreement:
        return show_agreement(args.out)
    pairs = pairs_of(args)
    desk = Desk(pairs, args.out, args.reviewer or getpass.getuser())
    if has_display() and not args.terminal:
        from tutor.qt.review.window import run as open_window

        return open_window(desk)
    if not has_terminal() and not args.terminal:
        raise UserError(
            tr(
                "There is no display for a window here, and no terminal to ask in. The sample is kept in {folder}. "
                "Run the command again on a computer with a screen, or in a terminal.",
                folder=args.out,
            ),
            code="no_display",
        )
    if not args.terminal:
        print(tr("There is no display for a window here, so the questions come in this terminal."))
    return in_terminal(desk, input)


def pairs_of(args: argparse.Namespace) -> list[sample.Pair]:
    """The sample that is there, else a new one. Raises UserError where another sample was begun in the folder."""
    there = sample.kept(args.out)
    if not args.files:
        if not there:
            raise UserError(
                tr(
                    "There is no sample in {folder} yet. Name a file with pairs of answers, or one or two model files.",
                    folder=args.out,
                ),
                code="no_sample",
            )
        return there
    if there:
        print(
            tr("Going on with the sample in {folder}; for a new one, name another folder with --out.", folder=args.out)
        )
        return there
    drawn = new_sample(args)
    sample.keep(drawn, args.out)
    return drawn


def new_sample(args: argparse.Namespace) -> list[sample.Pair]:
    models = [f for f in args.files if f.suffix == ".gguf"]
    if len(models) != len(args.files) or len(models) > 2:
        if len(args.files) != 1:
            raise UserError(
                tr("Name one file with pairs of answers, or one or two model files. Nothing was changed."), code="usage"
            )
        return sample.draw(sample.read(args.files[0]), args.count, args.seed)
    from tutor.workshop.review import answers  # loads llama.cpp

    return answers.pairs(models, args.held, count=args.count, seed=args.seed)


def show_agreement(folder: Path) -> int:
    """Print preferences and agreement, and write them to `agreement.json`."""
    every = judgements.everybody(folder)
    if not every:
        raise UserError(
            tr("Nobody has judged anything in {folder} yet. Nothing was changed.", folder=folder), code="no_judgements"
        )
    data = msgspec.json.encode(agreement.as_data(every))
    (folder / AGREEMENT).write_bytes(msgspec.json.format(data, indent=1))
    print(agreement.report(every))
    return 0


def in_terminal(desk: Desk, ask: Callable[[str], str]) -> int:
    """The same questions line by line. `u` takes the last pair back, `q` (or the end of the input) stops."""
    print(tr("Answer with 1 or 2 for the better answer, 0 for the same; u takes the last one back, q stops."))
    print(tr("Ratings: 0 no, 1 partly, 2 yes; an empty line leaves a question out."))
    while (pair := desk.next()) is not None:
        print("\n" + tr("Pair {n} of {total}", n=desk.done + 1, total=len(desk.pairs)))
        for line in pair.before:
            print(f"  {tr('Learner') if line.role == 'user' else tr('Tutor')}: {line.content}")
        texts = pair.shown(desk.reviewer)
        for number, text in enumerate(texts, start=1):
            print("\n" + tr("Answer {n}:", n=number) + f" {text}")
        try:
            said = _one_of(ask, tr("Which is better? "), ("1", "2", "0", "u", "q"))
            if said == "q":
                break
            if said == "u":
                if desk.undo() is None:
                    print(tr("There is nothing to take back."))
                continue
            rated = [_ratings(ask, number) for number in (1, 2)]
        except EOFError:
            break
        desk.judge(pair, {"1": LEFT, "2": RIGHT, "0": SAME}[said], rated[0], rated[1])
    print(
        tr(
            "{done} of {total} judged; all of it is kept in {folder}.",
            done=desk.done,
            total=len(desk.pairs),
            folder=desk.folder,
        )
    )
    return 0


def _ratings(ask: Callable[[str], str], number: int) -> Ratings:
    allowed = ("", *(str(v) for v in range(LOWEST, HIGHEST + 1)))
    found: dict[str, int | None] = {}
    for question in QUESTIONS:
        words = tr("Answer {n}: {question} ", n=number, question=agreement.question_in_words(question))
        said = _one_of(ask, words, allowed)
        found[question] = int(said) if said else None
    return Ratings(**found)


def _one_of(ask: Callable[[str], str], words: str, allowed: Sequence[str]) -> str:
    while (said := ask(words).strip().lower()) not in allowed:
        print(tr("Please type one of {choices}.", choices=", ".join(a for a in allowed if a)))
    return said


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
