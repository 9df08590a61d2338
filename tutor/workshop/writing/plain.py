"""Plain text about school maths for the first reading: worked problems, rules, number sentences, good habits."""

from random import Random

from tutor.domain import Fact
from tutor.workshop.writing import learner, learner_chat, replies
from tutor.workshop.writing.amounts import number
from tutor.workshop.writing.split import pick

RULES = (
    "The bottom number of a fraction is the denominator. It says how many equal parts make a whole.",
    "The top number of a fraction is the numerator. It says how many parts we have.",
    "To add fractions with different denominators, write them with the same denominator first.",
    "Per cent means out of one hundred.",
    "To find ten per cent of a number, divide it by ten.",
    "To find five per cent, halve ten per cent. To find one per cent, divide by a hundred.",
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
    "A ratio compares two amounts. It can be made simpler like a fraction.",
    "To share in a ratio, add the parts, divide the amount by them, and multiply back.",
    "The perimeter is the distance round a shape. The area is the space inside it.",
    "The area of a rectangle is its length times its width.",
    "A triangle is half of a rectangle with the same base and height.",
    "The mean is the total shared equally. The median is the middle number when all are in order.",
    "The mode is the number that comes most often. The range is the biggest minus the smallest.",
    "To find a time later, jump to the next whole hour first, and then go on from there.",
    "Change is what is left when you pay with more than the price.",
    "In a sequence, look at the step from one number to the next.",
    "A factor divides a number exactly. A multiple is in its times table.",
    "A prime number has exactly two factors, itself and one.",
    "In a word problem, first find out what is asked, and then which numbers are needed.",
    "Words such as altogether often mean adding, and words such as left often mean taking away.",
    "Sharing equally is division. Equal groups are multiplication.",
    "Short practice on many days works better than a long practice on one day.",
    "Testing yourself helps you to remember more than reading again.",
    "Mixing different kinds of problems makes you choose the method, and that is good practice.",
    "Sleep, breaks and a tidy desk help you to learn.",
    "Explaining a step to somebody else shows you what you know.",
)


def worked(rng: Random, fact: Fact) -> str:
    """A fact as a page of a workbook may show it."""
    form = rng.randint(0, 5)
    if form == 0:
        return "\n".join((f"Problem: {fact.question}", *fact.steps, f"Answer: {fact.answer}"))
    if form == 1:
        return f"{fact.question}\n" + "; ".join(fact.steps) + f"\nAnswer: {fact.answer}"
    if form == 2:
        return replies.explain(rng, fact)
    if form == 3:
        return "\n".join(f"Hint {n}: {hint}" for n, hint in enumerate(fact.hints, 1)) + f"\nProblem: {fact.question}"
    if form == 4:
        return f"Steps: {'; '.join(fact.steps)}\nThe same again: {'; '.join(fact.steps)}"
    return " ".join(f"{step}." for step in fact.steps) + f" So the answer is {fact.answer}."


def copied(rng: Random) -> str:
    """Numbers written twice, so that copying them digit by digit is met early."""
    row = " ".join(str(number(rng)) for _ in range(rng.randint(3, 6)))
    return f"Copy: {row}\nCopy: {row}"


def page(rng: Random, fact: Fact) -> str:
    """One short document: mostly worked problems, sometimes rules, numbers or a learner's unrelated words."""
    chance = rng.random()
    if chance < 0.76:
        return worked(rng, fact)
    if chance < 0.82:
        return copied(rng)
    if chance < 0.92:
        return " ".join(rng.sample(RULES, 2))
    return learner.typed(rng, learner.fill(rng, pick(rng, learner_chat.OFF_TOPIC, held=False)))
