"""Declared settings: key, type, default, description. Values are kept in the store, as JSON.

A setting that is not declared here does not exist; a stored value of the wrong type falls back to its default.
"""

import re
from typing import Any, Final

import msgspec


class Declared(msgspec.Struct, frozen=True):
    """One setting. `scope`: "school" (teacher only) or "learner" (kept per learner)."""

    key: str
    type: Any
    default: Any
    description: str
    scope: str = "school"
    pattern: str = ""
    """A regular expression that a text must match as a whole; "" for any."""


_TIME: Final = r"(?:(?:[01]\d|2[0-3]):[0-5]\d)?"

DECLARED: tuple[Declared, ...] = (
    Declared("setting", str, "home", "Where the program is used: home or school."),
    Declared("country", str, "GB", "Country whose help lines are shown (ISO 3166-1 alpha-2)."),
    Declared("model", str, "", "Path of the GGUF model in use; empty for the one that ships."),
    Declared("n_ctx", int, 0, "Context length in tokens; 0 for the model's own, within what memory allows."),
    Declared("gpu", bool, True, "Use the GPU where llama.cpp has one."),
    Declared(
        "strictness", str, "shipped", "Safety levels: shipped, stricter or laxer.", pattern="shipped|stricter|laxer"
    ),
    Declared("record_days", int, 365, "Days that the safeguarding record keeps what was written; 0 for always."),
    Declared(
        "conversation_months",
        int,
        0,
        "Months after the last turn that conversations are kept, 1 to 60; 0 until the learner is erased.",
        pattern="[0-9]|[1-5][0-9]|60",
    ),
    Declared("give_answers", bool, False, "Show whole solutions without an attempt."),
    Declared("give_answers_reason", str, "", "Why whole solutions are shown; required to switch it on."),
    Declared("minutes_a_day", int, 0, "Minutes that a learner may work a day; 0 for no limit."),
    Declared(
        "chat_from",
        str,
        "",
        "Time of day from which learners may chat; empty for always.",
        pattern=_TIME,
    ),
    Declared("chat_until", str, "", "Time of day until which learners may chat; empty for always.", pattern=_TIME),
    Declared("break_after", int, 25, "Minutes of work after which a break is proposed; 0 for never."),
    Declared("learner_corrections", bool, True, "At home: use a learner's own correction once every check passes."),
    Declared("survey", bool, True, "Ask learners two short questions after a conversation, once a week at most."),
    Declared("asks_a_day", int, 3, "Answers a day that the tutor asks a learner about; 0 for none."),
    Declared("temperature", float, 0.3, "Randomness of the next token; 0 is always the likeliest."),
    Declared("top_k", int, 40, "Only the k likeliest tokens; 0 for all."),
    Declared("top_p", float, 0.95, "Only the likeliest tokens that together reach this probability."),
    Declared("min_p", float, 0.05, "Only tokens at least this likely, relative to the likeliest."),
    Declared("repeat_penalty", float, 1.05, "Above 1 makes repeated words less likely."),
    Declared("seed", int, -1, "Same seed, same answer; -1 for a new one each time."),
    Declared("max_tokens", int, 400, "The longest answer, in tokens."),
    Declared("best_of", int, 1, "Answers written for each question; the one the model is surest of is kept."),
    Declared("theme", str, "system", "system, light, dark, contrast or contrast-dark.", "learner"),
    Declared("text_size", int, 100, "Text size in percent, 80 to 200.", "learner"),
    Declared("reduced_motion", bool, False, "No animations.", "learner"),
    Declared("privacy_read", str, "", "When the privacy notice was last read (UTC, ISO 8601).", "learner"),
    Declared("font", str, "hyperlegible", "hyperlegible or dyslexic.", "learner"),
)

BY_KEY: dict[str, Declared] = {d.key: d for d in DECLARED}


def read(key: str, stored: bytes | str | None) -> Any:
    """The value of a declared setting: the stored JSON if it has the declared type, else the default.

    Raises KeyError for an undeclared key.
    """
    declared = BY_KEY[key]
    if stored is None:
        return declared.default
    try:
        return msgspec.json.decode(stored, type=declared.type)
    except (msgspec.ValidationError, msgspec.DecodeError):
        return declared.default


def write(key: str, value: Any) -> str:
    """JSON of a value after checking its type. Raises KeyError or msgspec.ValidationError."""
    declared = BY_KEY[key]
    converted = msgspec.convert(value, type=declared.type)
    if declared.pattern and re.fullmatch(declared.pattern, str(converted)) is None:
        raise msgspec.ValidationError(f"{key} does not match {declared.pattern}")
    return msgspec.json.encode(converted).decode()
