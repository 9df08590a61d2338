"""The main window: one stack of pages, who comes after whom, and nothing else."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QLocale, QSettings, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent, QIcon, QKeySequence, QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QPushButton, QStackedWidget, QWidget

from tutor import i18n, paths
from tutor.domain import Learner, Visible
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.qt import theme
from tutor.qt.icons import icon
from tutor.qt.opening import Opening
from tutor.qt.work import Operation
from tutor.session_events import EngineState
from tutor.wording.visible import in_words

if TYPE_CHECKING:
    from tutor.app import App
    from tutor.qt.bridge import SessionBridge
    from tutor.qt.preferences import Preferences
    from tutor.qt.training_desk import TrainingDesk
    from tutor.store.learner_locks import LetIn

LOOK = ("theme", "text_size", "font", "reduced_motion")


class MainWindow(QMainWindow):
    """Pages are made when they are first needed, so that the window appears at once."""

    painted = Signal()
    """The first paint has happened."""
    page_shown = Signal(str)
    """Which page is shown now: opening, problem, wizard, picker, pin, chat, unlock, teacher, privacy."""
    _engine_told = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(tr("Tutor"))
        self.setWindowIcon(QIcon(str(paths.assets() / "tutor.svg")))
        self.setMinimumSize(560, 420)
        self.resize(1100, 760)
        self.app: App | None = None
        self.learner: Learner | None = None
        self._let_in: LetIn | None = None
        """The proof that the learner's lock was opened."""
        self._page = ""
        self._was_painted = False
        self.bridge: SessionBridge | None = None
        self._desk: TrainingDesk | None = None
        self._look: Preferences | None = None
        self._after_unlock = "teacher"
        self._after_privacy = "picker"
        self._pages = QStackedWidget()
        self.setCentralWidget(self._pages)
        self._engine_told.connect(self._engine_changed, Qt.ConnectionType.QueuedConnection)
        self._shortcuts()
        self._put("opening", Opening())

    # --- opening --------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Open the data behind the window that is already there."""
        self._put("opening", Opening())
        Operation(self, _open_app, done=self._opened, failed=self.show_problem)

    def _opened(self, app: "App") -> None:
        self.show_app(app)
        QTimer.singleShot(0, self._start_engine)

    def show_app(self, app: "App") -> None:
        """Everything from here on works with this app: the picker, or the first run."""
        self.app = app
        app.listen(self._engine_told.emit)
        self._apply_look(None)
        if app.store.is_set_up():
            self.show_picker()
        else:
            self.show_wizard()

    def _start_engine(self) -> None:
        if self.app is None:
            return
        try:
            self.app.start_engine()
        except UserError as error:
            self._engine_changed(EngineState(state="failed", text=str(error)))

    def show_problem(self, error: UserError) -> None:
        """The start failed: say so calmly."""
        from tutor.qt import logfile
        from tutor.qt.start_problem import StartProblem

        page = StartProblem(error, logfile.current())
        page.again.connect(self.begin)
        page.leave.connect(self.close)
        page.restore.connect(lambda: self._put_right(error, "restore"))
        page.start_new.connect(lambda: self._put_right(error, "start_new"))
        self._put("problem", page)

    def _put_right(self, error: UserError, way: str) -> None:
        """Restore a backup or start anew; `DamagedDatabase` knows how."""
        Operation(self, getattr(error, way), done=lambda _: self.begin(), failed=self.show_problem)

    # --- pages ----------------------------------------------------------------------------------------------------

    def show_wizard(self) -> None:
        from tutor.qt.wizard import Wizard

        page = Wizard(self._store)
        page.finished.connect(self.show_picker)
        self._put("wizard", page)

    def show_picker(self) -> None:
        from tutor.qt.picker import Picker

        self._leave_learner()
        self._let_in = None
        page = Picker(self._store)
        page.chosen.connect(self.enter)
        page.wants_teacher.connect(self.show_teacher_door)
        page.wants_new_learner.connect(self.show_learner_door)
        page.wants_privacy.connect(self.show_privacy)
        page.wants_preferences.connect(self.show_preferences)
        self._put("picker", page)
        if self.app is not None:
            page.show_engine(self.app.engine_state)

    def enter(self, learner: Learner) -> None:
        """The learner was chosen: their PIN is asked for, where they have one."""
        if (let_in := self._store.let_in(learner.id)) is not None:
            self.let_in(learner, let_in)
            return
        from tutor.qt.learner.pin_door import PinDoor

        page = PinDoor(self._store, learner)
        page.opened.connect(self.let_in)
        page.cancelled.connect(self.show_picker)
        self._put("pin", page)
        page.start()

    def let_in(self, learner: Learner, let_in: "LetIn") -> None:
        """The chat; before it the privacy notice, once a term."""
        self._let_in = let_in
        from tutor.qt.privacy import Privacy
        from tutor.wording import privacy

        if not privacy.is_due(str(self._store.setting("privacy_read", learner.id))):
            self.show_chat(learner)
            return
        self._become(learner)
        page = Privacy(self._store, learner=learner, first=True)
        page.closed.connect(lambda: self._privacy_read(learner))
        self._put("privacy", page)
        page.close_button.setFocus()

    def _privacy_read(self, learner: Learner) -> None:
        from tutor.wording import privacy

        self._keep("privacy_read", privacy.read_now())
        self.show_chat(learner)

    def _become(self, learner: Learner) -> None:
        """From here on the window looks and speaks as this learner wants it."""
        self._leave_learner()
        self.learner = learner
        i18n.use(learner.language, paths.assets() / "translations")
        self._apply_look(learner.id)

    def show_chat(self, learner: Learner) -> None:
        from tutor.qt.bridge import SessionBridge
        from tutor.qt.learner.page import ChatPage

        assert self.app is not None
        try:
            session = self.app.session(learner, self._let_in or self._store.let_in(learner.id))
        except UserError as error:
            if error.code != "pin":
                raise
            self.enter(learner)
            return
        self._become(learner)
        self.bridge = SessionBridge(session, self)
        page = ChatPage(self.bridge, self._note())
        self._fill_menu(page.learner_menu)
        self._put("chat", page)

    def show_teacher_door(self) -> None:
        self._show_unlock("teacher")

    def show_learner_door(self) -> None:
        self._show_unlock("learner")

    def _show_unlock(self, after: str) -> None:
        from tutor.qt.unlock import Unlock

        self._after_unlock = after
        page = Unlock(self._store)
        page.opened.connect(self.open_teacher)
        page.cancelled.connect(self.show_picker)
        self._put("unlock", page)

    def open_teacher(self) -> None:
        from tutor.qt.teacher.page import TeacherPage
        from tutor.qt.training_desk import TrainingDesk

        assert self.app is not None
        if self._desk is None:
            self._desk = TrainingDesk(self.app, self)
        page = TeacherPage(self.app, self._desk)
        page.closed.connect(self.show_picker)
        page.restored.connect(self._start_over)
        self._put("teacher", page)
        if self._after_unlock == "learner":
            page.add_learner()

    def show_privacy(self) -> None:
        from tutor.qt.privacy import Privacy

        page = Privacy(self._store, learner=self.learner)
        page.closed.connect(self._leave_privacy)
        self._put("privacy", page)

    def _leave_privacy(self) -> None:
        if self.learner is not None:
            self.show_chat(self.learner)
        else:
            self.show_picker()

    def show_preferences(self) -> None:
        """How it looks, beside whatever asked for it."""
        from tutor.qt.preferences import Preferences

        focused = QApplication.focusWidget()
        near = focused if isinstance(focused, QPushButton) and self.isAncestorOf(focused) else self._pages
        if self._look is not None:
            self._look.deleteLater()
        self._look = Preferences(self.keep_look, self)
        self._look.pop_up(near)

    def _start_over(self) -> None:
        """A backup was put back: nothing that is open fits any more."""
        self._leave_learner()
        self._end_training()
        app, self.app = self.app, None
        self._put("opening", Opening())
        if app is not None:
            Operation(self, app.close, done=lambda _: self.begin(), failed=self.show_problem)

    def _end_training(self) -> None:
        """A training under way stops at its checkpoint; it goes on when it is asked for again."""
        if self._desk is not None:
            self._desk.close()
            self._desk.deleteLater()
            self._desk = None

    # --- a learner's things ---------------------------------------------------------------------------------------

    def _note(self) -> str:
        hints = tr("Whole solutions are shown") if self._store.setting("give_answers") else tr("Hints first")
        seen = self._store.visible_of(self.learner.id) if self.learner else Visible.FLAGGED
        who = in_words(seen, school=self._store.setting("setting") == "school")
        return f"{hints} · {who}"

    def _fill_menu(self, menu: QMenu) -> None:
        for text, symbol, action in (
            (tr("How it looks"), "a-large-small", self.show_preferences),
            (tr("What happens with my words?"), "shield-check", self.show_privacy),
            (tr("Somebody else is learning"), "users", self.show_picker),
        ):
            made = menu.addAction(icon(symbol), text)
            made.triggered.connect(action)

    def _leave_learner(self) -> None:
        if self.bridge is not None:
            self.bridge.close()
            self.bridge.deleteLater()
            self.bridge = None
        if self.learner is not None:
            self.learner = None
            i18n.use(QLocale().bcp47Name(), paths.assets() / "translations")
            if self.app is not None:
                self._apply_look(None)

    def _apply_look(self, learner_id: int | None) -> None:
        values = {key: self._store.setting(key, learner_id) for key in LOOK}
        theme.apply(
            theme=values["theme"],
            percent=values["text_size"],
            font=values["font"],
            reduced_motion=values["reduced_motion"],
        )

    def keep_look(self, key: str, value: Any) -> None:
        """Keep for the learner who is at it, or for the page before anyone is chosen."""
        if self.app is not None:
            self._keep(key, value)

    def _keep(self, key: str, value: Any) -> None:
        try:
            self._store.set_setting(key, value, self.learner.id if self.learner else None)
        except UserError as error:
            self.statusBar().showMessage(str(error), 10_000)

    # --- the window -----------------------------------------------------------------------------------------------

    @property
    def page(self) -> str:
        return self._page

    @property
    def current(self) -> QWidget | None:
        return self._pages.currentWidget()

    @property
    def _store(self) -> Any:
        assert self.app is not None
        return self.app.store

    def _put(self, name: str, page: QWidget) -> None:
        """Show a page and let the one before go; a page keeps nothing that is not stored."""
        old = self._pages.currentWidget()
        self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)
        if old is not None:
            self._pages.removeWidget(old)
            old.deleteLater()
        self._page = name
        self.page_shown.emit(name)

    @Slot(object)
    def _engine_changed(self, state: EngineState) -> None:
        """Pages that show it have `show_engine`; the chat hears it from its own session."""
        show = getattr(self._pages.currentWidget(), "show_engine", None)
        if show is not None:
            show(state)

    def _shortcuts(self) -> None:
        for text, keys, step in (
            (tr("Larger text"), (QKeySequence.StandardKey.ZoomIn, "Ctrl+="), theme.STEP),
            (tr("Smaller text"), (QKeySequence.StandardKey.ZoomOut,), -theme.STEP),
            (tr("Text as it was"), ("Ctrl+0",), 0),
        ):
            action = QAction(text, self)
            action.setShortcuts([QKeySequence(key) for key in keys])
            action.triggered.connect(lambda _checked=False, by=step: self.zoom(by))
            self.addAction(action)

    def zoom(self, by: int) -> None:
        """Change the text size by percent points; 0 sets it back."""
        percent = max(theme.SMALLEST, min(theme.LARGEST, theme.percent() + by)) if by else 100
        theme.apply(percent=percent)
        self.keep_look("text_size", percent)

    def restore_place(self) -> None:
        """Where the window was last time."""
        saved = self._places().value("geometry")
        if isinstance(saved, QByteArray):
            self.restoreGeometry(saved)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._places().setValue("geometry", self.saveGeometry())
        self.hide()  # at once: ending the engine may take a moment
        app, self.app = self.app, None
        self._leave_learner()
        self._end_training()
        if app is not None:
            app.close()
        super().closeEvent(event)

    def _places(self) -> QSettings:
        return QSettings(str(paths.home() / "window.ini"), QSettings.Format.IniFormat)


def _open_app() -> "App":
    """Off the window's thread: importing and opening take a moment."""
    from tutor.app import App
    from tutor.store.failures import read_only

    try:
        return App.open()
    except OSError as error:
        raise read_only(str(error.filename or "")) from error
