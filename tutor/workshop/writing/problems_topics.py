"""Problems with ratio, shapes, averages, clock times, shopping, sequences and divisors: numbers and ways of putting."""

from math import gcd
from random import Random

from tutor.workshop.writing.kind import Kind, Values


def ratio(rng: Random) -> Values:
    a, b = rng.randint(1, 9), rng.randint(1, 9)
    while gcd(a, b) > 1 or a == b:
        a, b = rng.randint(1, 9), rng.randint(1, 9)
    k, parts = rng.randint(2, 12), rng.randint(2, 30)
    return {
        "big": f"{a * k}:{b * k}",
        "small": f"{a}:{b}",
        "whole": str((a + b) * parts),
        "a": str(a),
        "b": str(b),
        "ak": str(a * k),
        "bk": str(b * k),
        "ka": str(a * k),
        "g": rng.choice(("?", "_", "x")),
        "spaced": f"{a * k} : {b * k}",
        "unit": rng.choice(("g", "kg", "ml", "cm")),
        "to": f"{a * k} to {b * k}",
    }


def shape(rng: Random) -> Values:
    u = rng.choice(("cm", "cm", "m", "mm"))
    a, b = sorted((rng.randint(2, 40), rng.randint(2, 30)), reverse=True)
    s = rng.randint(2, 25)
    return {
        "a": f"{a}{u}",
        "b": f"{b}{u}",
        "an": str(a),
        "bn": str(b),
        "u": u,
        "s": f"{s} {u}",
        "area": str(a * b),
        "round": f"{2 * (a + b)} {u}",
        "four": f"{4 * s} {u}",
        "even": f"{2 * b} {u}",
        "c": f"{rng.randint(a - b + 1, a + b - 1)} {u}",
    }


def average(rng: Random) -> Values:
    count = rng.choice((3, 4, 5))
    numbers = [rng.randint(1, rng.choice((12, 30, 60))) for _ in range(count)]
    rest = sum(numbers) % count
    numbers[0] += (count - rest) % count  # a whole mean
    twice = [*numbers, rng.choice(numbers)]
    rng.shuffle(twice)
    text = ", ".join(map(str, numbers))
    return {
        "list": text,
        "and": f"{', '.join(map(str, numbers[:-1]))} and {numbers[-1]}",
        "twice": ", ".join(map(str, twice)),
        "spaced": " ".join(map(str, numbers)),
    }


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def clock_time(rng: Random) -> Values:
    start, length = (
        rng.randrange(6 * 60, 20 * 60, rng.choice((1, 5, 5, 15))),
        rng.randrange(10, 230, rng.choice((5, 5, 1))),
    )
    hours, minutes = rng.randint(1, 4), rng.choice((5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55))
    pm = rng.randint(13 * 60, 23 * 60)
    return {
        "start": _clock(start),
        "end": _clock(start + length),
        "length": f"{length} minutes",
        "pm": _clock(pm),
        "h": f"{hours} hour{'s' if hours > 1 else ''}",
        "m": f"{minutes} minutes",
        "hm": f"{hours} hour{'s' if hours > 1 else ''} {minutes} minutes",
        "total": str(hours * 60 + minutes),
        "hm2": f"{rng.randint(2, 3)} hours {rng.choice((10, 20, 30, 40, 50))} minutes",
        "half": f"{rng.randint(1, 11)}:{rng.choice((5, 10, 15, 20, 30, 40, 45)):02} pm",
    }


def _price(pence: int) -> str:
    return f"£{pence / 100:.2f}" if pence > 99 or pence % 10 else f"{pence}p"


def shopping(rng: Random) -> Values:
    note = rng.choice((5, 10, 20, 50))
    thing, other = rng.sample(
        ("pens", "apples", "cakes", "books", "tickets", "rubbers", "drinks", "rulers", "muffins"), 2
    )
    n, m = rng.sample(range(2, 13), 2)
    each, each2 = rng.sample(range(10, 200, 5), 2)
    return {
        "note": f"£{note}",
        "cost": f"£{rng.randint(50, note * 100 - 5) / 100:.2f}",
        "n": str(n),
        "things": thing,
        "m": str(m),
        "each": _price(rng.choice((rng.randint(20, 99), rng.randrange(100, 900, 5)))),
        "thing": thing.rstrip("s"),
        "other": other,
        "p": _price(n * each),
        "q": _price(m * each2),
        "one": f"£{rng.randint(100, 999) / 100:.2f}",
        "two": f"£{rng.randint(100, 999) / 100:.2f}",
        "three": f"£{rng.randint(100, 999) / 100:.2f}",
    }


def sequence(rng: Random) -> Values:
    start, step = rng.randint(1, 60), rng.choice((2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 25, -2, -3, -5))
    if rng.random() < 0.2:
        first, times = rng.randint(1, 5), rng.choice((2, 3, 10))
        terms = [first * times**i for i in range(4)]
    else:
        start = start + 20 if step < 0 else start
        terms = [start + i * step for i in range(4)]
    gap = [str(t) for t in (*terms, 2 * terms[3] - terms[2])]
    gap[2] = "__"
    return {"terms": ", ".join(map(str, terms)), "spaced": " ".join(map(str, terms)), "gap": ", ".join(gap)}


def divisor(rng: Random) -> Values:
    a, b = rng.randint(2, 12), rng.randint(2, 12)
    k = rng.choice((2, 3, 4, 5, 6))
    n = rng.choice((rng.randint(4, 60), rng.randint(12, 100)))
    return {
        "n": str(n),
        "a": str(a * k),
        "b": str((b if b != a else b + 1) * k),
        "s": str(a),
        "t": str(b if b != a else b + 1),
        "count": str(rng.randint(3, 6)),
        "prime": str(rng.choice((11, 13, 17, 19, 21, 23, 27, 29, 31, 33, 37, 39, 41, 49, 51, 53, 57))),
        "big": str(a * rng.randint(2, 20) + rng.choice((0, 0, 1))),
    }


TOPIC_KINDS = {
    "ratio": Kind(
        6,
        ratio,
        (
            "simplify {big}",
            "share {whole} in the ratio {small}",
            "{small} = {ak}:{g}",
            "simplify the ratio {spaced}",
            "share £{whole} in the ratio {small}",
            "what is {big} in its simplest form",
            "divide {whole} in the ratio {small}",
            "split £{whole} in the ratio {small}",
            "{a}:{b} = {g}:{bk}",
            "share {whole}{unit} in the ratio {small}",
            "simplify the ratio {big}",
            "{big} in simplest form",
        ),
    ),
    "shape": Kind(
        7,
        shape,
        (
            "area of a rectangle {a} by {b}",
            "perimeter of a rectangle {a} by {b}",
            "perimeter of a square with side {s}",
            "what is the area of a {a} by {b} rectangle",
            "area of a square with sides of {s}",
            "area of a triangle with base {a} and height {b}",
            "a rectangle is {a} long and {b} wide, what is its area",
            "find the perimeter of a rectangle that is {a} by {b}",
            "perimeter of a triangle with sides {a}, {b} and {c}",
            "find the area of a rectangle {an} by {bn}",
            "perimeter of a square of side {s}",
            "a rectangle has length {a} and width {b}. what is the perimeter?",
            "a square has a side of {s}. what is its area?",
        ),
    ),
    "average": Kind(
        5,
        average,
        (
            "mean of {list}",
            "median of {list}",
            "range of {list}",
            "find the mean of {and}",
            "mode of {twice}",
            "what is the mean of {list}",
            "the median of {and}",
            "what is the range of {list}",
            "average of {list}",
            "find the mode of {twice}",
            "find the median of {list}",
            "{list} what is the mean",
        ),
    ),
    "clock time": Kind(
        6,
        clock_time,
        (
            "how long is it from {start} to {end}",
            "how much time is there between {start} and {end}",
            "what time is {length} after {start}",
            "how many minutes from {start} to {end}",
            "what is {start} + {length}",
            "{hm} in minutes",
            "{pm} in 12 hour time",
            "what time is it {hm} after {start}",
            "{total} minutes in hours and minutes",
            "{hm} + {hm2}",
            "what time is {length} before {start}",
            "how many minutes are there in {hm}",
            "{half} in 24 hour time",
        ),
    ),
    "shopping": Kind(
        6,
        shopping,
        (
            "change from {note} for {cost}",
            "{n} {things} at {each} each, how much",
            "how much change from {note} if I spend {cost}",
            "how much is it for {n} {things} at {each} each",
            "which is better value, {n} for {p} or {m} for {q}",
            "what change do I get from {note} when I spend {cost}",
            "total of {one}, {two} and {three}",
            "how much change do you get from {note} for {cost}",
            "{n} {things} cost {each} each, what is the total",
            "{one} and {two} altogether",
            "best value: {n} {things} for {p} or {m} for {q}",
            "how much are {n} {things} at {each} each",
        ),
    ),
    "sequence": Kind(
        4,
        sequence,
        (
            "next number in {terms}",
            "what comes next: {terms}",
            "{terms}, ...",
            "what is the next term of {terms}",
            "{terms}, ?",
            "continue the sequence {terms}",
            "{gap}",
            "find the next number in the sequence {terms}",
        ),
    ),
    "divisor": Kind(
        5,
        divisor,
        (
            "factors of {n}",
            "hcf of {a} and {b}",
            "lcm of {s} and {t}",
            "list the factors of {n}",
            "is {prime} prime",
            "first {count} multiples of {s}",
            "is {big} a multiple of {s}",
            "what is the highest common factor of {a} and {b}",
            "highest common factor of {a} and {b}",
            "prime factors of {n}",
            "is {s} a factor of {big}",
            "what is the lowest common multiple of {s} and {t}",
            "is {prime} a prime number",
        ),
    ),
}
