"""The grown-ups' part: a rail of sections on the left, one section on the right."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from tutor.domain import CorrectionStatus
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.qt import theme
from tutor.qt.teacher.backups import Backups
from tutor.qt.teacher.classes_section import ClassesSection
from tutor.qt.teacher.corrections_section import CorrectionsSection
from tutor.qt.teacher.counted import Counted
from tutor.qt.teacher.learners import Learners
from tutor.qt.teacher.learning_section import LearningSection
from tutor.qt.teacher.overview import OverviewSection
from tutor.qt.teacher.quality_section import QualitySection
from tutor.qt.teacher.reports_section import ReportsSection
from tutor.qt.teacher.review import Review
from tutor.qt.teacher.safeguarding import Safeguarding
from tutor.qt.teacher.section import Section
from tutor.qt.teacher.settings_section import SettingsSection
from tutor.qt.teacher.turns_section import TurnsSection
from tutor.qt.teacher.tutor_section import TutorSection
from tutor.qt.training_desk import TrainingDesk
from tutor.qt.widgets import button, set_role
from tutor.session_events import EngineState

if TYPE_CHECKING:
    from tutor.app import App

RAIL = 224
IDLE_MS = 10 * 60 * 1000
"""After so long without a key or a press the grown-ups' part locks, so that no child finds it open."""
_TOUCHED = (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel)


class TeacherPage(QWidget):
    """`closed` goes back to the picker (and locks), `learners_changed`, `restored` after a backup was put back."""

    closed = Signal()
    learners_changed = Signal()
    restored = Signal()

    def __init__(self, app: "App", desk: TrainingDesk | None = None, parent: QWidget | None = None) -> None:
        """`desk` holds a training under way, which goes on when this page is left."""
        super().__init__(parent)
        self.setProperty("page", "true")
        self.app = app
        self._desk = desk or TrainingDesk(app, self)
        self._made: dict[str, Section] = {}
        self._makers: dict[str, Callable[[], Section]] = {
            "overview": self._make_overview,
            "safeguarding": self._make_safeguarding,
            "review": self._make_review,
            "quality": self._make_quality,
            "corrections": self._make_corrections,
            "lessons": self._make_lessons,
            "learning": lambda: LearningSection(app, self._desk),
            "learners": self._make_learners,
            "classes": self._make_classes,
            "reports": lambda: ReportsSection(app),
            "tutor": lambda: TutorSection(app),
            "settings": lambda: SettingsSection(app.store),
            "backups": self._make_backups,
            "turns": self._make_turns,
        }
        self._stack = QStackedWidget()
        self._buttons: dict[str, QPushButton] = {}
        self._rail = self._make_rail()
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._rail)
        outer.addWidget(self._stack, 1)
        self.idle = QTimer(self)
        self.idle.setSingleShot(True)
        self.idle.setInterval(IDLE_MS)
        self.idle.timeout.connect(self.closed)
        self.idle.start()
        QGuiApplication.instance().installEventFilter(self)  # type: ignore[union-attr]
        theme.changed.connect(self._fit)
        self._fit()
        self.show_section("overview")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Anything a person does here starts the wait anew; without it the door locks again by itself."""
        if event.type() in _TOUCHED:
            self.idle.start()
        return False

    def _make_rail(self) -> QFrame:
        rail = QFrame()
        rail.setProperty("panel", "rail")
        inside = QWidget()
        inside.setProperty("clear", "true")
        box = QVBoxLayout(inside)
        box.setContentsMargins(12, 24, 12, 8)
        box.setSpacing(4)
        group = QButtonGroup(self)
        for key, text, symbol in (
            ("overview", tr("Overview"), "chart-line"),
            ("safeguarding", tr("Safeguarding"), "bell"),
            ("review", tr("Review"), "flag"),
            ("lessons", tr("Lessons"), "book-open"),
            ("quality", tr("Quality"), "star"),
            ("corrections", tr("Corrections"), "square-pen"),
            ("learning", tr("Learning"), "graduation-cap"),
            ("learners", tr("Learners"), "users"),
            ("classes", tr("Classes"), "school"),
            ("reports", tr("Reports"), "file-text"),
            ("tutor", tr("Tutor"), "cpu"),
            ("settings", tr("Settings"), "settings"),
            ("backups", tr("Backups"), "archive"),
        ):
            made = button(text, "rail", symbol, partial(self.show_section, key))
            made.setCheckable(True)
            group.addButton(made)
            self._buttons[key] = made
            box.addWidget(made)
        box.addStretch(1)
        self._scroll = QScrollArea()  # at large text there are more sections than fit
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inside)
        leave = button(tr("Lock and leave"), "rail", "log-out", self.closed.emit)
        foot = QVBoxLayout()
        foot.setContentsMargins(12, 0, 12, 16)
        foot.addWidget(leave)
        outer = QVBoxLayout(rail)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(4)
        outer.addWidget(self._scroll, 1)
        outer.addLayout(foot)
        self._scroll.verticalScrollBar().rangeChanged.connect(self._fit)
        return rail

    def _fit(self, *_: object) -> None:
        widest = max(made.sizeHint().width() for made in self._rail.findChildren(QPushButton))
        bar = self._scroll.verticalScrollBar()
        room = bar.sizeHint().width() if bar.maximum() > 0 else 0
        self._rail.setFixedWidth(max(RAIL, widest + 24 + room))

    def show_section(self, key: str) -> None:
        """One of the rail, from its beginning."""
        self.section(key).offer_way_back()
        self._show(key)

    def _show(self, key: str) -> None:
        section = self.section(key)
        section.said.hide()
        section.enter()
        self._stack.setCurrentWidget(section)
        if key in self._buttons:
            self._buttons[key].setChecked(True)
            self._scroll.ensureWidgetVisible(self._buttons[key], 0, 48)
        self.count_alerts()

    def _return_to(self, key: str, pressed: QWidget | None) -> None:
        """Back to the page with the number that was pressed, and to that number; its own way back stays."""
        self._show(key)
        if pressed is not None and isValid(pressed):  # it may have been drawn anew
            pressed.setFocus()

    def section(self, key: str) -> Section:
        if key not in self._made:
            made = self._made[key] = self._makers[key]()
            self._stack.addWidget(made)
        return self._made[key]

    def sections(self) -> tuple[str, ...]:
        """Their keys, in the order of the rail."""
        return tuple(self._buttons)

    def rail_text(self, key: str) -> str:
        return self._buttons[key].text()

    def add_learner(self) -> None:
        """Straight to the form for a new learner."""
        self.show_section("learners")
        learners = self.section("learners")
        if isinstance(learners, Learners):
            learners.add()

    def show_engine(self, state: EngineState) -> None:
        section = self._made.get("tutor")
        if isinstance(section, TutorSection):
            section.show_engine(state)

    def count_alerts(self) -> None:
        """The numbers of alerts not yet seen, and of corrections that wait, stand in the rail."""
        unseen = len(self.app.store.alerts(unseen_only=True))
        made = self._buttons["safeguarding"]
        made.setText(tr("Safeguarding ({n})", n=unseen) if unseen else tr("Safeguarding"))
        set_role(made, "waiting", "true" if unseen else "false")
        waiting = len(self.app.store.corrections(CorrectionStatus.PROPOSED))
        self._buttons["corrections"].setText(tr("Corrections ({n})", n=waiting) if waiting else tr("Corrections"))
        asked = sum(self.app.store.review_counts().values())
        review = self._buttons["review"]
        review.setText(tr("Review ({n})", n=asked) if asked else tr("Review"))
        set_role(review, "waiting", "true" if self.app.store.open_escalations() else "false")
        self._fit()

    def _make_overview(self) -> Section:
        made = OverviewSection(self.app)
        made.wanted.connect(partial(self._open_counted, "overview"))
        return made

    def _make_turns(self) -> Section:
        made = TurnsSection(self.app.store)
        made.wanted.connect(partial(self._open_counted, "turns"))
        return made

    def _open_counted(self, origin: str, counted: Counted) -> None:
        """The section that a number counts, with what it counts, and the way back to `origin`."""
        section = self.section(counted.section)
        pressed = self.section(origin).focusWidget()
        section.offer_way_back(self.section(origin).page_name, partial(self._return_to, origin, pressed))
        if isinstance(section, TurnsSection) and counted.counting is not None:
            section.narrow_to(counted.counting)
        self._show(counted.section)
        section.back.setFocus()
        if isinstance(section, Review):
            section.show_counted(counted)
        elif isinstance(section, QualitySection):
            section.about_class(counted.class_id)
        elif isinstance(section, ReportsSection):
            section.show_counted(counted)
        elif isinstance(section, Learners) and counted.learner_id is not None:
            learner = self.app.store.learner(counted.learner_id)
            if counted.message_id is None or not section.read_at(learner, counted.message_id):
                self._open_counted(origin, msgspec.structs.replace(counted, section="reports"))

    def _make_quality(self) -> Section:
        made = QualitySection(self.app)
        made.wants_grading.connect(self._grade)
        made.wanted.connect(partial(self._open_counted, "quality"))
        return made

    def _grade(self) -> None:
        self.show_section("review")
        section = self.section("review")
        if isinstance(section, Review):
            section.grade()

    def _make_safeguarding(self) -> Section:
        made = Safeguarding(self.app.store)
        made.changed.connect(self.count_alerts)
        made.levels_changed.connect(self._load_levels)
        return made

    def _make_lessons(self) -> Section:
        from tutor.qt.teacher.lessons.section import LessonsSection  # with preview and test: not for every start

        return LessonsSection(self.app)

    def _make_review(self) -> Section:
        made = Review(self.app)
        made.changed.connect(self.count_alerts)
        return made

    def _make_corrections(self) -> Section:
        made = CorrectionsSection(self.app.store, self.app.corrections)
        made.changed.connect(self.count_alerts)
        return made

    def _make_learners(self) -> Section:
        made = Learners(self.app)
        made.changed.connect(self.learners_changed)
        return made

    def _load_levels(self) -> None:
        """The engine judges by the levels that were chosen from its next start on, and that is now."""
        try:
            self.app.start_engine()
        except UserError as error:
            self.section("safeguarding").complain(error)

    def _make_classes(self) -> Section:
        made = ClassesSection(self.app)
        made.changed.connect(self.learners_changed)
        made.wants_report.connect(self._report_class)
        return made

    def _report_class(self, class_id: int) -> None:
        self.show_section("reports")
        section = self.section("reports")
        if isinstance(section, ReportsSection):
            section.about_class(class_id)

    def _make_backups(self) -> Section:
        made = Backups(self.app.store)
        made.restored.connect(self.restored)
        return made
