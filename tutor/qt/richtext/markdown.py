"""Markdown (or a learner's plain words) with maths, as HTML that Qt's text documents understand.

Formulas leave the HTML as one private character each, in order; `document.fill` puts drawn formulas in their place.
markdown-it is imported with the first answer, not at start.
"""

import html
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tutor.i18n import tr
from tutor.qt.richtext import code, maths_rules

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

MAX_CHARACTERS: Final = 20_000
"""The most of one message that is laid out; what a learner may send is not longer."""

MAX_FORMULAS: Final = 200

PLACE: Final = "\ue000"
"""Stands for a formula in the HTML; taken out of the words before."""

ALLOWED_SCHEMES: Final = ("lesson:", "source:")
"""The only links that stay links. Everything else is shown as words: nothing here leads out of the program."""

# control characters; Qt's own frame markers and other non-characters; the object and formula places
_UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufdd0-\ufdef\ufffc\ufffe\uffff" + PLACE + "]")

# line breaks between blocks, which Qt would show as spaces; code holds no such tags, because it is escaped
_BETWEEN = re.compile(
    r"(</(?:p|h[1-6]|ul|ol|li|blockquote|table|thead|tbody|tr|t[dh]|pre)>"
    r"|<(?:ul|ol|li|blockquote|thead|tbody|tr|br ?/?|table[^>]*|ol[^>]*)>)\n+"
)

_LEARNER_MATHS = re.compile(
    r"\$\$(?P<a>[^$]{1,500}?)\$\$"
    r"|(?<![\\$\w])\$(?![\s$])(?P<b>[^$\n]{1,300}?)(?<![\s\\])\$(?![\d$])"
    r"|\\\((?P<c>.{1,500}?)\\\)"
    r"|\\\[(?P<d>.{1,500}?)\\\]",
    re.DOTALL,
)


class Formula(NamedTuple):
    latex: str
    display: bool


class Prepared(NamedTuple):
    html: str
    formulas: tuple[Formula, ...]
    """In the order of their places in the HTML."""


def clean(text: str) -> str:
    """The text without what no document can hold: lone surrogates, control and non-characters, private places."""
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    return _UNSHOWABLE.sub("\ufffd", text)


def answer(text: str) -> Prepared:
    """A tutor's Markdown as HTML."""
    words, left = _bounded(text)
    environment: dict[str, Any] = {"formulas": []}
    body = _BETWEEN.sub(r"\1", _parser().render(words, environment))
    return Prepared(body + left, tuple(environment["formulas"]))


def question(text: str) -> Prepared:
    """A learner's words as they were typed (`3 * 4 * 5` stays so), with their formulas."""
    words, left = _bounded(text)
    formulas: list[Formula] = []
    parts: list[str] = []
    end = 0
    for found in _LEARNER_MATHS.finditer(words):
        if len(formulas) >= MAX_FORMULAS:
            break
        latex = next(group for group in found.groups() if group is not None)
        formulas.append(Formula(latex.strip(), display=False))
        parts += [html.escape(words[end : found.start()]), PLACE]
        end = found.end()
    parts.append(html.escape(words[end:]))
    lines = "".join(parts).replace("\n", "<br>")
    return Prepared(f'<p style="white-space: pre-wrap">{lines}</p>{left}', tuple(formulas))


def _bounded(text: str) -> tuple[str, str]:
    """The part that is shown, and a line of HTML about the rest ("" when there is none)."""
    cut = clean(text[:MAX_CHARACTERS])
    if len(text) <= MAX_CHARACTERS:
        return cut, ""
    note = tr("{n} more characters are kept and copied, but not shown here.", n=f"{len(text) - MAX_CHARACTERS:,}")
    return cut + "…", f"<p><i>{html.escape(note)}</i></p>"


@lru_cache(maxsize=1)
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    made = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
    made.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True, allow_labels=False)
    made.use(maths_rules.plugin)
    made.validateLink = _any_link  # type: ignore[method-assign]
    for name, display in (("math_inline", False), ("math_inline_double", True), ("math_block", True)):
        made.add_render_rule(name, _formula_rule(display))
    made.add_render_rule("image", _image)
    made.add_render_rule("link_open", _link_open)
    made.add_render_rule("link_close", _link_close)
    made.add_render_rule("fence", _code)
    made.add_render_rule("code_block", _code)
    made.add_render_rule("table_open", _table_open)
    made.add_render_rule("hr", _rule)
    return made


def _any_link(url: str) -> bool:
    """Every link and picture becomes words anyway (see the rules), so all may be read as such."""
    return True


# markdown-it calls a render rule as rule(renderer, tokens, index, options, environment)


def _formula_rule(display: bool) -> Any:
    def rule(_renderer: Any, tokens: Sequence[Any], index: int, _options: Any, environment: dict[str, Any]) -> str:
        token = tokens[index]
        formulas: list[Formula] = environment["formulas"]
        latex = token.content.strip()
        if not latex or len(formulas) >= MAX_FORMULAS:
            return html.escape(f"{token.markup}{token.content}{token.markup}")
        formulas.append(Formula(latex, display))
        return f"<p>{PLACE}</p>" if token.type == "math_block" else PLACE

    return rule


def _image(_renderer: Any, tokens: Sequence[Any], index: int, _options: Any, _environment: Any) -> str:
    words = tokens[index].content.strip()
    return html.escape(tr("[picture: {words}]", words=words) if words else tr("[picture]"))


def _allowed(token: Any) -> str:
    address = str(token.attrGet("href") or "")
    return address if address.startswith(ALLOWED_SCHEMES) else ""


def _link_open(_renderer: Any, tokens: Sequence[Any], index: int, _options: Any, environment: dict[str, Any]) -> str:
    address = _allowed(tokens[index])
    environment.setdefault("links", []).append(bool(address))
    return f'<a href="{html.escape(address)}">' if address else ""


def _link_close(_renderer: Any, _tokens: Any, _index: int, _options: Any, environment: dict[str, Any]) -> str:
    return "</a>" if environment.get("links") and environment["links"].pop() else ""


def _code(_renderer: Any, tokens: Sequence[Any], index: int, _options: Any, _environment: Any) -> str:
    language = (tokens[index].info or "").strip().split(" ")[0]
    return code.block(tokens[index].content, language)


def _table_open(_renderer: Any, _tokens: Any, _index: int, _options: Any, _environment: Any) -> str:
    return '<table class="grid" cellspacing="0" cellpadding="6">'


def _rule(_renderer: Any, _tokens: Any, _index: int, _options: Any, _environment: Any) -> str:
    return "<hr/>"
