r"""markdown-it rules for `\(…\)` and `\[…\]`, which Markdown's own escapes would eat.

They give the same tokens as the dollar rules, so they are drawn alike.
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline

MAX_LATEX: Final = 2_000


def plugin(parser: "MarkdownIt") -> None:
    """Add both rules before the ones that would misread them."""
    parser.inline.ruler.before("escape", "maths_brackets", _inline)
    parser.block.ruler.before(
        "fence", "maths_brackets_block", _block, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )


def _inline(state: "StateInline", silent: bool) -> bool:
    start = state.pos
    opening = state.src[start : start + 2]
    closing = {"\\(": "\\)", "\\[": "\\]"}.get(opening)
    if closing is None:
        return False
    end = state.src.find(closing, start + 2, start + 2 + MAX_LATEX)
    if end < 0 or end + 2 > state.posMax:
        return False
    if not silent:
        token = state.push("math_inline" if closing == "\\)" else "math_inline_double", "math", 0)
        token.content = state.src[start + 2 : end]
        token.markup = "$" if closing == "\\)" else "$$"
    state.pos = end + 2
    return True


def _block(state: "StateBlock", start_line: int, end_line: int, silent: bool) -> bool:
    """`\\[` at the start of a line, its `\\]` at the end of this or a later one."""
    if state.is_code_block(start_line):
        return False
    start = state.bMarks[start_line] + state.tShift[start_line]
    if state.src[start : start + 2] != "\\[":
        return False
    end = state.src.find("\\]", start + 2, start + 2 + MAX_LATEX)
    if end < 0:
        return False
    line = start_line
    while line < end_line and state.eMarks[line] < end:
        line += 1
    if line >= end_line or state.src[end + 2 : state.eMarks[line]].strip():
        return False
    if silent:
        return True
    state.line = line + 1
    token = state.push("math_block", "math", 0)
    token.block = True
    token.content = state.src[start + 2 : end]
    token.markup = "$$"
    token.map = [start_line, state.line]
    return True
