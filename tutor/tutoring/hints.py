"""Graded hints in words: first a way in, then the method with this problem's numbers, then the step before the answer.

No hint holds the answer: `graded` puts a plain sentence in place of any hint in which the answer's number would stand.
"""

import zlib
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final

from tutor.i18n import tr
from tutor.tutoring import reading, reveals
from tutor.tutoring.hint_wordings import OPERATIONS
from tutor.tutoring.hint_wordings_more import BEYOND
from tutor.tutoring.hint_wordings_topics import TOPICS

PLAIN: Final[tuple[str, ...]] = (
    "Read the problem again slowly and say in your own words what it asks for.",
    "Think of an easier problem of the same kind and how you would start it.",
    "Write your working down line by line, and check each line before the next.",
)
"""Hints that fit every problem and hold no number."""

BANK: Final = OPERATIONS | BEYOND | TOPICS


def graded(
    topic: str, question: str, answers: Sequence[Fraction], given: Iterable[Fraction] = (), **words: object
) -> tuple[str, ...]:
    """Three hints for a problem. `answers`: numbers that must not stand in a hint unless they are `given` numbers.

    The choice between the wordings depends on the question alone, so the same problem always has the same hints.
    """
    seed = zlib.crc32(question.encode())
    wanted = {v for answer in answers for v in (answer, abs(answer), answer * 100, answer / 100)}
    known = {abs(v) for v in given}
    chosen = []
    for rung, wordings in enumerate(BANK[topic]):
        start = seed // (7**rung) % len(wordings)
        turned = wordings[start:] + wordings[:start]
        texts = (tr(w, question=question, **words) for w in turned)
        fitting = (t for t in texts if not reveals.gives_away(reading.plain(t), wanted, known))
        chosen.append(next(fitting, tr(PLAIN[rung])))
    return tuple(chosen)
