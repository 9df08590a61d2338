"""The tutor's words for every move, made from the same fact that the notes carry, and from nothing else.

British English, one to three short sentences, at most one question a turn, no exclamation marks. A hint's reply is
given the hint's text alone, so it cannot hold more than the notes do.
"""

from collections.abc import Sequence
from random import Random

from tutor.domain import Fact
from tutor.workshop.writing.reply_words import (
    ANOTHER,
    AS_A_SUM,
    ASK_AGAIN_PLAIN,
    ASK_ATTEMPT,
    ASK_ATTEMPT_AGAIN,
    ASK_QUESTION,
    ASK_TASK,
    BACK_TO,
    BACK_TO_MATHS,
    BEGGED_LEADS,
    CALM_LEADS,
    CARRY_ON,
    CARRY_ON_PLAIN,
    CHECK_AGAIN,
    CLOSERS,
    DONE,
    DONE_TWO,
    EXPLAIN_LEADS,
    GOOD,
    GOODBYE,
    GREET,
    GREET_BY,
    GREET_WORK,
    HINT_LEADS,
    IMPERATIVES,
    INLINE,
    INLINE_ASK,
    INLINE_DO,
    KIND,
    LIMITS,
    LOOK_AGAIN,
    MAKES_SENSE,
    NEXT_LEADS,
    NOT_RIGHT,
    NOT_RIGHT_UNSAID,
    ONE_STEP,
    PATIENT,
    QUESTION_WORDS,
    RIGHT,
    SO,
    SOMEONE,
    STEP_LEADS,
    TASK_WORDS,
    UNREAD,
    WELCOME,
    WORK_TOPICS,
)


def small(text: str) -> str:
    """The text with a small first letter, for going on after a colon."""
    first = text.split(" ", 1)[0]
    return text if first in ("I", "I'm") else text[:1].lower() + text[1:]


def stop(text: str) -> str:
    return text if text.endswith((".", "?", ":")) else text + "."


def _pointed(rng: Random, hint: str, leads: Sequence[str]) -> list[str]:
    """A hint as one or two sentences: after a lead, or woven into one."""
    hint = stop(hint)
    first = hint.split(" ", 1)[0]
    shape = rng.random()
    if shape < 0.3:
        return [hint]
    if shape < 0.65:
        return [rng.choice(leads), hint]
    if hint.endswith("?") and first in QUESTION_WORDS:
        return [rng.choice(INLINE_ASK) + small(hint)]
    if first in IMPERATIVES and rng.random() < 0.6 and "?" not in hint:
        return [rng.choice(INLINE_DO) + small(hint)]
    return [rng.choice(INLINE) + small(hint)]


def shape(fact: Fact) -> str:
    """How a fact's question can stand in a sentence: as a "question", a "task" to do, or a "term"."""
    if fact.question.endswith("?"):
        return "question"
    return "task" if fact.question.split(" ", 1)[0] in TASK_WORDS else "term"


def ask_attempt(rng: Random, fact: Fact, why: str) -> str:
    """`why`: "new" problem, "begged" for the answer, or "stuck" with all hints given."""
    form = shape(fact)
    bank: tuple[str, ...]
    if why == "begged":
        bank = ASK_ATTEMPT_AGAIN if form == "term" else ASK_AGAIN_PLAIN
    elif why == "stuck":
        bank = CARRY_ON if form == "term" else CARRY_ON_PLAIN
    else:
        bank = {"term": ASK_ATTEMPT, "task": ASK_TASK, "question": ASK_QUESTION}[form]
    return rng.choice(bank).format(p=fact.question)


def hint(rng: Random, text: str, *, rung: int, why: str) -> str:
    """`text` is the hint of the notes; `why`: "asked" for it, "stuck", "begged" for the answer, or a "step" made."""
    leads = {"asked": HINT_LEADS, "stuck": CALM_LEADS, "begged": BEGGED_LEADS, "step": STEP_LEADS}[why]
    if rung and why in ("asked", "stuck") and rng.random() < 0.5:
        leads = NEXT_LEADS
    said = _pointed(rng, text, leads)
    if "?" not in text and rng.random() < 0.55:
        said.append(rng.choice(CLOSERS))
    return " ".join(said)


def diagnose(rng: Random, attempt: str, check: str) -> str:
    unsaid = not attempt or "<" in attempt or ">" in attempt
    wrong = rng.choice(NOT_RIGHT_UNSAID if unsaid else NOT_RIGHT).format(a=attempt)
    said = [rng.choice(KIND), wrong] if rng.random() < 0.65 else [wrong]
    pointed = _pointed(rng, check, LOOK_AGAIN) if check else [rng.choice(LOOK_AGAIN)]
    if "?" not in check and rng.random() < 0.3 and len(said) + len(pointed) < 4:
        pointed.append(rng.choice(CLOSERS))
    return " ".join(said + pointed)


def confirm(rng: Random, fact: Fact, attempt: str) -> str:
    said = [rng.choice(RIGHT).format(a=attempt)]
    steps = fact.steps
    if len(steps) > 1 and (steps[-1] == fact.answer or rng.random() < 0.4):
        said.append(rng.choice(DONE_TWO).format(r=steps[-2], s=steps[-1]))
    elif steps and steps[-1] != attempt:
        said.append(rng.choice(DONE).format(s=steps[-1]))
    if rng.random() < 0.5:
        said.append(rng.choice(ANOTHER))
    return " ".join(said)


def explain(rng: Random, fact: Fact) -> str:
    """All steps in order, two or three to a sentence when there are many, then the answer."""
    steps = list(fact.steps)
    size = 1 if len(steps) < 4 else 2 if len(steps) < 7 else 3
    groups = [", then ".join(steps[i : i + size]) for i in range(0, len(steps), size)]
    starts = ["First, "] + [rng.choice(("Then " if size == 1 else "After that, ", "Next, ")) for _ in groups[1:]]
    if len(groups) == 1:
        starts = [rng.choice(ONE_STEP)]
    term = shape(fact) == "term"
    said = []
    if len(groups) > 1 and rng.random() < 0.5:
        said.append(rng.choice([w for w in EXPLAIN_LEADS if term or "{p}" not in w]).format(p=fact.question))
    said += [start + group + "." for start, group in zip(starts, groups, strict=True)]
    if not steps[-1].endswith(fact.answer) or (len(groups) > 1 and rng.random() < 0.5):
        said.append(rng.choice([w for w in SO if term or "{p}" not in w]).format(x=fact.answer, p=fact.question))
    if rng.random() < 0.4:
        said.append(rng.choice(MAKES_SENSE))
    return " ".join(said)


def greet(rng: Random, words: str, fact: Fact | None = None) -> str:
    """With a fact there is an open problem to go back to."""
    if fact is not None:
        hello = rng.choice(("Hello again.", "Hi.", "Hello.", "Hi there."))
        back = rng.choice(BACK_TO).format(p=fact.question).strip() if shape(fact) == "term" else "Shall we go on?"
        return f"{hello} {back}"
    if any(topic in words.lower() for topic in WORK_TOPICS):
        return rng.choice(GREET_WORK)
    for key, bank in GREET_BY.items():
        if key in words.lower():
            return rng.choice(bank)
    return rng.choice(GREET)


def acknowledge(rng: Random, kind: str, fact: Fact | None) -> str:
    """`kind`: thanks | ok | moan | doubt | bye. With a fact the reply may lead back to its problem."""
    bank = {"thanks": WELCOME, "ok": GOOD, "moan": PATIENT, "doubt": CHECK_AGAIN, "bye": GOODBYE}[kind]
    text = rng.choice(bank)
    if fact is not None and shape(fact) == "term" and kind in ("thanks", "ok", "moan") and rng.random() < 0.6:
        text = text.split("?")[0].rsplit(". ", 1)[0].rstrip(".") + "." + rng.choice(BACK_TO).format(p=fact.question)
    return text


def redirect(rng: Random, *, maths: bool, fact: Fact | None = None) -> str:
    """With a fact there is an open problem to go back to."""
    if fact is not None and rng.random() < 0.6:
        back = rng.choice(BACK_TO).format(p=fact.question) if shape(fact) == "term" else " Shall we go on?"
        return f"{rng.choice(UNREAD if maths else LIMITS)} {rng.choice(SOMEONE)}{back}"
    said = [rng.choice(UNREAD if maths else LIMITS), rng.choice(SOMEONE)]
    if rng.random() < 0.6:
        said.append(rng.choice(AS_A_SUM if maths and rng.random() < 0.7 else BACK_TO_MATHS))
    return " ".join(said)
