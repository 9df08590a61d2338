"""Stories put together out of banks of sentences, as templates: one pattern is thousands of stories."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Final

from tutor.tutoring import expressions as ex
from tutor.workshop.writing.word_problems import Template

_FILE: Final = Path(__file__).with_name("word_problems_built.toml")


@cache
def templates() -> tuple[Template, ...]:
    """Every pattern as a template, its sentences as choices. Raises KeyError for a bank that is not there."""
    read = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    found = []
    for sum_text, unit, pattern in read["stories"]:
        sign = sum_text.replace("/", "÷")
        node = ex.parse(ex.tokens(sign.replace("×", "*")))
        story = " ".join(_sentence(read["sentences"], one) for one in pattern.split())
        found.append(Template(sign, node, unit, story, held=False, development=False))
    return tuple(found)


def _sentence(banks: dict[str, list[str]], wanted: str) -> str:
    """A choice among a bank's sentences, with the letters put in."""
    name, _, letters = wanted.partition(":")
    written = []
    for sentence in banks[name]:
        text = sentence.replace("##", "{" + letters[1:] + "}").replace("#", "{" + letters[:1] + "}")
        written.append(text if text.endswith(("?", ".")) else f"{text}.")
    return re.sub(r"\s+", " ", f"({'|'.join(written)})")
