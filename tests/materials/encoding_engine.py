"""An engine that only encodes, with the real encoder, on a thread of its own; a test may hold it or break it."""

import queue
import threading
from collections.abc import Callable

from tutor.engine import protocol
from tutor.retrieval.embedder import Embedder


class EncodingEngine:
    """What the materials' desk needs of the engine's client."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.tell: Callable[[protocol.Event], object] = lambda _event: None
        self.batches: list[tuple[str, ...]] = []
        self.refuses = ""
        """A code: every request fails with it."""
        self.open = threading.Event()
        self.open.set()
        self._last = 0
        self._requests: queue.SimpleQueue[protocol.Embed | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def next_id(self) -> int:
        self._last += 1
        return self._last

    def send(self, request: protocol.Embed, /) -> None:
        self._requests.put(request)

    def close(self) -> None:
        self.open.set()
        self._requests.put(None)
        self._thread.join(timeout=10)

    def _work(self) -> None:
        while (request := self._requests.get()) is not None:
            self.open.wait()
            if self.refuses:
                self.tell(protocol.Failed(id=request.id, code=self.refuses, message="no"))
                continue
            self.batches.append(request.texts)
            rows = self._embedder.embed(request.texts)
            self.tell(protocol.Embedded(id=request.id, vectors=tuple(row.astype("<f4").tobytes() for row in rows)))
