"""Pretend classes, and the pages of safeguarding, for the pictures."""

from collections.abc import Callable
from datetime import date, timedelta

from tutor.classroom.screening import UNCHECKED
from tutor.domain import Lesson, Looked, Visible
from tutor.qt.showcase.data import PASSPHRASE
from tutor.qt.showcase.quiet_app import QuietApp
from tutor.qt.showcase.waiting import settle
from tutor.qt.teacher.class_card import ClassCard, LessonForm
from tutor.qt.teacher.classes_section import ClassesSection
from tutor.qt.teacher.page import TeacherPage
from tutor.qt.teacher.safeguarding import Safeguarding
from tutor.qt.teacher.settings_section import SettingsSection
from tutor.qt.widgets import Notice
from tutor.store.credentials import CONTACT


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
        looked=Looked.FINE,
    )
    store.assign(
        version.lesson_id,
        learner_id=learners[0].id,
        from_day=today.isoformat(),
        note="A second look",
        looked=Looked.FINE,
    )


def classes(page: TeacherPage) -> None:
    fill(page.app)  # type: ignore[arg-type]
    page.section("classes").enter()


def not_shown(page: TeacherPage) -> None:
    """Words to learners that the checks doubt, or have not looked at yet."""
    fill(page.app)  # type: ignore[arg-type]
    store = page.app.store
    for each, looked in zip(store.assignments(), (Looked.DOUBTFUL, Looked.NOT_YET), strict=False):
        store.keep_looked(each.id, looked)
    blue = store.classes()[0]
    first = store.assignments(class_id=blue.id)[0]
    store.assign(first.lesson_id, class_id=blue.id, from_day=first.from_day, note="Read it, you lazy lot.",
                 looked=Looked.DOUBTFUL)  # fmt: skip
    section = page.section("classes")
    section.enter()
    settle()
    section._column.ensureWidgetVisible(section.findChildren(ClassCard)[0].findChildren(Notice)[0])


def periods(page: TeacherPage) -> None:
    """Conversations go long before the record does."""
    page.app.store.set_setting("conversation_months", 6)
    section = page.section("settings")
    assert isinstance(section, SettingsSection)
    section.enter()
    settle()
    section._column.ensureWidgetVisible(section.periods)


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
    form = section.form
    assert isinstance(form, LessonForm)
    form.note.setText("Before Friday, please.")
    form.look = lambda _, told: told(UNCHECKED)
    form.keep.click()


def set_for_one(page: TeacherPage) -> None:
    """The learners, one of whom has a lesson of their own."""
    fill(page.app)  # type: ignore[arg-type]
    page.section("learners").enter()


def report(page: TeacherPage) -> None:
    fill(page.app)  # type: ignore[arg-type]
    page.section("reports").enter()


def contact_key(page: TeacherPage) -> None:
    """The contact has a key, and the record is closed."""
    page.app.store.set_passphrase(PASSPHRASE, CONTACT)
    section = page.section("safeguarding")
    assert isinstance(section, Safeguarding)
    section.door.close_door()
    section.enter()


def period(page: TeacherPage) -> None:
    """The period for conversations is new, and some are past it."""
    store = page.app.store
    store.set_setting("conversation_months", 12)
    learner = store.learners()[0]
    made = store.new_conversation(learner.id, "Long ago")
    store._owner.run(
        lambda: store._do("UPDATE conversation SET updated_at = ? WHERE id = ?", "2020-01-01T00:00:00", made.id)
    )
    page.section("safeguarding").enter()


def safeguarding_page(key: str) -> Callable[[TeacherPage], None]:
    def show(page: TeacherPage) -> None:
        section = page.section("safeguarding")
        assert isinstance(section, Safeguarding)
        section.show_page(key)

    return show
