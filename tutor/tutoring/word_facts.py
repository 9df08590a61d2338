"""Facts of word problems: a sum that was read out of a story, worked; and a story whose sum is still to be found."""

import zlib
from collections.abc import Sequence
from typing import Final

import msgspec

from tutor.domain import Fact
from tutor.i18n import tr
from tutor.tutoring import expressions as ex
from tutor.tutoring import reading, reveals, word_sums, worked
from tutor.tutoring.numbers import money, shown

UNSOLVED: Final = "story"
"""Kind of a story whose sum the program could not make sure of: it has no answer, its hints are set-up questions."""

_ASKED: Final = (
    "The question is: {question} Which numbers in the story help you to find that?",
    "You need to find this: {question} Say in your own words what happens in the story.",
    "Draw the story as a picture. Where in it is what you need: {question}",
    "Read the last sentence again: {question} What do you know already, and what is missing?",
)
_FIRST: Final[dict[str, tuple[str, ...]]] = {
    "+": (
        "Start where two amounts come together, and add them.",
        "First join the amounts that belong together: that is adding.",
        "Something gets more in this story. Start by adding.",
    ),
    "-": (
        "Start where something goes away or two amounts are compared: that is taking away.",
        "First find what is left, or how far apart two amounts are, by taking away.",
        "Something gets less here, or you compare two amounts. Start by taking away.",
    ),
    "×": (
        "Look for equal groups: the same amount comes again and again. Start by multiplying.",
        "First work out how much all the equal parts make, by multiplying.",
        "The same amount is there several times. Multiplying is quicker than adding again and again.",
    ),
    "÷": (
        "Something is shared or split into equal parts. Start by dividing.",
        "First find how much one part is, or how many parts there are, by dividing.",
        "Think of fair sharing, or of how many groups fit: that is dividing.",
    ),
}
_SUM: Final = (
    "The story as a sum is {sum}. Work it out one step at a time.",
    "Write it down like this: {sum}. What do you get for the first part?",
    "You can put the whole story into {sum}. Now work it out.",
)
_PLAIN: Final = (
    "Read the story again slowly and say in your own words what it asks for.",
    "Think about what happens in the story: does something get more, get less, repeat, or get shared?",
    "Write the sum for the story down and work it out one step at a time.",
)

_QUESTIONS: Final = (
    (
        "What does the story ask you to find?",
        "In your own words, what do you need to find out?",
        "Which part of the story is the question?",
    ),
    (
        "Which numbers in the story do you need?",
        "Which numbers matter here, and what does each one stand for?",
        "What does each number in the story count?",
    ),
    (
        "What happens to the amounts: do they join, go away, repeat, or get shared?",
        "Would you add, take away, multiply or divide first?",
        "Which operation fits what happens in the story?",
    ),
    (
        "How would you write that as a sum with numbers?",
        "Can you type the sum that fits the story?",
        "Which sum would you write down for it?",
    ),
)
_SAID_A_NUMBER: Final = (
    "Which sum did you work out to get that?",
    "Can you show me the sum that gave you that?",
    "How did you get there: what was your sum?",
)


def fact(found: word_sums.Sum, story: str) -> Fact | None:
    """The word problem worked; None when its steps go beyond the bounds.

    The fact's `question` is the story's own question sentence: it names the problem in notes and replies and gives the
    sum away to nobody. The answer carries the unit; a learner's number counts without it.
    """
    node = ex.parse(ex.tokens(reading.signs(found.text)))
    try:
        steps, _first = worked.reduce(node, worked.style(node))
    except ex.UnreadableError:
        return None
    priced = found.unit in ("£", "$", "€")
    value = money(found.value, found.unit) if priced else shown(found.value, worked.style(node))
    unit = "" if priced or (found.value == 1 and found.unit.endswith("s")) else found.unit
    bare = Fact(
        kind=word_sums.KIND,
        question=word_sums.question_of(story),
        answer=f"{value} {unit}".rstrip(),
        steps=tuple(steps),
        topic=word_sums.TOPIC,
    )
    return msgspec.structs.replace(bare, hints=_hints(bare, found.text, _first_sign(node)))


def _hints(bare: Fact, sum_text: str, first: str) -> tuple[str, ...]:
    """What is to be found, which operation comes first, the sum. No hint holds the answer."""
    seed = zlib.crc32(f"{bare.question}{sum_text}".encode())
    chosen = []
    for rung, bank in enumerate((_ASKED, _FIRST[first], _SUM)):
        text = tr(bank[seed // 5**rung % len(bank)], question=bare.question, sum=sum_text)
        chosen.append(tr(_PLAIN[rung]) if reveals.reveals_answer(text, bare) else text)
    return tuple(chosen)


def _first_sign(node: ex.Node) -> str:
    """The operation that is worked first."""
    if isinstance(node, ex.Op):
        for side in (node.left, node.right):
            if isinstance(side, ex.Op):
                return _first_sign(side)
        return node.sign
    return "+"


def unsolved(story: str) -> Fact:
    """A story to set up together: questions from what is asked to the sum, and no answer."""
    question = word_sums.question_of(story)
    seed = zlib.crc32(story.encode())
    asked = tuple(tr(bank[seed // 3**rung % len(bank)]) for rung, bank in enumerate(_QUESTIONS))
    return Fact(kind=UNSOLVED, question=question, answer="", hints=asked, topic=word_sums.TOPIC)


def set_up_question(problem: Fact, rung: int, *, number: bool = False) -> str:
    """The next question of setting a story up; `number`: the learner gave a number without its sum."""
    if number:
        return tr(_SAID_A_NUMBER[rung % len(_SAID_A_NUMBER)])
    return problem.hints[min(rung, len(problem.hints) - 1)]


def set_up_questions() -> Sequence[str]:
    """All questions that SET_UP may ask, for training."""
    return [question for bank in (*_QUESTIONS, _SAID_A_NUMBER) for question in bank]
