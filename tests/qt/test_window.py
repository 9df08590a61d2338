"""The main window: what comes after what, what is kept, and starts that fail."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from tutor import paths
from tutor.bench.start import OURS
from tutor.domain import AgeBand
from tutor.qt import theme
from tutor.qt.learner.page import ChatPage
from tutor.qt.picker import Picker
from tutor.qt.preferences import Preferences
from tutor.qt.showcase.data import PASSPHRASE
from tutor.qt.showcase.quiet_app import QuietApp
from tutor.qt.showcase.scenes import settle
from tutor.qt.start_problem import StartProblem
from tutor.qt.teacher.page import IDLE_MS, TeacherPage
from tutor.qt.unlock import Unlock
from tutor.qt.window import MainWindow
from tutor.qt.wizard import Wizard
from tutor.store import Store


@pytest.fixture
def at(window: MainWindow, app_of: Callable[[str], QuietApp]) -> Iterator[Callable[[str], QuietApp]]:
    """Puts an app behind the window."""

    def open_app(kind: str) -> QuietApp:
        app = app_of(kind)
        window.show_app(app)
        return app

    yield open_app
    window.app = None


@pytest.fixture
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real start, without an engine process."""
    monkeypatch.setattr("tutor.app.App.start_engine", lambda *_: None)


def begin(qtbot: QtBot, window: MainWindow) -> str:
    with qtbot.waitSignal(window.page_shown, check_params_cb=lambda name: name != "opening", timeout=10_000):
        window.begin()
    return window.page


def texts(window: MainWindow) -> str:
    settle()
    return " ".join(found.text() for found in window.findChildren(QLabel) if found.isVisibleTo(window))


def test_a_fresh_folder_opens_the_wizard_and_a_set_up_one_the_picker(
    qtbot: QtBot, window: MainWindow, no_engine: None, templates: Callable[[str], tuple[Path, int]]
) -> None:
    assert begin(qtbot, window) == "wizard" and isinstance(window.current, Wizard)
    assert window.app is not None
    window.app.store.set_contact("Head of year", "Room 3", confirmed=True)
    window.app.store.set_passphrase(PASSPHRASE)
    window.app.store.add_learner("Amira", "fox", AgeBand.A8_10, "en-GB")
    window.app.close()
    assert begin(qtbot, window) == "picker" and isinstance(window.current, Picker)
    window.close()


def test_a_learner_comes_from_the_picker_to_the_chat_and_back(
    qtbot: QtBot, window: MainWindow, at: Callable[[str], QuietApp]
) -> None:
    at("normal")
    picker = window.current
    assert isinstance(picker, Picker)
    picker.cards()[0].click()
    page = window.current
    assert window.page == "chat" and isinstance(page, ChatPage)
    assert page.bridge.learner is not None and page.bridge.learner.name == "Amira"
    actions = {action.text(): action for action in page.learner_menu.actions()}
    actions["What happens with my words?"].trigger()
    assert window.page == "privacy" and "stay on this computer" in texts(window)
    window.current.closed.emit()  # type: ignore[union-attr]
    assert window.page == "chat"
    again = window.current
    assert isinstance(again, ChatPage)
    next(a for a in again.learner_menu.actions() if a.text() == "Somebody else is learning").trigger()
    assert window.page == "picker" and window.learner is None


def test_adding_a_learner_goes_through_the_passphrase(
    qtbot: QtBot, window: MainWindow, at: Callable[[str], QuietApp]
) -> None:
    at("fresh")
    window.show_learner_door()
    door = window.current
    assert isinstance(door, Unlock)
    door.secret.line.setText("not the passphrase")
    door.try_it()
    qtbot.waitUntil(lambda: door.secret_field.complaint != "", timeout=5000)
    assert window.page == "unlock"
    door.secret.line.setText(PASSPHRASE)
    with qtbot.waitSignal(window.page_shown, timeout=5000):
        door.try_it()
    assert isinstance(window.current, TeacherPage) and "A new learner" in texts(window)


def test_an_open_grown_ups_part_locks_itself_when_nobody_touches_it(
    qtbot: QtBot, window: MainWindow, at: Callable[[str], QuietApp]
) -> None:
    at("fresh")
    window.open_teacher()
    page = window.current
    assert isinstance(page, TeacherPage)
    assert page.idle.isActive() and page.idle.interval() == IDLE_MS
    page.idle.setTimerType(Qt.TimerType.PreciseTimer)
    page.idle.start()  # the kind of a timer that runs already does not change
    qtbot.wait(300)
    before = page.idle.remainingTime()
    QTest.keyClick(window, Qt.Key.Key_Shift)
    assert page.idle.remainingTime() > before, "a key must start the wait anew"
    page.idle.setInterval(1)
    qtbot.waitUntil(lambda: window.page == "picker", timeout=5000)


def test_the_look_is_kept_for_each_learner(window: MainWindow, at: Callable[[str], QuietApp]) -> None:
    app = at("normal")
    amira, ben, _ = app.store.learners()
    window.show_chat(amira)
    look = Preferences(window.keep_look)
    look.theme.choose("dark")
    look.font_choice.choose("dyslexic")
    look.size_slider.setValue(150)
    look.motion.setChecked(True)
    assert theme.current().name == "dark" and theme.percent() == 150 and theme.font_name() == "dyslexic"
    window.show_chat(ben)
    assert theme.current().name == "light" and theme.percent() == 100 and theme.motion(100) == 100
    window.show_picker()
    assert theme.percent() == 100
    window.show_chat(amira)
    assert theme.current().name == "dark" and theme.percent() == 150 and theme.motion(100) == 0
    look.deleteLater()


def test_keys_change_the_text_size_and_it_is_kept(window: MainWindow, at: Callable[[str], QuietApp]) -> None:
    app = at("normal")
    learner = app.store.learners()[0]
    window.show_chat(learner)
    shortcuts = {key.toString(): action for action in window.actions() for key in action.shortcuts()}
    larger = shortcuts[QKeySequence(QKeySequence.StandardKey.ZoomIn).toString()]
    larger.trigger()
    larger.trigger()
    assert theme.percent() == 120 and app.store.setting("text_size", learner.id) == 120
    shortcuts[QKeySequence(QKeySequence.StandardKey.ZoomOut).toString()].trigger()
    assert theme.percent() == 110
    shortcuts["Ctrl+0"].trigger()
    assert theme.percent() == 100 and app.store.setting("text_size", learner.id) == 100


def test_the_window_comes_back_where_it_was(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(701, 555)
    settle()
    window.close()
    again = MainWindow()
    qtbot.addWidget(again)
    again.restore_place()
    assert again.size() == QSize(701, 555)


def test_escape_closes_the_popover(qtbot: QtBot, window: MainWindow, at: Callable[[str], QuietApp]) -> None:
    at("fresh")
    window.show_preferences()
    look = window.findChild(Preferences)
    assert look is not None and look.isVisible()
    QTest.keyClick(look, Qt.Key.Key_Escape)
    assert not look.isVisible()


def test_after_a_backup_was_put_back_everything_is_opened_again(
    qtbot: QtBot, window: MainWindow, no_engine: None, app_of: Callable[[str], QuietApp]
) -> None:
    app_of("normal").close()
    assert begin(qtbot, window) == "picker"
    first = window.app
    window.open_teacher()
    page = window.current
    assert isinstance(page, TeacherPage)
    with qtbot.waitSignal(window.page_shown, check_params_cb=lambda name: name == "picker", timeout=10_000):
        page.restored.emit()
    assert window.app is not None and window.app is not first
    window.close()


# --- starts that fail -----------------------------------------------------------------------------------------------


def test_a_second_instance_says_so_and_can_try_again(qtbot: QtBot, window: MainWindow, no_engine: None) -> None:
    first = Store.open(paths.database())
    assert begin(qtbot, window) == "problem"
    assert "already open" in texts(window) and "Traceback" not in texts(window)
    first.close()
    page = window.current
    assert isinstance(page, StartProblem)
    with qtbot.waitSignal(window.page_shown, check_params_cb=lambda name: name == "wizard", timeout=10_000):
        page.again.emit()
    window.close()


def test_a_damaged_file_is_restored_from_its_backup(
    qtbot: QtBot, window: MainWindow, no_engine: None, app_of: Callable[[str], QuietApp]
) -> None:
    app = app_of("normal")
    app.close()
    file = paths.database()
    file.write_bytes(b"x" * 4096 + file.read_bytes()[4096:])
    assert begin(qtbot, window) == "problem"
    assert "damaged" in texts(window) and "backup" in texts(window)
    restore = next(b for b in window.findChildren(QPushButton) if b.text() == "Restore the newest good backup")
    with qtbot.waitSignal(window.page_shown, check_params_cb=lambda name: name == "picker", timeout=10_000):
        restore.click()
    assert window.app is not None
    assert [learner.name for learner in window.app.store.learners()] == ["Amira", "Ben", "Chidi"]
    window.close()
    assert list(paths.home().glob("*damaged*")), "the damaged file must be kept"


def test_a_newer_database_is_left_alone(qtbot: QtBot, window: MainWindow, no_engine: None) -> None:
    import sqlite3

    Store.open(paths.database()).close()
    with sqlite3.connect(paths.database()) as db:
        columns = [row[1] for row in db.execute("PRAGMA table_info(_sqlite_migrations)")]
        row = db.execute("SELECT * FROM _sqlite_migrations LIMIT 1").fetchone()
        future = [
            "999_future" if name == "name" else 999 if name == "id" else v for name, v in zip(columns, row, strict=True)
        ]
        db.execute(f"INSERT INTO _sqlite_migrations VALUES ({','.join('?' * len(row))})", future)
    before = paths.database().read_bytes()
    assert begin(qtbot, window) == "problem"
    assert "newer Tutor" in texts(window)
    assert paths.database().read_bytes() == before


def test_a_folder_that_cannot_be_written_is_explained(
    qtbot: QtBot, window: MainWindow, no_engine: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocker = tmp_path / "a-file-in-the-way"
    blocker.write_text("", encoding="utf-8")
    monkeypatch.setenv("TUTOR_HOME", str(blocker / "data"))
    assert begin(qtbot, window) == "problem"
    assert "cannot write" in texts(window)
    monkeypatch.undo()


# --- a real process -------------------------------------------------------------------------------------------------


def test_a_real_start_paints_imports_nothing_heavy_and_leaves_cleanly(tmp_path: Path) -> None:
    environment = {**os.environ, "TUTOR_START_REPORT": "1", "TUTOR_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, *OURS], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert '"mark":"painted"' in done.stdout and '"mark":"wizard"' in done.stdout
    assert '"heavy":[]' in done.stdout
    assert "Traceback" not in done.stderr
    assert (tmp_path / "logs" / "window.log").exists()
