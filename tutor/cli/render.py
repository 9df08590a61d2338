"""An answer on the terminal: sentences as they are approved, Markdown once a terminal can show it."""

import sys
from collections.abc import Iterable
from typing import TextIO

from rich.console import Console, Group
from rich.live import Live
from rich.markdown import Markdown
from rich.text import Text

from tutor.cli.checked import line
from tutor.domain import CorrectionStatus, Escalated, Reply
from tutor.i18n import tr
from tutor.session_events import (
    AskedAbout,
    Corrected,
    EngineState,
    Finished,
    MayPut,
    Noted,
    Problem,
    Put,
    SessionEvent,
    Shown,
    StageChanged,
    SurveyOffered,
)
from tutor.wording import people

WIDTH = 88
"""Longer lines are hard to read."""


_CONTROLS = {code: None for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}


def visible(text: str) -> str:
    """Without control characters: no text may move the cursor or colour the terminal."""
    return text.translate(_CONTROLS)


def stage_words(stage: str) -> str:
    """What the engine is doing, for a learner."""
    words = {
        "waiting": tr("the tutor is getting ready"),
        "reading": tr("reading your message"),
        "thinking": tr("thinking"),
        "checking": tr("checking the answer"),
        "regenerating": tr("finding better words"),
        "stopping": tr("stopping"),
    }
    return words.get(stage, stage)


class Terminal:
    """Where answers are shown. A pipe gets plain sentences as they come, a terminal gets Markdown in place."""

    def __init__(self, out: TextIO | None = None) -> None:
        target = out or sys.stdout
        self.school = True
        """For words: a teacher, or a grown-up at home."""
        self.console = Console(file=target, highlight=False, soft_wrap=not target.isatty())
        self.console.width = min(self.console.width, WIDTH) if target.isatty() else self.console.width

    def say(self, text: str, style: str = "") -> None:
        """A line of our own; brackets in it stay brackets."""
        self.console.print(Text(visible(text), style=style))

    def show(self, events: Iterable[SessionEvent]) -> Reply | None:
        """Follow one turn to its end; gives the finished reply, None when there is none."""
        if self.console.is_terminal:
            return self._in_place(events)
        return self._as_it_comes(events)

    def _as_it_comes(self, events: Iterable[SessionEvent]) -> Reply | None:
        begun, reply = False, None
        for event in events:
            if isinstance(event, Shown):
                self.console.file.write(visible((event.space if begun else "") + event.check.text))
                self.console.file.flush()
                begun = True
            elif isinstance(event, Finished):
                reply = event.message.reply
                self.console.file.write("\n" if begun else "")
                self._ending(reply)
            else:
                self.remark(event)
        return reply

    def _in_place(self, events: Iterable[SessionEvent]) -> Reply | None:
        text, stage, reply = "", "", None
        with Live(console=self.console, transient=True, auto_refresh=False) as live:
            for event in events:
                if isinstance(event, Shown):
                    text += visible((event.space if text else "") + event.check.text)
                elif isinstance(event, StageChanged):
                    stage = stage_words(event.stage)
                elif isinstance(event, EngineState) and event.state == "loading":
                    stage = event.text or stage
                elif isinstance(event, Finished):
                    reply, text = event.message.reply, ""
                    live.update(Text(""), refresh=True)
                    live.stop()
                    if event.message.text:
                        self.console.print(Markdown(visible(event.message.text)))
                    self._ending(reply)
                    continue
                else:
                    self.remark(event)
                if reply is None:
                    live.update(Group(Markdown(text), Text(f"… {stage}" if stage else "…", style="dim")), refresh=True)
        return reply

    def _ending(self, reply: Reply | None) -> None:
        if reply is None:
            return
        if reply.quiet:
            self.say(f"  {reply.quiet}", "dim")
        self.say(f"  {line(reply)}", "dim")
        for passage in reply.cites:
            self.say(f"  {passage.material}, {passage.place}", "dim")

    def _person(self, put: Escalated) -> None:
        if put.answer:
            self.say(tr("{who} says: {words}", who=people.name(school=self.school), words=put.answer), "bold")
        else:
            self.say(people.waits(school=self.school), "dim")

    def remark(self, event: SessionEvent) -> None:
        """Problems and remarks between the sentences; what is of no interest on a terminal is left out."""
        if isinstance(event, Problem):
            self.say(event.text, "bold yellow")
        elif isinstance(event, AskedAbout):
            self.say(tr("{question} /right or /wrong", question=event.text))
        elif isinstance(event, MayPut):
            self.say(tr("{offer} /teacher does it.", offer=event.text))
        elif isinstance(event, Put):
            self._person(event.escalated)
        elif isinstance(event, SurveyOffered):
            self.say(
                tr("Did the tutor help you this week? Would you ask it again? From 1 (no) to 5 (a lot): /survey 4 5")
            )
        elif isinstance(event, Corrected) and event.correction.status is CorrectionStatus.ACCEPTED:
            self.say(tr("Your correction is checked. The tutor answers so from now on."))
        elif isinstance(event, Noted):
            self.say(event.text, "dim")
        elif isinstance(event, EngineState) and event.state in ("restarting", "failed") and event.text:
            self.say(event.text, "yellow")
