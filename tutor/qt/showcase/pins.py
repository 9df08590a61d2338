"""Learners' PINs in the pictures: the lock in the picker, the door, the grown-up's form."""

from collections.abc import Callable

from tutor.qt.learner.pin_door import PinDoor
from tutor.qt.showcase.stage import Stage
from tutor.qt.teacher.learners import Learners
from tutor.qt.teacher.page import TeacherPage
from tutor.store.guarded import FREE_TRIES

PIN = "2580"


def picker(stage: Stage) -> None:
    """The first learner has a PIN."""
    stage.open()
    stage.app.store.set_pin(stage.learner().id, PIN)
    stage.window.show_picker()


def door(fill: Callable[[PinDoor], object] = lambda _: None, which: int = 0) -> Callable[[Stage], None]:
    def play(stage: Stage) -> None:
        stage.open()
        learner = stage.app.store.learners()[which]
        stage.app.store.set_pin(learner.id, PIN)
        stage.window.enter(learner)
        page = stage.window.current
        assert isinstance(page, PinDoor)
        fill(page)

    return play


def locked(stage: Stage) -> None:
    stage.open()
    learner = stage.learner()
    stage.app.store.set_pin(learner.id, PIN)
    for _ in range(FREE_TRIES + 1):
        stage.app.store.check_pin(learner.id, "1111")
    stage.window.enter(learner)


def form(page: TeacherPage) -> None:
    """A PIN that is to be changed, typed in two ways."""
    learner = page.app.store.learners()[0]
    page.app.store.set_pin(learner.id, PIN)
    section = page.section("learners")
    assert isinstance(section, Learners)
    section.open_pin(learner)
    section.pin_form.first.line.setText("4711")
    section.pin_form.second.line.setText("4712")
    section.pin_form.keep()


def new(page: TeacherPage) -> None:
    section = page.section("learners")
    assert isinstance(section, Learners)
    section.open_pin(page.app.store.learners()[-1])
