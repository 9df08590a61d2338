"""Composition root: the one place where paths, store, settings, engine and sessions are wired together."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import msgspec

from tutor import paths
from tutor.app_engine import Wired
from tutor.classroom.exchange import LessonExchange
from tutor.classroom.lesson_words import LessonWords
from tutor.classroom.materials import MaterialsDesk
from tutor.classroom.set_words import SetWords
from tutor.corrections.adapters import Adapters
from tutor.domain import AgeBand, Learner, Lesson
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.lessons.shelf import Shelf
from tutor.session import Session
from tutor.store import Store, stored_settings
from tutor.store.adapters import class_adapter
from tutor.store.learner_locks import LetIn
from tutor.store.memory import class_memory

LOAD_SETTINGS = ("model", "n_ctx", "gpu", "strictness")
"""Settings that need the model loaded again."""
_PREVIEW = 0
"""The preview's place among the sessions; no learner has this id."""


class App(Wired):
    """The program as it is used: the store in the data folder, one session for each learner."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.adapters = Adapters(store, paths.adapters(), changed=self.use_adapters, log=paths.logs() / "trainer.log")
        """What a teacher does with adapters."""
        self.lessons = LessonExchange(store, Shelf(paths.materials()), paths.sample_lessons())
        """What a teacher does with lessons."""
        self.materials = MaterialsDesk(store, self, self.lessons.shelf, self._answering)
        """What a teacher does with the texts that lessons speak from."""
        self.lessons.material_came = self.materials.came
        self._words = self.lessons.words = LessonWords(self, lambda: self.engine_state.state == "ready")
        self.hear(self._words.handle)
        self.hear(SetWords(store, self).hear)
        self.hear(self.materials.hear)
        self._learner_id: int | None = None
        """Whose session was opened last; their own adapter comes first."""
        self._tried_in: Store | None = None
        """What the preview of a lesson is said in."""

    @classmethod
    def open(cls, *, start_engine: bool = False) -> Self:
        """Open the store in `paths.home()`. The engine starts with `start_engine` or the first session.

        Raises `UserError`, as `Store.open` does; `DamagedDatabase` among them can restore a backup.
        """
        app = cls(Store.open(paths.database(), backups=paths.backups(), snapshots=paths.snapshots()))
        app.lessons.read_in_waiting()
        if start_engine:
            app.start_engine()
        return app

    def session(self, learner: Learner, let_in: LetIn | None, overrides: Mapping[str, Any] | None = None) -> Session:
        """The chat of a learner, the same one each time. `overrides` win over stored settings.

        `let_in` is the proof that their lock was opened, from `Store.let_in`, which every front needs.
        Raises `UserError` (`pin`) without it, for another learner's, and for one from before the PIN was changed.
        """
        self._check(learner, let_in)
        self._learner_id = learner.id
        known = self._sessions.get(learner.id)
        if known is not None:
            known.learner = learner
            self.use_adapters()
            return known
        changed = {key: value for key, value in (overrides or {}).items() if key in LOAD_SETTINGS}
        if changed or self._client is None:
            self.start_engine(changed)
        self.use_adapters()
        session = Session(self.store, self, learner, overrides, queue=self.corrections, desk=self.escalations)
        session.find_passages_with(self.materials.finder)
        session.judge_words_with(self._words.may_show)
        session.engine_changed(self.engine_state)
        self._sessions[learner.id] = session
        return session

    def _check(self, learner: Learner, let_in: LetIn | None) -> None:
        """Raises `UserError` (`pin`) unless this is the proof for this learner."""
        if not self.store.may_come_in(let_in, learner.id):
            raise UserError(
                tr(
                    "The conversations of {name} are behind a PIN, which was not typed. Nothing was opened. Choose "
                    "{name} again.",
                    name=learner.name,
                ),
                code="pin",
            )

    def preview(self) -> Session:
        """A guest's chat on the running engine, to try a lesson's draft out. In memory: nothing of it is kept."""
        self.end_preview()
        self._learner_id = None  # with what everyone gets, not with the adapter of whoever learnt last
        self.start_engine()
        memory = Store.open(None)
        memory.borrow_memory(*class_memory(paths.database()))
        session = Session(memory, self, None, self.store.settings())
        session.find_passages_with(self.materials.finder)
        session.engine_changed(self.engine_state)
        self._sessions[_PREVIEW] = session
        self._tried_in = memory
        return session

    def begin_preview(self, lesson: Lesson) -> None:
        """A new conversation of the preview, with this draft, as a learner of its age."""
        session = self._sessions[_PREVIEW]
        band = AgeBand(lesson.age_band) if lesson.age_band in set(AgeBand) else AgeBand.A8_10
        session.learner = msgspec.structs.replace(session.learner, age_band=band, language=lesson.language)
        session.new(draft=lesson)

    def end_preview(self, session: Session | None = None) -> None:
        """Let the preview go, with all that was said in it; only this one when `session` is given."""
        open_now = self._sessions.get(_PREVIEW)
        if session is not None and session is not open_now:
            return
        if open_now is not None:
            open_now.stop()
            del self._sessions[_PREVIEW]
        memory, self._tried_in = self._tried_in, None
        if memory is not None:
            memory.close()

    def close(self) -> None:
        """As always; a preview that is open is let go first."""
        self.materials.close()
        self.end_preview()
        super().close()

    def _end_engine(self) -> None:
        super()._end_engine()
        self.materials.engine_ended()

    def _answering(self) -> bool:
        """Whether a learner waits for an answer."""
        return any(session.answering for session in tuple(self._sessions.values()))

    def erase_learner(self, learner_id: int) -> None:
        """Erase a learner from every file and end their session. It cannot be undone.

        The engine is ended first, so that it cannot write a prefix of what they said afterwards.
        """
        running = self._client is not None
        self._end_engine()
        self._sessions.pop(learner_id, None)
        if self._learner_id == learner_id:
            self._learner_id = None
        self.adapters.erase_words_of(learner_id)
        self.store.erase_learner(learner_id)
        if running:
            self.start_engine()

    def _adapter(self, model: str) -> tuple[str, str]:
        used = self.store.active_adapter(
            base_sha256=self._sha256.get(model, ""), base=model, learner_id=self._learner_id
        )
        return (used.file, used.file_sha256) if used else ("", "")

    def _snapshots(self) -> str:
        return str(paths.snapshots())

    def _log(self) -> Path | None:
        return paths.logs() / "engine.log"


class Guest(Wired):
    """One answer, or a sample: nothing is stored, nothing of an open Tutor is disturbed."""

    def __init__(self, overrides: Mapping[str, Any] | None = None, *, database: Path | None = None) -> None:
        """`overrides` win over the school's settings, which are read from the data folder where there are any."""
        super().__init__(Store.open(None))
        school = self._school = database or paths.database()
        self._values = {**stored_settings(school), **(overrides or {})}
        self.store.borrow_memory(*class_memory(school))
        self.start_engine()
        self.session = Session(self.store, self, None, self._values)
        self._sessions[0] = self.session
        self.session.engine_changed(self.engine_state)

    def _settings(self) -> Mapping[str, Any]:
        return self._values

    def _adapter(self, model: str) -> tuple[str, str]:
        return class_adapter(self._school, model)
