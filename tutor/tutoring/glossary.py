"""Maths words: which of them a learner asks the meaning of, and what people wrote to explain it."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from tutor.domain import Fact, MathsStatus
from tutor.i18n import tr
from tutor.tutoring import intent_rules
from tutor.tutoring.checks import check_sentence
from tutor.tutoring.reveals import reveals_answer
from tutor.tutoring.rules.language import known_word

_DATA: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_SPELLINGS: Final[dict[str, str]] = _DATA["spelling"]
_OTHERS: Final = frozenset(_DATA["others"])
_LONGEST: Final = 160
"""Characters of a message that is looked at; a longer one asks for more than a word."""
_BESIDE: Final = 7
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

_LEAD: Final = (
    r"(?:(?:hi|hiya|hello|hey|um+|uh+|er+m*|hmm+|ugh+|oh|ok|okay|so|but|and|wait|please|sorry|sir|miss|also|first|actually|like"
    r"|no|yes|yeah|again|now|just|quick question|one question|question|i was wondering|i wonder|help|help me) )*"
    r"(?:(?:can|could|would|will) (?:you|we|i) (?:please |just |quickly )?"
    r"|i (?:just )?(?:need|want|would like|have) (?:you )?to )?"
    r"(?:(?:say|tell|remind|teach|show|ask|know|understand|learn|explain)(?: to)?(?: me| us| you)?"
    r" (?:again |please )?)?"
    r"(?:do you know )?"
)
_TERM: Final = (
    r"(?:(?P<article>a|an|the|some|this|these) )?(?:(?P<named>word|term|name)s?(?: called)? )?(?:(?P<art>a|an|the) )?"
    r"(?P<term>[a-z0-9'-]+(?: [a-z0-9'-]+){0,5}?)"
)
_TAIL: Final = (
    r"(?P<tail>(?: (?:please|again|exactly|then|though|actually|anyway|even|called|thanks|thank you|to me|for me|like"
    r"|in (?:maths|algebra|geometry)|in (?:my |our |the |a )?maths (?:lesson|class|homework)|for (?:kids|children)"
    r"|help|help me|sir|miss"
    r"|(?:of|in|on) (?:a|the) (?:fraction|shape|number|circle|graph|triangle|cube|solid)"
    r"|in (?:simple|easy|plain|your own|other) (?:words|terms)"
    r"|in (?:my|the|our) (?:homework|lesson|test|question|class)|(?:used )?for|used|all about|about|supposed to be"
    r"|i (?:forgot|do not know|don't know|do not get it|don't get it|can't remember)|i am (?:confused|stuck)"
    r"|and what (?:is it|are they) (?:used )?for|and how (?:do|does|can) (?:i|you|we|it|they) \w+(?: it| them)?))*)"
)
_NOT_KNOWN: Final = (
    r"(?:i (?:still |really |just |always |keep |have |also )*(?:(?:do not|don't|did not|didn't|can't|cannot|never)"
    r" (?:even |really |quite )?(?:know|knew|get|understand|understood|remember|recall)|forgot|forget|forgetting"
    r"|forgotten)"
    r"|(?:i am )?(?:not sure|unsure|confused about|confused)|(?:i have |i have got |got )?no (?:idea|clue)|don't know"
    r"|don't get|forgot)(?: about)?"
)
_WHAT_IS: Final = (
    r"what (?:exactly |even |actually |on earth )?"
    r"(?:is meant by|do (?:you|they|we) mean by|does it mean (?:by|when it says)|is the (?:meaning|definition) of"
    r"|is|are|was|were)"
)
_QUESTIONS: Final = tuple(
    re.compile(rf"{_LEAD}{question}{_TAIL}")
    for question in (
        rf"(?:{_NOT_KNOWN} )?what (?:does |do |did |would |is )?{_TERM} (?:even |actually |really )?"
        r"(?:means?|stands? for|meaning)",
        rf"{_WHAT_IS} {_TERM}",
        rf"what does it mean (?:when|if|that) (?:[a-z]+ ){{1,3}}(?:is|are) {_TERM}",
        rf"(?:{_NOT_KNOWN} )?what {_TERM} (?:is|are|was|were)",
        rf"(?:what is )?(?:the |a )?(?:define|definition|meaning)(?: of| for)? {_TERM}",
        rf"(?P<loose>explain|describe|what about) {_TERM}",
        rf"(?:explain|describe) what {_TERM} (?:is|are|means?)",
        rf"{_TERM} (?:meaning|definition|means? what|what (?:is|are) (?:it|that|this|they|those)(?: word)?"
        r"|what (?:does|do) (?:it|that|this|they) mean)",
    )
)
_HOW: Final = re.compile(
    rf"{_LEAD}(?:{_NOT_KNOWN} )?(?:how (?:on earth )?(?:do|does|can|should|would|am|are|to)?"
    rf"(?: (?:i|you|we|one|people|supposed|meant|to))* ?"
    rf"(?:use|work with|draw with|hold|read|measure (?:an angle|angles|a line|lines) (?:with|using))"
    rf"|what (?:do|can|should) (?:i|you|we) do with|(?:to|about) us(?:e|ing)|help (?:me )?(?:with )?us(?:e|ing)) "
    rf"{_TERM}{_TAIL}"
)
_WORKS: Final = re.compile(rf"{_LEAD}(?:{_NOT_KNOWN} )?how (?:do |does )?{_TERM} works?{_TAIL}")


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
def _by_wording() -> dict[str, Term]:
    return {word: term for term in terms() for word in term.words}


def asked_for(text: str, problem: Fact | None = None) -> tuple[Term, bool] | None:
    """The term whose meaning the words ask for, and whether they ask how to use it; None for other words.

    `problem`: the one in hand, whose answer "what is the sum" asks for.
    """
    if len(text) > _LONGEST:
        return None
    text = _FLAT_OR_SOLID.sub(lambda m: f"{m[1] or ('2' if m[2] == 'two' else '3')}d", text.lower())
    words = intent_rules.tidy(_AXIS.sub(r"\1-ax", text))
    if _WORKING.search(words):
        return None
    parts = [part for raw in _BREAK.split(words) if (part := _plain(raw))]
    for part in (" ".join(parts), *reversed(parts)):
        if len(" ".join(parts).split()) - len(part.split()) <= _BESIDE and (found := _in_part(part, problem)):
            return found
    return None


def _plain(part: str) -> str:
    bare = (word.strip("'-") for word in _NOT_A_WORD.sub(" ", part).split())
    return " ".join(_SPELLINGS.get(word, word) for word in bare if word)


def _in_part(part: str, problem: Fact | None) -> tuple[Term, bool] | None:
    for how in (_HOW, _WORKS):
        if (match := how.fullmatch(part)) and (term := _term(match)) and term.use:
            return term, True
    for question in _QUESTIONS:
        match = question.fullmatch(part)
        if match is None or (term := _term(match)) is None:
            continue
        if problem is None or match["named"]:
            return term, False
        if match.groupdict().get("loose") or _of_problem(match, term, problem):
            return None
        return term, False
    return None


def _of_problem(match: re.Match[str], term: Term, problem: Fact) -> bool:
    """Whether "the ..." is what the problem asks for; what it means may be asked all the same."""
    means = re.search(r"\bmean(?:s|ing)?\b|\bdefin", match.string.removesuffix(match["term"]))
    return "the" in (match["article"], match["art"]) and not means and _sought(term, problem)


def _sought(term: Term, problem: Fact) -> bool:
    """Whether problems of this kind ask for what the term names."""
    if term.asked or problem.topic in term.asked_in:
        return True
    return bool(term.asked_in) and named_in(problem.question, term)


def named_in(text: str, term: Term) -> bool:
    """Whether a text uses the term, in any of the ways in which it is written."""
    words = _plain(intent_rules.tidy(text.lower()))
    return any(re.search(rf"\b{re.escape(word)}s?\b", words) for word in term.words)


def _term(match: re.Match[str]) -> Term | None:
    said = match["term"]
    known = _by_wording()
    if match["named"] and (term := known.get(f"{match['named']} {said}")):
        return term  # "term in algebra"
    after = match["tail"].split()
    for count in range(len(after), -1, -1):  # "bottom number of a fraction", "angel in maths"
        if term := known.get(" ".join((said, *after[:count]))):
            return term
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


def meaning(text: str, problem: Fact | None = None, *, solved: bool = False) -> str:
    """What people wrote about the word that is asked for, "" where none is, or where it gives the problem away.

    While a problem is open it comes without its example, which may be the answer's first part ("5, 10, 15, 20").
    """
    found = asked_for(text, problem)
    if found is None:
        return ""
    wordings = spoken(found[0], use=found[1])
    if problem is None or solved:
        return wordings[0]
    return wordings[-1] if _may_be_said(wordings[-1], problem) else ""


def spoken(term: Term, *, use: bool = False) -> tuple[str, ...]:
    """How a term is explained: with its example, and without; or how it is used."""
    says, example, how = term.says, term.example, term.use
    if use:
        return (tr(how),)
    return f"{tr(says)} {tr(example)}", tr(says)


def _may_be_said(said: str, problem: Fact) -> bool:
    """Whether it neither gives the answer away nor says of the problem's letters what is not so there."""
    if problem.answer and reveals_answer(said, problem):
        return False
    return check_sentence(said, (problem,)).status is not MathsStatus.WRONG
