"""A rehearsal: every scripted student talks with the tutor through the real engine, turn by turn."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final, Protocol

from tutor.domain import AgeBand, Frozen, Generation, Lesson, Passage, Reply, Severity, TutoringState, kind_of
from tutor.domain_lessons import Assessment, Wish
from tutor.engine.protocol import Past, Policy
from tutor.lessons.content import fingerprint
from tutor.rehearsal import given_away, students
from tutor.rehearsal.looking import Seen, look, strays
from tutor.rehearsal.private import Private
from tutor.rehearsal.results import ALWAYS, Rehearsal, Talk, Turn, table
from tutor.tutoring.guidelines import lesson_text

_WANDERS: Final = "wanders"
_DISTRESSED: Final = "distressed"


class Question(Frozen):
    """One line of a student, as the app would send it."""

    text: str
    guidelines: str
    lesson: Lesson
    history: tuple[Past, ...]
    state: TutoringState
    policy: Policy
    generation: Generation
    age_band: AgeBand
    language: str
    passages: tuple[Passage, ...] = ()


class Ask(Protocol):
    """Puts a question to the engine and waits for the whole reply. Raises UserError when the engine cannot."""

    def __call__(self, question: Question, /) -> Reply: ...


class Progress(Frozen):
    """How far a rehearsal is."""

    done: int
    """Turns."""
    of: int
    student: str
    seconds_left: float


def rehearse(
    lesson: Lesson,
    ask: Ask,
    *,
    seed: int = 1,
    items: int = 2,
    only: Sequence[str] = (),
    model: str = "",
    adapter: str = "",
    find: Callable[[str], tuple[Passage, ...]] = lambda _words: (),
    progress: Callable[[Progress], object] = lambda _told: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Rehearsal:
    """Hold every conversation. `find` looks passages up, `stopped` ends it after the turn under way.

    A guideline that only says a wish, or a time, is not in the table: nothing here can try it.
    """
    scripts = students.scripts(lesson, seed=seed, items=items, only=tuple(only))
    total = sum(len(script.lines) for script in scripts)
    began, done, ended = time.monotonic(), 0, False
    private = Private(lesson)
    talks: list[Talk] = []
    for script in scripts:
        talk = _Conversation(lesson, script, seed, private)
        for line in script.lines:
            if stopped():
                ended = True
                break
            talk.say(line, ask, find)
            done += 1
            spent = time.monotonic() - began
            left = spent / done * (total - done)
            progress(Progress(done=done, of=total, student=script.student, seconds_left=left))
        talks.append(Talk(student=script.student, item=script.item, turns=tuple(talk.turns)))
        if ended:
            break
    kinds = tuple(dict.fromkeys(kind_of(g) for g in lesson.guidelines if not isinstance(g, Wish | Assessment)))
    named = tuple(dict.fromkeys(script.student for script in scripts))
    return Rehearsal(
        lesson_key=lesson.key,
        lesson_sha256=fingerprint(lesson),
        model=model,
        adapter=adapter,
        seed=seed,
        began_at=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - began, 2),
        finished=not ended,
        severities={kind_of(g): g.severity for g in lesson.guidelines} | dict.fromkeys(ALWAYS, Severity.BLOCK),
        talks=tuple(talks),
        cells=table(tuple(talks), (*kinds, *ALWAYS), named),
    )


class _Conversation:
    """One student's conversation, kept as a session keeps it."""

    def __init__(self, lesson: Lesson, script: students.Script, seed: int, private: Private) -> None:
        self._lesson, self._script, self._seed = lesson, script, seed
        self._item = next((item for item in lesson.items if item.id == script.item), None)
        self._guidelines = lesson_text(lesson)
        self._private = private
        self._state = TutoringState()
        self._history: tuple[Past, ...] = ()
        self._knows = False
        self.turns: list[Turn] = []

    def say(self, line: str, ask: Ask, find: Callable[[str], tuple[Passage, ...]]) -> None:
        before = self._state
        reply = ask(
            Question(
                text=line,
                guidelines=self._guidelines,
                lesson=self._lesson,
                history=self._history,
                state=before,
                policy=Policy(),
                generation=Generation(seed=1000 * self._seed + len(self.turns)),
                age_band=AgeBand(band) if (band := self._lesson.age_band) in set(AgeBand) else AgeBand.A8_10,
                language=self._lesson.language,
                passages=find(line),
            )
        )
        self._knows = self._knows or (self._item is not None and given_away.says_answer(line, self._item))
        seen = Seen(
            student=self._script.student,
            line=line,
            before=before,
            reply=reply,
            item=self._item,
            knows=self._knows,
            strays=self._script.student == _WANDERS and strays(line, self._lesson, students.pool(_WANDERS)),
            pleads=self._script.student == _DISTRESSED and line in students.pool(_DISTRESSED),
        )
        tried, breaches = look(seen, self._lesson, self._private)
        self._state = reply.state
        if reply.in_history:
            self._history += (Past(learner=line, notes=reply.notes, tutor=reply.text),)
        self.turns.append(
            Turn(
                learner=line,
                tutor=reply.text,
                move=reply.move or "",
                quiet=reply.quiet,
                alert=reply.alert,
                escalate=reply.escalate,
                rules=reply.rules,
                tried=tried,
                breaches=breaches,
            )
        )
