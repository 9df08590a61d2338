"""How a reply that asks for a try names the problem: whole or not at all, and no other.

A small tutor that copies the problem into its invitation leaves a part out now and then, or takes up another one. Its
own words around the problem are few, so what is foreign to them shows.
"""

import re
from typing import Final

_WORDS: Final = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+(?:[.,:/]\d+)*|[^\w\s,.?!;:'\"]|_+")
_WORD: Final = re.compile(r"\S+")
_STRANGE: Final = re.compile(r"\n|\?[.?]|[.,:;][,:;?]|[^.?!]$")
_ASKS: Final = re.compile(
    r"(?:how|what|when|where|which|who|why|is|are|do|does|did|can|could|by how|at what)\b", re.IGNORECASE
)
_TASK: Final = re.compile(
    r"(?:simplify|round|increase|decrease|compare|share|find|write|work|convert|divide|list|solve|expand|put|order)\b",
    re.IGNORECASE,
)
_OF_NUMBERS: Final = re.compile(
    r"^(?:is|are) \S*\d|\b(?:from|after|before|between|of|into) \d|\b(?:prime|factors?|multiples?)\b", re.IGNORECASE
)
"""A question that no story asks."""
_WANTS_THE: Final = re.compile(
    r"(?:mean|median|mode|range|area|perimeter|change|next|missing|side|HCF|LCM|factors|multiples|first|prime|primes|total"
    r"|circumference|volume|difference|product)\b"
)
_NOT_BEFORE_A_TASK: Final = frozenset({"the", "for", "at", "with", "start", "begin", "of", "on", "see", "think", "do"})
_AFTER_COLON: Final = re.compile(
    r":\s*(?:which|how (?:would|could)|what (?:is|would|might|could)|a try)\b", re.IGNORECASE
)
_INVITING: Final = frozenset(
    """
    a about add all already and any are as ask asking at away be because before begin bit brave build but by can can't
    check closer comes could do doesn't done down easy enough even every everyone far find fine first for from get gets
    give go going good great guess had happens happy have hear help helps hint hints how i i'd i'll i'm idea ideas in is
    it it's just know last let's like look looks may me met might moment more multiply my next not notice now number
    numbers of on once one or our out own paper part parts pencil picture practise problem put question quicker read
    ready right roughly rule same say see share show side small so start stay step steps sticks still story sum take
    tell telling than that that's the then there thing think thinking this time to together tried try trying us use very
    want way we we'll what what's where which whoever why will with won't work working would write wrong yes yet you
    you'd you've your yours yourself
    """.split()  # noqa: SIM905 - a list of words reads better than one of strings
)
"""The words of an invitation. A test holds the workshop's own to them."""
_BEGUN: Final = 3
"""Words without a digit by which one sees that the problem was begun; behind a colon one less."""


def rest(said: str, comes: str, problem: str) -> str:
    """What is still to be put down of a problem with the beginning of which a reply ends; "" where it does not.

    `said`: the reply so far; `comes`: what would be said next, "" for its end.
    """
    if comes[:1].isalnum() or (comes and comes[0] in "'’/%°²³^"):
        return ""  # in the middle of a word or a number
    text = said.rstrip()
    low, wanted = text.lower(), problem.lower()
    for word in list(_WORD.finditer(problem))[-2::-1]:
        begun = wanted[: word.end()]
        before = low[: -len(begun)]
        if low.endswith(begun) and not before[-1:].isalnum() and _tells(begun, before):
            return problem[word.end() :]
    return ""


def _tells(begun: str, before: str) -> bool:
    """Whether so much is the beginning of the problem and not just the same words."""
    count = len(begun.split())
    return any(c.isdigit() for c in begun) or count >= _BEGUN - before.rstrip().endswith(":")


def shape(problem: str) -> str:
    """term | task | question: `12 × 7` and "the mean of 3 and 5", "round 3.4", "How many are left?"."""
    if problem.rstrip().endswith("?") or _ASKS.match(problem):
        return "question"
    return "task" if _TASK.match(problem) else "term"


def named(problem: str) -> str:
    """A term as it stands in a sentence: `12 × 7`, "the mean of 3 and 5"."""
    return f"the {problem}" if _WANTS_THE.match(problem) else problem


def fits(reply: str, problem: str) -> bool:
    """Whether a reply names the problem whole, once or not at all, and says nothing foreign to an invitation."""
    if _STRANGE.search(reply.strip()) or ("story" in reply and not _told(problem)):
        return False
    there, whole = _words(reply), _words(problem)
    at = next((i for i in range(len(there) - len(whole) + 1) if whole and there[i : i + len(whole)] == whole), -1)
    if at >= 0:
        if not _may_stand(reply, problem, there[at - 1] if at else ""):
            return False
        there = [*there[:at], *there[at + len(whole) :]]
    elif ":" in reply and not _AFTER_COLON.search(reply):
        return False
    return bool(there) and all(word in _INVITING for word in there)


def _told(problem: str) -> bool:
    """Whether a problem may be what a story asks."""
    return shape(problem) == "question" and _OF_NUMBERS.search(problem) is None


def _may_stand(reply: str, problem: str, before: str) -> bool:
    """Whether the sentence can hold the problem as it is put: "how many are left" stands alone, "round 3" is done."""
    kind = shape(problem)
    if re.search(rf"{re.escape(problem)} [A-Z]", reply) and problem[-1:] not in ".?!":
        return False  # the full stop is missing
    if kind == "task":
        return before not in _NOT_BEFORE_A_TASK
    at = reply.lower().find(problem.lower().rstrip(" ?.")[:12])
    return kind == "term" or at <= 0 or reply[:at].rstrip()[-1:] in ".:?!"


def _words(text: str) -> list[str]:
    return _WORDS.findall(text.lower().replace("’", "'"))
