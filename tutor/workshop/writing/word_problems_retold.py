"""A written story told in other ways: in the first person, the question first, sentences run together, mistyped."""

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Final

_SWAPS: Final = (
    (r"\bgives\b", ("hands", "passes", "gave")),
    (r"\bbuys\b", ("bought", "gets", "is buying", "purchases")),
    (r"\bhas read\b", ("already read", "has finished")),
    (r"\bhas\b(?! (?:\w+ed|read|done|got|drunk|risen|fallen|only|to|gone|cost)\b)", ("had", "owns", "has got", "has")),
    (r"\bmore\b(?= \w+ (?:get on|come in))", ("other", "more")),
    (r"\baltogether\b", ("in total", "in all", "all together", "combined")),
    (r"\bcosts\b", ("is", "sells for", "is priced at", "cost")),
    (r"\bThere are\b", ("There were", "We have", "You can see", "I can see")),
    (r"\bshares\b", ("divides", "splits", "is sharing", "shared")),
    (r"\bHow much does (he|she) pay\b", ("What does he pay", "How much must be paid", "What is the total cost")),
    (r"\bHow many (\w+) (?:are|is) left\b", (r"How many \1 remain", r"What number of \1 is left")),
    (r"\bHow much does\b", ("How much will", "What does")),
    (r"\bin each\b(?= (?:and|loose)|[.,])", ("inside each one", "in every one", "each")),
    (r"\bfinds\b", ("discovers", "found")),
    (r"\bspends\b", ("spent", "uses up")),
    (r"\busually\b", ("normally", "mostly")),
    (r"\bequally\b", ("evenly", "fairly", "into equal parts")),
)  # fmt: skip
_LEADS: Final = ("Find out ", "Work out ", "Can you tell me ", "Tell me ", "I need to know ", "calculate ", "I wonder ")
_NAME: Final = re.compile(r"[A-Z][a-z]+(?: [A-Z][a-z]+)?")


def told(rng: Random, story: str) -> str:
    """The story, often retold. The numbers and what they stand for stay."""
    for pattern, others in _SWAPS:
        if rng.random() < 0.3:
            story = re.sub(pattern, rng.choice(others), story, count=1)
    ways: tuple[tuple[float, Callable[[Random, str], str]], ...] = (
        (0.12, _mine), (0.07, _question_first), (0.12, _run_together), (0.08, _led), (0.06, _short)
    )  # fmt: skip
    chance = rng.random()
    for share, way in ways:
        if chance < share:
            return way(rng, story)
        chance -= share
    return story


def with_aside(rng: Random, story: str, aside: str) -> str:
    """The story with a sentence that has nothing to do with the sum, at its start or before its question."""
    if rng.random() < 0.5:
        return f"{aside} {story}"
    head, question = _split(story)
    return f"{head} {aside} {question}" if head else f"{aside} {story}"


def _split(story: str) -> tuple[str, str]:
    """What is told, and the last sentence."""
    parts = re.split(r"(?<=[.?!]) (?=[A-Z£])", story)
    return " ".join(parts[:-1]), parts[-1]


def _mine(rng: Random, story: str) -> str:
    """As if the learner told of themselves: "I have 12 apples"."""
    match = re.match(r"([A-Z][a-z]+(?: [A-Z][a-z]+)?) (has|had|reads|buys|wants|is|saves|earns|collected|scored|bought"
                     r"|got|ran|spent|found|practises|gives|shares|makes|cuts|pays|read|baked)\b", story)  # fmt: skip
    if match is None:
        return story
    name = re.escape(match[1])
    verbs = {"has": "have", "is": "am", "does": "do"}
    story = re.sub(rf"\b{name}'s\b", "my", story)
    story = re.sub(
        rf"(?:\b{name}|\b[Ss]?[Hh]e) (\w+)",
        lambda m: f"I {verbs.get(m[1], re.sub(r'(?<=[a-z]{2})s$', '', m[1]))}",
        story,
    )
    story = re.sub(rf"\bdoes (?:{name}|she|he|I)\b", "do I", story)
    story = re.sub(rf"\b(?:did|will|must|can|would) (?:{name}|she|he)\b", lambda m: m[0].split()[0] + " I", story)
    story = re.sub(r"\bhas (?:she|he)\b", "have I", story)
    story = re.sub(rf"\b(?:to|by|than|and|gave) {name}\b", lambda m: m[0].split()[0] + " me", story)
    story = re.sub(r"\b(?:[Hh]is|[Hh]er)\b(?= \w)", "my", story)
    return re.sub(r"\b(?:him|her|he|she)\b", "me", story)


def _question_first(_rng: Random, story: str) -> str:
    head, question = _split(story)
    if not head or head.count(". ") > 1 or not question.endswith("?"):
        return story
    told_first = head.rstrip(".").replace(". ", " and ")
    return f"{question[:-1]} if {told_first}?"


def _run_together(rng: Random, story: str) -> str:
    head, question = _split(story)
    joined = re.sub(r"\. ", lambda _m: rng.choice((", ", " and ", " then ", " ", ", and ")), head.rstrip("."))
    return f"{joined}{rng.choice((', ', ' ', ' so ', '. '))}{question}" if head else story


def _led(rng: Random, story: str) -> str:
    head, question = _split(story)
    if not question.startswith("How"):
        return story
    return f"{head} {rng.choice(_LEADS)}{question[:1].lower()}{question[1:-1]}.".strip()


def _short(_rng: Random, story: str) -> str:
    """Notes instead of sentences: "Tom 12 apples, gives 5 to Mia. How many left?" """
    story = re.sub(r"^(\w+) has (?=\d)", r"\1 ", story)
    return re.sub(r"\bHow many [\w ]+? (?:does \w+ have|are) left\?", "How many left?", story)


def typed(rng: Random, story: str, openings: Sequence[str], closings: Sequence[str]) -> str:
    """As a child may type it: small letters, letters missing or swapped (never near a number), words around it."""
    story = rng.choice(openings).replace("{q}", str(rng.randint(1, 9))) + story + rng.choice(closings)
    if rng.random() < 0.75:
        return story
    pieces = story.lower().split(" ")
    for i, piece in enumerate(pieces):
        if len(piece) < 4 or not piece.isalpha() or rng.random() > 0.08:
            continue
        at = rng.randrange(1, len(piece) - 1)
        pieces[i] = rng.choice((piece[:at] + piece[at + 1 :], piece[:at] + piece[at + 1] + piece[at] + piece[at + 2 :]))
    told_so = " ".join(pieces)
    return told_so.rstrip("?.") if rng.random() < 0.4 else told_so
