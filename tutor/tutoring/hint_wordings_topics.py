"""Wordings of hints for ratio, shapes, averages, time, money, sequences, factors: three rungs for each kind.

A field in braces is filled with the problem's own numbers. Written by people; translated by `tr` where they are used.
"""

from typing import Final

TOPICS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "ratio_simplify": (
        ("Look for a number that divides every part of {a}.", "Which times table are {first} and {second} both in?"),
        ("Divide every part of the ratio by the same number.", "Treat {a} like a fraction: divide both parts alike."),
        ("Keep going until no number divides all the parts.", "Check that nothing more divides all the parts."),
    ),
    "ratio_share": (
        ("How many parts are there altogether in {ratio}?", "Draw a bar for each person, with boxes as {ratio} says."),
        ("Divide {a} by the number of parts in all.", "Find what a single part of {a} is worth."),
        (
            "Multiply the value of a single part by each number in {ratio}, and check the sum.",
            "Give each person their parts, and check that the shares make {a} in all.",
        ),
    ),
    "ratio_equal": (
        (
            "In {question}, which pair of matching numbers do you know?",
            "What was done to get from one ratio to the other?",
        ),
        (
            "Compare {known} with {other}: what was it multiplied or divided by?",
            "How do you get from {other} to {known}?",
        ),
        ("Now do the same to {across}.", "Whatever happened to {other} must happen to {across} too."),
    ),
    "mean": (
        (
            "The mean shares everything out equally: what do you need first?",
            "Begin by putting all the numbers together.",
        ),
        ("Add up {a}.", "Find the total of {a} first."),
        (
            "Divide the total by how many numbers there are.",
            "Count the numbers in the list, and share the total equally.",
        ),
    ),
    "median": (
        ("The median is in the middle, but in which order must the numbers be?", "Put the numbers in order first."),
        ("Write {a} from smallest to biggest.", "Write the list out in order, and count how many there are."),
        (
            "Cross off from both ends until you reach the middle.",
            "If two are left in the middle, go halfway between them.",
        ),
    ),
    "mode": (
        ("The mode is the number that turns up most often.", "Which number do you see more than the others?"),
        ("Put {a} in order so that equal numbers stand together.", "Make a tally for each number in the list."),
        ("Compare your tallies: which is the longest?", "Look at the longest group of equal numbers."),
    ),
    "range": (
        ("The range tells how spread out the numbers are.", "Which two numbers in the list matter for the range?"),
        ("Find the biggest and the smallest of {a}.", "Look for the two ends of the list."),
        ("Take the smallest from the biggest.", "Work out how far it is from one end to the other."),
    ),
    "area_rectangle": (
        (
            "Area is the space inside: imagine rows of unit squares.",
            "How many unit squares fit in a row, and how many rows?",
        ),
        ("The area of a rectangle is length times width.", "Which operation do you need for {a} and {b}?"),
        ("Multiply {a} by {b}, and think about the unit.", "Work out {a} times {b}; area is counted in squares."),
    ),
    "perimeter_rectangle": (
        ("The perimeter is the whole way round the edge.", "Draw the rectangle and write a length on every side."),
        ("Two sides are {a} and two sides are {b}.", "Add {a} and {b} first: how much of the way round is that?"),
        ("Add all four sides.", "Double the sum of the length and the width."),
    ),
    "area_square": (
        ("All sides of a square are the same.", "Area is the space inside: imagine rows of unit squares."),
        ("The area of a square is side times side.", "The length is {a}, and so is the width."),
        ("Multiply {a} by {a}, and think about the unit.", "Work out {a} times itself; area is counted in squares."),
    ),
    "perimeter_square": (
        ("The perimeter is the whole way round the edge.", "How many sides does a square have, and how long is each?"),
        ("Every side is {a}.", "Draw the square and write {a} on every side."),
        ("Add all the sides, or multiply.", "Multiply {a} by the number of sides."),
    ),
    "area_triangle": (
        ("A triangle is half of a rectangle with the same base and height.", "Draw a rectangle around the triangle."),
        ("Multiply base and height: {a} and {b}.", "Find the area of the whole rectangle, {a} by {b}."),
        ("Now take half.", "The triangle is half of what you found."),
    ),
    "perimeter_triangle": (
        ("The perimeter is the whole way round the edge.", "How many sides does a triangle have?"),
        ("You know every side: {a}.", "Start at a corner and walk along each side: {a}."),
        ("Add the sides together.", "Add two of the sides first, and then the last."),
    ),
    "side_area": (
        ("Area is length times width; which of them do you know?", "What times {b} makes {a}?"),
        ("Use the opposite of multiplying.", "Turn length times width round: start from the area."),
        ("Divide {a} by {b}.", "Share {a} into rows of {b}."),
    ),
    "side_perimeter": (
        ("The perimeter {a} goes round all four sides.", "Draw the rectangle and write {b} on the sides you know."),
        ("Half of the perimeter is a length and a width together.", "Halve {a} first."),
        ("Take {b} away from half of the perimeter.", "What is left of the half when {b} is taken away?"),
    ),
    "side_square": (
        ("All sides of a square are the same.", "The perimeter {a} goes round all the sides."),
        ("How many equal sides share {a}?", "Think: sides times length makes {a}."),
        ("Divide {a} by the number of sides.", "Share {a} equally between the sides."),
    ),
    "side_square_area": (
        ("The area of a square is side times side.", "Both sides of the multiplication are the same."),
        ("Which number times itself makes the number in {a}?", "Go through the square numbers you know."),
        (
            "Try a number, multiply it by itself, and see whether it is too big.",
            "You need the square root of the area.",
        ),
    ),
    "height_triangle": (
        ("The area of a triangle is half of base times height.", "Think of the rectangle around the triangle."),
        ("Double {a} to get the whole rectangle.", "Undo the halving first."),
        ("Divide the doubled area by {b}.", "What times {b} makes the doubled area?"),
    ),
    "side_triangle": (
        ("The perimeter {a} is all the sides together.", "Draw the triangle and write on it what you know."),
        ("Add the sides that you know: {b}.", "How much of {a} do the sides {b} use up?"),
        ("Take that away from {a}.", "See what is left of {a} for the last side."),
    ),
    "time_between": (
        ("Draw a time line from {a} to {b}.", "Count on from {a} to {b}; do not subtract as with ordinary numbers."),
        ("Jump from {a} to the next whole hour first.", "Make jumps: to the hour, over whole hours, and the rest."),
        ("Add your jumps together.", "Remember that an hour has 60 minutes when you add your jumps."),
    ),
    "time_after": (
        ("Draw a time line that starts at {a}.", "Start at {a} and count on."),
        ("First jump to the next whole hour.", "Break {b} into easy jumps."),
        ("How much of {b} is left after your first jump?", "Remember that an hour has 60 minutes."),
    ),
    "time_before": (
        ("Draw a time line that ends at {a}.", "Start at {a} and count back."),
        ("First jump back to the whole hour.", "Break {b} into easy jumps back."),
        ("How much of {b} is left after your first jump?", "Remember that an hour has 60 minutes."),
    ),
    "time_12": (
        ("Is {a} before or after midday?", "In 12-hour time you say am or pm."),
        ("After midday, the hours start again from the beginning.", "Look at the hour in {a}: is it past midday?"),
        ("The minutes stay as they are; only the hour changes.", "For an afternoon hour, take twelve away."),
    ),
    "time_24": (
        ("Is {a} before or after midday?", "In 24-hour time the hours go on counting after midday."),
        ("For pm times the hour changes; the minutes do not.", "Look at the hour in {a} and whether it is am or pm."),
        ("For an afternoon hour, add twelve.", "Write two digits for the hour."),
    ),
    "time_minutes": (
        ("How many minutes are in a single hour?", "Change the hours into minutes first."),
        ("Work out how many minutes {a} makes.", "Multiply the hours by 60."),
        ("Then add the other {b}.", "Do not forget the {b} that you have already."),
    ),
    "time_hours": (
        ("How many minutes make an hour?", "How many times does 60 fit into {a}?"),
        ("Count in sixties up to {a}.", "Take whole hours out of {a} minutes."),
        ("What is left after the whole hours are the minutes.", "Write the whole hours and what is left over."),
    ),
    "time_sum": (
        ("Add hours and minutes separately, or turn all into minutes.", "Write {a} and {b} below each other."),
        ("Add the minutes first.", "Turn both into minutes if that is easier."),
        ("If there are 60 minutes or more, make a new hour.", "Swap every 60 minutes for an hour."),
    ),
    "time_difference": (
        ("Turn both times into minutes if that is easier.", "Write {a} and {b} below each other."),
        ("Subtract the minutes; open an hour if you need more.", "An hour that you open gives 60 minutes."),
        ("Turn your minutes back into hours and minutes.", "Check by adding {b} to what you found."),
    ),
    "change": (
        ("Change is what is left of {a}.", "Count up from {b} to {a}, as a shopkeeper does."),
        ("Go from {b} to the next whole pound first.", "Which operation takes {b} away from {a}?"),
        ("From the whole pound, count on to {a} and add your jumps.", "Check: {b} and the change must make {a}."),
    ),
    "each": (
        (
            "Every one costs the same; how many are there?",
            "Which operation is quicker than adding {b} again and again?",
        ),
        ("You need {a} lots of {b}.", "Multiply {b} by {a}."),
        ("Remember that 100 pence make a pound.", "Check whether your answer is in pence or in pounds."),
    ),
    "better": (
        ("Find what a single item costs in each offer.", "Make the offers the same size before you compare them."),
        ("Divide the price by how many there are: {a}, and then {b}.", "Share each price between its items."),
        ("Compare the two prices for a single item.", "The lower price for a single item is the better value."),
    ),
    "next_added": (
        ("How do you get from {first} to {second}?", "Look at the steps between neighbours in the sequence."),
        (
            "Check that the same step takes you to each next number.",
            "Find the difference between {first} and {second}.",
        ),
        ("Do the same step once more, from {last}.", "Start at {last} and make the step again."),
    ),
    "next_multiplied": (
        ("The steps get bigger; is something multiplied?", "How do you get from {first} to {second} by multiplying?"),
        ("Divide {second} by {first} to see what it is multiplied by.", "Check the same rule on the next pair."),
        ("Use the rule once more, on {last}.", "Multiply {last} by the same number."),
    ),
    "next_divided": (
        ("The numbers get smaller; is something divided?", "How do you get from {first} to {second} by dividing?"),
        ("Find how many times {second} fits into {first}.", "Check the same rule on the next pair."),
        ("Use the rule once more, on {last}.", "Divide {last} by the same number."),
    ),
    "missing_term": (
        ("The gap lies between {a} and {b}.", "How big is the step between neighbours that you know?"),
        ("Find how far it is from {a} to {b}, in two equal steps.", "Halve the distance from {a} to {b}."),
        ("Make a single step from {a}.", "Check that the same step takes you on to {b}."),
    ),
    "is_prime": (
        ("A prime has exactly two factors.", "Which numbers besides itself could divide {a}?"),
        ("Try to divide {a} by small numbers in turn.", "Is {a} in any of the small times tables?"),
        ("If any of them goes in exactly, you know.", "You can stop when the number you try times itself is past {a}."),
    ),
    "prime_factors": (
        ("Draw a factor tree for {a}.", "Which small prime divides {a}?"),
        ("Divide by the smallest prime that goes in, and again.", "Split {a} into a pair of factors, and split on."),
        ("Stop when every branch ends in a prime.", "Check by multiplying all the primes together."),
    ),
    "factors": (
        ("Factors come in pairs that multiply to {a}.", "Which numbers divide {a} exactly?"),
        ("Try each number in turn, from the smallest.", "For every number that goes in, write its partner too."),
        ("Stop when the pairs meet in the middle.", "Write them in order and check that none is missing."),
    ),
    "is_factor": (
        ("A factor divides a number exactly.", "Count in steps of {a}: do you land on {b}?"),
        ("Divide {b} by {a}.", "Share {b} into groups of {a}."),
        ("Is there a remainder?", "If nothing is left over, it goes in exactly."),
    ),
    "is_multiple": (
        ("Multiples of {a} are in its times table.", "Count in steps of {a}: do you land on {b}?"),
        ("Divide {b} by {a}.", "Share {b} into groups of {a}."),
        ("Is there a remainder?", "If nothing is left over, it is in the times table."),
    ),
    "parity": (
        ("Can {a} be shared equally between two?", "Look at the last digit of {a}."),
        ("Pairs leave nobody out when a number is in the two times table.", "Try to divide {a} by two."),
        ("Is something left over?", "Think about what a remainder tells you here."),
    ),
    "multiples": (
        ("Multiples are the numbers in a times table.", "Say the times table of {a}."),
        ("Start with {a} itself and keep adding {a}.", "Count in steps of {a}."),
        ("Write each step down with a comma.", "Check the last of them by multiplying."),
    ),
    "primes": (
        ("A prime has exactly two factors.", "Go through the numbers in turn, up to {a}."),
        ("Cross out everything in the two, three, five and seven times tables.", "Most even numbers drop out at once."),
        ("Write down what is left.", "Remember which number is the only even prime."),
    ),
    "is_square": (
        ("A square number is a number times itself.", "Can {a} small squares be laid out as a big square?"),
        ("Say the square numbers you know, up to {a}.", "Try numbers times themselves, and come closer to {a}."),
        ("Do you land on {a}, or do you jump over it?", "Look at the two square numbers on either side."),
    ),
    "cube_root": (
        ("Which number, used three times in a multiplication, makes {a}?", "Think of a cube made of {a} small cubes."),
        ("Go through the cube numbers from the smallest.", "Try a small number: multiply it by itself, and again."),
        ("Is what you get above or below {a}?", "If it is below {a}, try the next number."),
    ),
    "hcf": (
        ("Which numbers divide all of {a}?", "List the factors of {small} first."),
        ("List the factors of each number.", "Start with the biggest factor of {small} and try it on {big}."),
        ("Pick the biggest that is in every list.", "Check that no bigger number divides them all."),
    ),
    "lcm": (
        ("Which numbers are in all of these times tables: {a}?", "Count in steps of {big}."),
        ("Write the multiples of each number.", "Go through the multiples of {big} and try to divide by {small}."),
        ("Pick the first that is in every list.", "Stop at the first number that all of them divide."),
    ),
}
