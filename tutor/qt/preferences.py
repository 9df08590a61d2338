"""How it looks: a popover with theme, text size, font and motion, in force at once and kept for the learner."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QScrollArea, QSlider, QVBoxLayout, QWidget

from tutor.i18n import tr
from tutor.qt import theme
from tutor.qt.widgets import Choice, Field, label, tool


def themes() -> list[tuple[str, str]]:
    return [
        ("system", tr("As the computer")),
        ("light", tr("Light")),
        ("dark", tr("Dark")),
        ("contrast", tr("High contrast, black on white")),
        ("contrast-dark", tr("High contrast, white on black")),
    ]


def fonts() -> list[tuple[str, str]]:
    return [("hyperlegible", tr("Atkinson Hyperlegible")), ("dyslexic", tr("OpenDyslexic"))]


class Preferences(QFrame):
    """`keep(key, value)` stores a setting; each change is in force at once."""

    closed = Signal()

    def __init__(self, keep: Callable[[str, Any], None], parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup if parent is not None else Qt.WindowType.Widget)
        self.setObjectName("preferences")
        self.setProperty("panel", "card")
        self.setAccessibleName(tr("How it looks"))
        self._keep = keep
        self._near: QWidget | None = None
        self.theme = Choice(themes(), theme.chosen())
        self.font_choice = Choice(fonts(), theme.font_name())
        self.size_slider = QSlider(Qt.Orientation.Horizontal)
        self.size_slider.setRange(theme.SMALLEST, theme.LARGEST)
        self.size_slider.setSingleStep(theme.STEP)
        self.size_slider.setPageStep(theme.STEP)
        self.size_slider.setTracking(False)
        self._size_words = label("", "quiet", wrap=False)
        self.motion = QCheckBox(tr("No animations"))
        self.motion.setChecked(theme.motion(1) == 0)
        sizes = QWidget()
        line = QHBoxLayout(sizes)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(tool(tr("Smaller text"), "minus", self._smaller))
        line.addWidget(self.size_slider, 1)
        line.addWidget(tool(tr("Larger text"), "plus", self._larger))
        line.addWidget(self._size_words)
        inside = QWidget()
        inside.setProperty("clear", "true")
        box = QVBoxLayout(inside)
        box.setContentsMargins(20, 16, 20, 20)
        box.setSpacing(14)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inside)
        self._inside = inside
        outer = QVBoxLayout(self)
        outer.setContentsMargins(2, 2, 2, 2)
        outer.addWidget(self._scroll)
        box.addWidget(label(tr("How it looks"), "heading"))
        box.addWidget(Field(tr("Colours"), self.theme))
        box.addWidget(Field(tr("Text size"), sizes))
        box.addWidget(Field(tr("Letters"), self.font_choice))
        box.addWidget(self.motion)
        self.size_slider.setAccessibleName(tr("Text size in percent"))
        self._show_size()
        self.theme.currentIndexChanged.connect(self._theme_chosen)
        self.font_choice.currentIndexChanged.connect(self._font_chosen)
        self.size_slider.valueChanged.connect(self._size_chosen)
        self.motion.toggled.connect(self._motion_chosen)
        theme.changed.connect(self._show_size)

    def pop_up(self, near: QWidget) -> None:
        """Open beside `near`, within its window."""
        self._near = near
        window = near.window()
        wanted = self._inside.sizeHint() + QSize(24, 8)
        self.resize(wanted.boundedTo(window.size() - QSize(16, 16)))
        whole_page = near.height() > window.height() // 2
        at = near.mapToGlobal(QPoint(8, 56) if whole_page else QPoint(0, near.height() + 4))
        left = window.mapToGlobal(QPoint(8, 8))
        right = window.mapToGlobal(QPoint(window.width() - 8, window.height() - 8))
        x = max(left.x(), min(at.x(), right.x() - self.width()))
        y = at.y() if at.y() + self.height() <= right.y() else max(left.y(), right.y() - self.height())
        self.move(x, y)
        if not self.isVisible():
            self.show()
            self.theme.setFocus()

    def _smaller(self) -> None:
        self.size_slider.setValue(theme.percent() - theme.STEP)

    def _larger(self) -> None:
        self.size_slider.setValue(theme.percent() + theme.STEP)

    def _theme_chosen(self) -> None:
        self._keep("theme", self.theme.value())
        theme.apply(theme=self.theme.value())

    def _font_chosen(self) -> None:
        self._keep("font", self.font_choice.value())
        theme.apply(font=self.font_choice.value())

    def _size_chosen(self, percent: int) -> None:
        snapped = round(percent / theme.STEP) * theme.STEP
        if snapped != theme.percent():
            self._keep("text_size", snapped)
            theme.apply(percent=snapped)
        self._show_size()

    def _motion_chosen(self, on: bool) -> None:
        self._keep("reduced_motion", on)
        theme.apply(reduced_motion=on)

    def _show_size(self) -> None:
        self.size_slider.blockSignals(True)
        self.size_slider.setValue(theme.percent())
        self.size_slider.blockSignals(False)
        self._size_words.setText(tr("{n} %", n=theme.percent()))
        if self.isVisible() and self._near is not None:
            self.pop_up(self._near)
