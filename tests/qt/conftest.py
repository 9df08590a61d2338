"""For every window test: the theme as at start, failure on Qt warnings and on log lines that nobody expected."""

import logging
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tutor.qt import theme
from tutor.qt.showcase import data
from tutor.qt.showcase.quiet_app import QuietApp
from tutor.qt.showcase.scenes import READY, prepare, settle
from tutor.qt.teacher.page import TeacherPage
from tutor.qt.window import MainWindow

HERE = Path(__file__).parent
OFFSCREEN = (
    "This plugin does not support propagateSizeHints",
    "This plugin does not support raise",
    "This plugin does not support grabbing the keyboard",
)
"""What the offscreen platform says about itself; nothing else may be said."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))
            item.add_marker(pytest.mark.qt_log_ignore(*OFFSCREEN))


@pytest.fixture
def expected_log() -> list[str]:
    """Loggers whose warnings a test causes on purpose."""
    return []


@pytest.fixture(autouse=True)
def no_unexpected_log(caplog: pytest.LogCaptureFixture, expected_log: list[str]) -> Iterator[None]:
    yield
    told = [
        f"{record.name}: {record.getMessage()}"
        for record in caplog.get_records("call")
        if record.levelno >= logging.WARNING and record.name not in expected_log
    ]
    assert not told, told


@pytest.fixture(autouse=True)
def quick_doors(cheap_argon2: None) -> None:
    """What is tested here is the door."""


@pytest.fixture(autouse=True)
def usual_look(qapp: QApplication) -> Iterator[None]:
    theme.apply(theme="light", percent=100, font="hyperlegible", reduced_motion=False)
    yield
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, int]]:
    """Data folders by kind, made once and copied."""
    made: dict[str, tuple[Path, int]] = {}

    def template(kind: str) -> tuple[Path, int]:
        if kind not in made:
            folder = tmp_path_factory.mktemp(f"data-{kind}")
            made[kind] = (folder, prepare(kind, folder))
        return made[kind]

    return template


@pytest.fixture
def app_of(templates: Callable[[str], tuple[Path, int]], own_home: Path) -> Iterator[Callable[[str], QuietApp]]:
    """Opens an app on pretend data (`empty`, `fresh`, `normal`, `long`) in `TUTOR_HOME`, with a quiet engine."""
    opened: list[QuietApp] = []

    def open_app(kind: str) -> QuietApp:
        shutil.copytree(templates(kind)[0], own_home, dirs_exist_ok=True)
        opened.append(data.open_app(own_home))
        return opened[-1]

    yield open_app
    for app in opened:
        app.close()


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    """The main window, shown; nothing is opened yet."""
    made = MainWindow()
    qtbot.addWidget(made)
    made.resize(1100, 760)
    made.show()
    yield made
    made.app = None
    made.close()


@pytest.fixture
def teacher_area(qtbot: QtBot) -> Callable[[QuietApp], TeacherPage]:
    """Opens the grown-ups' area of an app, with a tutor that is ready, in a window of usual size."""

    def open_area(app: QuietApp) -> TeacherPage:
        app.stand(READY)
        made = TeacherPage(app)
        qtbot.addWidget(made)
        made.resize(1180, 800)
        made.show()
        settle()
        return made

    return open_area


@pytest.fixture
def editor(qtbot: QtBot, app_of: Callable[[str], QuietApp]) -> QWidget:
    """The lesson editor, open on a lesson about fractions (`lesson_editing.Editor`)."""
    from lesson_editing import open_editor

    return open_editor(qtbot, app_of("fresh"))
