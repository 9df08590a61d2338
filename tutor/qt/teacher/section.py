"""What every section of the grown-ups' part shares: a title, a lead, one place for what came of an action."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QDateTime, QLocale
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tutor.errors import UserError
from tutor.i18n import tr
from tutor.qt.widgets import Column, Notice, Paragraph, button, label, row


class Section(QWidget):
    """A scrolling section. Subclasses fill `self.body` and refresh in `enter`."""

    def __init__(self, title: str, lead: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("page", "true")
        self._column = Column(gap=16, top=32)
        self.body: QVBoxLayout = self._column.body
        self.said = Notice("", "good")
        self.said.hide()
        self._go_back: Callable[[], object] | None = None
        self.undo_button = button(tr("Take it back"), "link", "undo-2", self._take_back)
        self.undo_button.hide()
        self.said.body.addLayout(row(self.undo_button))
        self.page_name = title
        self._heading = label(title, "title")
        self.back = button("", "quiet", "arrow-left", self._leave)
        self.back.hide()
        self._way_back: Callable[[], object] | None = None
        self.body.addLayout(row(self.back))
        self.body.addWidget(self._heading)
        if lead:
            self.body.addWidget(Paragraph(lead, "quiet"))
        self.body.addWidget(self.said)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._column)

    def enter(self) -> None:
        """The section is about to be shown."""

    def offer_way_back(self, page: str = "", act: Callable[[], object] | None = None) -> None:
        """This section was opened from a number on another page, and leads back to it; no more without an `act`."""
        self._way_back = act
        self.back.setText(tr("Back to “{page}”", page=page))
        self.back.setVisible(act is not None)

    def _leave(self) -> None:
        if self._way_back is not None:
            self._way_back()

    def tell(self, text: str, undo: Callable[[], object] | None = None) -> None:
        """Say what was done; where it can be undone, offer that."""
        self._go_back = undo
        self.undo_button.setVisible(undo is not None)
        self.said.say(text, "good")
        self._column.verticalScrollBar().setValue(0)

    def complain(self, error: UserError) -> None:
        """Say what could not be done."""
        self._go_back = None
        self.undo_button.hide()
        self.said.say(str(error), "alert")
        self._column.verticalScrollBar().setValue(0)

    def _take_back(self) -> None:
        undo, self._go_back = self._go_back, None
        self.said.hide()
        if undo is None:
            return
        try:
            undo()
        except UserError as error:
            self.complain(error)
            return
        self.enter()
        self.tell(tr("It is as it was before."))


def when(stored: str) -> str:
    """A stored UTC time as local words."""
    try:
        moment = datetime.fromisoformat(stored).astimezone()
    except ValueError:
        return stored
    local = QDateTime.fromSecsSinceEpoch(int(moment.timestamp()))
    return QLocale().toString(local, QLocale.FormatType.ShortFormat)


def size(count: int) -> str:
    """Bytes in words."""
    return QLocale().formattedDataSize(count, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)


def empty(text: str) -> QWidget:
    """What stands where a list would be."""
    return Notice(text or tr("There is nothing here."), "notice")
