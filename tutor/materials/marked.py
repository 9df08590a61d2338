"""Markdown to blocks: headings, paragraphs, list items, rows of tables. HTML inside is read as on a page."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from tutor.errors import UserError
from tutor.materials import blocks, clean, web
from tutor.materials.blocks import Block, Read

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT: Final = re.compile(r"\A---\r?\n.*?\r?\n---\r?\n", re.DOTALL)
_FRONT_TITLE: Final = re.compile(r"^title:\s*[\"']?(.+?)[\"']?\s*$", re.MULTILINE)


def read(text: str) -> Read:
    """Raises UserError: no_text, too_large."""
    from markdown_it import MarkdownIt

    front = _FRONT.match(text)
    tokens = MarkdownIt("commonmark", {"maxNesting": 40}).enable("table").parse(text[front.end() :] if front else text)
    found = tuple(_blocks(tokens))
    if not any(block.level == 0 for block in found):
        raise blocks.no_words()
    if sum(len(block.text) for block in found) > blocks.MOST_CHARACTERS:
        raise blocks.too_large()
    named = _FRONT_TITLE.search(front.group()) if front else None
    first = next((block.text for block in found if block.level == 1), "")
    return Read(kind="markdown", blocks=found, title=clean.plain(named.group(1) if named else first)[:200])


def _blocks(tokens: "list[Token]") -> Iterator[Block]:
    level = 0
    item = False
    cells: list[str] | None = None
    for token in tokens:
        match token.type:
            case "heading_open":
                level = int(token.tag[1:])
            case "heading_close":
                level = 0
            case "list_item_open":
                item = True
            case "tr_open":
                cells = []
            case "tr_close":
                if cells and any(cells):
                    yield Block(" | ".join(cells))
                cells = None
            case "inline":
                words = clean.plain(_inline(token))
                if cells is not None:
                    cells.append(words)
                elif words:
                    yield Block(words if level or not item else f"• {words}", level=level)
                    item = False
            case "fence" | "code_block":
                yield from (Block(line) for line in map(clean.plain, token.content.splitlines()) if line)
            case "html_block":
                yield from _html(token.content)


def _html(content: str) -> tuple[Block, ...]:
    try:
        return web.read(content).blocks
    except UserError:
        return ()


def _inline(token: "Token") -> str:
    """Words without marks; tags inside a line go, what stands between them stays."""
    words = ""
    for child in token.children or ():
        if child.type in ("text", "code_inline", "image"):
            words += child.content
        elif child.type in ("softbreak", "hardbreak"):
            words += " "
    return words
