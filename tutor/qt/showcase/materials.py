"""The scenes of a lesson's materials: what is there, what is on its way in, what is found, what went wrong."""

import msgspec
from PySide6.QtWidgets import QScrollArea, QWidget

from tutor import paths
from tutor.classroom.adding import Adding, Step
from tutor.domain import Material, Passage
from tutor.materials import marked, passages, pdf
from tutor.qt.showcase import data
from tutor.qt.showcase.lessons import editing
from tutor.qt.showcase.quiet_app import QuietApp
from tutor.qt.showcase.waiting import settle
from tutor.qt.teacher.lessons.materials import MaterialsPanel
from tutor.qt.teacher.lessons.stored_card import StoredCard
from tutor.qt.teacher.page import TeacherPage
from tutor.store import Store

_SHA256 = "a" * 64
_ZEROS = bytes(384 * 4)
_LONG = "A very long title of a worksheet about the water cycle, with Donaudampfschifffahrtsgesellschaft in it"


def _water(store: Store) -> Material:
    """The text of the water cycle, ready."""
    read = marked.read((paths.assets() / "lessons" / "water-cycle" / "water-cycle.md").read_text(encoding="utf-8"))
    cuts = passages.cut(read.blocks, read.title)
    made = store.add_material(
        _SHA256,
        [(passages.place(cut), cut.heading, cut.text) for cut in cuts],
        title=read.title,
        name="water-cycle.md",
        kind="markdown",
        licence="CC BY 4.0",
    )
    store.keep_passage_vectors(made.id, [(each.id, _ZEROS) for each in store.passages_of(_SHA256)])
    return Material(name="water-cycle.md", title=read.title, sha256=_SHA256, licence="CC BY 4.0")


def cited(app: QuietApp, learner_id: int) -> int:
    """A conversation with an answer from the water cycle; returns its id."""
    _water(app.store)
    passage = _headed(app.store.passages_of(_SHA256), "Condensation")
    said = data.checked("“When this air touches the cold glass it cools down, the particles slow down, and they gather "
                        "into drops of liquid.” (The water cycle, Condensation)")  # fmt: skip
    answer = msgspec.structs.replace(data.reply(said), cites=(passage,))
    _, _, placed = app.store.begin_conversation(learner_id, "Wet bottles", "Why is my cold bottle wet?")
    app.store.finish_message(placed.id, answer, "done")
    return app.store.message(placed.id).conversation_id


def stored(page: TeacherPage) -> MaterialsPanel:
    """A lesson on a text that is ready, and one whose text is not here."""
    here = _water(page.app.store)
    editing("materials")(page)
    panel = page.findChildren(MaterialsPanel)[-1]
    gone = Material(name="worksheet.pdf", title=_LONG, sha256="b" * 64)
    lesson = msgspec.structs.replace(panel._draft.lesson, materials=(here, gone))
    panel._draft.change("materials", lesson, redraw=True)
    settle(60)
    return panel


def shown(page: TeacherPage) -> None:
    _into_view(stored(page).add)


def reading(page: TeacherPage) -> None:
    """A passage list that is open."""
    panel = stored(page)
    card = panel.findChildren(StoredCard)[-2]
    card.open()
    _into_view(card.read)


def under_way(page: TeacherPage) -> None:
    """One being read, one being made findable, one that waits, and one that could not be read."""
    panel = stored(page)
    for name, step in (
        ("the-weather-book.pdf", Step(stage="reading", n=122, m=300)),
        ("clouds.docx", Step(stage="encoding", n=64, m=210)),
        ("rivers.html", Step(stage="waiting")),
    ):
        adding = Adding(name, bytes, "", "", None)
        adding.step = step
        panel._begin(adding)
    failed = Adding("scan-of-the-textbook.pdf", bytes, "", "", None)
    failed.step = Step(stage="failed", error=pdf.scanned(212))
    panel._begin(failed)
    _into_view(panel.add)


def pasting(page: TeacherPage) -> None:
    panel = stored(page)
    panel.open_form()
    panel.form.fill("", "Fog is a cloud that touches the ground.")
    panel.form._keep()
    _into_view(panel.add)


def found(page: TeacherPage) -> None:
    """A question that was tried."""
    panel = stored(page)
    panel.search.line.setText("why is my can of lemonade wet on the outside?")
    here = page.app.store.passages_of(_SHA256)
    chosen = [_headed(here, heading) for heading in ("Condensation", "Fog, dew and frost", "Evaporation")]
    panel.search._show((tuple(chosen), 1))
    _into_view(panel.search)


def nothing_found(page: TeacherPage) -> None:
    panel = stored(page)
    panel.search.line.setText("who won the cup final?")
    panel.search._show(((), 0))
    _into_view(panel.search)


def _headed(here: tuple[Passage, ...], heading: str) -> Passage:
    return next(passage for passage in here if passage.heading == heading)


def _into_view(widget: QWidget) -> None:
    """Scroll so far that it is at the top."""
    settle(60)
    parent = widget.parentWidget()
    while parent is not None and not isinstance(parent, QScrollArea):
        parent = parent.parentWidget()
    if isinstance(parent, QScrollArea):
        inside = parent.widget()
        assert inside is not None
        top = widget.mapTo(inside, widget.rect().topLeft()).y()
        parent.verticalScrollBar().setValue(max(0, top - 24))
    settle(60)
