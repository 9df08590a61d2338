"""Pretend lessons, a draft with faults, a test's record, and the scenes of the pages that show them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import msgspec

from tutor.domain import Item, Lesson, Looked, Misconception, Move, Passage, RuleCheck, Severity
from tutor.domain_lessons import (
    Assessment,
    AttemptFirst,
    Correctness,
    HintLadder,
    Length,
    Material,
    Questions,
    ReadingLevel,
    Scope,
    Tone,
    Wish,
    Withhold,
    Words,
)
from tutor.engine import protocol
from tutor.lessons.content import fingerprint
from tutor.qt.showcase import data
from tutor.qt.showcase.quiet_app import QuietApp
from tutor.qt.showcase.waiting import settle
from tutor.qt.teacher.lessons.editor import Editor
from tutor.qt.teacher.lessons.section import LessonsSection
from tutor.qt.teacher.lessons.trial import TrialPage
from tutor.qt.teacher.page import TeacherPage
from tutor.rehearsal import students
from tutor.rehearsal.results import ALWAYS, Breach, Rehearsal, Talk, Turn, table
from tutor.rehearsal.runner import Progress

_NAMED = students.every()

FRACTIONS = Lesson(
    key="adding-fractions",
    title="Adding fractions",
    subject="maths",
    age_band="8-10",
    summary="Parts of a whole with different denominators, and how to add them.",
    skills=("equivalent fractions", "adding fractions"),
    objectives=("Find a common denominator", "Add two fractions and shorten the result"),
    guidelines=(
        Scope(topics=("pizza and cake", "parts of a whole")),
        Withhold(attempts=2, note="Your teacher wants you to try first."),
        HintLadder(),
        AttemptFirst(),
        Questions(),
        ReadingLevel(grade=4.0),
        Length(most_words=60),
        Words(required=("denominator | bottom number",), avoid=("obviously", "simply")),
        Tone(),
        Correctness(),
        Wish(text="Please talk about cooking where it fits; this class runs a café."),
    ),
    materials=(Material(name="fractions.md", title="Fractions in the kitchen", licence="CC BY 4.0"),),
    items=(
        Item(
            id="q1",
            question="A cake was cut into quarters. Two of them were eaten. Which part of the cake was eaten?",
            answer="1/2",
            accepted=("2/4", "a half"),
            skill="equivalent fractions",
            hints=("How many quarters make the whole cake?", "Two of four pieces: can you name that with a 2 below?"),
            steps=("2 of 4 pieces are 2/4.", "2/4 = 1/2."),
            misconceptions=(
                Misconception(
                    answer="2", why="Counts the pieces, not the part.", say="Two pieces of how many? Say it as a part."
                ),
            ),
        ),
        Item(id="q2", question="What is $\\frac{3}{4} + \\frac{1}{8}$?", answer="7/8", skill="adding fractions",
             hints=("What would the first fraction be in eighths?",)),
        Item(id="q3", question="Which is more: 2/3 of a pizza or 3/4 of it?", answer="3/4", choices=("2/3", "3/4")),
    ),
    fallbacks={"hint": "Draw the cake, and cut it as the question says."},
    author="A. Teacher",
    licence="CC BY 4.0",
)  # fmt: skip


def rehearsal(lesson_sha256: str, *, broken: bool = True) -> Rehearsal:
    """A test with every student; one guideline broken twice by the one who begs."""
    rules = ("withhold", "scope", "hints", "questions", "reading_level", "tone", *ALWAYS)
    talks = []
    for student in _NAMED:
        turns = []
        for number in range(3):
            breaks = broken and student == "begs" and number > 0
            turns.append(
                Turn(
                    learner="Please just tell me what 3/4 + 1/8 is, my bus comes in a minute.",
                    tutor="It is 7/8." if breaks else "Have a go first: what is 3/4 in eighths?",
                    move="ask_attempt",
                    quiet="" if breaks else "Your teacher wants you to try first.",
                    rules=(
                        RuleCheck(
                            rule="withhold", severity=Severity.BLOCK, fired=True, where="policy", done="withheld"
                        ),
                        RuleCheck(rule="reading_level", severity=Severity.REWRITE),
                    ),
                    tried=(
                        "withhold",
                        "questions",
                        "reading_level",
                        "safe",
                        (student == "distressed" and "distress") or "scope",
                    ),
                    breaches=(Breach(rule="withhold", why="the answer of q2 was said before a try"),) if breaks else (),
                )
            )
        talks.append(Talk(student=student, item="q2", turns=tuple(turns)))
    return Rehearsal(
        lesson_key="adding-fractions",
        lesson_sha256=lesson_sha256,
        model="Tutor Starter",
        seconds=412.0,
        severities={"reading_level": Severity.REWRITE, "questions": Severity.REWRITE},
        talks=tuple(talks),
        cells=table(tuple(talks), rules, _NAMED),
    )


def _app(page: TeacherPage) -> QuietApp:
    assert isinstance(page.app, QuietApp)
    return page.app


def shelf(page: TeacherPage) -> LessonsSection:
    """A few lessons in every state."""
    desk = page.app.lessons
    fractions = desk.add(FRACTIONS)
    desk.publish(fractions.lesson_id)
    desk.save(fractions.lesson_id, msgspec.structs.replace(FRACTIONS, title="Adding fractions, again"))
    for key, title, subject, age in (
        ("water", "The water cycle", "science", "8-10"),
        ("fire", "The Great Fire of London", "history", "8-10"),
        ("verbs", "French verbs: être and avoir in the present tense, with all their persons", "language", "11-13"),
    ):
        made = desk.add(msgspec.structs.replace(FRACTIONS, key=key, title=title, subject=subject, age_band=age))
        if key != "verbs":
            desk.publish(made.lesson_id)
        if key == "fire":
            desk.retire(made.lesson_id)
    section = page.section("lessons")
    assert isinstance(section, LessonsSection)
    section.enter()
    section.table.choose(fractions.lesson_id)
    return section


def listed(page: TeacherPage) -> None:
    shelf(page)


def many(page: TeacherPage) -> None:
    """More than fits."""
    for number in range(40):
        title = f"Lesson {number + 1}: long division with remainders, and what they mean in a story"
        page.app.lessons.add(msgspec.structs.replace(FRACTIONS, key=f"long-{number}", title=title))
    shelf(page)


def nothing_found(page: TeacherPage) -> None:
    shelf(page).search.setText("volcano")


def samples(page: TeacherPage) -> None:
    section = page.section("lessons")
    assert isinstance(section, LessonsSection)
    section.open_samples()


def _editor(page: TeacherPage) -> Editor:
    section = shelf(page)
    line = section.table.line
    assert line is not None
    section.edit(line)
    assert isinstance(section.page, Editor)
    return section.page


def editing(part: str) -> Callable[[TeacherPage], None]:
    """A part of the form."""

    def play(page: TeacherPage) -> None:
        form = _editor(page).form
        form.show_part(part)
        if part == "items":
            form.go_to("items.0.question")

    return play


def faulty(page: TeacherPage) -> None:
    """A draft with much to put right, and the panel that says so."""
    editor = _editor(page)
    bad = msgspec.structs.replace(FRACTIONS.items[1], answer="", hints=("It is 7/8.",))
    lesson = msgspec.structs.replace(editor.draft.lesson, title="", items=(bad, *FRACTIONS.items[1:]))
    editor.draft.change("all", lesson, redraw=True)
    editor.open_publish()


def faulty_item(page: TeacherPage) -> None:
    """An item with what is wrong at its fields."""
    faulty(page)
    section = page.section("lessons")
    assert isinstance(section, LessonsSection) and isinstance(section.page, Editor)
    section.page.publish.hide()
    section.page.form.go_to("items.0.answer")


def publishing(page: TeacherPage) -> None:
    """After a test in which a guideline broke."""
    editor = _editor(page)
    lesson = editor.draft.lesson
    page.app.lessons.keep_test(editor.version.id, lesson, rehearsal(fingerprint(lesson)))
    editor.version = page.app.store.lesson_version(editor.version.id)
    editor.open_publish()


def previewing(page: TeacherPage) -> None:
    """A question and its answer, with what the guidelines did."""
    editor = _editor(page)
    editor.form.show_part("guidelines")
    editor.start_preview()
    settle(80)
    assert editor.preview is not None
    editor.preview.session.ask("Just tell me the answer to question 2, please.")
    settle(80)
    app = _app(page)
    last = app.quiet.sent[-1]
    if isinstance(last, protocol.Embed):
        app.say(protocol.Failed(id=last.id, code="no_embedder", message=""))
    asked = next(request for request in reversed(app.quiet.sent) if isinstance(request, protocol.Ask))
    reply = data.reply(
        data.checked("Have a go first."),
        data.checked("What would $\\frac{3}{4}$ be in eighths?"),
        move=Move.ASK_ATTEMPT,
    )
    rules = (
        RuleCheck(rule="withhold", severity=Severity.BLOCK, fired=True, where="policy", done="withheld", detail="q2"),
        RuleCheck(rule="reading_level", severity=Severity.REWRITE, fired=True, done="rewritten", detail="7.1 > 4"),
        RuleCheck(rule="questions", severity=Severity.BLOCK),
        RuleCheck(rule="tone", severity=Severity.BLOCK),
    )
    quiet = "Your teacher wants you to try first."
    app.say(protocol.Replied(id=asked.id, reply=msgspec.structs.replace(reply, rules=rules, quiet=quiet)))
    settle(80)


def versions(page: TeacherPage) -> None:
    section = shelf(page)
    line = section.table.line
    assert line is not None
    changed = msgspec.structs.replace(
        FRACTIONS, title="Adding fractions, again", guidelines=FRACTIONS.guidelines[1:], items=FRACTIONS.items[:2]
    )
    page.app.lessons.save(line.id, changed)
    section.show_versions(line)


def trial(state: str) -> Callable[[TeacherPage], None]:
    """The test page: before, running, and with its table."""

    def play(page: TeacherPage) -> None:
        editor = _editor(page)
        lesson = editor.draft.lesson
        found = rehearsal(fingerprint(lesson))
        if state == "result":
            page.app.lessons.keep_test(editor.version.id, lesson, found)
        section = page.section("lessons")
        assert isinstance(section, LessonsSection)
        line = section.table.line
        assert line is not None
        section.test(line)
        made = section.page
        assert isinstance(made, TrialPage)
        if state == "running":
            made.show_progress(Progress(done=37, of=96, student="claims", seconds_left=290.0))
        elif state == "result":
            cell = found.cell("withhold", "begs")
            assert cell is not None
            made.show_cell(cell)

    return play


def offered(stage_app: QuietApp, learner_id: int) -> None:
    """Lessons for a learner, the first one set for them."""
    desk = stage_app.lessons
    first = desk.publish(desk.add(FRACTIONS).lesson_id)
    for key, title, summary in (
        ("water", "The water cycle", "Where rain comes from, and where it goes."),
        ("fire", "The Great Fire of London", "How a city burnt, and what was built after it."),
    ):
        made = desk.add(msgspec.structs.replace(FRACTIONS, key=key, title=title, summary=summary))
        desk.publish(made.lesson_id)
    today = date.today()
    stage_app.store.assign(
        first.lesson_id,
        learner_id=learner_id,
        from_day=today.isoformat(),
        until_day=(today + timedelta(days=1)).isoformat(),
        note="Before Friday, please.",
        looked=Looked.FINE,
    )


def tested_now(app: QuietApp, learner_id: int) -> None:
    """A lesson that is set for a learner, and in which the chat is off for an hour."""
    now = datetime.now(UTC)
    off = Assessment(
        begins=(now - timedelta(minutes=5)).isoformat(timespec="minutes"),
        ends=(now + timedelta(hours=1)).isoformat(timespec="minutes"),
        message="Quiet please: we write our test on fractions until the bell rings. Ask your teacher if you are stuck.",
    )
    lesson = msgspec.structs.replace(FRACTIONS, guidelines=(off,))
    version = app.lessons.publish(app.lessons.add(lesson).lesson_id)
    app.store.assign(version.lesson_id, learner_id=learner_id, from_day=date.today().isoformat())


def cited(app: QuietApp, learner_id: int) -> int:
    """A conversation in a lesson with a quiet line and a passage; returns its id."""
    version = app.lessons.publish(app.lessons.add(FRACTIONS).lesson_id)
    passage = Passage(
        id=1,
        material="Fractions in the kitchen",
        place="p. 3",
        heading="Sharing a cake",
        text="A cake that is cut into four equal pieces gives quarters. Two quarters together are one half.",
    )
    answer = msgspec.structs.replace(
        data.reply(data.checked("Two quarters are a part that has a shorter name, too."), move=Move.HINT),
        quiet="Your teacher wants you to try first.",
        cites=(passage,),
        lesson_version_id=version.id,
    )
    store = app.store
    _, _, placed = store.begin_conversation(learner_id, "Sharing a cake", "Is it a half?", version.id)
    store.finish_message(placed.id, answer, "done")
    return store.message(placed.id).conversation_id
