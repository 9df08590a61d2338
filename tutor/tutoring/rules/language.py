"""The language of instruction: is a short text in it? By scripts, little words, and for English by its vocabulary.

Quoted words, names and the lesson's own words are no breach. What is too short to tell is none either.
"""

import re
import tomllib
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from tutor.domain import Lesson
from tutor.domain_lessons import Language
from tutor.tutoring.once import once_a_lesson
from tutor.tutoring.rules.sight import Sight

_DATA: Final = tomllib.loads(Path(__file__).with_name("languages.toml").read_text(encoding="utf-8"))
_LITTLE: Final = {name: frozenset(str(words).split()) for name, words in _DATA["little"].items()}
_SCRIPTS: Final = {
    "el": r"\u0370-\u03ff", "ru": r"\u0400-\u04ff", "he": r"\u0590-\u05ff", "ar": r"\u0600-\u06ff",
    "hi": r"\u0900-\u097f", "bn": r"\u0980-\u09ff", "pa": r"\u0a00-\u0a7f", "gu": r"\u0a80-\u0aff",
    "ta": r"\u0b80-\u0bff", "th": r"\u0e00-\u0e7f", "ko": r"\uac00-\ud7af", "ja": r"\u3040-\u30ff",
    "zh": r"\u4e00-\u9fff",
}  # fmt: skip
_SHARED: Final = {
    "ru": {"ru", "uk", "bg", "sr", "mk"},
    "ar": {"ar", "fa", "ur"},
    "hi": {"hi", "mr", "ne"},
    "zh": {"zh", "ja"},
}
_RUNS: Final = {name: re.compile(f"[{span}]+") for name, span in _SCRIPTS.items()}
_QUOTED: Final = re.compile(
    r"[\"“«„‹][^\"”»“›\n]{0,300}[\"”»“›]|(?<!\w)['‘][^'’\n]{1,120}['’](?!\w)|\*[^*\n]{1,120}\*|_[^_\n]{1,120}_|`[^`]*`"
    r"|\$[^$]*\$|\\\(.*?\\\)|\([^()\n]{1,80}\)"
)
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_CLAUSE: Final = re.compile(r"[,;:–—](?=\s)")
_SCRIPT_LEAST: Final = 3
"""Letters of a foreign script; fewer are signs such as π and Δ."""
_LEAST: Final = 2
"""Little words of another language that make a sentence of it."""
_UNKNOWN_LEAST: Final = 3
"""Words that English must not know, at least, for a text to be no English."""
_KNOWN_SHARE: Final = 0.5


def foreign(text: str, language: str, known: Collection[str] = ()) -> str:
    """The language that a text seems to be in where it is not the wanted one; "?" when only that is sure, "" else.

    `language`: BCP 47. `known`: words of the lesson in small letters, which count for no language.
    """
    wanted = language.split("-")[0].lower()
    plain = _QUOTED.sub(" ", text)
    for name, run in _RUNS.items():
        if wanted not in _SHARED.get(name, {name}) and sum(map(len, run.findall(plain))) >= _SCRIPT_LEAST:
            return name
    if wanted in _SCRIPTS or any(wanted in group for group in _SHARED.values()):
        letters = [c for c in plain if c.isalpha()]
        return "?" if len(letters) > 12 and sum(c.isascii() for c in letters) > 0.9 * len(letters) else ""
    for part in (plain, *_CLAUSE.split(plain)) if _CLAUSE.search(plain) else (plain,):
        words = [w for w in (w.casefold().replace("’", "'") for w in _content(part)) if w not in known]
        found = _by_little_words(words, wanted) or (_unknown(words) if wanted == "en" else "")
        if found and (part is plain or len(words) > _LEAST):
            return found
    return ""


def _content(plain: str) -> list[str]:
    """Words without names: those with a capital inside a sentence are taken for names, unless all have one."""
    found = list(_WORD.finditer(plain))
    capital = [m[0][0].isupper() for m in found]
    if sum(capital) > 0.7 * len(found):
        return [m[0] for m in found]
    return [m[0] for i, m in enumerate(found) if not capital[i] or i == 0 or plain[: m.start()].rstrip()[-1:] in ".!?:"]


def _by_little_words(words: Sequence[str], wanted: str) -> str:
    parts = [part for word in words for part in (word, *(word.split("'") if "'" in word else ()))]
    own = _LITTLE.get(wanted, frozenset())
    mine = sum(word in own for word in parts)
    best, most = "", 0
    for name, little in _LITTLE.items():
        hits = sum(word in little and word not in own for word in parts)
        if name != wanted and hits > most:
            best, most = name, hits
    if most >= _LEAST and most > mine:
        return best
    return best if most == 1 and mine == 0 and 2 <= len(words) <= 4 and not _some_english(words, wanted) else ""


def _some_english(words: Sequence[str], wanted: str) -> bool:
    return wanted == "en" and sum(word in _english() for word in words) > len(words) / 2


def _unknown(words: Sequence[str]) -> str:
    """Whether hardly any word of a text is one of English, and no little word at all."""
    long = [word.split("'")[0] for word in words if len(word) > 2]
    if len(long) < _UNKNOWN_LEAST or any(word in _LITTLE["en"] for word in words):
        return ""
    known = sum(map(known_word, long))
    return "?" if known < _KNOWN_SHARE * len(long) and (known == 0 or len(long) > _UNKNOWN_LEAST) else ""


@cache
def _english() -> frozenset[str]:
    """Common English words, as the screening of personal data keeps them."""
    from tutor import moderation

    folder = Path(moderation.__file__).parent
    common = (folder / "words.txt").read_text(encoding="utf-8").split()
    return frozenset(common) | _LITTLE["en"]


def broken(text: str, before: Sequence[str], guideline: Language, sight: Sight) -> str | None:
    """The other language of a sentence, None when it is in the language of instruction."""
    known = frozenset(w.casefold() for w in _WORD.findall(f"{sight.given} {sight.words}"))
    return foreign(text, guideline.language, known | _words_of(sight.lesson)) or None


@once_a_lesson
def _words_of(lesson: Lesson) -> frozenset[str]:
    """The lesson's own words, without the little ones that tell its language."""
    texts = [lesson.title]
    for item in lesson.items:
        texts += [item.question, item.answer, *item.accepted, *item.choices, *item.hints]
    little = _LITTLE.get(lesson.language.split("-")[0].lower(), frozenset())
    return frozenset(w.casefold() for text in texts for w in _WORD.findall(text)) - little


def known_word(word: str) -> bool:
    """Whether a word in small letters is a common English one."""
    return word in _english() or word.removesuffix("s") in _english()
