"""The lesson editor over a real store, as its tests drive it."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tutor.qt.showcase import lessons
from tutor.qt.showcase.quiet_app import QuietApp
from tutor.qt.showcase.scenes import READY, settle
from tutor.qt.teacher.lessons.editor import Editor
from tutor.qt.teacher.lessons.files import read_table
from tutor.qt.teacher.lessons.guidelines_part import GuidelinesPart
from tutor.qt.teacher.lessons.items_part import ItemsPart
from tutor.qt.teacher.lessons.materials_part import MaterialsPart


def open_editor(qtbot: QtBot, app: QuietApp) -> Editor:
    """On a lesson about fractions, active, so that keys and the focus go to it."""
    app.stand(READY)
    made = Editor(app, app.lessons.add(lessons.FRACTIONS), read_table=read_table, materials=MaterialsPart)
    qtbot.addWidget(made)
    made.resize(956, 800)
    with qtbot.waitActive(made):
        made.show()
    return made


def stored(editor: Editor):
    return editor.app.store.lesson_versions(editor.version.lesson_id)[0].lesson


def control(editor: Editor, path: str) -> QWidget:
    editor.form.go_to(path)
    settle()
    part = editor.form.parts[editor.form.shown]
    return next(field.control for field in part.fields() if field.path == path)


def complaint(editor: Editor, path: str) -> str:
    editor.form.look()
    part = editor.form.parts[editor.form.shown]
    return next(field.complaint for field in part.fields() if field.path == path)


def items(editor: Editor) -> ItemsPart:
    part = editor.form.show_part("items")
    assert isinstance(part, ItemsPart)
    settle()
    return part


def guidelines(editor: Editor) -> GuidelinesPart:
    part = editor.form.show_part("guidelines")
    assert isinstance(part, GuidelinesPart)
    settle()
    return part


def shown(widget: QWidget) -> str:
    settle()
    return " ".join(found.text() for found in widget.findChildren(QLabel) if found.isVisibleTo(widget))


def press(widget: QWidget, words: str) -> None:
    settle()
    found = [b for b in widget.findChildren(QPushButton) if b.text() == words and b.isVisibleTo(widget)]
    assert found, f"no button {words!r}"
    found[0].click()
    settle()


def retype(field: QWidget, words: str) -> None:
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(field, Qt.Key.Key_Delete)
    for number, line in enumerate(words.split("\n")):
        if number:
            QTest.keyClick(field, Qt.Key.Key_Return)
        QTest.keyClicks(field, line)
