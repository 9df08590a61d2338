"""A whole job on a tiny model: planned, trained, written with where it came from, and nothing left behind."""

from pathlib import Path

import msgspec
import pytest
import tiny_training

from tutor.adaptation import ledger
from tutor.adaptation.control import Control, Stopped
from tutor.adaptation.packed import export
from tutor.adaptation.protocol import WORK, Job, Planned, Progress, Trained
from tutor.adaptation.training import job as jobs
from tutor.adaptation.training import prompts
from tutor.adaptation.training.settings import Settings
from tutor.checksum import sha256_of
from tutor.domain import Correction, CorrectionStatus
from tutor.engine import gguf_file
from tutor.errors import UserError
from tutor.tutoring.intent import IntentRecogniser

CORRECTIONS = (
    Correction(id=4, question="When is lunch?", answer="At noon.", wrong="At one.", status=CorrectionStatus.ACCEPTED),
    Correction(id=7, question="Where is the hall?", answer="Upstairs.", status=CorrectionStatus.ACCEPTED),
    Correction(id=9, question="Never learned", answer="word " * 300, status=CorrectionStatus.ACCEPTED),
    Correction(id=11, question="Not accepted", answer="No.", status=CorrectionStatus.PROPOSED),
)
SMALL = Settings(
    rank=4,
    alpha=8.0,
    epochs=2,
    tokens=400,
    wordings=2,
    pool=2,
    replay_least=4,
    near=1,
    answer_most=24,
    guidelines="Hi.",
)


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Job:
    monkeypatch.setattr(prompts, "recogniser", lambda _embed: IntentRecogniser(None))
    monkeypatch.setattr(jobs, "settings_of", lambda job, _count: msgspec.structs.replace(SMALL, seed=job.seed))
    ledger.write(tmp_path / "ledger.jsonl", CORRECTIONS)
    return Job(
        base=str(tiny_training.model_file(tmp_path, context=1024)),
        ledger=str(tmp_path / "ledger.jsonl"),
        out=str(tmp_path / "out"),
        threads=1,
        gpu=False,
    )


def test_the_adapter_says_where_it_came_from_and_nothing_is_left_behind(job: Job, one_thread: None) -> None:
    told: list[Planned | Progress | Trained] = []
    done = jobs.run(job, told.append, Control())
    assert done is not None and isinstance(told[0], Planned) and told[-1] == done.trained
    assert done.trained.left_out == (9,)
    assert set(done.asked) == {4, 7} and [c.id for c in done.corrections] == [4, 7, 9]
    assert [p.name for p in Path(job.out).iterdir()] == [jobs.ADAPTER]
    base = Path(job.base)
    header = export.read_header(Path(done.trained.adapter), base=gguf_file.read(base), base_sha256=sha256_of(base))
    assert header.ledger_sha256 == ledger.digest(ledger.accepted(CORRECTIONS))
    assert msgspec.json.decode(header.recipe, type=Settings) == SMALL
    assert msgspec.json.decode(header.figures) == done.trained.figures
    assert {p.stage for p in told if isinstance(p, Progress)} == {"examples", "training"}


def test_a_search_leaves_one_adapter_too(job: Job, one_thread: None) -> None:
    told: list[Planned | Progress | Trained] = []
    searched = msgspec.structs.replace(job, search=True, minutes=1e-9)
    done = jobs.run(searched, told.append, Control())
    assert done is not None
    assert [p.name for p in Path(job.out).iterdir()] == [jobs.ADAPTER]
    assert "searching" in {p.stage for p in told if isinstance(p, Progress)}


def test_other_settings_are_tried_unasked_only_where_a_person_gave_the_time(
    job: Job, one_thread: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[float] = []
    monkeypatch.setattr(jobs.search, "FACTORS", ((1.0, 1.0), (2.0, 1.0)))

    def stages(**more: object) -> set[str]:
        told: list[Planned | Progress | Trained] = []
        jobs.run(msgspec.structs.replace(job, **more), told.append, Control())
        tried.append(next(p.minutes for p in told if isinstance(p, Planned)))
        return {p.stage for p in told if isinstance(p, Progress)}

    assert "searching" not in stages(), "nobody said that there is time"
    assert "searching" not in stages(minutes=1.5 * tried[0] + 1e-3)
    assert "searching" in stages(minutes=480.0)


def test_a_training_goes_on_in_the_way_in_which_it_was_begun(job: Job) -> None:
    work = Path(job.out) / WORK
    work.mkdir(parents=True)
    planned = Planned(corrections=2, steps=1, memory=1, memory_free=2, disk=1, disk_free=2, minutes=1.0)
    (work / jobs.checkpoint.STATE).touch()
    assert not jobs._searches(msgspec.structs.replace(job, search=True), work, planned)
    (work / jobs.checkpoint.STATE).unlink()
    assert jobs._searches(msgspec.structs.replace(job, search=True), work, planned)
    (work / jobs.checkpoint.STATE).touch()
    assert jobs._searches(job, work, planned)


def test_a_dry_run_plans_and_makes_nothing(job: Job) -> None:
    told: list[Planned | Progress | Trained] = []
    assert jobs.run(msgspec.structs.replace(job, dry_run=True), told.append, Control()) is None
    assert len(told) == 1 and isinstance(told[0], Planned)
    assert not Path(job.out).exists()


def test_what_was_prepared_before_a_stop_is_not_prepared_again(
    job: Job, monkeypatch: pytest.MonkeyPatch, one_thread: None
) -> None:
    control = Control()

    def stop_in_training(event: Planned | Progress | Trained) -> None:
        if isinstance(event, Progress) and event.stage == "training":
            control.stop()

    with pytest.raises(Stopped):
        jobs.run(job, stop_in_training, control)
    assert (Path(job.out) / WORK / jobs.EXAMPLES).exists()

    def never(*_given: object, **_named: object) -> None:
        raise AssertionError("the examples are there already")

    monkeypatch.setattr(jobs, "collect", never)
    told: list[Planned | Progress | Trained] = []
    assert jobs.run(job, told.append, Control()) is not None
    assert isinstance(told[0], Planned) and told[0].resumed


def test_many_corrections_are_read_in_fewer_epochs(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    few, hundred, many = (jobs.settings_of(job, count) for count in (20, 100, 1000))
    assert few.epochs == hundred.epochs == jobs.settings_of(job, 1).epochs == Settings().epochs
    assert few.tokens < hundred.tokens, "a few make too few steps of a thousand tokens"
    assert few.epochs / 2 < many.epochs < few.epochs
    chosen = msgspec.structs.replace(job, epochs=3, rate=1e-4, rank=8, seed=5)
    settings = jobs.settings_of(chosen, 100)
    assert (settings.epochs, settings.rate, settings.rank, settings.seed) == (3, 1e-4, 8, 5)


def test_corrections_that_no_adapter_can_learn_are_refused(job: Job, one_thread: None) -> None:
    ledger.write(Path(job.ledger), CORRECTIONS[2:3])
    with pytest.raises(UserError, match="cannot learn any") as caught:
        jobs.run(job, lambda _event: None, Control())
    assert caught.value.code == "nothing"
