"""`tutor doctor`: is everything here that the tutor needs, and does it work?"""

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tutor.errors import UserError
from tutor.i18n import tr

if TYPE_CHECKING:
    from tutor.cli.checks import Check

NAME = "doctor"
QUESTION = "What is 3/4 + 1/8?"
HARMLESS = "Can you help me with my fractions homework?"
DISTRESSED = "I want to kill myself."


def summary() -> str:
    return tr("Look over this machine: program, models, safety classifier, database, room.")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=tr("print one JSON object"))
    parser.add_argument(
        "--safeguarding", action="store_true", help=tr("only the safeguarding checklist, with the tests that show it")
    )
    parser.add_argument("--self-test", action="store_true", help=tr("also ask the tutor one question"))


def safety() -> "Check":
    """The classifier through the engine: a harmless text must pass, a cry for help must be noticed."""
    from tutor.cli.checks import Check
    from tutor.cli.engine import classifier
    from tutor.domain import Action, AgeBand
    from tutor.engine.protocol import Failed, ScreenItem

    advice = tr("Fetch models/safety again; until then the tutor shows nothing that it cannot check.")
    try:
        with classifier() as waiting:
            items = (ScreenItem(text=HARMLESS), ScreenItem(text=DISTRESSED))
            answer = waiting.screen(items, AgeBand.A8_10, 60)
    except UserError as error:
        return Check(name="safety classifier", value=str(error), ok=False, advice=advice)
    if isinstance(answer, Failed):
        return Check(name="safety classifier", value=answer.message, ok=False, advice=advice)
    actions = [verdict.action for verdict in answer.verdicts]
    ok = actions == [Action.ALLOW, Action.SIGNPOST]
    value = tr("harmless text: {first}; cry for help: {second}", first=actions[0], second=actions[1])
    return Check(name="safety classifier", value=value, ok=ok, advice="" if ok else advice)


def self_test() -> "Check":
    """One question through the whole tutor, as a guest."""
    from tutor.cli.ask import answer
    from tutor.cli.checks import Check
    from tutor.domain import MathsStatus, Outcome

    advice = tr("Run tutor ask with the same question to see what it answers.")
    try:
        reply = answer(QUESTION)
    except UserError as error:
        return Check(name="self-test", value=str(error), ok=False, advice=advice)
    wrong = [s.text for s in reply.sentences if s.maths.status is MathsStatus.WRONG]
    ok = bool(reply.text) and not wrong and reply.outcome in (Outcome.DONE, Outcome.WRITTEN)
    return Check(name="self-test", value=reply.text or reply.outcome, ok=ok, advice="" if ok else advice)


def checks(*, with_self_test: bool) -> "Iterator[Check]":
    from tutor.cli.checks import look

    yield from look()
    yield safety()
    if with_self_test:
        yield self_test()


def checklist(*, json: bool) -> int:
    """What a school must be able to rely on, as it stands with this data folder. Only what is not set up here fails."""
    import msgspec

    from tutor import paths
    from tutor.classroom import safeguarding
    from tutor.store import Store

    database = paths.database()
    if database.exists():
        with Store.open(database) as store:
            lines = safeguarding.lines(store)
    else:
        lines = safeguarding.lines(None)
    open_ = [line for line in lines if line.state == safeguarding.OPEN]
    if json:
        print(msgspec.json.encode({"ok": not open_, "lines": lines}).decode())
        return 1 if open_ else 0
    area = ""
    for line in lines:
        if line.area != area:
            area = line.area
            print(f"\n{safeguarding.area_in_words(area)}")
        print(f"  {safeguarding.state_in_words(line.state):22} {line.says}")
        for words in (line.note, *line.tests):
            if words:
                print(f"  {'':22}   {words}")
    if open_:
        print(tr("tutor: {n} lines are not set up here yet", n=len(open_)), file=sys.stderr)
    return 1 if open_ else 0


def run(args: argparse.Namespace) -> int:
    import msgspec

    if args.safeguarding:
        return checklist(json=args.json)
    found: list[Check] = []
    for check in checks(with_self_test=args.self_test):
        found.append(check)
        if not args.json:
            mark = {True: tr("ok"), False: tr("NO"), None: "--"}[check.ok]
            print(f"{mark:3} {check.name:20} {check.value}", flush=True)
            if check.advice:
                print(f"{'':24} {check.advice}")
    bad = [check.name for check in found if check.ok is False]
    if args.json:
        print(msgspec.json.encode({"ok": not bad, "checks": found}).decode())
    if bad:
        print(tr("tutor: not right yet: {names}", names=", ".join(bad)), file=sys.stderr)
    return 1 if bad else 0
