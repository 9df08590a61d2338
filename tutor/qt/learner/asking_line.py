"""The quiet question under an answer that was chosen to be asked about: was it right?"""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from tutor.i18n import tr
from tutor.qt.flow import flow
from tutor.qt.widgets import button, label


class AskingLine(QFrame):
    """Emits `said` with right, not_right or not_now. Nothing happens when it is left alone."""

    said = Signal(str)

    def __init__(self, question: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "card")
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 12, 16, 12)
        box.setSpacing(8)
        box.addWidget(label(question))
        box.addWidget(
            flow(
                *(
                    button(words, kind, "", partial(self.said.emit, key))
                    for key, words, kind in (
                        ("right", tr("Yes, it was right"), "plain"),
                        ("not_right", tr("No"), "plain"),
                        ("not_now", tr("Not now"), "quiet"),
                    )
                )
            )
        )
