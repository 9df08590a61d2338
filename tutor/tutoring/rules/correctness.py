"""Correctness: what is stated of the item in hand agrees with its answer key, and with how the attempt was graded."""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from tutor.domain_lessons import Correctness
from tutor.tutoring import reading
from tutor.tutoring.numbers import NUMBER, number
from tutor.tutoring.rules import answers
from tutor.tutoring.rules.answers import Key, key_of
from tutor.tutoring.rules.patterns import compiled
from tutor.tutoring.rules.sight import Sight
from tutor.tutoring.rules.texts import is_question, plain_words

_ANSWER: Final = compiled("correctness", "answer")
_NUMBER_NEXT: Final = re.compile(rf" (?:[a-z] ?= ?)?[£$€]?({NUMBER})( ?%)?")
_WORDS_NEXT: Final = re.compile(r" (?:an? |the |called )?([^.,;:!?]{2,60})")
_TALK: Final = compiled("correctness", "talk")
_NOT: Final = re.compile(
    r" (?:not|never|n't|bigger|smaller|more|less|between|in|on|close|near|wrong|right|correct|yours|hidden|the same)\b"
)
_SAYS_RIGHT: Final = compiled("correctness", "says_right")
_SAYS_WRONG: Final = compiled("correctness", "says_wrong")


def broken(text: str, before: Sequence[str], guideline: Correctness, sight: Sight) -> str | None:
    """The id of the item that the sentence is wrong about, or `verdict`."""
    item = next((i for i in sight.lesson.items if i.id == sight.state.item), None)
    plain = reading.plain(text)
    if item is not None and not is_question(text):
        key = key_of(item)
        tolerance = max(key.tolerance, Fraction(str(guideline.tolerance)))
        if _states_other(plain, key, tolerance, numeric=bool(key.values)):
            return item.id
    said = reading.signs(text)
    if sight.right is False and _SAYS_RIGHT.search(said) and not _SAYS_WRONG.search(said):
        return "verdict"
    if sight.right is True and _SAYS_WRONG.search(said) and not _SAYS_RIGHT.search(said):
        return "verdict"
    return None


def _states_other(plain: str, key: Key, tolerance: Fraction, *, numeric: bool) -> bool:
    """Whether "the answer is ..." goes on with something else than the key."""
    for match in _ANSWER.finditer(plain):
        rest = plain[match.end() :]
        if _NOT.match(rest):
            continue
        if numeric:
            found = _NUMBER_NEXT.match(rest)
            value = number(found[1]) if found else None
            if found is None or value is None:
                continue
            after = rest[found.end() :]
            if re.match(r" ?(?:[-+*÷/=]|times\b|more\b|less\b|of\b|and\b)", after):
                continue
            values = {value, value / 100} if found[2] else {value}
            if not any(abs(v - k) <= tolerance for v in values for k in key.values):
                return True
        elif key.phrases and (found := _WORDS_NEXT.match(rest)) is not None:
            if key.verdict:
                said = plain_words(found[1])[:1]
                if (
                    said
                    and said[0] in ("yes", "no", "true", "false")
                    and not answers.given_away(f"the answer is {said[0]}.", key)
                ):
                    return True
            elif not answers.given_away(f"the answer is {found[1]}.", key) and _is_name(found[1]):
                return True
    return False


def _is_name(words: str) -> bool:
    """Whether words are an answer, and not talk about it ("in the second paragraph")."""
    return 0 < len(plain_words(words)) <= 4 and _TALK.search(words) is None
