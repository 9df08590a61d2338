"""Between corrections and the engine's checks: what is asked of them, and what is kept of their answer."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol

import msgspec

from tutor.corrections import contradictions
from tutor.domain import AgeBand, Correction, CorrectionStatus, Finding
from tutor.engine import protocol
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.moderation.spelling import vocabulary

if TYPE_CHECKING:
    from tutor.store import Store

AT_ONCE: Final = 4
"""Checks that wait in the engine at a time."""
_NO_NAMES: Final = frozenset({
    "the", "a", "an", "my", "our", "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "madam", "head",
    "mum", "mom", "mummy", "dad", "daddy", "granny", "grandma", "grandpa", "nan", "nana", "grandad", "parent",
    "parents", "teacher", "class", "group", "team", "year", "table", "learner", "learners", "student", "pupil",
    "pupils", "child", "children", "kid", "kids", "boy", "girl", "me", "guest", "user", "test", "school", "home",
    "family", "safeguarding", "pastoral",
})  # fmt: skip
"""What people put in the place of a name."""
_PARTICLES: Final = frozenset({
    "de", "da", "di", "do", "dos", "du", "la", "le", "van", "von", "der", "den", "bin", "ibn", "binti", "al", "el",
    "ap", "ferch", "y", "e", "o",
})  # fmt: skip


class Engine(Protocol):
    """What the checks need of the engine's client."""

    def next_id(self) -> int: ...

    def send(self, request: protocol.Vet, /) -> None: ...


class Vetting:
    """Has corrections checked, a few at a time. `checked` hears each that is, on the thread that calls `handle`."""

    def __init__(self, store: "Store", engine: Engine, checked: Callable[[Correction], None]) -> None:
        self._store, self._engine, self._checked = store, engine, checked
        self._lock = threading.Lock()
        self._waiting: list[int] = []
        self._asked: dict[int, Correction] = {}

    def check(self, correction_id: int) -> None:
        """Have it checked as it stands now; again when it is being checked already."""
        with self._lock:
            if correction_id not in self._waiting:
                self._waiting.append(correction_id)
        self._go_on()

    def check_all(self) -> None:
        """Have everything checked that is not: what was being checked when the engine or the program ended."""
        unchecked = [c.id for c in self._store.corrections(CorrectionStatus.PROPOSED) if not c.checked]
        with self._lock:
            known = {*self._waiting, *(correction.id for correction in self._asked.values())}
            self._waiting += [number for number in unchecked if number not in known]
        self._go_on()

    def handle(self, event: protocol.Event) -> bool:
        """Whether the event answers one of our requests; then it is dealt with. May raise `UserError` of the disk.

        A request that failed leaves its correction unchecked, until the next `check_all`.
        """
        if not isinstance(event, protocol.Vetted | protocol.Failed):
            return False
        with self._lock:
            asked = self._asked.pop(event.id, None)
        if asked is None:
            return False
        try:
            if isinstance(event, protocol.Vetted) and (kept := keep(self._store, asked, event)) is not None:
                self._checked(kept)
        finally:
            self._go_on()
        return True

    def ended(self) -> None:
        """The engine is gone; nothing that was asked of it will be answered."""
        with self._lock:
            self._asked.clear()

    def _go_on(self) -> None:
        while (correction_id := self._next()) is not None:
            try:
                correction = self._store.own_words(correction_id)
            except UserError as error:
                if error.code != "not_found":
                    raise
                continue  # erased meanwhile
            number = self._engine.next_id()
            with self._lock:
                self._asked[number] = correction
            self._engine.send(request(self._store, correction, number))

    def _next(self) -> int | None:
        with self._lock:
            return self._waiting.pop(0) if self._waiting and len(self._asked) < AT_ONCE else None


def request(store: "Store", correction: Correction, number: int) -> protocol.Vet:
    """What the engine is asked about a correction, with the names of everybody here."""
    learners = store.learners()
    contact = store.contact()
    bands = [one.age_band for one in learners if correction.scope == "class" or one.id == correction.learner_id]
    return protocol.Vet(
        id=number,
        question=correction.question,
        answer=correction.answer,
        wrong=correction.wrong,
        phrasings=correction.phrasings,
        names=(
            *(learner.name for learner in learners if is_name(learner.name)),
            *((contact.name,) if contact and " " in contact.name.strip() and is_name(contact.name) else ()),
        ),
        age_band=min(bands, key=list(AgeBand).index, default=AgeBand.A5_7),
    )


def is_name(given: str) -> bool:
    """Whether what stands in the place of a name is one, and no "Class 4b", "Mum" or "The head of year"."""
    words = given.split()
    if not words or any(c.isdigit() for c in given) or words[0].strip(".").lower() in _NO_NAMES:
        return False
    if words[0][0].isupper():
        return all(word[0].isupper() or word.lower() in _PARTICLES for word in words)
    return words[0].lower() not in vocabulary()


def keep(store: "Store", checked: Correction, vetted: protocol.Vetted) -> Correction | None:
    """Store the verdict and the cleaned words; the correction as it is now. None when its words changed meanwhile."""
    texts = msgspec.structs.replace(
        checked,
        question=vetted.question,
        answer=vetted.answer,
        wrong=vetted.wrong,
        phrasings=tuple(dict.fromkeys(text for text in vetted.phrasings if text.strip())),
    )
    findings = vetted.findings
    other = (
        contradictions.against(texts, store.accepted_corrections(texts.learner_id)) if texts.answer.strip() else None
    )
    if other is not None:
        reason = tr("It says something else than a correction that is in use. A grown-up should choose between them.")
        findings = (*findings, Finding(check="contradiction", reason=reason))
    if not store.keep_check(checked, texts, not any(finding.stops for finding in findings), findings):
        return None
    return store.correction(checked.id)
