"""Maths words that a learner wants told apart: "the difference between a factor and a multiple"."""

import re
from collections.abc import Iterator
from typing import Final

from tutor.tutoring.glossary_terms import BESIDE, LEAD, NOT_KNOWN, TAIL, Term, by_wording, parts, slip_of

_MOST: Final = 4
"""Terms that are told apart at once: mean, median, mode and range."""
_WORDS: Final = 7
"""Words of the longest name of a term."""

_SPELLINGS: Final = {
    "difference": "diffrence differance diffrance diference difrence differnce diffrences defference dif diff",
    "different": "diffrent diferent difrent differant diffrant",
    "between": "btw btween betwen beetween inbetween bewteen betweeen",
    "which": "wich witch whitch",
    "vs": "v versus",
    "and": "n",
    "same": "saem sme",
    "confused": "confuzed confussed",
    "remember": "rember remeber rememeber",
}
_SPELT: Final = {wrong: right for right, wrongs in _SPELLINGS.items() for wrong in wrongs.split()}
_BOTH: Final = re.compile(r"(?<=[a-z])\s*[/&]\s*(?=[a-z])")
"""As in "area/perimeter"."""
_HINTS: Final = re.compile(
    r"\b(?:dif|def|vs?\b|versus|same|saem|sme\b|similar|w(?:h|)it?ch|apart|compare|confus|mix|mud|tell|(?:way|wrong))"
)
_ARTICLE: Final = re.compile(r"(?:(?:both|the|an|a|word|words|term|terms) )+(?=\S)")
_ARTICLES: Final = ("the", "a", "an")
_JOIN: Final = re.compile(r" (?:and|or|vs|with)(?: (?:and|or|the|a|an))* ")
_NOUNS: Final = ("number", "angle", "fraction", "triangle")
"""What is left out of "even and odd"."""

_LIST: Final = r"(?P<list>[a-z0-9'-]+(?: [a-z0-9'-]+)+?)"
_ONE: Final = r"(?P<one>(?:(?:the|an?) )?[a-z0-9'-]+(?: [a-z0-9'-]+)*?)"
_OTHER: Final = r"(?P<other>[a-z0-9'-]+(?: [a-z0-9'-]+)*?)"
_EACH: Final = r"(?: (?:from|to|as|than) (?:each other|one another))?"
_THEM: Final = r"(?:between|of|in) (?:them(?: all| both)?|these|those|the (?:two|three|2|3)|both|each|all of them)"
_UNSURE: Final = (
    rf"(?:{NOT_KNOWN}|i (?:still |just |really )*(?:can't|cannot|don't|never|could not) (?:tell|see|find|spot))"
)
_WHICH: Final = (
    r"which (?:ones? |number |part |bit |word |way |side |line |shape |of them )?(?:is |are |was |means? )?(?:called )?"
)
_ASK: Final = (
    rf"(?:{NOT_KNOWN} )?(?:how (?:do|can|would|should|to) ?(?:i |you |we )?)?(?:tell|know|remember|see|say)? ?"
)
_SAME: Final = r"(?:the )?(?:exact )?(?:same|similar|different)(?: (?:thing|word|number|shape|meaning|kind)s?)?"
_ENDS: Final = (
    r"(?: (?:or not|or what|or are they different|or different|right|because i \w+ \w+|i always forget"
    r"|i keep forgetting))?"
)
_FRAMES: Final = tuple(
    re.compile(rf"{LEAD}{frame}{_ENDS}{TAIL}")
    for frame in (
        rf"(?:{_UNSURE} )?(?:what (?:is|are|was) |(?:is|are) there |is it |what )?(?:the |a |any |some |no )?"
        rf"(?:main |big |biggest |real |actual |exact |only )?differences? (?:is |is there |are there )?"
        rf"(?:between|of|in|with|from|for) {_LIST}",
        rf"(?:what is|what are) (?:so )?different (?:about|between|with|in) {_LIST}",
        rf"(?:{_UNSURE} )?(?:how|why|in what way)(?: exactly| come)? (?:is |are |do |does |can |would )?{_LIST}"
        rf" (?:are |is )?(?:different|differs?){_EACH}",
        rf"(?:{_UNSURE} )?(?:how|why|what)(?: exactly| come)? (?:is |are |do |does |makes )?{_ONE} (?:is |are )?"
        rf"(?:any )?(?:different|differs?) (?:from|to|than) {_OTHER}",
        rf"(?:what makes) {_LIST} different{_EACH}",
        rf"(?:is|are|isn't|aren't|arent|do|does|was) {_LIST}"
        rf" (?:both |all |really |actually |exactly |just |basically |is |are |mean |means |meaning )*{_SAME}",
        rf"(?:is|are|isn't|aren't|arent|does|do) {_ONE} (?:really |actually |exactly |just |basically |mean |means )*"
        rf"(?:{_SAME} (?:as|to|like|from|than)) {_OTHER}",
        rf"{_ASK}{_WHICH}{_ONE} (?:and |or )?{_WHICH}{_OTHER}",
        rf"{_ASK}{_WHICH}{_ONE} (?:and|or) (?=the |a |an ){_OTHER}",
        rf"{_ASK}which (?:ones? )?(?:is )?which(?: out)?(?: of| between| with| for)? {_LIST}",
        r"(?P<vs>.+? vs .+?)(?: (?:what is )?(?:the )?differences?)?",
        rf"{_LIST} (?:(?:what|what is|what are) )?(?:the )?differences?(?: {_THEM})?",
        rf"{_LIST} (?:how )?(?:are|is|do|does) (?:they|these|those|it|that|both)(?: all| both)?(?: mean)? {_SAME}"
        rf"{_EACH}",
        rf"{_LIST} (?:what is |how is it |how are they )different(?: about them)?{_EACH}",
        rf"{_LIST} {_ASK}which (?:ones? )?(?:is )?which(?: one)?",
        rf"{_LIST} (?:the )?same(?: things?)? or (?:not|different)",
        rf"{_ASK}{_LIST} apart",
        rf"how (?:do|can|would|to) ?(?:i |you |we )?tell {_ONE} from {_OTHER}",
        rf"how (?:do|can|would|to) ?(?:i |you |we )?(?:tell|know) (?:if|whether|when) "
        rf"(?:it|something|a (?:number|shape)) is {_LIST}",
        rf"(?P<loose>compare|contrast) {_LIST}",
        rf"(?:i )?(?:am |get |keep |always |often |still |really |just |have |was |keep on |so )*"
        rf"(?:confused|confuse|confusing|mix|mixed|mixing|muddle|muddled|muddling)(?: up)?"
        rf"(?: (?:about|between|by|over))? {_LIST}(?: up| mixed up)?",
        rf"(?:i )?(?:always |keep |often |still |just |have |am |on )*(?:get|getting|got) {_LIST} "
        rf"(?:mixed|muddled|confused|the wrong way|wrong way)(?: up| round| around)?",
        rf"(?:what is |how is )?{_ONE} compared (?:to|with) {_OTHER}",
        rf"{_LIST} (?P<claim>are|is|mean) {_SAME}",
        rf"{_ONE} (?P<claim>are|is) {_SAME} (?:as|to|from) {_OTHER}",
    )
)


def asked_about(text: str, *, at_work: bool = False) -> tuple[Term, ...]:
    """The terms that the words ask to tell apart, in their order; none for other words.

    `at_work`: a problem is in hand, where "compare ..." may be what it asks for.
    """
    if not _HINTS.search(low := text[:200].lower()):
        return ()
    said = [" ".join(_SPELT.get(word, word) for word in part.split()) for part in parts(_BOTH.sub(" and ", low))]
    for words in _runs(said):
        for frame in _FRAMES:
            match = frame.fullmatch(words)
            if match is None or (at_work and match.groupdict().get("loose")):
                continue
            if match.groupdict().get("claim") and not text.rstrip().endswith("?"):
                continue
            if found := _listed(match):
                return found
    return ()


def _runs(said: list[str]) -> Iterator[str]:
    """All parts together, then those from one part on, then each alone; few words beside them."""
    seen = set()
    count = sum(len(part.split()) for part in said)
    for run in (*(said[first:] for first in range(len(said))), *([part] for part in reversed(said))):
        words = " ".join(run)
        if words not in seen and count - len(words.split()) <= BESIDE:
            seen.add(words)
            yield words


def _listed(match: re.Match[str]) -> tuple[Term, ...]:
    groups = match.groupdict()
    if groups.get("one"):
        said = [groups["one"], groups["other"]]
    else:
        said = _JOIN.split(groups.get("list") or groups.get("vs") or "")
    return _terms([words[before.end() :] if (before := _ARTICLE.match(words)) else words for words in said])


def _terms(said: list[str]) -> tuple[Term, ...]:
    """The terms that are named one after the other; none where any word is of no term."""
    if not 1 <= len(said) <= _MOST:
        return ()
    last = _named(said[-1])
    rows = [*(_sharing(words, said[-1], last) or _named(words) for words in said[:-1]), last]
    several = tuple(dict.fromkeys(term for row in rows for term in row))
    if not all(rows) or len(several) > _MOST:
        return ()
    return several if len(several) > 1 or _two_names(said, several[0]) else ()


def _sharing(words: str, final: str, last: tuple[Term, ...]) -> tuple[Term, ...]:
    """The term whose noun is only said of the last one: "square and cube numbers"."""
    _, several, noun = final.rpartition(" ")
    term = by_wording().get(f"{words} {noun}") if several else None
    return (term,) if term and (term,) != last else ()


def _two_names(said: list[str], term: Term) -> bool:
    """Whether what is said of the term names it in both ways: HCF and GCF."""
    names = {words.removesuffix("s") for words in said}
    return len(names) > 1 and all(name in term.says.lower() for name in names)


def _named(words: str) -> tuple[Term, ...]:
    """The term of this name, or those of several names without a comma ("mean median mode")."""
    for name in (words, *(f"{words} {noun}" for noun in _NOUNS)):
        if term := by_wording().get(name):
            return (term,)
    single = [word for word in words.split() if word not in _ARTICLES]
    if row := _in_a_row(single, _MOST):
        return row
    return (term,) if len(single) <= _MOST and (term := slip_of(words)) else ()


def _in_a_row(words: list[str], most: int) -> tuple[Term, ...]:
    if not words or not most:
        return ()
    for count in range(min(_WORDS, len(words)), 0, -1):
        term = by_wording().get(" ".join(words[:count]))
        if term and count == len(words):
            return (term,)
        if term and (rest := _in_a_row(words[count:], most - 1)):
            return (term, *rest)
    return ()
