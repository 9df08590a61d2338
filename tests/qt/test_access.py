"""Every page in every state: each control has a name and a role, and at 200% no words are cut."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QToolButton, QWidget

from tutor.qt import theme
from tutor.qt.showcase import data
from tutor.qt.showcase.scenes import Scene, Stage, scenes, settle
from tutor.qt.window import MainWindow

SCENES = scenes()
NAMES = [f"{scene.view}-{scene.state}" for scene in SCENES]
ROLES = QAccessible.Role


@pytest.fixture
def played(
    templates: Callable[[str], tuple[Path, int]], own_home: Path, window: MainWindow
) -> Iterator[Callable[[Scene], QWidget]]:
    """Plays a scene in the window and gives what it shows."""
    opened = []

    def play(scene: Scene) -> QWidget:
        folder, conversation = templates(scene.data)
        shutil.copytree(folder, own_home, dirs_exist_ok=True)
        app = data.open_app(own_home)
        opened.append(app)
        app.store.set_setting("text_size", theme.percent())
        shown = scene.play(Stage(window, app, conversation)) or window
        settle()
        return shown

    yield play
    window.app = None
    for app in opened:
        app.close()


def visible(shown: QWidget) -> list[QWidget]:
    return [widget for widget in shown.findChildren(QWidget) if widget.isVisibleTo(shown)]


@pytest.mark.parametrize("scene", SCENES, ids=NAMES)
def test_every_control_has_a_name_and_a_role(scene: Scene, played: Callable[[Scene], QWidget]) -> None:
    shown = played(scene)
    nameless = []
    for widget in visible(shown):
        if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or not widget.isEnabled():
            continue
        if widget.focusProxy() is not None or widget.objectName() == "qt_spinbox_lineedit":
            continue
        seen = QAccessible.queryAccessibleInterface(widget)
        name = seen.text(QAccessible.Text.Name) if seen is not None else ""
        if not name.strip() or seen.role() in (ROLES.NoRole, ROLES.Client):
            nameless.append(f"{type(widget).__name__} {widget.objectName()} name={name!r}")
    assert not nameless


OURS = [scene for scene in SCENES if scene.view != "chat"]
"""The chat's own tests measure it at every text size."""


@pytest.mark.parametrize("scene", OURS, ids=[f"{scene.view}-{scene.state}" for scene in OURS])
def test_at_twice_the_size_no_words_are_cut(scene: Scene, played: Callable[[Scene], QWidget]) -> None:
    theme.apply(percent=200)
    shown = played(scene)
    assert not [cut for widget in visible(shown) if (cut := cut_words(widget))]


def cut_words(widget: QWidget) -> str:
    """What is cut of a widget's words; "" when nothing is."""
    width, height = widget.width(), widget.height()
    if isinstance(widget, QLabel) and widget.text():
        if widget.wordWrap():
            needed = widget.heightForWidth(width)
            return f"label {widget.text()[:40]!r}: {height} of {needed} px high" if needed > height + 1 else ""
        needed = widget.minimumSizeHint().width()
        return f"label {widget.text()[:40]!r}: {width} of {needed} px wide" if needed > width + 1 else ""
    if isinstance(widget, QToolButton) and not widget.text():
        return ""
    if isinstance(widget, QAbstractButton | QComboBox):
        hint = widget.minimumSizeHint() if isinstance(widget, QComboBox) else widget.sizeHint()
        if widget.hasHeightForWidth():  # its words wrap: how high it must be depends on how wide it is
            hint = QSize(widget.minimumSizeHint().width(), widget.heightForWidth(width))
        if hint.width() > width + 1 or hint.height() > height + 1:
            name = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
            return f"{type(widget).__name__} {name!r}: {widget.size()} of {hint}"
    return ""
