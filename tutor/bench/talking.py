"""An engine, and a plain llama-cpp-python beside it, driven step by step for the benches."""

import queue
import subprocess
import sys
import time
from pathlib import Path
from typing import Self, TypeVar

import msgspec

from tutor.bench import plain
from tutor.domain import Generation, Reply
from tutor.engine.client import EngineClient, EngineDied, EngineGone
from tutor.engine.protocol import (
    Ask,
    Embed,
    Embedded,
    Event,
    Failed,
    Load,
    LoadFailed,
    Measure,
    Measured,
    ModelInfo,
    Ready,
    Replied,
    Sentence,
    Warm,
    Warmed,
)
from tutor.errors import UserError

E = TypeVar("E")
_PATIENCE_SECONDS = 900.0


class Engine:
    """A running engine. Every failure is a UserError."""

    def __init__(self, load: Load) -> None:
        self._events: queue.Queue[Event | EngineDied | EngineGone] = queue.Queue()
        self._client = EngineClient(load, self._events.put)
        self._client.start()
        ready = self._wait(Ready)
        assert ready.model is not None
        self.model: ModelInfo = ready.model

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._client.close()

    def _wait(self, kind: type[E]) -> E:
        while True:
            event = self._events.get(timeout=_PATIENCE_SECONDS)
            if isinstance(event, kind):
                return event
            if isinstance(event, (Failed, LoadFailed, EngineDied, EngineGone)):
                raise UserError(event.message)

    def ask(self, text: str, **fields: object) -> tuple[Reply, float, float]:
        """The reply, seconds to the first sentence shown, seconds to its end, as the app sees them."""
        request = msgspec.structs.replace(Ask(id=self._client.next_id(), text=text), **fields)
        began = time.perf_counter()
        self._client.send(request)
        self._wait(Sentence)
        first = time.perf_counter() - began
        reply = self._wait(Replied).reply
        return reply, first, time.perf_counter() - began

    def rest(self) -> None:
        """Let the engine leave what it does between two requests, which a learner would not notice."""
        self._client.send(Measure(id=self._client.next_id(), text=""))
        self._wait(Measured)

    def embed(self, *texts: str) -> Embedded:
        """Vectors of texts, once the encoder is loaded."""
        self._client.send(Embed(id=self._client.next_id(), texts=texts))
        return self._wait(Embedded)

    def warm(self, **fields: object) -> Warmed:
        self._client.send(msgspec.structs.replace(Warm(id=self._client.next_id()), **fields))
        return self._wait(Warmed)


class Plain:
    """`tutor.bench.plain` in its process."""

    def __init__(self, model: Path, n_ctx: int, threads: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tutor.bench.plain"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._exchange(plain.Open(str(model), n_ctx, threads))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.kill()
        self._process.wait()

    def _exchange(self, request: msgspec.Struct) -> bytes:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(msgspec.json.encode(request) + b"\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise UserError("plain llama-cpp-python ended without an answer")
        return line

    def stream(self, messages: list[dict[str, str]], generation: Generation) -> plain.Streamed:
        return msgspec.json.decode(self._exchange(plain.Stream(messages, generation)), type=plain.Streamed)
