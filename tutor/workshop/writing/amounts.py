"""Random numbers as problems need them: whole, decimal, fractions, money, and how a learner may type a sum."""

from random import Random

LETTERS = "xyzabncdkw"


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


def pounds(rng: Random, least: int = 20, most: int = 4999) -> str:
    """Money such as £3.45."""
    return f"£{rng.randint(least, most) / 100:.2f}"


def sum_typed(rng: Random, text: str) -> str:
    """A sum as a learner may type its signs: `3x4`, `12/4`, `7+5`, `9−2`."""
    if rng.random() < 0.45:
        return text
    for sign, forms in (
        (" × ", (" x ", " x ", " * ", "×", "*", "x")),
        (" ÷ ", (" / ", "÷", " / ", " ÷")),
        (" + ", ("+", " +", " + ")),
        (" - ", ("-", " − ", " - ")),
    ):
        if sign == " ÷ " and "/" in text:
            continue
        if sign in text:
            text = text.replace(sign, rng.choice(forms))
    return text
