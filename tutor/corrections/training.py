"""One training or judgement under way, as whoever started it holds it."""

from collections.abc import Callable, Sequence
from pathlib import Path

from tutor.adaptation import protocol as p
from tutor.adaptation.client import TrainerClient
from tutor.domain import Adapter


class Training:
    """A job in the trainer process. Its events come by the callback that it was started with."""

    def __init__(
        self,
        adapter: Adapter,
        job: p.Job,
        on_event: Callable[[p.Event], None],
        *,
        log: Path | None = None,
        command: Sequence[str] = (),
    ) -> None:
        self.adapter, self.job = adapter, job
        self._client = TrainerClient(job, on_event, log=log, command=command)
        self._client.start()

    def pause(self) -> None:
        """Hold still after the step under way."""
        self._client.pause()

    def resume(self) -> None:
        self._client.resume()

    def cancel(self) -> None:
        """Stop and throw everything away; `Cancelled` comes."""
        self._client.cancel()

    def close(self) -> None:
        """Stop now; the same training goes on later from its last checkpoint. Returns within seconds."""
        self._client.close()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the end; False when it is not over after so many seconds."""
        return self._client.wait(seconds)
