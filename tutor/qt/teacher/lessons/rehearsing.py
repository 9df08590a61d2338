"""How the test page runs a rehearsal: on the engine that is running, beside whoever else uses it."""

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from tutor.domain import Lesson, LessonVersion, Passage
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.qt.teacher.lessons.trial import Run
from tutor.rehearsal.asking import Asking
from tutor.rehearsal.results import Rehearsal
from tutor.rehearsal.runner import Progress, rehearse

if TYPE_CHECKING:
    from tutor.app import App


def runner(app: "App", version: LessonVersion) -> Run:
    """For `TrialPage`. What is found is kept with the version, also when nobody looks at the page any more.

    Raises `UserError` (`engine`) when no model is loaded.
    """

    def run(lesson: Lesson, progress: Callable[[Progress], object], stopped: Callable[[], bool], /) -> Rehearsal:
        state = app.engine_state
        if state.state != "ready":
            raise UserError(
                state.text or tr("The tutor is still getting ready. Nothing was changed. Start the test in a moment."),
                code="engine",
            )
        asking = Asking(app, stopped)
        end = app.hear(asking.handle)
        try:
            found = rehearse(
                lesson,
                asking,
                model=state.model.name if state.model is not None else "",
                adapter=state.model.adapter if state.model is not None else "",
                find=lambda words: passages(app, lesson, words),
                progress=progress,
                stopped=stopped,
            )
        finally:
            end()
        # one that was cancelled takes no whole one's place, but what broke in it counts
        known = None
        with contextlib.suppress(UserError):  # the draft was let go meanwhile
            known = app.lessons.test_of(app.store.lesson_version(version.id))
        if found.finished or found.broken_blocking or known is None:
            app.lessons.keep_test(version.id, lesson, found)
        return found

    return run


def passages(app: "App", lesson: Lesson, words: str) -> tuple[Passage, ...]:
    """What a learner's question would be given of the lesson's materials."""
    if not lesson.materials:
        return ()
    found, given = app.materials.try_out(words, lesson.materials)
    return found[:given]
