"""The calm page for a start that failed: what happened, what was kept, what to do."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tutor.errors import UserError
from tutor.i18n import tr
from tutor.qt.flow import FlowLayout
from tutor.qt.widgets import Card, Column, Paragraph, Symbol, button, label


class StartProblem(QWidget):
    """`again` asks for another start, `restore` and `start_new` for one after putting the data file right."""

    again = Signal()
    restore = Signal()
    start_new = Signal()
    leave = Signal()

    def __init__(self, error: UserError, log: Path | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("page", "true")
        column = Column(width=600, top=80)
        column.body.addWidget(Symbol(_SYMBOL.get(error.code, "circle-alert"), 40, "warm"))
        column.body.addWidget(label(heading(error.code), "title"))
        self.words = Paragraph(str(error))
        column.body.addWidget(self.words)
        if error.code == "damaged":
            column.body.addWidget(self._ways_out(has_backup=getattr(error, "backup", None) is not None))
        holder = QWidget()
        flow = FlowLayout(holder)
        flow.addWidget(button(tr("Try again"), "plain" if error.code == "damaged" else "primary", "", self.again.emit))
        flow.addWidget(button(tr("Close Tutor"), "quiet", "", self.leave.emit))
        column.body.addWidget(holder)
        if log is not None:
            column.body.addWidget(
                label(
                    tr(
                        "For whoever looks after this computer: the log is {file}. It holds nothing of what learners "
                        "wrote.",
                        file=log,
                    ),
                    "caption",
                    select=True,
                )
            )
        column.body.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(column)

    def _ways_out(self, *, has_backup: bool) -> Card:
        card = Card(gap=12)
        if has_backup:
            card.body.addWidget(
                button(tr("Restore the newest good backup"), "primary", "rotate-ccw", self.restore.emit)
            )
            card.body.addWidget(
                label(tr("What was stored since that backup is missing then; the damaged file is kept."), "caption")
            )
        card.body.addWidget(
            button(tr("Start anew without a backup"), "plain" if has_backup else "primary", "", self.start_new.emit)
        )
        card.body.addWidget(
            label(tr("Tutor is then set up from the beginning; the damaged file and all backups are kept."), "caption")
        )
        return card


_SYMBOL = {
    "already_open": "monitor",
    "newer_database": "archive",
    "damaged": "database",
    "not_ours": "database",
    "read_only": "lock",
    "disk_full": "hard-drive",
    "disk_error": "hard-drive",
}


def heading(code: str) -> str:
    """What happened, in one line."""
    return {
        "already_open": tr("Tutor is already open"),
        "newer_database": tr("The data is from a newer Tutor"),
        "damaged": tr("The data file is damaged"),
        "not_ours": tr("This is another program’s file"),
        "read_only": tr("Tutor cannot write its data"),
        "disk_full": tr("The disk is full"),
        "disk_error": tr("The disk cannot be used"),
    }.get(code, tr("Tutor could not start"))
