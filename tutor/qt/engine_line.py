"""The quiet line at the foot of a page that says how far the tutor's engine is."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from tutor.i18n import tr
from tutor.qt.widgets import Symbol, label
from tutor.session_events import EngineState


def words(state: EngineState) -> str:
    """The engine's condition for people."""
    if state.text:
        return state.text
    if state.state == "ready":
        return tr("The tutor is ready.")
    if state.state == "restarting":
        return tr("The tutor stopped. Starting it again…")
    if state.state == "failed":
        return tr("The tutor could not start. A grown-up can choose another model behind “For grown-ups”.")
    return {
        "classifier": tr("Getting ready: the safety check…"),
        "model": tr("Getting ready: the tutor’s model…"),
        "embedder": tr("Getting ready: the tutor’s reading…"),
        "warming": tr("Getting ready: almost there…"),
    }.get(state.stage, tr("Getting ready…"))


class EngineLine(QFrame):
    """Progress while loading, a calm line when something is wrong, nothing once the tutor is ready."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "foot")
        self._symbol = Symbol("circle-alert", 18, "alert")
        self._words = label("", "caption")
        self._bar = QProgressBar()
        self._bar.setRange(0, 100)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Getting the tutor ready"))
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._symbol)
        line.addWidget(self._words, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 8, 24, 10)
        box.setSpacing(6)
        box.addLayout(line)
        box.addWidget(self._bar)
        self.show_state(EngineState(state="loading"))

    def show_state(self, state: EngineState) -> None:
        self._words.setText(words(state))
        self._symbol.setVisible(state.state == "failed")
        self._bar.setVisible(state.state in ("loading", "restarting"))
        self._bar.setValue(round(100 * state.fraction))
        self.setVisible(state.state != "ready")
