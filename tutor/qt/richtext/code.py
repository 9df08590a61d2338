"""Code with highlighting in the theme's colours, as HTML. pygments is imported with the first named language."""

import html
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from tutor.qt import theme

MAX_HIGHLIGHTED: Final = 10_000
"""Characters; longer code is shown plain."""

_COLOURS: Final = (
    ("Comment", "quiet"),
    ("Keyword", "accent"),
    ("Literal.String", "good"),
    ("Literal.Number", "warm"),
    ("Name.Function", "accent"),
    ("Name.Class", "accent"),
    ("Name.Builtin", "accent"),
    ("Operator.Word", "accent"),
)
"""Token types (by prefix) and the theme's token that colours them; the rest is ink."""


def block(source: str, language: str) -> str:
    """A block of code: one tinted cell, lines wrapped where they must be."""
    tokens = theme.current()
    lines = "".join(_coloured(source.rstrip("\n"), language)) or " "
    return (
        f'<table class="code" width="100%" cellspacing="0" cellpadding="10" bgcolor="{tokens.code}"><tr><td>'
        f"<pre>{lines}</pre></td></tr></table>"
    )


def _coloured(source: str, language: str) -> Iterator[str]:
    lexer = _lexer(language.lower()[:40]) if len(source) <= MAX_HIGHLIGHTED else None
    if lexer is None:
        yield html.escape(source)
        return
    tokens = theme.current()
    pieces = [(str(kind).removeprefix("Token."), value) for kind, value in lexer.get_tokens(source)]
    if pieces and pieces[-1][1].endswith("\n") and not source.endswith("\n"):
        pieces[-1] = (pieces[-1][0], pieces[-1][1][:-1])
    for kind, value in pieces:
        colour = next((name for prefix, name in _COLOURS if kind.startswith(prefix)), "")
        words = html.escape(value)
        yield f'<span style="color:{getattr(tokens, colour)}">{words}</span>' if colour else words


@lru_cache(maxsize=16)
def _lexer(language: str) -> Any:
    """The lexer of a language, or None when nobody knows it."""
    if not language:
        return None
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None
