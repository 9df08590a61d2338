"""Grading of a lesson's items: numbers with tolerance, choices, yes or no, and words in any case and near spelling."""

import re
import string
from typing import Final

from tutor.domain import Intent, Item, Lesson, Misconception
from tutor.domain_lessons import Scope
from tutor.retrieval.words import one_word, slip
from tutor.tutoring import grading, reading
from tutor.tutoring.items import exact_fact
from tutor.tutoring.numbers import NUMBER, number
from tutor.tutoring.once import once_a_lesson
from tutor.tutoring.rules.answers import Key, fact_of, given_away, key_of
from tutor.tutoring.rules.language import known_word
from tutor.tutoring.rules.patterns import compiled
from tutor.tutoring.rules.texts import LITTLE, plain_words

_LEAD: Final = compiled("item_grading", "lead")
_ASKS: Final = compiled("item_grading", "asks")
_REASON: Final = re.compile(r"\b(?:because|cos|cuz|since)\b")
_FOR_HELP: Final = re.compile(r"\b(?:hint|clue|help|tell me|give me)\b")
_YES: Final = re.compile(r"^\W*(?:yes|yeah|yep|yup|true|correct|right|y|it is|it does|they do)\b")
_NO: Final = re.compile(r"^\W*(?:no|nope|nah|false|n|wrong|it is not|it isn't|it does not|it doesn't|not)\b")
_LETTER: Final = compiled("item_grading", "letter")
_ORDINAL: Final = ("first", "second", "third", "fourth", "fifth", "sixth")
_ORDINAL_SAID: Final = re.compile(rf"\bthe ({'|'.join(_ORDINAL)}|last)(?: one| choice| option| answer)?\W*$")
_MOST_WORDS: Final = 25
_SHORT: Final = 6
"""Words of a message that may be an answer although nothing says so."""


_FILLERS: Final = frozenset(
    one_word(word)
    for word in (
        "ok", "okay", "mm", "hm", "hmm", "er", "um", "erm", "yes", "yeah", "no", "nope", "k", "idk", "dunno", "know",
        "whatever", "boring", "nothing", "maybe", "please", "pls", "thanks", "sure", "fine", "cool", "lol", "stop",
        "shut", "useless", "stupid", "dumb", "you", "tutor", "nobody", "hate", "like", "robot", "answer", "question",
        "tell", "say", "give", "me", "i", "it", "up", "off", "out", "away", "so", "what", "why", "how",
    )
)  # fmt: skip
"""Words that bring nothing to an answer."""


def without_question(text: str, item: Item) -> str:
    """A message without the item's own words, "" where nothing is left of it: who pastes a task has not tried it."""
    asked = item.question.strip()
    rest = re.sub(re.escape(asked), " ", text, flags=re.IGNORECASE)
    return text if rest == text else rest if re.search(r"\w", rest) else ""


def asks(text: str) -> bool:
    """Whether a message asks for something, and is no answer."""
    return _ASKS.search(reading.signs(text)) is not None


def attempt_in(text: str, item: Item, intent: Intent | None = None) -> str:
    """The answer to an item that a message gives, as it is to be graded; "" when none is given."""
    key = key_of(item)
    if item.choices and (choice := _choice(text, item, key)):
        return choice
    if key.values:
        found = grading.attempt_in(text, exact_fact(item) or fact_of(item))
        if found or not key.phrases:
            return found
    words = reading.signs(text).strip()
    if not words or len(words.split()) > _MOST_WORDS:
        return ""
    lead = _LEAD.match(words)
    rest = words[lead.end() :] if lead else words
    rest = rest.strip(" .!?")
    if key.verdict:
        return "yes" if _YES.match(rest) or rest.startswith("true") else "no" if _NO.match(rest) else ""
    if _to_the_letter(text, item):  # such as "Who are you?" for "Wer bist du?"
        return rest
    if intent is Intent.ATTEMPT or lead:
        return "" if _ASKS.match(rest) or _FOR_HELP.search(rest) else rest
    if _ASKS.search(words) or intent in (Intent.GREETING, Intent.DISTRESS):
        return rest if not words.endswith("?") and text_right(rest, item) and len(rest.split()) <= _SHORT else ""
    if "?" in words and not text_right(rest, item):
        return ""
    return rest if len(rest.split()) <= _SHORT or text_right(rest, item) else ""


def _to_the_letter(text: str, item: Item) -> bool:
    """Whether a message is an answer that is accepted, and nothing else: so it asks nothing."""
    said = " ".join(plain_words(text))
    return any(said == " ".join(plain_words(form)) for form in (item.answer, *item.accepted))


def _choice(text: str, item: Item, key: Key) -> str:
    """The one choice that a message names, by its letter, its place or its words."""
    words = reading.signs(text).strip()
    match = _LETTER.search(words)
    if match:
        at = string.ascii_lowercase.index(match[1] or match[2])
        return item.choices[at] if at < len(item.choices) else ""
    place = _ORDINAL_SAID.search(words)
    if place:
        at = len(item.choices) - 1 if place[1] == "last" else _ORDINAL.index(place[1])
        return item.choices[at] if at < len(item.choices) else ""
    part = _REASON.split(words)[0]
    said = [one_word(w) for w in plain_words(part)]
    named = [c for c, own in zip(item.choices, key.choices, strict=True) if own and _holds(own, said)]
    if len(named) > 1:  # one choice may be a part of another
        longest = max(named, key=len)
        named = [longest] if all(_holds(_own(c), [one_word(w) for w in plain_words(longest)]) for c in named) else []
    return "" if _ASKS.match(words) and not words.startswith("is it") else named[0] if len(named) == 1 else ""


def _own(phrase: str) -> tuple[str, ...]:
    return tuple(one_word(w) for w in plain_words(phrase) if w not in LITTLE) or tuple(plain_words(phrase))


def _holds(wanted: tuple[str, ...], said: list[str]) -> bool:
    return all(any(w == s or slip(w, s) for s in said) for w in wanted)


def is_right(attempt: str, item: Item) -> bool:
    """Whether an attempt is the answer or one of its accepted forms."""
    key = key_of(item)
    if item.choices and attempt in item.choices:
        return attempt == item.answer
    if key.values and _number_right(attempt, item, key):
        return True
    if key.verdict:
        same = {"yes": "yes", "true": "yes", "no": "no", "false": "no"}
        return same[key.verdict] == same.get(attempt.strip().lower(), "")
    return bool(key.phrases) and text_right(attempt, item)


def _number_right(attempt: str, item: Item, key: Key) -> bool:
    exact = exact_fact(item)
    if exact is not None and grading.is_right(attempt, exact):
        return True
    forms = [item.answer, *item.accepted]
    facts = [fact_of(_as(item, form)) for form in forms if re.search(r"\d", reading.plain(form))]
    if any(grading.is_right(attempt, fact) for fact in facts):
        return True
    if not key.tolerance:
        return False
    values = [number(n) for n in re.findall(NUMBER, reading.plain(attempt))]
    return len(values) == 1 and any(values[0] is not None and abs(values[0] - k) <= key.tolerance for k in key.values)


def _as(item: Item, answer: str) -> Item:
    return Item(id=item.id, question=item.question, answer=answer)


def text_right(attempt: str, item: Item) -> bool:
    """Whether the words of an attempt are the answer: case, articles and a slip of the fingers do not matter."""
    said = [w for w in plain_words(attempt) if w not in LITTLE] or plain_words(attempt)
    stemmed = [one_word(w) for w in said]
    if re.search(r"\b(?:not|isn't|never)\b", attempt.casefold()) and not re.search(r"\bnot\b", item.answer.casefold()):
        return False
    for form in (item.answer, *item.accepted):
        own = _own(form)
        exact = " ".join(plain_words(form)) == " ".join(plain_words(attempt))
        if exact or (own and _holds(own, stemmed) and len(stemmed) <= 4 * len(own) + 6):
            return True
    return False


def is_real(attempt: str, item: Item, tried: tuple[str, ...], lesson: Lesson) -> bool:
    """Whether a wrong attempt in words is worth a new hint, and counts towards unlocking the answer.

    Not said before, made of words, and with one that the question has not. A word that the lesson does not use may be
    a good guess, but only one such guess counts: "pizza" and then "purple" win nothing, "ok" never does.
    """
    said = " ".join(plain_words(attempt))
    if said in [" ".join(plain_words(t)) for t in tried]:
        return False
    if item.choices or key_of(item).verdict or misconception(attempt, item) is not None:
        return True
    if not _content(attempt) - {one_word(word) for word in plain_words(item.question)}:
        return False
    if not any(known_word(word) or _like_a_word(word) for word in plain_words(attempt)):
        return False
    own = _vocabulary(lesson)
    return not _content(attempt).isdisjoint(own) or all(
        not _content(t) or not _content(t).isdisjoint(own) for t in tried
    )


def _content(text: str) -> set[str]:
    return {one_word(word) for word in plain_words(text) if word not in LITTLE} - _FILLERS


@once_a_lesson
def _vocabulary(lesson: Lesson) -> frozenset[str]:
    """The words that a lesson uses: its title, aims and topics, and everything that its items say."""
    texts = [lesson.title, lesson.summary, *lesson.skills, *lesson.objectives]
    texts += [topic for guideline in lesson.guidelines if isinstance(guideline, Scope) for topic in guideline.topics]
    for item in lesson.items:
        texts += [item.question, item.answer, *item.accepted, *item.choices, *item.hints, *item.steps, item.skill]
        texts += [words for known in item.misconceptions for words in (known.answer, known.why, known.say)]
    return frozenset(one_word(word) for text in texts for word in plain_words(text) if word not in LITTLE) - _FILLERS


def _like_a_word(word: str) -> bool:
    """Whether letters can be a word: no mash of keys."""
    vowels = sum(c in "aeiouyäöüéèêáíóúà" for c in word)
    mashed = re.search(r"[bcdfghjklmnpqrstvwxz]{5}|(.)\1\1|asdf|qwer|sdfg|hjkl", word)
    return word.isdigit() or (len(word) > 3 and 0.2 <= vowels / len(word) <= 0.7 and not mashed)


def misconception(attempt: str, item: Item) -> Misconception | None:
    """The typical mistake that a wrong attempt is, where the teacher knows it."""
    for known in item.misconceptions:
        other = Item(id=item.id, question=item.question, answer=known.answer, tolerance=0.0, choices=item.choices)
        if is_right(attempt, other):
            return known
    return None


def gives_away(text: str, item: Item) -> bool:
    """Whether a text holds the answer of an item."""
    return given_away(text, key_of(item))
