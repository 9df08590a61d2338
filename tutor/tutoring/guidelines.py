"""The guidelines in force where no teacher has written any, and a lesson's as text for the model.

The text is the same from turn to turn, so that a prompt's prefix can be reused. It holds no answer of an item: what a
prompt does not hold, nobody can read out of it.
"""

from collections.abc import Iterable
from typing import Final

from tutor.domain import Lesson
from tutor.domain_lessons import (
    AttemptFirst,
    Forbidden,
    Guideline,
    HintLadder,
    Language,
    Length,
    Questions,
    ReadingLevel,
    Scope,
    Sources,
    Tone,
    Wish,
    Withhold,
    Words,
)
from tutor.tutoring.once import once_a_lesson
from tutor.tutoring.rules import answers

DEFAULT: Final = (
    "You are a patient tutor for a child. Keep answers short and ask one question at a time. "
    "Use the facts in the notes, and never say the answer before the learner has tried."
)
_LESSON: Final = "Lesson: "
_MOST_OBJECTIVES: Final = 5
_MOST_TOPICS: Final = 12
_LANGUAGES: Final = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "nl": "Dutch", "pl": "Polish",
    "pt": "Portuguese", "cy": "Welsh", "ga": "Irish", "tr": "Turkish",
}  # fmt: skip


@once_a_lesson
def lesson_text(lesson: Lesson) -> str:
    """What the model reads of a lesson, after `DEFAULT`. English, short enough for a small model, without answers."""
    lines = [f"{_LESSON}{lesson.title.strip()} (age {lesson.age_band})."]
    lines += [f"- The learner works towards: {one}" for one in lesson.objectives[:_MOST_OBJECTIVES]]
    lines += [f"- {line}" for guideline in lesson.guidelines for line in _lines(guideline, lesson)]
    wishes = [g.text.strip() for g in lesson.guidelines if isinstance(g, Wish) and g.text.strip()]
    if wishes:
        lines.append("The teacher also wishes:")
        lines += [f"- {' '.join(wish.split())}" for wish in wishes]
    return "\n".join([DEFAULT, "", *(line for line in lines if not _tells(line, lesson))])


def for_narrow(guidelines: str) -> str:
    """What a model that was made for one small world reads: it knows `DEFAULT` and no other guidelines.

    The lesson holds all the same, for its rules are kept by code.
    """
    return DEFAULT if guidelines.startswith(f"{DEFAULT}\n\n{_LESSON}") else guidelines


def _lines(guideline: Guideline, lesson: Lesson) -> Iterable[str]:
    match guideline:
        case Scope(topics=topics):
            about = "; ".join(topics[:_MOST_TOPICS]) or lesson.title.strip()
            yield f"Speak only about: {about}. Lead other questions back."
        case Withhold():
            yield "Do not say the answers of the exercises before the notes give them to you."
        case HintLadder():
            yield "Give one hint at a time, the one in the notes."
        case AttemptFirst():
            yield "Ask for a try before the first hint."
        case Questions(most=most, end_with=end):
            yield f"At most {most} question{'s' if most != 1 else ''}{', at the end' if end else ''}."
        case ReadingLevel(grade=grade):
            yield f"Short sentences and easy words: reading level grade {grade:g} at most."
        case Length(most_words=most) if most:
            yield f"At most {most} words."
        case Words(required=required, avoid=avoid):
            if required:
                yield f"Use where they fit: {'; '.join(line.replace('|', ' or ') for line in required)}."
            if avoid:
                yield f"Do not use: {', '.join(avoid)}."
        case Sources():
            yield "State facts only from the texts in the notes. Say so when they do not tell."
        case Tone():
            yield "Be kind and matter-of-fact. No flattery, no scolding, no claim to have feelings."
        case Language(language=language):
            yield f"Answer in {_LANGUAGES.get(language.split('-')[0], language)}."
        case Forbidden(topics=topics) if topics:
            yield f"Do not speak about: {', '.join(topics)}."
        case _:
            return


def _tells(line: str, lesson: Lesson) -> bool:
    """Whether a line of the teacher's holds the answer of an item."""
    return any(answers.given_away(line, answers.key_of(item)) for item in lesson.items)
