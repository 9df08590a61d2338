"""Answers on a terminal and in a pipe."""

import io

from saying_engine import SayingEngine

from tutor.cli.follow import Follower
from tutor.cli.render import Terminal, visible
from tutor.session import Session


class Tty(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(session: Session, out: io.StringIO) -> str:
    follower = Follower(session)
    Terminal(out).show(follower.answer(session.ask("What is 3/4 + 1/8?")))
    follower.close()
    return out.getvalue()


def test_a_pipe_gets_the_words_as_they_are(session: Session, engine: SayingEngine) -> None:
    engine.sentences = ("**Bold** words.", "| a | b |")
    said = shown(session, io.StringIO())
    assert said.startswith("**Bold** words. | a | b |\n") and "\x1b" not in said


def test_a_terminal_gets_markdown(session: Session, engine: SayingEngine) -> None:
    engine.sentences = ("Some **bold** words.",)
    said = shown(session, Tty())
    assert "**" not in said.rpartition("Some")[2] and "bold" in said


def test_brackets_and_long_answers_stay_whole(session: Session, engine: SayingEngine) -> None:
    engine.sentences = tuple(f"Line [red]{n}[/red]." for n in range(200))
    for out in (io.StringIO(), Tty()):
        said = shown(session, out)
        assert "Line [red]0[/red]." in said and "Line [red]199[/red]." in said


def test_no_text_can_steer_the_terminal(session: Session, engine: SayingEngine) -> None:
    engine.sentences = ("Look\x1b]0;title\x07 \x1b[2Jhere\x9b1m.",)
    said = shown(session, io.StringIO())
    assert "\x1b" not in said and "\x9b" not in said and "\x07" not in said
    assert visible("a\nb\tc\x00\x7f") == "a\nb\tc"
