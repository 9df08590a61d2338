"""Ratio, shapes, averages, time, money, sequences and factors: true steps, safe hints, fair grading."""

import time
from fractions import Fraction
from math import gcd, lcm
from statistics import median

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tutor.domain import Fact, MathsStatus
from tutor.tutoring.checks import check_sentence, reveals_answer
from tutor.tutoring.clocks import lasting
from tutor.tutoring.facts import facts_in
from tutor.tutoring.grading import attempt_in, is_right

quick = settings(max_examples=25, deadline=None)
sizes = st.integers(2, 99)
units = st.sampled_from(["mm", "cm", "m", "km"])
clock_times = st.integers(60, 13 * 60 - 1)


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def _sound(words: str) -> Fact:
    """The one fact of the words, with its steps, hints and canonical question tried."""
    facts = facts_in(words)
    assert len(facts) == 1, (words, facts)
    fact = facts[0]
    again = facts_in(fact.question)
    assert [(f.question, f.answer) for f in again] == [(fact.question, fact.answer)]
    assert 1 <= len(fact.steps) <= 6
    for step in fact.steps:
        assert check_sentence(step, facts).status in (MathsStatus.RIGHT, MathsStatus.NONE), (words, step)
    assert any(check_sentence(step, facts).status is MathsStatus.RIGHT for step in fact.steps) or len(fact.steps) < 3
    assert len(fact.hints) == len(set(fact.hints)) == 3
    for hint in fact.hints:
        assert not reveals_answer(hint, fact), (words, hint, fact.answer)
        assert check_sentence(hint, facts).status in (MathsStatus.RIGHT, MathsStatus.NONE), hint
    assert reveals_answer(f"The answer is {fact.answer}.", fact), (fact.question, fact.answer)
    assert attempt_in(words, fact) == "", words
    _takes(fact, fact.answer, f"i think its {fact.answer}", f"is it {fact.answer}?")
    return fact


def _takes(fact: Fact, *messages: str) -> None:
    for message in messages:
        attempt = attempt_in(message, fact)
        assert attempt and is_right(attempt, fact), (fact.question, fact.answer, message, attempt)


def _refuses(fact: Fact, *messages: str) -> None:
    for message in messages:
        attempt = attempt_in(message, fact)
        assert attempt and not is_right(attempt, fact), (fact.question, fact.answer, message, attempt)


@quick
@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 40))
def test_sharing_in_a_ratio(a: int, b: int, one: int) -> None:
    fact = _sound(f"share £{(a + b) * one} in the ratio {a}:{b}")
    x, y = a * one, b * one
    assert fact.answer == f"£{x} and £{y}"
    _takes(fact, f"{x} and {y}", f"{x}:{y}", f"£{x}, £{y}", f"i got {x} and {y}")
    _refuses(fact, f"{x + 1} and {y}", f"{x}:{y + 2}")


@quick
@given(st.integers(1, 30), st.integers(1, 30), st.integers(2, 12))
def test_simplest_form_of_a_ratio(a: int, b: int, times: int) -> None:
    common = gcd(a, b)
    fact = _sound(f"simplify {a * times}:{b * times}")
    assert fact.answer == f"{a // common}:{b // common}"
    _takes(fact, f"{a // common} to {b // common}", f"{a // common} : {b // common}")
    _refuses(fact, f"{a * times}:{b * times + 1}", f"{a // common}:{b // common + 1}")


@quick
@given(st.integers(1, 12), st.integers(1, 12), st.integers(2, 9), st.integers(0, 3))
def test_equal_ratios(a: int, b: int, times: int, gap: int) -> None:
    terms = [a, b, a * times, b * times]
    shown = ["__" if i == gap else str(n) for i, n in enumerate(terms)]
    fact = _sound(f"{shown[0]}:{shown[1]} = {shown[2]}:{shown[3]}")
    assert fact.answer == str(terms[gap])
    _refuses(fact, str(terms[gap] + 1))


@quick
@given(sizes, sizes, units)
def test_rectangles(a: int, b: int, unit: str) -> None:
    area = _sound(f"area of a rectangle {a}{unit} by {b}{unit}")
    assert area.answer == f"{a * b} {unit}²"
    _takes(area, f"{a * b}", f"{a * b}{unit}²", f"{a * b} {unit}2", f"{a * b} square {unit}", f"its {a * b}{unit}^2")
    _refuses(area, f"{a * b + 1}{unit}²", f"{a * b} {unit}", f"{2 * (a + b) + a * b}")
    around = _sound(f"perimeter of a rectangle {a}{unit} by {b}{unit}")
    assert around.answer == f"{2 * (a + b)} {unit}"
    _takes(around, f"{2 * (a + b)}", f"{2 * (a + b)}{unit}")
    _refuses(around, f"{2 * (a + b) + 2} {unit}")
    assert _sound(f"rectangle with area {a * b} {unit}² and length {a} {unit}, find the width").answer == f"{b} {unit}"
    side = _sound(f"missing side of a rectangle with perimeter {2 * (a + b)} {unit} and side {a} {unit}")
    assert side.answer == f"{b} {unit}"


@quick
@given(sizes, st.integers(2, 40), units)
def test_squares_and_triangles(a: int, b: int, unit: str) -> None:
    assert _sound(f"area of a square with side {a}{unit}").answer == f"{a * a} {unit}²"
    assert _sound(f"perimeter of a square with side {a}{unit}").answer == f"{4 * a} {unit}"
    assert _sound(f"side of a square with perimeter {4 * a}{unit}").answer == f"{a} {unit}"
    assert _sound(f"side of a square with area {a * a} {unit}²").answer == f"{a} {unit}"
    assert Fraction(_sound(f"area of a triangle base {a} height {b}").answer) == Fraction(a * b, 2)
    assert _sound(f"triangle area {a * b} {unit}² base {2 * a} {unit} find the height").answer == f"{b} {unit}"
    longest = max(a, b)
    fact = _sound(f"perimeter of a triangle with sides {a}{unit}, {b}{unit} and {longest}{unit}")
    assert fact.answer == f"{a + b + longest} {unit}"


@quick
@given(st.lists(st.integers(0, 60), min_size=2, max_size=8))
def test_averages(values: list[int]) -> None:
    listed = ", ".join(map(str, values))
    mean = _sound(f"mean of {listed}")
    exact = Fraction(sum(values), len(values))
    assert is_right(str(exact), mean) and not is_right(str(exact + 1), mean)
    assert Fraction(_sound(f"median of {listed}").answer) == Fraction(median(values))
    assert _sound(f"range of {listed}").answer == str(max(values) - min(values))


@quick
@given(clock_times, st.integers(1, 700))
def test_time_between(start: int, away: int) -> None:
    end = (start + away - 60) % 720 + 60
    fact = _sound(f"how long is it from {_clock(start)} to {_clock(end)}")
    hours, minutes = divmod(away, 60)
    assert fact.answer == lasting(away)
    _takes(fact, f"{away} minutes", f"{hours}h {minutes}m" if hours and minutes else lasting(away), f"{away} mins")
    _refuses(fact, f"{away + 10} minutes", lasting(away + 60))


@pytest.mark.parametrize("words", ["1 hour 35", "i think its 1 hour and 35", "1h 35", "1 hr 35?"])
def test_minutes_behind_the_hours_need_no_name(words: str) -> None:
    fact = facts_in("how long is it from 9:45 to 11:20")[0]
    assert is_right(attempt_in(words, fact), fact)
    assert not is_right(attempt_in(words.replace("35", "25"), fact), fact)


@quick
@given(clock_times, st.integers(1, 300), st.sampled_from(["after", "before"]), st.sampled_from(["", " am", " pm"]))
def test_times_so_much_later(start: int, away: int, way: str, half: str) -> None:
    fact = _sound(f"what time is {lasting(away)} {way} {_clock(start)}{half}?")
    end = (start + (away if way == "after" else -away) - 60) % 720 + 60
    assert fact.answer.split(" ")[0] == _clock(end)
    _takes(fact, _clock(end), _clock(end).replace(":", "."))
    _refuses(fact, _clock((end + 11 - 60) % 720 + 60))


@quick
@given(st.integers(0, 23), st.integers(0, 59))
def test_twelve_and_twenty_four_hours(hour: int, minute: int) -> None:
    short = f"{(hour - 1) % 12 + 1}:{minute:02} {'am' if hour < 12 else 'pm'}"
    long = f"{hour:02}:{minute:02}"
    assert _sound(f"{short} in 24 hour time").answer == long
    if hour >= 13:
        assert _sound(f"{long} in 12 hour time").answer == short
        _takes(_sound(f"{long} in 12 hour time"), short.replace(" ", ""))


@quick
@given(st.integers(61, 900))
def test_hours_and_minutes(size: int) -> None:
    assume(size % 60)
    assert _sound(f"{lasting(size)} in minutes").answer == f"{size} minutes"
    assert _sound(f"{size} minutes in hours and minutes").answer == lasting(size)
    assert _sound(f"{lasting(size)} + 50 minutes").answer == lasting(size + 50)


@quick
@given(st.integers(1, 20), st.integers(1, 1999), st.integers(2, 40))
def test_money(pounds: int, pence: int, count: int) -> None:
    assume(pence < pounds * 100)
    fact = _sound(f"change from £{pounds} after £{pence / 100:.2f}")
    left = pounds * 100 - pence
    _takes(fact, f"£{left / 100:.2f}", f"{left}p")
    _refuses(fact, f"£{left / 100 + 1:.2f}")
    each = _sound(f"{count} pens at {pence}p each")
    _takes(each, f"£{count * pence / 100:.2f}")


@quick
@given(st.integers(-20, 99), st.integers(-12, 12), st.integers(3, 6))
def test_arithmetic_sequences(first: int, step: int, count: int) -> None:
    assume(step)
    terms = [first + step * i for i in range(count + 1)]
    fact = _sound(f"next term in {', '.join(map(str, terms[:-1]))}")
    assert fact.answer == str(terms[-1])
    _takes(fact, str(terms[-1]))
    _refuses(fact, str(terms[-1] + 1))


@quick
@given(st.integers(1, 9), st.integers(2, 5), st.booleans())
def test_geometric_sequences(first: int, factor: int, down: bool) -> None:
    terms = [first * factor**i for i in range(5)]
    if down:
        terms.reverse()
    assert _sound(f"{', '.join(map(str, terms[:4]))}, what comes next").answer == str(terms[4])


@quick
@given(st.integers(2, 400), st.integers(2, 60), st.integers(2, 60))
def test_factors_and_primes(n: int, a: int, b: int) -> None:
    factors = [k for k in range(1, n + 1) if n % k == 0]
    prime = _sound(f"is {n} prime?")
    assert (" not " in prime.answer) == (len(factors) != 2)
    _takes(prime, "yes" if len(factors) == 2 else "no")
    _refuses(prime, "no" if len(factors) == 2 else "yes it is")
    if len(factors) <= 12:
        fact = _sound(f"factors of {n}")
        _takes(fact, ", ".join(map(str, reversed(factors))), " ".join(map(str, factors)))
        _refuses(fact, ", ".join(map(str, [*factors, n + 1])))
    if a != b:
        assert _sound(f"hcf of {a} and {b}").answer == str(gcd(a, b))
        assert _sound(f"lcm of {a} and {b}").answer == str(lcm(a, b))


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("6:9 = 2:3", MathsStatus.RIGHT), ("6:9 = 3:2", MathsStatus.WRONG),
        ("9:15 + 45 minutes = 10:00", MathsStatus.RIGHT),
        ("9:15 + 45 minutes = 9:50", MathsStatus.WRONG), ("15:30 = 3:30 pm", MathsStatus.RIGHT),
        ("15:30 = 5:30 pm", MathsStatus.WRONG), ("from 9:15 to 10:40 is 1 hour 25 minutes", MathsStatus.RIGHT),
        ("from 9:15 to 10:40 is 1 hour 20 minutes", MathsStatus.WRONG),
        ("85 minutes = 1 hour 25 minutes", MathsStatus.RIGHT),
        ("5 cm × 3 cm = 15 cm²", MathsStatus.RIGHT), ("5 cm × 3 cm = 16 cm²", MathsStatus.WRONG),
        ("24 cm² ÷ 6 cm = 4 cm", MathsStatus.RIGHT), ("Look at 6:9 again.", MathsStatus.NONE),
    ],
)  # fmt: skip
def test_claims_of_these_kinds_are_judged(sentence: str, status: MathsStatus) -> None:
    assert check_sentence(sentence).status is status


@pytest.mark.parametrize(
    "text",
    ["1 " * 1000, "1, " * 700, "9:15 " * 400, "2:3 " * 500, "£1 " * 600, "mean of " * 250, "1 hour " * 300,
     "area of a rectangle " * 100, "rectangle area 5 by " * 100, "is 7 prime " * 180, "change from £5 " * 130,
     "share 20 in the ratio " * 90, "from 9:15 to " * 150, "next term in 1, 2, " * 100, "5 to 3 " * 280],
    ids=lambda t: t[:12],
)  # fmt: skip
def test_hostile_rows_cost_milliseconds(text: str) -> None:
    facts_in("mean of 3 and 5")

    def seconds() -> float:
        started = time.thread_time()
        facts_in(text)
        return time.thread_time() - started

    assert min(seconds() for _ in range(3)) < 0.05
