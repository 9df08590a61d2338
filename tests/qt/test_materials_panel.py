"""A teacher brings texts into a lesson, sees how far they are, stops, tries the search, and is told what is wrong."""

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from tutor import paths
from tutor.classroom.adding import Step
from tutor.classroom.materials import MaterialsDesk
from tutor.domain import Lesson, Material
from tutor.engine import protocol
from tutor.lessons.shelf import Shelf
from tutor.qt.teacher.lessons.adding_card import AddingCard, step_in_words
from tutor.qt.teacher.lessons.draft import Draft
from tutor.qt.teacher.lessons.materials import MaterialsPanel
from tutor.qt.teacher.lessons.stored_card import StoredCard
from tutor.qt.widgets import Notice, Paragraph
from tutor.store import Store

WATER = paths.assets() / "lessons" / "water-cycle" / "water-cycle.md"


class WordCounting:
    """Encodes a text by where its words fall, so that like words lie near each other; a test may hold it."""

    def __init__(self) -> None:
        self.desk: MaterialsDesk | None = None
        self.open = threading.Event()
        self.open.set()
        self._last = 0

    def next_id(self) -> int:
        self._last += 1
        return self._last

    def send(self, request: protocol.Embed, /) -> None:
        threading.Thread(target=self._answer, args=(request,), daemon=True).start()

    def _answer(self, request: protocol.Embed) -> None:
        self.open.wait(30)
        assert self.desk is not None
        self.desk.hear(protocol.Embedded(id=request.id, vectors=tuple(map(_row, request.texts))))


def _row(text: str) -> bytes:
    row = np.full(384, 1e-6, dtype="<f4")
    for word in text.lower().replace("?", "").replace(".", "").split():
        if len(word) > 5:
            row[sum(word.encode()) % 384] += 1
    return (row / np.linalg.norm(row)).tobytes()


@pytest.fixture
def engine() -> WordCounting:
    return WordCounting()


@pytest.fixture
def desk(tmp_path: Path, engine: WordCounting) -> Iterator[MaterialsDesk]:
    with Store.open(tmp_path / "tutor.db") as store:
        made = engine.desk = MaterialsDesk(store, engine, Shelf(tmp_path / "materials"))
        yield made
        engine.open.set()
        made.close()


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    """Owns what must end on the window's thread; Python's collector may run on any."""
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def draft(desk: MaterialsDesk, parent: QWidget) -> Draft:
    kept: list[Lesson] = []
    return Draft(Lesson(key="water", title="Water"), kept.append, parent)


@pytest.fixture
def panel(qtbot: QtBot, desk: MaterialsDesk, draft: Draft) -> MaterialsPanel:
    made = MaterialsPanel(desk, draft)
    qtbot.addWidget(made)
    made.show()
    return made


def shown(widget: MaterialsPanel) -> str:
    labels = [each for each in widget.findChildren(QLabel) if each.isVisible()]
    return "\n".join(each.text() for each in labels)


def over(qtbot: QtBot, panel: MaterialsPanel) -> None:
    qtbot.waitUntil(lambda: not panel._mine, timeout=30_000)


def test_a_file_goes_into_the_draft_and_can_be_taken_out_by_undo(
    qtbot: QtBot, panel: MaterialsPanel, draft: Draft
) -> None:
    panel.bring_in(WATER)
    over(qtbot, panel)
    (material,) = draft.lesson.materials
    assert (material.name, material.title) == ("water-cycle.md", "The water cycle") and len(material.sha256) == 64
    qtbot.waitUntil(lambda: "22 passages · no licence given" in shown(panel))
    assert "“water-cycle.md” is added." in shown(panel)
    draft.undo()
    assert draft.lesson.materials == () and "22 passages" not in shown(panel)
    draft.redo()
    assert draft.lesson.materials == (material,)


def test_progress_is_shown_and_stop_takes_it_out_again(
    qtbot: QtBot, panel: MaterialsPanel, draft: Draft, engine: WordCounting, desk: MaterialsDesk
) -> None:
    engine.open.clear()
    panel.bring_in(WATER)
    qtbot.waitUntil(lambda: "Making it findable: 0 of 22 passages" in shown(panel), timeout=30_000)
    assert [each.title for each in draft.lesson.materials] == ["The water cycle"]
    panel.findChildren(AddingCard)[0].stop.click()
    assert draft.lesson.materials == ()
    engine.open.set()
    over(qtbot, panel)
    assert desk.under_way() == () and desk.stored([Material(name="w", title="w", sha256="a" * 64)]) == (None,)


def test_a_file_that_was_waited_for_takes_its_place_and_stop_gives_it_back(
    qtbot: QtBot, panel: MaterialsPanel, draft: Draft, engine: WordCounting
) -> None:
    waiting = Material(name="water-cycle.md", title="About water", licence="CC0")
    draft.change("materials", Lesson(key="water", title="Water", materials=(waiting,)), redraw=True)
    engine.open.clear()
    panel.bring_in(WATER)
    qtbot.waitUntil(lambda: bool(draft.lesson.materials[0].sha256), timeout=30_000)
    (filled,) = draft.lesson.materials
    assert (filled.name, filled.title, filled.licence) == ("water-cycle.md", "About water", "CC0")
    panel.findChildren(AddingCard)[0].stop.click()
    assert draft.lesson.materials == (waiting,)
    engine.open.set()
    over(qtbot, panel)


def test_pasted_text_needs_a_title_and_words(qtbot: QtBot, panel: MaterialsPanel, draft: Draft) -> None:
    panel.open_form()
    panel.form._keep()
    assert panel.form.title.complaint and panel.form.text.complaint
    panel.form.fill("Fog", "Fog is a cloud that touches the ground.")
    panel.form._keep()
    over(qtbot, panel)
    assert [each.title for each in draft.lesson.materials] == ["Fog"] and not panel.form.isVisible()


def test_what_cannot_be_read_is_told_and_nothing_is_added(
    qtbot: QtBot, panel: MaterialsPanel, draft: Draft, tmp_path: Path
) -> None:
    broken = tmp_path / "old.doc"
    broken.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 100)
    panel.bring_in(broken)
    over(qtbot, panel)
    assert "old.doc: This file is from an old office program" in panel.said.text.text() and draft.lesson.materials == ()


def test_two_files_of_one_name_keep_apart(qtbot: QtBot, panel: MaterialsPanel, draft: Draft, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "text.md").write_text(f"# Text {folder}\n\nWords of {folder}.")
        panel.bring_in(tmp_path / folder / "text.md")
    over(qtbot, panel)
    assert [each.name for each in draft.lesson.materials] == ["text.md", "text-2.md"]


def test_the_search_shows_what_a_learner_would_be_answered_from(qtbot: QtBot, panel: MaterialsPanel) -> None:
    assert not panel.search.isVisible()
    panel.bring_in(WATER)
    over(qtbot, panel)
    panel.search.line.setText("How is the crypt of the cathedral doing?")
    panel.search.look()
    qtbot.waitUntil(panel.search.go.isEnabled, timeout=10_000)
    assert "Nothing in the materials is about this" in panel.search.findChildren(Notice)[0].text.text()
    panel.search.line.setText("evaporation happens liquid surface invisible garden")
    panel.search.look()
    qtbot.waitUntil(lambda: "Given to the tutor" in shown(panel), timeout=10_000)
    assert "The water cycle · Evaporation" in shown(panel)


def test_passages_can_be_read_page_by_page_and_closed(qtbot: QtBot, panel: MaterialsPanel) -> None:
    panel.bring_in(WATER)
    over(qtbot, panel)
    card = panel.findChildren(StoredCard)[-1]
    card.open()
    assert len(card.findChildren(Paragraph)) == 10 and not card.more.isHidden()
    card._show_more()
    card._show_more()
    assert len(card.findChildren(Paragraph)) == 22 and card.more.isHidden()
    card.open()
    assert all(each.isHidden() for each in card.findChildren(QWidget) if each.findChildren(Paragraph))


def test_a_text_that_is_not_here_says_what_to_do(qtbot: QtBot, desk: MaterialsDesk, parent: QWidget) -> None:
    lesson = Lesson(key="w", title="Water", materials=(Material(name="w.md", title="Water", sha256="c" * 64),))
    panel = MaterialsPanel(desk, Draft(lesson, lambda _: None, parent))
    qtbot.addWidget(panel)
    assert "not on this computer" in panel.findChildren(Notice)[-1].text.text() or any(
        "not on this computer" in each.text.text() for each in panel.findChildren(Notice)
    )


def test_steps_are_told_in_words() -> None:
    assert step_in_words(Step(stage="reading", n=12, m=300)) == "Reading page 12 of 300"
    assert "120 of 830" in step_in_words(Step(stage="encoding", n=120, m=830))
    assert step_in_words(Step(stage="waiting")) == "Waiting for its turn…"
