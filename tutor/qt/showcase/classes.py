"""Pretend classes and a month of work, for the pictures of the classes and reports pages."""

from datetime import date, timedelta

from tutor.domain import Lesson, Visible
from tutor.qt.showcase.quiet_app import QuietApp
from tutor.qt.teacher.classes_section import ClassesSection
from tutor.qt.teacher.page import TeacherPage


def fill(app: QuietApp) -> None:
    """Two classes, a lesson that is set, and work on most days of a month."""
    store = app.store
    learners = store.learners()
    blue = store.add_class("Blue group, Year 4")
    green = store.add_class("Chess and puzzles", Visible.SUMMARY)
    store.set_members(blue.id, [learner.id for learner in learners])
    store.set_members(green.id, [learner.id for learner in learners[:1]])
    made = store.create_lesson(Lesson(key="showcase-fractions", title="Adding fractions", subject="maths"))
    version = store.publish_draft(made.lesson_id)
    today = date.today()
    store.assign(
        version.lesson_id,
        class_id=blue.id,
        from_day=(today - timedelta(days=3)).isoformat(),
        until_day=(today + timedelta(days=4)).isoformat(),
        note="Before Friday, please",
    )


def classes(page: TeacherPage) -> None:
    fill(page.app)  # type: ignore[arg-type]
    page.section("classes").enter()


def choosing(page: TeacherPage) -> None:
    fill(page.app)  # type: ignore[arg-type]
    section = page.section("classes")
    assert isinstance(section, ClassesSection)
    section.choose_members(page.app.store.classes()[0].id)


def setting(page: TeacherPage) -> None:
    fill(page.app)  # type: ignore[arg-type]
    section = page.section("classes")
    assert isinstance(section, ClassesSection)
    section.choose_lesson(page.app.store.classes()[0].id)


def report(page: TeacherPage) -> None:
    fill(page.app)  # type: ignore[arg-type]
    page.section("reports").enter()
