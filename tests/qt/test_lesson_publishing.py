"""From the lesson editor to learners: publishing with its panel, and the preview beside the form."""

from pathlib import Path

from lesson_editing import control, items, press, retype, shown
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tutor.domain import (
    Action,
    LessonState,
    Move,
    Outcome,
    Reply,
    RuleCheck,
    SentenceCheck,
    Severity,
    Verdict,
)
from tutor.engine import protocol
from tutor.lessons.content import fingerprint
from tutor.qt import theme
from tutor.qt.showcase import lessons
from tutor.qt.showcase.quiet_app import QuietApp
from tutor.qt.showcase.scenes import settle
from tutor.qt.teacher.lessons.editor import Editor


def looked_at(editor: Editor) -> None:
    """The engine has looked at the words that learners are shown; rude ones it would not show."""
    asked = next(r for r in reversed(editor.app.quiet.sent) if isinstance(r, protocol.Screen))
    given = tuple(Verdict(action=Action.BLOCK if "stupid" in i.text else Action.ALLOW) for i in asked.items)
    editor.app.say(protocol.Screened(id=asked.id, verdicts=given))
    settle()


# --- publishing -------------------------------------------------------------------------------------------------------


def test_publishing_waits_until_what_is_wrong_is_put_right_and_leads_there(editor: Editor) -> None:
    retype(control(editor, "items.2.answer"), "")
    items(editor).cards.cards[2].toggle()
    editor.open_publish()
    assert not editor.publish.go.isEnabled() and "answer" in shown(editor.publish)
    press(editor.publish, "Show")
    assert control(editor, "items.2.answer").hasFocus()
    retype(control(editor, "items.2.answer"), "3/4")
    editor.open_publish()
    looked_at(editor)
    press(editor.publish, "Publish")
    assert editor.version.state is LessonState.PUBLISHED
    assert "is published" in shown(editor) and not editor.publish_button.isEnabled()
    assert editor.app.store.published_lesson(editor.version.lesson_id).lesson == editor.draft.lesson


def test_publishing_after_a_guideline_broke_in_the_test_needs_a_reason_that_is_kept(editor: Editor) -> None:
    lesson = editor.draft.lesson
    assert editor.app.lessons.keep_test(editor.version.id, lesson, lessons.rehearsal(fingerprint(lesson)))
    editor.version = editor.app.store.lesson_version(editor.version.id)
    editor.open_publish()
    looked_at(editor)
    assert "Withholding answers" in editor.publish.tested.text.text()
    press(editor.publish, "Publish")
    assert editor.version.state is LessonState.DRAFT and editor.publish.reason_field.complaint
    editor.publish.reason.setPlainText("The answer was said once; we talk about it in class.")
    press(editor.publish, "Publish")
    assert editor.version.why == "The answer was said once; we talk about it in class."


def test_words_that_the_checks_would_not_show_are_warned_of_before_publishing(editor: Editor) -> None:
    retype(control(editor, "summary"), "You are all stupid.")
    editor.open_publish()
    assert "have not looked at these words" in shown(editor.publish) and editor.publish.go.isEnabled()
    looked_at(editor)
    assert "have not looked" not in shown(editor.publish)
    assert "would not show these words" in shown(editor.publish) and editor.publish.go.isEnabled()
    assert "would not show these words" in shown(editor.form), "at the field, too"
    press(editor.publish, "Publish")
    assert editor.version.state is LessonState.DRAFT and "Read them, then decide." in shown(editor.publish)
    press(editor.publish, "Publish all the same")
    assert editor.version.state is LessonState.PUBLISHED


def test_words_that_could_not_be_looked_at_are_not_published_with_one_press(editor: Editor) -> None:
    editor.open_publish()
    press(editor.publish, "Publish")
    assert editor.version.state is LessonState.DRAFT
    retype(control(editor, "title"), "Other words")
    press(editor.publish, "Publish all the same")
    assert editor.version.state is LessonState.DRAFT, "these are words that nobody was warned of"
    press(editor.publish, "Publish all the same")
    assert editor.version.state is LessonState.PUBLISHED


# --- the preview ------------------------------------------------------------------------------------------------------


def asked_of(app: QuietApp) -> protocol.Ask:
    """The newest question; where its meaning is asked for first, the engine says that it cannot tell."""
    last = app.quiet.sent[-1]
    if isinstance(last, protocol.Embed):
        app.say(protocol.Failed(id=last.id, code="no_embedder", message=""))
    return next(r for r in reversed(app.quiet.sent) if isinstance(r, protocol.Ask))


def replied(app: QuietApp, *rules: RuleCheck) -> None:
    asked = asked_of(app)
    fine = Verdict(action=Action.ALLOW)
    reply = Reply(
        text="Have a go first.",
        outcome=Outcome.DONE,
        sentences=(SentenceCheck(text="Have a go first.", verdict=fine),),
        input_verdict=fine,
        move=Move.ASK_ATTEMPT,
        rules=rules,
        quiet="Your teacher wants you to try first.",
    )
    app.say(protocol.Replied(id=asked.id, reply=reply))
    settle(60)


def test_the_preview_asks_the_engine_with_the_draft_and_shows_what_the_guidelines_did(editor: Editor) -> None:
    app = editor.app
    assert isinstance(app, QuietApp)
    retype(control(editor, "title"), "Halves")
    QTest.keyClick(editor.form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(60)
    assert editor.preview is not None and editor.preview.isVisible()
    assert editor.preview.pane.welcome.greeting.text() == "Halves"
    press(editor.preview, "Try question 3")
    asked = asked_of(app)
    assert asked.lesson is not None and asked.lesson.title == "Halves" and not asked.watched
    replied(
        app,
        RuleCheck(rule="withhold", severity=Severity.BLOCK, fired=True, done="withheld", detail="q3"),
        RuleCheck(rule="tone", severity=Severity.BLOCK),
    )
    (strip,) = editor.preview.strips()
    assert strip.texts() == [
        "For you · the tutor asks for a try",
        "Withholding answers: held back · q3",
        "Held: Tone of voice",
    ]
    assert app.store.conversations(app.store.learners()[0].id) == ()


def test_the_preview_says_when_the_lesson_has_changed_and_begins_again(editor: Editor) -> None:
    editor.start_preview()
    settle(60)
    assert editor.preview is not None and not editor.preview.again.isVisible()
    retype(control(editor, "title"), "Thirds")
    settle()
    assert editor.preview.again.isVisible()
    editor.preview.again.click()
    settle(60)
    assert editor.preview.pane.welcome.greeting.text() == "Thirds" and not editor.preview.again.isVisible()


def test_where_both_do_not_fit_the_preview_takes_the_place_of_the_form(editor: Editor) -> None:
    theme.apply(percent=200)
    editor.toggle_preview()
    settle(60)
    assert editor.preview is not None and editor.preview.isVisible() and not editor.form.isVisible()
    editor.toggle_preview()
    assert editor.form.isVisible() and not editor.preview.isVisible()


def test_leaving_lets_the_preview_go(editor: Editor, tmp_path: Path) -> None:
    editor.start_preview()
    settle(60)
    left: list[bool] = []
    editor.closed.connect(lambda: left.append(True))
    editor.leave()
    assert left == [True] and editor.preview is None and 0 not in editor.app._sessions
