"""What is stored of a lesson's material: how much, how far it is findable, and its passages to read."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from tutor.domain import Material, Passage
from tutor.errors import UserError
from tutor.i18n import tr, trn
from tutor.qt.richtext.flat import flat
from tutor.qt.teacher.lessons.long_words import breakable
from tutor.qt.widgets import Card, Notice, Paragraph, button, clear, label, row

if TYPE_CHECKING:
    from tutor.classroom.materials import MaterialsDesk
    from tutor.store.materials import StoredMaterial

PAGE = 10
"""Passages that are shown at once."""


class StoredCard(Card):
    """Of one material. `stored` None: its text is not on this computer."""

    def __init__(self, desk: "MaterialsDesk", material: Material, stored: "StoredMaterial | None") -> None:
        super().__init__(pad=16, gap=8)
        self._desk, self._material = desk, material
        self._next = 1
        self.body.addWidget(label(breakable(flat(material.title or material.name)), "strong"))
        if stored is None:
            self.body.addWidget(Notice(_missing(), "warm"))
            return
        self.facts = label(facts(material, stored), "caption")
        self.body.addWidget(self.facts)
        if stored.state != "ready":
            self.body.addWidget(Notice(_words_only(stored), "notice"))
        self.read = button(tr("Read its passages"), "link", "", self.open)
        self.body.addLayout(row(self.read))
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        self.body.addLayout(self._list)
        self.more = button(tr("Show more"), "quiet", "chevron-down", self._show_more)
        self.more.hide()
        self.body.addLayout(row(self.more))

    def open(self) -> None:
        """Show the first passages, or hide them."""
        if self._next > 1:
            clear(self._list)
            self._next = 1
            self.more.hide()
            self.read.setText(tr("Read its passages"))
            return
        self.read.setText(tr("Close the passages"))
        self._show_more()

    def _show_more(self) -> None:
        try:
            found = self._desk.passages(self._material.sha256, self._next, PAGE + 1)
        except UserError as error:
            self._list.addWidget(Notice(str(error), "alert"))
            return
        for passage in found[:PAGE]:
            self._list.addWidget(passage_shown(passage))
        self._next += PAGE
        self.more.setVisible(len(found) > PAGE)


def passage_shown(passage: Passage, *, source: bool = False) -> QWidget:
    """A passage as plain text with its place; `source` names its material too."""
    shown = QWidget()
    box = QVBoxLayout(shown)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(2)
    names = (
        passage.material if source else "",
        passage.place,
        passage.heading if passage.heading != passage.place else "",
    )
    box.addWidget(label(flat(" · ".join(name for name in names if name)), "caption"))
    box.addWidget(Paragraph(passage.text))
    return shown


def facts(material: Material, stored: "StoredMaterial") -> str:
    """In one line: pages, passages, licence."""
    said = [trn("{n} page", "{n} pages", stored.pages)] if stored.pages else []
    said.append(trn("{n} passage", "{n} passages", stored.passages))
    if stored.unread_pages:
        said.append(trn("{n} page is a picture", "{n} pages are pictures", stored.unread_pages))
    said.append(material.licence or tr("no licence given"))
    return " · ".join(said)


def _words_only(stored: "StoredMaterial") -> str:
    return tr(
        "{n} of {m} passages are findable by their meaning, the others by their words until the tutor has read them.",
        n=stored.encoded,
        m=stored.passages,
    )


def _missing() -> str:
    return tr(
        "The text of this material is not on this computer, so that answers cannot rest on it. Add the file again, or "
        "bring in the lesson with its materials."
    )
