"""Three quiet dots while the tutor thinks and, after two seconds, what it is doing."""

from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from tutor.i18n import tr
from tutor.qt import theme
from tutor.qt.widgets import label

PATIENCE_MS: Final = 2_000
BEAT_MS: Final = 320


def stage_words(stage: str) -> str:
    """What the engine does, for a child."""
    return {
        "waiting": tr("getting ready"),
        "reading": tr("reading your question"),
        "thinking": tr("thinking about it"),
        "checking": tr("checking the sums and the words"),
        "regenerating": tr("trying a better way to say it"),
        "stopping": tr("stopping"),
    }.get(stage, tr("thinking about it"))


class Dots(QWidget):
    """Three dots; one after the other is a little stronger, unless motion is reduced."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strong = 0
        self._timer = QTimer(self)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(theme.scale(36), theme.scale(24))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if theme.motion(BEAT_MS):
            self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        side = theme.scale(7)
        for dot in range(3):
            painter.setBrush(QColor(theme.current().accent if dot == self._strong else theme.current().edge))
            painter.drawEllipse(dot * theme.scale(12), (self.height() - side) // 2, side, side)
        painter.end()

    def _beat(self) -> None:
        self._strong = (self._strong + 1) % 3
        self.update()


class Thinking(QWidget):
    """The dots and the stage in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = label("", "quiet")
        self.words.hide()
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(PATIENCE_MS)
        self._late.timeout.connect(self.words.show)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(Dots())
        box.addWidget(self.words, 100)
        box.addStretch(1)
        self.setAccessibleName(tr("The tutor is thinking"))
        self.show_stage("thinking")
        self._late.start()

    def show_stage(self, stage: str) -> None:
        self.words.setText(stage_words(stage) + "…")
        self.setAccessibleDescription(stage_words(stage))
        if stage == "stopping":
            self.words.show()
