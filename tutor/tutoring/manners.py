"""Number words that count nothing: "one thing first", "no one", "one of these", "the two numbers".

Only spelt words that are plainly a manner of speaking are taken out of a text before its numbers are read. What the
problem itself counts stays, and so does what is stated as a result: where it is unclear, a number is a number.
"""

import re
from typing import Final

_COUNTS: Final = "one|two|three|four|five|six|seven|eight|nine|ten"
_COUNTED: Final = re.compile(rf"\b(?:{_COUNTS}|ones)\b")
_STATED: Final = re.compile(
    r"(?:\b(?:answer|result|total|solution|it|you|that|this|which|they|we|i|sum|difference)(?: just| only| now)?"
    r"(?:'s|'re| is| are| was| will be| makes?| equals?| leaves?| gives?| gets?| got| have| has|:)"
    r"|=|\b(?:makes?|equals?|leaves?|gives?|left with|comes to|answer:?))"
    r"(?: you| us)?(?: just| exactly| only| about)? ?$"
)
_THERE: Final = re.compile(r"\b(?:there(?:'s| is| are)|here(?:'s| is| are)) (?:just |only |at least )?$")
_POINTED_AT: Final = re.compile(r"\b(?:that|this)(?:'s| is) (?:just |only )?$")
_NO_RESULT: Final = frozenset({"thing", "way", "idea", "hint", "clue", "tip", "trick", "example", "reason", "method"})
_THINGS: Final = (
    r"thing|step|way|idea|hint|clue|try|tries|go|goes|look|tip|method|chance|attempt|reason|mistake|slip|example"
    r"|guess|guesses|question|moment|suggestion|rule|trick|bit"
)
"""What a tutor counts when it speaks about the work, never about the sum."""
_OF_A_SUM: Final = (
    r"number|fraction|digit|side|column|part|half|halves|sum|line|word|sentence|term|amount|value|price|length|decimal"
    r"|shape|angle|ratio|time|unit|bottom|top|distance|weight"
)
_SAYING: Final = re.compile(
    r"\bno one\b(?! (?:more|less|left))|\b(?:any|every|each|some) one\b(?! (?:more|less|left))"
    r"|\bone another\b|\bone by one\b|\bone after (?:the other|another)\b|\bone (?:\w+ )?at a time\b|\bin one go\b"
    r"|\bone (?:more|last|final|first) (?:time|thing|step|try|go|look|hint|clue|question|chance|moment)\b"
    r"|\bone moment\b|\b(?:wait|give me) (?:just )?one (?:second|sec|minute)\b|\bfor one thing\b"
    r"|\bone of (?:the(?:se|m|ir)?|those|your|my|our|its|us)\b(?! \w+ (?:is|are) left\b)(?! (?:is|are)? ?left\b)"
    r"|\b(?:good|great|nice|hard|easy|tricky|tough|small|big|short|long|right|wrong|same|new|old|other|whole|first|second"
    r"|third|next|last|fun|fair|easier|harder|smaller|bigger|larger|shorter|longer|similar|different) ones?\b"
    r"(?! ?(?:plus|times|add|minus|take|divided|over|half|third|quarter|hundred|thousand|more|less|[-+*/×÷=%:\d]))"
)
_THINGS_COUNTED: Final = re.compile(
    rf"\b(?P<count>{_COUNTS}) (?:(?:small|little|simple|quick|short|good|easy|different|other|more) )?"
    rf"(?P<noun>{_THINGS})s?\b(?!-)"
)
_STEP_NAMED: Final = re.compile(
    rf"\b(?P<noun>step|part|hint|question|example|rule) (?P<count>{_COUNTS})\b(?! ?[-+*/×÷=])"
)
_NUMBERS_COUNTED: Final = re.compile(
    rf"\b(?:the|both|these|those|your|our|all|its) (?P<count>{_COUNTS}) (?:(?:\w+) )?(?P<noun>{_OF_A_SUM})s?\b(?!-)"
)


def without(text: str, question: str) -> str:
    """A text without number words that are manners of speaking. `question`: of the problem, whose own things count."""
    low = text.lower().replace("’", "'")
    if len(low) != len(text) or not _COUNTED.search(low):
        return text
    counted = question.lower()
    spans = [m.span() for m in _SAYING.finditer(low)]
    spans += [m.span() for m in _THINGS_COUNTED.finditer(low) if _thing(low, m, counted)]
    for pattern in (_STEP_NAMED, _NUMBERS_COUNTED):
        spans += [m.span() for m in pattern.finditer(low) if not _asked(m["noun"], counted) and not _stated(low, m)]
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]} ; {text[end:]}"
    return text


def _thing(low: str, match: re.Match[str], question: str) -> bool:
    """A thing of the work, which the problem does not count, and no result: "it is two steps" may be one."""
    return not _asked(match["noun"], question) and (not _stated(low, match) or _there(low, match))


def _there(low: str, match: re.Match[str]) -> bool:
    """ "There are two steps", "that is one way"."""
    before = low[: match.start()]
    if _THERE.search(before):
        return True
    return match["count"] == "one" and match["noun"] in _NO_RESULT and _POINTED_AT.search(before) is not None


def _stated(low: str, match: re.Match[str]) -> bool:
    return _STATED.search(low[: match.start()]) is not None


def _asked(noun: str, question: str) -> bool:
    """Whether the problem speaks of such things itself."""
    return re.search(rf"\b{re.escape(noun.rstrip('s')[:5])}", question) is not None
