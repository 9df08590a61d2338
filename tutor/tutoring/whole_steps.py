"""Worked steps for whole numbers and decimals, as a primary teacher would write them on the board."""

from fractions import Fraction

from tutor.tutoring.numbers import decimal, shown


def parts(n: int) -> list[int]:
    """A whole number by place: 304 -> [300, 4]."""
    digits = str(n)
    found = [int(d) * 10 ** (len(digits) - i - 1) for i, d in enumerate(digits)]
    return [p for p in found if p]


def _row(values: list[int], sign: str = " + ") -> str:
    return sign.join(str(v) for v in values)


def add(a: int, b: int) -> list[str]:
    """Bridge through ten for small numbers, by places for longer ones."""
    if a < 0 or b < 0 or a + b <= 10 or min(a, b) == 0 or max(a, b) > 9999:
        return [f"{a} + {b} = {a + b}" if b >= 0 else f"{a} + ({b}) = {a + b}"]
    if a < 10 and b < 10:
        big, small = max(a, b), min(a, b)
        to_ten = 10 - big
        if small == to_ten:
            return [f"{a} + {b} = 10"]
        return [f"{small} = {to_ten} + {small - to_ten}", f"{big} + {to_ten} = 10", f"10 + {small - to_ten} = {a + b}"]
    pa, pb = parts(a), parts(b)
    steps = []
    if len(pa) + len(pb) > 2:
        places = sorted({len(str(p)) for p in pa + pb}, reverse=True)
        columns = [[p for p in pa + pb if len(str(p)) == size] for size in places]
        if len(columns) <= 4:
            steps.append(f"{a} + {b} = {_row([p for c in columns for p in c])}")
            steps += [f"{_row(c)} = {sum(c)}" for c in columns if len(c) > 1]
            sums = [sum(c) for c in columns]
            if len(sums) > 1:
                steps.append(f"{_row(sums)} = {a + b}")
            return steps if len(sums) > 1 else [f"{a} + {b} = {a + b}"]
    return [f"{a} + {b} = {a + b}"]


def subtract(a: int, b: int) -> list[str]:
    """Take the places off one after the other; below zero by the difference."""
    if a < 0 or b < 0:
        return [f"{a} - {b} = {a - b}" if b >= 0 else f"{a} - ({b}) = {a - b}"]
    if b > a:
        return [f"{b} - {a} = {b - a}", f"{a} - {b} = {a - b}"]
    taken = parts(b)
    if len(taken) < 2 or len(taken) > 4:
        if 10 < a < 20 and a - 10 < b < 10:
            first = a - 10
            return [f"{b} = {first} + {b - first}", f"{a} - {first} = 10", f"10 - {b - first} = {a - b}"]
        return [f"{a} - {b} = {a - b}"]
    steps = [f"{b} = {_row(taken)}"]
    left = a
    for p in taken:
        steps.append(f"{left} - {p} = {left - p}")
        left -= p
    return steps


def multiply(a: int, b: int) -> list[str]:
    """Tables split into easier ones, longer numbers by place."""
    if a < 0 or b < 0:
        size = abs(a) * abs(b)
        left, right = (f"({n})" if n < 0 else str(n) for n in (a, b))
        return [f"{abs(a)} × {abs(b)} = {size}", f"{left} × {right} = {a * b}"]
    if 0 in (a, b) or 1 in (a, b) or max(a, b) > 99999:
        return [f"{a} × {b} = {a * b}"]
    if b in (10, 100, 1000) or a in (10, 100, 1000):
        return [f"{a} × {b} = {a * b}"]
    if a <= 12 and b <= 12:
        return _table(a, b)
    # split the longer number; when both are long, the second
    if len(parts(b)) == 1 and len(parts(a)) > 1:
        pieces = [(p, b) for p in parts(a)]
    elif len(parts(a)) == 1 and len(parts(b)) == 1:
        return _round_product(a, b)
    elif a <= 12 or len(parts(b)) > 1:
        pieces = [(a, p) for p in parts(b)]
    else:
        pieces = [(p, b) for p in parts(a)]
    if len(pieces) > 4:
        return [f"{a} × {b} = {a * b}"]
    steps = [f"{a} × {b} = " + " + ".join(f"{x} × {y}" for x, y in pieces)]
    steps += [f"{x} × {y} = {x * y}" for x, y in pieces]
    return [*steps, f"{_row([x * y for x, y in pieces])} = {a * b}"]


def _table(a: int, b: int) -> list[str]:
    small, big = min(a, b), max(a, b)
    if small <= 3 or big == 10 or small == 10:
        repeated = " + ".join([str(big)] * small)
        return [f"{a} × {b} = {repeated}", f"{repeated} = {a * b}"] if small <= 3 else [f"{a} × {b} = {a * b}"]
    split = 10 if big > 10 else 5
    if big == split:
        return [f"{small} × 10 = {small * 10}", f"{small * 10} ÷ 2 = {a * b}", f"{a} × {b} = {a * b}"]
    rest = big - split
    return [
        f"{a} × {b} = {split} × {small} + {rest} × {small}",
        f"{split} × {small} = {split * small}",
        f"{rest} × {small} = {rest * small}",
        f"{split * small} + {rest * small} = {a * b}",
    ]


def _round_product(a: int, b: int) -> list[str]:
    x, y = int(str(a).rstrip("0")), int(str(b).rstrip("0"))
    zeros = len(str(a)) - len(str(x)) + len(str(b)) - len(str(y))
    if zeros == 0:
        return [f"{a} × {b} = {a * b}"]
    return [f"{x} × {y} = {x * y}", f"{x * y} × {10**zeros} = {a * b}"]


def divide(a: int, b: int) -> list[str]:
    """By the matching multiplication, longer ones in chunks of ten and a hundred; the remainder last."""
    quotient, rest = divmod(a, b)
    answer = str(quotient) if not rest else f"{quotient} remainder {rest}"
    if a < 0 or b < 0 or b == 1 or quotient == 0:
        return [f"{a} ÷ {b} = {shown(Fraction(a, b), 'decimal')}"]
    steps: list[str] = []
    chunks = parts(quotient)
    if quotient > 12 and 2 <= len(chunks) <= 3 and b <= 999:
        left = a
        for chunk in chunks:
            steps.append(f"{b} × {chunk} = {b * chunk}")
            if left - b * chunk:
                steps.append(f"{left} - {b * chunk} = {left - b * chunk}")
            left -= b * chunk
        steps.append(f"{_row(chunks)} = {quotient}")
    else:
        steps.append(f"{b} × {quotient} = {b * quotient}")
        if rest:
            steps.append(f"{a} - {b * quotient} = {rest}")
    return [*steps, f"{a} ÷ {b} = {answer}"]


def places_of(value: Fraction) -> int:
    """Decimals that a terminating value needs."""
    text = decimal(value)
    return len(text.partition(".")[2])


def decimals(sign: str, a: Fraction, b: Fraction, result: str) -> list[str]:
    """One operation on terminating decimals, by whole numbers where that is how it is taught."""
    left, right = decimal(a), decimal(b)
    last = f"{left} {sign} {right} = {result}" if b >= 0 else f"{left} {sign} ({right}) = {result}"
    places = max(places_of(a), places_of(b))
    if places == 0 or places > 3 or a < 0 or b < 0:
        return [last]
    scale = 10**places
    if sign in "+-":
        x, y = decimal(a, places), decimal(b, places)
        steps = [] if (x, y) == (left, right) else [f"{left} {sign} {right} = {x} {sign} {y}"]
        total = int(a * scale) + int(b * scale) if sign == "+" else int(a * scale) - int(b * scale)
        if total < 0:
            return [*steps, last]
        whole = f"{int(a * scale)} {sign} {int(b * scale)} = {total}"
        return [*steps, whole, f"{total} ÷ {scale} = {result}"]
    if sign == "×":
        pa, pb = 10 ** places_of(a), 10 ** places_of(b)
        m, n = int(a * pa), int(b * pb)
        return [f"{m} × {n} = {m * n}", f"{m * n} ÷ {pa * pb} = {result}"]
    if b == 0:
        return [last]
    pb = 10 ** places_of(b)
    if pb == 1:
        return [f"{result} × {right} = {left}", last] if "/" not in result else [last]
    x, y = decimal(a * pb), decimal(b * pb)
    return [f"{left} ÷ {right} = {x} ÷ {y}", f"{x} ÷ {y} = {result}"]
