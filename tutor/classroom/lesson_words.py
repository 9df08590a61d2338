"""Words of a lesson that learners are shown as they stand, looked at by the safety checks; the teacher is warned.

They come from a teacher or from a file of anybody's, and no reply's checks see them. What could not be looked at is
warned of too: silence is never taken for a yes.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from tutor.classroom.screening import Engine
from tutor.domain import Action, AgeBand, Direction, Lesson, Verdict
from tutor.domain_lessons import Assessment
from tutor.engine import protocol
from tutor.i18n import tr
from tutor.lessons.faults import Fault

_KEPT: Final = 500
Looked = tuple[str, str]
"""An age and a text."""


def shown(lesson: Lesson) -> tuple[tuple[str, str], ...]:
    """(field, text) of what is shown outside of replies: title, summary, and what is said while an assessment is on."""
    found = [("title", lesson.title), ("summary", lesson.summary)]
    found += [
        (f"guidelines.{at}.message", rule.message)
        for at, rule in enumerate(lesson.guidelines)
        if isinstance(rule, Assessment)
    ]
    return tuple((field, text.strip()) for field, text in found if text.strip())


def asked(texts: Iterable[str]) -> tuple[protocol.ScreenItem, ...]:
    """What the engine is asked to look at."""
    return tuple(protocol.ScreenItem(text=text, direction=Direction.OUTPUT) for text in texts)


def warnings(words: Sequence[tuple[str, str]], verdicts: Sequence[Verdict] | None) -> tuple[Fault, ...]:
    """What a teacher is told of these words, at their fields. `verdicts` None: they could not be looked at."""
    if verdicts is None or len(verdicts) != len(words):
        return tuple(_unchecked(field) for field, _ in words)
    pairs = zip(words, verdicts, strict=True)
    return tuple(_doubtful(field) for (field, _), verdict in pairs if verdict.action is not Action.ALLOW)


class LessonWords:
    """What the checks said so far, kept while the program runs. Called from any thread."""

    def __init__(self, engine: Engine, ready: Callable[[], bool]) -> None:
        """`ready`: whether the engine answers now."""
        self._engine, self._ready = engine, ready
        self._lock = threading.Lock()
        self._fine: dict[Looked, bool] = {}
        self._asked: dict[int, tuple[tuple[Looked, ...], Callable[[], object]]] = {}

    def look(self, lesson: Lesson, told: Callable[[], object]) -> None:
        """Have looked at what is not known yet. `told` is called when that is done, on the engine's thread."""
        band = band_of(lesson)
        with self._lock:
            under_way = {one for texts, _ in self._asked.values() for one in texts} if told is _nobody else set()
            known = self._fine.keys() | under_way
            new = tuple(dict.fromkeys((band.value, t) for _, t in shown(lesson) if (band.value, t) not in known))
        if not new or not self._ready():
            return
        number = self._engine.next_id()
        with self._lock:
            self._asked[number] = (new, told)
        self._engine.send(protocol.Screen(id=number, items=asked(text for _, text in new), age_band=band))

    def faults(self, lesson: Lesson) -> tuple[Fault, ...]:
        """Words that the checks would not show a learner of this age."""
        return tuple(_doubtful(field) for field, fine in self._known(lesson) if fine is False)

    def may_show(self, lesson: Lesson, text: str) -> bool:
        """Whether a learner may be shown words of a lesson. Those not looked at are not shown until they were."""
        with self._lock:
            fine = self._fine.get((band_of(lesson).value, text.strip()))
        if fine is None:
            self.look(lesson, _nobody)
        return bool(fine)

    def unchecked(self, lesson: Lesson) -> tuple[Fault, ...]:
        """Words that nobody looked at yet."""
        return tuple(_unchecked(field) for field, fine in self._known(lesson) if fine is None)

    def handle(self, event: object) -> None:
        """An event of the engine, or its end; those of other requests are passed over."""
        if isinstance(event, protocol.Screened | protocol.Failed):
            with self._lock:
                new, told = self._asked.pop(event.id, ((), None))
                if told is None:
                    return
                if len(self._fine) > _KEPT:
                    self._fine.clear()
                if isinstance(event, protocol.Screened) and len(event.verdicts) == len(new):
                    pairs = zip(new, event.verdicts, strict=True)
                    self._fine |= {one: verdict.action is Action.ALLOW for one, verdict in pairs}
            told()
        elif not isinstance(event, protocol.Event):
            with self._lock:
                self._asked.clear()  # unchecked they stay

    def _known(self, lesson: Lesson) -> list[tuple[str, bool | None]]:
        band = band_of(lesson).value
        with self._lock:
            return [(field, self._fine.get((band, text))) for field, text in shown(lesson)]


def _nobody() -> None:
    """Nobody waits for it."""


def band_of(lesson: Lesson) -> AgeBand:
    """The age that its words are looked at for; the youngest where it names none."""
    return next((band for band in AgeBand if band.value == lesson.age_band), next(iter(AgeBand)))


def _doubtful(field: str) -> Fault:
    words = tr("The safety checks would not show these words to a learner of this age. Read them once more.")
    return Fault(field=field, text=words, stops=False)


def _unchecked(field: str) -> Fault:
    words = tr("The safety checks have not looked at these words, which learners are shown as they stand. Read them.")
    return Fault(field=field, text=words, stops=False)
