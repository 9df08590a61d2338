"""Problems with fractions, percentages, equations, units and comparisons: numbers and ways of putting."""

from random import Random

from tutor.workshop.writing.amounts import LETTERS, decimal, fraction, mixed, number, signed
from tutor.workshop.writing.kind import Kind, Values

LENGTHS = (("km", "m", 1000), ("m", "cm", 100), ("cm", "mm", 10), ("m", "mm", 1000))
WEIGHTS = (("kg", "g", 1000), ("tonnes", "kg", 1000))
VOLUMES = (("l", "ml", 1000), ("litres", "ml", 1000))
TIMES = (("hours", "minutes", 60), ("minutes", "seconds", 60), ("days", "hours", 24), ("weeks", "days", 7))


def fractions(rng: Random) -> Values:
    a, b = fraction(rng), fraction(rng)
    if rng.random() < 0.35:
        b = f"{rng.randint(1, 9)}/{a.partition('/')[2]}"
    if rng.random() < 0.15:
        a = mixed(rng)
    return {"a": a, "b": b}


def fraction_of(rng: Random) -> Values:
    part = fraction(rng)
    n = int(part.partition("/")[2]) * rng.randint(2, 30)
    return {"part": part, "n": str(n), "even": str(2 * rng.randint(3, 200)), "four": str(4 * rng.randint(2, 90))}


def simplify(rng: Random) -> Values:
    top, bottom, k = rng.randint(1, 9), rng.randint(2, 12), rng.randint(2, 9)
    return {"f": f"{top * k}/{bottom * k}"}


def percentage(rng: Random) -> Values:
    percent = rng.choice((1, 5, 10, 10, 15, 20, 20, 25, 25, 30, 40, 45, 50, 60, 70, 75, 80, 90, 12, 35))
    amount = rng.choice(
        (rng.randint(2, 60) * 10, rng.randint(1, 40) * 100, rng.randint(10, 400), rng.randint(2, 50) * 4)
    )
    return {"p": str(percent), "n": ("£" if rng.random() < 0.2 else "") + str(amount)}


def other_form(rng: Random) -> Values:
    bottom = rng.choice((2, 4, 5, 10, 20, 25, 50, 100))
    return {
        "f": f"{rng.randint(1, bottom - 1)}/{bottom}",
        "d": f"{rng.randint(1, 99) / 100:.2f}".rstrip("0"),
        "p": str(rng.randint(1, 99)),
    }


def equation(rng: Random) -> Values:
    letter, x = rng.choice(LETTERS), rng.randint(1, 25)
    a, b, c = rng.randint(2, 9), rng.randint(1, 60), rng.randint(1, 9)
    return {
        "x": letter,
        "a": str(a),
        "b": str(b),
        "c": str(c),
        "ac": str(a + c),
        "less": str(max(1, x - rng.randint(0, x))),
        "x_plus": str(x + b),
        "x_less": str(x),
        "x_more": str(x + b),
        "ax": str(a * x),
        "ax_plus": str(a * x + b),
        "ax_less": str(a * x - b),
        "v": str(x),
        "axb": str(a * (x + b)),
        "both": str(a * x + b),
        "ax_times": str(a * x),
        "x_part": str(x + b),
    }


def missing(rng: Random) -> Values:
    a, b = number(rng), number(rng)
    gap = rng.choice(("_", "?", "□", "__"))
    return {"g": gap, "a": str(a), "ab": str(a + b), "k": str(a * (b % 12 + 1)), "m": str(b % 12 + 1)}


def conversion(rng: Random) -> Values:
    big, small, k = rng.choice(LENGTHS + LENGTHS + WEIGHTS + WEIGHTS + VOLUMES + TIMES)
    amount = str(rng.randint(2, 40)) if k in (60, 24, 7) or rng.random() < 0.5 else decimal(rng)
    if rng.random() < 0.35:
        amount, big, small = str(int(float(amount) * k) or k), small, big
    space = rng.choice((" ", "")) if len(big) < 3 else " "
    return {"n": amount + space + big, "to": small, "price": str(rng.randint(101, 999))}


def comparison(rng: Random) -> Values:
    draw = rng.choice((fraction, fraction, decimal, lambda r: str(number(r)), signed))
    word = rng.choice(("bigger", "larger", "smaller", "greater"))
    return {"a": draw(rng), "b": draw(rng), "word": word}


def percent_change(rng: Random) -> Values:
    percent, amount = rng.choice((5, 10, 15, 20, 25, 30, 40, 50)), rng.randint(2, 60) * 10
    return {"p": str(percent), "n": rng.choice(("£", "")) + str(amount), "m": str(amount)}


def part_of_whole(rng: Random) -> Values:
    whole = rng.choice((10, 20, 25, 40, 50, 80, 200))
    return {"a": str(rng.randint(1, whole - 1)), "n": str(whole)}


PART_KINDS = {
    "fractions": Kind(
        9,
        fractions,
        (
            "{a} + {b}",
            "{a} - {b}",
            "{a} × {b}",
            "{a} plus {b}",
            "{a} ÷ {b}",
            "{b} + {a}",
            "{a} + {b}",
            "add {a} and {b}",
            "{a} add {b}",
        ),
    ),
    "fraction of": Kind(
        5,
        fraction_of,
        (
            "{part} of {n}",
            "half of {even}",
            "find {part} of {n}",
            "three quarters of {four}",
            "{part} of {n}",
            "a quarter of {four}",
            "{part} of £{n}",
            "work out {part} of {n}",
        ),
    ),
    "simplify": Kind(
        2, simplify, ("simplify {f}", "cancel down {f}", "simplify {f}", "{f} in its simplest form", "reduce {f}")
    ),
    "percentage": Kind(
        7,
        percentage,
        (
            "{p}% of {n}",
            "{p} percent of {n}",
            "find {p}% of {n}",
            "{p} per cent of {n}",
            "{p}% of {n}",
            "work out {p}% of {n}",
        ),
    ),
    "other form": Kind(
        3,
        other_form,
        (
            "{f} as a percentage",
            "{f} as a decimal",
            "write {d} as a fraction",
            "convert {f} to a decimal",
            "{d} as a percentage",
            "{p}% as a fraction",
            "{p}% as a decimal",
            "change {f} to a percentage",
            "{d} as a fraction",
        ),
    ),
    "equation": Kind(
        11,
        equation,
        (
            "{x} + {b} = {x_plus}",
            "{a}{x} = {ax}",
            "{a}{x} + {b} = {ax_plus}",
            "{x_plus} = {x} + {b}",
            "{x} - {b} = {v}",
            "{x}/{a} = {v}",
            "{a}{x} - {b} = {ax_less}",
            "solve {a}{x} + {b} = {ax_plus}",
            "{a}({x} + {b}) = {axb}",
            "solve {a}{x} - {b} = {ax_less}",
            "{x}/{a} + {b} = {x_part}",
            "{ax_plus} = {a}{x} + {b}",
            "{a}{x} + {b} = {ax_plus}",
            "{b} + {x} = {x_plus}",
            "{x_plus} - {x} = {b}",
            "find {x} if {a}{x} - {b} = {ax_less}",
            "work out {x}: {a}{x} + {b} = {ax_plus}",
        ),
    ),
    "missing number": Kind(
        4,
        missing,
        (
            "{g} + {a} = {ab}",
            "{a} + {g} = {ab}",
            "{ab} - {g} = {a}",
            "what number goes in {a} + {g} = {ab}",
            "{g} × {a} = {k}",
            "{m} × {g} = {k}",
        ),
    ),
    "conversion": Kind(
        7,
        conversion,
        (
            "{n} in {to}",
            "{n} to {to}",
            "convert {n} to {to}",
            "how many {to} in {n}",
            "{price}p in pounds",
            "change {n} to {to}",
            "{n} into {to}",
            "how many {to} are there in {n}",
        ),
    ),
    "comparison": Kind(
        4,
        comparison,
        (
            "which is {word}, {a} or {b}",
            "is {a} {word} than {b}",
            "which is {word} {a} or {b}",
            "is {b} {word} than {a}",
            "compare {a} and {b}",
        ),
    ),
    "percent change": Kind(
        4,
        percent_change,
        (
            "{p}% off £{m}",
            "increase {n} by {p}%",
            "decrease {n} by {p}%",
            "{n} increased by {p}%",
            "take {p}% off £{m}",
            "a {p}% discount on £{m}",
            "£{m} reduced by {p}%",
            "{n} decreased by {p}%",
        ),
    ),
    "part of a whole": Kind(
        2,
        part_of_whole,
        (
            "{a} as a percentage of {n}",
            "{a} is what percent of {n}",
            "write {a} as a percentage of {n}",
            "what percentage of {n} is {a}",
        ),
    ),
}
