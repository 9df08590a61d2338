"""Answers that are no single number: shares, ratios, lists, durations, clock times, "yes, 17 is prime".

What values such an answer has, whether a text gives it away, what a learner answered, and whether that is right.
"""

import re
from fractions import Fraction
from typing import Final

from tutor.domain import Fact
from tutor.tutoring import reading
from tutor.tutoring.clocks import CLOCK, DURATION, Clock, as_minutes, clock, duration

_KINDS: Final = frozenset({"ratio", "shape", "average", "time", "money", "sequence", "divisors"})
_NUMBER = r"\d{1,9}(?:\.\d{1,4})?"
_AMOUNT = rf"(?:£ ?)?{_NUMBER}(?: ?(?:p|pence|pounds?|kg|km|cm|mm|ml|g|m|l|hours|minutes)\b)?"
_LIST: Final = re.compile(rf"(?<![\w.]){_AMOUNT}(?:(?: ?[,;&:*] ?(?:and )?| and | for \w+ and | ){_AMOUNT})*")
_RATIO: Final = re.compile(r"(?<![\d.:])\d{1,6}(?: ?: ?\d{1,6}| to \d{1,6}){1,3}(?![\d:])")
_YES: Final = re.compile(r"\b(?:yes|yeah|yep|yup|ye|true|correct|it is|it does|is prime)\b")
_NO: Final = re.compile(r"\b(?:no|nope|nah|false|not|isn't|isnt|it isn't|doesn't|doesnt)\b")
_CUED: Final = re.compile(
    r"\b(?:i think|i got|i get|got|is it|it's|its|it is|answer is|answer|my answer|makes?|maybe|so|then|think"
    r"|guess)\b|="
)
_ASKS: Final = re.compile(
    r"^\W*(?:what|whats|what's|wats|how|why|can you|could you|pls|please|help|tell me|find|simplify|share|is \d"
    r"|list|which)\b"
)
_PUT_FORWARD: Final = re.compile(
    r"\b(?:i think|i got|i get|my answer|is it|i say)\b(.*)$|[?,] (?:it's|its|it is) (.*)$"
)


def form_of(fact: Fact) -> str:
    """verdict | clock | duration | ratio | offer | list, "" for an answer that is a single number."""
    if fact.kind not in _KINDS:
        return ""
    answer = reading.plain(fact.answer)
    if re.search(r"\bis (?:not )?(?:prime|odd|even|an? (?:factor|multiple|square))", answer):
        return "verdict"
    if fact.kind == "time":
        return "clock" if re.fullmatch(CLOCK, answer) else "duration"
    if fact.kind == "ratio" and ":" in answer:
        return "ratio"
    if " for " in answer:
        return "offer"
    return "list" if re.search(r" and |,| \* ", answer) else ""


def values(fact: Fact) -> list[Fraction] | None:
    """The numbers that are the answer; None where it is a single number, which others read."""
    form = form_of(fact)
    answer = reading.plain(fact.answer)
    if form == "list":
        return _list(answer) if fact.kind in ("ratio", "average") else []
    if form == "duration":
        size = _minutes(answer)
        return [size] if size is not None else []
    return [] if form else None


def _list(words: str) -> list[Fraction]:
    """The numbers of a list, prices in pounds."""
    found = []
    for match in re.finditer(rf"(£ ?)?({_NUMBER}) ?(p\b|pence\b)?", words):
        found.append(Fraction(match[2]) / (100 if match[3] and not match[1] else 1))
    return found


def _minutes(words: str) -> Fraction | None:
    match = re.search(DURATION, words)
    return duration(match[0]) if match else None


def reveals(plain: str, fact: Fact) -> bool:
    """Whether plain text gives the answer away: the whole list, the same time, the verdict."""
    form = form_of(fact)
    answer = reading.plain(fact.answer)
    question = reading.plain(fact.question)
    rest = plain.replace(question, " ; ")
    if form == "verdict":
        if plain.rstrip().endswith("?"):
            return False
        subject = answer.split(" ")[0]
        return bool(re.search(rf"\b{subject} is (?:not |an? )?\w|^\W*(?:yes|no)\b", rest))
    if form == "clock":
        want = clock(answer)
        said = [clock(m[0]) for m in re.finditer(CLOCK, rest)]
        if "-hour time" in question:  # the same time in another form: only that form gives it away
            return any(c.minutes == want.minutes and c.half == want.half for c in said)
        known = {clock(m[0]).minutes for m in re.finditer(CLOCK, question)}
        return any(_same_clock(c, want) and c.minutes not in known for c in said)
    if form == "duration":
        want_minutes = _minutes(answer)
        known_minutes = {duration(m[0]) for m in re.finditer(DURATION, question)}
        found = {duration(m[0]) for m in re.finditer(DURATION, rest)}
        if want_minutes in known_minutes:  # hours and minutes as minutes, or back
            return re.search(rf"(?<![\d.]){re.escape(answer)}\b", rest) is not None
        return want_minutes in found
    if form == "ratio":
        return any(_terms(m[0]) == _terms(answer) for m in _RATIO.finditer(rest))
    if form == "offer":
        return f"{answer} is" in rest or bool(re.search(rf"\b(?:answer is|buy|choose) {re.escape(answer)}", rest))
    wanted = set(_list(answer))
    known_values = set(_list(question)) if fact.kind in ("ratio", "average") else set()
    new = wanted - known_values
    said_values = set(_list(rest))
    if fact.kind == "ratio":
        return bool(new & said_values) if new else answer in rest
    return wanted <= said_values


def _terms(words: str) -> list[int]:
    return [int(n) for n in re.findall(r"\d+", words)]


def _same_clock(a: Clock, b: Clock) -> bool:
    return (a.minutes - b.minutes) % (1440 if a.style and b.style else 720) == 0


def attempt(plain: str, fact: Fact, *, stated: bool) -> str:
    """The answer that a learner's message gives, "" when none. `stated`: the message holds the problem itself."""
    form = form_of(fact)
    if form == "duration":
        plain = _BARE_MINUTES.sub(r"\1\2 minutes", plain)
    cues = list(_CUED.finditer(plain))
    if stated or _ASKS.match(plain):
        after = _PUT_FORWARD.search(plain)
        if after is None or (_ASKS.match(plain) and form == "verdict"):
            return ""
        plain, cues = after[1] or after[2] or "", []
    if form == "verdict":
        return "no" if _NO.search(plain) else "yes" if _YES.search(plain) else _parity(plain)
    pattern = {"clock": re.compile(CLOCK), "duration": _DURATIONS, "ratio": _RATIO}.get(form, _LIST)
    parts = [plain[cues[-1].end() :], plain] if cues else [plain]
    for part in parts:
        found = [m[0].strip() for m in pattern.finditer(part)]
        if found:
            return found[-1] if form in ("clock", "duration", "ratio") else max(found, key=len)
    loose = re.fullmatch(r"\W*(\d{1,2}[ .]\d{2}|\d{1,4})\W*", plain) if form in ("clock", "duration") else None
    return loose[1] if loose else _numbers_alone(plain, form)


_BARE_MINUTES: Final = re.compile(
    r"\b(\d{1,3} ?(?:hours?|hrs?|h)(?: and|,)? )([0-5]?\d)(?! ?(?:minutes?|mins?|m|hours?|hrs?|h)\b|[\d:./]?\d)"
)
"""1 hour 35."""
_DURATIONS: Final = re.compile(rf"{DURATION}(?:,? (?:and )?{DURATION})?")


def _parity(plain: str) -> str:
    said = re.search(r"\b(?:odd|even|prime|composite)\b", plain)
    return said[0] if said else ""


def _numbers_alone(plain: str, form: str) -> str:
    """Numbers with a few words, such as "8 for Tom, 12 for Ann", in answer to shares or a ratio."""
    numbers = re.findall(_NUMBER, plain)
    return " and ".join(numbers) if form in ("list", "ratio") and 1 < len(numbers) <= 4 else ""


def right(plain: str, fact: Fact) -> bool:
    """Whether an attempt, in plain text, is the answer in any of its usual spellings."""
    form = form_of(fact)
    answer = reading.plain(fact.answer)
    if form == "verdict":
        return _verdict(plain, answer, fact)
    if form == "clock":
        return _clock_right(plain, clock(answer), fact)
    if form == "duration":
        return _duration_right(plain, answer)
    if form == "ratio":
        return _terms(plain.replace(" and ", ":")) == _terms(answer)
    if form == "offer":
        count, price = answer.split(" for ", 1)
        return plain in (answer, f"the {answer}", price) or plain.split(" ")[0] == count
    said, wanted = _list(plain), _list(answer)
    if fact.kind == "ratio":
        if said != wanted and "£" not in plain and "p" in answer:
            return said == [w * 100 for w in wanted]
        return said == wanted
    if " * " in answer and " * " not in plain and "," not in plain and " and " not in plain and len(said) < len(wanted):
        return False
    return sorted(said) == sorted(wanted)


def _verdict(plain: str, answer: str, fact: Fact) -> bool:
    positive = " not " not in answer
    if fact.question.endswith(("odd?", "even?")):
        asked, true = fact.question[:-1].split(" ")[-1], answer.split(" ")[-1]
        return plain == true or (plain in ("yes", "no") and (plain == "yes") == (asked == true))
    if plain in ("prime", "composite"):
        return positive == (plain == "prime")
    no = _NO.search(plain) is not None
    return (no or _YES.search(plain) is not None) and no != positive


def _clock_right(plain: str, want: Clock, fact: Fact) -> bool:
    loose = re.fullmatch(r"(\d{1,2})[ .]?(\d{2})", plain)
    words = f"{loose[1]}:{loose[2]}" if loose and int(loose[2]) < 60 and int(loose[1]) < 24 else plain
    match = re.fullmatch(CLOCK, words)
    if match is None:
        hour = re.fullmatch(r"\d{1,2}", plain)
        return hour is not None and want.minutes % 60 == 0 and int(plain) % 12 == want.minutes // 60 % 12
    said = clock(words)
    if "24-hour" in fact.question:
        return said.minutes == want.minutes and not said.half
    if "12-hour" in fact.question:
        return said.half == want.half and said.minutes == want.minutes
    return _same_clock(said, want)


def _duration_right(plain: str, answer: str) -> bool:
    want = _minutes(answer)
    merged = as_minutes(plain)
    sizes = [duration(m[0]) for m in re.finditer(DURATION, merged)]
    if sizes:
        return sum(sizes, Fraction(0)) == want
    alone = re.fullmatch(_NUMBER, plain)
    whole_hours = re.fullmatch(r"(\d+) hours?", answer)
    return alone is not None and (
        Fraction(plain) == want or (whole_hours is not None and Fraction(plain) == int(whole_hours[1]))
    )
