"""Learning: the plan before a training, what it says while it runs, how it ended, and using or leaving an adapter."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tutor import paths
from tutor.adaptation import protocol
from tutor.domain import AdapterState, CorrectionStatus
from tutor.errors import UserError
from tutor.qt.showcase import learning
from tutor.qt.showcase.quiet_app import QuietApp
from tutor.qt.showcase.scenes import settle
from tutor.qt.teacher.learning_section import NIGHT_MINUTES, LearningSection
from tutor.qt.teacher.page import TeacherPage
from tutor.qt.training_desk import TrainingDesk


class Held:
    """A training that says what the test wants."""

    def __init__(self, tell: Callable[[protocol.Event], None], **options: Any) -> None:
        self.tell = tell
        given = {name: options[name] for name in ("dry_run", "minutes") if name in options}
        self.job = protocol.Job(base="", ledger="", out="", **given)
        self.asked: list[str] = []

    def pause(self) -> None:
        self.asked.append("pause")

    def resume(self) -> None:
        self.asked.append("resume")

    def cancel(self) -> None:
        self.asked.append("cancel")

    def close(self) -> None:
        self.asked.append("close")

    def wait(self, seconds: float | None = None) -> bool:
        return False


@pytest.fixture
def page(qtbot: QtBot, app_of: Callable[[str], QuietApp], monkeypatch: pytest.MonkeyPatch) -> TeacherPage:
    app = app_of("normal")
    learning.corrections(app.store)
    trainings: list[Held] = []

    def train(_base: Path, tell: Callable[[protocol.Event], None], **options: Any) -> Held:
        trainings.append(Held(tell, **options))
        return trainings[-1]

    monkeypatch.setattr(app.adapters, "train", train)
    made = TeacherPage(app, TrainingDesk(app))
    qtbot.addWidget(made)
    made.setProperty("trainings", trainings)
    made.trainings = trainings  # type: ignore[attr-defined]
    made.resize(1100, 900)
    made.show()
    made.show_section("learning")
    return made


def section(page: TeacherPage) -> LearningSection:
    found = page.section("learning")
    assert isinstance(found, LearningSection)
    return found


def press(widget: QWidget, text: str) -> None:
    settle()
    found = [b for b in widget.findChildren(QPushButton) if b.text() == text and b.isVisibleTo(widget)]
    assert found, f"no button {text!r}"
    found[-1].click()
    settle()


def texts(widget: QWidget) -> str:
    settle()
    return " ".join(found.text() for found in widget.findChildren(QLabel) if found.isVisibleTo(widget))


def started(page: TeacherPage, qtbot: QtBot, count: int) -> Held:
    """The newest training, once the desk holds it."""
    trainings: list[Held] = page.trainings  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: len(trainings) == count)
    settle(20)
    return trainings[-1]


def test_the_plan_comes_first_and_a_training_only_when_it_is_wanted(page: TeacherPage, qtbot: QtBot) -> None:
    press(section(page), "Train the tutor…")
    plan = started(page, qtbot, 1)
    assert plan.job.dry_run
    plan.tell(learning.TRAINING[0])
    assert "about 4 minutes" in texts(section(page))
    press(section(page), "Start the training")
    training = started(page, qtbot, 2)
    assert not training.job.dry_run and training.job.minutes == 0
    for event in learning.TRAINING:
        training.tell(event)
    assert "about 2 minutes left" in texts(section(page))
    press(section(page), "Pause")
    training.tell(learning.PAUSED[-1])
    press(section(page), "Go on")
    press(section(page), "Cancel the training")
    assert training.asked == ["pause", "resume", "cancel"]
    training.tell(protocol.Cancelled())
    assert "The tutor answers as before" in texts(section(page))


def test_a_training_may_have_the_night(page: TeacherPage, qtbot: QtBot) -> None:
    press(section(page), "Train the tutor…")
    started(page, qtbot, 1).tell(learning.TRAINING[0])
    press(section(page), "Start, and take the night for it")
    assert started(page, qtbot, 2).job.minutes == NIGHT_MINUTES


def test_a_page_made_later_shows_the_training_under_way(page: TeacherPage, qtbot: QtBot) -> None:
    section(page).start()
    training = started(page, qtbot, 1)
    for event in learning.TRAINING:
        training.tell(event)
    settle()
    later = TeacherPage(page.app, page._desk)
    qtbot.addWidget(later)
    later.show()
    later.show_section("learning")
    assert "about 2 minutes left" in texts(section(later))
    page._desk.close()
    assert training.asked == ["close"]


def test_a_page_made_later_shows_a_plan_as_a_plan(page: TeacherPage, qtbot: QtBot) -> None:
    press(section(page), "Train the tutor…")
    started(page, qtbot, 1).tell(learning.TRAINING[0])
    settle()
    later = TeacherPage(page.app, page._desk)
    qtbot.addWidget(later)
    later.show()
    later.show_section("learning")
    assert "about 4 minutes" in texts(section(later)) and not section(later).card.isVisibleTo(later)
    press(section(later), "Not now")
    assert section(later).ask_button.isEnabled()


def test_at_home_a_learners_own_corrections_can_be_learnt(page: TeacherPage, qtbot: QtBot) -> None:
    store = page.app.store
    for known in store.corrections(CorrectionStatus.ACCEPTED):
        store.decide(known.id, CorrectionStatus.WITHDRAWN, by="teacher")
    learner = store.learners()[0]
    made = store.propose_correction("When?", "At nine.", scope="learner", learner_id=learner.id)
    store.keep_check(made, made, True, ())
    store.decide(made.id, CorrectionStatus.ACCEPTED, by="learner")
    section(page).enter()
    assert "1 accepted correction" in texts(section(page)) and section(page).who.value() == str(learner.id)
    press(section(page), "Train the tutor…")
    started(page, qtbot, 1)


def test_a_judgement_that_fails_says_why_and_shows_the_four_ways(page: TeacherPage) -> None:
    for event in learning.KEPT:
        section(page).show_event(event)
    said = texts(section(page))
    assert "kept and not used" in said and "at most 3 may" in said
    press(section(page).card, "Show as a table")
    table = section(page).card._bars
    assert table is not None and table.table.item(3, 1).text() == "92 %"


def test_a_refusal_is_told_with_its_numbers(page: TeacherPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise UserError("Training needs 5 GB, 3 GB can be had.", code="memory")

    monkeypatch.setattr(page.app.adapters, "train", refuse)
    press(section(page), "Train the tutor…")
    qtbot.waitUntil(lambda: "3 GB can be had" in texts(section(page)))
    assert section(page).ask_button.isVisibleTo(page)


def test_going_back_takes_the_adapter_out_of_use(page: TeacherPage) -> None:
    learning.adapters(page.app.store, paths.home())
    section(page).enter()
    press(section(page), "Go back to before")
    states = {a.id: a.state for a in page.app.store.adapters()}
    assert states[2] is AdapterState.RETIRED and states[1] is AdapterState.ACTIVE
    press(section(page), "Go back to before")
    assert AdapterState.ACTIVE not in {a.state for a in page.app.store.adapters()}


def test_an_adapter_whose_file_is_gone_cannot_be_used_and_is_said_so(page: TeacherPage) -> None:
    learning.adapters(page.app.store, paths.home())
    section(page).enter()
    for adapter in page.app.store.adapters():
        Path(adapter.file).unlink()
    press(section(page), "Use it")
    assert section(page).said.property("panel") == "alert"
