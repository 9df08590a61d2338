"""Backups: what there is, make one now, put one back."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from tutor.i18n import tr
from tutor.qt.teacher.section import Section, empty, size, when
from tutor.qt.widgets import Card, Notice, button, clear, label, row
from tutor.qt.work import Operation
from tutor.store import BackupInfo, Store


def reason_in_words(reason: str) -> str:
    return {
        "daily": tr("Made by itself"),
        "migration": tr("Made before an update"),
        "restore": tr("Made before another one was put back"),
        "asked": tr("Made by a person"),
    }.get(reason, reason)


class Backups(Section):
    """`restored`: everything shown is stale and must be opened again."""

    restored = Signal()

    def __init__(self, store: Store) -> None:
        super().__init__(
            tr("Backups"),
            tr("Tutor makes one a day by itself. Copy the backups folder to another disk now and then."),
        )
        self._store = store
        self._make_button = button(tr("Make a backup now"), "primary", "archive", self.make)
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self.body.addLayout(row(self._make_button))
        self.body.addLayout(self._list)
        self.body.addStretch(1)

    def enter(self) -> None:
        clear(self._list)
        self._make_button.setEnabled(True)
        backups = self._store.list_backups()
        for info in backups:
            self._list.addWidget(self._card(info))
        if backups:
            self._list.addWidget(label(tr("Folder: {folder}", folder=backups[0].path.parent), "caption", select=True))
        else:
            self._list.addWidget(empty(tr("There is no backup yet. The first is made within a day of use.")))

    def make(self) -> None:
        self._make_button.setEnabled(False)
        self.said.say(tr("Making a backup…"))
        Operation(self, self._store.backup, done=self._made, failed=self._failed)

    def _made(self, info: BackupInfo) -> None:
        self.enter()
        self.tell(tr("The backup was made and checked ({size}).", size=size(info.size)))

    def _failed(self, error: object) -> None:
        self.enter()
        self.said.say(str(error), "alert")

    def _card(self, info: BackupInfo) -> Card:
        card = Card(pad=12, gap=4)
        line = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(when(info.made_at), "strong"))
        words.addWidget(label(f"{reason_in_words(info.reason)} · {size(info.size)}", "caption"))
        line.addLayout(words, 1)
        restore = button(tr("Put back…"), "plain", "rotate-ccw", lambda: self.ask(info))
        restore.setAccessibleName(tr("Put back the backup of {when}", when=when(info.made_at)))
        line.addWidget(restore)
        card.body.addLayout(line)
        return card

    def ask(self, info: BackupInfo) -> None:
        clear(self._list)
        self._list.addWidget(
            Notice(
                tr(
                    "Everything goes back to {when}. What is stored now is kept as a backup first.",
                    when=when(info.made_at),
                ),
                "warm",
            )
        )
        self._list.addLayout(
            row(
                button(tr("Put it back"), "danger", "rotate-ccw", lambda: self._restore(info)),
                button(tr("Leave it as it is"), "primary", "", self.enter),
            )
        )

    def _restore(self, info: BackupInfo) -> None:
        self.said.say(tr("Putting the backup back…"))
        Operation(
            self,
            lambda: self._store.restore_backup(info),
            done=lambda _: self.restored.emit(),
            failed=self._failed,
        )
