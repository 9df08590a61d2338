"""Small widgets that every page is made of: labels, buttons, fields with their error, cards, notices, columns."""

import html
from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from tutor.i18n import tr
from tutor.qt import theme
from tutor.qt.icons import icon

COLUMN = 760
"""The widest that text may run, in pixels at 100%."""

_ICON_COLOUR = {"primary": "on_accent", "danger": "alert", "link": "accent"}
_NOTICE_ICON = {"notice": "info", "warm": "triangle-alert", "alert": "circle-alert", "good": "circle-check"}
_NOTICE_COLOUR = {"notice": "accent", "warm": "warm", "alert": "alert", "good": "good"}


def label(text: str = "", role: str = "", *, wrap: bool = True, select: bool = False) -> QLabel:
    """Plain text that wraps. `role` as in the stylesheet."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    if wrap:
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        made.setSizePolicy(policy)
    if select:
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
    return made


class Paragraph(QLabel):
    """Running text at a line height for reading. `text()` and `setText` speak plain text, as with any label."""

    def __init__(self, text: str = "", role: str = "") -> None:
        super().__init__()
        self._plain = ""
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        if role:
            self.setProperty("role", role)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setText(text)

    def setText(self, text: str) -> None:
        self._plain = text
        self.setAccessibleName(text)
        lines = html.escape(text).replace("\n", "<br>")
        super().setText(f'<p style="line-height: 120%; margin: 0">{lines}</p>' if text else "")

    def text(self) -> str:
        return self._plain


class Button(QPushButton):
    """A push button whose icon keeps its distance from the words and grows with them."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        theme.changed.connect(self._fit_icon)
        self._fit_icon()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus, as people expect, and nothing behind it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def _fit_icon(self) -> None:
        # wider than high: the icon is drawn at the left, what remains is the gap
        self.setIconSize(QSize(theme.scale(20) + 4, theme.scale(20)))


def button(
    text: str, kind: str = "plain", icon_name: str = "", on_click: Callable[[], object] | None = None
) -> QPushButton:
    made = Button(text)
    made.setProperty("kind", kind)
    made.setAutoDefault(False)
    if icon_name:
        made.setIcon(icon(icon_name, _ICON_COLOUR.get(kind, "ink")))
    if on_click is not None:
        made.clicked.connect(lambda _checked=False: on_click())
    return made


def tool(name: str, icon_name: str, on_click: Callable[[], object] | None = None) -> QToolButton:
    """A button with an icon alone; `name` is its tooltip and its name for screen readers."""
    made = QToolButton()
    made.setProperty("kind", "quiet")
    made.setIcon(icon(icon_name))
    made.setToolTip(name)
    made.setAccessibleName(name)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    if on_click is not None:
        made.clicked.connect(lambda _checked=False: on_click())
    return made


def set_role(widget: QWidget, name: str, value: str) -> None:
    """Change a dynamic property and let the stylesheet see it."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and let it be deleted."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)


def row(*widgets: QWidget, gap: int = 8, stretch: bool = True) -> QHBoxLayout:
    made = QHBoxLayout()
    made.setSpacing(gap)
    for widget in widgets:
        made.addWidget(widget)
    if stretch:
        made.addStretch(1)
    return made


class Symbol(QWidget):
    """An icon as a picture, recoloured with the theme and scaled with the text."""

    def __init__(self, name: str, px: float = 20, colour: str = "ink", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._px, self._colour = name, px, colour
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def show_icon(self, name: str, colour: str) -> None:
        self._name, self._colour = name, colour
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.scale(self._px), theme.scale(self._px))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        icon(self._name, self._colour).paint(painter, self.rect())
        painter.end()


class Notice(QFrame):
    """A calm box with an icon and words. `kind`: notice, warm, alert, good."""

    def __init__(self, text: str, kind: str = "notice", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", kind)
        self._symbol = Symbol(_NOTICE_ICON[kind], 20, _NOTICE_COLOUR[kind])
        self.text = Paragraph(text)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        self.body.addWidget(self.text)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(16, 12, 16, 12)
        outer.setSpacing(12)
        outer.addWidget(self._symbol, 0, Qt.AlignmentFlag.AlignTop)
        outer.addLayout(self.body, 1)

    def say(self, text: str, kind: str = "notice") -> None:
        """Change the words and the kind, and show it."""
        set_role(self, "panel", kind)
        self._symbol.show_icon(_NOTICE_ICON[kind], _NOTICE_COLOUR[kind])
        self.text.setText(text)
        self.show()


class Card(QFrame):
    """A surface with a hairline; `body` takes what is inside."""

    def __init__(self, parent: QWidget | None = None, *, pad: int = 24, gap: int = 16) -> None:
        super().__init__(parent)
        self.setProperty("panel", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(pad, pad, pad, pad)
        self.body.setSpacing(gap)


class Field(QWidget):
    """A control with its name above, a hint and, when something is wrong, the reason below it."""

    def __init__(self, name: str, control: QWidget, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.control = control
        self.name = label(name, "strong")
        self.name.setBuddy(control)
        control.setAccessibleName(name)
        if hint:
            control.setAccessibleDescription(hint)
        self._hint_text = hint
        self._hint = label(hint, "caption")
        if not hint:
            self._hint.hide()  # never shown here: it would be a window of its own, and take the focus
        self._error = label("", "alert")
        self._wrong = QWidget()
        wrong = QHBoxLayout(self._wrong)
        wrong.setContentsMargins(0, 0, 0, 0)
        wrong.setSpacing(8)
        wrong.addWidget(Symbol("circle-alert", 18, "alert"), 0, Qt.AlignmentFlag.AlignTop)
        wrong.addWidget(self._error, 1)
        self._wrong.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(self.name)
        box.addWidget(control)
        box.addWidget(self._hint)
        box.addWidget(self._wrong)

    def explain(self, hint: str) -> None:
        """Another hint under the control."""
        self._hint_text = hint
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        if not self.complaint:
            self.control.setAccessibleDescription(hint)

    def complain(self, text: str) -> None:
        """Show what is wrong ("" for nothing), also to screen readers."""
        self._error.setText(text)
        self._wrong.setVisible(bool(text))
        self.control.setAccessibleDescription(text or self._hint_text)
        if text or self.control.property("wrong") is not None:
            set_role(self.control, "wrong", "true" if text else "false")

    @property
    def complaint(self) -> str:
        return self._error.text()


class Secret(QWidget):
    """A line for a passphrase, with an eye to show it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QLineEdit()
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setAccessibleName(name)
        self._eye = tool(tr("Show what is typed"), "eye", self._toggle)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(self.line, 1)
        box.addWidget(self._eye)
        self.setFocusProxy(self.line)

    def text(self) -> str:
        return self.line.text()

    def clear(self) -> None:
        self.line.clear()

    def _toggle(self) -> None:
        hidden = self.line.echoMode() == QLineEdit.EchoMode.Password
        self.line.setEchoMode(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)
        name = tr("Hide what is typed") if hidden else tr("Show what is typed")
        self._eye.setIcon(icon("eye-off" if hidden else "eye"))
        self._eye.setToolTip(name)
        self._eye.setAccessibleName(name)


class Choice(QComboBox):
    """A combo box over (value, words) pairs; the wheel does not change it while a page scrolls."""

    def __init__(self, choices: Sequence[tuple[str, str]], value: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for key, words in choices:
            self.addItem(words, key)
        self.choose(value)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def choose(self, value: str) -> None:
        index = self.findData(value)
        if index >= 0:
            self.setCurrentIndex(index)

    def value(self) -> str:
        return str(self.currentData())

    def wheelEvent(self, event: object) -> None:
        event.ignore()  # type: ignore[attr-defined]


class _Tall(QVBoxLayout):
    """Says that its height depends on its width even when nothing in it wraps: a scroll area gives such a layout the
    height that it wants, and squeezes any other down to its minimum before it scrolls."""

    def hasHeightForWidth(self) -> bool:
        return True


class Column(QScrollArea):
    """A scrolling page with one centred column; `body` takes what is inside."""

    def __init__(self, parent: QWidget | None = None, *, width: int = COLUMN, gap: int = 16, top: int = 40) -> None:
        super().__init__(parent)
        self._width = width
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outside = QWidget()
        outside.setProperty("clear", "true")
        self._inside = QWidget()
        self._inside.setProperty("clear", "true")
        centre = QHBoxLayout(outside)
        centre.setContentsMargins(24, top, 24, 32)
        centre.addStretch(1)
        centre.addWidget(self._inside, 1000)
        centre.addStretch(1)
        self.body: QVBoxLayout = _Tall(self._inside)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(gap)
        self.setWidget(outside)
        theme.changed.connect(self._fit)
        self._fit()

    def widen(self, width: int) -> None:
        """Another width, in pixels at 100%: a table needs more than text."""
        self._width = width
        self._fit()

    def _fit(self) -> None:
        self._inside.setMaximumWidth(theme.scale(self._width))


def rule() -> QFrame:
    """A hairline."""
    made = QFrame()
    made.setProperty("panel", "rule")
    return made
