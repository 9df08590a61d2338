"""Time worked in steps: how long between two clock times, a time so much later, 12-hour and 24-hour, durations."""

import re
from fractions import Fraction
from typing import Final

from tutor.domain import Fact
from tutor.tutoring import found
from tutor.tutoring.clocks import CLOCK, DAY, DOTTED, DURATION, Clock, clock, duration, lasting

_CUE = re.compile(r"\d ?[:.] ?\d\d|\d ?[ap]\.?m\b|o'?clock|past \d|to \d|hour|hr|\dh|min|noon|midday|midnight")
_A, _B = rf"(?P<a>{CLOCK})", rf"(?P<b>{CLOCK})"
_FROM, _TO = rf"(?P<a>{DOTTED})", rf"(?P<b>{DOTTED})"
_TILL = r"(?:to|and|until|till|til|untill|-)"
_ASK = r"(?P<ask>how long|how many (?:mins|minutes|hours)|how much time|what is the (?:time )?(?:difference|length)" \
       r"|(?:the )?(?:length of )?time|time difference|(?:the )?difference|duration|minutes|mins)"  # fmt: skip
BETWEEN: tuple[re.Pattern[str], ...] = (
    re.compile(rf"\b{_ASK}(?: (?:is it|is there|are there|is|it is|are|was|does it take|from|in|between|there"
               rf"|passes|pass|time|is the time)){{0,3}} {_FROM} ?{_TILL} ?{_TO}"),
    re.compile(rf"\b(?:from|between) {_FROM} ?{_TILL} ?{_TO}[ ,?.]*(?:is )?(?P<ask>how long"
               rf"|how many (?:mins|minutes|hours)|how much time)"),
    re.compile(rf"^(?P<ask>)\W*(?:from )?{_A} ?(?:to|till|until) ?{_B}[ ?.]*$"),
)  # fmt: skip
_STARTS, _ENDS = r"(?:starts?|begins?|leaves?|opens?)", r"(?:ends?|finish(?:es)?|arrives?|closes?|stops?)"
BETWEEN += (
    re.compile(rf"\b{_STARTS} (?:at )?{_FROM}[^\d.?!]{{0,30}}\b{_ENDS} (?:[a-z]+ )?(?:at )?{_TO}"
               rf"[^\d]{{0,40}}(?P<ask>how long|how many (?:minutes|mins))"),
    re.compile(rf"(?P<ask>how long|how many (?:minutes|mins))[^\d?!]{{0,60}}\b{_STARTS} (?:at )?{_FROM}"
               rf"[^\d.?!]{{0,30}}\b{_ENDS} (?:[a-z]+ )?(?:at )?{_TO}"),
)  # fmt: skip
_WAY = r"(?P<way>after|later than|past|from now|before|earlier than)"
SHIFTED: Final = (
    re.compile(rf"(?<![\w./])(?P<d>{DURATION}) {_WAY} {_A}"),
    re.compile(rf"\b(?P<way>add) (?P<d>{DURATION}) (?:to|and|onto) {_A}"),
    re.compile(rf"\b(?P<way>subtract|take|take away|minus) (?P<d>{DURATION}) (?:away )?from {_A}"),
    re.compile(rf"{_A} ?(?P<way>\+|-|add|plus|and|take away|minus) ?(?P<d>{DURATION})(?: (?P<later>later|earlier))?"),
    re.compile(rf"\b(?:it is|its|it's|time is|now) {_A}(?: now)?,? (?:and )?(?:what|whats|what's)(?: time)?(?: (?:is it"
               rf"|will it be|is|was it|it is|it be|will be|it will be"
               rf"|time))* (?:in )?(?P<d>{DURATION})(?P<way> later| earlier"
               rf"| ago| from now|\b)"),
    re.compile(rf"\bwhat time (?:will it be|is it) in (?P<d>{DURATION}) if (?:it is|its|it's) (?:now )?{_A}(?P<way>)"),
)  # fmt: skip
TWELVE: Final = re.compile(
    rf"{_A},? ?(?:in|to|into|as|on|using|2|with)? ?(?:the |an? )?(?P<to>12|24)[ -]?(?:hour|hr|h)\b(?: ?(?:time|clock))?"
)
MINUTES: Final = (
    re.compile(rf"\bhow many (?:minutes|mins)(?: are| is)?(?: there)? (?:in|is|for|=) (?P<d>{DURATION})(?! ?[+-])"),
    re.compile(rf"(?<![\w./+-])(?P<d>{DURATION}) (?:in|to|into|as|=) (?:minutes|mins)\b"),
)  # fmt: skip
HOURS: Final = re.compile(
    r"(?<![\w./])(?P<n>\d{1,5}) ?(?:minutes|mins?) (?:in|to|into|as|is how many|=) hours?(?: and| &|,) (?:minutes|mins)"
)
SUM: Final = (
    re.compile(rf"(?<![\w./:])(?P<d>{DURATION}) ?(?P<way>\+|-|plus|add|minus|take away) ?(?P<e>{DURATION})"),
    re.compile(rf"\b(?P<way>add) (?P<d>{DURATION}) (?:and|to|with) (?P<e>{DURATION})"),
)  # fmt: skip


def _way_to(start: Clock, end: Clock) -> int:
    """Minutes from one time to the next, over noon or midnight where the times say nothing else."""
    away = end.minutes - start.minutes
    if away < 0 and start.style == end.style == "" and away + 720 > 0:
        return away + 720
    return away % DAY


def _hops(start: Clock, away: int) -> list[str]:
    """One true line for each part of the way: to the next whole hour, whole hours, the minutes that are left."""
    sign = "+" if away >= 0 else "-"
    left, lines, at = abs(away), [], start
    edge = (60 - at.minutes % 60) % 60 if away > 0 else at.minutes % 60
    for part in (edge if edge < left else 0, (left - (edge if edge < left else 0)) // 60 * 60, -1):
        size = left if part == -1 else part
        if size:
            after = at.later(size if away > 0 else -size)
            lines.append(f"{at.shown()} {sign} {lasting(size)} = {after.shown()}")
            at, left = after, left - size
    return lines


def _parts(start: Clock, away: int) -> list[int]:
    edge = (60 - start.minutes % 60) % 60
    edge = edge if edge < away else 0
    rest = away - edge
    return [n for n in (edge, rest // 60 * 60, rest % 60) if n]


def _between(match: re.Match[str]) -> Fact | None:
    a, b = clock(match["a"]), clock(match["b"])
    if a.half != b.half and not b.half and a.style != "24":
        b = Clock((b.minutes % 720) + (720 if a.half == "pm" else 0), a.half)
    elif a.half != b.half and not a.half:
        a = Clock((a.minutes % 720) + (720 if b.half == "pm" else 0), b.half) if a.minutes < 780 else a
    away = _way_to(a, b)
    if away == 0:
        return None
    minutes = "min" in match["ask"]
    answer = f"{away} minutes" if minutes else lasting(away)
    parts = _parts(a, away)
    steps = _hops(a, away)
    if len(parts) > 1:
        steps.append(f"{' + '.join(lasting(n) for n in parts)} = {answer}")
    asked = "how many minutes" if minutes else "how long"
    return found.fact(
        "time", "time", f"{asked} is it from {a.shown()} to {b.shown()}?", answer, steps,
        hint="time_between", answers=[Fraction(away)], a=a.shown(), b=b.shown(),
    )  # fmt: skip


def _shifted(match: re.Match[str]) -> Fact | None:
    start, size = clock(match["a"]), duration(match["d"])
    if size.denominator != 1 or not 0 < size < DAY:
        return None
    later = match.groupdict().get("later") or ""
    way = match["way"].strip()
    back = way.startswith(("before", "earlier", "subtract", "take", "minus", "-", "ago")) or later == "earlier"
    away = -int(size) if back else int(size)
    end = start.later(away)
    question = f"what time is {lasting(int(size))} {'before' if back else 'after'} {start.shown()}?"
    return found.fact(
        "time", "time", question, end.shown(), _hops(start, away),
        hint="time_before" if back else "time_after", answers=[], a=start.shown(), b=lasting(int(size)),
    )  # fmt: skip


def _twelve(match: re.Match[str]) -> Fact | None:
    time, to = clock(match["a"]), match["to"]
    hour, minute = divmod(time.minutes, 60)
    if to == "12":
        if time.half:
            return None
        half = "am" if hour < 12 else "pm"
        shown = Clock(time.minutes, half).shown()
        steps = [f"{hour} - 12 = {hour - 12}"] if hour > 12 else []
    else:
        if not time.half:
            return None
        shown = f"{hour:02}:{minute:02}"
        steps = [f"{hour - 12} + 12 = {hour}"] if hour > 12 else []
    have = time.shown()
    return found.fact(
        "time", "time", f"{have} in {to}-hour time", shown, [*steps, f"{have} = {shown}"],
        hint=f"time_{to}", answers=[], a=have,
    )  # fmt: skip


def _minutes(match: re.Match[str]) -> Fact | None:
    if not re.search(r"\d ?h\w*,?(?: and)? ?\d", match["d"]):
        return None  # one unit alone is an ordinary conversion
    size = int(duration(match["d"]))
    hours, rest = divmod(size, 60)
    have = lasting(size)
    if not hours or not rest:
        return None
    steps = [f"{hours} × 60 = {hours * 60}", f"{hours * 60} + {rest} = {size}", f"{have} = {size} minutes"]
    return found.fact(
        "time", "time", f"{have} in minutes", f"{size} minutes", steps,
        hint="time_minutes", answers=[Fraction(size)], a=lasting(hours * 60), b=lasting(rest),
    )  # fmt: skip


def _hours(match: re.Match[str]) -> Fact | None:
    size = int(match["n"])
    hours, rest = divmod(size, 60)
    if not hours or size > 6000:
        return None
    steps = [f"{hours} × 60 = {hours * 60}"]
    steps += [f"{size} - {hours * 60} = {rest}"] * (rest > 0)
    return found.fact(
        "time", "time", f"{size} minutes in hours and minutes", lasting(size),
        [*steps, f"{size} minutes = {lasting(size)}"],
        hint="time_hours", answers=[Fraction(hours)], a=size,
    )  # fmt: skip


def _sum(match: re.Match[str]) -> Fact | None:
    a, b = duration(match["d"]), duration(match["e"])
    plus = match["way"] in ("+", "plus", "add")
    total = a + b if plus else a - b
    if a.denominator != 1 or b.denominator != 1 or total <= 0 or min(a, b) <= 0:
        return None
    first, second, sign = int(a), int(b), "+" if plus else "-"
    question = f"{lasting(first)} {sign} {lasting(second)}"
    steps = [f"{lasting(n)} = {n} minutes" for n in (first, second) if n >= 60]
    steps += [f"{first} {sign} {second} = {int(total)}"]
    answer = lasting(int(total))
    return found.fact(
        "time", "time", question, answer, [*dict.fromkeys(steps), f"{question} = {answer}"],
        hint="time_sum" if plus else "time_difference", answers=[total], a=lasting(first), b=lasting(second),
    )  # fmt: skip


def found_in(text: str) -> found.Found:
    """Problems about time in plain text, with their place."""
    if not _CUE.search(text):
        return []
    makers: list[tuple[re.Pattern[str], found.Maker]] = [(TWELVE, _twelve)]
    makers += [(p, _between) for p in BETWEEN] + [(p, _shifted) for p in SHIFTED] + [(HOURS, _hours)]
    makers += [(p, _minutes) for p in MINUTES] + [(p, _sum) for p in SUM]
    return found.matched(text, makers)
