"""Cuts a stream of text into pieces that can be checked and shown one by one.

A piece is a sentence, a line (of a list, a table, code), or, when neither ends for 40 tokens, the words so far. Cuts
never fall inside a number, an abbreviation or a formula, for the checks read each piece on its own.
"""

import re
from typing import Final

import msgspec

_HOLD: Final = 40
"""Tokens after which a piece may end between two words."""
_HOLD_MOST: Final = 120
"""Tokens after which a piece ends wherever it is."""
_END: Final = re.compile(r"[.!?…。！？]+[\"'”’»)\]*_`]*(?=\s)")
_STOP: Final = re.compile(r"[.!?…。！？][\"'”’»)\]*_`]*$")
_ABBREVIATION: Final = re.compile(
    r"(?:^|[\s(\[“\"'])(?:e\.g|i\.e|etc|vs|cf|approx|ca|Mr|Mrs|Ms|Dr|Prof|St|No|Nr|Fig|fig|Eq|p|pp|[A-Z])\.$"
)
_LIST_NUMBER: Final = re.compile(r"^\s*(?:[#>*_-]+\s*)*(?:\d{1,3}|[a-zA-Z])[.)]$")
_WORD_GAP: Final = re.compile(r"(?<=[^\W\d_])[,;:]?(\s+)(?=[^\W\d_]{2})")
_FENCE: Final = re.compile(r"^\s*(?:```|~~~)")
OPEN_MATHS: Final = re.compile(r"[=+\-−*/×÷·<>≤≥≈^(]\s*$")
"""A text that ends like this continues as maths: it must be checked together with what follows."""


class Piece(msgspec.Struct, frozen=True):
    space: str
    """White space before it."""
    text: str
    start: int
    """Characters of the stream before `space`."""
    whole: bool = True
    """False: cut because it grew too long, or because the stream ended before the sentence did."""

    @property
    def end(self) -> int:
        return self.start + len(self.space) + len(self.text)


class Splitter:
    """Feed it decoded text; it gives finished pieces."""

    def __init__(self, start: int = 0, *, in_code: bool = False) -> None:
        """`start`: where in the reply the stream begins; `in_code`: a code fence is open there."""
        self._buffer = ""
        self._start = start
        self._tokens = 0
        self._in_code = in_code

    @property
    def in_code(self) -> bool:
        return self._in_code

    def feed(self, text: str) -> list[Piece]:
        """One token's text. Gives the pieces that are finished now."""
        self._buffer += text
        self._tokens += 1
        pieces = []
        while (end := self._find_end()) is not None:
            length, whole = end
            piece = self._take(length, whole)
            if piece is not None:
                pieces.append(piece)
        return pieces

    @property
    def open(self) -> str:
        """What is not finished yet."""
        return self._buffer.strip()

    def standing(self) -> str:
        """The sentence that would be finished if the stream ended here; "" where none would be whole."""
        text = self.open
        return text if _STOP.search(text) and not self._in_code else ""

    def finish(self) -> list[Piece]:
        """The stream has ended: what is left, if it is more than white space."""
        text = self._buffer.rstrip()
        whole = bool(re.search(r"[.!?…。！？:|`$\])*_\"'”’)]$", text))
        piece = self._take(len(text), whole)
        return [piece] if piece is not None else []

    def _take(self, length: int, whole: bool) -> Piece | None:
        taken = self._buffer[:length]
        text = taken.strip()
        if not text:
            return None
        space = taken[: len(taken) - len(taken.lstrip())]
        piece = Piece(space=space, text=text, start=self._start, whole=whole)
        self._start += length
        self._buffer = self._buffer[length:]
        self._tokens = 0
        if _FENCE.match(text):
            self._in_code = not self._in_code
        return piece

    def _find_end(self) -> tuple[int, bool] | None:
        buffer = self._buffer
        lead = len(buffer) - len(buffer.lstrip())
        line = buffer.find("\n", lead)
        while line >= 0 and _inside_formula(buffer[:line], block=True):
            line = buffer.find("\n", line + 1)
        if lead == len(buffer):
            return None
        if not self._in_code and not _FENCE.match(buffer):
            for found in _END.finditer(buffer, lead):
                if 0 <= line < found.start():
                    break
                if self._is_end(found):
                    return found.end(), True
        if line >= 0:
            return len(buffer[:line].rstrip()), True
        if self._tokens >= _HOLD:
            return self._forced(lead)
        return None

    def _is_end(self, found: re.Match[str]) -> bool:
        before = self._buffer[: found.end()]
        after = self._buffer[found.end() :].lstrip()
        if _inside_formula(before, block=False):
            return False
        marks = found.group()
        if marks == "." and (_ABBREVIATION.search(before) or _LIST_NUMBER.match(before.rpartition("\n")[2])):
            return False
        if marks in ("...", "…") or marks.startswith("..."):
            return bool(after) and not after[0].islower()
        return True

    def _forced(self, lead: int) -> tuple[int, bool] | None:
        gaps = [g for g in _WORD_GAP.finditer(self._buffer, lead) if not _inside_formula(self._buffer[: g.start()])]
        if gaps:
            return gaps[-1].start(1), False
        if self._tokens >= _HOLD_MOST:
            return len(self._buffer.rstrip()), False
        return None


def _inside_formula(text: str, *, block: bool = True) -> bool:
    """Whether a formula is open at the end of the text. `block`: only those that may go over several lines."""
    plain = re.sub(r"\\\$", "", re.sub(r"`[^`\n]*`", "", text))
    if plain.count("$$") % 2 or plain.count("\\[") > plain.count("\\]"):
        return True
    if block:
        return False
    line = plain.rpartition("\n")[2].replace("$$", "")
    if line.count("\\(") > line.count("\\)"):
        return True
    opened = line.rpartition("$")[2]
    return line.count("$") % 2 == 1 and not re.match(r"\d[\d.,]*\s", opened)
