"""What a learner gives as an answer: the right one as children write it, or a wrong one of the same form."""

from random import Random

from tutor.domain import Fact
from tutor.tutoring import grading


def wrong_answer(rng: Random, answer: str) -> str:
    """An answer of the same form that is not right: a digit changed, one too many, or the sign turned round."""
    if " < " in answer or " > " in answer:
        return answer.translate(str.maketrans("<>", "><"))
    places = [i for i, c in enumerate(answer) if c in "0123456789"]
    if not places:
        return str(rng.randint(2, 99))
    if answer.isdecimal() and rng.random() < 0.4:
        return str(abs(int(answer) + rng.choice((-10, -2, -1, 1, 2, 9, 10, 100))))
    while True:
        at = rng.choice(places)
        digit = str((int(answer[at]) + rng.randint(1, 9)) % 10)
        changed = answer[:at] + digit + answer[at + (rng.random() < 0.8) :]
        start = changed.lstrip("-£xyzabncdkw= ")
        if changed != answer and not (start.startswith("0") and not start.startswith("0.")) and "/0" not in changed:
            return changed


def short_answer(rng: Random, answer: str) -> str:
    """An answer as a learner may give it: `x = 4` also as `4` or `x=4`, `25 cm` as `25cm` or `25`."""
    left, equals, value = answer.partition(" = ")
    if equals:
        return rng.choice((answer, value, f"{left}={value}"))
    number, space, unit = answer.partition(" ")
    if space and unit.isalpha() and unit != "remainder":
        return rng.choice((answer, number + unit if len(unit) < 4 else answer, number, answer))
    return answer


def attempt(rng: Random, fact: Fact, *, right: bool) -> str:
    """A right or a wrong attempt at the problem, as the program's own grading sees it."""
    asked = fact.question.startswith("is ")
    if (fact.kind == "comparison" and rng.random() < 0.6) or (asked and fact.kind != "comparison"):
        a, _, b = fact.answer.replace(" < ", " > ").replace(" = ", " > ").partition(" > ")
        forms = ["yes", "no"] if asked else [a, b]
        fit = [f for f in forms if grading.is_right(f, fact) == right]
        if fit:
            return rng.choice(fit)
    if right:
        short = short_answer(rng, fact.answer)
        return short if grading.is_right(short, fact) else fact.answer
    for _ in range(20):
        wrong = wrong_answer(rng, short_answer(rng, fact.answer))
        if not grading.is_right(wrong, fact):
            return wrong
    return wrong_answer(rng, fact.answer)
