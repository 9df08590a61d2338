"""Lessons that are set for a class or for one learner: which there are, set one, end one; what undoes each."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tutor.classroom.set_words import youngest
from tutor.domain import Assignment, Learner, Looked
from tutor.qt.teacher.class_card import LessonForm
from tutor.qt.teacher.looking import Looking
from tutor.store import Store

if TYPE_CHECKING:
    from tutor.app import App

Undo = Callable[[], object]


def published(store: Store) -> tuple[tuple[int, str], ...]:
    """Lessons that may be set, as (id, title)."""
    return tuple((line.id, line.title) for line in store.lessons() if line.published_id is not None)


def by_learner(store: Store) -> dict[int, list[tuple[Assignment, str]]]:
    """What is set for single learners, each with the lesson's title."""
    titles = {line.id: line.title for line in store.lessons()}
    made: dict[int, list[tuple[Assignment, str]]] = {}
    for each in store.assignments():
        if each.learner_id is not None and each.lesson_id in titles:
            made.setdefault(each.learner_id, []).append((each, titles[each.lesson_id]))
    return made


def form_for(app: "App", name: str, learners: Sequence[Learner]) -> LessonForm:
    """What to set for these learners; the word to them is looked at as for the youngest."""
    made = LessonForm(name, published(app.store))
    made.look = Looking(app, youngest(learners), made).look
    return made


def set_lesson(store: Store, form: LessonForm, *, class_id: int | None = None, learner_id: int | None = None) -> Undo:
    """Set what the form says. Raises `UserError` (`days_reversed`)."""
    lesson_id, first, last, note = form.values()
    made = store.assign(
        lesson_id,
        class_id=class_id,
        learner_id=learner_id,
        from_day=first,
        until_day=last,
        note=note,
        looked=form.looked,
    )
    return lambda: store.unassign(made.id)


def unset(store: Store, assignment_id: int) -> Undo | None:
    """End it; None where it is gone already."""
    gone = next((each for each in store.assignments() if each.id == assignment_id), None)
    if gone is None:
        return None
    store.unassign(assignment_id)
    return lambda: store.assign(
        gone.lesson_id,
        class_id=gone.class_id,
        learner_id=gone.learner_id,
        from_day=gone.from_day,
        until_day=gone.until_day,
        note=gone.note,
        looked=gone.looked,
    )


def show_word(store: Store, assignment_id: int) -> Undo | None:
    """A teacher read a word to learners that they were not shown, and shows it; None where it is gone already."""
    found = next((each for each in store.assignments() if each.id == assignment_id), None)
    if found is None:
        return None
    store.keep_looked(assignment_id, Looked.READ)
    return lambda: store.keep_looked(assignment_id, found.looked)
