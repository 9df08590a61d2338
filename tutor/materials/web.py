"""HTML to blocks: what a reader of the page would see. Scripts, styles, menus and hidden text are left out."""

import re
from collections.abc import Iterator
from typing import Any, Final

from tutor.materials import blocks, clean
from tutor.materials.blocks import Block, Read

_DROPPED: Final = (
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "canvas", "audio", "video", "map",
    "form", "button", "select", "input", "textarea", "nav", "dialog", "[hidden]", "[aria-hidden=true]",
)  # fmt: skip
_HIDDEN: Final = re.compile(
    r"(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$|!)"
    r"|font-size\s*:\s*0(?:\D|$)|(?:left|top|text-indent)\s*:\s*-\d{3,})",
    re.IGNORECASE,
)
_PARTS: Final = frozenset({
    "p", "div", "section", "article", "main", "header", "footer", "aside", "blockquote", "pre", "ul", "ol", "dl", "dt",
    "dd", "li", "table", "tbody", "thead", "tfoot", "tr", "figure", "figcaption", "caption", "address", "hr", "body",
    "details", "summary", "h1", "h2", "h3", "h4", "h5", "h6",
})  # fmt: skip
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_CELLS: Final = ("td", "th")


def read(text: str) -> Read:
    """Raises UserError: no_text, too_large."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(text)
    for selector in _DROPPED:
        for node in tree.css(selector):
            node.decompose()
    for node in tree.css("[style]"):
        if _HIDDEN.search(node.attributes.get("style") or ""):
            node.decompose()
    title = tree.css_first("title")
    found = tuple(_blocks(tree.body))
    if not any(block.level == 0 for block in found):
        raise blocks.no_words()
    if sum(len(block.text) for block in found) > blocks.MOST_CHARACTERS:
        raise blocks.too_large()
    return Read(kind="html", blocks=found, title=clean.plain(title.text())[:200] if title is not None else "")


def _blocks(body: Any) -> Iterator[Block]:
    """Walks with a list of its own: pages may be nested deeper than Python calls."""
    text, level = "", 0
    bullet = ""
    ends: list[str] = []
    """Tags that are open."""
    stack: list[tuple[Any, bool]] = [(body, False)] if body is not None else []

    def told() -> Iterator[Block]:
        nonlocal text, bullet
        words = clean.plain(text).strip("| ").strip()
        if words:
            yield Block(words if level else bullet + words, level=level)
            bullet = ""
        text = ""

    while stack:
        node, leaving = stack.pop()
        tag = node.tag
        if leaving:
            if tag in _PARTS:
                yield from told()
            if tag in _HEADINGS:
                level = 0
            if tag == "li":
                bullet = ""
            if ends:
                ends.pop()
            continue
        if tag == "-text":
            text += node.text_content or ""
            continue
        if tag.startswith("-") or tag == "head":
            continue
        if tag == "br":
            text += " "
        elif tag == "img":
            continue
        elif tag in _CELLS:
            text += " | " if text.strip() else ""
        elif tag in _PARTS:
            yield from told()
            level = _HEADINGS.get(tag, level)
            bullet = "• " if tag == "li" else bullet
        ends.append(tag)
        stack.append((node, True))
        stack.extend((child, False) for child in reversed(list(node.iter(include_text=True))))
    yield from told()
