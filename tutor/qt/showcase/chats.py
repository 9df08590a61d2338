"""The chat in every state: what was asked, answered, cited, offered, and what went wrong."""

from collections.abc import Callable

import msgspec

from tutor.corrections.asking import in_words
from tutor.domain import Asked
from tutor.engine import protocol
from tutor.qt.learner.answer import AnswerWidget
from tutor.qt.learner.page import ChatPage
from tutor.qt.showcase import lessons, materials, teaching
from tutor.qt.showcase.stage import Stage
from tutor.qt.showcase.waiting import settle
from tutor.session_events import AskedAbout, EngineState, Problem, TeacherAnswered


def chat(fill: Callable[[Stage], object] = lambda _: None, *, opened: bool = True) -> Callable[[Stage], None]:
    def play(stage: Stage) -> None:
        stage.open()
        stage.window.show_chat(stage.learner())
        session = stage.session()
        if opened:
            session.open(stage.conversation)
        else:
            session.new()
        settle(120)
        fill(stage)
        settle(120)

    return play


def lessons_to_choose(stage: Stage) -> None:
    """Lessons to choose from, one of them set."""
    lessons.offered(stage.app, stage.learner().id)
    stage.session().new()


def lesson(stage: Stage) -> None:
    """A lesson begun, with its questions."""
    lessons_to_choose(stage)
    session = stage.session()
    session.new(session.offered()[0].version_id)


def around(stage: Stage) -> None:
    """A cited passage, with what stands around it in the text."""
    stage.session().open(materials.cited(stage.app, stage.learner().id))
    settle(120)
    page = stage.window.current
    assert isinstance(page, ChatPage)
    answer = page.pane.messages.shown()[-1]
    assert isinstance(answer, AnswerWidget)
    answer.sources.toggle(0)
    assert answer.sources.card is not None
    answer.sources.card.view.widen()


def source(stage: Stage) -> None:
    """An answer in a lesson: the quiet line, and its source opened."""
    stage.session().open(lessons.cited(stage.app, stage.learner().id))
    settle(120)
    page = stage.window.current
    assert isinstance(page, ChatPage)
    answer = page.pane.messages.shown()[-1]
    assert isinstance(answer, AnswerWidget)
    answer.sources.toggle(0)


def assessment(stage: Stage) -> None:
    """A test has the chat off."""
    lessons.tested_now(stage.app, stage.learner().id)
    stage.session().new()


def thinking(stage: Stage) -> None:
    session = stage.session()
    session.ask("Why do both need the same denominator?")
    request = next(r for r in reversed(stage.app.quiet.sent) if isinstance(r, protocol.Ask))
    stage.app.say(protocol.Stage(id=request.id, stage="checking"))


def asked(stage: Stage) -> None:
    """The last answer is asked about."""
    answer = stage.app.store.path(stage.conversation)[-1]
    asked = Asked(message_id=answer.id, learner_id=stage.learner().id, reason="uncertain", score=1.2, asked_at="")
    bridge = stage.window.bridge
    assert bridge is not None
    bridge.asked_about.emit(AskedAbout(message_id=answer.id, asked=asked, text=in_words(asked)))
    settle(60)


def offered(stage: Stage) -> None:
    """The tutor offers to put the last question to the teacher."""
    answer = stage.app.store.path(stage.conversation)[-1]
    bridge = stage.window.bridge
    assert bridge is not None
    bridge.may_put.emit(msgspec.structs.replace(teaching.OFFER, message_id=answer.id))
    settle(60)


def with_teacher(stage: Stage) -> None:
    """One question waits at the teacher, one is answered, and another conversation has a new answer."""
    store, bridge = stage.app.store, stage.window.bridge
    assert bridge is not None
    path = store.path(stage.conversation)
    bridge.put.emit(teaching.put(store, path[-1].id))
    bridge.put.emit(teaching.put(store, path[-3].id, "Draw a bar of eight pieces. How many are 3/4?"))
    other = next(c for c in store.conversations(stage.learner().id) if c.id != stage.conversation)
    teaching.put(store, store.path(other.id)[-1].id, "Only by 1 and by itself.")
    bridge.teacher_answered.emit(TeacherAnswered(conversations=(other.id,)))
    settle(60)


def surveyed(stage: Stage) -> None:
    bridge = stage.window.bridge
    assert bridge is not None
    bridge.survey_offered.emit(teaching.SURVEY)
    settle(60)


def broken(stage: Stage) -> None:
    tell(stage, Problem(code="engine_died", text="The tutor stopped. Your question is kept. Starting it again…"))
    stage.app.stand(EngineState(state="restarting", text="The tutor stopped. Starting it again (try 2 of 3)…"))


def tell(stage: Stage, event: Problem) -> None:
    bridge = stage.window.bridge
    assert bridge is not None
    bridge.problem.emit(event)
