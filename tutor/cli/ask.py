"""`tutor ask TEXT`: one question, one checked answer."""

import argparse
import sys
from typing import TYPE_CHECKING

from tutor.errors import UserError
from tutor.i18n import tr

if TYPE_CHECKING:
    from tutor.domain import Reply
    from tutor.session import Session

NAME = "ask"


def summary() -> str:
    return tr("Ask one question and print the checked answer.")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = tr("Without --learner it is asked as a guest: nothing is stored, and no set-up is needed.")
    parser.add_argument("text", metavar=tr("TEXT"), help=tr("the question; - reads it from standard input"))
    parser.add_argument("--learner", metavar=tr("NAME"), default="", help=tr("ask as this learner; the turn is stored"))
    parser.add_argument("--model", metavar=tr("FILE"), default="", help=tr("a GGUF chat model for this question"))
    parser.add_argument(
        "--json", action="store_true", help=tr("print one JSON object with everything that was checked")
    )


def run(args: argparse.Namespace) -> int:
    import msgspec

    from tutor.cli import checked

    text = sys.stdin.read() if args.text == "-" else args.text
    if not text.strip():
        raise UserError(tr("There is no question. Write it after: tutor ask"), code="empty")
    try:
        reply = answer(text, args.learner, args.model)
    except UserError as error:
        if args.json:
            print(msgspec.json.encode({"error": str(error), "code": error.code}).decode())
        raise
    if args.json:
        print(checked.as_json(reply))
    else:
        from tutor.cli.render import visible

        print(visible(reply.text))
        print(checked.line(reply), file=sys.stderr)
    return 0


def answer(text: str, learner: str = "", model: str = "") -> "Reply":
    """The finished reply to one question of a learner, or of a guest. Raises UserError when there is none."""
    from tutor.cli.sessions import for_guest, for_learner

    if not learner:
        in_hours(text)
    overrides = {"model": model} if model else {}
    with for_learner(learner, overrides) if learner else for_guest(overrides) as session:
        return one_reply(session, text)


def in_hours(text: str) -> None:
    """The school's hours hold for a guest, too; a cry for help is heard at any time. Raises UserError (`not_now`)."""
    from tutor import paths
    from tutor.moderation import crisis
    from tutor.session_limits import NOT_NOW, out_of_hours
    from tutor.store import stored_settings

    values = stored_settings(paths.database())
    closed = out_of_hours(str(values["chat_from"]), str(values["chat_until"]))
    if closed is not None and crisis.signs(text) is None:
        raise UserError(
            tr(
                "The tutor is there from {begins} to {ends}. Nothing was asked. Come back then.",
                begins=closed[0],
                ends=closed[1],
            ),
            code=NOT_NOW,
        )


def one_reply(session: "Session", text: str) -> "Reply":
    """Ask in an open session and wait for the end. Raises UserError with the reason when it failed."""
    from tutor.cli.follow import Follower
    from tutor.domain import Outcome
    from tutor.session_events import Finished, Problem

    follower = Follower(session)
    reply: Reply | None = None
    problem: Problem | None = None
    for event in follower.answer(session.ask(text)):
        if isinstance(event, Finished):
            reply = event.message.reply
        elif isinstance(event, Problem):
            problem = event
    follower.close()
    if problem is not None:
        raise UserError(problem.text, code=problem.code)
    if reply is None or reply.outcome is Outcome.FAILED:
        raise UserError(tr("The tutor could not answer. Run tutor doctor to see why."), code="failed")
    return reply
