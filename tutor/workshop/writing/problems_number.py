"""Problems with whole numbers, decimals, money and signs: their numbers and the ways of putting them."""

from random import Random

from tutor.workshop.writing.amounts import decimal, number, pounds, signed, written
from tutor.workshop.writing.kind import Kind, Values


def addition(rng: Random) -> Values:
    a, b, c = (number(rng) for _ in range(3))
    return {"a": written(rng, a), "b": written(rng, b), "c": str(c)}


def subtraction(rng: Random) -> Values:
    a, b = sorted((number(rng), number(rng)), reverse=rng.random() < 0.95)
    return {"a": written(rng, a), "b": written(rng, b)}


def multiplication(rng: Random) -> Values:
    shape = rng.random()
    if shape < 0.4:
        a, b = rng.randint(2, 12), rng.randint(2, 12)
    elif shape < 0.8:
        a, b = rng.randint(11, 999), rng.randint(2, 9)
    else:
        a, b = rng.randint(11, 99), rng.randint(11, 99)
    return {"a": str(a), "b": str(b)}


def division(rng: Random) -> Values:
    b = rng.randint(2, 12)
    answer = rng.randint(2, rng.choice((12, 12, 99, 250)))
    rest = rng.randint(1, b - 1) if rng.random() < 0.2 else 0
    return {"a": str(answer * b + rest), "b": str(b)}


def decimals(rng: Random) -> Values:
    a, b = sorted((decimal(rng), decimal(rng)), key=float, reverse=True)
    return {"a": a, "b": b, "k": str(rng.randint(2, 12))}


def money(rng: Random) -> Values:
    a, b = sorted((pounds(rng), pounds(rng)), key=lambda p: float(p[1:]), reverse=True)
    return {"a": a, "b": b, "k": str(rng.randint(2, 9))}


def negatives(rng: Random) -> Values:
    return {"a": signed(rng), "b": str(rng.randint(1, 40)), "c": str(rng.randint(2, 12)), "m": str(rng.randint(1, 30))}


def order(rng: Random) -> Values:
    a, b, c = rng.randint(2, 30), rng.randint(2, 12), rng.randint(2, 12)
    return {"a": str(a), "b": str(b), "c": str(c), "ab": str(a * b), "ac": str(a * c), "a_b": str(a + b)}


def power(rng: Random) -> Values:
    n = rng.randint(2, 15)
    return {"n": str(n), "nn": str(n * n), "k": str(rng.randint(2, 5))}


def rounding(rng: Random) -> Values:
    return {
        "n": str(rng.randint(11, 99_999)),
        "d": f"{rng.randint(100, 99_999) / 1000:.3f}",
        "near": rng.choice(("10", "10", "100", "ten", "hundred")),
        "places": rng.choice(("1 decimal place", "2 decimal places")),
    }


NUMBER_KINDS = {
    "addition": Kind(
        13,
        addition,
        (
            "{a} + {b}",
            "{a} plus {b}",
            "{a} + {b} + {c}",
            "{a} add {b}",
            "add {a} and {b}",
            "add {a} to {b}",
            "{b} + {a}",
            "the sum of {a} and {b}",
            "total of {a} and {b}",
            "{a} added to {b}",
        ),
    ),
    "subtraction": Kind(
        11,
        subtraction,
        (
            "{a} - {b}",
            "{a} take away {b}",
            "{a} minus {b}",
            "take {b} from {a}",
            "the difference between {a} and {b}",
            "subtract {b} from {a}",
            "{a} - {b}",
            "{a} subtract {b}",
        ),
    ),
    "multiplication": Kind(
        13,
        multiplication,
        (
            "{a} × {b}",
            "{a} times {b}",
            "{a} × {b}",
            "multiply {a} by {b}",
            "{a} lots of {b}",
            "{a} multiplied by {b}",
            "double {a}",
            "the product of {a} and {b}",
            "{b} × {a}",
            "{b} times {a}",
            "{a} × {b}",
            "{a} groups of {b}",
        ),
    ),
    "division": Kind(
        10,
        division,
        (
            "{a} ÷ {b}",
            "{a} divided by {b}",
            "{a} ÷ {b}",
            "share {a} between {b}",
            "divide {a} by {b}",
            "how many {b}s in {a}",
            "{a} ÷ {b}",
            "{a} shared by {b}",
            "{a} split into {b}",
        ),
    ),
    "decimals": Kind(
        7,
        decimals,
        (
            "{a} + {b}",
            "{a} - {b}",
            "{a} × {k}",
            "{a} add {b}",
            "{a} plus {b}",
            "{a} times {k}",
            "{b} + {a}",
            "{a} take away {b}",
        ),
    ),
    "money sums": Kind(
        3, money, ("{a} + {b}", "{a} - {b}", "{a} × {k}", "{a} plus {b}", "{b} + {a}", "{a} take away {b}")
    ),
    "negatives": Kind(
        3,
        negatives,
        (
            "{a} + {b}",
            "{a} - {b}",
            "-{m} + {b}",
            "{a} plus {b}",
            "-{m} × {c}",
            "-{m} minus {b}",
            "-{m} - {b}",
            "{a} take away {b}",
        ),
    ),
    "order": Kind(
        5,
        order,
        (
            "{a} + {b} × {c}",
            "({a} + {b}) × {c}",
            "{ab} - {b} × {c}",
            "{c} × ({a_b} - {b})",
            "{ac} ÷ {c} + {b}",
            "{b} × {c} + {a}",
            "{c} × ({a} + {b})",
            "{a} + {ac} ÷ {c}",
            "{b} × {c} - {b}",
        ),
    ),
    "power": Kind(
        2,
        power,
        (
            "{n}^2",
            "{n} squared",
            "{k}^3",
            "{k} cubed",
            "square root of {nn}",
            "{k} to the power of 3",
            "√{nn}",
            "{n} to the power of 2",
        ),
    ),
    "rounding": Kind(
        4,
        rounding,
        (
            "round {n} to the nearest {near}",
            "round {d} to {places}",
            "round {d} to the nearest whole number",
            "what is {n} to the nearest {near}",
            "round off {n} to the nearest {near}",
        ),
    ),
}
