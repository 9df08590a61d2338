"""Clock times and durations in a text: 9:15, 2.30 pm, "quarter past 4", "1 hour 25 minutes"."""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

DAY: Final = 24 * 60
_HALF: Final = r"(?: ?(?:am|pm|a\.m\.?|p\.m\.?)(?![a-z]))"
CLOCK: Final = (
    rf"(?:(?<![\d:.£])(?:[01]?\d|2[0-3])(?::[0-5]\d(?![\d:%]|\.\d){_HALF}?|\.[0-5]\d{_HALF})|(?<![\d:.£/])(?:1[0-2]|0?[1-9])"
    rf"(?:{_HALF}| ?o'?clock\b{_HALF}?)|(?<![\d:.£/])(?:1/2|1/4|[1-5]?\d(?: (?:minutes|mins?))?) (?:past|to)"
    rf" (?:1[0-2]|[1-9])(?![\d:.]){_HALF}?|\b(?:noon|midday|midnight)\b)"
)
"""A clock time in plain text."""
DOTTED: Final = rf"(?:{CLOCK}|(?<![\d:.£])(?:[01]?\d|2[0-3])\.[0-5]\d(?![\d:.%]))"
"""A clock time, also 9.15, for places where nothing else can be meant."""

_NUMBER: Final = r"(?:\d{1,4}(?:\.\d{1,2})?|an?)"
_HOURS: Final = r"(?:hours?|hrs?|h)\b"
_MINUTES: Final = r"(?:minutes?|mins?)\b"
DURATION: Final = (
    rf"(?:\d{{1,3}} ?(?:{_HOURS}|h(?=\d))(?:,? and|,)? ?\d{{1,3}} ?(?:{_MINUTES}|m\b)"
    rf"|(?:\d{{1,2}} )?\d{{1,2}}/\d{{1,2}} (?:of )?(?:an )?{_HOURS}|{_NUMBER} ?(?:{_HOURS}|{_MINUTES}))"
)
"""A length of time in plain text."""

_BOTH = re.compile(rf"(?<![\d.:])(\d{{1,3}}) ?(?:{_HOURS}|h(?=\d))(?:,? and|,)? ?(\d{{1,3}}) ?(?:{_MINUTES}|m\b)")
_ONE = re.compile(rf"({_NUMBER}|(?:\d{{1,2}} )?\d{{1,2}}/\d{{1,2}}) ?(?:of )?(?:an )?({_HOURS}|{_MINUTES})")


@dataclass(frozen=True, slots=True)
class Clock:
    """Minutes after midnight; `half` is "am" or "pm" where the time says so, "" where it does not."""

    minutes: int
    half: str = ""

    @property
    def style(self) -> str:
        """12 where the half of the day is said, 24 from 13:00 on and for 00:10, "" where it may be either."""
        return "12" if self.half else "24" if not 60 <= self.minutes < 13 * 60 else ""

    def shown(self) -> str:
        hour, minute = divmod(self.minutes % DAY, 60)
        if self.half:
            return f"{(hour - 1) % 12 + 1}:{minute:02} {'am' if hour < 12 else 'pm'}"
        return f"{hour}:{minute:02}"

    def later(self, minutes: int) -> "Clock":
        """So many minutes later, earlier when negative, in the same way of writing."""
        moved = (self.minutes + minutes) % DAY
        if self.style == "":  # a clock face: 12:50 and 20 minutes is 1:10
            moved = (moved - 60) % 720 + 60
        return Clock(moved, self.half and ("am" if moved < 720 else "pm"))


def clock(words: str) -> Clock:
    """The time that a match of `CLOCK` says."""
    words = words.replace("a.m", "am").replace("p.m", "pm").strip()
    if words in ("noon", "midday"):
        return Clock(720, "pm")
    if words == "midnight":
        return Clock(0, "am")
    half = "am" if "am" in words else "pm" if "pm" in words else ""
    if match := re.match(r"(\d{1,2}/\d|\d{1,2})(?: m\w+)? (past|to) (\d{1,2})", words):
        size = {"1/2": 30, "1/4": 15}.get(match[1])
        away = size if size is not None else int(match[1].split("/")[0])
        minutes = int(match[3]) * 60 + (away if match[2] == "past" else -away)
    else:
        numbers = [int(n) for n in re.findall(r"\d+", words)]
        minutes = numbers[0] * 60 + (numbers[1] if len(numbers) > 1 else 0)
    if half:
        if minutes >= 13 * 60:
            return Clock(minutes)  # 15:30 pm is 15:30
        minutes = minutes % 720 + (720 if half == "pm" else 0)
    elif 0 <= minutes < 60 and not words.startswith("0"):
        minutes += 720
    return Clock(minutes, half)


def duration(words: str) -> Fraction:
    """The minutes in a match of `DURATION`."""
    if match := _BOTH.match(words):
        return Fraction(int(match[1]) * 60 + int(match[2]))
    match = _ONE.match(words)
    if match is None:
        return Fraction(0)
    number = match[1]
    if number in ("a", "an"):
        value = Fraction(1)
    elif "/" in number:
        whole, _, part = number.rpartition(" ")
        bottom = int(part.split("/")[1])
        value = Fraction(int(whole or 0)) + (Fraction(int(part.split("/")[0]), bottom) if bottom else 0)
    else:
        value = Fraction(number)
    return value * (60 if match[2].startswith("h") else 1)


def lasting(minutes: int) -> str:
    """A duration as a learner writes it: `1 hour 25 minutes`, `45 minutes`, `2 hours`."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} hour{'' if hours == 1 else 's'}"] if hours else []
    if rest or not parts:
        parts.append(f"{rest} minute{'' if rest == 1 else 's'}")
    return " ".join(parts)


def as_minutes(plain: str) -> str:
    """The text with "1 hour 25 minutes" as "85 minutes"."""
    return _BOTH.sub(lambda m: f"{int(m[1]) * 60 + int(m[2])} minutes", plain)
