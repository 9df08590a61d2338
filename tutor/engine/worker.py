"""The engine's loop: one thread reads requests, one owns llama.cpp, one judges.

Stop and the end of the app are seen by the reading thread and take effect inside an evaluation.
"""

import os
import queue
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from tutor.domain import Outcome, Reply
from tutor.engine.checking import Checker
from tutor.engine.gguf_file import broken
from tutor.engine.llama import BadNumbers, Interrupt, Interrupted
from tutor.engine.loaded import Loaded
from tutor.engine.protocol import (
    AdapterInUse,
    Ask,
    Cancel,
    Embed,
    Embedded,
    Failed,
    Load,
    LoadFailed,
    Loading,
    Measure,
    Measured,
    Ready,
    Replied,
    Request,
    Resample,
    Resampled,
    Screen,
    Screened,
    Shutdown,
    UseAdapter,
    Vet,
    Warm,
    Warmed,
)
from tutor.engine.vetting import Vetter
from tutor.engine.wire import Wire, note, note_error
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.tutoring.guidelines import for_narrow

_IDLE_SECONDS: Final = 4.0
"""After this much quiet the current conversation's prefix is saved."""
_LAST_SECONDS: Final = 5.0
"""The process ends at the latest this long after its input closed."""
_REPLY_ROOM: Final = 400


class Worker:
    """Serves one wire until its input closes or `Shutdown` comes."""

    def __init__(self, wire: Wire, checker: Checker | None = None) -> None:
        self._wire, self._send = wire, wire.send
        self._queue: queue.SimpleQueue[Request] = queue.SimpleQueue()
        self._interrupt = Interrupt()
        self._checker = checker or Checker()
        self._vetter = Vetter(self._checker.judge, self._encoded)
        self._encoder_wanted = False
        self._loaded: Loaded | None = None
        self._safety_loaded = False
        self._lock = threading.Lock()
        self._current: Request | None = None
        self._cancelled: set[int] = set()
        self._asks_waiting = 0
        self._ahead = False
        """What the next prompt begins with is being evaluated, until a request for the model comes."""
        self._answered: tuple[Ask, Reply] | None = None
        """The last answer, where nothing but another sample of it was asked for since."""

    def run(self) -> None:
        """Returns when there is nothing more to do."""
        self._checker.preload()
        threading.Thread(target=self._read, name="requests", daemon=True).start()
        while True:
            try:
                request = self._queue.get(timeout=_IDLE_SECONDS)
            except queue.Empty:
                if self._loaded is not None:
                    self._loaded.save()
                continue
            if isinstance(request, Shutdown):
                break
            if not isinstance(request, Resample):
                self._answered = None
            self._serve(request)
            self._read_ahead()
        if self._loaded is not None:
            self._loaded.save()
            self._loaded.close()
        self._vetter.close()
        self._checker.close()

    # --- the reading thread ----------------------------------------------------------------------------------------

    def _read(self) -> None:
        for request in self._wire.requests():
            if isinstance(request, Cancel):
                self._cancel(request.target)
            elif isinstance(request, Screen):
                self._screen(request)
            elif isinstance(request, Vet):
                self._vetter.vet(request, self._send, lambda error: note_error("vetting", error))
            elif isinstance(request, Embed):
                threading.Thread(target=self._embed, args=(request,), name="embed", daemon=True).start()
            else:
                with self._lock:
                    if isinstance(request, Ask):
                        self._asks_waiting += 1
                        if isinstance(self._current, Warm):
                            self._interrupt.set()
                    if isinstance(self._current, Resample) or self._ahead:
                        self._interrupt.set()
                    self._queue.put(request)  # or else it would be missed by who looks whether anybody waits
                if isinstance(request, Shutdown):
                    break
        self._last_call()

    def _last_call(self) -> None:
        """Nobody is there any more: stop what is under way, and do not outlive the app whatever happens."""
        self._queue.put(Shutdown())
        with self._lock:
            self._current = None
            self._cancelled.add(-1)
            self._interrupt.set()
        time.sleep(_LAST_SECONDS)
        os._exit(0)

    def _cancel(self, target: int) -> None:
        with self._lock:
            self._cancelled.add(target)
            if self._current is not None and getattr(self._current, "id", None) == target:
                self._interrupt.set()

    def _screen(self, request: Screen) -> None:
        def answer() -> None:
            try:
                verdicts = future.result()
            except UserError as error:
                self._send(Failed(id=request.id, code=error.code, message=str(error)))
            except Exception as error:  # noqa: BLE001 - a thread's boundary: the request must end with an event
                self._fail(request.id, error)
            else:
                self._send(Screened(id=request.id, verdicts=verdicts))

        future = self._checker.screen(request.items, request.age_band)
        future.add_done_callback(lambda _done: answer())

    def _embed(self, request: Embed) -> None:
        """On a thread of its own, which waits while the encoder is being loaded."""
        try:
            vectors = self._checker.embed(request.texts)
        except UserError as error:
            self._send(Failed(id=request.id, code=error.code, message=str(error)))
        except Exception as error:  # noqa: BLE001 - a thread's boundary: the request must end with an event
            self._fail(request.id, error)
        else:
            self._send(Embedded(id=request.id, vectors=vectors))

    def _encoded(self, texts: Sequence[str]) -> tuple[bytes, ...]:
        """Vectors for the checks of corrections, also where the classifier alone was loaded."""
        if not self._encoder_wanted and self._loaded is None:
            self._encoder_wanted = True
            self._checker.load_embedder(lambda error: note_error("embedder", error))
        return self._checker.embed(texts)

    # --- the owner of llama.cpp --------------------------------------------------------------------------------------

    def _begin(self, request: Request) -> bool:
        """Whether the request may start; False when it was cancelled while it waited."""
        with self._lock:
            self._current, self._ahead = request, False
            self._interrupt.clear()
            if isinstance(request, Ask):
                self._asks_waiting -= 1
            stopped = -1 in self._cancelled or getattr(request, "id", -2) in self._cancelled
            idle = isinstance(request, Resample)
            if stopped or (isinstance(request, Warm) and self._asks_waiting) or (idle and not self._queue.empty()):
                self._interrupt.set()
            return not (stopped or (idle and self._interrupt.is_set()))

    def _serve(self, request: Request) -> None:
        started = self._begin(request)
        try:
            if isinstance(request, Load):
                self._load(request)
            elif isinstance(request, (Ask, Warm, Measure, Resample, UseAdapter)):
                self._with_model(request, started)
        except Exception as error:  # noqa: BLE001 - the loop's boundary: one request must not end the process
            if self._loaded is not None:
                self._loaded.model.cut(0)
            if isinstance(request, Load):
                self._forget_model()
                note_error("load", error)
                message = str(broken(Path(request.model or request.safety), tr("opening it failed")))
                self._send(LoadFailed(code="engine", message=message, path=request.model))
            elif isinstance(request, (Ask, Warm, Measure, Resample, UseAdapter)):
                self._fail(request.id, error)
        finally:
            with self._lock:
                self._current = None
                if isinstance(request, (Ask, Warm, Resample)):
                    self._cancelled.discard(request.id)

    def _load(self, load: Load) -> None:
        self._send(Loading(stage="classifier", fraction=0.0))
        judging = self._checker.load(Path(load.safety), Path(load.thresholds) if load.thresholds else None)
        try:
            if self._loaded is not None:
                self._loaded.save()
            self._forget_model()
            if load.model:
                rules = self._checker.load_rules()
                self._send(Loading(stage="model", fraction=0.0))
                self._loaded = Loaded(load, self._checker, self._interrupt, self._send, self._progress())
                self._send(Loading(stage="classifier", fraction=0.5))
                rules.result()
            judging.result()
        except UserError as error:
            at_model = self._loaded is None and bool(load.model)
            self._forget_model()
            self._send(LoadFailed(code=error.code, message=str(error), path=load.model if at_model else load.safety))
            return
        self._send(Ready(model=self._loaded.info if self._loaded else None, safety=load.safety))
        if load.model:
            self._checker.load_embedder(lambda error: note_error("embedder", error))

    def _forget_model(self) -> None:
        if self._loaded is not None:
            self._loaded.close()
            self._loaded = None

    def _progress(self) -> Callable[[float], None]:
        last = 0.0

        def progress(fraction: float) -> None:
            nonlocal last
            if fraction - last >= 0.1 or fraction == 1.0 > last:
                last = fraction
                self._send(Loading(stage="model", fraction=fraction))

        return progress

    def _with_model(self, request: Ask | Warm | Measure | Resample | UseAdapter, started: bool) -> None:
        loaded = self._loaded
        if loaded is None:
            message = tr("No model is loaded. Your question is kept. Choose a model, then ask again.")
            self._send(Failed(id=request.id, code="not_loaded", message=message))
            return
        if loaded.info.scope and isinstance(request, (Ask, Warm, Measure)):
            request = msgspec.structs.replace(request, guidelines=for_narrow(request.guidelines))
        if isinstance(request, Measure):
            limit = loaded.window.limit(request.guidelines, _REPLY_ROOM)
            self._send(Measured(id=request.id, tokens=loaded.window.measure(request.text), limit=limit))
        elif isinstance(request, UseAdapter):
            self._use(loaded, request)
        elif isinstance(request, Resample):
            self._send(loaded.resample(request) if started else Resampled(id=request.id, cut=True))
        elif isinstance(request, Warm):
            began = time.perf_counter()
            if started:
                loaded.enter(request)
                self._send(_with_ms(loaded.warm(request), began))
            else:
                self._send(Warmed(id=request.id, tokens=0, reused=0, from_disk=False, ms=0.0))
        else:
            self._answer(loaded, request, started)

    def _use(self, loaded: Loaded, request: UseAdapter) -> None:
        try:
            self._send(AdapterInUse(id=request.id, adapter=loaded.use(request)))
        except UserError as error:
            self._send(Failed(id=request.id, code=error.code, message=str(error)))
        except Interrupted:
            message = tr("The adapter was not changed, for the tutor was stopped. Choose it again.")
            self._send(Failed(id=request.id, code="stopped", message=message))

    def _answer(self, loaded: Loaded, ask: Ask, started: bool) -> None:
        if not started:
            reply = Reply(text="", outcome=Outcome.STOPPED, state=ask.state, in_history=False, model=loaded.info.name)
            self._send(Replied(id=ask.id, reply=reply))
            return
        loaded.enter(ask)
        try:
            reply = loaded.answerer.answer(ask)
            if reply.outcome in (Outcome.DONE, Outcome.WRITTEN) and reply.in_history:
                self._answered = ask, reply
            self._send(Replied(id=ask.id, reply=reply))
        except UserError as error:
            self._send(Failed(id=ask.id, code=error.code, message=str(error)))
        except BadNumbers:
            loaded.model.cut(0)
            message = tr(
                "The model {name} gives values that are not numbers; its file is probably damaged. Your question is "
                "kept. Download the model again, or choose another one.",
                name=Path(loaded.info.path).name,
            )
            self._send(Failed(id=ask.id, code="model_broken", message=message))
        except Interrupted:
            reply = Reply(text="", outcome=Outcome.STOPPED, state=ask.state, in_history=False, model=loaded.info.name)
            self._send(Replied(id=ask.id, reply=reply))

    def _read_ahead(self) -> None:
        """Evaluate what the next prompt begins with, while the learner reads, until the model is wanted."""
        loaded, answered = self._loaded, self._answered
        with self._lock:
            if loaded is None or answered is None or not self._queue.empty():
                return
            self._ahead = True
            self._interrupt.clear()
        try:
            loaded.read_ahead(*answered)
        except Exception as error:  # noqa: BLE001 - nobody asked for it, so nobody is told; the next question starts anew
            note_error("reading ahead", error)
            loaded.model.cut(0)
            self._answered = None

    def _fail(self, request_id: int, error: Exception) -> None:
        note_error(f"request {request_id}", error)
        self._send(Failed(id=request_id, code="engine", message=_unexpected()))


def _unexpected() -> str:
    return tr("Something went wrong inside the tutor. Your question is kept. Ask again; if it fails again, restart.")


def _with_ms(warmed: Warmed, began: float) -> Warmed:
    return Warmed(
        id=warmed.id,
        tokens=warmed.tokens,
        reused=warmed.reused,
        from_disk=warmed.from_disk,
        ms=(time.perf_counter() - began) * 1000,
    )


def serve() -> None:
    """Run the engine on this process's standard input and output."""
    from tutor.engine.protocol import VERSION, Hello

    wire = Wire()
    wire.send(Hello(version=VERSION, pid=os.getpid()))
    Worker(wire).run()
    note("bye")
