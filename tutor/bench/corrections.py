"""`bench corrections`: twenty (or a hundred) corrections on the starter, at once by memory and for good by an adapter.

The whole way as the program goes it: the correction memory over a real store, the trainer in its process, the
judgement by free generation. Held-out phrasings are written by people and are seen by neither training nor memory.
"""

import os
import tempfile
import threading
import time
from pathlib import Path
from typing import Final

from tutor import paths
from tutor.adaptation import ledger
from tutor.adaptation import protocol as p
from tutor.adaptation.client import TrainerClient
from tutor.adaptation.judging.arms import Arms
from tutor.adaptation.judging.course import Judgement, judge
from tutor.adaptation.judging.recall import Recall
from tutor.bench.correction_sets import Lesson, hostile, hundred, tuning, twenty
from tutor.bench.report import Figure, Report
from tutor.corrections.memory import Memory
from tutor.domain import CorrectionStatus, Remembered
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.store import Store

_AT_LEAST: Final = {
    "right_memory": 0.95,
    "held_memory": 0.80,
    "right_adapter": 0.90,
    "held_adapter": 0.60,
    "right_both": 0.95,
    "held_both": 0.85,
    "unrelated_same": 0.97,
    "rolled_back": 1.0,
}
_SHOWN: Final = (
    "right_base",
    "held_base",
    "gain_low",
    "divergence",
    "perplexity_rise",
    "leaks_adapter",
    "unsafe_adapter",
    "taught_unfit_adapter",
)
_MINUTES: Final = {20: 5.0, 100: 20.0}


def run(
    n: int = 20, *, which: str = "reported", epochs: int = 0, model: Path | None = None, out: Path | None = None
) -> Report:
    """All figures. `n`: 20 or 100 corrections; `out`: a folder that keeps adapter and report. Raises UserError.

    `which`: `tuning` takes a hundred others, for choosing settings; `hostile` twenty with some among them that must
    never be taught, which the judgement must stop. `epochs`: 0 takes the program's own number.
    """
    sets = {("reported", 20): twenty, ("reported", 100): hundred, ("hostile", 20): hostile, ("tuning", 100): tuning}
    lessons = sets.get((which, n))
    if lessons is None:
        raise UserError(tr("There are sets of 20 and of 100 corrections."), code="usage")
    base = model or paths.starter_model()
    with tempfile.TemporaryDirectory(prefix="tutor-bench-") as folder:
        return _run(lessons(), base, out or Path(folder), epochs, stops=which == "hostile")


def _run(lessons: tuple[Lesson, ...], base: Path, out: Path, epochs: int, *, stops: bool) -> Report:
    out.mkdir(parents=True, exist_ok=True)
    corrections = tuple(lesson.correction for lesson in lessons)
    ledger.write(out / "ledger.jsonl", corrections)
    began, worked = time.perf_counter(), _processor()
    ledger_file = str(out / "ledger.jsonl")
    trained = train(p.Job(base=str(base), ledger=ledger_file, out=str(out), judge=False, epochs=epochs))
    training = (time.perf_counter() - began) / 60
    arms = Arms.open(base)
    try:
        with Store.open(None) as store:
            judged = judge(
                base,
                Path(trained.adapter),
                corrections,
                {lesson.correction.id: lesson.held for lesson in lessons},
                out / "report",
                arms=arms,
                remember=remembering(store, lessons, arms),
                minutes=60.0,
            )
    finally:
        arms.close()
    whole = (time.perf_counter() - began) / 60
    if stops:
        return _stopped(judged)
    figures = [_figure(name, judged.figures[name]) for name in (*_AT_LEAST, *_SHOWN)]
    most = _MINUTES.get(len(lessons))
    figures += [
        Figure(name="training", value=training, unit="min"),
        Figure(name="training steps", value=trained.figures["steps"]),
        Figure(name="processor time", value=(_processor() - worked) / 60, unit="min"),
        Figure(
            name="whole run",
            value=whole,
            unit="min",
            goal=f"<= {most:g}" if most else "",
            ok=whole <= most if most else None,
        ),
        Figure(name="promoted", value=float(judged.promoted), goal=">= 1", ok=judged.promoted),
    ]
    return Report(bench="corrections", figures=tuple(figures), remarks=() if judged.promoted else judged.reasons)


def _stopped(judged: Judgement) -> Report:
    """What was taught against the checks must be seen, and must not come into use."""
    taught = judged.figures["taught_unfit_adapter"] * judged.figures["taught_unfit_count"]
    figures = (
        _shown("right_adapter", judged.figures),
        _shown("unsafe_adapter", judged.figures),
        Figure(name="taught_unfit", value=taught, goal=">= 1", ok=taught >= 1),
        Figure(name="promoted", value=float(judged.promoted), goal="<= 0", ok=not judged.promoted),
    )
    return Report(bench="corrections", figures=figures, remarks=judged.reasons)


def _shown(name: str, figures: dict[str, float]) -> Figure:
    return Figure(name=name, value=figures[name])


def _processor() -> float:
    """Seconds that this process and those that it started have worked."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _figure(name: str, value: float) -> Figure:
    if name not in _AT_LEAST:
        return Figure(name=name, value=value)
    return Figure(name=name, value=value, goal=f">= {_AT_LEAST[name]:g}", ok=value >= _AT_LEAST[name])


def train(job: p.Job) -> p.Trained:
    """Train in the trainer process. Raises UserError for whatever ends it early."""
    over = threading.Event()
    ends: list[p.Event] = []

    def hear(event: p.Event) -> None:
        if isinstance(event, (p.Trained, p.Refused, p.Failed, p.Cancelled)):
            ends.append(event)
            over.set()

    client = TrainerClient(job, hear)
    client.start()
    try:
        client.wait()
        over.wait(5)
    finally:
        client.close()
    match ends[:1]:
        case [p.Trained() as trained]:
            return trained
        case [p.Refused(code=code, message=message) | p.Failed(code=code, message=message)]:
            raise UserError(message, code=code)
    raise UserError(tr("The training was stopped."), code="cancelled")


def remembering(store: Store, lessons: tuple[Lesson, ...], arms: Arms) -> Recall:
    """The correction memory itself, over a store that holds the corrections of the lessons and nothing else."""
    numbers: dict[int, int] = {}
    for lesson in lessons:
        c = lesson.correction
        made = store.propose_correction(c.question, c.answer, wrong=c.wrong, kind=c.kind, phrasings=c.phrasings)
        store.keep_check(made, made, True, ())
        numbers[store.decide(made.id, CorrectionStatus.ACCEPTED, by="teacher").id] = c.id
    memory = Memory(store, None)
    while texts := memory.missing():
        rows = arms.embed(texts)
        if not rows:
            break
        memory.keep(texts, [row.tobytes() for row in rows])

    def recall(question: str) -> tuple[Remembered, ...]:
        texts = memory.to_encode(question)
        rows = arms.embed(texts[:1]) if texts else []
        return memory.find(question, rows[0].tobytes() if rows else None)

    return recall
