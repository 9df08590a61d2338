"""Money worked in steps: change, several at a price each, the total of prices, the better value of two."""

import re
from fractions import Fraction
from typing import Final

from tutor.domain import Fact
from tutor.tutoring import expressions as ex
from tutor.tutoring import found, worked
from tutor.tutoring.numbers import money

_A, _B = rf"(?P<a>{found.AMOUNT})", rf"(?P<b>{found.AMOUNT}|\d{{1,4}}(?:\.\d\d)?)(?!\d|\.\d)"
_JOIN = (
    r"(?: (?:note|after|if|i|you|u|we|spend|spent|spending|for|buy|buying|bought|pay|paying|paid|when|something"
    r"|sumthing|sweets|an|a|the|item|costs?|costing|that|which|is|thing|things|at|worth|of)|,){1,8} "
)
CHANGE: Final = (
    re.compile(rf"\bchange (?:(?:do|would|will|should|i|you|u|get|is|there|have|be|left|we|back|given) ){{0,5}}"
               rf"(?:from|out of|of|for|with) (?:an? )?{_A}{_JOIN}{_B}"),
    re.compile(rf"(?:pay|paying|buy|spend|spending|spent)(?: for)? (?P<b>{found.AMOUNT})(?: with| from| out of"
               rf"| using) (?:an? )?{_A}[^\d£]{{0,24}}\bchange\b"),
)  # fmt: skip
_NOUN = r"(?P<noun>(?: (?!at|for|cost|are|is|each|and|from)[a-z]{2,14}){0,2})"
_EACH = r"(?: ?each| ?every| ?apiece| ?a piece| per [a-z]{2,12}| a [a-z]{2,12}| ea\b)"
EACH: Final = (
    re.compile(rf"(?<![\w.£:])(?P<n>\d{{1,4}}){_NOUN} (?:at|for|@|costs?|costing|which cost|that cost) {_A}{_EACH}"),
    re.compile(rf"(?<![\w.£:])(?P<n>\d{{1,4}}){_NOUN} cost,? (?:at|if they are|if they cost) {_A}{_EACH}"),
    re.compile(rf"(?<![\w.£:])(?P<n>\d{{1,4}}){_NOUN} @ ?{_A}"),
)  # fmt: skip
TOTAL: Final = (
    re.compile(rf"\b(?:total|sum|add|add up)(?: (?:of|cost|price|up|these|the|is|for|prices)){{0,5}}:? "
               rf"(?P<list>{found.AMOUNT}(?:(?: ?, ?(?:and )?| and | ){found.AMOUNT}){{1,7}})"),
    re.compile(rf"(?<![\w.£])(?P<list>{found.AMOUNT}(?:(?: ?, ?(?:and )?| and ){found.AMOUNT}){{1,7}}),? "
               rf"(?:(?:how much|what|whats|is|it|that|the) ){{0,3}}(?:all? ?together|in total|in all|total)\b"),
)  # fmt: skip
BETTER: Final = re.compile(
    rf"\b(?P<cue>better|best|cheaper)(?: (?:value|buy|deal|price|for money))?[^\d£]{{0,24}}"
    rf"(?P<n>\d{{1,3}}){_NOUN} for {_A},? (?:or|and) (?P<m>\d{{1,3}})(?: [a-z]{{2,14}}){{0,2}} for"
    rf" (?P<b>{found.AMOUNT})"
)  # fmt: skip
_ASKED = re.compile(r"cost|how much|total|price|work out|what|wats|altogether|spend|pay|\?|@")


def _change(match: re.Match[str]) -> Fact | None:
    paid, cost = found.price(match["a"]), found.price(match["b"])
    if paid is None or cost is None or not 0 < cost < paid <= 1000:
        return None
    have, price, result = money(paid), money(cost), paid - cost
    pounds = Fraction(-(-cost.numerator // cost.denominator))
    steps = []
    if cost < pounds < paid:
        steps = [
            f"{price} + {money(pounds - cost)} = {money(pounds)}",
            f"{money(pounds)} + {money(paid - pounds)} = {have}",
        ]
    answer = money(result)
    return found.fact(
        "money", "money", f"change from {have} after {price}", answer, [*steps, f"{have} - {price} = {answer}"],
        hint="change", answers=[result], given=[paid, cost], a=have, b=price,
    )  # fmt: skip


def _each(match: re.Match[str]) -> Fact | None:
    count, one = int(match["n"]), found.price(match["a"])
    if one is None or not 1 < count <= 1000 or not 0 < one <= 1000:
        return None
    price, noun = money(one), match["noun"].strip()
    answer = money(count * one)
    steps = [f"{count} × {price} = {answer}"]
    if one < 1 <= count * one:
        pence = int(count * one * 100)
        steps = [f"{count} × {int(one * 100)} = {pence}", f"{pence}p = {answer}", *steps]
    question = f"{count} {noun} at {price} each".replace("  ", " ")
    return found.fact(
        "money", "money", question, answer, steps,
        hint="each", answers=[count * one], given=[Fraction(count), one], a=count, b=price,
    )  # fmt: skip


def _total(match: re.Match[str]) -> Fact | None:
    prices = [found.price(words) for words in re.findall(found.AMOUNT, match["list"])]
    if len(prices) < 2 or None in prices:
        return None
    words = " + ".join(money(p) for p in prices if p is not None)
    try:
        return worked.expression(ex.parse(ex.tokens(words)))
    except ex.UnreadableError:
        return None


def _better(match: re.Match[str]) -> Fact | None:
    n, m, a, b = int(match["n"]), int(match["m"]), found.price(match["a"]), found.price(match["b"])
    if a is None or b is None or n < 1 or m < 1 or a / n == b / m or not 0 < min(a, b) <= max(a, b) < 1000:
        return None
    if (a / n * 1000).denominator != 1 or (b / m * 1000).denominator != 1:
        return None
    one, other = money(a / n), money(b / m)
    first, second = f"{n} for {money(a)}", f"{m} for {money(b)}"
    steps = [f"{money(a)} ÷ {n} = {one}", f"{money(b)} ÷ {m} = {other}"]
    steps.append(f"{one} < {other}" if a / n < b / m else f"{other} < {one}")
    return found.fact(
        "money", "money", f"which is better value, {first} or {second}?", first if a / n < b / m else second, steps,
        hint="better", answers=[], a=first, b=second,
    )  # fmt: skip


def found_in(text: str) -> found.Found:
    """Problems about money in plain text, with their place. More figures make a story, which is none of ours."""
    if not re.search(r"£ ?\d|\d ?p\b|\d ?pence", text):
        return []
    makers: list[tuple[re.Pattern[str], found.Maker]] = [(BETTER, _better), *((p, _change) for p in CHANGE)]
    makers += [(p, _each) for p in EACH] + [(p, _total) for p in TOTAL]
    kept = []
    for start, end, fact in found.matched(text, makers):
        around = text[:start] + " " + text[end:]
        asked = not fact.question.endswith("each") or _ASKED.search(around) or len(around.split()) <= 3
        if not re.search(r"\d", around) and asked:
            kept.append((start, end, fact))
    return kept
