"""Plain and pasted text to blocks: paragraphs by empty lines, headings where they can be told."""

import re
from typing import Final

from tutor.materials import blocks, clean
from tutor.materials.blocks import Block, Read
from tutor.materials.lines import paragraphs

_RULED: Final = re.compile(r"^(?:={3,}|-{3,})$")
_MARKED: Final = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_NUMBERED: Final = re.compile(
    r"^(?:chapter|part|section|lesson|unit)\s+\w+|^\d{1,2}(?:\.\d{1,2}){0,3}\.?\s+[A-Z]", re.I
)
_HEADING_WORDS: Final = 10
_WRAPPED: Final = 100
"""Characters; where no line is longer, lines were cut to a width."""


def read(text: str) -> Read:
    """Raises UserError: no_text, too_large."""
    if len(text) > blocks.MOST_CHARACTERS:
        raise blocks.too_large()
    sheets = text.split("\f") if "\f" in text.strip("\f") else [text]
    numbered = len(sheets) > 1
    found: list[Block] = []
    known = clean.known_compounds(text.splitlines())
    for page, sheet in enumerate(sheets, start=1):
        found += _sheet(clean.signs(sheet), page if numbered else 0, known)
    if not any(block.level == 0 for block in found):
        if not found:
            raise blocks.no_words()
        found = [Block(block.text, block.page) for block in found]  # short lines alone: a list of words
    title = next((block.text for block in found if block.level == 1), "")
    return Read(kind="text", blocks=tuple(found), title=title[:200], pages=len(sheets) if numbered else 0)


def _sheet(text: str, page: int, known: tuple[frozenset[str], frozenset[str]]) -> list[Block]:
    lines = [line.strip() for line in text.split("\n")]
    wrapped = max(map(len, lines), default=0) <= _WRAPPED
    made: list[Block] = []
    waiting: list[str] = []

    def told() -> None:
        whole = paragraphs(waiting) if wrapped else [line for line in waiting if line]
        made.extend(Block(words, page) for words in (clean.plain(clean.mended(each, known)) for each in whole) if words)
        waiting.clear()

    at = 0
    while at < len(lines):
        line = lines[at]
        after = lines[at + 1] if at + 1 < len(lines) else ""
        marked = _MARKED.match(line)
        if marked and marked.group(2):
            told()
            made.append(Block(clean.plain(marked.group(2)), page, len(marked.group(1))))
        elif line and _RULED.match(after) and len(line.split()) <= _HEADING_WORDS:
            told()
            made.append(Block(clean.plain(line), page, 1 if after[0] == "=" else 2))
            at += 1
        elif _alone(lines, at) and _like_a_heading(line):
            told()
            made.append(Block(clean.plain(line), page, 1 if not made else 2))
        elif not _RULED.match(line):
            waiting.append(line)
        at += 1
    told()
    return made


def _alone(lines: list[str], at: int) -> bool:
    """Empty lines around it, and text that follows."""
    before, after = at == 0 or not lines[at - 1], at + 1 < len(lines) and not lines[at + 1]
    following = next((line for line in lines[at + 1 :] if line), "")
    return bool(lines[at]) and before and after and len(following.split()) > _HEADING_WORDS // 2


def _like_a_heading(line: str) -> bool:
    words = line.split()
    if len(words) > _HEADING_WORDS or line.endswith((".", ",", ";", ":", "”", '"')) or not line[:1].isalnum():
        return False
    return line.isupper() or bool(_NUMBERED.match(line)) or line[:1].isupper()
