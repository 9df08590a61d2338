"""Random primary-maths problems as learners write them, and the facts that the running program finds in them."""

from collections.abc import Callable, Iterator
from random import Random

from tutor.domain import Fact
from tutor.tutoring.facts import facts_in
from tutor.workshop.writing.split import held_problem

LETTERS = "xyzabncdkw"

LENGTHS = (("km", "m", 1000), ("m", "cm", 100), ("cm", "mm", 10), ("m", "mm", 1000))
WEIGHTS = (("kg", "g", 1000), ("t", "kg", 1000))
VOLUMES = (("l", "ml", 1000), ("litres", "ml", 1000))
TIMES = (("hours", "minutes", 60), ("minutes", "seconds", 60), ("days", "hours", 24), ("weeks", "days", 7))


def number(rng: Random) -> int:
    """A whole number; small ones as often as long ones."""
    return rng.randint(
        *rng.choice(((2, 12), (2, 20), (11, 99), (11, 99), (100, 999), (100, 999), (1000, 9999), (1000, 9_999_999)))
    )


def written(rng: Random, n: int) -> str:
    """Long numbers now and then with a comma."""
    return f"{n:,}" if n > 999 and rng.random() < 0.25 else str(n)


def decimal(rng: Random) -> str:
    places = rng.choice((1, 1, 2, 2, 3))
    return f"{rng.randint(1, rng.choice((99, 999, 9999))) / 10**places:.{places}f}"


def fraction(rng: Random) -> str:
    bottom = rng.choice((2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 100))
    return f"{rng.randint(1, bottom - 1)}/{bottom}"


def mixed(rng: Random) -> str:
    return f"{rng.randint(1, 9)} {fraction(rng)}"


def signed(rng: Random) -> str:
    n = rng.randint(1, 40)
    return f"-{n}" if rng.random() < 0.6 else str(n)


def times(rng: Random) -> str:
    return rng.choice((" × ", " x ", " * ", "×", "*", " times ", "x"))


def over(rng: Random) -> str:
    return rng.choice((" ÷ ", " / ", "÷", " divided by "))


def plus(rng: Random) -> str:
    return rng.choice((" + ", " + ", "+", " plus ", " + ", " add "))


def minus(rng: Random) -> str:
    return rng.choice((" - ", " - ", "-", " minus ", " − ", " take away "))


def addition(rng: Random) -> str:
    text = f"{written(rng, number(rng))}{plus(rng)}{written(rng, number(rng))}"
    return f"{text}{plus(rng)}{number(rng)}" if rng.random() < 0.15 else text


def subtraction(rng: Random) -> str:
    a, b = sorted((number(rng), number(rng)), reverse=rng.random() < 0.95)
    return f"{written(rng, a)}{minus(rng)}{written(rng, b)}"


def multiplication(rng: Random) -> str:
    shape = rng.random()
    if shape < 0.4:
        return f"{rng.randint(2, 12)}{times(rng)}{rng.randint(2, 12)}"
    if shape < 0.8:
        return f"{rng.randint(11, 999)}{times(rng)}{rng.randint(2, 9)}"
    return f"{rng.randint(11, 99)}{times(rng)}{rng.randint(11, 99)}"


def division(rng: Random) -> str:
    b = rng.randint(2, 12)
    answer = rng.randint(2, rng.choice((12, 12, 99, 250)))
    rest = rng.randint(1, b - 1) if rng.random() < 0.2 else 0
    return f"{answer * b + rest}{over(rng)}{b}"


def decimals(rng: Random) -> str:
    sign = rng.choice((plus, minus, times))(rng)
    a, b = decimal(rng), decimal(rng)
    if "x" in sign or "*" in sign or "×" in sign or "times" in sign:
        b = str(rng.randint(2, 12))
    elif float(a) < float(b):
        a, b = b, a
    return f"{a}{sign}{b}"


def money(rng: Random) -> str:
    a, b = sorted((rng.randint(101, 4999) / 100, rng.randint(20, 4000) / 100), reverse=True)
    return f"£{a:.2f} {rng.choice('+-')} £{b:.2f}"


def negatives(rng: Random) -> str:
    return f"{signed(rng)} {rng.choice('+-')} {rng.randint(1, 40)}"


def fractions(rng: Random) -> str:
    a, b = fraction(rng), fraction(rng)
    if rng.random() < 0.35:
        b = f"{rng.randint(1, 9)}/{a.partition('/')[2]}"
    if rng.random() < 0.15:
        a = mixed(rng)
    sign = rng.choice((" + ", " + ", " - ", " × ", " ÷ ", "+", " plus "))
    return f"{a}{sign}{b}"


def fraction_of(rng: Random) -> str:
    part = fraction(rng)
    return f"{part} of {int(part.partition('/')[2]) * rng.randint(2, 30)}"


def simplify(rng: Random) -> str:
    top, bottom, k = rng.randint(1, 9), rng.randint(2, 12), rng.randint(2, 9)
    return f"simplify {top * k}/{bottom * k}"


def percentage(rng: Random) -> str:
    percent = rng.choice((1, 5, 10, 10, 15, 20, 20, 25, 25, 30, 40, 45, 50, 60, 70, 75, 80, 90, 12, 35))
    amount = rng.choice(
        (rng.randint(2, 60) * 10, rng.randint(1, 40) * 100, rng.randint(10, 400), rng.randint(2, 50) * 4)
    )
    pound = "£" if rng.random() < 0.2 else ""
    return f"{percent}{rng.choice(('%', '%', ' percent', ' per cent'))} of {pound}{amount}"


def as_percentage(rng: Random) -> str:
    bottom = rng.choice((2, 4, 5, 10, 20, 25, 50, 100))
    return f"{rng.randint(1, bottom - 1)}/{bottom} as a {rng.choice(('percentage', 'decimal'))}"


def equation(rng: Random) -> str:
    letter, x = rng.choice(LETTERS), rng.randint(1, 25)
    a, b = rng.randint(2, 9), rng.randint(1, 60)
    shape = rng.randint(0, 7)
    if shape == 0:
        return f"{letter} + {b} = {x + b}"
    if shape == 1:
        return f"{letter} - {b} = {x}"
    if shape == 2:
        return f"{a}{letter} = {a * x}"
    if shape == 3:
        return f"{letter}/{a} = {x}"
    if shape == 4:
        return f"{a}({letter} + {b}) = {a * (x + b)}"
    if shape == 5:
        c = rng.randint(1, a)
        return (
            f"{a + c}{letter} + {b} = {c}{letter} + {a * x + b}" if rng.random() < 0.5 else f"{b} + {letter} = {x + b}"
        )
    if shape == 6:
        return f"{a}{letter} - {b} = {a * x - b}"
    return f"{a}{letter} + {b} = {a * x + b}"


def missing(rng: Random) -> str:
    a, b = number(rng), number(rng)
    gap = rng.choice(("_", "?", "□", "__"))
    return rng.choice(
        (
            f"{gap} + {a} = {a + b}",
            f"{a} + {gap} = {a + b}",
            f"{a + b} - {gap} = {a}",
            f"{gap} × {a} = {a * (b % 12 + 1)}",
        )
    )


def conversion(rng: Random) -> str:
    if rng.random() < 0.1:
        return rng.choice((f"{rng.randint(101, 999)}p in pounds", f"£{rng.randint(101, 999) / 100:.2f} in pence"))
    big, small, k = rng.choice(LENGTHS + LENGTHS + WEIGHTS + WEIGHTS + VOLUMES + TIMES)
    amount = str(rng.randint(2, 40)) if k in (60, 24, 7) or rng.random() < 0.5 else decimal(rng)
    if rng.random() < 0.35:
        return f"{int(float(amount) * k) or k} {small} {rng.choice(('in', 'to', 'into'))} {big}"
    space = rng.choice((" ", "")) if len(big) < 3 else " "
    return f"{amount}{space}{big} {rng.choice(('in', 'to', 'into'))} {small}"


def comparison(rng: Random) -> str:
    kind = rng.choice((fraction, fraction, decimal, lambda r: str(number(r)), signed))
    a, b = kind(rng), kind(rng)
    word = rng.choice(("bigger", "larger", "smaller", "greater"))
    return rng.choice((f"which is {word}, {a} or {b}", f"which is {word} {a} or {b}", f"is {a} {word} than {b}"))


def order(rng: Random) -> str:
    a, b, c = rng.randint(2, 30), rng.randint(2, 12), rng.randint(2, 12)
    t, p, m = (rng.choice(pair) for pair in ((" × ", " x ", " * "), (" + ", "+"), (" - ", "-")))
    return rng.choice(
        (
            f"{a}{p}{b}{t}{c}",
            f"({a}{p}{b}){t}{c}",
            f"{a * b}{m}{b}{t}{c}",
            f"{c}{t}({a + b}{m}{b})",
            f"{a * c} ÷ {c}{p}{b}",
            f"{b}{t}{c}{p}{a}",
        )
    )


def power(rng: Random) -> str:
    return rng.choice(
        (
            f"{rng.randint(2, 12)}^2",
            f"{rng.randint(2, 12)} squared",
            f"{rng.randint(2, 5)}^3",
            f"square root of {rng.randint(2, 12) ** 2}",
        )
    )


def rounding(rng: Random) -> str:
    if rng.random() < 0.5:
        return f"round {rng.randint(11, 9999)} to the nearest {rng.choice((10, 100))}"
    return f"round {rng.randint(100, 9999) / 1000:.3f} to {rng.choice(('1 decimal place', '2 decimal places'))}"


def percent_change(rng: Random) -> str:
    percent, amount = rng.choice((5, 10, 15, 20, 25, 30, 40, 50)), rng.randint(2, 60) * 10
    pound = rng.choice(("£", ""))
    return rng.choice(
        (
            f"{percent}% off £{amount}",
            f"increase {pound}{amount} by {percent}%",
            f"decrease {pound}{amount} by {percent}%",
        )
    )


def part_of_whole(rng: Random) -> str:
    whole = rng.choice((10, 20, 25, 40, 50, 80, 200))
    return f"{rng.randint(1, whole - 1)} as a percentage of {whole}"


KINDS: dict[str, tuple[Callable[[Random], str], int]] = {
    "addition": (addition, 14),
    "subtraction": (subtraction, 12),
    "multiplication": (multiplication, 14),
    "division": (division, 10),
    "decimals": (decimals, 7),
    "money": (money, 3),
    "negatives": (negatives, 3),
    "fractions": (fractions, 10),
    "fraction of": (fraction_of, 5),
    "simplify": (simplify, 2),
    "percentage": (percentage, 7),
    "as percentage": (as_percentage, 2),
    "equation": (equation, 9),
    "missing number": (missing, 4),
    "conversion": (conversion, 7),
    "comparison": (comparison, 4),
    "order": (order, 5),
    "power": (power, 2),
    "rounding": (rounding, 3),
    "percent change": (percent_change, 3),
    "part of a whole": (part_of_whole, 1),
}
"""Each kind with how often it is wanted."""


class Problem:
    """A problem as written by a learner, its kind of ours, and the fact that the program finds in it."""

    __slots__ = ("fact", "kind", "text")

    def __init__(self, kind: str, text: str, fact: Fact) -> None:
        self.kind, self.text, self.fact = kind, text, fact


def problems(rng: Random, *, held: bool) -> Iterator[Problem]:
    """Endless problems of the held-out or the training part; what the program cannot read is passed over."""
    names = list(KINDS)
    weights = [KINDS[name][1] for name in names]
    while True:
        kind = rng.choices(names, weights)[0]
        text = KINDS[kind][0](rng)
        facts = facts_in(text)
        if len(facts) == 1 and held_problem(facts[0].question) == held:
            yield Problem(kind, text, facts[0])
