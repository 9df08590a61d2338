"""The training under way, kept for as long as the program is open: the teacher's page may be left and come back to."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from tutor.adaptation import protocol
from tutor.domain import Frozen
from tutor.errors import UserError
from tutor.qt.work import Operation

if TYPE_CHECKING:
    from tutor.app import App
    from tutor.corrections.training import Training

_log = logging.getLogger(__name__)


class _Heard(Frozen):
    """One event of one training; those of an older one are not listened to any more."""

    number: int
    event: protocol.Event


class TrainingDesk(QObject):
    """One training at a time. `heard` carries the trainer's events on the window's thread, `refused` a `UserError`."""

    heard = Signal(object)
    refused = Signal(object)
    _arrived = Signal(object)

    def __init__(self, app: "App", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._number = 0
        self._training: Training | None = None
        self.events: list[protocol.Event] = []
        """Of this training so far, for a page that is made later."""
        self.running = False
        self.planning = False
        """What was begun last is only a plan."""
        self._arrived.connect(self._hear, Qt.ConnectionType.QueuedConnection)

    def train(self, base: Path, **options: Any) -> None:
        """Begin a training, or only plan it (`dry_run`). What goes wrong comes by `refused`."""
        self._begin(lambda tell: self._app.adapters.train(base, tell, **options), planning=bool(options.get("dry_run")))

    def take_in(self, file: Path, base: Path) -> None:
        """Check an adapter's file and have it judged here."""
        self._begin(lambda tell: self._app.adapters.take_in(file, base, tell))

    def go_on(self, adapter_id: int) -> None:
        """Go on with a training, or with the judgement of an adapter, that was interrupted."""
        self._begin(lambda tell: self._app.adapters.go_on(adapter_id, tell))

    def pause(self) -> None:
        if self._training is not None:
            self._training.pause()

    def resume(self) -> None:
        if self._training is not None:
            self._training.resume()

    def cancel(self) -> None:
        if self._training is not None:
            self._training.cancel()

    def close(self) -> None:
        """The program ends: a training stops where it is and goes on from its checkpoint the next time."""
        training, self._training = self._training, None
        self._number += 1
        self.running = False
        if training is not None:
            training.close()

    def _begin(
        self, start: "Callable[[Callable[[protocol.Event], None]], Training]", *, planning: bool = False
    ) -> None:
        if self.running:
            return
        self.running, self.planning = True, planning
        self._number += 1
        number = self._number
        self.events = []

        def tell(event: protocol.Event) -> None:
            try:
                self._arrived.emit(_Heard(number=number, event=event))
            except RuntimeError:
                _log.info("a training told something after the window was closed")

        # a big model is hashed first, which takes seconds
        Operation(self, lambda: start(tell), done=self._started, failed=self._failed)

    def _started(self, training: "Training") -> None:
        if self.running:
            self._training = training
        elif not training.wait(0):
            training.close()  # the program was closed meanwhile

    def _failed(self, error: UserError) -> None:
        self.running = self.planning = False
        self.refused.emit(error)

    @Slot(object)
    def _hear(self, heard: _Heard) -> None:
        if heard.number != self._number:
            return
        event = heard.event
        if not isinstance(event, protocol.Progress) or not self.events or event.loss:
            self.events.append(event)
        if isinstance(event, protocol.LAST) or (isinstance(event, protocol.Planned) and self.planning):
            self.running = False
            self._training = None
        self.heard.emit(event)
