"""Pretend corrections and adapters, and the scenes of the pages that show them."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from tutor import paths
from tutor.adaptation import protocol
from tutor.domain import Correction, CorrectionStatus, Finding, Outcome, Reply
from tutor.qt.teacher.asked_card import AskedCard
from tutor.qt.teacher.correction_card import CorrectionCard
from tutor.qt.teacher.corrections_section import ASKED, CorrectionsSection
from tutor.qt.teacher.learning_section import LearningSection
from tutor.qt.teacher.page import TeacherPage
from tutor.store import Store

_SHA = "0" * 64
FIGURES = {
    "right_count": 20.0, "right_base": 0.1, "right_memory": 1.0, "right_adapter": 0.95, "right_both": 1.0,
    "held_count": 80.0, "held_base": 0.06, "held_memory": 0.85, "held_adapter": 0.66, "held_both": 0.9,
    "unrelated_same": 0.98, "gain": 0.6, "gain_low": 0.5, "gain_high": 0.7,
}  # fmt: skip
_BUSY: tuple[protocol.Event, ...] = (
    protocol.Planned(
        corrections=20, steps=240, memory=900 << 20, memory_free=5 << 30, disk=60 << 20, disk_free=40 << 30, minutes=4.0
    ),
    *(
        protocol.Progress(
            stage="training", step=step, steps=240, loss=3.2 * 0.985**step + 0.1, held_out=held, seconds_left=150.0
        )
        for step, held in ((10, 0.0), (30, 2.4), (60, 1.7), (90, 1.2), (120, 0.9), (130, 0.0))
    ),
)


def corrections(store: Store) -> None:
    """Some that wait, two that contradict each other, some in use, one set aside."""
    learner = store.learners()[1].id
    flag = store.flags()[0]
    _one(store, "how many cm in 2.5 m", "Multiply 2.5 by 100, so it is 250 cm.", learner_id=learner, flag_id=flag.id,
         wrong="One metre has 100 centimetres.", kind="explanation")  # fmt: skip
    _one(store, "When does the library open?", "The library opens at half past eight.", accept=True,
         phrasings=("What time does the library open?", "library opening time?"))  # fmt: skip
    _one(store, "What time does the library open?", "The library opens at nine o'clock.", learner_id=learner)
    stopped = Finding(check="maths", reason="This sum is not right: 7 × 8 = 54. It is 56.", firm=True)
    _one(store, "What is 7 times 8?", "7 × 8 = 54", learner_id=learner, findings=(stopped,))
    named = Finding(check="personal", reason="A name was replaced by “somebody”.", stops=False)
    _one(store, "Who runs chess club?", "Chess club is run by somebody in room 4.", findings=(named,), kind="scope")
    _one(store, "How do we multiply big numbers?", "In our class we use the grid method.", kind="method", accept=True)
    aside = _one(store, "Is a tomato a vegetable?", "Yes.", learner_id=learner)
    store.decide(aside.id, CorrectionStatus.REJECTED, by="teacher", why="A tomato is a fruit.")


def _one(
    store: Store,
    question: str,
    answer: str,
    *,
    findings: tuple[Finding, ...] = (),
    accept: bool = False,
    **more: object,
) -> Correction:
    made = store.propose_correction(question, answer, **more)  # type: ignore[arg-type]
    store.keep_check(made, made, not any(f.stops for f in findings), findings)
    if accept:
        store.decide(made.id, CorrectionStatus.ACCEPTED, by="teacher")
    return store.correction(made.id)


def adapters(store: Store, folder: Path) -> None:
    """One that was used before, one in use, one that was not promoted."""
    for promoted, figures, why in (
        (True, {**FIGURES, "right_adapter": 0.85, "held_adapter": 0.5}, ""),
        (True, FIGURES, ""),
        (False, {**FIGURES, "unrelated_same": 0.9}, "10 of 100 answers that no correction is about have changed; at "
         "most 3 may."),
    ):  # fmt: skip
        begun = store.begin_adapter(base="starter.gguf", base_sha256=_SHA, ledger_sha256=_SHA, corrections=(2,))
        file = folder / f"adapter-{begun.id}.gguf"
        file.write_bytes(b"")
        store.adapter_judged(begun.id, file=str(file), file_sha256=_SHA, figures=figures, promoted=promoted,
                             report="", why=why)  # fmt: skip
        if promoted:
            store.activate_adapter(begun.id)


def waiting(page: TeacherPage) -> None:
    corrections(page.app.store)
    page.section("corrections").enter()
    page.count_alerts()


def asked(page: TeacherPage) -> None:
    """Answers that learners were asked about, one of them opened."""
    store = page.app.store
    learner = store.learners()[0].id
    for question, answer, reason, score, said in (
        ("Do whales sing?", "Whales make no sound at all.", "disagreeing", 0.8, "not_right"),
        ("How do magnets work?", "Each magnet has two ends that pull or push.", "unfamiliar", 0.7, "right"),
        ("What is a peninsula?", "Land with water on three sides.", "uncertain", 1.3, ""),
    ):
        _conversation, _question, begun = store.begin_conversation(learner, question, question)
        store.finish_message(begun.id, Reply(text=answer, outcome=Outcome.DONE), "done")
        store.keep_asked(begun.id, learner, reason, score)
        if said:
            store.keep_said(begun.id, said)
    section = page.section("corrections")
    assert isinstance(section, CorrectionsSection)
    section.show_view(ASKED)
    section.findChildren(AskedCard)[-1].open_turn()


def editing(page: TeacherPage) -> None:
    waiting(page)
    card = page.section("corrections").findChildren(CorrectionCard)[0]
    card.edit()


def learnt(page: TeacherPage) -> None:
    corrections(page.app.store)
    adapters(page.app.store, paths.home())
    page.section("learning").enter()


def hearing(*events: protocol.Event) -> Callable[[TeacherPage], None]:
    """The page with a training that told this."""

    def fill(page: TeacherPage) -> None:
        corrections(page.app.store)
        section = page.section("learning")
        assert isinstance(section, LearningSection)
        section.enter()
        for event in events:
            section.show_event(event)

    return fill


TRAINING: tuple[protocol.Event, ...] = _BUSY
PAUSED: tuple[protocol.Event, ...] = (*_BUSY, msgspec.structs.replace(_BUSY[-1], paused=True))
PROMOTED: tuple[protocol.Event, ...] = (*_BUSY, protocol.Judged(report="", figures=FIGURES, promoted=True))
KEPT: tuple[protocol.Event, ...] = (
    *_BUSY,
    protocol.Judged(
        report="",
        figures={**FIGURES, "unrelated_same": 0.9},
        promoted=False,
        reasons=("10 of 100 answers that no correction is about have changed; at most 3 may.",),
    ),
)
REFUSED: tuple[protocol.Event, ...] = (
    protocol.Refused(
        code="memory",
        message="Training this model would need 5.2 GB of memory, and 3.1 GB can be had. Nothing was started. Close "
        "other programs, choose a smaller model, or train on a computer with more memory.",
    ),
)
