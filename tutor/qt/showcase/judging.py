"""The review window with pretend answers: a pair to judge, half of it rated, and the end with two reviewers."""

import tempfile
from pathlib import Path

from PySide6.QtWidgets import QWidget

from tutor.qt.review.window import ReviewWindow
from tutor.workshop.review.judgements import LEFT, RIGHT, SAME, Desk, Ratings
from tutor.workshop.review.sample import Answer, Line, pair

BEFORE = (
    Line(role="user", content="can you do 7/8 - 1/4 pls"),
    Line(role="assistant", content="Have a go first. What could both fractions be written in?"),
    Line(role="user", content="quarters?"),
)
ANSWERS = (
    Answer(text="Close. Which of the two denominators can both fractions be written in?", source="one.gguf"),
    Answer(text="Not quite. Write $\\frac{1}{4}$ as $\\frac{2}{8}$. What do you get?", source="two.gguf"),
)
PAIRS = [
    pair((*BEFORE[:2], Line(role="user", content=words)), *ANSWERS)
    for words in ("quarters?", "is it eighths", "no idea")
]


def pair_to_judge(_: object) -> QWidget:
    """The second of three pairs, its left answer rated."""
    desk = _desk("Ann")
    desk.judge(PAIRS[0], LEFT, Ratings(accurate=2), Ratings())
    window = _shown(desk)
    for rating, value in zip(window.page.left.ratings.values(), (2, 1, None), strict=True):
        rating.choose(value)
    return window


def judged(_: object) -> QWidget:
    """All judged, by two people."""
    first = _desk("Ann")
    second = Desk(PAIRS, first.folder, "Ben")
    for one, ours, theirs in zip(PAIRS, (LEFT, RIGHT, SAME), (LEFT, RIGHT, LEFT), strict=True):
        second.judge(one, theirs, Ratings(accurate=2, kind=2, level=1), Ratings(accurate=1, kind=2, level=1))
        first.judge(one, ours, Ratings(accurate=2, kind=2, level=1), Ratings(accurate=1, kind=2, level=2))
    return _shown(first)


def _desk(reviewer: str) -> Desk:
    return Desk(PAIRS, Path(tempfile.mkdtemp(prefix="tutor-judged-")), reviewer)


def _shown(desk: Desk) -> ReviewWindow:
    window = ReviewWindow(desk)
    window.show()
    return window
