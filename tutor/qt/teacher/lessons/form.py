"""The form of a lesson in parts: chips choose the part, problems are marked at once, what is wrong can be shown."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from tutor.domain import Item, Lesson
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.lessons.faults import Fault, stopping
from tutor.qt.flow import flow
from tutor.qt.teacher.lessons import words
from tutor.qt.teacher.lessons.bound import Bound, Part
from tutor.qt.teacher.lessons.draft import Draft
from tutor.qt.teacher.lessons.guidelines_part import GuidelinesPart
from tutor.qt.teacher.lessons.items_part import ItemsPart
from tutor.qt.teacher.lessons.plain_parts import AboutPart, FallbacksPart, SkillsPart
from tutor.qt.widgets import Column
from tutor.qt.work import Operation

LOOK_MS = 200
"""After the last change."""
WIDE = 680
_PART_OF = {"items": "items", "guidelines": "guidelines", "materials": "materials", "fallbacks": "fallbacks",
            "objectives": "skills", "skills": "skills"}  # fmt: skip


def part_of(path: str) -> str:
    """The part in which a field stands."""
    return _PART_OF.get(path.split(".")[0], "about")


class Form(Column):
    """`found` carries what is wrong, each time that it was looked."""

    found = Signal(object)

    def __init__(
        self,
        draft: Draft,
        check: Callable[[Lesson], Sequence[Fault]],
        read_table: Callable[[str], tuple[Item, ...]],
        materials: Callable[[], QWidget],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, width=WIDE, top=20)
        self.draft = draft
        self._check = check
        self.faults: tuple[Fault, ...] = ()
        self.shown = ""
        self.parts: dict[str, QWidget] = {}
        self._makers: dict[str, Callable[[], QWidget]] = {
            "about": lambda: AboutPart(draft),
            "skills": lambda: SkillsPart(draft),
            "guidelines": lambda: GuidelinesPart(draft),
            "materials": materials,
            "items": lambda: ItemsPart(draft, read_table),
            "fallbacks": lambda: FallbacksPart(draft),
        }
        group = QButtonGroup(self)
        self.chips: dict[str, QPushButton] = {}
        for name, text in words.part_names().items():
            chip = QPushButton(text)
            chip.setProperty("kind", "chip")
            chip.setCheckable(True)
            chip.clicked.connect(partial(self._chip, name))
            group.addButton(chip)
            self.chips[name] = chip
        self.top = self.body.count()
        self.body.addWidget(flow(*self.chips.values()))
        self.body.addStretch(1)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(LOOK_MS)
        self._soon.timeout.connect(self._look_beside)
        self._looking = False
        """A check is under way off the window's thread."""
        draft.changed.connect(self._changed)
        self.show_part("about")
        self.look()

    def show_part(self, name: str) -> QWidget:
        """The part of this name, made when it is first shown."""
        if name not in self.parts:
            made = self.parts[name] = self._makers[name]()
            self.body.insertWidget(self.body.count() - 1, made)
            if isinstance(made, GuidelinesPart | ItemsPart):
                made.cards.opened.connect(self._soon.start)
        for each, part in self.parts.items():
            part.setVisible(each == name)
        self.chips[name].setChecked(True)
        if self.shown != name:
            self.shown = name
            self.verticalScrollBar().setValue(0)
        part = self.parts[name]
        if isinstance(part, Part):
            part.show_lesson()  # undo may have changed it while another part was shown
            part.mark(self.faults)
        return part

    def look(self) -> tuple[Fault, ...]:
        """Check the draft as it is now and at once, and mark what is wrong."""
        self._soon.stop()
        return self._mark(tuple(self._check(self.draft.lesson)))

    def _look_beside(self) -> None:
        """After a change: a big lesson takes longer to check than a key press may, so a thread of its own does it."""
        if self._looking:
            self._soon.start()
            return
        self._looking = True
        lesson = self.draft.lesson
        Operation(self, lambda: tuple(self._check(lesson)), done=partial(self._looked, lesson), failed=self._not_looked)

    def _looked(self, lesson: Lesson, faults: tuple[Fault, ...]) -> None:
        self._looking = False
        if lesson is self.draft.lesson:  # what was changed meanwhile is looked at next
            self._mark(faults)

    def _not_looked(self, _error: UserError) -> None:
        """What was found before stays marked; the next change tries again."""
        self._looking = False

    def _mark(self, faults: tuple[Fault, ...]) -> tuple[Fault, ...]:
        self.faults = faults
        for part in self.parts.values():
            if isinstance(part, Part) and not part.isHidden():
                part.mark(self.faults)
        names = words.part_names()
        for name, chip in self.chips.items():
            count = sum(part_of(fault.field) == name for fault in stopping(self.faults))
            chip.setText(tr("{part} ({n} to put right)", part=names[name], n=count) if count else names[name])
        self.found.emit(self.faults)
        return self.faults

    def go_to(self, path: str) -> None:
        """Show the field of this path and put the focus there."""
        part = self.show_part(part_of(path))
        target = part.reveal(path) if isinstance(part, Part) else part
        if target is None:
            return
        control = target.control if isinstance(target, Bound) else target
        control.setFocus(Qt.FocusReason.OtherFocusReason)
        # a form that was opened just now has no place yet
        QTimer.singleShot(0, target, lambda: self.ensureWidgetVisible(target, 0, 80))

    def _chip(self, name: str, _checked: bool = False) -> None:
        self.show_part(name)

    def _changed(self, redraw: bool) -> None:
        if redraw:
            part = self.parts.get(self.shown)
            if isinstance(part, Part):
                part.show_lesson()
        self._soon.start()
