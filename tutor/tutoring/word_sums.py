"""Word problems: the small question that asks a model for the sum of a story, and what the program makes of it.

The model copies numbers out of the story into a sum such as `12 × 3 + 5 | apples`; it calculates nothing. The program
reads the sum within narrow bounds (every number stands in the story or follows from a word of it), works it exactly,
and only then is it a fact. Training text and the running program share this form.
"""

import re
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from tutor.domain import Fact, Frozen
from tutor.tutoring import expressions as ex
from tutor.tutoring import reading
from tutor.tutoring.numbers import PLAIN

SYSTEM: Final = "Write the sum for this problem."
KIND: Final = "word_problem"
TOPIC: Final = "word problems"

MAX_STORY: Final = 700
"""Characters of a story; a longer text is not asked about."""
MAX_NUMBERS: Final = 12
MAX_OPERATIONS: Final = 5
MAX_USES: Final = 2
"""Times that one number of the story may stand in the sum: "Ben has 5 more than Ali's 12" needs 12 twice."""
_MAX_SUM: Final = 90
_WORDS_LEAST: Final = 5
_SHORT_START: Final = 4
"""Words before "how many" that still belong to the question ("In the sale, what ...")."""
_LONG_QUESTION: Final = 90

STORY_NUMBER: Final = re.compile(
    rf"(?<![\w.])(?:(?P<money>[£$€] ?(?:{PLAIN}))|(?P<pence>\d{{1,6}} ?p\b)|(?P<mixed>\d{{1,6}} \d{{1,4}}/\d{{1,4}})"
    rf"|(?P<fraction>\d{{1,4}}/\d{{1,4}})|(?P<number>{PLAIN}))"
)

CONSTANTS: Final = (
    (r"\btwice\b|\bdoubl|\bpairs?\b|\bcouples?\b|\bboth\b|\btwins?\b|\bhal(?:f|ves?|ved)\b|1/2|\bweekend", (2,)),
    (r"\brectang|\btwo\b", (2,)),
    (r"\btripl|\btrebl|\bthrice\b|\bthirds?\b|\btriang|1/3", (3,)),
    (r"\bquarters?\b|\bsquare\b|\bquadrupl|1/4", (4,)),
    (r"\bweeks?\b|\bdaily\b|\bevery day\b|\beach day\b|\ba day\b|\bper day\b", (7,)),
    (r"\bfortnight", (2, 14)),
    (r"\bdecades?\b|\btenths?\b|\bmm\b|\bmillimet", (10,)),
    (r"\bdozens?\b|\byear(?:s|ly)?\b|\bannual", (12,)),
    (r"\bdays?\b|\bhours?\b", (24,)),
    (r"\bhours?\b|\bminutes?\b|\bmins?\b|\bseconds?\b|\bhrs?\b|\bhourly\b", (60,)),
    (r"\byear(?:s|ly)?\b", (52, 365)),
    (r"%|\bper ?cent|\bcm\b|\bcentimet|\bcentury|\bcenturies|\bpence\b|\d ?p\b|\bcents?\b", (100,)),
    (r"\bkg\b|\bkilo|\bgrams?\b|\bml\b|\bmillilit|\blit(?:re|er)s?\b|\bkm\b|\bmm\b|\d ?(?:g|l)\b", (1000,)),
)  # fmt: skip
"""Numbers that a word of the story stands for."""

MEAN: Final = re.compile(r"\baverage\b|\bmean\b")
_ASKS: Final = re.compile(
    r"\bhow (?:many|much|long|far|old|tall|heavy|big|high|deep|wide|fast|late|often|few|warm|hot|cold)\b"
    r"|\bwhat(?:'s| is| are| was| were| will| would| do| does| did| must| has| have| had| can| could| remains?"
    r"| fraction| percentage| number| change| length| distance| total| price| share)\b"
    r"|\bwork out\b|\bfind\b|\bcalculate\b"
)
_FOR_HELP: Final = re.compile(r"\bwhat (?:do|should|can|shall) (?:i|we) do\b|\bwhat is it\b|\bhow do i (?:do|work)\b")
SENTENCE: Final = re.compile(r"[^.?!\n]+(?:\.(?=\d)[^.?!\n]+)*[.?!]?")
_PROSE: Final = re.compile(r"[a-z]{2,}")
_IN_WORDS: Final = re.compile(
    r"\btwice\b|\bdoubled?\b|\bboth\b|\bdozen|\bhal(?:f|ve)|\bquarter|\b(?:second|minute|hour|day|week|month|year|litre|metre)s?\b"
)
"""Words that may stand for the second number of a story."""
_EXACT: Final = frozenset({"ratio", "shape", "average", "time", "money", "sequence"})
"""Kinds of facts that are read out of stories exactly; no model is asked where one was found."""


class Sum(Frozen):
    """A sum that was read out of a model's answer and holds for the story's numbers."""

    text: str
    """As a textbook prints it: `12 × 3 + 5`."""
    value: Fraction
    unit: str = ""
    """A currency sign, or the word after the number: `apples`."""


def normal(story: str) -> str:
    """The story as the model reads it: plain signs, number words as digits, small letters, single spaces."""
    text = reading.number_words(re.sub(r"\s+", " ", reading.signs(story[:MAX_STORY])))
    text = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", " ", text)
    return re.sub(r"\s+", " ", text).strip()


def messages(story: str) -> list[dict[str, str]]:
    """The chat that asks for the sum of a story."""
    return [{"role": "system", "content": SYSTEM}, {"role": "user", "content": normal(story)}]


def numbers_in(story: str) -> list[tuple[Fraction, str]]:
    """Value and currency of each number of a normal story, in order; pence are hundredths of a pound."""
    found = []
    for match in STORY_NUMBER.finditer(story):
        try:
            node = ex.parse(ex.tokens(match[0]))
        except ex.UnreadableError:
            continue
        if isinstance(node, ex.Num):
            found.append((node.value, node.unit))
    return found


def is_story(text: str, facts: Sequence[Fact] = ()) -> bool:
    """Whether a message is a word problem: prose with two numbers or more and a question.

    Facts that were found in it settle it where they are of a kind that is read out of stories exactly, or where the
    question itself holds the numbers ("what is 3/4 of 24?").
    """
    if len(text) > MAX_STORY:
        return False
    story = normal(text)
    asked = _ASKS.search(story)
    if asked is None or len(_PROSE.findall(story)) < _WORDS_LEAST:
        return False
    numbers = len(numbers_in(story))
    if not 2 <= numbers + (numbers > 0 and _IN_WORDS.search(story) is not None) <= MAX_NUMBERS:
        return False
    if not facts:
        return True
    if any(fact.kind in _EXACT for fact in facts):
        return False
    sentences = _sentences(story)
    return len(sentences) > 1 and not any(STORY_NUMBER.search(s) for s in sentences if _ASKS.search(s))


def _sentences(story: str) -> list[str]:
    return [s.strip() for s in SENTENCE.findall(story) if s.strip(" .?!")]


def asks(sentence: str) -> bool:
    return _ASKS.search(sentence.lower()) is not None and _FOR_HELP.search(sentence.lower()) is None


def question_of(story: str) -> str:
    """What the story asks, as one sentence: the name of the problem in notes and replies. It gives no sum away."""
    sentences = [s for s in _sentences(re.sub(r"\s+", " ", story[:MAX_STORY])) if asks(s)]
    if not sentences:
        return "What does the story ask for?"
    text = sentences[-1].rstrip(".?! ")
    places = [m.start() for m in _ASKS.finditer(text.lower())]
    asking = [at for at in places if text[at : at + 4].lower() in ("how ", "what")] or places
    before = text[: asking[0]]
    if len(before.split()) > _SHORT_START or re.search(r"[\d:]", before) or asking[0] != places[0]:
        text = text[asking[0] :]
    text = re.split(r",? if ", text, maxsplit=1)[0]
    text = text[:_LONG_QUESTION].rsplit(" ", 1)[0] if len(text) > _LONG_QUESTION else text
    return text[:1].upper() + text[1:] + "?"


def after_question(text: str) -> str:
    """What a learner adds after the story's question, such as "is it 41?"; "" when nothing follows."""
    sentences = _sentences(re.sub(r"\s+", " ", text[:MAX_STORY]))
    places = [i for i, s in enumerate(sentences) if asks(s)]
    return " ".join(sentences[places[-1] + 1 :]) if places else ""


def allowed(story: str) -> set[Fraction]:
    """The constants that the story's words give."""
    found = {Fraction(n) for pattern, values in CONSTANTS if re.search(pattern, story) for n in values}
    if MEAN.search(story):
        found |= {Fraction(n) for n in range(2, 11)}
    return found


def parse(text: str, story: str) -> Sum | None:
    """The sum in a model's answer about a story (normal or not), None when it is not one that the story bears out."""
    words, _, unit = text.strip().partition("|")
    if len(words) > _MAX_SUM:
        return None
    plain = reading.signs(words).strip()
    try:
        node = ex.parse(ex.tokens(plain))
        value = ex.evaluate(node)
        currency = ex.unit_of(node)
    except ex.UnreadableError:
        return None
    signs = ex.operations(node)
    if not 1 <= len(signs) <= MAX_OPERATIONS or not set(signs) <= set("+-×÷") or value <= 0:
        return None
    story = normal(story)
    if not _borne_out(ex.leaves(node), story) or not _sensible(node):
        return None
    found = Sum(text=ex.render(node), value=value, unit=currency or _unit(unit, story))
    return found if _countable(found, ex.leaves(node)) else None


def _countable(found: Sum, leaves: Sequence[ex.Num]) -> bool:
    """Whether the result is a number that can be the answer: whole things are whole, money comes to whole pence."""
    if found.value.denominator == 1:
        return True
    parts = found.unit in _MEASURES or any(leaf.value.denominator > 1 and "/" not in leaf.text for leaf in leaves)
    return (found.value * 100).denominator == 1 and (found.unit in ("£", "$", "€") or parts)


def _borne_out(leaves: Sequence[ex.Num], story: str) -> bool:
    """Whether every number stands in the story (often enough) or follows from a word of it; one stands there."""
    have = Counter(numbers_in(story))
    constants = allowed(story)
    used: Counter[tuple[Fraction, str]] = Counter()
    for leaf in leaves:
        key = (leaf.value, leaf.unit)
        if key in have:
            used[key] += 1
        elif leaf.unit or leaf.value not in constants:
            return False
    return bool(used) and all(n <= max(have[key], MAX_USES) for key, n in used.items())


def _sensible(node: ex.Node) -> bool:
    """Whether no step on the way is below zero."""
    if isinstance(node, ex.Op):
        return _sensible(node.left) and _sensible(node.right) and ex.evaluate(node) >= 0
    return isinstance(node, ex.Num) and node.value >= 0


def _unit(text: str, story: str) -> str:
    """The answer's unit, if its words stand in the story or it is one word of measure."""
    words = re.sub(r"[^a-z ]", "", text.lower()).split()[:2]
    held = set(re.findall(r"[a-z]+", story))
    return " ".join(words) if words and all(w in held or w in _MEASURES for w in words) else ""


_MEASURES: Final = {"minutes", "hours", "seconds", "days", "weeks", "months", "years"} | {
    *("cm", "m", "km", "mm", "kg", "g", "litres", "ml", "points")
}


# --- other numbers, the same story -----------------------------------------------------------------------------------


def swapped(story: str, shift: int) -> tuple[str, dict[str, str]] | None:
    """The normal story with other whole numbers of like size, and what the new ones stand for.

    None when the numbers cannot be told apart, or none can be changed. A sum that is read from the words and not from
    the numbers is the same sum for both stories. `shift` (1 or more) chooses the numbers. Fractions, percentages,
    decimals, 1 and 2 stay as they are.
    """
    old: list[str] = []
    for match in STORY_NUMBER.finditer(story):
        digits = re.sub(r"[£$€p ]", "", match[0])
        if digits in old:
            return None
        old.append(digits)
    new: dict[str, str] = {}
    taken = set(old)
    for place, digits in enumerate(old):
        if not digits.isdigit() or digits in ("1", "2") or re.search(rf"(?<!\d){digits} ?%", story):
            continue
        changed = _other(int(digits), shift + place, taken)
        if not changed:
            return None
        taken.add(changed)
        new[changed] = digits
    if not new:
        return None
    back = {was: now for now, was in new.items()}
    text = STORY_NUMBER.sub(lambda m: re.sub(r"[\d.,/]+(?: \d+/\d+)?", lambda n: back.get(n[0], n[0]), m[0]), story)
    return text, new


def _other(value: int, shift: int, taken: set[str]) -> str:
    """Another number with as many digits; "" when all are taken."""
    low = 3 if value < 10 else 10 ** (len(str(value)) - 1) + 1
    span = 10 ** len(str(value)) - low
    first = value - low + shift * max(1, span * 2 // 7)
    numbers = (str(low + (first + step) % span) for step in range(min(span, 2 * MAX_NUMBERS)))
    return next((found for found in numbers if found not in taken), "")


def swapped_back(text: str, new: dict[str, str]) -> str:
    """A sum about swapped numbers, in the old ones."""
    return re.sub(r"\d+(?:[.,/]\d+)*", lambda m: new.get(m[0], m[0]), text)
