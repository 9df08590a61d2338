"""HTML and Markdown to plain text: scripts and menus go, blocks become lines, powers and formulas stay readable."""

import re
from collections.abc import Iterator
from html import escape
from typing import Final

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from selectolax.lexbor import LexborHTMLParser, LexborNode

DEEPEST: Final = 5_000
"""Open elements in one another; parsing takes time with the square of it."""

_WITHOUT_WORDS: Final = (
    "script, style, template, noscript, iframe, object, svg, canvas, head > :not(title), nav, footer, aside, form, "
    "button, select, [hidden], [aria-hidden=true]"
)
_BLOCKS: Final = frozenset(
    (
        "address",
        "article",
        "blockquote",
        "caption",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "thead",
        "title",
        "tr",
        "ul",
    )
)
_CELLS: Final = frozenset(("td", "th"))
_OPEN_OR_CLOSE: Final = re.compile(
    r"<(/?)(?:a|article|b|blockquote|center|div|em|font|i|main|section|span|strong|table|u|ul|ol)\b", re.IGNORECASE
)


class TooDeepError(ValueError):
    """Elements in one another beyond reason."""


def plain(html: str) -> str:
    """The words of a page. Raises `TooDeepError`."""
    depth = 0
    for tag in _OPEN_OR_CLOSE.finditer(html):
        depth = max(depth + (-1 if tag[1] else 1), 0)
        if depth > DEEPEST:
            raise TooDeepError
    tree = LexborHTMLParser(html)
    for node in tree.css(_WITHOUT_WORDS):
        node.decompose()
    return _tidy("".join(_pieces(tree.root))) if tree.root is not None else ""


def _pieces(root: LexborNode) -> Iterator[str]:
    stack: list[tuple[LexborNode | None, str]] = [(root, "")]
    while stack:
        node, closing = stack.pop()
        if node is None:
            yield closing
            continue
        tag = node.tag or ""
        if tag == "-text":
            words = node.text_content or ""
            yield words if node.parent is not None and node.parent.tag == "pre" else re.sub(r"\s+", " ", words)
        elif tag == "br":
            yield "\n"
        elif tag == "math":
            yield (node.attributes.get("alttext") or "").strip() or node.text(separator=" ", strip=True)
        elif tag == "img":
            yield node.attributes.get("alt") or ""
        elif not tag.startswith("-"):
            opening, closing = _around(tag)
            yield opening
            stack.append((None, closing))
            stack += [(child, "") for child in reversed(list(node.iter(include_text=True)))]


def _around(tag: str) -> tuple[str, str]:
    """What is put before and after an element's words."""
    if tag in _BLOCKS:
        return ("\n", "") if tag in ("li", "tr", "dt", "dd") else ("\n\n", "\n\n")
    if tag in _CELLS:
        return "", "\t"
    return ("^", "") if tag == "sup" else ("", "")


def _tidy(text: str) -> str:
    lines = [re.sub(r" *\t+ *", " | ", re.sub(r"[ \xa0]+", " ", line).strip()) for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _formula(content: str, options: dict[str, bool]) -> str:
    sign = "$$" if options["display_mode"] else "$"
    return f"{sign}{escape(content)}{sign}"


_MARKDOWN: Final = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, renderer=_formula)


def from_markdown(text: str) -> str:
    """The words of a Markdown text; formulas keep their dollar signs. Raises `TooDeepError`."""
    without_front = re.sub(r"\A---\n.*?\n(?:---|\.\.\.)\n", "", text, count=1, flags=re.DOTALL)
    return plain(_MARKDOWN.render(without_front))
