"""Wordings of hints for powers, order of operations, parts, units and equations: three rungs for each topic.

A field in braces is filled with the problem's own numbers. Written by people; translated by `tr` where they are used.
"""

from typing import Final

BEYOND: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
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
        ("Which round numbers lie just below and just above {a}?",),
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
            "When {x} stands only on one side, divide by the number in front of it, and check by putting "
            "your number in.",
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
