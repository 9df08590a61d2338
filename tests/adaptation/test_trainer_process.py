"""The trainer as a process: it plans first, refuses with the numbers, and can be paused, stopped and killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest
import tiny_training
from school_corrections import twenty

from tutor import paths
from tutor.adaptation import ledger
from tutor.adaptation.client import TrainerClient
from tutor.adaptation.protocol import (
    WORK,
    Cancelled,
    Event,
    Failed,
    Hello,
    Job,
    Planned,
    Progress,
    Refused,
    Train,
    decode_event,
    decode_request,
    encode,
)
from tutor.adaptation.training import checkpoint, loop
from tutor.adaptation.training import job as work
from tutor.checksum import sha256_of
from tutor.domain import Correction, CorrectionStatus

E = TypeVar("E")
SECRET = "xylophone"


class Heard:
    """Everything that a client told, and waiting for it."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._new = threading.Condition()

    def __call__(self, event: Event) -> None:
        with self._new:
            self.events.append(event)
            self._new.notify_all()

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    def wait_for(self, kind: type[E], good: Callable[[E], bool] = lambda _event: True, seconds: float = 120) -> E:
        def found() -> E | None:
            return next((event for event in self.of(kind) if good(event)), None)

        with self._new:
            assert self._new.wait_for(lambda: found() is not None, seconds), self.events[-3:]
        event = found()
        assert event is not None
        return event


@pytest.fixture
def job(tmp_path: Path) -> Job:
    corrections = [
        Correction(
            id=1,
            question=f"Where is the {SECRET}?",
            answer=f"The {SECRET} is behind the piano.",
            status=CorrectionStatus.ACCEPTED,
        ),
        *(msgspec.structs.replace(c, id=c.id + 1) for c in twenty()[0][:2]),
    ]
    ledger.write(tmp_path / "ledger.jsonl", corrections)
    return Job(
        base=str(paths.starter_model()),
        ledger=str(tmp_path / "ledger.jsonl"),
        out=str(tmp_path / "out"),
        threads=1,
        judge=False,
        gpu=False,
    )


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[[Job], tuple[TrainerClient, Heard]]]:
    made: list[TrainerClient] = []

    def start(job: Job) -> tuple[TrainerClient, Heard]:
        heard = Heard()
        client = TrainerClient(job, heard, log=tmp_path / "trainer.log")
        made.append(client)
        client.start()
        return client, heard

    yield start
    for client in made:
        client.close()


def _begun(job: Job) -> None:
    """As after a training that was killed while it was still in its first epoch: its examples are there, few ones."""
    corrections = ledger.accepted(ledger.read(Path(job.ledger)))
    settings = work.settings_of(job, len(corrections))
    key = loop.digest(sha256_of(Path(job.base)), ledger.digest(corrections), settings)
    folder = Path(job.out) / WORK
    folder.mkdir(parents=True)
    checkpoint.keep(folder / work.EXAMPLES, key, tiny_training.examples())


def test_messages_survive_the_wire() -> None:
    job = Job(base="a", ledger="b", out="c", search=True, minutes=2.5)
    events = (Hello(version=1, pid=2), Progress(stage="training", step=1, steps=2), Refused(code="memory", message="m"))
    assert [decode_event(encode(event)) for event in events] == list(events)
    assert decode_request(encode(Train(job=job))) == Train(job=job)


def test_the_app_s_side_imports_nothing_heavy() -> None:
    code = (
        "import sys, tutor.adaptation.client, tutor.adaptation.ledger; "
        "print(sorted(sys.modules.keys() & {'torch', 'llama_cpp', 'numpy', 'transformers', 'PySide6'}))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_it_plans_pauses_goes_on_after_a_kill_and_is_cancelled(
    job: Job, run: Callable[[Job], tuple[TrainerClient, Heard]], tmp_path: Path
) -> None:
    job = msgspec.structs.replace(job, epochs=500)
    _begun(job)
    client, heard = run(job)
    planned = heard.wait_for(Planned)
    assert planned.corrections == 3 and planned.steps > 0 and planned.minutes > 0 and planned.resumed
    assert 0 < planned.memory < planned.memory_free and 0 < planned.disk < planned.disk_free
    assert heard.events.index(planned) == 1, "before anything is begun"
    if hasattr(os, "getpriority"):
        assert os.getpriority(os.PRIO_PROCESS, client.pid or 0) > os.getpriority(os.PRIO_PROCESS, 0)

    heard.wait_for(Progress, lambda p: p.stage == "training" and p.seconds_left > 0)
    client.pause()
    heard.wait_for(Progress, lambda p: p.paused, 10)
    held = len(heard.events)
    time.sleep(1.2)
    assert len(heard.events) == held, "nothing moves in a pause"
    client.resume()
    step = heard.of(Progress)[-1].step
    state = tmp_path / "out" / WORK / checkpoint.STATE
    heard.wait_for(Progress, lambda p: p.step > step and state.exists())

    pid = client.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    again = heard.wait_for(Planned, lambda p: p is not planned)
    heard.wait_for(Progress, lambda p: heard.events.index(p) > heard.events.index(again))
    first = next(e for e in heard.events[heard.events.index(again) :] if isinstance(e, Progress))
    assert first.step > 1, "it goes on from its checkpoint"

    began = time.monotonic()
    client.cancel()
    heard.wait_for(Cancelled, seconds=10)
    assert time.monotonic() - began < 4
    assert client.wait(10)
    assert not (tmp_path / "out" / WORK).exists(), "learners' questions do not stay behind"
    assert not heard.of(Failed)
    log = tmp_path / "trainer.log"
    assert not log.exists() or SECRET not in log.read_text(encoding="utf-8", errors="replace").lower()


def test_a_ledger_without_an_accepted_correction_is_refused_and_nothing_is_made(
    job: Job, run: Callable[[Job], tuple[TrainerClient, Heard]], tmp_path: Path
) -> None:
    ledger.write(Path(job.ledger), [Correction(id=1, question="a?", answer="b")])
    client, heard = run(job)
    assert client.wait(60)
    (refused,) = heard.of(Refused)
    assert refused.code == "nothing"
    assert not (tmp_path / "out").exists()


def test_a_process_that_always_dies_is_not_started_for_ever(job: Job, tmp_path: Path) -> None:
    heard = Heard()
    client = TrainerClient(job, heard, command=[sys.executable, "-c", "import os; os._exit(3)"])
    client.start()
    assert client.wait(30)
    assert [event.code for event in heard.of(Failed)] == ["died"]
    client.close()
