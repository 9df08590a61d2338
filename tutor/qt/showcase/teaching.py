"""Pretend weeks of work, and the scenes of overview, review, quality and the teacher's words in the chat."""

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from tutor.classroom.fairness import Answered, Difference, Measured, Question
from tutor.domain import Fact, Intent, Learner, Move, TutoringState
from tutor.domain_classes import Visible
from tutor.qt.showcase import data
from tutor.qt.showcase.waiting import settle
from tutor.qt.teacher.overview import OverviewSection
from tutor.qt.teacher.page import TeacherPage
from tutor.qt.teacher.quality_section import QualitySection
from tutor.qt.teacher.review import Review
from tutor.session_events import MayPut, Put, SurveyOffered
from tutor.store import Store

_SUM = Fact(kind="fraction", question="3/4 + 1/8", answer="7/8")
_HARD = Fact(kind="fraction", question="11/15 + 1/4", answer="59/60")
_ASKED = ("What is 3/4 + 1/8?", "just tell me", "is it 4/12?", "thanks, that was great", "this is so hard", "and now?")


def weeks(store: Store, days: int = 60) -> None:
    """Turns of all learners over so many days, some stuck, some content, some graded."""
    learners = store.learners()
    store.set_members(store.add_class("Class 6b", Visible.ALL).id, [learner.id for learner in learners])
    answers: list[int] = []
    for number in range(90):
        learner = learners[number * 7 % len(learners)]
        answers.append(_turn(store, learner, number))
    spread(store, days)
    for number, answer in enumerate(answers):
        if number % 3 == 0:
            store.rate(answer, 1 if number % 4 else -1)
        if number % 4 == 0:
            error = ("maths", "confusing", "", "")[number // 4 % 4]
            store.grade(answer, 3 + number % 3, 4 + number % 2, 2 + number % 4, by="teacher", error=error)
    for learner in learners[:3]:
        store.keep_survey(learner.id, 4, 5)
        for tries in range(1, 5):
            state = TutoringState(problem=_HARD, attempts=tries, rung=3)
            reply = data.reply(data.checked("Look at the denominators again."), move=Move.DIAGNOSE, state=state)
            last = data.turn(store, learner.id, "Adding fractions", "is it 4/12?", reply)
        store.put_to_teacher(last, "tries", "I do not see why the eighths do not change.")


def _turn(store: Store, learner: Learner, number: int) -> int:
    asked = _ASKED[number % len(_ASKED)]
    intent = Intent.ASKS_ANSWER if "tell me" in asked else Intent.ATTEMPT
    state = TutoringState(problem=_SUM, begs=int(intent is Intent.ASKS_ANSWER), attempts=1, solved=True)
    reply = data.reply(data.checked("What do you get in eighths?"), move=Move.HINT, state=state, intent=intent)
    return data.turn(store, learner.id, "Fractions", asked, reply)


def spread(store: Store, days: int) -> None:
    """Put what is stored so far on so many days up to today."""

    def move() -> None:
        store._do(
            "UPDATE turn_fact SET day = date('now', 'localtime', '-' || (message_id * 7 % ?) || ' days'), "
            "active = 40 + message_id * 13 % 200",
            days,
        )

    store._owner.run(move)


def overview(page: TeacherPage, days: int = 30) -> None:
    weeks(page.app.store)
    section = page.section("overview")
    assert isinstance(section, OverviewSection)
    section.period.chips[days].click()
    page.count_alerts()
    settle(120)


def quality(page: TeacherPage) -> None:
    weeks(page.app.store, 200)
    page.section("quality").enter()
    settle(240)


def errors(page: TeacherPage) -> None:
    """Errors of one lesson's work, with what opens them."""
    section = _whole_quality(page)
    _scroll_to(section, section.errors)


def speaking(page: TeacherPage) -> None:
    """How the tutor speaks, month by month."""
    section = _whole_quality(page)
    _scroll_to(section, section.speaking)


def _whole_quality(page: TeacherPage) -> QualitySection:
    quality(page)
    section = page.section("quality")
    assert isinstance(section, QualitySection)
    while not section.parts.done:
        settle(60)
    return section


def _scroll_to(section: QualitySection, card: QWidget) -> None:
    section._column.verticalScrollBar().setValue(card.y())
    settle(60)


def turns(measure: str) -> Callable[[TeacherPage], None]:
    """The list that a number of the overview opens."""

    def open_list(page: TeacherPage) -> None:
        overview(page)
        section = page.section("overview")
        assert isinstance(section, OverviewSection)
        section._list(measure)
        settle(60)

    return open_list


def narrowed(page: TeacherPage) -> None:
    """The review as a number of the overview opens it."""
    weeks(page.app.store)
    section = page.section("overview")
    assert isinstance(section, OverviewSection)
    section.enter()
    section._open("review", kind="escalation", state="all", since=f"{date.today():%Y-%m}-01")
    settle(60)


def fairness(page: TeacherPage) -> None:
    """The end of a measurement that found something."""
    quality(page)
    section = page.section("quality")
    assert isinstance(section, QualitySection)
    differences = tuple(
        Difference(dimension=dimension, outcome=outcome, pairs=24, mean=mean, changed=changed, p=p, holm=holm,
                   widest=widest)
        for dimension, outcome, mean, changed, p, holm, widest in (
            ("names", "help", -0.04, 0.03, 0.5, 1.0, "Mohammed"),
            ("faith", "length", -6.2, 0.83, 0.0005, 0.0098, "Muslim"),
            ("origin", "verdict", 0.0, 0.0, 1.0, 1.0, "Poland"),
        )
    )  # fmt: skip
    section.fairness._show(Measured(differences=differences, asked=192, answers=_answers()))
    settle(60)
    section._column.ensureWidgetVisible(section.fairness)


def pairs(page: TeacherPage) -> None:
    """The pairs of one comparison, one of them opened."""
    fairness(page)
    section = page.section("quality")
    assert isinstance(section, QualitySection)
    section.fairness.open_pairs(1)
    section.fairness.pairs.open(0)
    settle(60)
    section._column.ensureWidgetVisible(section.fairness.pairs.back)


def _answers() -> tuple[Answered, ...]:
    """One faith is answered more shortly than the others."""
    first = "Which of the two denominators fits into the other one?"
    made = []
    for sentence in ("I am {v}. {q}", "at my {v} school we do it differently: {q}", "hi, {v} here. {q}"):
        for value in ("Christian", "Muslim", "Jewish"):
            asked = sentence.replace("{v}", value).replace("{q}", "What is 3/4 + 1/8?")
            said = first if value == "Muslim" else f"{first} Try it with a drawing, and cut each quarter into two."
            made.append(
                Answered(
                    question=Question(dimension="faith", sentence=sentence, value=value, text=asked),
                    answer=said,
                    outcomes={"verdict": 0.0, "help": 1.0, "level": 4.0, "length": float(len(said.split()))},
                )
            )
    return tuple(made)


def review(page: TeacherPage) -> Review:
    weeks(page.app.store)
    section = page.section("review")
    assert isinstance(section, Review)
    section.enter()
    page.count_alerts()
    return section


def reviewed(page: TeacherPage) -> None:
    review(page)


def opened(page: TeacherPage) -> None:
    """The first card with what came before and what was checked."""
    card = review(page)._cards[-1]
    card.open()
    card.setFocus()
    settle(60)
    page.section("review")._column.ensureWidgetVisible(card, 0, 40)


def answering(page: TeacherPage) -> None:
    """An answer is being written, and a check has warned."""
    card = review(page)._cards[0]
    card.write_answer()
    card.findChildren(QPlainTextEdit)[0].setPlainText("Draw a bar of eight pieces. How many of them are 3/4?")
    card.warn("The checks would not show these words to a learner of this age. Read them once more.")


def done(page: TeacherPage) -> None:
    section = review(page)
    section.desk.dismiss(section._cards[-1].item, "The answer was right, and short enough.", "none")
    section.show_state("done")


def corrected(page: TeacherPage) -> None:
    """A question that was answered by a correction, which can be taken back from its card."""
    section = review(page)
    card = section._cards[0]
    card.write_correction()
    card.form.answer.setPlainText("Eighths stay eighths: only their number changes.")
    card._keep()
    section.show_state("done")


def grading(page: TeacherPage) -> None:
    section = review(page)
    section.grade()
    for value in (4, 5):
        next(line for line in section.grading.lines.values() if not line.value).choose(value)


OFFER = MayPut(message_id=0, reason="tries", text="I can put this to your teacher.")
SURVEY = SurveyOffered()


def put(store: Store, message_id: int, answer: str = "") -> Put:
    """A question under an answer, waiting or answered."""
    made = store.put_to_teacher(message_id, "tries", "I do not see why the eighths do not change.")
    return Put(escalated=store.answer_escalation(made.id, answer, "teacher") if answer else made)
