"""The terms of the glossary, and how a message is read for them: its spelling, what is around a question, slips."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from tutor.tutoring import intent_rules
from tutor.tutoring.rules.language import known_word

_DATA: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("glossary.toml").read_text(encoding="utf-8"))
_SPELLINGS: Final[dict[str, str]] = _DATA["spelling"]
_OTHERS: Final = frozenset(_DATA["others"])
_LONGEST: Final = 160
"""Characters of a message that is looked at; a longer one asks for more than a word."""
BESIDE: Final = 7
"""Words that a message may have besides the question."""
_ONE_SLIP: Final = 6
_TWO_SLIPS: Final = 10
"""Letters of a term from which one slip, or two, are still the term."""

_FLAT_OR_SOLID: Final = re.compile(r"\b(?:([23])[ -]?d|(two|three)[ -]?d)\b")
_AXIS: Final = re.compile(r"\b([xy]) ax(?=[ei]s\b)")
_WORKING: Final = re.compile(r"\d(?!d\b)|[+*/=<>^√%£$€÷]")
"""Numbers and signs: something is to be worked out."""
_BREAK: Final = re.compile(r"[.!?,;:\n]+")
_NOT_A_WORD: Final = re.compile(r"[^a-z0-9' -]+")

LEAD: Final = (
    r"(?:(?:hi|hiya|hello|hey|um+|uh+|er+m*|hmm+|ugh+|oh|ok|okay|so|but|and|wait|please|sorry|sir|miss|also|first|actually|like"
    r"|no|yes|yeah|again|now|just|quick question|one question|question|i was wondering|i wonder|help|help me) )*"
    r"(?:(?:can|could|would|will) (?:you|we|i) (?:please |just |quickly )?"
    r"|i (?:just )?(?:need|want|would like|have) (?:you )?to )?"
    r"(?:(?:say|tell|remind|teach|show|ask|know|understand|learn|explain)(?: to)?(?: me| us| you)?"
    r" (?:again |please )?)?"
    r"(?:do you know )?"
)
TAIL: Final = (
    r"(?P<tail>(?: (?:please|again|exactly|then|though|actually|anyway|even|called|thanks|thank you|to me|for me|like"
    r"|in (?:maths|algebra|geometry)|in (?:my |our |the |a )?maths (?:lesson|class|homework)|for (?:kids|children)"
    r"|help|help me|sir|miss"
    r"|(?:of|in|on) (?:a|the) (?:fraction|shape|number|circle|graph|triangle|cube|solid)"
    r"|in (?:simple|easy|plain|your own|other) (?:words|terms)"
    r"|in (?:my|the|our) (?:homework|lesson|test|question|class)|(?:used )?for|used|all about|about|supposed to be"
    r"|i (?:forgot|do not know|don't know|do not get it|don't get it|can't remember)|i am (?:confused|stuck)"
    r"|and what (?:is it|are they) (?:used )?for|and how (?:do|does|can) (?:i|you|we|it|they) \w+(?: it| them)?))*)"
)
NOT_KNOWN: Final = (
    r"(?:i (?:still |really |just |always |keep |have |also )*(?:(?:do not|don't|did not|didn't|can't|cannot|never)"
    r" (?:even |really |quite )?(?:know|knew|get|understand|understood|remember|recall)|forgot|forget|forgetting"
    r"|forgotten)"
    r"|(?:i am )?(?:not sure|unsure|confused about|confused)|(?:i have |i have got |got )?no (?:idea|clue)|don't know"
    r"|don't get|forgot)(?: about)?"
)


@dataclass(frozen=True, slots=True)
class Term:
    """A word of school maths."""

    words: tuple[str, ...]
    """How it is written, its usual name first."""
    says: str
    example: str
    use: str
    """How to use the tool that it names, "" for all others."""
    asked: bool
    """Problems ask for it: "what is the area" is no question about a word while there is a problem."""
    asked_in: tuple[str, ...]
    """Topics whose problems ask for it: "what are the factors" where those of 12 are to be found."""


@cache
def terms() -> tuple[Term, ...]:
    """All terms of the glossary."""
    return tuple(
        Term(
            tuple(row["words"]),
            row["says"],
            row["example"],
            row.get("use", ""),
            row.get("asked", False),
            tuple(row.get("asked_in", ())),
        )
        for row in _DATA["term"]
    )


@cache
def by_wording() -> dict[str, Term]:
    """Every way in which a term is written."""
    return {word: term for term in terms() for word in term.words}


def parts(text: str) -> list[str]:
    """The parts of a message between its stops, in plain words; none where numbers or signs are to be worked with."""
    if len(text) > _LONGEST:
        return []
    text = _FLAT_OR_SOLID.sub(lambda m: f"{m[1] or ('2' if m[2] == 'two' else '3')}d", text.lower())
    words = intent_rules.tidy(_AXIS.sub(r"\1-ax", text))
    if _WORKING.search(words):
        return []
    return [part for raw in _BREAK.split(words) if (part := _plain(raw))]


def _plain(part: str) -> str:
    bare = (word.strip("'-") for word in _NOT_A_WORD.sub(" ", part).split())
    return " ".join(_SPELLINGS.get(word, word) for word in bare if word)


def named_in(text: str, term: Term) -> bool:
    """Whether a text uses the term, in any of the ways in which it is written."""
    words = _plain(intent_rules.tidy(text.lower()))
    return any(re.search(rf"\b{re.escape(word)}s?\b", words) for word in term.words)


def slip_of(said: str) -> Term | None:
    """The term of whose usual name the words are a misspelling."""
    single = said.removesuffix("s")
    if {said, single} & _OTHERS or any(character.isdigit() for character in said):
        return None
    return next((term for term in terms() if _slipped(said, term.words[0]) or _slipped(single, term.words[0])), None)


def _slipped(said: str, name: str) -> bool:
    """Whether what was said is the name with a slip of the pen or two, its first letter right, and no other word."""
    most = 2 if len(name) >= _TWO_SLIPS else 1 if len(name) >= _ONE_SLIP else 0
    if not (most and said[:1] == name[0] and abs(len(said) - len(name)) <= most and _slips(said, name) <= most):
        return False
    return not any(known_word(word) for word in said.split() if word not in name.split())  # "square foot", "divided"


def _slips(one: str, other: str) -> int:
    """Letters left out, put in, changed, or swapped with the next (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            row.append(min(last[j] + 1, row[-1] + 1, last[j - 1] + (a != b)))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                row[j] = min(row[j], before[j - 2] + 1)
        before, last = last, row
    return last[-1]
