"""Hints that no bank holds, so that the tutor learns to use its notes and not what it has by heart."""

from random import Random

from tutor.domain import Fact
from tutor.workshop.writing.replies import form, named

_THINGS = (
    "marbles", "pencils", "apples", "stickers", "cards", "sweets", "bricks", "books", "oranges", "shells", "buttons",
    "coins", "cakes", "beads", "biscuits", "counters", "flowers", "balls", "stamps", "pebbles",
)  # fmt: skip
_PLACES = ("a number line", "squared paper", "a bar model", "a small table", "a place value chart", "your whiteboard")
_DRAWN = ("a number line", "a bar", "a small table", "a place value chart", "a line of boxes", "a picture")
_PARTS = (
    "the first number",
    "the last number",
    "the biggest part",
    "the part you are sure of",
    "the sign",
    "the units",
)

_FIRST = (
    "Imagine {n} {things} in front of you before you begin.",
    "Draw {drawn} and mark the first number on it.",
    "Copy {question} out neatly and underline {part}.",
    "Say {question} aloud in your own words.",
    "Think of {things} instead of plain numbers.",
    "What would be a sensible guess before you start?",
    "Look at {part} first, and leave the rest for later.",
    "Make up a short story with {things} that fits {question}.",
    "Try the same thing with smaller numbers first, such as {n} and {m}.",
    "Which part of {question} have you done before?",
)
_SECOND = (
    "Use {place} and work on {part}.",
    "Cover up {part} with your hand and do what is left.",
    "Put {things} into groups, and count the groups you need.",
    "Write the numbers under each other, so that the places line up.",
    "Pretend {part} is {m} for a moment: how would you do it then?",
    "Sort out {part} before you touch anything else.",
    "Talk it through as if you were showing it to a friend called {name}.",
    "Round to friendly numbers first, and see where you land.",
    "Make a table with {m} columns, and fill in what you know.",
)
_THIRD = (
    "Check {part} once more, and then put the pieces together.",
    "Compare what you have with your first guess.",
    "Go back over {part} slowly, one line at a time.",
    "Ask yourself whether {n} would be too big or too small.",
    "Do the last bit on {place}, and read it out.",
    "Look for a quick way to check: does it fit {question}?",
    "Join what you have found so far, starting with {part}.",
)
_NAMES = ("Ali", "Amira", "Ben", "Chloe", "Daniel", "Ella", "Fatima", "Grace", "Hassan", "Isla", "Kofi", "Leah", "Maya",
          "Noah", "Omar", "Priya", "Ravi", "Rosie", "Sofia", "Tom", "Zara")  # fmt: skip


def invented(rng: Random, fact: Fact) -> Fact:
    """The fact with three hints of made-up content in a teacher's words; their numbers differ from the answer's."""
    answer = {part for part in fact.answer.replace("/", " ").replace(":", " ").split() if part.isdigit()}
    free = [str(n) for n in range(2, 100) if str(n) not in answer]
    made = tuple(
        rng.choice(bank).format(
            n=rng.choice(free),
            m=rng.choice(free[:10]),
            things=rng.choice(_THINGS),
            place=rng.choice(_PLACES),
            drawn=rng.choice(_DRAWN),
            part=rng.choice(_PARTS),
            name=rng.choice(_NAMES),
            question=named(fact) if form(fact) == "term" else "the problem",
        )
        for bank in (_FIRST, _SECOND, _THIRD)
    )
    return Fact(
        kind=fact.kind, question=fact.question, answer=fact.answer, steps=fact.steps, hints=made, topic=fact.topic
    )
