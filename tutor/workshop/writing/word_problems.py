"""Word problems from written story templates: the story as a learner types it, and the sum that it stands for.

Templates lie in `word_problems_*.txt`. The letters of a template's sum are numbers: a-e whole, g a large one, h whole,
j k n few, s "times as many", m p q prices, t a total to be shared, u v with a decimal, f a fraction, r a percentage, x
one that is not needed (or a small one).
"""

import re
import tomllib
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any, Final

from tutor.tutoring import expressions as ex
from tutor.tutoring import word_sums as asking
from tutor.tutoring.numbers import money
from tutor.workshop.writing import word_problems_gsm as gsm
from tutor.workshop.writing import word_problems_retold as retold

_FOLDER: Final = Path(__file__).parent
_FILES: Final = ("word_problems_one.txt", "word_problems_two.txt", "word_problems_more.txt")
_HELD: Final = 7
_TRIES: Final = 400
_LETTER: Final = re.compile(r"\{([a-hjkmnpqrstuvx])\}")
_CHOICE: Final = re.compile(r"\(([^()]*\|[^()]*)\)")
_MONEY: Final = "mpqt"
_IN_DOLLARS: Final = 0.25
_COLLECTED: Final = 0.2
"""Share of GSM8K's rows; there are few of them, and each returns with other numbers."""


@dataclass(frozen=True, slots=True)
class Template:
    """One story form, its sum as a tree over letters, the unit of its answer."""

    sum: str
    node: ex.Node
    unit: str
    story: str
    held: bool
    development: bool
    """Held out too, but for choosing thresholds, not for the figures."""

    @property
    def letters(self) -> tuple[str, ...]:
        """The numbers that must be chosen, those of the sum first."""
        return tuple(dict.fromkeys(re.findall(r"\b[a-hj-z]\b", self.sum) + _LETTER.findall(self.story)))


def held_template(line: str) -> tuple[bool, bool]:
    """Whether a template is held out (one in seven), and whether it is then one for development (half of those)."""
    mark = zlib.crc32(line.encode())
    held = mark % _HELD == _HELD - 1
    return held, held and mark // _HELD % 2 == 0


@cache
def templates() -> tuple[Template, ...]:
    """All written templates. Raises ValueError for a line that cannot be read."""
    found = []
    for line in chain.from_iterable((_FOLDER / name).read_text(encoding="utf-8").splitlines() for name in _FILES):
        if not line or line.startswith("#"):
            continue
        parts = [part.strip() for part in line.split("|", 2)]
        if len(parts) != 3:
            raise ValueError(f"not a template: {line}")
        held, development = held_template(line)
        sign = parts[0].replace("/", "÷")
        node = ex.parse(ex.tokens(sign.replace("×", "*")))
        found.append(Template(sign, node, parts[1], parts[2], held, development))
    return tuple(found)


@cache
def words() -> dict[str, Any]:
    """The banks that fill a story's fields; `_` stands for a space in them."""
    read = tomllib.loads((_FOLDER / "word_problems_words.toml").read_text(encoding="utf-8"))
    return {
        name: [w.replace("_", " ") for w in bank.split()] if isinstance(bank, str) else bank
        for name, bank in read.items()
    }


# --- numbers ---------------------------------------------------------------------------------------------------------


def _number(rng: Random, letter: str, scale: int) -> Fraction:
    if letter in "abcdeh":
        return Fraction(rng.randint(2, scale))
    if letter == "g":
        return Fraction(rng.randint(4, 40) * rng.choice((25, 50, 100)))
    if letter == "s":
        return Fraction(rng.randint(2, 6))
    if letter == "r":
        return Fraction(rng.choice((5, 10, 10, 15, 20, 20, 25, 30, 40, 45, 50, 60, 70, 75, 80, 90, 12, 35)))
    if letter == "f":
        bottom = rng.choice((2, 2, 3, 3, 4, 4, 5, 6, 8, 10))
        return Fraction(rng.randint(1, bottom - 1), bottom)
    if letter in "uv":
        return Fraction(rng.randint(3, 299 if scale > 50 else 99), 10)
    if letter in _MONEY:
        return _price(rng, scale)
    if letter == "x":
        return Fraction(rng.randint(2, 16))
    return Fraction(rng.randint(2, 12 if rng.random() < 0.8 else 40))


def _price(rng: Random, scale: int) -> Fraction:
    shape = rng.random()
    if shape < 0.3:
        return Fraction(rng.randint(2, 50))
    if shape < 0.55:
        return Fraction(rng.randint(2, 19) * 5, 100)
    if shape < 0.75:
        return Fraction(rng.randint(3, 60) * 50, 100)
    return Fraction(rng.randint(105, 20 * max(scale, 40)), 100)


def _value(node: ex.Node, numbers: dict[str, Fraction]) -> Fraction | None:
    """The value of a template's sum, None when a step of it is no number that a child would meet."""
    if isinstance(node, ex.Num):
        return node.value
    if isinstance(node, ex.Var):
        return numbers[node.name]
    if not isinstance(node, ex.Op):
        raise TypeError("a template holds + - × ÷ alone")
    left, right = _value(node.left, numbers), _value(node.right, numbers)
    if left is None or right is None or (node.sign == "÷" and right == 0):
        return None
    result = ex.apply(node.sign, left, right)
    return result if result > 0 and (result * 100).denominator == 1 else None


def _numbers(rng: Random, template: Template) -> dict[str, Fraction] | None:
    """Numbers that fit the template: different ones, no step below zero, whole wherever whole things are counted."""
    priced = any(letter in _MONEY for letter in template.letters)
    split = any(letter in "uv" for letter in template.letters)
    scale = rng.choice((12, 20, 50, 100, 100, 100, 500, 1000))
    for turn in range(_TRIES):
        scale = scale if turn < _TRIES // 2 else 100
        chosen = {letter: _number(rng, letter, scale) for letter in template.letters}
        _make_divisible(rng, template, chosen)
        if len(set(chosen.values())) < len(chosen):
            continue
        value = _value(template.node, chosen)
        if value is None or value > 20_000 or value == 1 or not _whole(template.node, chosen, priced or split):
            continue
        return chosen
    return None


def _make_divisible(rng: Random, template: Template, chosen: dict[str, Fraction]) -> None:
    """Choose the number that is shared so that it comes out even: d for ÷ j, ÷ (j + k), × r ÷ 100, f ×."""
    shared = next((letter for letter in "dt" if letter in chosen), "")
    if not shared:
        return
    by = Fraction(1)
    for divisor in re.findall(r"÷ (\([^)]*\)|\w+)", template.sum):
        got = _value(ex.parse(ex.tokens(divisor.strip("()").replace("×", "*"))), chosen)
        by = max(by, got) if got else by
    if "f" in chosen:
        by = Fraction(chosen["f"].denominator)
    if "r" in chosen:
        by = Fraction(rng.choice((10, 20, 20, 50, 100)))
    count = rng.randint(2, 12 if rng.random() < 0.6 else 60)
    chosen[shared] = by * (count if shared == "d" else Fraction(count * rng.choice((10, 25, 50, 100)), 100))


def _whole(node: ex.Node, chosen: dict[str, Fraction], parts: bool) -> bool:
    """Whether every step is a whole number, or parts (money, decimals) are wanted."""
    if not isinstance(node, ex.Op):
        return True
    value = _value(node, chosen)
    fits = value is not None and (value.denominator == 1 or parts)
    return fits and _whole(node.left, chosen, parts) and _whole(node.right, chosen, parts)


def _shown(rng: Random, letter: str, value: Fraction) -> str:
    if letter in _MONEY:
        return money(value)
    if letter in "uv" and value.denominator != 1:
        return f"{float(value):.1f}"
    if value.denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    return f"{value.numerator:,}" if value >= 1000 and rng.random() < 0.3 else str(value.numerator)


# --- words -----------------------------------------------------------------------------------------------------------


def _pair(word: str) -> tuple[str, str]:
    many, _, one = word.partition("/")
    return many, one


def _fields(rng: Random) -> dict[str, str]:
    bank = words()
    first, second, third = rng.sample(bank["names"], 3)
    (things, thing), (items, item), (boxes, box) = (
        _pair(rng.choice(bank[name])) for name in ("objects", "items", "containers")
    )
    he = rng.choice((("he", "his", "him"), ("she", "her", "her")))
    return {
        "N": first, "M": second, "L": third, "he": he[0], "his": he[1], "him": he[2], "He": he[0].title(),
        "His": he[1].title(), "O": things, "o": thing, "U": items, "T": item, "C": boxes, "c": box, "c1": box,
        "P": rng.choice(bank["people"]), "A": rng.choice(bank["animals"]), "F": rng.choice(bank["foods"]),
        "W": rng.choice(bank["days"]), "V": rng.choice(bank["vehicles"]),
    }  # fmt: skip


def filled(rng: Random, text: str, fields: dict[str, str]) -> str:
    """A wording with one of each of its choices and all of its fields filled; fields that are not given stay."""
    while (match := _CHOICE.search(text)) is not None:
        text = text[: match.start()] + rng.choice(match[1].split("|")) + text[match.end() :]
    return re.sub(r"\{(\w+)\}", lambda m: fields.get(m[1], m[0]), text)


def story(rng: Random, template: Template) -> tuple[str, str] | None:
    """A story and its sum with unit; None when no numbers fit."""
    numbers = _numbers(rng, template)
    if numbers is None:
        return None
    fields = _fields(rng)
    shown = {letter: _shown(rng, letter, value) for letter, value in numbers.items()}
    text = filled(rng, template.story, {**fields, **shown})
    in_pounds = {letter for letter in shown if f"£{{{letter}}}" in template.story}
    written = {n: ("£" if n in in_pounds else "") + words_.replace(",", "") for n, words_ in shown.items()}
    asked = re.sub(r"\b[a-hj-z]\b", lambda m: written.get(m[0], m[0]), template.sum)
    if rng.random() < _IN_DOLLARS and not re.search(r"\dp\b", text):
        text, asked = text.replace("£", "$"), asked.replace("£", "$")
    if "{x}" not in template.story and rng.random() < 0.1:
        extra = filled(rng, rng.choice(words()["distractors"]), {**fields, "x": str(rng.randint(2, 15))})
        text = retold.with_aside(rng, text, extra)
    unit = filled(rng, template.unit, fields)
    for name in re.findall(r"\{(\w+)\}", text):
        raise ValueError(f"a field without words: {name} in {template.story}")
    return text, asked.replace("*", "×") + (f" | {unit}" if unit else "")


def word_sums(
    rng: Random,
    held: bool,
    *,
    wanted: Callable[[Template], bool] = lambda _t: True,
    data: Path | None = None,
) -> Iterator[tuple[str, str]]:
    """Endless stories, as typed, with their sums; from the held-out templates or from the others.

    `data`: a folder that may hold GSM8K's training rows, which then are a fifth of the stories. Every pair reads back:
    `tutor.tutoring.word_sums.parse` finds the sum in its own story.
    """
    written = _written(rng, held, wanted)
    collected = list(gsm.rows(data, held=held)) if data else []
    if not collected:
        yield from written
    others = gsm.varied(rng, collected)
    while True:
        if rng.random() < _COLLECTED:
            told, sum_text = next(others)
            yield retold.typed(rng, told, words()["openings"], words()["closings"]), sum_text
        else:
            yield next(written)


def _written(rng: Random, held: bool, wanted: Callable[[Template], bool]) -> Iterator[tuple[str, str]]:
    return of_templates(rng, [t for t in templates() if t.held == held and wanted(t)])


def of_templates(rng: Random, chosen: Sequence[Template]) -> Iterator[tuple[str, str]]:
    """Endless stories of the given templates, as typed, with their sums."""
    while True:
        found = story(rng, rng.choice(chosen))
        if found is None:
            continue
        text, asked = found
        told = retold.typed(rng, retold.told(rng, text), words()["openings"], words()["closings"])
        for version in (told, text):
            if len(version) <= asking.MAX_STORY and asking.parse(asked, version) is not None:
                yield version, asked
                break


def as_messages(story_text: str, sum_text: str) -> list[dict[str, str]]:
    """The exchange as chat messages, exactly as the running program asks it."""
    return [*asking.messages(story_text), {"role": "assistant", "content": sum_text}]
