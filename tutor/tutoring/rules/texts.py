"""Words and sentences of a text, as every check of a guideline reads them."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from tutor.retrieval.words import one_word

WORD: Final = re.compile(r"\d+(?:[.,/:]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*")
_END: Final = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+|\n+")
_ABBREVIATED: Final = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|Mr|Mrs|Ms|Dr|p|pp|No)|^\d{1,2})\.$")

_DATA: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))
LITTLE: Final = frozenset(str(_DATA["little"]).split())
"""Words that carry no meaning of their own."""
IRREGULAR: Final[dict[str, str]] = {
    form: base for base, forms in _DATA["irregular"].items() for form in str(forms).split()
}
"""Forms that no ending shows, to the word they are of."""


def talk(name: str) -> str:
    """Words about the work itself, one list of `texts.toml`."""
    return str(_DATA["talk"][name])


def plain_words(text: str) -> list[str]:
    """Words and numbers in small letters, without signs; `’` is `'`."""
    return [word.replace("’", "'") for word in WORD.findall(text.casefold())]


@lru_cache(maxsize=4096)
def stems(text: str) -> frozenset[str]:
    """The words that carry meaning, without their endings."""
    words = (word.split("'")[0] for word in plain_words(text) if word not in LITTLE)
    return frozenset(one_word(word) for word in words if word not in LITTLE)


def sentences(text: str) -> list[str]:
    """Sentences and lines of a text; a rough cut that is right for checks."""
    found: list[str] = []
    for part in _END.split(text):
        if not part.strip():
            continue
        if found and _ABBREVIATED.search(found[-1]):
            found[-1] = f"{found[-1]} {part.strip()}"
        else:
            found.append(part.strip())
    return found


def is_question(sentence: str) -> bool:
    """Whether a sentence asks: it ends with a question mark, closing signs aside."""
    return sentence.rstrip("\"'”’)]*_` ").endswith(("?", "？"))
