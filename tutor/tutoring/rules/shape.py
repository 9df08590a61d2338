"""The shape of a turn: how many questions, whether it ends with one, how long it is, which words it must use."""

import re
from collections.abc import Sequence
from typing import Final

from tutor.domain import Move
from tutor.domain_lessons import Length, Questions, Words
from tutor.retrieval.words import stem
from tutor.tutoring.rules.sight import Sight
from tutor.tutoring.rules.texts import IRREGULAR, WORD, is_question, plain_words, sentences, stems

_WORK: Final = frozenset({Move.HINT, Move.EXPLAIN})
"""Moves that tell of the matter at some length, so that its words fit there."""
RESERVED: Final = 5
"""Words of a question that people wrote, to end a turn with."""
_ENDINGS: Final = frozenset({"er", "est", "ly", "r", "st", "al", "ally", "ness", "ful", "n", "or", "ers"})
_IN_QUOTES: Final = re.compile(r"[\"“«„][^\"”»“]{0,400}[\"”»“]")


def questions(text: str) -> list[str]:
    """The sentences that ask. Quoted ones do not."""
    return [one for one in sentences(_IN_QUOTES.sub(" q ", text)) if is_question(one)]


def questions_broken(text: str, guideline: Questions, sight: Sight) -> str | None:
    """`2 > 1`, or `no question at the end`."""
    asked = len(questions(text))
    if asked > guideline.most:
        return f"{asked} > {guideline.most}"
    if guideline.end_with and sight.open_work and text.strip() and not ends_with_question(text):
        return "no question at the end"
    return None


def ends_with_question(text: str) -> bool:
    last = sentences(text)[-1:]
    return bool(last) and is_question(last[0])


def too_long(text: str, before: Sequence[str], guideline: Length, sight: Sight) -> str | None:
    """`93 > 80` when this sentence goes beyond the bound, with room kept for a question where one must end the turn."""
    count = sum(len(WORD.findall(part)) for part in (*before, text))
    room = guideline.most_words
    if before and not is_question(text) and sight.open_work and not any(map(is_question, before)):
        ends = any(isinstance(g, Questions) and g.end_with for g in sight.lesson.guidelines)
        room -= RESERVED if ends and room > 2 * RESERVED else 0
    return f"{count} > {guideline.most_words}" if guideline.most_words > 0 and count > room else None


def length_broken(text: str, guideline: Length, sight: Sight) -> str | None:
    """The bounds of a whole turn."""
    count = len(WORD.findall(text))
    if count < guideline.least_words:
        return f"{count} < {guideline.least_words}"
    return too_long(text, (), guideline, sight)


def avoided(text: str, before: Sequence[str], guideline: Words, sight: Sight) -> str | None:
    """Which line of the words to avoid is used, in any inflection. What the learner wrote may be quoted back."""
    words = plain_words(_IN_QUOTES.sub(" ", text))
    for number, line in enumerate(guideline.avoid, 1):
        if _said(line, words):
            return f"avoid {number}"
    return None


def missing(text: str, guideline: Words, sight: Sight) -> str | None:
    """Which required line has none of its alternatives in a turn about the matter."""
    if sight.move not in _WORK or not _of_the_lesson(sight):
        return None
    words = plain_words(text)
    for number, line in enumerate(guideline.required, 1):
        if not any(_said(one, words) for one in line.split("|") if one.strip()):
            return f"required {number}"
    return None


def _of_the_lesson(sight: Sight) -> bool:
    """Whether the problem in hand is one of the lesson, or about the same."""
    problem = sight.state.problem
    if sight.state.item or problem is None:
        return True
    return bool(sight.vocabulary & stems(f"{problem.topic} {problem.kind}"))


def _said(phrase: str, words: Sequence[str]) -> bool:
    """Whether a phrase stands in a text, word by word in any inflection."""
    wanted = [_bare(word) for word in plain_words(phrase)]
    if not wanted:
        return False
    said = [_bare(word) for word in words]
    for at in range(len(said) - len(wanted) + 1):
        if all(_same(a, b) for a, b in zip(said[at : at + len(wanted)], wanted, strict=True)):
            return True
    return False


def _bare(word: str) -> str:
    word = word.removesuffix("'s")
    return stem(IRREGULAR.get(word, word))


def _same(one: str, other: str) -> bool:
    return one == other or _comparative(one, other)


def _comparative(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if len(short) < 3:
        return False
    root = short[:-1] + "i" if short.endswith("y") else short
    return long[len(root) :] in _ENDINGS if long.startswith(root) else long == f"{short}{short[-1]}er"
