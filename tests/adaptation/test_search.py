"""The search tries what there is time for, keeps what is best, and does nothing twice."""

from pathlib import Path

import msgspec
import pytest

from tutor.adaptation.training import search
from tutor.adaptation.training.loop import Outcome
from tutor.adaptation.training.settings import Settings

SETTINGS = Settings(rate=1e-3, epochs=10)


class Trying:
    """Trainings that take no time: a rate of 2e-3 answers most, and every epoch takes a second of the fake clock."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, best: float = 2e-3) -> None:
        self.trained: list[float] = []
        self.asked: list[str] = []
        self._best, self._now = best, 0.0
        monkeypatch.setattr(search.time, "monotonic", lambda: self._now)

    def train(self, settings: Settings, folder: Path, key: str) -> Outcome:
        self.trained.append(settings.rate)
        self._now += settings.epochs
        (folder / "adapter").write_text(str(settings.rate))
        return Outcome(
            steps=1, epochs=settings.epochs, loss=0.1, held_out=settings.rate, best_epoch=1, kept=0.0, curve=()
        )

    def answered(self, folder: Path) -> float:
        rate = float((folder / "adapter").read_text())
        self.asked.append(folder.name)
        return 1.0 if rate == self._best else 0.5


def test_the_best_by_free_answers_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tries = Trying(monkeypatch)
    found, outcome, tried = search.best(tries.train, tries.answered, SETTINGS, tmp_path, key="k", minutes=60)
    assert (found / "adapter").read_text() == "0.002"
    assert outcome.held_out == 2e-3
    assert len(tried) == len(search.FACTORS) == len(tries.trained)


def test_among_equals_the_smaller_held_out_loss_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tries = Trying(monkeypatch, best=0.0)
    found, outcome, _ = search.best(tries.train, tries.answered, SETTINGS, tmp_path, key="k", minutes=60)
    assert outcome.held_out == min(tries.trained)
    assert float((found / "adapter").read_text()) == min(tries.trained)


def test_no_try_is_begun_for_which_there_is_no_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tries = Trying(monkeypatch)
    _, _, tried = search.best(tries.train, tries.answered, SETTINGS, tmp_path, key="k", minutes=22 / 60)
    assert [one.rate for one in tried] == [1e-3, 2e-3], "ten seconds each; a third one would end after 22"
    one = Trying(monkeypatch)
    _, _, tried = search.best(one.train, one.answered, SETTINGS, tmp_path / "b", key="k", minutes=0)
    assert [t.rate for t in tried] == [1e-3], "the given settings are always tried"


def test_what_was_tried_before_a_kill_is_not_tried_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first = Trying(monkeypatch)
    search.best(first.train, first.answered, SETTINGS, tmp_path, key="k", minutes=60)
    again = Trying(monkeypatch)
    found, _, tried = search.best(again.train, again.answered, SETTINGS, tmp_path, key="k", minutes=60)
    assert not again.trained and not again.asked
    assert len(tried) == len(search.FACTORS) and (found / "adapter").read_text() == "0.002"
    other = Trying(monkeypatch)
    search.best(other.train, other.answered, SETTINGS, tmp_path, key="another", minutes=0)
    assert other.trained == [1e-3]


def test_every_try_differs_in_rate_or_epochs() -> None:
    seen = {(s.rate, s.epochs) for s in search.variants(SETTINGS)}
    assert len(seen) == len(search.FACTORS)
    assert all(msgspec.structs.replace(s, rate=1e-3, epochs=10) == SETTINGS for s in search.variants(SETTINGS))
