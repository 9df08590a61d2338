"""Factors, multiples and primes worked in steps, with highest common factor and lowest common multiple."""

import re
from fractions import Fraction
from math import gcd, isqrt, lcm
from typing import Final

from tutor.domain import Fact
from tutor.tutoring import found

_CUE = re.compile(r"prime|square|factor|facter|multiple|divisib|divisor|hcf|gcf|gcd|lcm|common|odd|even|divide")
_N = r"(?P<n>\d{1,5})(?![\d/.:%]\d|\d)"
_LIST = r"(?P<list>\d{1,5}(?:(?: ?, ?(?:and )?| and | & | )\d{1,5}){1,3})(?![\w/%:]|\.\d| ?[*÷/+^=])"
_HIGH = r"(?:hcf|gcf|gcd|(?:highest|greatest|biggest|largest) common (?:factor|facter|divisor)s?|highest factor)"
_LOW = r"(?:lcm|(?:lowest|least|smallest) common (?:multiple|multiples|denominator))"
_FILL = r"(?: (?:of|for|between|is|are|the|numbers|both)){0,3}(?: ?[:,=])? ?"
HCF: Final = re.compile(rf"\b{_HIGH}{_FILL}{_LIST}")
LCM: Final = re.compile(rf"\b{_LOW}{_FILL}{_LIST}")
COMMON_AFTER: Final = re.compile(
    rf"(?<![\w.:£/%+*-]){_LIST},? (?:(?:what|whats|what's|is|the|their|find) ){{0,4}}(?P<what>{_HIGH}|{_LOW})\b"
)
PRIME: Final = (
    re.compile(rf"\b(?:is|whether|if|check) (?:the number )?{_N} (?:is )?(?:an? )?prime\b"),
    re.compile(rf"(?<![\w.£])(?<!and ){_N},? (?:is it (?:an? )?)?prime(?: number)?"
               r"(?: or (?:not|composite))? ?(?:\?|$)"),
)  # fmt: skip
PRIME_FACTORS: Final = re.compile(
    rf"\bprime (?:factors?|facters?|factori[sz]ation|decomposition)(?: tree)?(?: (?:of|for)(?: the number)?)?:? {_N}"
)
FACTORS: Final = re.compile(
    rf"(?<!prime )(?<!common )\b(?:factors|facters|factor pairs|divisors)(?: (?:of|for|in|are|there|does|has)(?: the"
    rf" number)?){{0,3}}:? {_N}(?! ?(?:and|,|&) ?\d)"
)
FACTORS_OF: Final = re.compile(rf"\b(?:what|whats|what's) (?:numbers? )?(?:goes|go|divides?) (?:exactly )?into {_N}")
IS_FACTOR: Final = re.compile(rf"\bis (?P<a>\d{{1,5}}) an? (?:factor|facter|divisor) of {_N}")
IS_MULTIPLE: Final = re.compile(
    rf"\bis (?P<a>\d{{1,6}}) (?:an? multiple of|divisible by|(?:÷|divided by) exactly by|in the times table of) {_N}"
)
MULTIPLES: Final = (
    re.compile(rf"\bfirst (?P<count>\d{{1,2}}) multiples (?:of|for) {_N}"),
    re.compile(rf"(?<!common )\b(?P<count>\d{{1,2}} )?multiples (?:of|for) {_N}"
               rf"(?! ?(?:and|,|&|to|up|between|less|under|below) ?)"),
)  # fmt: skip
PRIMES: Final = re.compile(
    r"\b(?:primes|prime numbers|prime number) (?:are there )?"
    r"(?:(?:from|between) (?P<low>\d{1,3}) (?:and|to|-) (?P<high>\d{1,3})"
    r"|(?:up to|less than|under|below|smaller than) (?P<top>\d{1,3}))"
)  # fmt: skip
PARITY: Final = re.compile(
    r"\bis (?P<n>\d{1,7}) (?:an? )?(?P<what>odd|even)(?: number)?(?: or (?:an? )?(?:odd|even))?\b"
)
SQUARE: Final = re.compile(rf"\bis {_N} (?:an? )?square(?: number)?\b")
PRODUCT: Final = re.compile(rf"(?<![\w.:£]){_N} as an? product of (?:its |it's )?primes?\b")
MAX_NUMBER: Final = 10_000


def _first_factor(n: int) -> int:
    """The smallest factor above 1, the number itself when it is prime."""
    return next((k for k in range(2, isqrt(n) + 1) if n % k == 0), n)


def _prime_factors(n: int) -> list[int]:
    factors = []
    while n > 1:
        factors.append(_first_factor(n))
        n //= factors[-1]
    return factors


def _bounded(words: str) -> int | None:
    n = int(words)
    return n if 0 < n <= MAX_NUMBER else None


def _prime(match: re.Match[str]) -> Fact | None:
    n = _bounded(match["n"])
    if n is None:
        return None
    is_prime = n > 1 and _first_factor(n) == n
    answer = f"{n} is {'' if is_prime else 'not '}prime"
    if n == 1:
        steps = ["a prime has exactly two factors, and 1 has a single factor"]
    elif is_prime:
        steps = [f"1 × {n} = {n}"]
        steps += [f"{n} ÷ {k} = {n // k} remainder {n % k}" for k in (2, 3, 5, 7) if k * k <= n][:3]
    else:
        first = _first_factor(n)
        steps = [f"{first} × {n // first} = {n}"]
    return found.fact(
        "divisors", "primes", f"is {n} prime?", answer, [*steps, answer],
        hint="is_prime", answers=[], a=n,
    )  # fmt: skip


def _pairs(n: int) -> list[tuple[int, int]]:
    return [(k, n // k) for k in range(1, isqrt(n) + 1) if n % k == 0]


def _factors(match: re.Match[str]) -> Fact | None:
    n = _bounded(match["n"])
    if n is None or n < 2:
        return None
    pairs = _pairs(n)
    factors = sorted({f for pair in pairs for f in pair})
    if len(factors) > 16:
        return None
    answer = found.in_words([str(f) for f in factors])
    lines = [f"{a} × {b} = {n}" for a, b in pairs]
    steps = [", ".join(lines[i : i + 2]) for i in range(0, len(lines), 2)] if len(lines) > 4 else lines
    return found.fact(
        "divisors", "factors", f"factors of {n}", answer, [*steps, f"factors: {answer}"],
        hint="factors", answers=[], a=n,
    )  # fmt: skip


def _prime_product(match: re.Match[str]) -> Fact | None:
    n = _bounded(match["n"])
    if n is None or n < 4:
        return None
    factors = _prime_factors(n)
    if not 1 < len(factors) <= 8:
        return None
    answer = " × ".join(map(str, factors))
    steps, left = [], n
    for factor in factors[:-1][:4]:
        steps.append(f"{left} ÷ {factor} = {left // factor}")
        left //= factor
    return found.fact(
        "divisors", "primes", f"prime factors of {n}", answer, [*steps[:4], f"{n} = {answer}"],
        hint="prime_factors", answers=[], a=n,
    )  # fmt: skip


def _common(numbers: list[int], *, high: bool) -> Fact | None:
    if len(set(numbers)) < 2 or not all(0 < n <= 1000 for n in numbers):
        return None
    result = gcd(*numbers) if high else lcm(*numbers)
    if result > 100_000:
        return None
    listed = found.in_words([str(n) for n in numbers])
    if high:
        steps = [f"{n} ÷ {result} = {n // result}" for n in numbers]
    else:
        steps = [f"{n} × {result // n} = {result}" for n in numbers]
    name = "HCF" if high else "LCM"
    return found.fact(
        "divisors", "factors" if high else "multiples", f"{name} of {listed}", str(result),
        [*steps, f"the {name} is {result}"],
        hint="hcf" if high else "lcm", answers=[Fraction(result)], given=map(Fraction, numbers),
        a=listed, big=max(numbers), small=min(numbers),
    )  # fmt: skip


def _numbers(match: re.Match[str]) -> list[int]:
    return [int(n) for n in re.findall(r"\d+", match["list"])]


def _hcf(match: re.Match[str]) -> Fact | None:
    return _common(_numbers(match), high=True)


def _lcm(match: re.Match[str]) -> Fact | None:
    return _common(_numbers(match), high=False)


def _common_after(match: re.Match[str]) -> Fact | None:
    return _common(_numbers(match), high=re.fullmatch(_HIGH, match["what"]) is not None)


def _into(a: int, b: int, question: str, words: str, hint: str) -> Fact | None:
    """Whether a goes into b: both yes-or-no questions about factors and multiples come to this."""
    if not 0 < a <= b <= 10**6:
        return None
    rest = b % a
    answer = words.format(not_="not " if rest else "")
    step = f"{b} ÷ {a} = {b // a}" + (f" remainder {rest}" if rest else "")
    topic = "factors" if hint == "is_factor" else "multiples"
    return found.fact("divisors", topic, question, answer, [step, answer], hint=hint, answers=[], a=a, b=b)


def _is_factor(match: re.Match[str]) -> Fact | None:
    a, b = int(match["a"]), int(match["n"])
    return _into(a, b, f"is {a} a factor of {b}?", f"{a} is {{not_}}a factor of {b}", "is_factor")


def _is_multiple(match: re.Match[str]) -> Fact | None:
    a, b = int(match["a"]), int(match["n"])
    return _into(b, a, f"is {a} a multiple of {b}?", f"{a} is {{not_}}a multiple of {b}", "is_multiple")


def _parity(match: re.Match[str]) -> Fact | None:
    n, what = int(match["n"]), match["what"]
    answer = f"{n} is {'odd' if n % 2 else 'even'}"
    step = f"{n} ÷ 2 = {n // 2}" + (" remainder 1" if n % 2 else "")
    return found.fact(
        "divisors", "multiples", f"is {n} {what}?", answer, [step, answer], hint="parity", answers=[], a=n
    )


def _square(match: re.Match[str]) -> Fact | None:
    n = _bounded(match["n"])
    if n is None:
        return None
    root = isqrt(n)
    answer = f"{n} is {'' if root * root == n else 'not '}a square number"
    steps = [f"{k} × {k} = {k * k}" for k in (root, root + 1)[: 1 if root * root == n else 2]]
    question = f"is {n} a square number?"
    return found.fact("divisors", "powers", question, answer, [*steps, answer], hint="is_square", answers=[], a=n)


def _multiples(match: re.Match[str]) -> Fact | None:
    n, count = int(match["n"]), int(match["count"] or 5)
    if not (0 < n <= 1000 and 2 <= count <= 12):
        return None
    listed = [str(n * k) for k in range(1, count + 1)]
    steps = [f"{k} × {n} = {n * k}" for k in (2, 3)] if count > 2 else [f"2 × {n} = {2 * n}"]
    answer = found.in_words(listed)
    return found.fact(
        "divisors", "multiples", f"first {count} multiples of {n}", answer, [*steps, f"multiples: {answer}"],
        hint="multiples", answers=[], a=n,
    )  # fmt: skip


def _primes(match: re.Match[str]) -> Fact | None:
    low, high = (
        (0, int(match["top"]) - 1 + match[0].count("up to"))
        if match["top"]
        else (int(match["low"]), int(match["high"]))
    )
    primes = [n for n in range(max(low, 2), high + 1) if _first_factor(n) == n]
    if not 1 < len(primes) <= 16:
        return None
    answer = found.in_words([str(n) for n in primes])
    question = f"prime numbers between {low} and {high}" if not match["top"] else f"prime numbers up to {high}"
    return found.fact("divisors", "primes", question, answer, [f"primes: {answer}"], hint="primes", answers=[], a=high)


def found_in(text: str) -> found.Found:
    """Problems about factors, multiples and primes in plain text, with their place."""
    if not _CUE.search(text):
        return []
    makers: list[tuple[re.Pattern[str], found.Maker]] = [(HCF, _hcf), (LCM, _lcm), (COMMON_AFTER, _common_after)]
    makers += [(p, _prime) for p in PRIME] + [
        (PRIME_FACTORS, _prime_product),
        (PRODUCT, _prime_product),
        (SQUARE, _square),
        (PRIMES, _primes),
    ]
    makers += [(IS_FACTOR, _is_factor), (IS_MULTIPLE, _is_multiple), (FACTORS, _factors), (FACTORS_OF, _factors)]
    return found.matched(text, [*makers, *((p, _multiples) for p in MULTIPLES), (PARITY, _parity)])
