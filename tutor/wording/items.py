"""A practice item as a learner asks about it, the same in the window and the terminal."""

from tutor.domain import Item


def in_words(item: Item) -> str:
    """The question, and under it the choices where there are some."""
    choices = " / ".join(item.choices)
    return f"{item.question.strip()}\n{choices}" if choices else item.question.strip()
