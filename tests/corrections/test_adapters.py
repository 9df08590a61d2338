"""What a teacher does with adapters: train, use, go back, hand on, take in; and what erasing a learner leaves."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import adapter_files
import pytest

from tutor.adaptation import protocol as p
from tutor.bench import shapes
from tutor.corrections import queue
from tutor.corrections.adapters import ADAPTER, LEDGER, Adapters, report_of, summary
from tutor.corrections.training import Training
from tutor.domain import AdapterState, AgeBand, Correction, CorrectionStatus, Learner
from tutor.errors import UserError
from tutor.store import Store

TRAINER = Path(__file__).with_name("saying_trainer.py")
PLANNED = {
    "type": "planned", "corrections": 1, "steps": 9, "memory": 1, "memory_free": 2, "disk": 1, "disk_free": 2,
    "minutes": 1.0,
}  # fmt: skip
FIGURES = {"right_adapter": 0.95, "held_adapter": 0.8, "gain": 0.9}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shapes.speaking_model(tmp_path_factory.mktemp("models") / "speaking.gguf", ["Good try."])


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(None) as opened:
        yield opened


def _accepted(store: Store, question: str = "When does it open?", learner: Learner | None = None) -> Correction:
    made = store.propose_correction(question, "At nine.", learner_id=learner.id if learner else None)
    store.keep_check(made, made, True, ())
    return store.decide(made.id, CorrectionStatus.ACCEPTED, by="teacher")


class Desk:
    """The registry over a trainer that says given events."""

    def __init__(self, store: Store, base: Path, folder: Path) -> None:
        self.store, self.base, self.folder = store, base, folder
        self.script = folder / "script.json"
        self.events: list[p.Event] = []
        self.changes = 0
        folder.mkdir(parents=True)
        self.file = adapter_files.write(folder / "trained.gguf", base)
        command = (sys.executable, str(TRAINER), str(self.script))
        self.adapters = Adapters(store, folder / "adapters", changed=self._changed, command=command)

    def _changed(self) -> None:
        self.changes += 1

    def says(self, *events: dict[str, Any]) -> None:
        self.script.write_text(json.dumps({"events": events, "adapter": str(self.file)}))

    def says_judged(self, *, promoted: bool = True, number: int = 1) -> None:
        report = str(self.folder / "adapters" / str(number))
        trained = {
            "type": "trained", "adapter": f"{report}/{ADAPTER}", "base_sha256": "b", "ledger_sha256": "l",
            "figures": {},
        }  # fmt: skip
        judged = {
            "type": "judged", "report": report, "figures": FIGURES, "promoted": promoted, "reasons": ["too many leaks"],
        }  # fmt: skip
        self.says(PLANNED, trained, judged)

    def train(self, **options: Any) -> Training:
        training = self.adapters.train(self.base, self.events.append, **options)
        assert training.wait(30)
        training.close()
        return training

    def job(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.script.with_suffix(".job").read_text())
        return found


@pytest.fixture
def desk(store: Store, base: Path, tmp_path: Path) -> Desk:
    return Desk(store, base, tmp_path / "desk")


def test_a_promoted_adapter_is_put_to_use_and_kept_with_its_report(desk: Desk) -> None:
    correction = _accepted(desk.store)
    desk.says_judged()
    desk.train(rank=8)
    (adapter,) = desk.adapters.all()
    assert (adapter.state, adapter.figures, desk.changes) == (AdapterState.ACTIVE, FIGURES, 1)
    assert desk.store.adapter_corrections(adapter.id) == (correction.id,)
    assert desk.job()["rank"] == 8 and "95 %" in summary(adapter)
    page = report_of(adapter)
    assert page is not None and page.read_text() == "the report"
    folder = desk.adapters.folder_of(adapter)
    assert not (folder / LEDGER).exists(), "the corrections' words are not kept twice"
    assert [type(event) for event in desk.events] == [p.Planned, p.Trained, p.Judged]


def test_one_that_is_not_promoted_is_kept_not_used_and_says_why(desk: Desk) -> None:
    _accepted(desk.store)
    desk.says_judged(promoted=False)
    desk.train()
    (adapter,) = desk.adapters.all()
    assert (adapter.state, adapter.why) == (AdapterState.JUDGED, "too many leaks")
    with pytest.raises(UserError, match="may not be used"):
        desk.adapters.use(adapter.id)


def test_without_an_accepted_correction_nothing_begins(desk: Desk) -> None:
    desk.store.propose_correction("When?", "At nine.")
    with pytest.raises(UserError, match="no accepted correction") as caught:
        desk.train()
    assert caught.value.code == "nothing" and desk.adapters.all() == ()


@pytest.mark.parametrize(
    ("last", "state"),
    [
        ({"type": "refused", "code": "memory", "message": "3 GB are needed"}, None),
        ({"type": "failed", "code": "bug", "message": "a mistake"}, AdapterState.FAILED),
    ],
)
def test_a_training_that_cannot_be_leaves_no_adapter(desk: Desk, last: dict[str, Any], state: AdapterState) -> None:
    _accepted(desk.store)
    desk.says(last)
    desk.train()
    assert [a.state for a in desk.adapters.all()] == ([state] if state else [])
    assert not list((desk.folder / "adapters").rglob(LEDGER))


@pytest.mark.parametrize("code", ["disk", "memory"])
def test_one_that_ran_out_of_room_goes_on_as_the_same_adapter(desk: Desk, code: str) -> None:
    _accepted(desk.store)
    desk.says(PLANNED, {"type": "failed", "code": code, "message": "make room, then it goes on where it was"})
    left = desk.train().adapter
    assert desk.store.adapter(left.id).state is AdapterState.TRAINING
    desk.says_judged()
    desk.train()
    assert [(a.id, a.state) for a in desk.adapters.all()] == [(left.id, AdapterState.ACTIVE)]


def test_a_dry_run_leaves_nothing(desk: Desk) -> None:
    _accepted(desk.store)
    desk.says(PLANNED)
    desk.train(dry_run=True)
    assert desk.job()["dry_run"] is True
    assert desk.adapters.all() == () and not list((desk.folder / "adapters").iterdir())


def test_a_plan_that_failed_and_a_disk_that_takes_nothing_leave_nothing(desk: Desk) -> None:
    _accepted(desk.store)
    desk.says({"type": "failed", "code": "died", "message": "ended from outside"})
    desk.train(dry_run=True)
    assert desk.adapters.all() == ()
    (desk.folder / "adapters").rmdir()
    (desk.folder / "adapters").write_text("no folder can be made here")
    with pytest.raises(UserError, match="could not be written"):
        desk.train()
    assert desk.adapters.all() == ()


def test_one_that_is_interrupted_goes_on_as_the_same_adapter(desk: Desk) -> None:
    _accepted(desk.store)
    desk.says(PLANNED, {"type": "wait"})
    training = desk.adapters.train(desk.base, desk.events.append)
    while not desk.events:
        assert not training.wait(0.05)
    training.close()
    (left,) = desk.adapters.all()
    assert left.state is AdapterState.TRAINING and "interrupted" in summary(left)
    desk.says_judged()
    desk.train()
    assert [(a.id, a.state) for a in desk.adapters.all()] == [(left.id, AdapterState.ACTIVE)]


def test_an_import_that_is_interrupted_goes_on_with_its_judgement(desk: Desk, base: Path, tmp_path: Path) -> None:
    _accepted(desk.store)
    handed = adapter_files.write(tmp_path / "handed.gguf", base)
    desk.says(PLANNED, {"type": "wait"})
    taken = desk.adapters.take_in(handed, base, desk.events.append)
    while not desk.events:
        assert not taken.wait(0.05)
    taken.close()
    (left,) = desk.adapters.all()
    assert left.state is AdapterState.TRAINING
    desk.says_judged()
    assert desk.adapters.go_on(left.id, desk.events.append).wait(30)
    (judged,) = desk.adapters.all()
    assert (judged.id, judged.state) == (left.id, AdapterState.ACTIVE)
    assert desk.job()["adapter"] == judged.file and Path(judged.file).read_bytes() == handed.read_bytes()


def test_going_on_judges_what_was_trained_and_trains_what_was_not(desk: Desk) -> None:
    _accepted(desk.store)
    desk.says(PLANNED, {"type": "wait"})
    training = desk.adapters.train(desk.base, desk.events.append)
    while not desk.events:
        assert not training.wait(0.05)
    training.close()
    (left,) = desk.adapters.all()
    desk.says(PLANNED, {"type": "failed", "code": "died", "message": "ended from outside"})
    assert desk.adapters.go_on(left.id, desk.events.append).wait(30)
    assert not desk.job().get("adapter"), "there is nothing to judge yet"
    (desk.adapters.folder_of(left) / ADAPTER).write_bytes(desk.file.read_bytes())
    _accepted(desk.store, "Where is it?")
    assert desk.adapters.go_on(left.id, desk.events.append).wait(30)
    assert not desk.job().get("adapter"), "what was trained knows less than is accepted now"
    desk.store.decide(2, CorrectionStatus.WITHDRAWN, by="teacher")
    desk.says_judged()
    assert desk.adapters.go_on(left.id, desk.events.append).wait(30)
    assert desk.job()["adapter"] and desk.store.adapter(left.id).state is AdapterState.ACTIVE


def test_an_adapter_is_stale_only_as_long_as_a_correction_is_gone(desk: Desk) -> None:
    one, other = _accepted(desk.store), _accepted(desk.store, "Where is it?")
    desk.says_judged()
    desk.train()

    def stale() -> bool:
        return desk.adapters.all()[0].stale

    desk.store.decide(one.id, CorrectionStatus.WITHDRAWN, by="teacher")
    desk.store.decide(other.id, CorrectionStatus.WITHDRAWN, by="teacher")
    assert stale()
    queue.undo(desk.store, one.id)
    assert stale(), "the other one is still gone"
    queue.undo(desk.store, other.id)
    assert not stale()
    desk.store.edit_correction(one.id, by="teacher", answer="At ten.")
    checked = desk.store.own_words(one.id)
    desk.store.keep_check(checked, checked, True, ())
    queue.accept(desk.store, one.id)
    assert stale(), "it says something else now"


def test_going_back_and_using_again(desk: Desk) -> None:
    _accepted(desk.store)
    desk.says_judged()
    desk.train()
    (adapter,) = desk.adapters.all()
    assert desk.adapters.back(desk.base) is None
    with pytest.raises(UserError, match="No adapter is in use"):
        desk.adapters.back(desk.base)
    assert desk.adapters.use(adapter.id).state is AdapterState.ACTIVE
    with pytest.raises(UserError, match="is in use"):
        desk.adapters.delete(adapter.id)
    desk.adapters.back(desk.base)
    desk.adapters.delete(adapter.id)
    assert desk.adapters.all() == () and not desk.adapters.folder_of(adapter).exists()


@pytest.mark.parametrize("damage", [lambda f: f.unlink(), lambda f: f.write_bytes(f.read_bytes()[:-8] + b"\x01" * 8)])
def test_a_file_that_is_gone_or_was_changed_is_not_used(desk: Desk, damage: Callable[[Path], Any]) -> None:
    _accepted(desk.store)
    desk.says_judged()
    desk.train()
    (adapter,) = desk.adapters.all()
    desk.adapters.back(desk.base)
    damage(Path(adapter.file))
    with pytest.raises(UserError) as caught:
        desk.adapters.use(adapter.id)
    assert caught.value.code == "adapter"
    assert desk.store.active_adapter(base=str(desk.base)) is None


def test_what_was_handed_on_is_checked_and_judged_again_where_it_arrives(
    desk: Desk, base: Path, tmp_path: Path
) -> None:
    _accepted(desk.store)
    desk.says_judged()
    desk.train()
    handed = desk.adapters.export(desk.adapters.all()[0].id, tmp_path)
    assert handed.read_bytes() == desk.file.read_bytes() and handed.parent == tmp_path
    with Store.open(None) as elsewhere:
        there = Desk(elsewhere, base, tmp_path / "elsewhere")
        with pytest.raises(UserError, match="Import the corrections"):
            there.adapters.take_in(handed, base, there.events.append)
        _accepted(elsewhere)
        there.says_judged()
        training = there.adapters.take_in(handed, base, there.events.append)
        assert training.wait(30)
        (adapter,) = there.adapters.all()
        assert adapter.state is AdapterState.ACTIVE and there.job()["adapter"] == adapter.file
        with pytest.raises(UserError, match="in the list already"):
            there.adapters.take_in(handed, base, there.events.append)


def test_a_file_of_another_model_is_not_taken_in(desk: Desk, tmp_path: Path) -> None:
    _accepted(desk.store)
    other = shapes.speaking_model(tmp_path / "other.gguf", ["Another one."])
    with pytest.raises(UserError, match="trained on another model"):
        desk.adapters.take_in(adapter_files.write(tmp_path / "a.gguf", other), desk.base, desk.events.append)
    (tmp_path / "b.gguf").write_bytes(b"GGUF, or not")
    with pytest.raises(UserError, match="cannot be used"):
        desk.adapters.take_in(tmp_path / "b.gguf", desk.base, desk.events.append)
    assert desk.adapters.all() == ()


def test_erasing_a_learner_erases_their_words_from_every_report(desk: Desk) -> None:
    learner = desk.store.add_learner("Learner", "fox", AgeBand.A8_10, "en-GB")
    _accepted(desk.store, learner=learner)
    desk.says_judged()
    desk.train()
    desk.adapters.erase_words_of(learner.id)
    desk.store.erase_learner(learner.id)
    (adapter,) = desk.adapters.all()
    assert adapter.stale and adapter.report == "" and "train again" in summary(adapter)
    assert [f.name for f in desk.adapters.folder_of(adapter).iterdir()] == [ADAPTER]


def test_erasing_a_learner_calls_off_a_training_on_their_words_and_clears_what_nobody_knows(desk: Desk) -> None:
    learner = desk.store.add_learner("Learner", "fox", AgeBand.A8_10, "en-GB")
    _accepted(desk.store, learner=learner)
    left = desk.folder / "adapters" / "99"
    left.mkdir(parents=True)
    (left / "answers.json").write_text("somebody's words")
    desk.says({**PLANNED}, {"type": "wait"})
    training = desk.adapters.train(desk.base, desk.events.append)
    folder = desk.adapters.folder_of(training.adapter)
    while not (folder / "work").exists():
        assert not training.wait(0.05)
    desk.adapters.erase_words_of(learner.id)
    assert training.wait(0) and isinstance(desk.events[-1], p.Cancelled)
    assert desk.adapters.all() == () and not list((desk.folder / "adapters").iterdir())
