"""Maths words: which of them a learner asks the meaning of, and what people wrote to explain it."""

import re
from typing import Final

from tutor.domain import Fact, MathsStatus
from tutor.i18n import tr
from tutor.tutoring import glossary_pairs
from tutor.tutoring.checks import check_sentence
from tutor.tutoring.glossary_terms import (
    BESIDE,
    LEAD,
    NOT_KNOWN,
    TAIL,
    Term,
    by_wording,
    named_in,
    parts,
    slip_of,
    terms,
)
from tutor.tutoring.reveals import reveals_answer

__all__ = ["asked_for", "meaning", "meant", "named_in", "spoken", "terms"]

_MOST_WORDS: Final = 55
"""Words of several meanings, with their examples; longer, they come without."""
_TERM: Final = (
    r"(?:(?P<article>a|an|the|some|this|these) )?(?:(?P<named>word|term|name)s?(?: called)? )?(?:(?P<art>a|an|the) )?"
    r"(?P<term>[a-z0-9'-]+(?: [a-z0-9'-]+){0,5}?)"
)
_WHAT_IS: Final = (
    r"what (?:exactly |even |actually |on earth )?"
    r"(?:is meant by|do (?:you|they|we) mean by|does it mean (?:by|when it says)|is the (?:meaning|definition) of"
    r"|is|are|was|were)"
)
_QUESTIONS: Final = tuple(
    re.compile(rf"{LEAD}{question}{TAIL}")
    for question in (
        rf"(?:{NOT_KNOWN} )?what (?:does |do |did |would |is )?{_TERM} (?:even |actually |really )?"
        r"(?:means?|stands? for|meaning)",
        rf"{_WHAT_IS} {_TERM}",
        rf"what does it mean (?:when|if|that) (?:[a-z]+ ){{1,3}}(?:is|are) {_TERM}",
        rf"(?:{NOT_KNOWN} )?what {_TERM} (?:is|are|was|were)",
        rf"(?:what is )?(?:the |a )?(?:define|definition|meaning)(?: of| for)? {_TERM}",
        rf"(?P<loose>explain|describe|what about) {_TERM}",
        rf"(?:explain|describe) what {_TERM} (?:is|are|means?)",
        rf"{_TERM} (?:meaning|definition|means? what|what (?:is|are) (?:it|that|this|they|those)(?: word)?"
        r"|what (?:does|do) (?:it|that|this|they) mean)",
    )
)
_HOW: Final = re.compile(
    rf"{LEAD}(?:{NOT_KNOWN} )?(?:how (?:on earth )?(?:do|does|can|should|would|am|are|to)?"
    rf"(?: (?:i|you|we|one|people|supposed|meant|to))* ?"
    rf"(?:use|work with|draw with|hold|read|measure (?:an angle|angles|a line|lines) (?:with|using))"
    rf"|what (?:do|can|should) (?:i|you|we) do with|(?:to|about) us(?:e|ing)|help (?:me )?(?:with )?us(?:e|ing)) "
    rf"{_TERM}{TAIL}"
)
_WORKS: Final = re.compile(rf"{LEAD}(?:{NOT_KNOWN} )?how (?:do |does )?{_TERM} works?{TAIL}")


def asked_for(text: str, problem: Fact | None = None) -> tuple[Term, bool] | None:
    """The term whose meaning the words ask for, and whether they ask how to use it; None for other words.

    `problem`: the one in hand, whose answer "what is the sum" asks for.
    """
    said = parts(text)
    for part in (" ".join(said), *reversed(said)):
        if len(" ".join(said).split()) - len(part.split()) <= BESIDE and (found := _in_part(part, problem)):
            return found
    return None


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


def _term(match: re.Match[str]) -> Term | None:
    said = match["term"]
    known = by_wording()
    if match["named"] and (term := known.get(f"{match['named']} {said}")):
        return term  # "term in algebra"
    after = match["tail"].split()
    for count in range(len(after), -1, -1):  # "bottom number of a fraction", "angel in maths"
        if term := known.get(" ".join((said, *after[:count]))):
            return term
    return slip_of(said)


def meant(text: str, problem: Fact | None = None) -> tuple[tuple[Term, ...], bool]:
    """All terms whose meaning the words ask for, several where they are to be told apart; and whether how to use it."""
    if several := glossary_pairs.asked_about(text, at_work=problem is not None):
        return several, False
    found = asked_for(text, problem)
    return ((found[0],), found[1]) if found is not None else ((), False)


def meaning(text: str, problem: Fact | None = None, *, solved: bool = False) -> str:
    """What people wrote about the word that is asked for, "" where none is, or where it gives the problem away.

    While a problem is open it comes without its example, which may be the answer's first part ("5, 10, 15, 20"). Of
    several words the meanings come one after the other, with their examples where that stays short.
    """
    found, use = meant(text, problem)
    if not found:
        return ""
    full, bare = [" ".join(spoken(term, use=use)[place] for term in found) for place in (0, -1)]
    if problem is None or solved:
        return full if len(found) == 1 or len(full.split()) <= _MOST_WORDS else bare
    alone = (*(spoken(term, use=use)[-1] for term in found), bare)
    return bare if all(_may_be_said(said, problem) for said in alone) else ""


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
