"""How a learner's words sound, by the Tutor mood words: a small list of ours, weighed and summed, without a model.

Each known word has a weight from -2 to 2; "not" before it turns it, "very" makes it stronger. The sum s becomes
s / sqrt(s² + 15), as in VADER (Hutto & Gilbert, 2014), so that it stays within -1 and 1. It is a rough figure for a
whole class over weeks, never a judgement of one child: only the number is kept, and most messages have none.
"""

import math
import re
from typing import Final

_WEIGHTS: Final = {
    2.0: "love loved loving awesome amazing brilliant fantastic excellent wonderful yay hooray woohoo proud "
    "delighted best thrilled",
    1.0: "good great nice thanks thank thx ty cool fun happy glad like liked enjoy enjoyed enjoying helpful helped "
    "easy easier interesting clever smart understand understood yes yep yeah cheers perfect better neat sweet kind "
    "ready excited finally lol haha hehe wow sure",
    -1.0: "hard harder difficult confusing confused stuck lost boring bored tired annoying annoyed slow worse wrong "
    "bad sad worried nervous unsure ugh hmm meh argh tricky silly pointless unfair lonely dull struggle struggling "
    "sorry impossible forget forgot",
    -2.0: "hate hated hating stupid dumb terrible horrible awful worst angry furious upset scared afraid crying cry "
    "useless rubbish idiot miserable hopeless unhappy sucks trash",
}  # fmt: skip
WEIGHT: Final = {word: weight for weight, words in _WEIGHTS.items() for word in words.split()}
_TURNS: Final = frozenset({"not", "no", "never", "dont", "cant", "isnt", "wasnt", "didnt", "doesnt", "arent", "wont"})
_STRONGER: Final = frozenset({"very", "really", "so", "super", "too", "extremely", "totally"})
_REACH: Final = 3
"""Words before a weighed one that may turn it."""
_TURNED: Final = -0.74
_RAISED: Final = 0.3
_ALPHA: Final = 15.0
_MOST: Final = 2_000
"""Characters that are read; what is pasted is not a mood."""
_WORD: Final = re.compile(r"[a-z]+")


def mood(text: str) -> float | None:
    """From -1 (low) to 1 (glad); None where none of the words is known, as in most messages and other languages."""
    words = _WORD.findall(text[:_MOST].lower().replace("'", "").replace("’", ""))
    total, known = 0.0, False
    for at, word in enumerate(words):
        weight = WEIGHT.get(word)
        if weight is None:
            continue
        known = True
        before = words[max(0, at - _REACH) : at]
        if before and before[-1] in _STRONGER:
            weight += math.copysign(_RAISED, weight)
        if _TURNS.intersection(before):
            weight *= _TURNED
        total += weight
    return total / math.sqrt(total * total + _ALPHA) if known else None
