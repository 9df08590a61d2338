"""Syllables of English words by their spelling, with a list of words that break the rules.

The rules are those of Lingua::EN::Syllable (G. Fast), with more endings. `tests/tutoring/test_reading_level.py` holds
them to counted words.
"""

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Final

_EXCEPTIONS: Final[dict[str, int]] = {
    word: int(count)
    for count, words in tomllib.loads(Path(__file__).with_name("syllables.toml").read_text(encoding="utf-8")).items()
    for word in words.split()
}
_VOWELS: Final = re.compile(r"[aeiouyäöüéèêàáíóúâîôû]+")
_POSSESSIVE: Final = re.compile(r"'(?:s|re|ll|ve|d|m)$")
_SILENT: Final = re.compile(
    r"[^aeiouy]e(?=$|(?:ly|ful|fully|less|ment|ments|ness|some|what|how|hold|holds|line|lines|like|wise|style|where)$)"
    r"|[^aeiouysxzgc](?<![sc]h)es$|[^aeiouytd]ed$"
    r"|(?<=[aeiouy][bcdfgkmnprtv])e(?=(?:thing|times?|body|one|sides?|work|ware|ways?|man|men|town|land|stone|teen\w*)$)"
)
_NOT_SILENT: Final = re.compile(r"(?:ele|imple|upple|cle)ments?\w*$")
_APART: Final = re.compile(
    r"(?<![csgtxlv])i(?:a(?!g?e$|n?s?$(?<=[cs]ian))|o(?!n?s?$(?<=ion)|ns$)|u)|(?<=[lv])i(?:u|o(?!u?r?$|ns?$)|an?c)|riet|quiet|[dl]ien"
    r"|i[ei](?=t[yi])|ii|(?<=[aeou])ing|y(?=ing)|[^gq]ua[^urzai]|[^aeiou]uou|creat|reali|[ct]iat|ide[ao]|[td]heo"
    r"|eo(?=[nlg]|met)|scien|[dtl]ie(?=nt$|nc)(?<=[dl]ie)|[aeo]y(?=[aeo])|poe[mt]|lion|rea[c]t|[eu]um\b|ruin|[fg]luen|[^gq]uen[ct]"
)
_SYLLABIC: Final = re.compile(
    r"(?:[^aeiouylr]|ck)les?$|[^aeioul]led$|sms?$|thms?$|(?<=[dst])n't$|(?<=[^aeiouywl])re[sd]?$(?<=[bcdgtk]re.)|[^aeiouw]re[s]?$(?<=[bctg]re)"
)


@lru_cache(maxsize=8192)
def syllables(word: str) -> int:
    """At least 1. A number counts as one, as does a sign: a sum is read at a glance."""
    word = _POSSESSIVE.sub("", word.casefold().replace("’", "'"))
    single = word[:-1] if word.endswith("s") and not word.endswith(("ss", "ses", "ches", "shes")) else word
    return _EXCEPTIONS.get(word) or _EXCEPTIONS.get(single) or _by_rule(word)


def _by_rule(word: str) -> int:
    silent = 0 if _NOT_SILENT.search(word) else len(_SILENT.findall(word))
    return max(len(_VOWELS.findall(word)) - silent + len(_APART.findall(word)) + len(_SYLLABIC.findall(word)), 1)
