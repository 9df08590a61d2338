"""What a reply says around the line that it passes on: a few words that lead up to it, and a few after it.

A small tutor that leads up to a hint begins another one now and then, or runs two sentences into one. Its own words
around a line are few, so what is foreign to them shows.
"""

import re
from typing import Final

from tutor.tutoring.passing_on import BEGUN, SAID, foreign, without

_ATTEMPT: Final = "\N{WHITE SQUARE}"
_STRANGE: Final = re.compile(rf"\n|\?[.?]|[.,:;] ?[.,:;]|:(?! [{SAID}{_ATTEMPT}])|[^.?!{SAID}]$")
_AROUND: Final = frozenset(
    """
    a about again all and another answer apart are as ask at back be begin being bit build but by can can't check closer
    clue could do does doesn't don't done down easier effort far find fine first fit for further get give go going good
    guess happens happy hard have having help helps here here's hint hmm how i i'd i'm idea if in into is isn't it it's
    just keep know learners learning let's like little look lot made make many may me mind more my never next nice no
    not notice now of often on one out own part people picture practise problem question quite rather read right rush
    say see set shall showing skill slip slowly small smaller so something sound start started starts step steps stick
    story stuck sum sure take team tell telling tells tempting than thank thanks that that's the then there thing think
    thinking this though time tip to today together try trying turn underline up us use useful want way we well what
    when where which with won't words work worked working works worry worth would write yes yet you you're you've your
    yourself
    """.split()  # noqa: SIM905 - a list of words reads better than one of strings
) | {SAID, _ATTEMPT}
"""The words around a line, and what is marked. A test holds the workshop's own to them."""


def fits(reply: str, line: str, attempt: str = "") -> bool:
    """Whether a reply says the line, and nothing that is foreign around it. `attempt`: the learner's, "" for none."""
    around = _around(reply, line, attempt).strip()
    return SAID in around and _STRANGE.search(around) is None and not foreign(around, _AROUND)


def astray(said: str, line: str, attempt: str = "") -> bool:
    """Whether an unfinished reply holds foreign words already that are not the beginning of the line."""
    words = _around(said, line, attempt).split()[:-BEGUN]
    return foreign(" ".join(words), _AROUND)


def _around(reply: str, line: str, attempt: str) -> str:
    text = without(reply.replace("’", "'"), line.replace("’", "'").removesuffix("."), SAID)
    return (without(text, attempt, _ATTEMPT) if attempt else text).lower()
