"""The tutor's words for every move, made from the same fact that the notes carry, and from nothing else.

British English, one to three short sentences, at most one question a turn, no exclamation marks. A hint's reply is
given the hint's text alone, so it cannot hold more than the notes do.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from random import Random
from typing import Final

from tutor.domain import Fact
from tutor.tutoring import explanations
from tutor.workshop.writing import reply_words as words

FEWEST: Final = 8
MOST: Final = 40
"""Words of a reply; signs such as = and × are not words."""

_SENTENCE_END = re.compile(r"(?<=[.?])\s+")


def word_count(text: str) -> int:
    """Words and numbers of a text; `7 × 8 = 56` has three."""
    return sum(any(c.isalnum() for c in piece) for piece in text.split())


def sentences(text: str) -> list[str]:
    return [s for s in _SENTENCE_END.split(text.strip()) if s]


def repeats(text: str) -> bool:
    """Whether a sentence stands twice in a text."""
    return any(n > 1 for n in Counter(s.lower() for s in sentences(text)).values())


def fitting(make: Callable[[], str]) -> str:
    """A reply of the wanted length: drawn again, up to twenty times, while it is too short, too long or repeats."""
    drawn = []
    for _ in range(20):
        reply = make()
        if FEWEST <= word_count(reply) <= MOST and not repeats(reply):
            return reply
        drawn.append(reply)
    return min(drawn, key=lambda r: max(FEWEST - word_count(r), word_count(r) - MOST))


def small(text: str) -> str:
    """The text with a small first letter, for going on after a colon."""
    first = text.split(" ", 1)[0]
    return text if first in ("I", "I'm") else text[:1].lower() + text[1:]


def upper(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]


def stop(text: str) -> str:
    return text if text.endswith((".", "?", ":")) else text + "."


def pointed(rng: Random, hint: str, leads: Sequence[str]) -> list[str]:
    """A hint as one or two sentences: after a lead, or woven into one."""
    hint = stop(hint)
    first = hint.split(" ", 1)[0].rstrip(",")
    shape = rng.random()
    if shape < 0.25:
        return [hint]
    if shape < 0.6 or ":" in hint:
        return [rng.choice(leads), hint]
    if hint.endswith("?") and first in words.QUESTION_WORDS:
        return [rng.choice(words.INLINE_ASK) + small(hint)]
    if first in words.IMPERATIVES and rng.random() < 0.6 and "?" not in hint:
        return [rng.choice(words.INLINE_DO) + small(hint)]
    return [rng.choice(words.INLINE) + small(hint)]


def form(fact: Fact) -> str:
    """How a fact's question can stand in a sentence: as a "question", a "task" to do, or a "term"."""
    if fact.question.endswith("?") or fact.question.split(" ", 1)[0].lower() in ("what", "which", "how", "is"):
        return "question"
    return "task" if fact.question.split(" ", 1)[0].lower() in words.TASK_WORDS else "term"


_NAMED = re.compile(
    r"(?:mean|median|mode|range|area|perimeter|change|next|missing|HCF|LCM|factors|first|prime factors|primes"
    r"|multiples|total)\b"
)
"""Beginnings of a question that want "the" before them in a sentence."""


def named(fact: Fact) -> str:
    """The question as it stands in a sentence: `12 × 7`, "the mean of 3 and 5"."""
    return f"the {fact.question}" if _NAMED.match(fact.question) else fact.question


def once_asking(text: str) -> str:
    """The text up to its first question's end."""
    return text[: text.index("?") + 1] if text.count("?") > 1 else text


def ask_attempt(rng: Random, fact: Fact, why: str) -> str:
    """`why`: "new" problem, "begged" for the answer, begged with a "claim", or "stuck" with all hints given."""
    shape = form(fact)
    bank: tuple[str, ...]
    if why == "claim":
        bank = words.TO_CLAIMS + words.ASK_ATTEMPT_AGAIN[:4] if shape == "term" else words.TO_CLAIMS_PLAIN
    elif why == "begged":
        bank = words.ASK_ATTEMPT_AGAIN if shape == "term" else words.ASK_AGAIN_PLAIN
    elif why == "stuck":
        bank = words.CARRY_ON if shape == "term" else words.CARRY_ON_PLAIN
    else:
        bank = {"term": words.ASK_ATTEMPT, "task": words.ASK_TASK, "question": words.ASK_QUESTION}[shape]
    if why == "new" and fact.kind == "word_problem":
        bank = words.ASK_STORY
        return fitting(lambda: once_asking(rng.choice(bank).format(p=small(fact.question))))
    question = stop(fact.question) if shape == "question" and not fact.question.endswith("?") else named(fact)
    return fitting(lambda: upper(rng.choice(bank).format(p=question)))


def hint(rng: Random, text: str, *, rung: int, why: str) -> str:
    """`text` is the hint of the notes; `why`: "asked" for it, "stuck", "begged" for the answer, or a "step" made."""

    def make() -> str:
        leads = {
            "asked": words.HINT_LEADS,
            "stuck": words.CALM_LEADS,
            "begged": words.BEGGED_LEADS,
            "step": words.STEP_LEADS,
        }[why]
        if rung and why in ("asked", "stuck") and rng.random() < 0.5:
            leads = words.NEXT_LEADS
        said = [rng.choice(leads), stop(text)] if why == "step" else pointed(rng, text, leads)
        if "?" not in text and rng.random() < 0.55:
            said.append(rng.choice(words.CLOSERS))
        return " ".join(said)

    return fitting(make)


def sayable(attempt: str) -> bool:
    """Whether an attempt can be said back in a sentence: `4`, `x = 4`, but not `3 < 2`, `yes` or nothing.

    Nor one of several numbers, such as `£6 and £2`: a part of a wrong one may be right.
    """
    return any(c.isdigit() for c in attempt) and not re.search(r"[<>,]| is | are | and | or |remainder", attempt)


def diagnose(rng: Random, attempt: str, check: str) -> str:
    """Says that the attempt is wrong, then the check of the notes."""

    def make() -> str:
        bank = words.NOT_RIGHT if "=" in attempt else words.NOT_RIGHT + words.NOT_RIGHT_NUMBER
        wrong = rng.choice(bank if sayable(attempt) else words.NOT_RIGHT_UNSAID).format(a=attempt)
        said = sentences(wrong)
        pointed_at = pointed(rng, check, words.LOOK_AGAIN) if check else [rng.choice(words.LOOK_AGAIN)]
        if len(said) + len(pointed_at) > 3:
            pointed_at = [stop(check)]
        if check and "?" not in check and rng.random() < 0.3 and len(said) + len(pointed_at) < 3:
            pointed_at.append(rng.choice(words.CLOSERS))
        return " ".join(said + pointed_at)

    return fitting(make)


def confirm(rng: Random, fact: Fact, attempt: str) -> str:
    """Says that the attempt is right, then how it can be seen, then perhaps what to do next."""

    def make() -> str:
        said = [rng.choice(words.RIGHT if sayable(attempt) else words.RIGHT_UNSAID).format(a=attempt)]
        steps = fact.steps
        if steps and ": " in steps[-1]:
            said.append(stop(upper(steps[-1])))
        elif len(steps) > 1 and ": " not in steps[-2] and (steps[-1] == fact.answer or rng.random() < 0.4):
            said.append(rng.choice(words.DONE_TWO).format(r=steps[-2], s=steps[-1]))
        elif steps and steps[-1] != attempt:
            said.append(rng.choice(words.DONE).format(s=steps[-1]))
        if rng.random() < 0.5 and len(sentences(" ".join(said))) < 3:
            said.append(rng.choice(words.ANOTHER))
        return " ".join(said)

    return fitting(make)


def explain(rng: Random, fact: Fact) -> str:
    """All steps in order and unchanged in one sentence or two, then the answer; tersely when there are many."""
    steps = list(fact.steps)
    worded = explanations.is_worded(steps)
    leads = explanations.PLAIN_LEADS if worded else explanations.LEADS

    def so() -> str:
        bank = explanations.conclusions(fact.answer)
        if bank is explanations.SO and fact.kind == "expression":
            bank += explanations.SO_OF
        return rng.choice(bank).format(x=fact.answer, p=fact.question)

    def make() -> str:
        if not steps:
            return so()
        if len(steps) == 1:
            said = [upper(rng.choice(("",) if worded else explanations.ONE_STEP) + steps[0]) + "."]
        elif len(steps) == 2 or (len(steps) == 3 and rng.random() < 0.4):
            said = [rng.choice(leads) + (rng.choice(explanations.JOINS) if not worded else "; ").join(steps) + "."]
        else:
            half = (len(steps) + 1) // 2
            joint = rng.choice(explanations.JOINS) if len(steps) < 6 and not worded else "; "
            said = [
                rng.choice(leads) + joint.join(steps[:half]) + ".",
                rng.choice(explanations.NEXT_STEPS) + joint.join(steps[half:]) + ".",
            ]
        said.append(so())
        if len(said) < 3 and rng.random() < 0.5:
            said.append(rng.choice(explanations.CLOSINGS))
        return " ".join(said)

    return fitting(make)
