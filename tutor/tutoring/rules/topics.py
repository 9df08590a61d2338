"""Topics: what a lesson does not speak about, and whether a message or a sentence is outside of what it is about.

By word stems always; by the encoder's likeness, too, where the engine has it.
"""

import re
from collections.abc import Sequence
from typing import Final

from tutor.domain import Intent, Move
from tutor.domain_lessons import Forbidden, Scope
from tutor.retrieval.words import akin
from tutor.tutoring import facts as maths
from tutor.tutoring.rules import nearness
from tutor.tutoring.rules.language import known_word
from tutor.tutoring.rules.sight import Sight
from tutor.tutoring.rules.texts import LITTLE, plain_words, stems, talk

_ABOUT_WORK: Final = stems(talk("work"))
"""Words of any lesson, which say nothing about its topic."""
_INSIDE_NEAR: Final = 0.19
"""Cosine to the nearest topic from which it is inside, whatever its words."""
PARTS: Final = re.compile(r"[|,;/]|\band\b|\bor\b")
_ASKING: Final = (Intent.OFF_TOPIC, Intent.ASKS_EXPLANATION, Intent.ASKS_ANSWER, Intent.ASKS_HINT)
_QUESTION: Final = re.compile(r"^\W*(?:what|how|who|when|where|why|which|can you|tell me)\b", re.IGNORECASE)
_OUTPUT_LEAST: Final = 4
"""Content words that a sentence needs, so that it can be outside."""


def forbidden(text: str, before: Sequence[str], guideline: Forbidden, sight: Sight) -> str | None:
    """Which line of the topics a text speaks about."""
    if sight.passes_on(text):
        return None  # the lesson's own words
    parts = [(n, part.strip()) for n, topic in enumerate(guideline.topics, 1) for part in PARTS.split(topic)]
    parts = [(number, part) for number, part in parts if stems(part)]
    if number := next((number for number, part in parts if _named(text, part)), 0):
        return f"topic {number}"
    said = stems(text) | _joined(text)
    akin_to = [all(any(_same(want, word) for word in said) for want in stems(part)) for _, part in parts]
    if sight.encode is None or not parts or len(said) < 2:
        return f"topic {parts[akin_to.index(True)][0]}" if any(akin_to) else None
    scores = nearness.score(text, [part for _, part in parts], sight.encode)
    for (number, _), near, shares in zip(parts, scores, akin_to, strict=True):
        if near >= (nearness.BACKED if shares else nearness.NEAR):
            return f"topic {number}"
    return None


def _named(text: str, part: str) -> bool:
    """Whether a part of a topic stands in a text word for word, or with its letters parted."""
    wanted = plain_words(part)
    there = plain_words(text)
    if any(there[at : at + len(wanted)] == wanted for at in range(len(there) - len(wanted) + 1)):
        return True
    return "".join(wanted) in _joined(text)


def _same(want: str, word: str) -> bool:
    return want == word or akin(want, word) or (len(want) > 3 and word.startswith(want) and len(word) - len(want) <= 4)


def _joined(text: str) -> frozenset[str]:
    """Letters parted by signs as one word: `f-o-o-t`, `g.u.n`."""
    return frozenset(re.sub(r"[\W_]", "", m[0]).casefold() for m in re.finditer(r"\b\w(?:[ ._*-]\w){2,}\b", text))


def outside(words: str, intent: Intent | None, guideline: Scope, sight: Sight) -> str | None:
    """`outside` for a message that asks for something which the lesson is not about."""
    about = stems(words) - _ABOUT_WORK
    if not any(known_word(word) or word[0].isdigit() for word in plain_words(words) if stems(word) & about):
        return None  # sounds and slips of the fingers are about nothing
    asking = intent in _ASKING or (intent is Intent.ATTEMPT and sight.state.problem is None and _QUESTION.search(words))
    if not asking or not about or sight.passages:
        return None
    if _inside(about, sight) or (sight.lesson.subject == "maths" and maths.facts_in(words)):
        return None
    if sight.encode is not None:
        nearest = max(likeness(words, _topics(guideline, sight), sight), default=0.0)
        return "outside" if nearest < _INSIDE_NEAR else None
    return "outside" if intent is Intent.OFF_TOPIC or len(about) > 1 else None


def sentence_outside(text: str, before: Sequence[str], guideline: Scope, sight: Sight) -> str | None:
    """`outside` for a sentence of the tutor that speaks about something else."""
    if sight.move not in (None, Move.CONVERSE, Move.RECALL):
        return None  # the move is about the problem in hand
    about = stems(text) - _ABOUT_WORK
    if len(about) < _OUTPUT_LEAST or _inside(about, sight) or about & stems(sight.given):
        return None
    if sight.lesson.subject == "maths" and re.search(r"\d ?[-+*/÷×=]", text):
        return None
    if sight.encode is not None:
        nearest = max(likeness(text, _topics(guideline, sight), sight), default=0.0)
        return "outside" if nearest < _INSIDE_NEAR else None
    return "outside"


def _inside(about: frozenset[str], sight: Sight) -> bool:
    """Whether a text has words of the lesson: one in few, several in many."""
    vocabulary = sight.vocabulary - _ABOUT_WORK
    shared = sum(any(word == known or akin(word, known) for known in vocabulary) for word in about if len(word) > 2)
    return shared >= max(1, len(about) // 4)


def _topics(guideline: Scope, sight: Sight) -> tuple[str, ...]:
    """The topics as questions about the lesson: so they are nearer to questions than as bare words."""
    lesson = sight.lesson
    lines = dict.fromkeys(line for line in (*guideline.topics, *lesson.skills, *lesson.objectives) if line.strip())
    return tuple(f"a question about {lesson.title}: {line}" for line in (*lines, lesson.summary) if line.strip())


def likeness(text: str, others: Sequence[str], sight: Sight) -> list[float]:
    """Cosines of a text to others. Without an encoder, or others, none."""
    if sight.encode is None or not others:
        return []
    rows = sight.encode((text, *others))
    return [float(row @ rows[0]) for row in rows[1:]]


def content_words(text: str) -> list[str]:
    return [word for word in plain_words(text) if word not in LITTLE]
