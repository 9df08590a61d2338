"""Sums are passed on, not made up: what a narrow model may write next where it writes numbers and signs.

Such a model was trained to copy the sums of its notes, and slips now and then: a digit left out, a sign too early. Each
token that it may choose is looked at before one is drawn, and those that would make the sum another one than stands in
the notes are left out. Which words go with the sum, and which sum comes next, stays the model's own choice.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, TypeAlias

from tutor.tutoring.explanations import Explanation

Known: TypeAlias = tuple[str, ...]
"""Sums of the notes, without spaces around signs."""
_SIGNS: Final = r"+\-−–×÷*/=<>≤≥%^²³√()"
_UNIT: Final = (
    r"(?:mm|cm|km|kg|mg|ml|cl|min|sq ?cm|(?:second|minute|hour|day|week|month|year|gram|pound)s?|pence|degrees?"
    r"|(?:milli|centi|kilo)?(?:metre|litre|gram)s?|[b-hj-zA-HJ-Z£$€°])(?![A-Za-z'’])"
)
"""A unit or an unknown, which holds a sum together as a sign does. Longer words end it."""
_LONG_UNITS: Final = ("second", "minute", "hour", "day", "week", "month", "year", "gram", "kilo", "centi", "milli")
_RUN: Final = re.compile(rf"(?:\d|[.,:](?=\d|\Z)|[{_SIGNS}]|(?<![A-Za-z'’]){_UNIT}|[ \u00a0])+")
_SPACES: Final = re.compile(rf"[ \u00a0]*([{_SIGNS}])[ \u00a0]*")
_DIGIT: Final = re.compile(r"\d")
_SIGNED: Final = re.compile(r"[\d=×÷]")
_REPEATED: Final = re.compile(r"=\Z|\A[^=]*\d[-+×÷]\d\Z")
"""By now a run can be told from others: its first sign and a digit, or its equals sign."""
_NAMED: Final = re.compile(r"[A-Za-z]=|=[A-Za-z]")
_ENDS: Final = ("", "=", "(", ")", "<", ">", " ")
"""What may follow a statement that is said to its end: half of one may be false."""
_STATEMENT: Final = re.compile(r"[^=()<> ]*")
_LISTED: Final = re.compile(r"(?<![\d.:/])(\d+(?:[.:/]\d+)*)(, and | and |, )(?=(\d+(?:[.:/]\d+)*))")
"""Two neighbours of a list."""
_JOINED: Final = re.compile(r"(?<![\d.:/])(\d+(?:[.:/]\d+)*),? and\Z")
_HALF: Final = re.compile(r"[+×÷=]\s*\Z")
_WORD: Final = re.compile(r"\s*([A-Za-z]{2,})")
_AFTER_WORD: Final = re.compile(r"[A-Za-z]{3,}\s*\Z")
_BEFORE_SIGN: Final = re.compile(r"([A-Za-z]{3,})\s*[=×÷]")
_TAIL: Final = 120
"""Characters before a token that may belong to the same sum."""
_NEAR: Final = 24
"""Characters back to the neighbour in a list."""


class Copying:
    """What may follow, given the texts that a reply's sums are taken from.

    `explanation`: of one that says its steps, where these are put down.
    """

    def __init__(self, sources: Iterable[str], explanation: Explanation | None = None) -> None:
        texts, self.explanation = tuple(sources), explanation
        self._known = tuple(run for text in texts for run in _runs(text))
        self._written = tuple(dict.fromkeys(run for text in texts for run in _RUN.findall(text) if "=" in run))
        self._listed = frozenset(pair for text in texts for pair in _LISTED.findall(text))
        self._named = frozenset(word for text in texts for word in _BEFORE_SIGN.findall(text))
        self._joined = frozenset((first, join) for first, join, _second in self._listed)
        self._first = frozenset(first for first, _join, _second in self._listed)

    def after(self, pieces: Iterable[bytes] = ()) -> "Writing":
        """A reply that begins with these tokens' bytes."""
        return Writing(self, b"".join(pieces))

    def allows(self, tail: str, begun: int, piece: str) -> bool:
        """Whether a reply that ends with `tail` may go on with `piece`, "" for its end.

        `begun`: where the sum began with which it ends. Most words have nothing to do with a sum, and are let through
        at once.
        """
        near = tail[begun:]
        if piece[:1] in (".", ",", "?", "!") and tail[-1:] == ":":
            return False  # what was announced is left out
        if not (near.strip() or _SIGNED.search(piece) or (near and piece[:1] == " ")):
            return True
        if self._torn(tail, near, piece) or not self._in_order(tail, piece):
            return False
        known = self._known
        whole = tail + piece
        last = len(whole)
        for run in _RUN.finditer(whole, begun):
            if run.end() == len(whole) and piece:
                last = run.start()
            elif not _stands(known, _bare(run.group()), closed=True):
                return False
        return last == len(whole) or _may_go_on(known, tail, whole[last:], last)

    def forced(self, tail: str, begun: int) -> str:
        """What has to follow, as the notes write it, where a statement goes on in one way; "" elsewhere."""
        if "=" not in tail[begun:]:
            return ""
        run = _bare(tail[begun:])
        rests = {rest for one in self._known for rest in _rests(one, run)}
        if len(rests) != 1 or not (length := len(min(rests))):
            return ""
        said = tail[begun:].strip()
        after = {_so_many(written.partition(said)[2], length) for written in self._written if said in written}
        after = {one for one in after if _bare(one) in rests}  # with the spaces of what is copied
        if len(after) != 1:
            return ""
        return min(after).lstrip() if tail[-1:].isspace() else min(after)

    def conclusion(self, said: str) -> str:
        """How a sentence will most probably end that is about to say the answer; "" elsewhere."""
        return self.explanation.conclusion(said) if self.explanation else ""

    def _torn(self, tail: str, near: str, piece: str) -> bool:
        """Whether a sign would have a word, or nothing, and no number or unknown beside it."""
        if _HALF.search(near):
            if not piece or piece[0] in ".,;:!?":
                return True
            if word := _WORD.match(piece):
                return not re.match(_UNIT, word[1]) and not any(unit.startswith(word[1]) for unit in _LONG_UNITS)
        said = _AFTER_WORD.search(tail) if piece.lstrip()[:1] in ("=", "×", "÷") else None
        return said is not None and said[0].strip() not in self._named and not re.fullmatch(_UNIT, said[0].strip())

    def _in_order(self, tail: str, piece: str) -> bool:
        """Whether neighbours in a list are so in the notes, where their first is in a list there."""
        if not self._listed or not (piece[:1].isdigit() or tail[-1:].isdigit() or piece == " and"):
            return True
        since = max(0, len(tail) - _NEAR)
        while since and tail[since - 1] in "0123456789.:/":
            since -= 1
        text = tail[since:] + piece
        joined = _JOINED.search(text)
        if joined and joined[1] in self._first and (joined[1], " and ") not in self._joined:
            return False
        for pair in _LISTED.finditer(text):
            end = pair.end(3)
            if end < len(tail) - since or pair[1] not in self._first:
                continue
            if "=" in tail[begun_at(tail[: since + pair.end(1)]) : since + pair.end(1)]:
                continue  # the end of one sum and the beginning of another
            found = [second for first, join, second in self._listed if (first, join) == (pair[1], pair[2])]
            rest = text[end:]
            open_end = piece and rest in ("", ".", ":", "/")
            if pair[3] not in found and not (open_end and any(one.startswith(pair[3] + rest) for one in found)):
                return False
        return True


class Writing:
    """One reply as it grows."""

    def __init__(self, copying: Copying, begun: bytes = b"") -> None:
        self._copying, self._said = copying, begun
        self._tail, self._begun = "", 0
        self.add(b"")

    @property
    def text(self) -> str:
        return self._said.decode(errors="replace")

    def allows(self, piece: bytes) -> bool:
        """Whether it may go on with these bytes of a token; b"" for its end."""
        return self._copying.allows(self._tail, self._begun, piece.decode(errors="replace"))

    def ways(self) -> tuple[str, ...]:
        """The few words with which an explanation may go on, "" for its end; none elsewhere."""
        explanation = self._copying.explanation
        return explanation.ways(self.text) if explanation is not None else ()

    def forced(self) -> str:
        """What has to follow now; "" where there is a choice."""
        explanation = self._copying.explanation
        if explanation is not None and explanation.ways(self.text):
            return explanation.follows(self.text)
        return self._copying.forced(self._tail, self._begun) if self._begun < len(self._tail) else ""

    def add(self, piece: bytes) -> None:
        """It went on."""
        self._said += piece
        self._tail = self._said[-4 * _TAIL :].decode(errors="replace")[-_TAIL:]
        self._begun = begun_at(self._tail)


def begun_at(text: str) -> int:
    """Where the sum begins with which a text ends; its length where it ends with other words."""
    end = len(text)
    for run in _RUN.finditer(text):
        end = run.start() if run.end() == len(text) else len(text)
    return end


def _may_go_on(known: Known, tail: str, raw: str, start: int) -> bool:
    """Whether a sum that is not at its end may look like this."""
    run, spaces = _bare(raw), len(raw) - len(raw.rstrip(" \u00a0"))
    if _REPEATED.search(run) and sum(said.startswith(run) for said in _runs(tail[:start])) > _times(known, run):
        return False
    if spaces and run[-1:].isalnum():  # a word or a sign follows, and one space is enough
        return spaces == 1 and (_stands(known, run, closed=True) or _stands(known, run, closed=False, apart=True))
    return spaces < 2 and _stands(known, run, closed=False)


def _times(known: Known, run: str) -> int:
    """How often what stands before an equals sign may be said again: a small model may go round in circles."""
    return max(1 if _DIGIT.search(run) else 2, sum(one.startswith(run) for one in known))


def _stands(known: Known, run: str, *, closed: bool, apart: bool = False) -> bool:
    """Whether a run is a part of a known one from the beginning of a number on.

    `closed`: and to the end of one; `apart`: and no letter or digit follows there.
    """
    if closed:
        run = run.rstrip(" .,:+-×÷*/=<>(")
    run = run.lstrip(" ")
    if not (_DIGIT.search(run) or _NAMED.search(run)):
        return True
    if not closed and run[-1] in ".,:":  # the end of a sentence, or a number that goes on
        return _stands(known, run[:-1], closed=True) or _found(known, run, closed=False, apart=False)
    if _found(known, run, closed=closed, apart=apart):
        return True
    return run[0] in "<>≤≥+-×÷*/" and _stands(known, run[1:], closed=closed, apart=apart)


def _found(known: Known, run: str, *, closed: bool, apart: bool) -> bool:
    for one in known:
        for end in _places(one, run):
            whole = not _splits(one, end) and ("=" not in run or one[end : end + 1] in _ENDS)
            if (whole or not closed) and not (apart and one[end : end + 1].isalnum()):
                return True
    return False


def _places(one: str, run: str) -> Iterator[int]:
    """Where a run ends that stands in a known one from the beginning of a number on."""
    at = one.find(run)
    while at >= 0:
        if not (at and (_splits(one, at) or one[at - 1 : at + 1].isalnum())):
            yield at + len(run)
        at = one.find(run, at + 1)


def _rests(one: str, run: str) -> Iterator[str]:
    """What is left of the statement that a run is in."""
    for end in _places(one, run):
        yield _STATEMENT.match(one, end)[0]  # type: ignore[index]  # it matches nothing, too


def _so_many(text: str, count: int) -> str:
    """The beginning of a text that has so many characters besides spaces."""
    places = [place for place, character in enumerate(text) if not character.isspace()]
    return text[: places[count - 1] + 1] if len(places) >= count else ""


def _runs(text: str) -> list[str]:
    """What a text holds of numbers and signs, without the full stop at its end."""
    return [bare for run in _RUN.findall(text) if _DIGIT.search(bare := _bare(run).rstrip(".,:"))]


@lru_cache(4096)
def _bare(run: str) -> str:
    """One form for signs that mean the same, and no spaces around signs."""
    return _SPACES.sub(r"\1", run.replace("−", "-").replace("–", "-")).strip("\u00a0 ")


def _splits(known: str, at: int) -> bool:
    """Whether a place lies inside a number."""
    if not 0 < at < len(known):
        return False
    before, after = known[at - 1], known[at]
    if before.isdigit() and after.isdigit():
        return True
    if before.isdigit() and after in ".,:":
        return at + 1 < len(known) and known[at + 1].isdigit()
    return before in ".,:" and after.isdigit() and at > 1 and known[at - 2].isdigit()
