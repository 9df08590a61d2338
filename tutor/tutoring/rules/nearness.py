"""How near a sentence is to a topic, in words that the topic's own words do not tell.

A small logistic rule over likenesses that the encoder gives: of the sentence and of its words to the topic, put in
several ways, against its likeness to what lessons speak about anyway. Fitted by `python -m tutor.bench.rules_fit` on
topics and sentences that the check was tuned on.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from tutor.tutoring.rules.sight import Encode
from tutor.tutoring.rules.texts import LITTLE, plain_words

Rows = npt.NDArray[np.float64]
FILE: Final = Path(__file__).with_name("nearness.npz")
NEAR: Final = -0.6
"""Score (log-odds) from which a sentence speaks about a topic: about 1 in 100 of ordinary sentences has it."""
BACKED: Final = -3.0
"""The same where another form of the topic's word stands in it: `dating` in a topic, "date" in a sentence."""
_FORMS: Final = ("{}", "talking about {}", "a story about {}", "words for {}")
"""To the encoder a bare word and talk about it differ."""
_LESSONS: Final = (
    "a sum or a fraction", "measuring length and weight", "shapes and angles", "money and prices", "time and dates",
    "reading and writing", "spelling and grammar", "plants and animals", "the weather", "food and cooking",
    "school and homework", "the body", "maps and countries", "water and materials", "light, sound and electricity",
    "people in a story", "games and puzzles", "a house and its rooms", "travelling", "colours and pictures",
)  # fmt: skip
"""What lessons speak about anyway."""
_WORDS_MOST: Final = 24
_WORD_LEAST: Final = 3


def score(text: str, parts: Sequence[str], encode: Encode) -> list[float]:
    """Log-odds that a sentence speaks about each part of a topic."""
    weights = _weights()
    return [float(row @ weights[:-1] + weights[-1]) for row in features(text, parts, encode)]


def features(text: str, parts: Sequence[str], encode: Encode) -> Rows:
    """One row a part: likenesses of the sentence to the part's forms, to lessons' matter, and of its words to it."""
    words = [
        w for w in dict.fromkeys(plain_words(text)) if w not in LITTLE and w[0].isalpha() and len(w) >= _WORD_LEAST
    ]
    words = words[:_WORDS_MOST] or [text]
    forms = [form.format(part) for part in parts for form in _FORMS]
    lessons = [f"talking about {one}" for one in _LESSONS]
    rows = np.asarray(encode((text, *words, *forms, *lessons)), dtype=np.float64)
    said, of_words = rows[0], rows[1 : 1 + len(words)]
    of_forms = rows[1 + len(words) : 1 + len(words) + len(forms)].reshape(len(parts), len(_FORMS), -1)
    usual = np.sort(rows[-len(lessons) :] @ said)[::-1]
    found = []
    for one in of_forms:
        near = np.sort(of_words @ one[0])[::-1]
        second = near[1] if len(near) > 1 else near[0] / 2
        found.append([*(one @ said), usual[0], usual[:3].mean(), near[0], second, near.mean()])
    return np.array(found)


@cache
def _weights() -> Rows:
    with np.load(FILE) as data:
        weights: Rows = data["weights"].astype(np.float64)
    return weights
