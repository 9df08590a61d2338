"""Controls that a lesson's form is made of: each has `value`, `put` (says nothing), and tells `edited`.

None of them keeps an undo of its own: Ctrl+Z belongs to the whole form.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from PySide6.QtCore import QDateTime, QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QDateTimeEdit,
    QDoubleSpinBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from tutor.qt import theme
from tutor.qt.flow import FlowLayout
from tutor.qt.widgets import Choice

LONGEST_LINE: Final = 2000


class _LetThrough(QObject):
    """Leaves undo and redo to the form, whatever has the focus."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        if event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo):
            event.ignore()
            return True
        return False


_through: _LetThrough | None = None


def _let_through(widget: QWidget) -> None:
    global _through
    if _through is None:
        _through = _LetThrough()
    widget.installEventFilter(_through)


def shortcut(place: QWidget, keys: str, deed: Callable[[], object]) -> QShortcut:
    """Keys that do something while the focus is anywhere in `place`."""
    made = QShortcut(QKeySequence(keys), place)
    made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    made.activated.connect(lambda: deed())
    return made


class Line(QLineEdit):
    """One line of text."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMaxLength(LONGEST_LINE)
        self.textEdited.connect(lambda _text: self.edited.emit())
        _let_through(self)

    def value(self) -> str:
        return self.text()

    def put(self, value: str) -> None:
        if value != self.text():
            self.setText(value)


class Text(QPlainTextEdit):
    """Text that grows with its lines up to `most`; Tab goes on to the next field."""

    edited = Signal()

    def __init__(self, *, least: int = 2, most: int = 10, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._least, self._most = least, most
        self._putting = False
        self._height = 0
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(2)
        self.textChanged.connect(self._changed)
        theme.changed.connect(self._grow)
        _let_through(self)
        self._grow()

    def value(self) -> Any:
        return self.toPlainText()

    def put(self, value: Any) -> None:
        if value != self.value():
            self._putting = True
            self.setPlainText(self._shown(value))
            self._putting = False

    def sizeHint(self) -> QSize:
        return QSize(theme.scale(200), self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.scale(80), self._height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._grow()

    def _shown(self, value: Any) -> str:
        return str(value)

    def _changed(self) -> None:
        self._grow()
        if not self._putting:
            self.edited.emit()

    def _grow(self) -> None:
        # a plain text document measures its height in lines
        lines = max(self._least, min(self._most, int(self.document().size().height())))
        height = round(lines * QFontMetricsF(self.font()).lineSpacing()) + 2 * theme.scale(7) + 8
        if height != self._height:
            self._height = height
            self.updateGeometry()


class Lines(Text):
    """A list of texts, one a line; empty lines are none."""

    def value(self) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.toPlainText().splitlines() if line.strip())

    def _shown(self, value: Any) -> str:
        return "\n".join(value)


class Whole(QSpinBox):
    """A whole number."""

    edited = Signal()

    def __init__(self, least: int, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(least, most)
        _number(self)
        self.valueChanged.connect(lambda _value: self.edited.emit())

    def put(self, value: int) -> None:
        self.blockSignals(True)
        self.setValue(value)
        self.blockSignals(False)

    def wheelEvent(self, event: object) -> None:
        event.ignore()  # type: ignore[attr-defined]


class Decimal(QDoubleSpinBox):
    """A number with `digits` after the point."""

    edited = Signal()

    def __init__(self, least: float, most: float, digits: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDecimals(digits)
        self.setRange(least, most)
        self.setSingleStep(10.0 ** -min(digits, 1))
        _number(self)
        self.valueChanged.connect(lambda _value: self.edited.emit())

    def value(self) -> float:
        return round(super().value(), self.decimals())

    def textFromValue(self, value: float) -> str:
        """Without zeros that say nothing."""
        words = self.locale().toString(value, "f", self.decimals())
        point = self.locale().decimalPoint()
        return words.rstrip("0").removesuffix(point) if point in words else words

    def put(self, value: float) -> None:
        self.blockSignals(True)
        self.setValue(value)
        self.blockSignals(False)

    def wheelEvent(self, event: object) -> None:
        event.ignore()  # type: ignore[attr-defined]


def _number(spin: QSpinBox | QDoubleSpinBox) -> None:
    spin.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    spin.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    spin.lineEdit().setTextMargins(10, 0, 0, 0)
    _let_through(spin)
    _let_through(spin.lineEdit())


class Pick(Choice):
    """One of (value, words)."""

    edited = Signal()

    def __init__(self, choices: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(choices, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.activated.connect(lambda _index: self.edited.emit())

    def put(self, value: str) -> None:
        if self.findData(value) < 0:
            self.addItem(value, value)  # a value from a file is kept even where this list does not know it
        self.choose(value)


class Switch(QCheckBox):
    """Yes or no."""

    edited = Signal()

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self.clicked.connect(lambda _on: self.edited.emit())

    def value(self) -> bool:
        return self.isChecked()

    def put(self, value: bool) -> None:
        self.setChecked(value)


class Several(QWidget):
    """Some of (value, words), in the order given."""

    edited = Signal()

    def __init__(self, choices: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._others: tuple[str, ...] = ()
        self.boxes = {value: QCheckBox(words) for value, words in choices}
        flow = FlowLayout(self, gap=4)
        for box in self.boxes.values():
            box.clicked.connect(lambda _on: self.edited.emit())
            flow.addWidget(box)
        first = next(iter(self.boxes.values()), None)
        if first is not None:
            self.setFocusProxy(first)

    def value(self) -> tuple[str, ...]:
        return (*(value for value, box in self.boxes.items() if box.isChecked()), *self._others)

    def put(self, value: Sequence[str]) -> None:
        self._others = tuple(each for each in value if each not in self.boxes)
        for each, box in self.boxes.items():
            box.setChecked(each in value)


class Moment(QWidget):
    """A local date and time, kept as UTC (ISO 8601); "" while none is set."""

    edited = Signal()

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.on = QCheckBox(words)
        self.when = QDateTimeEdit(QDateTime.currentDateTime())
        self.when.setCalendarPopup(True)
        self.when.setDisplayFormat("d MMM yyyy  HH:mm")
        self.when.setAccessibleName(words)
        self.when.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        _let_through(self.when)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.on)
        box.addWidget(self.when)
        box.addStretch(1)
        self.setFocusProxy(self.on)
        self.on.toggled.connect(self.when.setVisible)
        self.when.hide()
        self.on.clicked.connect(lambda _on: self.edited.emit())
        self.when.dateTimeChanged.connect(self._moved)

    def value(self) -> str:
        if not self.on.isChecked():
            return ""
        seconds = self.when.dateTime().toSecsSinceEpoch()
        return datetime.fromtimestamp(seconds // 60 * 60, UTC).isoformat(timespec="minutes")

    def put(self, value: str) -> None:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.on.setChecked(False)
            return
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        self.when.blockSignals(True)
        self.when.setDateTime(QDateTime.fromSecsSinceEpoch(int(aware.timestamp())))
        self.when.blockSignals(False)
        self.on.setChecked(True)

    def _moved(self) -> None:
        if self.on.isChecked():
            self.edited.emit()


Control = Line | Text | Whole | Decimal | Pick | Switch | Several | Moment
