"""The privacy notice as a page."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tutor.domain import Learner
from tutor.i18n import tr
from tutor.qt.widgets import Column, Paragraph, Symbol, button, label, row
from tutor.wording import privacy

if TYPE_CHECKING:
    from tutor.store import Store


class Privacy(QWidget):
    """The notice as a page. `first`: shown by itself before the chat, not asked for."""

    closed = Signal()

    def __init__(
        self, store: "Store", *, learner: Learner | None = None, first: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("page", "true")
        self._store = store
        self._column = Column(width=640, gap=20, top=48)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._column)
        self._column.body.addWidget(label(tr("What happens with my words?"), "title"))
        for symbol, heading, text in privacy.of(store, learner):
            line = QHBoxLayout()
            line.setSpacing(16)
            line.addWidget(Symbol(symbol, 28, "accent"), 0, Qt.AlignmentFlag.AlignTop)
            words = QVBoxLayout()
            words.setSpacing(4)
            words.addWidget(label(heading, "strong"))
            words.addWidget(Paragraph(text))
            line.addLayout(words, 1)
            self._column.body.addLayout(line)
        said, picture = (tr("I have read this"), "check") if first else (tr("Back"), "arrow-left")
        self.close_button = button(said, "primary", picture, self.closed.emit)
        self._column.body.addLayout(row(self.close_button))
        self._column.body.addStretch(1)
