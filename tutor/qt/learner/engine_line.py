"""Where the engine stands, as one calm line above the composer: loading with progress, restarting, failed."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from tutor.i18n import tr
from tutor.qt.learner.parts import announce
from tutor.qt.widgets import Symbol, label, set_role
from tutor.session_events import EngineState


def loading_words(stage: str) -> str:
    """What is loaded, for a child who waits."""
    return {
        "classifier": tr("Getting the checks ready. You can write your question already."),
        "model": tr("Waking up the tutor. You can write your question already."),
        "embedder": tr("Nearly ready. You can write your question already."),
        "warming": tr("Nearly ready. You can write your question already."),
    }.get(stage, tr("Getting ready. You can write your question already."))


class EngineLine(QFrame):
    """Hidden while the engine is ready."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "notice")
        self._symbol = Symbol("info", 20, "accent")
        self.words = label("")
        self.progress = QProgressBar()
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(tr("Progress"))
        inside = QVBoxLayout()
        inside.setSpacing(8)
        inside.addWidget(self.words)
        inside.addWidget(self.progress)
        box = QHBoxLayout(self)
        box.setContentsMargins(16, 10, 16, 10)
        box.setSpacing(12)
        box.addWidget(self._symbol, 0, Qt.AlignmentFlag.AlignTop)
        box.addLayout(inside, 1)
        self._state = ""
        self.hide()

    def show_state(self, state: EngineState) -> None:
        changed = state.state != self._state
        self._state = state.state
        if state.state == "ready":
            self.hide()
            return
        failed, restarting = state.state == "failed", state.state == "restarting"
        panel, picture, colour = ("notice", "info", "accent")
        if failed:
            panel, picture, colour = ("alert", "circle-alert", "alert")
        elif restarting:
            panel, picture, colour = ("warm", "refresh-cw", "warm")
        set_role(self, "panel", panel)
        self._symbol.show_icon(picture, colour)
        again = tr("The tutor stopped. Your question is kept. Starting it again…")
        self.words.setText(state.text or (again if restarting else loading_words(state.stage)))
        self.progress.setVisible(not failed)
        self.progress.setValue(round(max(0.0, min(1.0, state.fraction)) * 1000))
        self.show()
        if changed and (failed or restarting):
            announce(self, self.words.text(), urgent=failed)
