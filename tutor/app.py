"""Composition root: the one place where paths, store, settings, engine and sessions are wired together."""

import logging
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

import msgspec

from tutor import paths
from tutor.classroom import strictness
from tutor.classroom.escalations import Escalations
from tutor.classroom.exchange import LessonExchange
from tutor.classroom.lesson_words import LessonWords
from tutor.classroom.materials import MaterialsDesk
from tutor.corrections.adapters import Adapters
from tutor.corrections.queue import Queue
from tutor.domain import AgeBand, Learner, Lesson
from tutor.engine import protocol
from tutor.engine.client import EngineClient, EngineDied, EngineGone
from tutor.errors import BugError, UserError
from tutor.i18n import tr
from tutor.lessons.shelf import Shelf
from tutor.session import Session
from tutor.session_engine import state_after
from tutor.session_events import EngineState
from tutor.session_outbox import Outbox, place_of
from tutor.store import Store, stored_settings
from tutor.store.adapters import class_adapter
from tutor.store.memory import class_memory

_log = logging.getLogger(__name__)
LOAD_SETTINGS = ("model", "n_ctx", "gpu", "strictness")
"""Settings that need the model loaded again."""
_PREVIEW = 0
"""The preview's place among the sessions; no learner has this id."""


Heard = Callable[[protocol.Event | EngineDied | EngineGone], object]
"""Takes every event of the engine, on the client's reader thread, and passes over what is not its own."""


class Wired:
    """An engine client and the sessions that hear it. `App` and `Guest` say which store and which settings."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.engine_state = EngineState(state="loading")
        """The newest one."""
        self.corrections = Queue(store, self)
        """What flags become, and what teachers do with it."""
        self.escalations = Escalations(store)
        """What learners put to their teacher."""
        self._sessions: dict[int, Session] = {}
        store.in_use = self._on_show
        self._states: Outbox[EngineState] = Outbox()
        self._desks: tuple[Heard, ...] = ()
        self._client: EngineClient | None = None
        self._loaded: protocol.Load | None = None
        self._lock = threading.Lock()
        self._switch = 0
        """Number of the last change of adapter that was asked for."""
        self._sha256: dict[str, str] = {}
        """Of models that were loaded, by path; a model that was moved is still the same."""

    def listen(self, callback: Callable[[EngineState], None]) -> Callable[[], None]:
        """Call `callback` with the engine's condition from now on, on the thread that hears of it.

        For what is shown before a learner is chosen; sessions tell the same. Returns the function that ends it.
        """
        return self._states.listen(callback)

    def hear(self, desk: Heard) -> Callable[[], None]:
        """Hand `desk` every event of the engine from now on, also that it died. Returns the function that ends it."""
        self._desks = (*self._desks, desk)

        def end() -> None:
            self._desks = tuple(known for known in self._desks if known is not desk)

        return end

    def start_engine(self, overrides: Mapping[str, Any] | None = None) -> None:
        """Start the engine and load the model behind the caller's back; again with other settings: load anew.

        `overrides` win over the stored settings `model`, `n_ctx`, `gpu`.
        """
        load = self._load({**self._settings(), **(overrides or {})})
        with self._lock:
            client, before = self._client, self._loaded
            same_model = before is not None and before == _with_adapter(load, before.adapter, before.adapter_sha256)
            self._loaded = before if same_model else load
            if client is None:
                client = self._client = EngineClient(load, self._heard, log=self._log())
        if before is None:
            client.start()
        elif same_model:
            self.use_adapters()
        else:
            self._changed(EngineState(state="loading"))
            client.reload(load)

    def use_adapters(self) -> None:
        """Have the engine answer with the adapter that is to be used now, in the running process.

        `engine_state.model` then names it, or says in `adapter_note` why it cannot be used; then the model answers
        alone, for the adapter before may be another learner's.
        """
        with self._lock:
            client, before = self._client, self._loaded
            if client is None or before is None:
                return
            file, sha256 = self._adapter(before.model)
            if (file, sha256) == (before.adapter, before.adapter_sha256):
                return
            self._loaded = _with_adapter(before, file, sha256)
            if before.adapter and file:
                client.send(protocol.UseAdapter(id=client.next_id()))
            self._switch = client.next_id()
            client.send(protocol.UseAdapter(id=self._switch, path=file, sha256=sha256))

    def restart_engine(self) -> None:
        """Load again after `failed`, with the settings as they are now."""
        self._end_engine()
        self.start_engine()

    def close(self) -> None:
        """End the engine, then the store. What was shown is stored already."""
        self._end_engine()
        self.store.close()

    # --- the engine as sessions see it, whichever client serves it now --------------------------------------------

    def next_id(self) -> int:
        return self._engine().next_id()

    def send(
        self,
        request: protocol.Ask | protocol.Warm | protocol.Embed | protocol.Vet | protocol.Resample | protocol.Screen,
        /,
    ) -> None:
        self._engine().send(request)

    def cancel(self, target: int, /) -> None:
        if self._client is not None:
            self._client.cancel(target)

    # --- inside ---------------------------------------------------------------------------------------------------

    def _on_show(self) -> set[int]:
        """Conversations that are shown to learners now. Waits for nobody."""
        return {shown.id for session in tuple(self._sessions.values()) if (shown := session.conversation) is not None}

    def _end_engine(self) -> None:
        client = self._client
        if client is None:
            return
        client.close()  # what is asked meanwhile goes to it and is let go; it must not start another engine
        with self._lock:
            self._client = self._loaded = None
        self.corrections.engine_ended()
        # the next engine numbers its requests from 1 again: nobody may wait for a number of this one
        self._tell_desks(EngineGone(message=tr("The tutor was ended, or starts with other settings.")))
        for session in tuple(self._sessions.values()):
            session.engine_ended()
        self._changed(EngineState(state="loading"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _settings(self) -> Mapping[str, Any]:
        return self.store.settings()

    def _snapshots(self) -> str:
        return ""

    def _log(self) -> Path | None:
        return None

    def _adapter(self, model: str) -> tuple[str, str]:
        """File and hash of the adapter to be used with a model file; ("", "") for none."""
        return "", ""

    def _load(self, values: Mapping[str, Any]) -> protocol.Load:
        model = values["model"] or str(paths.starter_model())
        file, sha256 = self._adapter(model)
        return protocol.Load(
            model=model,
            adapter=file,
            adapter_sha256=sha256,
            safety=str(paths.safety_model()),
            thresholds=strictness.file(values["strictness"]),
            n_ctx=values["n_ctx"],
            gpu=values["gpu"],
            snapshots=self._snapshots(),
        )

    def _engine(self) -> EngineClient:
        if self._client is None:
            self.start_engine()
        if self._client is None:
            raise BugError("an engine was asked for after the end")
        return self._client

    def _heard(self, event: protocol.Event | EngineDied | EngineGone) -> None:
        """On the client's reader thread."""
        state = state_after(event, self.engine_state, self._switch)
        if state is not None:
            self._changed(state)
        if isinstance(event, protocol.Ready) and event.model is not None and event.model.sha256:
            self._sha256[event.model.path] = event.model.sha256
            try:
                self.use_adapters()
            except UserError as error:  # of the disk; looked up again with the next session
                _log.warning("the adapter to be used cannot be looked up: %s", error.code)
        self._tell_corrections(event)
        self._tell_desks(event)
        if not isinstance(event, EngineDied | EngineGone):
            for session in tuple(self._sessions.values()):
                try:
                    session.handle(event)
                except Exception as error:  # noqa: BLE001 - one session's mistake must not deafen all others
                    _log.error("a session failed over %s: %s", type(event).__name__, place_of(error))

    def _tell_desks(self, event: protocol.Event | EngineDied | EngineGone) -> None:
        for desk in self._desks:
            try:
                desk(event)
            except Exception as error:  # noqa: BLE001 - one desk's mistake must not deafen all others
                _log.error("a desk failed over %s: %s", type(event).__name__, place_of(error))

    def _tell_corrections(self, event: protocol.Event | EngineDied | EngineGone) -> None:
        try:
            if isinstance(event, protocol.Ready):
                self.corrections.check_all()
            elif not isinstance(event, EngineDied | EngineGone):
                self.corrections.handle(event)
        except UserError as error:  # of the disk, for instance; they are checked at the next start
            _log.warning("a correction's checks were not kept: %s", error.code)

    def _changed(self, state: EngineState) -> None:
        self.engine_state = state
        self._states.put(state)
        self._states.deliver()
        for session in tuple(self._sessions.values()):
            session.engine_changed(state)


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

    def session(self, learner: Learner, overrides: Mapping[str, Any] | None = None) -> Session:
        """The chat of a learner, the same one each time. `overrides` win over stored settings."""
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


def _with_adapter(load: protocol.Load, file: str, sha256: str) -> protocol.Load:
    return msgspec.structs.replace(load, adapter=file, adapter_sha256=sha256)
