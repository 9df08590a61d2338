"""An engine client and the sessions that hear it: starting, loading again, adapters, who is told of what it says."""

import logging
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

import msgspec

from tutor import paths
from tutor.classroom import strictness
from tutor.classroom.escalations import Escalations
from tutor.corrections.queue import Queue
from tutor.engine import protocol
from tutor.engine.client import EngineClient, EngineDied, EngineGone
from tutor.errors import BugError, UserError
from tutor.i18n import tr
from tutor.session import Session
from tutor.session_engine import state_after
from tutor.session_events import EngineState
from tutor.session_outbox import Outbox, place_of
from tutor.store import Store

_log = logging.getLogger(__name__)

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


def _with_adapter(load: protocol.Load, file: str, sha256: str) -> protocol.Load:
    return msgspec.structs.replace(load, adapter=file, adapter_sha256=sha256)
