"""Plain text about primary maths for the first reading: worked problems, rules, number sentences."""

from random import Random

from tutor.domain import Fact
from tutor.workshop.writing import learner, replies
from tutor.workshop.writing import learner_words as banks

RULES = (
    "The bottom number of a fraction is the denominator. It says how many equal parts make a whole.",
    "The top number of a fraction is the numerator. It says how many parts we have.",
    "To add fractions with different denominators, write them with the same denominator first.",
    "Per cent means out of one hundred.",
    "To find ten per cent of a number, divide it by ten.",
    "Brackets come first, then powers, then multiplication and division, then addition and subtraction.",
    "An equation stays true when the same thing is done to both sides.",
    "To undo an addition, subtract. To undo a multiplication, divide.",
    "There are one hundred centimetres in a metre and one thousand metres in a kilometre.",
    "There are one thousand grams in a kilogram and one thousand millilitres in a litre.",
    "There are sixty seconds in a minute and sixty minutes in an hour.",
    "A number line helps with negative numbers: going left makes a number smaller.",
    "When you divide by a fraction, turn it over and multiply.",
    "A remainder is what is left when a number cannot be shared equally.",
    "Line up the decimal points before you add or subtract decimals.",
    "Multiplying by ten moves every digit one place to the left.",
    "Estimating first helps you to see whether an answer can be right.",
    "A mistake is a good place to start: it shows which step to look at.",
    "A good tutor asks before telling, and gives one hint at a time.",
    "It is fine not to know something yet. A teacher, a book or a friend can help.",
)


def worked(rng: Random, fact: Fact) -> str:
    """A fact as a page of a workbook may show it."""
    form = rng.randint(0, 4)
    if form == 0:
        return "\n".join((f"Problem: {fact.question}", *fact.steps, f"Answer: {fact.answer}"))
    if form == 1:
        return f"{fact.question}\n" + "; ".join(fact.steps) + f"\nAnswer: {fact.answer}"
    if form == 2:
        return replies.explain(rng, fact)
    if form == 3:
        return "\n".join(f"Hint {n}: {hint}" for n, hint in enumerate(fact.hints, 1)) + f"\nProblem: {fact.question}"
    return " ".join(f"{step}." for step in fact.steps) + f" So the answer is {fact.answer}."


def page(rng: Random, fact: Fact) -> str:
    """One short document: mostly worked problems, sometimes rules or a learner's unrelated words."""
    chance = rng.random()
    if chance < 0.8:
        return worked(rng, fact)
    if chance < 0.92:
        return " ".join(rng.sample(RULES, 2))
    return learner.typed(rng, learner.fill(rng, rng.choice(banks.OFF_TOPIC)))
