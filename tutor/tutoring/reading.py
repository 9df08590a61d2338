"""Bring a text's maths into one plain form: unicode and LaTeX signs, number words and operator words become ASCII.

The result is only for finding maths; what people read is never rewritten from it.
"""

import re
from functools import lru_cache
from typing import Final

_KEPT: Final = 512
"""Texts that are known in plain signs: a message, its problem and the steps are read again and again in one turn."""
MAX_TEXT: Final = 2000
"""Characters of a message that are looked at; the rest has no facts."""

_VULGAR: Final = {
    "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5", "⅘": "4/5",
    "⅙": "1/6", "⅚": "5/6", "⅐": "1/7", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8", "⅑": "1/9", "⅒": "1/10",
}  # fmt: skip

_SIGNS: Final = str.maketrans(
    {
        "×": "*", "✕": "*", "✖": "*", "·": "*", "⋅": "*", "∙": "*", "∗": "*", "÷": "÷", "∕": "/", "⁄": "/",
        "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "＋": "+", "＝": "=", "□": "_", "☐": "_", "▢": "_",
        "≤": "<", "≥": ">", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "’": "'", "‘": "'", "“": '"', "”": '"',
        "²": "^2", "³": "^3", "⁴": "^4", "⁵": "^5",
    }
)  # fmt: skip

_LATEX: Final = (
    (re.compile(r"(?<=\d)\s*\\[dt]?frac\s*\{\s*(\d{1,9})\s*\}\s*\{\s*(\d{1,9})\s*\}"), r" \1/\2"),
    (re.compile(r"\\[dt]?frac\s*\{\s*(\d{1,9})\s*\}\s*\{\s*(\d{1,9})\s*\}"), r"\1/\2"),
    (re.compile(r"\\[dt]?frac\s*\{([^{}]{1,80})\}\s*\{([^{}]{1,80})\}"), r"(\1)÷(\2)"),
    (re.compile(r"\\sqrt\s*\{([^{}]{1,80})\}"), r"√(\1)"),
    (re.compile(r"\\text\s*\{([^{}]{0,80})\}"), r" \1 "),
    (re.compile(r"\\(?:times|cdot|ast)\b"), "*"),
    (re.compile(r"\\div\b"), "÷"),
    (re.compile(r"\\(?:left|right|displaystyle)\b"), ""),
    (re.compile(r"\\%"), "%"),
    (re.compile(r"\\(?:square|Box)\b"), "_"),
    (re.compile(r"\\(?:lt)\b"), "<"),
    (re.compile(r"\\(?:gt)\b"), ">"),
    (
        re.compile(r"\\[()\[\],;!]|\$\$|(?<!\w)\$(?!\d)|\$(?=\D|$)|\^\{(\d{1,3})\}"),
        lambda m: f"^{m[1]}" if m[1] else " ",
    ),
)

NUMBER_WORDS: Final = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
]  # fmt: skip
"""The words for 0 to 20; a word's place is its value."""
_UNITS_WORDS: Final = {word: n for n, word in enumerate(NUMBER_WORDS[:20])}
_TENS: Final = {
    w: 10 * n for n, w in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
_TENS["fourty"] = 40
_PARTS: Final = {
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "twentieth": 20, "hundredth": 100,
}  # fmt: skip
_ONE = "|".join(w for w in _UNITS_WORDS if w != "zero")
_UNIT9 = "|".join(w for w, n in _UNITS_WORDS.items() if 1 <= n <= 9)
_TEN = "|".join(_TENS)
_PART = "|".join(sorted((p for p in _PARTS if p != "halves"), key=len, reverse=True))
_BELOW100 = rf"(?:(?:{_TEN})(?:[ -](?:{_UNIT9}))?|{'|'.join(_UNITS_WORDS)})"
_NUMBER_WORDS = re.compile(
    rf"\b(?:(?P<hundreds>{_ONE}|a|\d{{1,2}})[ -]hundred(?: and)?(?:[ -](?P<low>{_BELOW100}))?|(?P<plain>{_BELOW100}))\b"
)
_PART_WORDS = re.compile(rf"\b(?P<top>\d{{1,3}})[ -](?P<part>{_PART}|halve)s?\b(?! place)")
_A_PART = re.compile(rf"\b(?:an? )?(?P<part>half|quarter)\b|\ban? (?P<other>{_PART})\b(?= of\b)")
_AND_PART = re.compile(r"(?<![\d/.])(\d{1,4}) and (?:an? )?(\d{1,3}/\d{1,3})\b")

_OPERATORS: Final = (
    (re.compile(r"\bto the power (?:of )?(?=\d)"), "^"),
    (re.compile(r"\b(?:divided|shared|split) (?:by|between|among|into)\b"
                r"|\b(?:div(?:ided?)?|divded|devided|divied) by\b"), "÷"),
    (re.compile(r"\b(?:multiplied|multiply|timesed|timsed) by\b|\b(?:lots|groups|sets) of\b"), "*"),
    (re.compile(r"(?<=[\d)_]) ?(?:times|multiply|tims|tiems) ?(?=[\d(_£])"), " * "),
    (re.compile(r"(?<=[\d)]) ?(?:div|divide) ?(?=[\d(])"), " ÷ "),
    (re.compile(r"(?:(?<=[\d)_])|(?<=\d[pmgl])|(?<=\d[kcm][mgl])) ?(?:added to|plus|add|pluss|\band"
                r" add\b) ?(?=[\d(_£])"), " + "),
    (re.compile(r"(?:(?<=[\d)_])|(?<=\d[pmgl])|(?<=\d[kcm][mgl])) ?(?:take away|takeaway|minus|subtract"
                r"|less|take) ?(?=[\d(_£])(?!\w* than)"), " - "),
    (re.compile(r"\b(?:minus|negative) (?=\d)"), "-"),
    (re.compile(r"(?<![\w'])(\d{1,6}|\d?[xyn]) over (?=\d)"), r"\1/"),
    (re.compile(r"\bsquare ?root (?:of )?(?=[\d(])|\bsqrt ?(?=[\d(])|\broot (?=\d)"), "√"),
    (re.compile(r"\b(?:the )?square of (?=\d{1,6}\b(?!\.\d))(\d+)"), r"\1^2"),
    (re.compile(r"\b(?:the )?cube of (?=\d{1,6}\b(?!\.\d))(\d+)"), r"\1^3"),
    (re.compile(r"(?<=[\d)a-z]) ?squared\b"), "^2"),
    (re.compile(r"(?<=[\d)a-z]) ?cubed\b"), "^3"),
    (re.compile(r"\b(?:subtract|take) (\d[\d.]{0,11}) (?:away )?from (\d[\d.]{0,11})"), r"\2 - \1"),
    (re.compile(r"\b(?:the )?(?:sum|total) of (\S{1,12}) and (?=[\d£])"), r"\1 + "),
    (re.compile(r"\badd (£?\d[\d./]{0,11}p?) (?:and|to|with) (?=[\d£])"), r"\1 + "),
    (re.compile(r"\b(?:the )?difference between (£?\d\S{0,11}) and (?=[\d£])"), r"\1 - "),
    (re.compile(r"\b(?:the )?product of (\d\S{0,11}) and (?=\d)"), r"\1 * "),
    (re.compile(r"\bmultiply (\d\S{0,11}) (?:by|and|with) (?=\d)"), r"\1 * "),
    (re.compile(r"\b(?:divide|share|split) (£?\d[\d.]{0,11}) (?:\w{1,12} )?(?:by|between|among|into)"
                r" (?=\d)"), r"\1 ÷ "),
    (re.compile(r"\bhow many (?:times does )?(\d{1,6})'?s? (?:go|goes|are|are there|is|fit)? ?(?:there"
                r" )?in(?:to)? (\d{1,9})"), r"\2 ÷ \1"),
    (re.compile(r"\bdouble (?=\d)"), "2 * "),
    (re.compile(r"\b(?:treble|triple) (?=\d)"), "3 * "),
    (re.compile(r"\bhalve (?=\d)"), "1/2 of "),
)  # fmt: skip


_SQUARES: Final = (
    (re.compile(r"(?<![a-z])([mck]m)\^2|(?<=\d )(m)\^2|(?<=\d)(m)\^2(?! ?[-+*/÷=\d])"), r"sq\1\2\3"),
    (re.compile(r"\b(?:square|sq|sqr)\.? ?(m|c|k)(?:illi|enti|ilo)?(?:m|met(?:re|er)s?)\b"), r"sq\1m"),
    (re.compile(r"\b(?:square|sq|sqr)\.? ?(?:m|met(?:re|er)s?)\b"), "sqm"),
    (re.compile(r"(?<=\d)( ?[mck]?)m2\b(?! ?[-+*/÷=\d])"), lambda m: f"{m[1].rstrip('mck')}sq{m[1].strip()}m"),
    (re.compile(r"\b(milli|centi|kilo)?met(?:re|er)s?\^2"), lambda m: f"sq{(m[1] or '')[:1]}m"),
)
"""Units of area as one word each: sqcm."""

_ENDLESS = re.compile(r"\d{30,}")
"""Digits that are no number of ours; they would only cost time."""


def _number_word(match: re.Match[str]) -> str:
    if match["hundreds"]:
        first = match["hundreds"]
        hundreds = 1 if first == "a" else int(first) if first.isdigit() else _UNITS_WORDS[first]
        return str(100 * hundreds + (_below_hundred(match["low"]) if match["low"] else 0))
    return str(_below_hundred(match["plain"]))


def _part_words(match: re.Match[str]) -> str:
    """Seven eighths as 7/8; eight quarters may be coins and stay words."""
    bottom = _PARTS.get(match["part"], 2)
    return f"{match['top']}/{bottom}" if int(match["top"]) < bottom else match[0]


def _below_hundred(words: str) -> int:
    if words in _UNITS_WORDS:
        return _UNITS_WORDS[words]
    ten, _, unit = words.replace("-", " ").partition(" ")
    return _TENS[ten] + (_UNITS_WORDS[unit] if unit else 0)


_ONE_OF_THEM: Final = re.compile(
    r"\b(?P<which>the|this|that|another|next|last|first|which|hard|easy|tricky|here is|here's) one\b"
    r"(?! ?(?:plus|times|add|minus|take|divided|over|half|third|quarter|hundred|thousand|and|to|in|[-+*/x=%:\d]))"
)


def number_words(text: str) -> str:
    """Number words, also "two thirds" and "three and a half", as digits; "this one" is no number."""
    text = _ONE_OF_THEM.sub(r"\g<which>", text)
    text = _NUMBER_WORDS.sub(_number_word, text)
    text = _PART_WORDS.sub(_part_words, text)
    text = _A_PART.sub(lambda m: f"1/{_PARTS[m['part'] or m['other']]}", text)
    return _AND_PART.sub(r"\1 \2", text)


def signs(text: str) -> str:
    """Unicode and LaTeX signs as plain ones, lower case, no control characters, at most `MAX_TEXT` characters."""
    text = text[:MAX_TEXT]
    text = "".join(c if c.isprintable() or c == "\n" else " " for c in text)
    text = _ENDLESS.sub("#", text)
    for sign, plain in _VULGAR.items():
        if sign in text:
            text = re.sub(rf"(?<=\d) ?{sign}", f" {plain}", text).replace(sign, plain)
    text = text.translate(_SIGNS)
    if "\\" in text:
        text = text.replace("$", " ")
    if "\\" in text or "$" in text or "^{" in text:
        for pattern, spelling in _LATEX:
            text = pattern.sub(spelling, text)
    text = re.sub(r"\*\*(?=\d)(?<=\d\*\*)", "^", text)  # 9**9 is a power
    return text.replace("**", " ").replace("`", " ").lower()


def plain(text: str) -> str:
    """The text with all of its maths in plain signs and digits."""
    return _plain(text[:MAX_TEXT])


@lru_cache(_KEPT)
def _plain(text: str) -> str:
    text = signs(text)
    text = re.sub(r"[ \t]+", " ", text)
    text = number_words(text)
    for pattern, sign in _OPERATORS:
        text = pattern.sub(sign, text)
    if "^2" in text or "sq" in text or "m2" in text:
        for pattern, unit in _SQUARES:
            text = pattern.sub(unit, text)
    # x between numbers is "times", x beside one is a letter
    text = (
        re.sub(r"(?<=[\d)])( ?)x( ?)(?=[\d£(]|(?<= )-\d)", r" * ", text) if "=" not in text else _times_or_letter(text)
    )
    return re.sub(r"[ \t]+", " ", text)


def _times_or_letter(text: str) -> str:
    """With an equals sign `3 x 4` is a product still, `2x(` and `2x - 3` hold a letter."""
    text = re.sub(r"(?<=[\d)]) x (?=[\d£(_?])", " * ", text)
    return re.sub(r"(?<=\d)x(?=\d)", " * ", text)
