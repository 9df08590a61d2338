"""What is there while the data is opened: the name and a quiet line, for a blink usually."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tutor.i18n import tr
from tutor.qt.widgets import label


class Opening(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("page", "true")
        box = QVBoxLayout(self)
        box.addStretch(2)
        for text, role in ((tr("Tutor"), "display"), (tr("Opening…"), "quiet")):
            line = label(text, role)
            line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            box.addWidget(line)
        box.addStretch(3)
