"""A grammar of malformed sentences: the ways in which small models break English, each by its name.

Every rule is meant to be quiet on the sentences that a careful teacher writes; a test holds them to that.
"""

import re
from typing import Final

UNCLOSED_BRACKET: Final = "an unclosed bracket"
UNCLOSED_QUOTE: Final = "an unclosed quotation"
DOUBLED_WORD: Final = "a doubled word"
NO_CAPITAL: Final = "no capital at the start"
NO_END: Final = "no mark at the end"
STRAY: Final = "a stray token"
ARTICLE: Final = "a for an, or an for a"
SPACING: Final = "a space before a mark, or none after it"
DOUBLED_MARK: Final = "a doubled mark"
DANGLING: Final = "breaks off after a small word"
NO_LETTER: Final = "no word at all"
SMALL_I: Final = "a small i"
EMPTY: Final = "nothing said"

NAMES: Final = (
    UNCLOSED_BRACKET,
    UNCLOSED_QUOTE,
    DOUBLED_WORD,
    NO_CAPITAL,
    NO_END,
    STRAY,
    ARTICLE,
    SPACING,
    DOUBLED_MARK,
    DANGLING,
    NO_LETTER,
    SMALL_I,
    EMPTY,
)

_SENTENCE = re.compile(r"(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)[\"'”’)]?\s+(?=\S)|\n+")
_STRAY = re.compile(
    r"<\|?/?[a-z_]{2,}\|?>|\|>|\[/?INST\]|\[For the tutor|</?s>|�|[\x00-\x08\x0b-\x1f\x7f]|#{3,}"
    r"|\b(?:assistant|user|system)\b:?\s*$|^(?:Steps|Hint|Check|Problem|Attempt):"
)
_DOUBLED = re.compile(r"\b([A-Za-z]{2,}) \1\b(?!-)", re.I)
_MAY_DOUBLE: Final = frozenset({"that", "had", "very", "many", "bye", "no", "so", "well", "ha", "there", "now"})
_SPACED = re.compile(r"[A-Za-z] [,;.?!](?:\s|$)|[a-z][,;:?!][A-Za-z]|[a-z]{2}\.[A-Z][a-z]")
_MARKS = re.compile(r"(?<!\.)\.\.(?!\.)|,,|;;|\?{2,}|!{2,}|[,;:][.,;]|\.[,;?!]|[?!][.,;]")
_END = re.compile(r"[.?!:…][\"'”’)\]]*$")
_DANGLING = re.compile(r"\b(?:the|an|and|or|but|because|your|my|our|than|every|whose)[.!]$", re.I)
"""Words that no English sentence ends with; a preposition may ("the place that you round to")."""
_ARTICLE = re.compile(r"\b(a|an|A|An) ([\"'‘“(]?)(\d[\d,./]*|[A-Za-z][A-Za-z'’-]*)")
_CONSONANT_SOUND = re.compile(r"(?:uni(?!n|m)|use|usu|util|one(?![a-z])|once|eu|ewe|ubiq|u(?:k|s)\b)", re.I)
_SILENT_H = re.compile(r"(?:hour|honest|honour|heir)", re.I)
_NO_NOUN: Final = frozenset(
    ("in", "is", "it", "if", "as", "at", "on", "and", "are", "of", "or", "alone", "equals", "also", "again", "into")
)
"""After these an "a" before them is an unknown: "what is done to a in 6a = 150"."""
_LETTER_NAMES: Final = frozenset("aefhilmnorsxAEFHILMNORSX")
"""Letters whose names begin with a vowel: an x."""
_BRACKETS: Final = {")": "(", "]": "[", "}": "{"}


def sentences(text: str) -> list[str]:
    """The sentences of a text, split at end marks that white space follows, and at line ends."""
    return [part.strip() for part in _SENTENCE.split(text) if part.strip()]


def faults(text: str) -> list[tuple[str, str]]:
    """(fault, sentence) for everything malformed in a reply; brackets and quotations may run over sentences."""
    if not text.strip():
        return [(EMPTY, "")]
    found = [(UNCLOSED_BRACKET, text)] if _open_bracket(text) else []
    found += [(UNCLOSED_QUOTE, text)] if _open_quote(text) else []
    for sentence in sentences(text):
        found += [(name, sentence) for name in of_sentence(sentence)]
    return found


def of_sentence(sentence: str) -> list[str]:
    """Faults of one sentence, but for brackets and quotations."""
    checks = (
        (STRAY, _STRAY.search(sentence) is not None),
        (DOUBLED_WORD, any(m[1].lower() not in _MAY_DOUBLE for m in _DOUBLED.finditer(sentence))),
        (NO_CAPITAL, _small_start(sentence)),
        (NO_END, _END.search(sentence) is None),
        (ARTICLE, any(_wrong_article(*m.groups()) for m in _ARTICLE.finditer(sentence))),
        (SPACING, _SPACED.search(sentence) is not None),
        (DOUBLED_MARK, _MARKS.search(sentence) is not None),
        (DANGLING, _DANGLING.search(sentence) is not None),
        (NO_LETTER, not any(c.isalnum() for c in sentence)),
        (SMALL_I, re.search(r"(?<![\w.])i(?:'m|'ll|'ve|'d)?(?= [a-z])", sentence) is not None),
    )
    return [name for name, wrong in checks if wrong]


def _open_bracket(text: str) -> bool:
    stack: list[str] = []
    for sign in text:
        if sign in "([{":
            stack.append(sign)
        elif sign in _BRACKETS and (not stack or stack.pop() != _BRACKETS[sign]):
            return True
    return bool(stack)


def _open_quote(text: str) -> bool:
    return text.count('"') % 2 == 1 or text.count("“") != text.count("”")


def _small_start(sentence: str) -> bool:
    """A sentence may begin with a number or a sign, or with an unknown such as x."""
    start = re.match(r"[\"'‘“(\[]*([A-Za-z][A-Za-z'’]*)", sentence)
    return start is not None and len(start[1]) > 1 and start[1][0].islower()


def _wrong_article(article: str, quote: str, word: str) -> bool:
    vowel = _vowel_sound(word)
    if vowel is None or word.lower() in _NO_NOUN or (article == "A" and quote == "" and len(word) == 1):
        return False
    return vowel != (article.lower() == "an")


def _vowel_sound(word: str) -> bool | None:
    """Whether the word begins with a vowel's sound; None where it cannot be known."""
    if word[0].isdigit():
        whole = re.match(r"\d+", word.replace(",", ""))
        digits = whole[0] if whole else ""
        if "/" in word:
            return None  # 1/8 is "an eighth" or "one eighth"
        return digits.startswith("8") or (digits.startswith(("11", "18")) and len(digits) % 3 == 2)
    if len(word) == 1:
        return word in _LETTER_NAMES
    if word.isupper():
        return None
    if _SILENT_H.match(word):
        return True
    return word[0].lower() in "aeiou" and _CONSONANT_SOUND.match(word) is None
