"""Controls made from the declared settings: type and default from the declaration, words and bounds from here."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from tutor.errors import UserError
from tutor.i18n import tr
from tutor.qt import choices
from tutor.qt.widgets import Choice, Field, label
from tutor.settings import BY_KEY
from tutor.store import Store

GROUPS: dict[str, tuple[str, ...]] = {
    "use": ("setting", "country", "record_days", "conversation_months"),
    "help": ("give_answers_reason", "give_answers", "learner_corrections", "asks_a_day", "survey"),
    "safety": ("strictness",),
    "time": ("minutes_a_day", "chat_from", "chat_until", "break_after"),
    "loading": ("n_ctx", "gpu"),
    "writing": ("temperature", "top_k", "top_p", "min_p", "repeat_penalty", "max_tokens", "best_of", "seed"),
}
"""Which settings stand together. `model` has a card of its own."""

_BOUNDS: dict[str, tuple[float, float, float]] = {
    "record_days": (0, 3650, 30),
    "conversation_months": (0, 60, 1),
    "asks_a_day": (0, 20, 1),
    "minutes_a_day": (0, 600, 5),
    "break_after": (0, 240, 5),
    "n_ctx": (0, 1_048_576, 512),
    "temperature": (0, 2, 0.05),
    "top_k": (0, 1000, 5),
    "top_p": (0.05, 1, 0.05),
    "min_p": (0, 1, 0.01),
    "repeat_penalty": (1, 2, 0.05),
    "max_tokens": (50, 4000, 50),
    "best_of": (1, 8, 1),
    "seed": (-1, 2_147_483_647, 1),
}
"""Smallest, largest, step."""


def words(key: str) -> tuple[str, str]:
    """(name, hint) for people who never heard of sampling."""
    return {
        "setting": (tr("Where Tutor is used"), tr("At school the words speak of teachers, at home of grown-ups.")),
        "country": (tr("Country"), tr("Decides which help lines a child in need is shown.")),
        "record_days": (
            tr("Days that the safeguarding record is kept"),
            tr(
                "It holds all that learners write and every answer, also of conversations that are gone. Older entries "
                "are deleted, within a week also from backups, except those with an alert that nobody has seen. A "
                "change counts after a week. 0: they are kept always."
            ),
        ),
        "conversation_months": (
            tr("Months that conversations are kept after the last turn"),
            tr(
                "Older ones are deleted for good, also from backups, with their part in the figures; accepted "
                "corrections stay, and the safeguarding record has the period above. A change counts after a week. "
                "0: they are kept until the learner is erased."
            ),
        ),
        "give_answers": (
            tr("Show whole solutions without an attempt"),
            tr(
                "Off: the tutor asks for an attempt first and helps step by step. Learners who are given answers learn "
                "less, so switching it on needs the reason above."
            ),
        ),
        "give_answers_reason": (
            tr("Reason for showing whole solutions"),
            tr("For example: revision week, worked examples wanted. It is kept with the setting."),
        ),
        "learner_corrections": (
            tr("At home, use what a learner says would be right"),
            tr(
                "Only for that learner, and only when every check passes; otherwise it is kept for you. Off, and at "
                "school always: nothing is used before a grown-up accepts it."
            ),
        ),
        "strictness": (
            tr("How strict the safety levels are"),
            tr(
                "Stricter stops more that is harmless; laxer lets rude words pass sooner. Threats, self-harm, anything "
                "sexual and dangerous requests are never judged more laxly."
            ),
        ),
        "minutes_a_day": (
            tr("Minutes a day for each learner"),
            tr("Used up, the day's work is over; under Learners you can give more for a day. 0: no limit."),
        ),
        "chat_from": (tr("Not before"), tr("A time such as 07:30. Empty: from the morning on.")),
        "chat_until": (tr("Not after"), tr("A time such as 19:00. Empty: until the end of the day.")),
        "break_after": (
            tr("Propose a break after so many minutes"),
            tr("One quiet line that also says that the tutor is a program. 0: never."),
        ),
        "asks_a_day": (
            tr("Answers a day that the tutor asks about"),
            tr("Where it was not sure, it asks quietly whether the answer was right. 0: never."),
        ),
        "survey": (
            tr("Ask learners two short questions after a conversation"),
            tr("Did it help, and would they ask again: two taps, once a week at most, and they may leave it."),
        ),
        "n_ctx": (
            tr("How much of a conversation it remembers, in tokens"),
            tr("A token is about three quarters of a word. 0: as much as the model and this computer can."),
        ),
        "gpu": (tr("Use the graphics card"), tr("Faster where there is one that fits; otherwise nothing changes.")),
        "temperature": (
            tr("Variety of words (temperature)"),
            tr("0: always the likeliest word, the same answer each time. Higher: more varied and less reliable."),
        ),
        "top_k": (tr("Choose among so many words (top-k)"), tr("0: no limit.")),
        "top_p": (
            tr("Choose among the likeliest words (top-p)"),
            tr("1: no limit. 0.95: the words that make up 95 in 100."),
        ),
        "min_p": (
            tr("Leave out unlikely words (min-p)"),
            tr("0: none. 0.05: words less than a twentieth as likely as the likeliest."),
        ),
        "repeat_penalty": (tr("Avoid repeating words"), tr("1: not at all. 1.05 is gentle; more can sound odd.")),
        "max_tokens": (tr("Longest answer, in tokens"), tr("400 tokens are about 300 words.")),
        "best_of": (
            tr("Answers written for each question"),
            tr("More than one: the answer the model is surest of is kept. Each one more takes as long again."),
        ),
        "seed": (tr("Seed"), tr("-1: a new one each time. A fixed number gives the same answer to the same words.")),
    }[key]


def strict_choices() -> list[tuple[str, str]]:
    return [("shipped", tr("As shipped")), ("stricter", tr("Stricter")), ("laxer", tr("Laxer with rude words"))]


class _Words(QLabel):
    """What a box is for, beside it, since the words of a box do not wrap; a press on them is one on the box."""

    def __init__(self, words: str, box: QCheckBox) -> None:
        super().__init__(words)
        self._box = box
        self.setWordWrap(True)
        self.setBuddy(box)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._box.click()


def _beside(box: QCheckBox, words: str) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(8)
    line.addWidget(box, 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(_Words(words, box), 1)
    return line


class SettingRow(QWidget):
    """One setting, kept as soon as it is changed. `kept` carries its key."""

    kept = Signal(str)

    def __init__(self, store: Store, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self._store = store
        declared = BY_KEY[key]
        name, hint = words(key)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        self.control, self._read, self._write = self._make(declared.type, name)
        if isinstance(self.control, QCheckBox):
            self.control.setAccessibleName(name)
            self.control.setAccessibleDescription(hint)
            box.addLayout(_beside(self.control, name))
            note = label(hint, "caption")
            note.setIndent(40)
            box.addWidget(note)
            self._error = label("", "alert")
            self._error.setIndent(40)
            self._error.hide()
            box.addWidget(self._error)
            self.field = None
        else:
            self.field = Field(name, self.control, hint)
            box.addWidget(self.field)
        self.refresh()

    def refresh(self) -> None:
        """Show the stored value."""
        self.control.blockSignals(True)
        self._write(self._store.setting(self.key))
        self.control.blockSignals(False)

    def value(self) -> Any:
        """What the control shows."""
        return self._read()

    def change(self, value: Any) -> None:
        """As if a person had set it in the control."""
        self._write(value)
        self._changed()

    def reset(self) -> None:
        """Back to the default."""
        self._keep(BY_KEY[self.key].default)
        self.refresh()

    def complain(self, text: str) -> None:
        if self.field is not None:
            self.field.complain(text)
        else:
            self._error.setText(text)
            self._error.setVisible(bool(text))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # a wheel over a number scrolls the page instead of changing a setting unseen
        if event.type() == QEvent.Type.Wheel and not self.control.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _keep(self, value: Any) -> None:
        if value == self._store.setting(self.key):
            return
        try:
            self._store.set_setting(self.key, value)
        except UserError as error:
            self.refresh()
            self.complain(str(error))
            return
        self.complain("")
        self.kept.emit(self.key)

    def _changed(self) -> None:
        self._keep(self._read())

    def _make(self, kind: Any, name: str) -> tuple[QWidget, Callable[[], Any], Callable[[Any], None]]:
        """(control, how to read it, how to set it)."""
        offered = {
            "setting": [(v, w) for v, w, _ in choices.settings_of_use()],
            "country": choices.countries(),
            "strictness": strict_choices(),
        }
        if self.key in offered:
            combo = Choice(offered[self.key])
            combo.currentIndexChanged.connect(self._changed)
            return combo, combo.value, combo.choose
        if kind is bool:
            box = QCheckBox()
            box.toggled.connect(self._changed)
            return box, box.isChecked, box.setChecked
        if kind is str:
            line = QLineEdit()
            line.setMaxLength(300)
            line.editingFinished.connect(self._changed)
            return line, lambda: line.text().strip(), line.setText
        spin: QSpinBox | QDoubleSpinBox = QSpinBox() if kind is int else QDoubleSpinBox()
        low, high, step = _BOUNDS[self.key]
        if isinstance(spin, QDoubleSpinBox):
            spin.setDecimals(2)
            spin.setRange(low, high)
            spin.setSingleStep(step)
        else:
            spin.setRange(int(low), int(high))
            spin.setSingleStep(int(step))
        spin.setMaximumWidth(220)
        spin.lineEdit().setTextMargins(10, 0, 0, 0)
        spin.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        spin.installEventFilter(self)
        spin.setKeyboardTracking(False)
        spin.valueChanged.connect(self._changed)
        if isinstance(spin, QDoubleSpinBox):
            return spin, lambda: round(spin.value(), 4), spin.setValue
        return spin, spin.value, lambda value: spin.setValue(int(value))
