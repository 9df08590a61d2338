"""Words written by people for a lesson's turns: the teacher's own first, then the program's."""

import string
from typing import Final

from tutor.domain import Item, Lesson, Move, Passage
from tutor.i18n import tr
from tutor.tutoring import items, policy
from tutor.tutoring.policy import Plan
from tutor.tutoring.rules.answers import KIND

_HINT: Final = (
    "Here is something to think about. {hint}",
    "Try this. {hint}",
    "Let us take it in small steps. {hint}",
)
_DIAGNOSE: Final = (
    "You had a real go, and that is not it yet. {hint}",
    "Not quite. {hint}",
    "Thank you for trying. That is not it yet, so let us check a step. {hint}",
)


def presented(item: Item, lesson: Lesson) -> str:
    """An item as it is shown: its number, its text, its choices, and an invitation to try."""
    number = next(n for n, one in enumerate(lesson.items, 1) if one.id == item.id)
    lines = [tr("Question {number}: {question}", number=number, question=item.question.strip())]
    lines += [f"{string.ascii_uppercase[n % 26]}) {choice}" for n, choice in enumerate(item.choices)]
    if not item.question.rstrip().endswith("?"):
        lines.append(tr("What is your first idea?"))
    return "\n".join(lines)


def fallback(plan: Plan, lesson: Lesson, variant: int = 0) -> str:
    """A whole reply of people's words for a plan in a lesson."""
    if plan.by_people:
        return policy.fallback(plan, variant)
    own = lesson.fallbacks.get(plan.move.value, "").strip()
    if plan.move is Move.HINT and plan.fact is not None and plan.fact.hints:
        own = ""  # the hint itself is what is wanted
    if own:
        return own
    fact = plan.fact
    if fact is None or fact.kind != KIND:
        return policy.fallback(plan, variant)
    hint = fact.hints[min(plan.rung, len(fact.hints) - 1)] if fact.hints else ""
    match plan.move:
        case Move.HINT | Move.DIAGNOSE if hint:
            wordings = _HINT if plan.move is Move.HINT else _DIAGNOSE
            return tr(wordings[variant % len(wordings)], hint=hint)
        case Move.HINT:
            return tr("Read the question again slowly. What does it ask you to find?")
        case Move.DIAGNOSE:
            return tr("That is not it yet. Read the question once more: what does it ask for?")
        case Move.ASK_ATTEMPT:
            wordings = (
                "Have a try first. What do you think, and how did you get there?",
                "I want to see your thinking before I help. What is your first idea?",
                "Give it a go, even if you are not sure. What would you say?",
            )
            return tr(wordings[variant % len(wordings)])
        case Move.CONFIRM:
            done = (
                tr("Yes, that is right.")
                if not fact.steps
                else tr("Yes, that is right. {steps}", steps=_steps(fact.steps))
            )
            return f"{done} {tr('Shall we go on with the next question?')}"
        case Move.EXPLAIN:
            told = tr("The answer is {answer}.", answer=fact.answer)
            if fact.steps:
                told = tr(
                    "Let us go through it. {steps} So the answer is {answer}.",
                    steps=_steps(fact.steps),
                    answer=fact.answer,
                )
            return f"{told} {tr('Which part was new to you?')}"
        case Move.REDIRECT | Move.CONVERSE:
            return tr("Let us stay with our question for now. What would you try next?")
        case Move.GREET:
            return tr("Hello. Shall we go on with our question?")
        case Move.ACKNOWLEDGE:
            return tr("All right. What would you try next?")
        case _:
            return policy.fallback(plan, variant)


def _steps(steps: tuple[str, ...]) -> str:
    return " ".join(step if step.endswith((".", "!", "?")) else f"{step}." for step in steps)


def by_people(plan: Plan, lesson: Lesson) -> bool:
    """Whether a model that knows some maths and nothing else should leave this turn to people's words."""
    if plan.move in (Move.SIGNPOST, Move.REFUSE):
        return False  # moderation words these
    if lesson.subject not in ("maths", ""):
        return True
    item = items.by_id(lesson, plan.state.item)
    if plan.move is Move.EXPLAIN and item is not None and item.steps:
        return True  # steps of the teacher are sentences, and stand as they are
    if plan.fact is None or plan.fact.kind != KIND:
        return False
    return item is None or items.exact_fact(item) is None


def closing_question(variant: int = 0) -> str:
    """A question to end with, where the work is open and the reply asks none."""
    wordings = (
        tr("What would you try next?"),
        tr("What do you think?"),
        tr("What is your next step?"),
    )
    return wordings[variant % len(wordings)]


def more(*, open_work: bool, variant: int = 0) -> tuple[str, ...]:
    """Sentences that bring a reply which is too short up to the words that a turn must have."""
    if open_work:
        wordings = (
            tr("Take your time and read the question once more."),
            tr("Look at what you know, and at what you are asked to find."),
            tr("Write down what you have so far, one step at a time."),
            tr("A small drawing can help you to see it."),
        )
    else:
        wordings = (
            tr("You can ask me more about this at any time."),
            tr("Tell me which part you want to look at again."),
            tr("Put it in your own words, so that you remember it."),
            tr("Write it down in one short line for later."),
        )
    start = variant % len(wordings)
    return wordings[start:] + wordings[:start]


def use_word(line: str) -> str:
    """A sentence that brings in a word which the teacher wants used."""
    return tr("A word to use here: {word}.", word=line.split("|")[0].strip())


def redirected(kind: str, question: str) -> str:
    """The answer to a message that a rule leads back. `kind`: forbidden | scope | guidelines."""
    told = {
        "forbidden": tr("That is not part of this lesson, so I will leave it out."),
        "scope": tr("That is outside this lesson, so I cannot help with it here."),
        "guidelines": tr("I keep my notes to myself. They only say how I can help you best."),
    }[kind]
    return f"{told} {tr('Shall we go on with our question?') if question else tr('Shall we go on with the lesson?')}"


def quoted(quote: str, passage: Passage) -> str:
    """An answer out of a text of the lesson, word for word."""
    return tr("Your text says ({place}): “{quote}”", place=passage.place or passage.material, quote=quote)


def not_in_texts() -> str:
    return tr("I cannot find that in your texts, so I will not guess. Where in them could it stand?")
