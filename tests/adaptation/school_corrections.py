"""Corrections for trying the training: twenty written ones, and any number made of a school's small facts.

Each comes with phrasings that are never trained on, to ask with afterwards.
"""

import json
from pathlib import Path
from random import Random

from tutor.adaptation import ledger
from tutor.domain import Correction, CorrectionStatus

Asked = dict[int, tuple[str, ...]]
_FOLDER = Path(__file__).parent

_CAPITALS = {
    "Spain": "Madrid", "Italy": "Rome", "Norway": "Oslo", "Poland": "Warsaw", "Greece": "Athens", "Egypt": "Cairo",
    "Japan": "Tokyo", "Kenya": "Nairobi", "Peru": "Lima", "Cuba": "Havana", "Austria": "Vienna", "Ireland": "Dublin",
}  # fmt: skip
_PLACES = {
    "library": "8:15", "canteen": "12:05", "swimming pool": "15:30", "computer room": "9:00", "breakfast club": "7:45",
    "school office": "8:30", "art room": "13:10", "music room": "10:40", "sports hall": "8:50", "garden": "14:20",
    "bike shed": "8:00", "book shop": "11:15",
}  # fmt: skip
_WHERE = {
    "scissors": "in the top drawer of the art cupboard", "rulers": "in the red box by the window",
    "dictionaries": "on the long shelf in the corridor", "footballs": "in the shed behind the hall",
    "spare pencils": "in the pot on the teacher's desk", "reading books": "on the trolley next to the door",
    "paint pots": "under the sink in the art room", "first aid box": "on the wall of the school office",
    "music stands": "behind the piano", "maths cubes": "in the yellow tray",
    "lost gloves": "in the basket at reception",
    "glue sticks": "in the tin on the back table",
}  # fmt: skip
_EVENTS = {
    "sports day": "the first Friday in June", "school fair": "the last Saturday in May",
    "spelling test": "every Thursday", "science trip": "the twelfth of March", "class photo": "next Tuesday morning",
    "maths quiz": "every second Monday", "parents evening": "the third Wednesday in October",
    "winter concert": "the tenth of December", "book week": "the first week of February",
    "chess club": "Monday after school",
    "swimming lesson": "Wednesday at two", "school play": "the last week before summer",
}  # fmt: skip
_BRING = {
    "the farm visit": "boots, a coat and a packed lunch", "swimming": "a towel, a cap and goggles",
    "cooking": "an apron and a box with a lid", "the art lesson": "an old shirt", "PE": "trainers and a T-shirt",
    "the museum trip": "a clipboard and two pencils", "gardening": "gloves and a water bottle",
    "the walk": "a raincoat and a snack", "music": "your recorder and the blue folder",
    "the sleepover": "a sleeping bag and a torch", "the maths test": "a ruler, a pencil and a rubber",
    "the baking sale": "one pound and a bag",
}  # fmt: skip
_MEANS = {
    "noun": "a naming word, such as dog or table", "adjective": "a describing word, such as small or red",
    "adverb": "a word that tells how something is done, such as slowly",
    "pronoun": "a word that stands for a name, such as she",
    "habitat": "the place where an animal or plant lives", "mammal": "an animal that feeds its young with milk",
    "evaporation": "water turning into vapour", "island": "land with water all round it",
    "century": "one hundred years", "fossil": "the trace of an old living thing in rock",
    "vowel": "one of the letters a, e, i, o and u", "orbit": "the path of a planet round a star",
}  # fmt: skip
_METHODS = {
    "column addition": "start with the ones and carry under the line",
    "short division": "use the bus stop and say each step aloud",
    "rounding": "underline the digit first and look at its right neighbour",
    "finding a half": "share into two equal piles and count one",
    "telling the time": "read the short hand first",
    "measuring a line": "begin at the zero of the ruler, not at its edge",
    "drawing a graph": "use a sharp pencil and label both axes", "counting money": "put the biggest coins first",
    "mental addition": "make a ten and then add what is left", "checking an answer": "do the sum the other way round",
    "naming shapes": "count the sides and then the corners",
    "ordering decimals": "line up the points and compare from the left",
}  # fmt: skip
_ROOMS = {
    "science": 4, "history": 7, "French": 11, "drama": 2, "geography": 9, "computing": 15, "reading club": 6,
    "maths club": 3, "choir": 12, "homework club": 8, "debating": 10, "art club": 5,
}  # fmt: skip
_LEGS = {
    "ant": 6, "crab": 10, "horse": 4, "octopus": 0, "bee": 6, "lobster": 10, "duck": 2, "ladybird": 6, "frog": 4,
    "scorpion": 8, "snail": 0, "penguin": 2,
}  # fmt: skip


def twenty() -> tuple[tuple[Correction, ...], Asked]:
    """Twenty corrections of five kinds, and the held-out phrasings by id."""
    asked = json.loads((_FOLDER / "corrections_20_asked.json").read_text(encoding="utf-8"))
    return ledger.read(_FOLDER / "corrections_20.jsonl"), {int(i): tuple(texts) for i, texts in asked.items()}


def made(count: int, seed: int = 5) -> tuple[tuple[Correction, ...], Asked]:
    """Corrections of nine small tables (108 at most), in mixed order, and two held-out phrasings of each."""
    rows = _rows()
    Random(seed).shuffle(rows)
    corrections, asked = [], {}
    for i, (kind, answer, wrong, wordings) in enumerate(rows[:count], 1):
        corrections.append(
            Correction(
                id=i,
                question=wordings[0],
                answer=answer,
                wrong=wrong,
                kind=kind,
                phrasings=wordings[1:3],
                status=CorrectionStatus.ACCEPTED,
                by="teacher",
            )
        )
        asked[i] = wordings[3:]
    return tuple(corrections), asked


def _rows() -> list[tuple[str, str, str, tuple[str, ...]]]:
    rows: list[tuple[str, str, str, tuple[str, ...]]] = []

    def add(kind: str, answer: str, *wordings: str, wrong: str = "") -> None:
        rows.append((kind, answer, wrong, wordings))

    for x, y in _CAPITALS.items():
        add("scope", f"The capital of {x} is {y}.", f"What is the capital of {x}?", f"which city is the capital of {x}",
            f"{x} has which capital", f"What's the capital city of {x}?", f"name the capital of {x}")  # fmt: skip
    for x, y in _PLACES.items():
        add("fact", f"The {x} opens at {y}.", f"What time does the {x} open?", f"when does the {x} open",
            f"opening time of the {x}", f"When is the {x} open?", f"what time can we go into the {x}",
            wrong=f"The {x} opens at 16:00.")  # fmt: skip
    for x, y in _WHERE.items():
        add("fact", f"Look {y}.", f"Where are the {x}?", f"where do I find the {x}", f"I need the {x}, where are they",
            f"Where do we keep the {x}?", f"where can I get the {x}")  # fmt: skip
    for x, y in _EVENTS.items():
        add("fact", f"It is {y}.", f"When is the {x}?", f"what day is the {x}", f"do you know the date of the {x}",
            f"When will the {x} be?", f"on which day is the {x}")  # fmt: skip
    for x, y in _BRING.items():
        add("fact", f"Please bring {y}.", f"What do I need for {x}?", f"what should I bring for {x}",
            f"what do we have to take to {x}", f"What shall I bring for {x}?",
               f"which things do I need for {x}")  # fmt: skip
    for x, y in _MEANS.items():
        add("scope", f"It is {y}.", f"What is the meaning of {x}?", f"what does {x} mean", f"explain the word {x}",
            f"Can you tell me what {x} means?", f"meaning of {x}", wrong="It is a kind of number.")  # fmt: skip
    for x, y in _METHODS.items():
        add("method", f"At our school we {y}.", f"How do we do {x}?", f"what is our way of {x}",
            f"which method do we use for {x}", f"How should I do {x}?", f"how does {x} go at our school")  # fmt: skip
    for x, y in _ROOMS.items():
        add("fact", f"Go to room {y}.", f"Which room is {x} in?", f"where is {x} taught", f"where do I go for {x}",
            f"What room do we have {x} in?", f"room for {x}")  # fmt: skip
    for x, y in _LEGS.items():
        a = "an" if x[0] in "aeiou" else "a"
        add("scope", f"It has {y or 'no'} legs.", f"How many legs does {a} {x} have?", f"how many legs has {a} {x} got",
            f"{x} legs, how many", f"How many legs do {x}s have?", f"number of legs on {a} {x}")  # fmt: skip
    return rows
