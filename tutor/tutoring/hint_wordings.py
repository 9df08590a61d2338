"""Wordings of hints for the four operations: three rungs for each topic.

A field in braces is filled with the problem's own numbers. Written by people; translated by `tr` where they are used.
"""

from typing import Final

OPERATIONS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
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
}
