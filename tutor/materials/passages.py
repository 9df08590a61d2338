"""Blocks to passages: pieces of about 80 to 180 words that one answer can rest on, never across headings.

A section is cut into pieces of like length, at the ends of paragraphs where that is near and of sentences elsewhere.
Passages do not overlap: a sentence that is found twice would count twice.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from tutor.materials.blocks import Block

MOST_WORDS: Final = 180
WANTED_WORDS: Final = 120
MOST_CHARACTERS: Final = 3000
"""Of a passage, also where a text has no spaces."""
HEADING_CHARACTERS: Final = 160

_PART: Final = 3
"""Sentences."""
_SENTENCE: Final = re.compile(r"(?<=[.!?…])[”’\"')\]]*\s+(?=[“‘\"'(\[]?[A-ZÀ-Þ0-9])")
_ABBREVIATED: Final = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Prof|No|vs|etc|e\.g|i\.e|c|p|pp|Fig|approx)|\b[A-Z])\.$")


class Cut(NamedTuple):
    """A passage before it is stored."""

    text: str
    heading: str
    """Of its section, with the one above it: `Clouds › How drops grow`; "" before the first."""
    page: int
    """Where it begins; 0 where there are no pages."""


class _Piece(NamedTuple):
    text: str
    page: int
    begins: bool
    """A paragraph, or a line of a list or table."""


def cut(blocks: Sequence[Block], title: str = "") -> list[Cut]:
    """The passages of a text in its order. A heading that is the `title` itself is not repeated in each."""
    made: list[Cut] = []
    above: dict[int, str] = {}
    section: list[Block] = []

    def told() -> None:
        heading = " › ".join([above[level] for level in sorted(above)][-2:])[:HEADING_CHARACTERS]
        made.extend(_section(section, heading))
        section.clear()

    for block in blocks:
        if not block.level:
            section.append(block)
            continue
        told()
        above = {level: text for level, text in above.items() if level < block.level}
        if block.text.casefold() != title.casefold():
            above[block.level] = block.text
    told()
    return made


def place(passage: Cut, first_words: int = 6) -> str:
    """What an answer cites: the page where there are pages, else the heading, else how the passage begins."""
    if passage.page:
        return f"p. {passage.page}"
    if passage.heading:
        return passage.heading.rpartition(" › ")[2]
    words = passage.text.split()
    return " ".join(words[:first_words]) + ("…" if len(words) > first_words else "")


def parts(title: str, heading: str, text: str) -> tuple[str, ...]:
    """What of a passage is encoded: about three sentences each, behind its title and heading."""
    found = [sentence for paragraph in text.split("\n") for sentence in sentences(paragraph)]
    where = f"{title}: {heading}. " if heading else f"{title}. " if title else ""
    return tuple(where + " ".join(found[at : at + _PART]) for at in range(0, len(found), _PART)) or (where + text,)


def _section(blocks: Sequence[Block], heading: str) -> Iterator[Cut]:
    pieces = [piece for block in blocks for piece in _pieces(block)]
    left = sum(_words(piece.text) for piece in pieces)
    share = left / max(1, round(left / WANTED_WORDS))
    passage: list[_Piece] = []
    words = characters = 0
    for piece in pieces:
        more = _words(piece.text)
        near = share - (share / 4 if piece.begins else more / 2)
        too_much = words + more > MOST_WORDS or characters + len(piece.text) > MOST_CHARACTERS
        if passage and (too_much or (words >= near and left > share / 3)):
            yield _joined(passage, heading)
            passage, words, characters = [], 0, 0
        passage.append(piece)
        words, left, characters = words + more, left - more, characters + len(piece.text)
    if passage:
        yield _joined(passage, heading)


def _joined(passage: Sequence[_Piece], heading: str) -> Cut:
    text = passage[0].text
    for piece in passage[1:]:
        text += ("\n" if piece.begins else " ") + piece.text
    return Cut(text, heading, passage[0].page)


def _pieces(block: Block) -> Iterator[_Piece]:
    begins = True
    for sentence in sentences(block.text):
        for part in _short_enough(sentence):
            yield _Piece(part, block.page, begins)
            begins = False


def sentences(text: str) -> list[str]:
    """A paragraph in sentences; titles and initials do not end one."""
    made: list[str] = []
    for part in _SENTENCE.split(text):
        if made and _ABBREVIATED.search(made[-1]):
            made[-1] += " " + part
        else:
            made.append(part)
    return [part for part in made if part.strip()]


def _short_enough(sentence: str) -> Iterator[str]:
    """A sentence longer than a passage in parts: a text without stops, or a script without spaces."""
    words = sentence.split(" ")
    if len(words) <= MOST_WORDS and len(sentence) <= MOST_CHARACTERS:
        yield sentence
        return
    part = ""
    count = 0
    for word in words:
        while len(word) > MOST_CHARACTERS:
            if part:
                yield part
            part, count = "", 0
            yield word[:MOST_CHARACTERS]
            word = word[MOST_CHARACTERS:]
        if part and (count >= WANTED_WORDS or len(part) + len(word) >= MOST_CHARACTERS):
            yield part
            part, count = "", 0
        part, count = f"{part} {word}" if part else word, count + 1
    if part:
        yield part


def _words(text: str) -> int:
    return text.count(" ") + 1
