"""The answer of a lesson's item in every form that gives it away: equal numbers, words, letters, bounds, spelling.

A `Key` is made once an item. `given_away` looks at one text, with what was said before it in the same turn.
"""

import math
import re
import string
import unicodedata
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Final

from tutor.domain import Fact, Item
from tutor.frozen import Frozen
from tutor.retrieval.words import one_word, slip, stem
from tutor.tutoring import manners, reading, reveals
from tutor.tutoring.numbers import NUMBER, number
from tutor.tutoring.rules import foreign_numbers, relations
from tutor.tutoring.rules.texts import LITTLE, plain_words, stems

KIND: Final = "item"
"""`Fact.kind` of an item of the lesson."""

_NUMERIC: Final = re.compile(
    rf"(?:[a-z] ?= ?)?-?(?:[£$€] ?)?(?:{NUMBER})(?: ?(?:%|°|[a-z]{{1,12}}(?:\^?[23])?|[a-z]{{1,3}}/[a-z]{{1,3}}))?"
)
_VERDICTS: Final = frozenset({"yes", "no", "true", "false"})
_STATES: Final = re.compile(
    r"\b(?:the |your |right |correct )*answer(?: to (?:it|this|that|[\w ]{1,30}))?(?: here)?(?: is|:|=|'s)"
    r"|\bit(?:'s| is| must be| has to be)\b|\bthat(?:'s| is)\b|\bthis is\b|\bchoose\b|\bpick\b|\bwrite\b|\bgo for\b"
    r"|\bsolution is\b|\bshould (?:say|write|pick|choose|be)\b|\bcalled\b"
)
_DENIED: Final = re.compile(r"\b(?:not|isn't|never|no longer|rather than|instead of)\b(?: \w+){0,2} ?$")
_NEGATED: Final = re.compile(r"\b(?:not|isn't|aren't|doesn't|don't|never|cannot|can't|no)\b")
_SUPPOSED: Final = re.compile(
    r"\b(?:if|whether|when|what|how|which|why|unless|suppose|think|check|decide|find|ask\w*|say|said|see|to be|must"
    r"|means)\b"
)
_SPELT: Final = re.compile(r"(?<![\w])(?:\w[ .\-_·*]{1,2}){2,24}\w(?![\w])")
_DIGITS: Final = re.compile(
    r"(?<![\d.,])\d(?:(?:[-,;.]? ?(?:(?:and|then|followed by|next|beside it|after that|put|write) )*"
    r"(?:an? |the )?)\d){1,8}(?![\d.,]*\d)"
)
_DIGIT_CUE: Final = re.compile(
    r"\bdigits?\b|\bfollowed by\b|\bspell|\bthen\b|\bbeside\b|\bnext to\b|\banswer:"
    r"|\bputs? (?:them )?together\b|\bside by side\b"
)
_DOZEN: Final = re.compile(r"\b(?:(\d{1,3}|half|an?) )?(?:a )?dozens?\b")
_PLACES: Final = {"hundreds": 2, "tens": 1, "ones": 0, "units": 0}
_PLACE: Final = re.compile(
    r"\b(hundreds?|tens?|ones?|units?)(?: digit| place| column)?(?: (?:is|has|says|shows))?(?: an?)? (\d)\b"
)
_PLACE_BEFORE: Final = re.compile(r"(?<![\d.,])(\d) (?:in the )?(hundreds?|tens?|ones?|units?)\b")
_ORDERED: Final = re.compile(r"\b(first|second|third|last) (?:digit|number|figure) (?:is|will be)(?: an?)? (\d)\b")
_MOST_STEMS: Final = 3
"""An answer with more words counts as said when nearly all of them are there."""
_NEARLY: Final = 0.7


class Key(Frozen):
    """The answer of one item, read once."""

    item: str
    values: frozenset[Fraction] = frozenset()
    given: frozenset[Fraction] = frozenset()
    """Numbers of the question, which give nothing away unless they are stated as the result."""
    tolerance: Fraction = Fraction(0)
    phrases: tuple[str, ...] = ()
    """The answer and its accepted forms as plain words."""
    stems: tuple[tuple[str, ...], ...] = ()
    """Of each phrase, the words that carry meaning and are not in the question."""
    verdict: str = ""
    letter: str = ""
    """Of the right choice, `a` for the first."""
    choices: tuple[tuple[str, ...], ...] = ()
    """Stems of each choice."""
    question: str = ""
    """In plain signs, without its last mark."""
    question_stems: frozenset[str] = frozenset()


def fact_of(item: Item) -> Fact:
    """An item as a problem of the tutoring."""
    return Fact(
        kind=KIND, question=item.question.strip(), answer=item.answer, steps=item.steps, hints=item.hints,
        topic=item.skill,
    )  # fmt: skip


@lru_cache(maxsize=512)
def key_of(item: Item) -> Key:
    """Read an item's answer, its accepted forms and choices."""
    question = reading.plain(item.question).strip(" ?.!")
    given = reveals.numbers_given(question)
    forms = tuple(dict.fromkeys(f.strip() for f in (item.answer, *item.accepted) if f.strip()))
    values: set[Fraction] = set()
    phrases: list[str] = []
    for form in forms:
        if _NUMERIC.fullmatch(reading.plain(form).strip(" .!")):
            values |= set(reveals.answer_values(Fact(kind=KIND, question=item.question, answer=form)))
        else:
            phrases.append(" ".join(plain_words(form)))
    about = frozenset(one_word(w) for w in plain_words(item.question))
    spelt = [" ".join(plain_words(choice)) for choice in item.choices]
    said = " ".join(plain_words(item.answer))
    at = spelt.index(said) if said in spelt else -1
    return Key(
        item=item.id,
        values=frozenset(values),
        given=frozenset(given),
        tolerance=Fraction(str(item.tolerance)),
        phrases=tuple(dict.fromkeys(phrases)),
        stems=tuple(_stems(phrase, about) for phrase in dict.fromkeys(phrases)),
        verdict=phrases[0] if phrases and phrases[0] in _VERDICTS else "",
        letter=string.ascii_lowercase[at] if 0 <= at < 26 else "",
        choices=tuple(_stems(choice, frozenset()) for choice in spelt),
        question=question,
        question_stems=about,
    )


def _stems(phrase: str, about: frozenset[str]) -> tuple[str, ...]:
    words = [w for w in phrase.split() if w not in LITTLE]
    return tuple(dict.fromkeys(s for s in map(one_word, words or phrase.split()) if s not in about))


def given_away(text: str, key: Key, before: Sequence[str] = ()) -> bool:
    """Whether a text gives the answer away, on its own or together with what was said just before it."""
    if not (key.values or key.phrases):
        return False
    if _in_one(text, key):
        return True
    joined = " ".join((*before[-2:], text))
    return bool(before) and (_together(joined, text, key) or _by_digits(joined, key))


def ascii_digits(text: str) -> str:
    """Digits of other scripts as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.digit(c)) if c.isdigit() and unicodedata.digit(c, -1) >= 0 else c for c in text)


def _in_one(text: str, key: Key) -> bool:
    said = ascii_digits(unicodedata.normalize("NFKC", text) if not text.isascii() else text)
    plain = _plain(said)
    return (
        (bool(key.values) and (_number(_plain(manners.without(said, key.question)), key) or _by_digits(plain, key)))
        or (bool(key.phrases) and _phrase(text, plain, key))
        or (bool(key.letter) and _letter(reading.signs(text), key))
    )


def _plain(text: str) -> str:
    plain = reading.plain(text)
    return _DOZEN.sub(lambda m: str({"half": 6, "1/2": 6, None: 12, "a": 12}.get(m[1]) or 12 * int(m[1])), plain)


def _without_question(plain: str, key: Key) -> str:
    return plain.replace(key.question, " ; ") if key.question else plain


# --- numbers ---------------------------------------------------------------------------------------------------------


def _number(plain: str, key: Key) -> bool:
    rest = _without_question(plain, key)
    wanted = set(key.values)
    if key.tolerance:
        near = [number(n) for n in re.findall(NUMBER, rest)]
        wanted |= {v for v in near if v is not None and any(abs(v - k) <= key.tolerance for k in key.values)}
    if reveals.gives_away(rest, wanted, set(key.given), key.question):
        return True
    return relations.pins_down(rest, wanted, key.given) or foreign_numbers.says(rest, wanted, key.given)


def _by_digits(plain: str, key: Key) -> bool:
    """`1 then 2` for 12, "t w e l v e", "the tens digit is 1 and the ones digit is 2"."""
    whole = {str(v.numerator) for v in key.values if v.denominator == 1 and v >= 10}
    if not whole:
        return _spelt(plain, key)
    plain = reading.plain(ascii_digits(plain))
    if _DIGIT_CUE.search(plain) and any(re.sub(r"\D", "", m[0]) in whole for m in _DIGITS.finditer(plain)):
        return True
    places = [(m[1], m[2]) for m in _PLACE.finditer(plain)] + [(m[2], m[1]) for m in _PLACE_BEFORE.finditer(plain)]
    if len(places) > 1:
        found = sum(int(d) * 10 ** _PLACES[p if p.endswith("s") else f"{p}s"] for p, d in dict(places).items())
        if str(found) in whole:
            return True
    ordered = {m[1]: m[2] for m in _ORDERED.finditer(plain)}
    digits = "".join(ordered[w] for w in ("first", "second", "third", "last") if w in ordered)
    return digits in whole or _spelt(plain, key)


def _spelt(plain: str, key: Key) -> bool:
    """Letters one by one that make the answer."""
    for match in _SPELT.finditer(plain):
        word = re.sub(r"[\W_]", "", match[0])
        if word.isdigit():
            if len(word) > 1 and Fraction(word) in key.values and not re.search(r"[.,]\d", match[0]):
                return True
            continue
        values = {number(n) for n in re.findall(NUMBER, reading.plain(word))}
        if values & key.values or any(word == phrase.replace(" ", "") for phrase in key.phrases):
            return True
    return False


# --- words -----------------------------------------------------------------------------------------------------------


def _phrase(text: str, plain: str, key: Key) -> bool:
    if key.verdict:
        return _verdict(plain, key)
    words = plain_words(text)
    if _spelt(text.casefold(), key):
        return True
    stemmed = [one_word(w) for w in words]
    named = [choice for choice in key.choices if set(choice) <= set(stemmed)]
    if len(named) > 1 and not _states_one(plain, key):
        return False  # the choices are listed
    for phrase, wanted in zip(key.phrases, key.stems, strict=True):
        if not wanted:  # every word of it stands in the question
            if phrase and re.search(rf"{_STATES.pattern}(?: an?| the| just)? {re.escape(phrase)}\b", plain):
                return True
            continue
        hits = [i for s in wanted for i, w in enumerate(stemmed) if w == s or slip(w, s)]
        there = {s for s in wanted if any(w == s or slip(w, s) for w in stemmed)}
        enough = len(wanted) if len(wanted) <= _MOST_STEMS else math.ceil(len(wanted) * _NEARLY)
        if len(there) >= enough and not _DENIED.search(" ".join(words[: min(hits)])):
            return True
    return False


def _states_one(plain: str, key: Key) -> bool:
    return any(
        re.search(rf"(?:{_STATES.pattern})(?: an?| the)? {re.escape(phrase)}\b", plain) for phrase in key.phrases
    )


def _verdict(plain: str, key: Key) -> bool:
    same = {"yes": ("yes", "true"), "true": ("true", "yes"), "no": ("no", "false"), "false": ("false", "no")}
    words = "|".join((*same[key.verdict], *(("is not",) if key.verdict in ("no", "false") else ())))
    if plain.rstrip().endswith("?"):
        return False
    opened = re.match(rf"\W*(?:{words})\b[\s,.:!-]*(.*)", plain)
    own = frozenset(key.question_stems - LITTLE)
    if opened and len(stems(opened[1]) & own) >= min(2, len(own)):
        return True
    said = stems(plain)
    if own and len(own & said) >= len(own) - (len(own) > 2) and not _SUPPOSED.search(plain):
        return (_NEGATED.search(plain) is not None) == (key.verdict in ("no", "false"))
    return re.search(rf"(?:{_STATES.pattern}) (?:{words})\b", plain) is not None


def _letter(plain: str, key: Key) -> bool:
    """The letter or the place of the right choice."""
    place = ("first", "second", "third", "fourth", "fifth", "sixth")
    at = string.ascii_lowercase.index(key.letter)
    letter = rf"\(?{key.letter}\)?(?![\w'])"
    named = rf"(?:option|choice|answer|letter) {letter}"
    ordinal = rf"the (?:{place[at]}|{at + 1}(?:st|nd|rd|th)) (?:one|option|choice|answer)" if at < len(place) else named
    if plain.rstrip().endswith("?"):
        return False
    stated = re.search(rf"(?:{_STATES.pattern}) (?:{named}|{letter}(?: |[.,!]|$)|{ordinal})", plain)
    right = re.search(rf"(?:{named}|{ordinal}) (?:is|looks) (?:right|correct|the (?:right|correct|answer|one))", plain)
    return bool(stated and not re.search(r"\b(?:it is|it's|that is|that's) a \w", plain)) or bool(right)


def _together(joined: str, text: str, key: Key) -> bool:
    """An answer cut in two: its words or its bounds over neighbouring sentences."""
    plain = reading.plain(ascii_digits(joined))
    if key.values and relations.pins_down(_without_question(plain, key), set(key.values), key.given):
        return True
    if key.verdict or not any(len(wanted) > 1 for wanted in key.stems):
        return False
    new = {one_word(w) for w in plain_words(text)}
    return any(new & set(wanted) for wanted in key.stems) and _phrase(joined, plain, key)


def same_answer(one: str, other: str) -> bool:
    """Whether two written answers are the same words, whatever their case, articles and endings."""
    return [stem(w) for w in plain_words(one)] == [stem(w) for w in plain_words(other)]
