"""Pretend lessons, a draft with faults, a test's record, and the scenes of the pages that show them."""

from tutor.domain import Item, Lesson, Misconception, RuleCheck, Severity
from tutor.domain_lessons import (
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
from tutor.rehearsal import students
from tutor.rehearsal.results import ALWAYS, Breach, Rehearsal, Talk, Turn, table

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
    for student in tuple(students.keys()):
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
        cells=table(tuple(talks), rules, students.keys()),
    )
