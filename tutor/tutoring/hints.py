"""Graded hints in words: first a way in, then the method with this problem's numbers, then the step before the answer.

No hint holds the answer: `graded` puts a plain sentence in place of any hint in which the answer's number would stand.
"""

import zlib
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final

from tutor.i18n import tr
from tutor.tutoring import reading, reveals

PLAIN: Final[tuple[str, ...]] = (
    "Read the problem again slowly and say in your own words what it asks for.",
    "Think of an easier problem of the same kind and how you would start it.",
    "Write your working down line by line, and check each line before the next.",
)
"""Hints that fit every problem and hold no number."""

BANK: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "addition": (
        (
            "Which number would you start from, {a} or {b}, to make the counting shorter?",
            "Start from the bigger number, {big}, and think about how to add {small} in easy parts.",
            "Before you add {a} and {b}, make a rough guess: about how big will the total be?",
        ),
        (
            "Split {b} into parts that are easy to add to {a}.",
            "Put the digits of {a} and {b} in columns and add each column.",
            "Add the biggest places of {a} and {b} first, then the smaller ones.",
        ),
        (
            "Add the parts by place, and then put the part totals together.",
            "Check whether a column makes more than nine, because then you carry to the next column.",
            "Count on from {big} until you have added all of {small}.",
        ),
    ),
    "subtraction": (
        (
            "Think of {a} take away {b} as the gap between the numbers.",
            "What could you add to {b} to get to {a}?",
            "Before you take {b} from {a}, guess roughly what will be left.",
        ),
        (
            "Split {b} into easy parts and take them from {a}, part after part.",
            "Draw a number line from {b} to {a} and jump along it.",
            "Take away the biggest part of {b} first.",
        ),
        (
            "After the first jump, look at how much of {b} you still have to take away.",
            "Add up your jumps from {b} to {a}: together they are the gap.",
            "Check your result by adding it to {b}: you should be back at {a}.",
        ),
    ),
    "below_zero": (
        ("{b} is more than {a}, so think about what happens on the number line below zero.",),
        ("Start at {a} on a number line and jump {b} to the left.",),
        ("Find the gap between {a} and {b} first, and then think about its sign.",),
    ),
    "signed": (
        ("Draw a number line with zero in the middle and mark the first number on it.",),
        ("Think about which way the sign tells you to move on the number line.",),
        ("Leave the signs out first, work with the sizes, and decide about the sign at the end.",),
    ),
    "signed_product": (
        ("Leave the signs of {a} and {b} out first, and work with their sizes.",),
        ("Think about the sign: what happens when both signs are the same, and what when they differ?",),
        ("Put the size and the sign together, and check that it makes sense.",),
    ),
    "multiplication": (
        (
            "Think of {a} × {b} as {a} groups of {b}.",
            "Draw {a} rows with {b} dots in each row, or imagine them.",
            "Which times table that you know well is close to {a} × {b}?",
        ),
        (
            "Split a number into parts: for example, work out {split}.",
            "Use a fact you are sure of, such as {easy}, and build on it.",
            "Break it into easier products: {split}.",
        ),
        (
            "Work out each part of {split}, and then add the parts.",
            "Write down the part products and add them up carefully.",
            "Count how many {b}s you have so far and how many are still missing.",
        ),
    ),
    "division": (
        (
            "Think of {a} shared into {b} equal groups: how could you start sharing?",
            "How many times does {b} fit into {a}?",
            "Turn it round: {b} times what number comes close to {a}?",
        ),
        (
            "Use the {b} times table and look for {a} in it.",
            "Count up in steps of {b} until you get close to {a}.",
            "Take an easy number of {b}s away from {a} first, and see what is left.",
        ),
        (
            "When you find the number of {b}s that fit, look whether anything is left over.",
            "Check with a multiplication: your number times {b} should bring you back to {a}.",
            "Keep a count of the {b}s you have taken from {a}.",
        ),
    ),
    "decimals": (
        (
            "Line up the decimal points of {a} and {b} before you start.",
            "How many digits stand after the point in {a} and in {b}?",
        ),
        (
            "Give {a} and {b} the same number of decimals by writing zeros at the end.",
            "Put {a} and {b} in columns with the points under each other.",
        ),
        (
            "Work column by column from the right, and keep the point where it is.",
            "Make a rough guess with whole numbers, and use it to check where the point must go.",
        ),
    ),
    "decimals_product": (
        (
            "Make a rough guess first: which whole numbers are near {a} and {b}?",
            "How many digits stand after the point in {a} and in {b}?",
        ),
        (
            "Imagine {a} and {b} without the points, work with whole numbers, and put the point back at the end.",
            "Turn {a} and {b} into whole numbers by multiplying by ten or a hundred.",
        ),
        (
            "Use your rough guess to see where the point must go.",
            "Think about what you multiplied by to lose the points, and undo it if you need to.",
        ),
    ),
    "money_sum": (
        (
            "Look at the pounds and the pence in {a} and {b} separately.",
            "It may help to write {a} and {b} in pence.",
        ),
        (
            "Work with the pounds first, and then with the pence.",
            "Put {a} and {b} in columns with the points under each other.",
        ),
        (
            "Remember that a hundred pence make a pound, and change them if you need to.",
            "Put pounds and pence back together, and check that the size makes sense.",
        ),
    ),
    "money_product": (
        (
            "Look at the pounds and the pence separately.",
            "It may help to write the money in pence first.",
        ),
        (
            "Work with the pounds first, then with the pence, and join them.",
            "Work in pence as a whole number, and change back to pounds at the end.",
        ),
        ("Remember that a hundred pence make a pound when you put everything together.",),
    ),
    "fraction_sum": (
        (
            "Look at the bottom numbers of {a} and {b}: are the pieces the same size?",
            "You can only join pieces of the same size, so compare the bottom numbers of {a} and {b}.",
        ),
        (
            "Find a number that is in both times tables of the bottom numbers, and rewrite {a} and {b} with it.",
            "Write {a} and {b} with {common} as the bottom number.",
        ),
        (
            "When the bottom numbers match, only the top numbers are {joined}; the bottom stays as it is.",
            "Keep the bottom number {common}, work with the top numbers, and simplify at the end.",
        ),
    ),
    "fraction_same": (
        (
            "The bottom numbers of {a} and {b} match, so the pieces have the same size.",
            "Think of {a} and {b} as pieces of the same cake.",
        ),
        (
            "When the bottom numbers match, only the top numbers are {joined}.",
            "Leave the bottom number alone and look at the top numbers of {a} and {b}.",
        ),
        (
            "At the end, look whether the fraction can be simplified or holds a whole.",
            "Is there a number that divides both the top and the bottom of what you get?",
        ),
    ),
    "fraction_product": (
        (
            "Think of {a} × {b} as a part of a part.",
            "Fractions are multiplied straight across; how would you start with {a} and {b}?",
        ),
        (
            "Multiply the top numbers of {a} and {b}, and then the bottom numbers.",
            "Write whole or mixed numbers as fractions first, and then multiply tops and bottoms.",
        ),
        (
            "Look for a number that divides both the top and the bottom, and simplify.",
            "If the top is bigger than the bottom, take out the wholes.",
        ),
    ),
    "fraction_quotient": (
        (
            "Dividing by {b} asks how often {b} fits into {a}.",
            "Think about what happens when you divide {a} by a fraction or cut it into parts.",
        ),
        (
            "Dividing by a fraction is the same as multiplying by that fraction turned over; try it with {b}.",
            "Turn {b} upside down and multiply instead.",
        ),
        (
            "Multiply the tops, multiply the bottoms, and then simplify.",
            "When you have multiplied, look whether the fraction can be made simpler.",
        ),
    ),
    "powers": (
        (
            "A small raised number tells how often {a} is multiplied by itself.",
            "Write {a} to the power of {b} out as a multiplication.",
        ),
        (
            "Write {a} down {b} times with times signs between.",
            "Remember that the power does not mean {a} times {b}.",
        ),
        (
            "Multiply the first pair of numbers, and keep going until you have used them all.",
            "Take the multiplication step by step, and write each product down.",
        ),
    ),
    "roots": (
        ("Which number times itself makes {a}?",),
        ("Try a number, multiply it by itself, and see whether you are above or below {a}.",),
        ("Think of the square numbers you know that are near {a}.",),
    ),
    "order": (
        (
            "There is more than one operation in {question}; which must be done first?",
            "Think about the order of operations before you start with {question}.",
        ),
        (
            "Do {first} before anything else, because of the order of operations.",
            "Start with this part of {question}: {first}.",
        ),
        (
            "Put the result of {first} back into the problem, and do what is left.",
            "Write the problem again with the first part already worked out.",
        ),
    ),
    "fraction_of": (
        (
            "Think of {b} cut into equal parts: the bottom number of {a} tells how many.",
            "Draw a bar for {b} and cut it into as many equal parts as the bottom number of {a} says.",
        ),
        (
            "Divide {b} by the bottom number of {a} to find the size of a single part.",
            "First find what a single part of {b} is.",
        ),
        (
            "Now take as many parts as the top number of {a} says.",
            "Multiply the size of a single part by the top number of {a}.",
        ),
    ),
    "unit_fraction_of": (
        (
            "Think of {b} shared into equal parts: the bottom number of {a} tells how many.",
            "Draw a bar for {b} and cut it into as many equal parts as the bottom number of {a} says.",
        ),
        (
            "You need the size of a single part of {b}; which operation gives you that?",
            "Divide {b} by the bottom number of {a}.",
        ),
        (
            "Check yourself: all the parts together must make {b} again.",
            "Use the times table of the bottom number, and look for {b} in it.",
        ),
    ),
    "simplify": (
        ("Look for a number that divides both {a} and {b}.", "Is there a times table with both {a} and {b} in it?"),
        ("Divide the top and the bottom by the same number.", "Try small numbers first on both {a} and {b}."),
        ("Keep going until no number divides both the top and the bottom.",),
    ),
    "percentages": (
        (
            "Per cent means out of a hundred, so think of {b} as the whole hundred per cent.",
            "What would ten per cent of {b} be?",
        ),
        (
            "Find easy parts of {b} first, such as {easy}, and build {a}% from them.",
            "Build {a}% from easy parts like {easy}.",
        ),
        (
            "Put your easy parts of {b} together until they make {a}%.",
            "Add the parts that you found, and check that they make {a}% in all.",
        ),
    ),
    "percent_change": (
        ("Find {a}% of {b} first.", "The change is {a}% of {b}, so start with that."),
        ("Build {a}% of {b} from easy parts, such as {easy}.",),
        ("Now {joined} what you found, and check that the result makes sense.",),
    ),
    "as_percentage": (
        ("Write it as a fraction first: the part on top, the whole below.",),
        ("Think about how the bottom number could become a hundred.",),
        ("Multiply the fraction by a hundred, and do not forget the per cent sign.",),
    ),
    "as_decimal": (
        ("A fraction is a division: the top number divided by the bottom number.",),
        ("Could you change the bottom number into ten, a hundred or a thousand?",),
        ("Think about which place after the point your top number ends in.",),
    ),
    "as_fraction": (
        ("Look at the place of the last digit: tenths, hundredths or thousandths?",),
        ("Write the digits over ten, a hundred or a thousand, by the last digit's place.",),
        ("Now simplify: divide the top and the bottom by the same number.",),
    ),
    "units": (
        (
            "Which is bigger, a single {from_one} or a single {to_one}?",
            "Think about how the units {from_one} and {to_one} fit together.",
        ),
        (
            "Find out how many {smaller_many} there are in a single {bigger_one}.",
            "Remember what a single {bigger_one} is in {smaller_many}.",
        ),
        (
            "Going from {from_many} to {to_many}, you need to {way} by that number.",
            "Since you want {to_many}, {way} {a} by that number.",
        ),
    ),
    "comparison": (
        (
            "It helps to write {a} and {b} in the same form before you compare them.",
            "Imagine where {a} and {b} sit on a number line.",
        ),
        (
            "Write both as decimals with equally many digits, or as fractions with the same bottom number.",
            "Could you give {a} and {b} the same bottom number or the same number of decimals?",
        ),
        (
            "When they have the same form, compare the biggest place first.",
            "Now that they look alike, see which of them has more.",
        ),
    ),
    "rounding": (
        ("Between which neighbours of the kind you round to does {a} lie?",),
        ("Look at the digit just after the place that you round to.",),
        ("If that digit is less than five, go down; otherwise go up.",),
    ),
    "equations": (
        (
            "What is being done to {x} in {question}?",
            "Your goal is to have {x} alone; what stands in the way in {question}?",
        ),
        (
            "Undo what was done last: think of the opposite of {last}.",
            "Do the opposite of {last} on both sides.",
        ),
        (
            "Do the same to both sides until {x} stands alone, and check by putting your number in.",
            "After each step, write the new equation down, until only {x} is left on a side.",
        ),
    ),
    "swapped": (
        (
            "In {question}, which numbers do you know, and which is missing?",
            "Read {question} aloud: what happens to the first number?",
        ),
        (
            "Think of the whole and its parts: which number in {question} is the whole?",
            "Say what {question} tells you, but start your sentence from the result.",
        ),
        ("Change the order so that the numbers you know stand together, and work them out.",),
    ),
    "collected": (
        (
            "How often does {x} stand in {question}?",
            "What could you do to bring everything with {x} to the same side in {question}?",
        ),
        (
            "Open brackets if there are any, and then collect everything with {x} on one side.",
            "Collect the terms with {x} on the left and the plain numbers on the right.",
        ),
        (
            "When {x} stands only on one side, divide by the number in front of it, and check by putting your number in.",
            "Check your solution by putting it into {question} in every place of {x}.",
        ),
    ),
    "missing": (
        (
            "Read {question} with the word 'something' in the gap.",
            "What do you know already in {question}, and what is missing?",
        ),
        (
            "Use the opposite operation: how could you undo {last}?",
            "Turn the problem round and undo {last}.",
        ),
        (
            "Put your number into the gap and see whether both sides are the same.",
            "Try a number in the gap, and see whether it is too big or too small.",
        ),
    ),
}


def graded(
    topic: str, question: str, answers: Sequence[Fraction], given: Iterable[Fraction] = (), **words: object
) -> tuple[str, ...]:
    """Three hints for a problem. `answers`: numbers that must not stand in a hint unless they are `given` numbers.

    The choice between the wordings depends on the question alone, so the same problem always has the same hints.
    """
    seed = zlib.crc32(question.encode())
    wanted = {v for answer in answers for v in (answer, abs(answer), answer * 100, answer / 100)}
    known = {abs(v) for v in given}
    chosen = []
    for rung, wordings in enumerate(BANK[topic]):
        start = seed // (7**rung) % len(wordings)
        turned = wordings[start:] + wordings[:start]
        texts = (tr(w, question=question, **words) for w in turned)
        fitting = (t for t in texts if not reveals.gives_away(reading.plain(t), wanted, known))
        chosen.append(next(fitting, tr(PLAIN[rung])))
    return tuple(chosen)
