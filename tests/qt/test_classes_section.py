"""Classes and reports in the grown-ups' part: added, filled, set, put away and taken back; reports as PDF and CSV."""

import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot
from reading_from import from_the_beginning

from tutor.domain import Action, AgeBand, Fact, Lesson, Looked, Move, Outcome, Reply, TutoringState, Verdict, Visible
from tutor.engine import protocol
from tutor.qt.showcase.quiet_app import QuietApp
from tutor.qt.showcase.scenes import READY, settle
from tutor.qt.teacher.class_card import ClassCard, LessonForm, MembersForm
from tutor.qt.teacher.classes_section import ClassesSection
from tutor.qt.teacher.learners import Learners
from tutor.qt.teacher.reports_section import ReportsSection

Pages = tuple[ClassesSection, ReportsSection, QuietApp]


@pytest.fixture
def pages(qtbot: QtBot, app_of: Callable[[str], QuietApp]) -> Iterator[Pages]:
    app = app_of("normal")
    made = ClassesSection(app), ReportsSection(app), app
    for page in made[:2]:
        qtbot.addWidget(page)
        page.resize(900, 700)
        page.show()
        page.enter()
    yield made


def card(page: ClassesSection, name: str) -> ClassCard:
    settle()
    return next(each for each in page.findChildren(ClassCard) if each.one.name == name and not each.isHidden())


def test_a_class_is_added_filled_and_put_away_and_taken_back(pages: Pages) -> None:
    page, _, app = pages
    page.new_name.setText("Blue")
    page.add()
    (blue,) = app.store.classes()
    card(page, "Blue").wants_members.emit(blue.id)
    assert isinstance(page.form, MembersForm)
    for tick in page.form._boxes.values():
        tick.setChecked(True)
    page.form.done.emit()
    assert len(app.store.members(blue.id)) == len(app.store.learners()) > 1
    page.undo_button.click()
    assert app.store.members(blue.id) == ()
    page._archive(blue.id)
    assert app.store.classes() == ()
    page.undo_button.click()
    assert [each.name for each in app.store.classes()] == ["Blue"]
    page.new_name.setText("blue")
    page.add()
    assert "already" in page.said.text.text() and page.undo_button.isHidden() and page.new_name.text() == "blue"


def test_what_teachers_see_is_chosen_and_the_name_changed(pages: Pages) -> None:
    page, _, app = pages
    blue = app.store.add_class("Blue")
    page.enter()
    made = card(page, "Blue")
    made.seen.choose(Visible.ALL.value)
    made.seen.activated.emit(made.seen.currentIndex())
    assert app.store.one_class(blue.id).visible is Visible.ALL
    assert "You can read what was written since" in " ".join(each.text() for each in page.findChildren(QLabel))
    made = card(page, "Blue")
    made.name.setText("Green")
    made.name.editingFinished.emit()
    assert app.store.one_class(blue.id).name == "Green"


def test_a_published_lesson_is_set_and_not_any_more(pages: Pages) -> None:
    page, _, app = pages
    lesson = app.store.create_lesson(Lesson(key="f", title="Fractions")).lesson_id
    blue = app.store.add_class("Blue")
    page.choose_lesson(blue.id)
    assert isinstance(page.form, LessonForm) and page.form.lesson.findText("Fractions") < 0, "a draft cannot be set"
    app.store.publish_draft(lesson)
    page.choose_lesson(blue.id)
    form = page.form
    assert isinstance(form, LessonForm)
    form.lesson.choose(str(lesson))
    form.last.setDate(form.first.date().addDays(-1))
    form._check()
    assert form.last_field.complaint and app.store.assignments() == ()
    form.last.setDate(form.first.date().addDays(3))
    form.note.setText("Before Friday")
    form._check()
    assert app.store.assignments() == () and "could not be checked" in form.said.text.text(), "the tutor is not ready"
    form._check()
    (made,) = app.store.assignments(class_id=blue.id)
    assert made.note == "Before Friday" and made.from_day == date.today().isoformat()
    assert made.looked is Looked.READ, "a person decided"
    page._unset(made.id)
    assert app.store.assignments() == ()
    page.undo_button.click()
    assert app.store.assignments()[0].until_day == made.until_day


def test_a_word_to_the_learners_is_looked_at_before_they_are_shown_it(pages: Pages, qtbot: QtBot) -> None:
    page, _, app = pages
    app.store.publish_draft(app.store.create_lesson(Lesson(key="f", title="Fractions")).lesson_id)
    app.stand(READY)
    old = app.store.add_learner("Zoe", "owl", AgeBand.A14_17, "en-GB")
    young = app.store.add_learner("Yan", "fox", AgeBand.A5_7, "en-GB")
    blue = app.store.add_class("Blue")
    app.store.set_members(blue.id, (young.id, old.id))
    page.choose_lesson(blue.id)
    form = page.form
    assert isinstance(form, LessonForm)

    def answer(action: Action) -> None:
        asked = [each for each in app.quiet.sent if isinstance(each, protocol.Screen)][-1]
        assert asked.age_band is AgeBand.A5_7 and asked.items[0].text == form.note.text().strip()
        app.say(protocol.Screened(id=asked.id, verdicts=(Verdict(action=action),)))
        settle()

    form.note.setText("You lazy lot.")
    form._check()
    assert not form.keep.isEnabled()
    answer(Action.BLOCK)
    assert app.store.assignments() == () and "would not show these words" in form.said.text.text()
    assert form.keep.isEnabled() and form.keep.text() == "Set it all the same"
    form.note.clear()
    qtbot.keyClicks(form.note, " Before Friday")
    assert form.said.isHidden() and form.keep.text() == "Set it"
    form._check()
    assert app.store.assignments() == ()
    answer(Action.ALLOW)
    assert [(each.note, each.looked) for each in app.store.assignments()] == [("Before Friday", Looked.FINE)]


def test_a_word_that_learners_are_not_shown_says_why_and_a_teacher_shows_it(pages: Pages) -> None:
    page, _, app = pages
    lesson = app.store.publish_draft(app.store.create_lesson(Lesson(key="f", title="Fractions")).lesson_id)
    blue, today = app.store.add_class("Blue"), date.today().isoformat()
    app.store.set_members(blue.id, [each.id for each in app.store.learners()])
    made = app.store.assign(lesson.lesson_id, class_id=blue.id, from_day=today, note="Kill it!")
    learner = app.store.learners()[0].id

    def said() -> str:
        page.enter()
        settle()
        return " ".join(each.text() for each in card(page, "Blue").findChildren(QLabel))

    assert "until the safety checks have looked" in said()
    app.store.keep_looked(made.id, Looked.DOUBTFUL)
    assert "would not show it at their age" in said() and app.store.assigned_to(learner, today)[0].note == ""
    (show,) = (b for b in page.findChildren(QPushButton) if b.text() == "Show it all the same")
    assert "Kill it!" in show.accessibleName()
    show.click()
    assert app.store.assigned_to(learner, today)[0].note == "Kill it!" and "not shown this word" not in said()
    card(page, "Blue").word_shown.emit(made.id)
    page.undo_button.click()
    assert app.store.assignments()[0].looked is Looked.READ


def test_a_lesson_is_set_for_one_learner_with_days_and_taken_back(
    app_of: Callable[[str], QuietApp], qtbot: QtBot
) -> None:
    app = app_of("normal")
    lesson = app.store.create_lesson(Lesson(key="f", title="Fractions")).lesson_id
    app.store.publish_draft(lesson)
    page = Learners(app)
    qtbot.addWidget(page)
    page.resize(900, 700)
    page.show()
    page.enter()
    settle()
    amira, ben = app.store.learners()[:2]
    press = {b.accessibleName(): b for b in page.findChildren(QPushButton)}
    press[f"Set a lesson… {amira.name}"].click()
    page.lesson_form.lesson.choose(str(lesson))
    page.lesson_form.no_end.setChecked(True)
    page.lesson_form._check()
    settle()
    (made,) = app.store.assignments(learner_id=amira.id)
    today = date.today().isoformat()
    assert (made.from_day, made.until_day, made.class_id) == (today, "", None)
    assert [each.title for each in app.store.assigned_to(amira.id, today)] == ["Fractions"]
    assert app.store.assigned_to(ben.id, today) == ()
    (away,) = [b for b in page.findChildren(QPushButton) if b.accessibleName() == "Do not set Fractions any more"]
    away.click()
    assert app.store.assignments() == ()
    page.undo_button.click()
    assert [each.learner_id for each in app.store.assignments()] == [amira.id]


def test_a_list_is_shown_before_it_is_taken_in(pages: Pages, tmp_path: Path) -> None:
    page, _, app = pages
    before = len(app.store.learners())
    file = tmp_path / "list.csv"
    file.write_text("name,year,class\nDora,4,Blue\nEmil,x,Blue\n")
    page.read_list(file)
    assert page.take_button.isEnabled() and len(app.store.learners()) == before
    page.take_button.click()
    assert len(app.store.learners()) == before + 1 and app.store.classes()[0].name == "Blue"
    page.undo_button.click()
    assert len(app.store.learners()) == before
    file.write_bytes(b"\0\0")
    page.read_list(file)
    assert "no text file" in page.said.text.text()


def test_a_report_is_saved_as_pdf_and_as_a_table(pages: Pages, tmp_path: Path) -> None:
    _, page, app = pages
    learner = app.store.learners()[0]
    state = TutoringState(problem=Fact(kind="expression", question="2 + 3", answer="5"), solved=True, attempts=1)
    _, _, place = app.store.begin_conversation(learner.id, "Sums", "2 + 3")
    app.store.finish_message(place.id, Reply(text="Yes.", outcome=Outcome.DONE, move=Move.CONFIRM, state=state), "done")
    page.enter()
    page.who.choose(f"learner {learner.id}")
    page._show()
    assert page.reports[0].solved >= 1
    page.write("pdf", tmp_path / "report.pdf")
    data = (tmp_path / "report.pdf").read_bytes()
    assert data.startswith(b"%PDF") and data.rstrip().endswith(b"%%EOF") and not list(tmp_path.glob(".*"))
    page.write("csv", tmp_path / "report.csv")
    assert learner.name in (tmp_path / "report.csv").read_text(encoding="utf-8-sig")
    page.write("pdf", tmp_path / "missing" / "report.pdf")
    assert "could not be written" in page.said.text.text()


def test_a_class_without_learners_says_what_to_do(pages: Pages) -> None:
    _, page, app = pages
    empty = app.store.add_class("Empty")
    page.enter()
    page.about_class(empty.id)
    assert page.reports == () and not page.save_pdf.isEnabled()


def test_conversations_can_be_read_where_the_class_shows_them(qtbot: QtBot, app_of: Callable[[str], QuietApp]) -> None:
    app = app_of("normal")
    page = Learners(app)
    qtbot.addWidget(page)
    page.show()
    page.enter()
    learner = next(each for each in app.store.learners() if app.store.conversations(each.id))
    title = app.store.conversations(learner.id)[0].title

    def offered() -> bool:
        settle()
        wanted = f"Read conversations… {learner.name}"
        return any(b.accessibleName() == wanted for b in page.findChildren(QPushButton) if not b.isHidden())

    def shown() -> str:
        settle()
        return " ".join(each.text() for each in page.findChildren(QLabel) if each.isVisible())

    assert not offered()
    page.read(learner)
    assert title not in shown() and not page.reading.allowed
    one = app.store.add_class("Open", Visible.ALL)
    app.store.set_members(one.id, [learner.id])
    page.enter()
    assert offered()
    page.read(learner)
    assert title not in shown() and "from before you could read everything" in shown()
    old = app.store.conversations(learner.id)[0]
    time.sleep(0.01)
    app.store.begin_turn(old.id, old.head_id, "And what comes then?")
    page.read(learner)
    assert title not in shown() and "A conversation that began earlier" in shown()
    page.reading.show_one(old.id)
    assert "And what comes then?" in shown() and "is not shown" in shown()
    assert app.store.path(old.id)[0].text not in shown()
    from_the_beginning(app.store)
    page.read(learner)
    assert title in shown()
    page.reading.show_one(app.store.conversations(learner.id)[0].id)
    assert app.store.path(app.store.conversations(learner.id)[0].id)[0].text in shown()


def test_more_time_needs_a_reason_and_is_kept(qtbot: QtBot, app_of: Callable[[str], QuietApp]) -> None:
    app = app_of("normal")
    app.store.set_setting("minutes_a_day", 30)
    page = Learners(app)
    qtbot.addWidget(page)
    page.show()
    page.enter()
    learner = app.store.learners()[0]
    page.open_more_time(learner)
    form = page.more_time
    form.give()
    assert form.reason_field.complaint and app.store.lifted() == ()
    form.reason.setText("Test tomorrow")
    form.minutes.setValue(20)
    form.give()
    (lifted,) = app.store.lifted(learner.id)
    assert (lifted.minutes, lifted.reason) == (20, "Test tomorrow") and "20 minutes" in page.said.text.text()
