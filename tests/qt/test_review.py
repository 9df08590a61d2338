"""The review window: keys judge, ratings are kept, the last one comes back, every state says what it is."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tutor.qt.review.window import ReviewWindow
from tutor.workshop.review import judgements, sample
from tutor.workshop.review.judgements import Desk, Ratings
from tutor.workshop.review.sample import Answer, Line, Pair

KEYS = {"1": Qt.Key.Key_1, "2": Qt.Key.Key_2, "0": Qt.Key.Key_0}


def pairs(n: int = 3) -> list[Pair]:
    before = (Line(role="user", content="What is 3/4 + 1/8?"),)
    return [
        sample.pair(before, Answer(text=f"Try it first. {i}", source="one"), Answer(text=f"7/8. {i}", source="two"))
        for i in range(n)
    ]


def opened(qtbot: QtBot, desk: Desk) -> ReviewWindow:
    window = ReviewWindow(desk)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    return window


def words(widget: QWidget) -> str:
    return "\n".join(found.text() for found in widget.findChildren(QLabel) if found.isVisible())


@pytest.mark.parametrize("key", ["1", "2", "0"])
def test_a_key_judges_and_shows_the_next_pair(qtbot: QtBot, tmp_path: Path, key: str) -> None:
    every = pairs()
    window = opened(qtbot, Desk(every, tmp_path, "Ann"))
    assert window.page.left.view.written == every[0].shown("Ann")[0]
    qtbot.keyClick(window, KEYS[key])
    (stored,) = judgements.read(judgements.file_of(tmp_path, "Ann"))
    shown = {"1": 0, "2": 1}.get(key)
    if shown is None:
        assert stored.better == 0
    else:
        assert every[0].answers[stored.better - 1].text == every[0].shown("Ann")[shown]
    assert window.page.left.view.written == every[1].shown("Ann")[0]
    assert window.progress.value() == 1


def test_ratings_are_stored_for_the_answer_that_was_rated_and_start_empty(qtbot: QtBot, tmp_path: Path) -> None:
    every = pairs()
    window = opened(qtbot, Desk(every, tmp_path, "Ann"))
    rating = window.page.left.ratings["kind"]
    qtbot.mouseClick(rating.chips[0], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(rating.chips[2], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(window.page.second, Qt.MouseButton.LeftButton)
    (stored,) = judgements.read(judgements.file_of(tmp_path, "Ann"))
    left = stored.second if stored.turned else stored.first
    assert left == Ratings(kind=2)
    assert window.page.left.rated() == Ratings()


def test_the_last_judgement_comes_back_with_its_ratings(qtbot: QtBot, tmp_path: Path) -> None:
    every = pairs()
    window = opened(qtbot, Desk(every, tmp_path, "Ann"))
    assert not window.back.isEnabled()
    qtbot.mouseClick(window.page.left.ratings["level"].chips[1], Qt.MouseButton.LeftButton)
    qtbot.keyClick(window, Qt.Key.Key_2)
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.page.left.view.written == every[0].shown("Ann")[0]
    assert window.page.left.rated() == Ratings(level=1)
    assert not judgements.read(judgements.file_of(tmp_path, "Ann"))


def test_it_goes_on_where_the_reviewer_stopped_and_ends_with_thanks(qtbot: QtBot, tmp_path: Path) -> None:
    every = pairs()
    Desk(every, tmp_path, "Ann").judge(every[0], 1, Ratings(), Ratings())
    window = opened(qtbot, Desk(every, tmp_path, "Ann"))
    assert window.page.left.view.written == every[1].shown("Ann")[0]
    qtbot.keyClick(window, Qt.Key.Key_0)
    qtbot.keyClick(window, Qt.Key.Key_0)
    assert "That was the last one" in words(window)
    assert "second person" in words(window)
    qtbot.keyClick(window, Qt.Key.Key_1)  # nothing left to judge
    assert len(judgements.read(judgements.file_of(tmp_path, "Ann"))) == 3


def test_with_two_reviewers_the_end_says_how_far_they_agree(qtbot: QtBot, tmp_path: Path) -> None:
    every = pairs(4)
    for name in ("Ann", "Ben"):
        desk = Desk(every, tmp_path, name)
        for i, pair in enumerate(every):
            better = (i % 2) + 1
            desk.judge(pair, 3 - better if pair.turned(name) else better, Ratings(), Ratings())
    window = opened(qtbot, Desk(every, tmp_path, "Ann"))
    assert "Which answer is better? 1.00 (dependable)" in words(window)


def test_an_empty_sample_says_what_to_do(qtbot: QtBot, tmp_path: Path) -> None:
    window = opened(qtbot, Desk([], tmp_path, "Ann"))
    assert "nothing to judge" in words(window)
    assert "tutor workshop review" in words(window)


def test_where_storing_fails_the_pair_stays_and_the_reason_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    every = pairs()
    window = opened(qtbot, Desk(every, tmp_path / "out", "Ann"))
    (tmp_path / "out").write_text("a file where the folder should be", encoding="utf-8")
    qtbot.keyClick(window, Qt.Key.Key_1)
    assert "could not be stored" in words(window)
    assert window.page.left.view.written == every[0].shown("Ann")[0]
    (tmp_path / "out").unlink()
    qtbot.keyClick(window, Qt.Key.Key_1)
    assert "could not be stored" not in words(window)
    assert window.page.left.view.written == every[1].shown("Ann")[0]


def test_nothing_on_the_page_tells_which_model_it_was(qtbot: QtBot, tmp_path: Path) -> None:
    before = (Line(role="user", content="Hello"),)
    pair = sample.pair(before, Answer(text="Hi.", source="model-A"), Answer(text="Hello.", source="model-B"))
    window = opened(qtbot, Desk([pair], tmp_path, "Ann"))
    everything = words(window) + "".join(
        f"{w.toolTip()} {w.accessibleName()} {w.accessibleDescription()}" for w in window.findChildren(QWidget)
    )
    assert "model-" not in everything


def test_every_button_has_a_name_of_its_own(qtbot: QtBot, tmp_path: Path) -> None:
    window = opened(qtbot, Desk(pairs(), tmp_path, "Ann"))
    named = [b.accessibleName() or b.text() for b in window.findChildren(QAbstractButton) if b.isVisible()]
    assert all(named)
    assert len(set(named)) == len(named)


def test_in_a_narrow_window_the_answers_stand_below_each_other(qtbot: QtBot, tmp_path: Path) -> None:
    window = opened(qtbot, Desk(pairs(), tmp_path, "Ann"))
    page = window.page
    assert page.right.geometry().left() > page.left.geometry().right()
    window.resize(560, 800)
    qtbot.waitUntil(lambda: page.right.geometry().top() > page.left.geometry().bottom())


def test_where_there_is_little_room_the_choices_are_short_but_named_in_full(qtbot: QtBot, tmp_path: Path) -> None:
    window = opened(qtbot, Desk(pairs(), tmp_path, "Ann"))
    assert "better" in window.page.first.text()
    window.resize(500, 700)
    assert window.page.first.text() == "1   Answer 1"
    assert "better" in window.page.first.accessibleName()
