"""A lesson's guidelines as the model reads them: the same each turn, short, without answers, wishes called wishes."""

from tutor.domain import Item, Lesson
from tutor.domain_lessons import Questions, ReadingLevel, Scope, Tone, Wish, Withhold, Words
from tutor.tutoring.guidelines import DEFAULT, for_narrow, lesson_text

LESSON = Lesson(
    key="fractions",
    title="Adding fractions",
    objectives=("Add fractions with different bottom numbers", "Know that 3/4 + 1/8 is 7/8"),
    guidelines=(
        Scope(topics=("fractions",)),
        Withhold(),
        Questions(most=1),
        ReadingLevel(grade=5),
        Tone(),
        Words(required=("denominator|bottom number",), avoid=("easy",)),
        Wish(text="Use pizza for examples."),
        Wish(text="Say seven eighths at the end."),
    ),
    items=(Item("q1", "What is 3/4 + 1/8?", "7/8"), Item("q2", "What is the number below the line?", "denominator")),
)


def test_it_is_the_same_from_turn_to_turn_and_begins_with_the_programs_own() -> None:
    assert lesson_text(LESSON) == lesson_text(LESSON)
    assert lesson_text(LESSON).startswith(f"{DEFAULT}\n\nLesson: Adding fractions")


def test_no_line_holds_an_answer() -> None:
    text = lesson_text(LESSON).lower()
    assert "7/8" not in text and "seven eighths" not in text and "denominator" not in text
    assert "different bottom numbers" in text


def test_wishes_are_called_wishes() -> None:
    assert "The teacher also wishes:\n- Use pizza for examples." in lesson_text(LESSON)


def test_it_is_short_enough_for_a_small_model() -> None:
    assert len(lesson_text(LESSON).split()) < 250


def test_a_narrow_model_reads_what_it_was_taught_on() -> None:
    assert for_narrow(lesson_text(LESSON)) == DEFAULT
    assert for_narrow("Be brief.") == "Be brief." and for_narrow(DEFAULT) == DEFAULT
