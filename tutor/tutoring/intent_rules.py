"""Rules for a learner's intent: short messages and set phrases that need no model."""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tutor.domain import Fact, Intent, TutoringState
from tutor.tutoring import grading, reading

_DATA: Final = tomllib.loads(Path(__file__).with_name("intent_rules.toml").read_text(encoding="utf-8"))
_SPELLINGS: Final[dict[str, str]] = _DATA["spelling"]
_RULES: Final[tuple[tuple[Intent, float, re.Pattern[str]], ...]] = tuple(
    (Intent(rule["intent"]), rule["sure"], re.compile("|".join(rule["patterns"]))) for rule in _DATA["rule"]
)
_STUCK: Final = re.compile(r"\W*(?:(?:no|nah|er+m*|um+|uh+|hm+|well|i am|i'?m)\W+)*not (?:really|yet|sure)(?: \w+)?\W*")
"""The answer of somebody who was asked for the next step and has none: no thanks for a hint that was clear."""
_HOW: Final = r"\b(?:how|why|explain|what does .{1,30} mean|what do you mean|mean(?:s|ing)?|show me how)\b"
_NUMBER_ALONE: Final = re.compile(
    r"(?:so |is it |is that |maybe |hmm+ |what about |let me try:? |would )*(?:[a-z] ?= ?)?[-£]?\d[\d./, ]*"
    r"(?:%|p|cm|m|km|g|kg| minutes| remainder \d+)?(?: be right| then| i think)?[?.! ]*"
)


def tidy(text: str) -> str:
    """The message in common spelling, for rules and for the encoder."""
    words = reading.signs(text).split()
    return " ".join(w for w in (_respelt(word) for word in words[:200]) if w)


def _respelt(word: str) -> str:
    bare = word.strip(".,!?;:")
    return word.replace(bare, _SPELLINGS[bare]) if bare in _SPELLINGS else word


def by_rule(text: str, *, facts: Sequence[Fact], state: TutoringState) -> tuple[Intent, float] | None:
    """The intent that a rule gives, None when none applies."""
    words = tidy(text)
    if not re.search(r"\w", words):
        return (Intent.ASKS_HINT, 0.5) if "?" in words else (Intent.FEEDBACK, 0.4)
    distress = next(((i, sure) for i, sure, p in _RULES if i is Intent.DISTRESS and p.search(words)), None)
    if distress:
        return distress
    problems = [*facts[:2], *([state.problem] if state.problem else [])]
    if any(_tried(text, words, fact, fact is state.problem) for fact in problems):
        return Intent.ATTEMPT, 0.93
    if state.problem and _STUCK.fullmatch(words.lower()):
        return Intent.ASKS_HINT, 0.85
    for intent, sure, pattern in _RULES:
        if pattern.search(words):
            return intent, sure
    if facts:
        return (
            (Intent.ASKS_EXPLANATION, 0.8)
            if re.search(_HOW, words) and not _how_many(words)
            else (Intent.ASKS_ANSWER, 0.9)
        )
    if not state.problem and _NUMBER_ALONE.fullmatch(words):
        return Intent.ATTEMPT, 0.85
    return None


def _how_many(words: str) -> bool:
    return re.search(r"\bhow (?:many|much|long|far)\b", words) is not None


def _tried(text: str, words: str, fact: Fact, is_open: bool) -> bool:
    attempt = grading.attempt_in(text, fact)
    if not attempt:
        return False
    if is_open:
        return not re.search(r"\b(?:hint|clue|explain|why)\b", words)
    return re.search(r"\d", attempt) is not None or fact.kind == "comparison"
