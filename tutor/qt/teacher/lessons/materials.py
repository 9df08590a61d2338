"""Bringing materials into a lesson: files and pasted text, progress, what is stored of each, and trying the search."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from tutor.classroom.adding import Adding
from tutor.domain import Material
from tutor.i18n import tr
from tutor.materials.kinds import SUFFIXES
from tutor.qt.flow import flow
from tutor.qt.teacher.lessons.adding_card import AddingCard, PasteForm
from tutor.qt.teacher.lessons.draft import Draft
from tutor.qt.teacher.lessons.long_words import breakable
from tutor.qt.teacher.lessons.search_card import SearchCard
from tutor.qt.teacher.lessons.stored_card import StoredCard
from tutor.qt.widgets import Notice, button, clear

if TYPE_CHECKING:
    from tutor.classroom.materials import MaterialsDesk

LOOK_MS = 100
"""How often it is looked how far things are."""


class MaterialsPanel(QWidget):
    """What is brought in goes into the draft by itself; removing is the draft's, and can be undone there."""

    def __init__(self, desk: "MaterialsDesk", draft: Draft) -> None:
        super().__init__()
        self._desk, self._draft = desk, draft
        self._mine: dict[int, Adding] = {}
        """By `id`: what was begun here and is not over."""
        self._cards: dict[int, AddingCard] = {}
        self._put: dict[int, tuple[Material, tuple[Material, ...]]] = {}
        """What of it stands in the draft already, and what stood there before."""
        self.said = Notice("", "good")
        self.said.hide()
        self.add = button(tr("Add a file…"), "plain", "plus", self._ask_file)
        self.paste = button(tr("Paste a text…"), "quiet", "file-text", self.open_form)
        self.form = PasteForm()
        self.form.hide()
        self.form.given.connect(self._pasted)
        self._under_way = QVBoxLayout()
        self._under_way.setSpacing(12)
        self._stored = QVBoxLayout()
        self._stored.setSpacing(12)
        self.search = SearchCard(desk, lambda: draft.lesson.materials)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        box.addWidget(flow(self.add, self.paste))
        box.addWidget(self.form)
        box.addWidget(self.said)
        box.addLayout(self._under_way)
        box.addLayout(self._stored)
        box.addWidget(self.search)
        self._shown: tuple[Material, ...] | None = None
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._look_again)
        draft.changed.connect(self._draft_changed)
        self.destroyed.connect(partial(_let_go, self._mine))
        self.show_stored()

    # --- adding ---------------------------------------------------------------------------------------------------

    def bring_in(self, file: Path) -> None:
        """Read a file in."""
        self._begin(self._desk.add_file(file))

    def open_form(self) -> None:
        """For words from the clipboard."""
        self.form.show()
        self.form.title.control.setFocus(Qt.FocusReason.OtherFocusReason)

    def _pasted(self, title: str, text: str) -> None:
        self.form.clear()
        self.form.hide()
        self._begin(self._desk.add_text(text, title=title))

    def _ask_file(self) -> None:
        endings = " ".join(f"*{suffix}" for suffix in SUFFIXES)
        chosen, _ = QFileDialog.getOpenFileNames(
            self, tr("Add materials"), "", tr("Texts ({endings})", endings=endings)
        )
        for each in chosen:
            self.bring_in(Path(each))

    def _begin(self, adding: Adding) -> None:
        self.said.hide()
        self._mine[id(adding)] = adding
        card = AddingCard(adding.name)
        card.stopped.connect(partial(self._stop, adding))
        self._cards[id(adding)] = card
        self._under_way.addWidget(card)
        self._tell(adding)
        self._look.start()

    def _look_again(self) -> None:
        """How far things are now. They go on without this panel, on a thread that knows nothing of windows."""
        for adding in tuple(self._mine.values()):
            self._tell(adding)
        if not self._mine:
            self._look.stop()

    def _tell(self, adding: Adding) -> None:
        """A step of something that was begun here."""
        if id(adding) not in self._mine:
            return
        step = adding.step
        self._cards[id(adding)].show_step(step)
        if adding.material is not None and id(adding) not in self._put and not adding.cancelled:
            self._put_in(adding, adding.material)
        if not step.over:
            return
        del self._mine[id(adding)]
        card = self._cards.pop(id(adding))
        self._under_way.removeWidget(card)
        card.hide()
        card.deleteLater()
        if step.error is not None:
            self.said.say(f"{breakable(adding.name)}: {step.error}", "alert")
        elif step.stage == "done" and step.unread_pages:
            self.said.say(_unread(adding.name, step.unread_pages), "warm")
        elif step.stage == "done":
            self.said.say(tr("“{name}” is added.", name=adding.name), "good")
        self.show_stored()

    def _put_in(self, adding: Adding, material: Material) -> None:
        """Into the draft: where its file was waited for, else under a name of its own."""
        lesson = self._draft.lesson
        if any(known.sha256 == material.sha256 for known in lesson.materials):
            return
        before: tuple[Material, ...] = ()
        awaited = next((each for each in lesson.materials if not each.sha256 and each.name == material.name), None)
        if awaited is not None:
            material, before = msgspec.structs.replace(awaited, sha256=material.sha256), (awaited,)
            listed = tuple(material if each is awaited else each for each in lesson.materials)
        else:
            taken = {known.name.casefold() for known in lesson.materials}
            material = msgspec.structs.replace(material, name=_free_name(material.name, taken))
            listed = (*lesson.materials, material)
        self._put[id(adding)] = (material, before)
        changed = msgspec.structs.replace(lesson, materials=listed)
        self._draft.change("materials", changed, words=tr("Add a material"), redraw=True)

    def _stop(self, adding: Adding) -> None:
        """Out of the draft first, for what a lesson names is not thrown away."""
        put = self._put.pop(id(adding), None)
        if put is not None:
            material, before = put
            lesson = self._draft.lesson
            left = tuple(
                one for each in lesson.materials for one in (before if each.sha256 == material.sha256 else (each,))
            )
            changed = msgspec.structs.replace(lesson, materials=left)
            self._draft.change("materials", changed, words=tr("Stop adding a material"), redraw=True)
            self._draft.save()
        adding.cancel()

    # --- what is there --------------------------------------------------------------------------------------------

    def show_stored(self) -> None:
        """What is stored of each material of the draft."""
        self._shown = self._draft.lesson.materials
        clear(self._stored)
        for material, stored in zip(self._shown, self._desk.stored(self._shown), strict=True):
            self._stored.addWidget(StoredCard(self._desk, material, stored))
        self.search.setVisible(bool(self._shown))

    def _draft_changed(self, _redraw: bool) -> None:
        shown, now = self._shown or (), self._draft.lesson.materials
        if [(each.sha256, each.title) for each in shown] != [(each.sha256, each.title) for each in now]:
            self.show_stored()


def _let_go(mine: dict[int, Adding], *_: object) -> None:
    """The editor is closed: what is in no draft yet would belong to no lesson."""
    for adding in mine.values():
        if adding.material is None:
            adding.cancel()


def _free_name(name: str, taken: set[str]) -> str:
    path = Path(name)
    names = (name, *(f"{path.stem}-{number}{path.suffix}" for number in range(2, 1000)))
    return next(each for each in names if each.casefold() not in taken)


def _unread(name: str, pages: int) -> str:
    return tr(
        "“{name}” is added, but {n} of its pages are pictures, which the tutor cannot read. Have them turned into text "
        "(“OCR”) if the lesson needs them.",
        name=name,
        n=pages,
    )
