"""Lessons in words: subjects, states, what each guideline is for, and what code can check of it."""

from typing import NamedTuple

from tutor.domain import Severity
from tutor.i18n import tr
from tutor.lessons.faults import guideline_name


def subjects() -> list[tuple[str, str]]:
    return [
        ("maths", tr("Maths")),
        ("science", tr("Science")),
        ("language", tr("Language")),
        ("history", tr("History")),
        ("geography", tr("Geography")),
        ("study_skills", tr("Study skills")),
        ("other", tr("Something else")),
    ]


def subject_in_words(subject: str) -> str:
    return dict(subjects()).get(subject, subject)


def severities() -> list[tuple[str, str]]:
    return [
        (Severity.BLOCK.value, tr("Never shown")),
        (Severity.REWRITE.value, tr("Written again")),
        (Severity.WARN.value, tr("Only told to me")),
    ]


def severity_in_words(severity: Severity) -> str:
    """What happens when the guideline is broken, as a sentence."""
    return {
        Severity.BLOCK: tr("Words that break it are never shown: they are written again, then replaced."),
        Severity.REWRITE: tr("Words that break it are written again; what still breaks it is shown, and you are told."),
        Severity.WARN: tr("Words that break it are shown, and you are told."),
    }[severity]


class Kind(NamedTuple):
    """A guideline's name and what it means."""

    name: str
    does: str
    checked: str
    """What code checks; "" where it cannot."""
    fixed: str = ""
    """Where the severity is no choice: how it is kept."""
    many: bool = False
    """A lesson may have several."""


def groups() -> list[tuple[str, tuple[str, ...]]]:
    """The menu: a heading, and the kinds under it."""
    return [
        (tr("How answers are held back"), ("withhold", "attempt_first", "hints", "questions")),
        (tr("What it is about"), ("scope", "forbidden", "sources", "correctness")),
        (tr("How it sounds"), ("reading_level", "length", "words", "tone", "language")),
        (tr("People and times"), ("escalation", "assessment")),
        (tr("In your own words"), ("wish",)),
    ]


def kinds() -> dict[str, Kind]:
    return {
        "scope": Kind(
            guideline_name("scope"),
            tr("Questions outside the lesson are led back, or offered to you."),
            tr("Whether a question is about the lesson's title, skills, objectives, items and these topics."),
        ),
        "withhold": Kind(
            guideline_name("withhold"),
            tr("The answers of the practice items, and whatever equals them, are not said before they are unlocked."),
            tr("Every sentence, for each answer and its other forms: 1/2, 0.5 and “one half” are the same."),
        ),
        "hints": Kind(
            guideline_name("hints"),
            tr("One hint at a time, and the learner works with it before the next one comes."),
            tr("How many hints were given, and how long ago the last one was."),
            fixed=tr("The program itself keeps this; the model has no say in it."),
        ),
        "attempt_first": Kind(
            guideline_name("attempt_first"),
            tr("Before the first hint the learner has a go."),
            tr("Whether a real attempt was made."),
            fixed=tr("The program itself keeps this; the model has no say in it."),
        ),
        "questions": Kind(
            guideline_name("questions"),
            tr("The tutor does not shower a learner with questions."),
            tr("The questions in each answer, and whether it ends with one."),
        ),
        "reading_level": Kind(
            guideline_name("reading_level"),
            tr("Short words and short sentences, up to this school grade."),
            tr("The reading grade of each answer (Flesch-Kincaid). A measure for English."),
        ),
        "length": Kind(
            guideline_name("length"),
            tr("Answers stay within so many words."),
            tr("The words of each answer."),
        ),
        "words": Kind(
            guideline_name("words"),
            tr("The terms of your class instead of others."),
            tr("Whether they occur, in any form of the word."),
        ),
        "sources": Kind(
            guideline_name("sources"),
            tr("What is stated comes from the lesson's materials, with the page or heading."),
            tr("Whether a statement rests on a passage that was found, and whether the place is named."),
        ),
        "tone": Kind(
            guideline_name("tone"),
            tr("No harsh words, no sarcasm, no empty praise, no claim to have feelings."),
            tr("Each sentence, for the faults that are ticked."),
        ),
        "language": Kind(
            guideline_name("language"),
            tr("The tutor keeps to this language, whatever the learner writes in."),
            tr("The language of each answer. Quoted words are no breach."),
        ),
        "forbidden": Kind(
            guideline_name("forbidden"),
            tr("The lesson does not speak about them."),
            tr("Questions and sentences, for these topics and close words."),
        ),
        "escalation": Kind(
            guideline_name("escalation"),
            tr("When the tutor is not able to help, it says so and offers to put the question to you."),
            tr("The reasons that are ticked, in every turn."),
            fixed=tr("The program itself offers it; the model has no say in it."),
        ),
        "assessment": Kind(
            guideline_name("assessment"),
            tr("Between these times nobody can chat in this lesson."),
            tr("The clock, before anything reaches the tutor."),
            fixed=tr("The program itself keeps this; the model has no say in it."),
            many=True,
        ),
        "correctness": Kind(
            guideline_name("correctness"),
            tr("What the tutor says about an item agrees with its answer."),
            tr("Every number and answer that is stated about an item."),
        ),
        "wish": Kind(
            guideline_name("wish"),
            tr("The model reads it and tries."),
            "",
            many=True,
        ),
    }


def faults() -> list[tuple[str, str]]:
    return [
        ("harsh", tr("Harsh words")),
        ("sarcasm", tr("Sarcasm")),
        ("shouting", tr("Shouting")),
        ("flattery", tr("Empty praise")),
        ("feelings", tr("Claims to feel")),
        ("guilt", tr("Making guilty")),
    ]


def triggers() -> list[tuple[str, str]]:
    return [
        ("tries", tr("Failed tries")),
        ("unsure", tr("The tutor is unsure")),
        ("outside", tr("Outside the lesson")),
        ("asked", tr("The learner asks for a person")),
        ("words", tr("These words are used")),
    ]


def moves() -> list[tuple[str, str, str]]:
    """Where the lesson's own words can stand in: (move, name, when it happens)."""
    return [
        ("ask_attempt", tr("Asking for a try"), tr("The learner has not tried yet.")),
        ("hint", tr("A hint"), tr("For an item without hints of its own.")),
        ("diagnose", tr("The try was wrong"), tr("Kindly, and with the step to look at again.")),
        ("confirm", tr("The try was right"), tr("Say so, and what was done well.")),
        ("redirect", tr("Outside the lesson"), tr("Lead back to what it is about.")),
        ("converse", tr("A question about the topic"), tr("When nothing that is checked can be said.")),
    ]


def done_in_words(done: str) -> str:
    """What was done where a guideline fired."""
    return {
        "": tr("held"),
        "rewritten": tr("written again"),
        "replaced": tr("replaced by written words"),
        "left_out": tr("a sentence left out"),
        "shown": tr("shown all the same"),
        "redirected": tr("led back"),
        "withheld": tr("held back"),
        "offered": tr("a person was offered"),
    }.get(done, done)


def part_names() -> dict[str, str]:
    """The parts of the editor, in their order."""
    return {
        "about": tr("About"),
        "skills": tr("Objectives and skills"),
        "guidelines": tr("Guidelines"),
        "materials": tr("Materials"),
        "items": tr("Practice items"),
        "fallbacks": tr("Fallbacks"),
    }
