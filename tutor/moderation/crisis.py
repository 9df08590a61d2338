"""Signs of distress in a learner's words, by rules beside the classifier, and how soon a person must know.

Rules read `spelling.spoken`, so "i want 2 d1e" and "w a n t  t o  d i e" are the same words. Each rule has the kind of
alert and its severity: 1 look when you can, 2 soon, 3 now.
Idioms are taken out before any rule looks. The rules are data, in `crisis.toml`; `danger.toml` holds plain requests for
help with harm.
"""

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Final

import msgspec

from tutor.domain import Action, Verdict
from tutor.moderation import emoji, spelling
from tutor.moderation.entries import written_out

_WORDS: Final = 60
_OVERLAP: Final = 20


class Sign(msgspec.Struct, frozen=True):
    """One sign found."""

    kind: str
    """self_harm | abuse | hopeless | friend"""
    severity: int


class _Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: str
    severity: int
    patterns: list[str]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    alike: list[str]
    words: dict[str, str]
    rules: list[_Group]


class Rules(msgspec.Struct, frozen=True):
    """A rule file, compiled."""

    alike: tuple[re.Pattern[str], ...]
    rules: tuple[tuple[re.Pattern[str], Sign], ...]


@cache
def rules(name: str = "crisis") -> Rules:
    """The rules that come with the program: `crisis` or `danger`."""
    return parse(resources.files("tutor.moderation").joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def parse(text: str) -> Rules:
    """Compile the text of a rule file. Raises ValueError (also msgspec's and tomllib's) when it is not in order."""
    file = msgspec.convert(tomllib.loads(text), _File)

    def compiled(pattern: str) -> re.Pattern[str]:
        pattern = written_out(pattern, file.words)
        try:
            return re.compile(pattern)
        except re.error as error:
            raise ValueError(f"crisis rule {pattern!r}: {error}") from error

    return Rules(
        tuple(compiled(p) for p in file.alike),
        tuple((compiled(p), Sign(g.kind, g.severity)) for g in file.rules for p in g.patterns),
    )


def signs(text: str) -> Sign | None:
    """The gravest sign of distress that the rules find in a learner's words, None for none."""
    return _gravest(text, rules())


def dangerous(text: str) -> Sign | None:
    """A plain request for help with harm, None for none."""
    return _gravest(text, rules("danger"))


def _gravest(text: str, book: Rules) -> Sign | None:
    found = [s for piece in _pieces(text) if _find(piece, book) for s in _find(_without_idioms(piece, book), book)]
    return max(found, key=lambda s: s.severity) if found else None


def _find(piece: str, book: Rules) -> list[Sign]:
    return [sign for rule, sign in book.rules if rule.search(piece)]


def _without_idioms(piece: str, book: Rules) -> str:
    for idiom in book.alike:
        piece = idiom.sub(" ", piece)
    return " ".join(piece.split())


def _pieces(text: str) -> list[str]:
    """Sentences in plain spelling, and the whole where it is short; long ones in overlapping parts."""
    whole = spelling.plain(emoji.without(text))
    pieces = [spelling.spoken(part) for part in re.split(r"[.!?;\n]+(?:\s|$)", whole)]
    if len(whole) < 400:
        pieces.append(spelling.spoken(whole))
    parts = []
    for piece in dict.fromkeys(pieces):
        words = piece.split()
        for start in range(0, max(1, len(words) - _OVERLAP), _WORDS - _OVERLAP):
            parts.append(" ".join(words[start : start + _WORDS]))
    return parts


def severity(verdict: Verdict, text: str) -> tuple[str, int]:
    """Kind and severity (0-3) of the alert that a learner's message asks for; ("", 0) for none."""
    sign = signs(text)
    if verdict.action is Action.SIGNPOST:
        if sign is not None:
            return sign.kind, sign.severity
        return "self_harm", 2 if verdict.scores.get("self_harm", 0.0) >= 0.8 else 1
    if verdict.reason.startswith("error"):
        return "not_checked", 1
    if "threat" in verdict.labels and verdict.action in (Action.BLOCK, Action.REFUSE):
        return "threat", 2
    if verdict.action is Action.REFUSE:
        return "dangerous_request", 2
    if "sexual_explicit" in verdict.labels and verdict.action is Action.BLOCK:
        return "sexual", 2
    if verdict.action is Action.BLOCK:
        return "abusive_language", 1
    return ("review", 1) if verdict.action is Action.REVIEW else ("", 0)
