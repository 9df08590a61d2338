"""A client of a quick engine whose events can be waited for."""

import queue
import sys
import time
from pathlib import Path
from typing import Any, TypeVar

from tutor.engine.client import EngineClient
from tutor.engine.protocol import Ask, Load, Replied

QUICK = (sys.executable, str(Path(__file__).with_name("quick_engine.py")))

E = TypeVar("E")


class Talk:
    """A client whose events can be waited for."""

    def __init__(self, load: Load, command: tuple[str, ...] = QUICK, log: Path | None = None) -> None:
        self.events: queue.Queue[Any] = queue.Queue()
        self.client = EngineClient(load, self.events.put, command=command, log=log)
        self.client.start()

    def wait(self, kind: type[E] | tuple[type[E], ...], seconds: float = 60.0) -> E:
        """The next event of this kind; others before it are dropped."""
        end = time.monotonic() + seconds
        while True:
            event = self.events.get(timeout=max(0.01, end - time.monotonic()))
            if isinstance(event, kind):
                return event

    def ask(self, text: str, **more: Any) -> int:
        request = Ask(id=self.client.next_id(), text=text, **more)
        self.client.send(request)
        return request.id

    def answer(self, text: str, **more: Any) -> Any:
        self.ask(text, **more)
        return self.wait(Replied).reply
