"""An adapter that came as a file: the trainer process trains nothing and judges it on the corrections here."""

from pathlib import Path
from typing import Any

import adapter_files
import pytest

import tutor.adaptation.judging
from tutor.adaptation import ledger, protocol
from tutor.adaptation.judging import Judgement
from tutor.adaptation.process import Trainer
from tutor.adaptation.training.job import given
from tutor.bench import shapes
from tutor.checksum import sha256_of
from tutor.domain import Correction, CorrectionStatus
from tutor.errors import UserError

CORRECTION = Correction(
    id=3, question="When does the library open?", answer="It opens at nine.", status=CorrectionStatus.ACCEPTED
)


@pytest.fixture
def job(tmp_path: Path) -> protocol.Job:
    base = shapes.speaking_model(tmp_path / "base.gguf", ["Good try."])
    ledger.write(tmp_path / "ledger.jsonl", [CORRECTION])
    adapter = adapter_files.write(tmp_path / "adapter.gguf", base)
    return protocol.Job(base=str(base), ledger=str(tmp_path / "ledger.jsonl"), out=str(tmp_path), adapter=str(adapter))


def test_it_is_judged_in_wordings_that_were_made_here(job: protocol.Job) -> None:
    done = given(job)
    assert done.corrections == (CORRECTION,) and done.trained.base_sha256 == sha256_of(Path(job.base))
    assert len(set(done.asked[3])) == 4 and CORRECTION.question not in done.asked[3]


def test_a_file_that_is_no_adapter_is_refused(job: protocol.Job) -> None:
    Path(job.adapter).write_bytes(Path(job.base).read_bytes())
    with pytest.raises(UserError) as caught:
        given(job)
    assert caught.value.code == "adapter"


class Written:
    """Keeps what the process says."""

    def __init__(self) -> None:
        self.events: list[protocol.Event] = []

    def write(self, line: bytes) -> None:
        self.events.append(protocol.decode_event(line))


def test_the_process_trains_nothing_and_says_the_judgement(job: protocol.Job, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def judged(*given_to: Any, **_: Any) -> Judgement:
        asked.append(given_to)
        return Judgement(figures={"gain": 0.0}, promoted=False, reasons=("no gain",), report="r")

    monkeypatch.setattr(tutor.adaptation.judging, "judge", judged)
    written: Any = Written()
    Trainer(written)._work(job)
    assert written.events == [protocol.Judged(report="r", figures={"gain": 0.0}, promoted=False, reasons=("no gain",))]
    assert asked[0][:3] == (Path(job.base), Path(job.adapter), (CORRECTION,))
