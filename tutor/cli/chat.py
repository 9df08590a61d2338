"""`tutor chat`: the conversation in a terminal, with the same rules as in the window."""

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from tutor.errors import UserError
from tutor.i18n import tr

if TYPE_CHECKING:
    from tutor.domain import Learner, Message
    from tutor.session import Session
    from tutor.store import Store

NAME = "chat"


def summary() -> str:
    return tr("Talk with the tutor in this terminal.")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = tr("Type /help in the chat for its commands. Ctrl+C stops an answer.")
    parser.add_argument("--learner", metavar=tr("NAME"), default="", help=tr("who chats; asked for when left out"))
    parser.add_argument("--model", metavar=tr("FILE"), default="", help=tr("a GGUF chat model for this time"))


def run(args: argparse.Namespace) -> int:
    return begin(args.learner, args.model)


def begin(name: str = "", model: str = "") -> int:
    """Choose the learner and chat until they leave. Sets the program up first where that was not done."""
    from tutor.app import App
    from tutor.cli import interview, learner_pin
    from tutor.cli.opened import or_repair

    with or_repair(App.open) as app:
        if not app.store.is_set_up():
            if not sys.stdin.isatty():
                raise UserError(tr("Tutor is not set up yet. Run: tutor setup"), code="not_set_up")
            print(tr("Before anyone can chat, a grown-up answers a few questions."))
            interview.first_run(app.store)
        learner = choose(app.store, name)
        let_in = learner_pin.ask(app.store, learner)
        notice(app.store, learner)
        session = app.session(learner, let_in, {"model": model} if model else None)
        Chat(session, learner).run()
    return 0


def notice(store: "Store", learner: "Learner") -> None:
    """The privacy notice, once a term, before the chat."""
    from tutor.wording import privacy

    if not privacy.is_due(str(store.setting("privacy_read", learner.id))):
        return
    print(tr("What happens with my words?"))
    for line in privacy.lines(store, learner):
        print(f"  {line}")
    if sys.stdin.isatty():
        input(tr("Press Enter when you have read this. "))
    store.set_setting("privacy_read", privacy.read_now(), learner.id)


def choose(store: "Store", name: str) -> "Learner":
    """The learner with this name (case does not matter), or the one picked from a list."""
    learners = store.learners()
    if name:
        for learner in learners:
            if learner.name.casefold() == name.strip().casefold():
                return learner
        known = ", ".join(learner.name for learner in learners) or tr("nobody yet")
        raise UserError(
            tr("There is no learner called {name}. There are: {known}", name=name, known=known), code="learner"
        )
    if not learners:
        raise UserError(tr("There is no learner yet. Run: tutor setup"), code="learner")
    if len(learners) == 1:
        return learners[0]
    print(tr("Who are you?"))
    for number, learner in enumerate(learners, start=1):
        print(f"  {number}  {learner.name}")
    while True:
        said = input(tr("Number or name: ")).strip()
        if said.isdecimal() and 1 <= int(said) <= len(learners):
            return learners[int(said) - 1]
        if any(learner.name.casefold() == said.casefold() for learner in learners):
            return choose(store, said)


class Chat:
    """The loop of one learner at one terminal."""

    def __init__(self, session: "Session", learner: "Learner") -> None:
        from tutor.cli.commands import Commands
        from tutor.cli.follow import Follower
        from tutor.cli.render import Terminal

        self.session, self.learner = session, learner
        self.terminal = Terminal()
        self.terminal.school = session.at_school
        self.follower = Follower(session)
        self.commands = Commands(self)
        self.survey_open = False
        """The two questions are asked, and not answered yet."""

    def run(self) -> None:
        """Read lines until /quit, the end of input, or Ctrl+C twice at the prompt."""
        self.terminal.say(tr("Hello {name}. Write your question, or /help. /quit leaves.", name=self.learner.name))
        from tutor.wording import people

        self.session.new()
        if self.session.unread_answers():
            self.terminal.say(tr("{new}: /list shows where.", new=people.new_answer(school=self.session.at_school)))
        try:
            for words in self.lines():
                if words.startswith("/"):
                    self.commands.run(words)
                elif words:
                    self.turn(self.session.ask(words))
                if self.commands.left:
                    break
        finally:
            self.follower.close()
        self.terminal.say(tr("Goodbye. Your conversations are kept."))

    def lines(self) -> Iterator[str]:
        """What the learner types, line by line."""
        interrupted = False
        while True:
            self.show_remarks()
            try:
                words = input("> " if sys.stdin.isatty() else "").strip()
            except EOFError:
                return
            except KeyboardInterrupt:
                if interrupted:
                    return
                interrupted = True
                print()
                self.terminal.say(tr("Ctrl+C once more, or /quit, leaves."))
                continue
            interrupted = False
            yield words

    def ask_line(self, prompt: str) -> str:
        """One more line from the learner; empty at the end of input."""
        try:
            return input(prompt if sys.stdin.isatty() else "").strip()
        except EOFError:
            return ""

    def turn(self, asked: "Message | None") -> None:
        """Show an answer as it comes; Ctrl+C stops it."""
        with self._ctrl_c_stops():
            self.terminal.show(self.follower.answer(asked))

    def show_remarks(self) -> None:
        from tutor.session_events import SurveyOffered

        for event in self.follower.waiting():
            self.survey_open = self.survey_open or isinstance(event, SurveyOffered)
            self.terminal.remark(event)

    @contextmanager
    def _ctrl_c_stops(self) -> Iterator[None]:
        """The first Ctrl+C ends the answer, a second one the program."""
        pressed = 0

        def stop(_signal: int, _frame: FrameType | None) -> None:
            nonlocal pressed
            pressed += 1
            if pressed > 1:
                raise KeyboardInterrupt
            self.session.stop()

        before = signal.signal(signal.SIGINT, stop)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)
