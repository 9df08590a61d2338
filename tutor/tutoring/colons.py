"""Claims with a colon: `6:9 = 2:3`, `9:15 + 45 minutes = 10:00`, `15:30 = 3:30 pm`, judged by their own rules."""

import re
from typing import Final

from tutor.tutoring.clocks import CLOCK, DURATION, Clock, clock, duration
from tutor.tutoring.judging import RIGHT, WRONG, Judged

_IS = r"(?:=|is|gives|makes|comes to|gets you to|takes you to|brings you to)"
_SUM: Final = re.compile(rf"(?P<a>{CLOCK}) ?(?P<sign>[+-]) ?(?P<d>{DURATION}),? ?{_IS} ?(?P<b>{CLOCK})")
_AFTER: Final = re.compile(rf"(?P<d>{DURATION}) (?P<sign>after|before) (?P<a>{CLOCK}),? (?:it )?{_IS} ?(?P<b>{CLOCK})")
_BETWEEN: Final = re.compile(
    rf"(?:from |between )?(?P<a>{CLOCK}) (?:to|until|till|and) (?P<b>{CLOCK}),? ?{_IS} (?P<d>{DURATION})"
)
_SAME: Final = re.compile(rf"(?P<a>{CLOCK}) ?{_IS} ?(?:the same as )?(?P<b>{CLOCK})")
_RATIO = r"\d{1,6}(?: ?: ?\d{1,6}){1,3}"
_RATIOS: Final = re.compile(
    rf"(?<![\d.:])(?P<a>{_RATIO}) ?(?:=|is the same as|is equal to|is equivalent to|simplifies to|becomes|is) ?"
    rf"(?P<b>{_RATIO})(?![\d:]|\.\d)"
)
_OPEN: Final = re.compile(r"(?:\d{1,6}|_+|\?) ?: ?(?:\d{1,6}|_+|\?) ?= ?(?:\d{1,6}|_+|\?) ?: ?(?:\d{1,6}|_+|\?)")


def judged(plain: str) -> tuple[str, list[Judged]]:
    """Judge claims about clock times and ratios in plain text, and take them out of it."""
    if ":" not in plain:
        return plain, []
    verdicts: list[Judged] = []
    for pattern, judge in ((_SUM, _sum), (_AFTER, _sum), (_BETWEEN, _between), (_RATIOS, _ratios), (_SAME, _same)):
        verdicts += [judge(match) for match in pattern.finditer(plain)]
        plain = pattern.sub(" ; ", plain)
    return _OPEN.sub(" ; ", plain), verdicts


def _fits(a: Clock, b: Clock) -> bool:
    """Whether two times are the same; a time without am or pm fits both halves of the day."""
    return (a.minutes - b.minutes) % (1440 if a.style and b.style else 720) == 0


def _sum(match: re.Match[str]) -> Judged:
    size = int(duration(match["d"]))
    start, end = clock(match["a"]), clock(match["b"])
    right = start.later(-size if match["sign"] in ("-", "before") else size)
    if _fits(right, end) and (not end.half or not right.half or end.half == right.half):
        return Judged(match[0], RIGHT)
    return Judged(match[0], WRONG, match["b"], right.shown())


def _between(match: re.Match[str]) -> Judged:
    start, end = clock(match["a"]), clock(match["b"])
    return Judged(match[0], RIGHT if _fits(start.later(int(duration(match["d"]))), end) else WRONG)


def _same(match: re.Match[str]) -> Judged:
    return Judged(match[0], RIGHT if _fits(clock(match["a"]), clock(match["b"])) else WRONG)


def _ratios(match: re.Match[str]) -> Judged:
    """Two ratios, or two clock times that look like ratios, of which either may be meant."""
    a, b = ([int(n) for n in re.findall(r"\d+", match[name])] for name in "ab")
    equal = len(a) == len(b) and all(a[0] * y == b[0] * x for x, y in zip(a, b, strict=True))
    if not equal and re.fullmatch(CLOCK, match["a"]) and re.fullmatch(CLOCK, match["b"]):
        equal = _fits(clock(match["a"]), clock(match["b"]))
    return Judged(match[0], RIGHT if equal else WRONG)
