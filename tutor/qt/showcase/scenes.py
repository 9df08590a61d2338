"""Every view in every state, as functions that bring a window there.

Each scene gets a `Stage` with the app it asked for (`empty`, `fresh`, `normal` or `long` data) and a fresh window.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QPushButton, QWidget

from tutor.errors import UserError
from tutor.qt.showcase import chats, classes, data, judging, learning, lessons, materials, pins, teaching
from tutor.qt.showcase.stage import FAILED, LOADING, READY, Scene, Stage
from tutor.qt.showcase.waiting import settle
from tutor.qt.teacher.page import TeacherPage
from tutor.qt.teacher.safeguarding import AlertCard, Safeguarding
from tutor.qt.unlock import Unlock
from tutor.qt.wizard import Wizard
from tutor.session_events import EngineState

__all__ = ["FAILED", "READY", "Scene", "Stage", "prepare", "scenes", "settle"]


def _wizard(steps: int, fill: Callable[[Wizard], object] = lambda _: None) -> Callable[[Stage], None]:
    def play(stage: Stage) -> None:
        stage.open()
        stage.window.show_wizard()
        wizard = stage.window.current
        assert isinstance(wizard, Wizard)
        for _ in range(steps):
            _answer(wizard)
            wizard.go_on()
        fill(wizard)

    return play


def _answer(wizard: Wizard) -> None:
    """Fill in the step that is shown."""
    from tutor.qt import wizard_steps as w

    step = wizard.step
    if isinstance(step, w.ContactStep):
        step.form.name.setText("The safeguarding lead")
        step.form.reach.setText("Room 12, extension 204")
        step.form.tick.setChecked(True)
    elif isinstance(step, w.PassphraseStep):
        step.first.line.setText(data.PASSPHRASE)
        step.second.line.setText(data.PASSPHRASE)
    elif isinstance(step, w.RecoveryStep):
        step.panel.tick.setChecked(True)
    elif isinstance(step, w.LearnerStep):
        step.form.name.setText("Amira")


def _problem(code: str, text: str) -> Callable[[Stage], None]:
    def play(stage: Stage) -> None:
        error = UserError(text, code=code)
        if code == "damaged":
            error.backup = object()  # type: ignore[attr-defined]
        stage.window.show_problem(error)

    return play


def _picker(state: EngineState) -> Callable[[Stage], None]:
    def play(stage: Stage) -> None:
        stage.open()
        stage.app.stand(state)
        stage.window.show_picker()

    return play


def _look(stage: Stage) -> QWidget | None:
    stage.open()
    stage.window.show_picker()
    stage.window.show_preferences()
    look = stage.window.findChild(QWidget, "preferences")
    assert look is not None
    return look


def _privacy(stage: Stage) -> None:
    stage.open()
    stage.window.show_privacy()


def _unlock(fill: Callable[[Unlock], object]) -> Callable[[Stage], None]:
    def play(stage: Stage) -> None:
        stage.open()
        stage.window.show_teacher_door()
        page = stage.window.current
        assert isinstance(page, Unlock)
        fill(page)

    return play


def _locked(page: Unlock) -> None:
    page.notice.say("Too many wrong tries. The next one is possible in 30 seconds.", "warm")
    page.secret.setEnabled(False)
    page.open_button.setEnabled(False)


def _teacher(section: str, fill: Callable[[TeacherPage], object] = lambda _: None) -> Callable[[Stage], None]:
    def play(stage: Stage) -> None:
        stage.open()
        stage.window.open_teacher()
        page = stage.window.current
        assert isinstance(page, TeacherPage)
        page.show_section(section)
        fill(page)

    return play


def _show_words(page: TeacherPage) -> None:
    settle()
    section = page.section("safeguarding")
    assert isinstance(section, Safeguarding)
    section.findChildren(AlertCard)[0].show_words()


def _press(page: QWidget, text: str) -> None:
    """Press the first button that says so and is shown."""
    settle()
    for made in page.findChildren(QPushButton):
        if made.text() == text and made.isVisibleTo(page):
            made.click()
            return
    raise AssertionError(f"no button {text!r}")


def _reset_press(section: str, text: str) -> Callable[[Stage], None]:
    return _teacher(section, lambda page: _press(page.section(section), text))


def _engine(state: EngineState) -> Callable[[TeacherPage], None]:
    def fill(page: TeacherPage) -> None:
        page.show_engine(state)

    return fill


def scenes() -> list[Scene]:
    made = [
        Scene("opening", "loading", "empty", lambda _: None),
        Scene("start", "already-open", "empty", _problem("already_open", "Tutor is already open on this computer with "
              "this data folder. Nothing was changed. Go on in the window that is open, or close it first.")),
        Scene("start", "newer", "empty", _problem("newer_database", "Tutor's data was last used by a newer Tutor. "
              "Nothing was changed. Install that version or a later one, or choose another folder with TUTOR_HOME.")),
        Scene("start", "damaged", "empty", _problem("damaged", "Tutor's data file is damaged. Nothing was changed. The "
              "newest good backup is from 2026-11-19 07:30 (UTC): restore it, or start anew. The damaged file is kept "
              "either way.")),
    ]  # fmt: skip
    for index, name in enumerate(("1-use", "2-contact", "3-passphrase", "4-recovery", "5-learner", "6-done")):
        made.append(Scene("wizard", name, "empty", _wizard(index)))
    made += [
        Scene("wizard", "2-contact-filled", "empty", _wizard(1, _answer)),
        Scene("wizard", "2-contact-failed", "empty", _wizard(1, lambda w: w.go_on())),
        Scene("wizard", "3-passphrase-failed", "empty", _wizard(2, lambda w: w.go_on())),
        Scene("picker", "empty", "empty", _picker(READY)),
        Scene("picker", "loading", "normal", _picker(LOADING)),
        Scene("picker", "normal", "normal", _picker(READY)),
        Scene("picker", "long", "long", _picker(READY)),
        Scene("picker", "failed", "normal", _picker(FAILED)),
        Scene("picker", "pin", "normal", pins.picker),
        Scene("pin", "normal", "normal", pins.door()),
        Scene("pin", "wrong", "normal", pins.door(lambda p: p.tried(None))),
        Scene("pin", "forgotten", "normal", pins.door(lambda p: p.help())),
        Scene("pin", "locked", "normal", pins.locked),
        Scene("pin", "long", "long", pins.door(which=1)),
        Scene("look", "normal", "normal", _look),
        Scene("privacy", "normal", "normal", _privacy),
        Scene("unlock", "normal", "normal", _unlock(lambda _: None)),
        Scene("unlock", "wrong", "normal", _unlock(lambda p: p.tried(False))),
        Scene("unlock", "locked", "normal", _unlock(_locked)),
        Scene("unlock", "forgotten", "normal", _unlock(lambda p: _press(p, "I have forgotten it"))),
        Scene("safeguarding", "empty", "fresh", _teacher("safeguarding")),
        Scene("safeguarding", "normal", "normal", _teacher("safeguarding")),
        Scene("safeguarding", "words", "normal", _teacher("safeguarding", _show_words)),
        Scene("safeguarding", "contact", "fresh", _reset_press("safeguarding", "Change")),
        Scene("safeguarding", "locked", "normal", _teacher("safeguarding", classes.contact_key)),
        Scene("safeguarding", "period", "normal", _teacher("safeguarding", classes.period)),
        Scene("safeguarding", "record", "normal", _teacher("safeguarding", classes.safeguarding_page("record"))),
        Scene("safeguarding", "levels", "normal", _teacher("safeguarding", classes.safeguarding_page("levels"))),
        Scene("safeguarding", "checklist", "normal", _teacher("safeguarding", classes.safeguarding_page("checklist"))),
        Scene("safeguarding", "long", "long", _teacher("safeguarding")),
        Scene("overview", "empty", "fresh", _teacher("overview")),
        Scene("overview", "normal", "normal", _teacher("overview", teaching.overview)),
        Scene("overview", "long", "long", _teacher("overview", teaching.overview)),
        Scene("quality", "empty", "fresh", _teacher("quality")),
        Scene("quality", "normal", "normal", _teacher("quality", teaching.quality)),
        Scene("quality", "errors", "normal", _teacher("quality", teaching.errors)),
        Scene("quality", "fairness", "normal", _teacher("quality", teaching.fairness)),
        Scene("quality", "pairs", "normal", _teacher("quality", teaching.pairs)),
        Scene("quality", "speaking", "normal", _teacher("quality", teaching.speaking)),
        Scene("turns", "minutes", "normal", _teacher("overview", teaching.turns("minutes"))),
        Scene("turns", "grades", "normal", _teacher("overview", teaching.turns("grades"))),
        Scene("turns", "mood", "long", _teacher("overview", teaching.turns("mood"))),
        Scene("turns", "nothing", "fresh", _teacher("overview", teaching.turns("blunt"))),
        Scene("review", "narrowed", "normal", _teacher("review", teaching.narrowed)),
        Scene("review", "waiting", "normal", _teacher("review", teaching.reviewed)),
        Scene("review", "opened", "normal", _teacher("review", teaching.opened)),
        Scene("review", "answering", "normal", _teacher("review", teaching.answering)),
        Scene("review", "done", "normal", _teacher("review", teaching.done)),
        Scene("review", "corrected", "normal", _teacher("review", teaching.corrected)),
        Scene("review", "grading", "normal", _teacher("review", teaching.grading)),
        Scene("review", "empty", "fresh", _teacher("review")),
        Scene("review", "normal", "normal", _teacher("review")),
        Scene("review", "long", "long", _teacher("review")),
        Scene("corrections", "empty", "fresh", _teacher("corrections")),
        Scene("corrections", "normal", "normal", _teacher("corrections", learning.waiting)),
        Scene("corrections", "editing", "normal", _teacher("corrections", learning.editing)),
        Scene("corrections", "asked", "normal", _teacher("corrections", learning.asked)),
        Scene("lessons", "empty", "fresh", _teacher("lessons")),
        Scene("lessons", "normal", "normal", _teacher("lessons", lessons.listed)),
        Scene("lessons", "long", "normal", _teacher("lessons", lessons.many)),
        Scene("lessons", "nothing", "normal", _teacher("lessons", lessons.nothing_found)),
        Scene("lessons", "samples", "fresh", _teacher("lessons", lessons.samples)),
        Scene("lesson", "about", "normal", _teacher("lessons", lessons.editing("about"))),
        Scene("lesson", "guidelines", "normal", _teacher("lessons", lessons.editing("guidelines"))),
        Scene("lesson", "materials", "normal", _teacher("lessons", lessons.editing("materials"))),
        Scene("materials", "normal", "normal", _teacher("lessons", materials.shown)),
        Scene("materials", "reading", "normal", _teacher("lessons", materials.reading)),
        Scene("materials", "adding", "normal", _teacher("lessons", materials.under_way)),
        Scene("materials", "pasting", "normal", _teacher("lessons", materials.pasting)),
        Scene("materials", "found", "normal", _teacher("lessons", materials.found)),
        Scene("materials", "nothing", "normal", _teacher("lessons", materials.nothing_found)),
        Scene("lesson", "items", "normal", _teacher("lessons", lessons.editing("items"))),
        Scene("lesson", "fallbacks", "normal", _teacher("lessons", lessons.editing("fallbacks"))),
        Scene("lesson", "faults", "normal", _teacher("lessons", lessons.faulty)),
        Scene("lesson", "fault", "normal", _teacher("lessons", lessons.faulty_item)),
        Scene("lesson", "publish", "normal", _teacher("lessons", lessons.publishing)),
        Scene("lesson", "preview", "normal", _teacher("lessons", lessons.previewing)),
        Scene("lesson", "versions", "normal", _teacher("lessons", lessons.versions)),
        Scene("lesson-test", "before", "normal", _teacher("lessons", lessons.trial("before"))),
        Scene("lesson-test", "running", "normal", _teacher("lessons", lessons.trial("running"))),
        Scene("lesson-test", "result", "normal", _teacher("lessons", lessons.trial("result"))),
        Scene("learning", "empty", "fresh", _teacher("learning")),
        Scene("learning", "normal", "normal", _teacher("learning", learning.learnt)),
        Scene("learning", "training", "normal", _teacher("learning", learning.hearing(*learning.TRAINING))),
        Scene("learning", "paused", "normal", _teacher("learning", learning.hearing(*learning.PAUSED))),
        Scene("learning", "promoted", "normal", _teacher("learning", learning.hearing(*learning.PROMOTED))),
        Scene("learning", "kept", "normal", _teacher("learning", learning.hearing(*learning.KEPT))),
        Scene("learning", "refused", "normal", _teacher("learning", learning.hearing(*learning.REFUSED))),
        Scene("judging", "pair", "empty", judging.pair_to_judge),
        Scene("judging", "end", "empty", judging.judged),
        Scene("learners", "empty", "empty", _teacher("learners")),
        Scene("learners", "normal", "normal", _teacher("learners")),
        Scene("learners", "long", "long", _teacher("learners")),
        Scene("learners", "lesson", "normal", _teacher("learners", classes.set_for_one)),
        Scene("learners", "add", "normal", _reset_press("learners", "Add a learner")),
        Scene("learners", "pin", "normal", _teacher("learners", pins.form)),
        Scene("learners", "new-pin", "long", _teacher("learners", pins.new)),
        Scene("learners", "erase", "normal", _reset_press("learners", "Erase…")),
        Scene("classes", "empty", "fresh", _teacher("classes")),
        Scene("classes", "normal", "normal", _teacher("classes", classes.classes)),
        Scene("classes", "members", "long", _teacher("classes", classes.choosing)),
        Scene("classes", "set", "normal", _teacher("classes", classes.setting)),
        Scene("classes", "words", "normal", _teacher("classes", classes.not_shown)),
        Scene("reports", "empty", "empty", _teacher("reports")),
        Scene("reports", "normal", "normal", _teacher("reports", classes.report)),
        Scene("tutor", "loading", "normal", _teacher("tutor", _engine(LOADING))),
        Scene("tutor", "normal", "normal", _teacher("tutor", _engine(READY))),
        Scene("tutor", "failed", "normal", _teacher("tutor", _engine(FAILED))),
        Scene("settings", "normal", "normal", _teacher("settings")),
        Scene("settings", "periods", "normal", _teacher("settings", classes.periods)),
        Scene("settings", "passphrase", "normal", _reset_press("settings", "Change the passphrase")),
        Scene("backups", "empty", "fresh", _teacher("backups")),
        Scene("backups", "normal", "normal", _teacher("backups")),
        Scene("backups", "put-back", "normal", _reset_press("backups", "Put back…")),
        Scene("chat", "empty", "normal", chats.chat(opened=False)),
        Scene("chat", "lessons", "normal", chats.chat(chats.lessons_to_choose, opened=False)),
        Scene("chat", "lesson", "normal", chats.chat(chats.lesson, opened=False)),
        Scene("chat", "source", "normal", chats.chat(chats.source)),
        Scene("chat", "around", "normal", chats.chat(chats.around)),
        Scene("chat", "assessment", "normal", chats.chat(chats.assessment, opened=False)),
        Scene("chat", "loading", "normal", chats.chat(lambda s: s.app.stand(LOADING), opened=False)),
        Scene("chat", "normal", "normal", chats.chat()),
        Scene("chat", "long", "long", chats.chat()),
        Scene("chat", "failed", "normal", chats.chat(chats.broken)),
        Scene("chat", "thinking", "normal", chats.chat(chats.thinking)),
        Scene("chat", "asked", "normal", chats.chat(chats.asked)),
        Scene("chat", "offer", "normal", chats.chat(chats.offered)),
        Scene("chat", "teacher", "normal", chats.chat(chats.with_teacher)),
        Scene("chat", "survey", "normal", chats.chat(chats.surveyed, opened=False)),
    ]
    return made


def prepare(kind: str, folder: Path) -> int:
    """Pretend data of a kind in a folder. Returns the conversation to show, 0 where there is none."""
    shown = 0
    with data.open_app(folder) as app:
        if kind == "fresh":
            data.set_up(app.store)
        elif kind == "normal":
            shown = data.ordinary(app.store)
        elif kind == "long":
            shown = data.crowded(app.store)
    return shown
