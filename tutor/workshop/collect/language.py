"""The language of a text, by py3langid's own small model that comes with the package."""

import re
from functools import cache
from typing import Final

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from tutor.tutoring import brief
from tutor.workshop.collect.items import Item
from tutor.workshop.collect.settings import CollectSettings

ENOUGH: Final = 4_000
"""Characters that are looked at."""


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def language_of(text: str) -> tuple[str, float]:
    """ISO 639-1 code and how sure it is, 0 to 1; digits and signs are not looked at."""
    code, sure = _identifier().classify(re.sub(r"[^\w\s'’]|[\d_]", " ", text[:ENOUGH]).strip())
    return str(code), float(sure)


def is_foreign(item: Item, settings: CollectSettings) -> bool:
    """Whether it is in a language that the recipe does not want. Short and unclear texts are not."""
    words = "\n".join(part.split(brief.OPENING)[0] for part in _parts(item))
    if not settings.languages or sum(map(str.isalpha, words[:ENOUGH])) < settings.language_letters:
        return False
    code, sure = language_of(words)
    return code not in settings.languages and sure >= settings.language_sure


def _parts(item: Item) -> list[str]:
    return [item.text] if item.text else [m.content for m in item.messages if m.role != "system"]
