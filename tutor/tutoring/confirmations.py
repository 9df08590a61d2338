"""What a reply says that confirms an attempt: that it is right, steps as they stand, and little else.

A small tutor slips here now and then: it says another number of the problem to be right, half of a mixed number, a
unit that is none. Its own words around attempt and steps are few, so what is foreign to them shows.
"""

import re
from typing import Final

from tutor.tutoring import brief
from tutor.tutoring.passing_on import SAID, foreign, without

_SAYS_RIGHT: Final = re.compile(r"\b(?:yes|right|correct|exactly|spot on|well done|got it|found it)\b", re.IGNORECASE)
_STRANGE: Final = re.compile(rf"\n|\?[.?]|[.,:;][,.:;?]|:(?! {SAID})|{SAID}(?: ?{SAID})+|[^.?!]$")
_CONFIRMING: Final = frozenset(
    """
    a all and another can check checks correct could did do done exactly first fit fits for found friend go goes good
    got great harder helped here holds how i is it it's job last like most next nice now of on one out ready right see
    shall spot step steps teach thank that that's the then there this to together try want was way we well what which
    work worked working would yes you your yourself you've
    """.split()  # noqa: SIM905 - a list of words reads better than one of strings
) | {SAID}
"""The words of a confirmation, and what is marked. A test holds the workshop's own to them."""


def fits(reply: str, notes: str) -> bool:
    """Whether a reply calls the attempt right and says nothing else but steps of the notes, each of them once."""
    attempt = brief.attempted(notes)
    if not attempt or _SAYS_RIGHT.search(reply) is None:
        return False
    rest = reply.replace("’", "'")
    for step in sorted(dict.fromkeys(brief.steps(notes)), key=len, reverse=True):
        rest = without(rest, step, SAID)
    for said in sorted({attempt, brief.noted(notes, "Answer")}, key=len, reverse=True):
        rest = without(rest, said, SAID)
    return _STRANGE.search(rest.strip()) is None and not foreign(rest.lower(), _CONFIRMING)
