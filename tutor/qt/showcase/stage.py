"""What a scene works with, and how the engine may stand in it."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from tutor.domain import Learner
from tutor.engine import protocol
from tutor.qt.showcase.quiet_app import QuietApp
from tutor.qt.window import MainWindow
from tutor.session import Session
from tutor.session_events import EngineState

READY = EngineState(
    state="ready",
    fraction=1.0,
    device="CPU",
    model=protocol.ModelInfo(
        path="starter.gguf", name="Tutor Starter", architecture="llama", n_ctx=2048, n_ctx_train=2048,
        parameters=11_000_000, size=9_000_000, scope="primary-maths", device="CPU",
        gpu_note="The graphics card is not used: llama.cpp was built without it.",
    ),
)  # fmt: skip
LOADING = EngineState(state="loading", stage="model", fraction=0.4)
FAILED = EngineState(
    state="failed",
    text="The model file tutor-big.gguf cannot be used: it was cut off after 1200 bytes. Nothing was changed. "
    "Download it again, or choose another model.",
)


@dataclass
class Stage:
    """What a scene works with."""

    window: MainWindow
    app: QuietApp
    conversation: int = 0

    def learner(self) -> Learner:
        return self.app.store.learners()[0]

    def session(self) -> Session:
        """The chat of that learner."""
        return self.app.session(self.learner(), self.app.store.let_in(self.learner().id))

    def open(self) -> None:
        self.window.app = self.app
        self.app.stand(READY)


@dataclass(frozen=True)
class Scene:
    view: str
    state: str
    data: str
    play: Callable[[Stage], QWidget | None]
    """Returns what to draw when it is not the window."""
