"""The threads that judge: one for the safety classifier and the maths check, one for intent.

Heavy imports happen there, so that they overlap with loading the language model. Everything fails closed: a
judge that raises has not allowed anything.
"""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

import msgspec

from tutor.domain import (
    Action,
    AgeBand,
    Direction,
    Fact,
    Intent,
    MathsCheck,
    MathsStatus,
    RuleCheck,
    Severity,
    TutoringState,
    Verdict,
)
from tutor.engine.protocol import ScreenItem
from tutor.engine.wire import note_error
from tutor.errors import UserError
from tutor.i18n import tr

if TYPE_CHECKING:
    from tutor.tutoring.rules.book import RuleBook
    from tutor.tutoring.sum_reader import Candidate

T = TypeVar("T")
Encode = Callable[[Sequence[str]], Any]
"""Texts to rows of length 1."""

_ENCODER_SECONDS: Final = 30.0
"""How long texts wait for the encoder; it is loaded after the model."""
_NOT_JUDGED: Final = Verdict(action=Action.BLOCK, reason="not judged: its maths was wrong")
_ROWS_MOST: Final = 500
"""Texts whose rows are kept for the rules of lessons."""


class Judge(Protocol):
    """What this module needs of `tutor.moderation.moderator.Moderator`."""

    def judge(self, text: str, *, direction: Direction, context: Sequence[str], age_band: AgeBand) -> Verdict: ...


class Question(msgspec.Struct, frozen=True):
    """What a reply's sentences are checked against."""

    text: str
    age_band: AgeBand
    facts: tuple[Fact, ...] = ()
    withhold: Fact | None = None
    """The fact whose answer must not appear."""
    numbers: frozenset[str] | None = None
    """The only numbers and lone letters that may appear: a narrow model copies, it cannot calculate. None: any."""
    rules: "RuleBook | None" = None
    """Of the lesson."""


class Checked(msgspec.Struct, frozen=True):
    """What was found out about one piece of a reply."""

    verdict: Verdict
    maths: MathsCheck
    reveals: bool
    moderation_ms: float
    rules: tuple[RuleCheck, ...] = ()
    rules_ms: float = 0.0

    @property
    def safe(self) -> bool:
        return self.verdict.action in (Action.ALLOW, Action.REVIEW)

    @property
    def passed(self) -> bool:
        return self.safe and not self.reveals and self.maths.status is not MathsStatus.WRONG and not self.broken

    @property
    def broken(self) -> tuple[str, ...]:
        """Rules of the lesson that must not be broken, and are."""
        return tuple(c.rule for c in self.rules if c.fired and c.severity is Severity.BLOCK)

    @property
    def could_be_better(self) -> bool:
        """Whether a rule is broken for which words are written again, and shown at last."""
        return any(c.fired and c.severity is Severity.REWRITE for c in self.rules)


class Checker:
    """Owns the classifier and the intent recogniser; every method returns at once with a future."""

    def __init__(self, judge: Judge | None = None) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="checks")
        self._intents = ThreadPoolExecutor(1, thread_name_prefix="intents")
        self._judge = judge
        self._recogniser: Any = None
        self._reader: Any = None
        self._encoder: Future[Encode] = Future()
        self._rows: dict[str, Any] = {}
        self._asked: dict[ThreadPoolExecutor, set[Future[Any]]] = {self._pool: set(), self._intents: set()}

    def at_work(self) -> int:
        """How many of the two threads are judging now, for whoever shares the cores with them."""
        return sum(bool(asked) for asked in self._asked.values())

    def _ask(self, pool: ThreadPoolExecutor, work: Callable[..., T], *given: Any) -> "Future[T]":
        future = pool.submit(work, *given)
        self._asked[pool].add(future)
        future.add_done_callback(self._asked[pool].discard)
        return future

    def preload(self) -> None:
        """Begin the slow imports before anyone asks."""
        self._pool.submit(_import_classifier)

    def load(self, safety: Path, thresholds: Path | None) -> "Future[None]":
        """The future raises UserError when the classifier cannot be loaded."""

        def work() -> None:
            from tutor.moderation.moderator import Moderator

            self._judge = Moderator.load(safety, thresholds)

        return self._pool.submit(work)

    def load_rules(self) -> "Future[None]":
        """Intent by rules alone, and the maths checks' imports."""

        def work() -> None:
            from tutor.tutoring import checks, facts, policy  # noqa: F401 - the import is the work
            from tutor.tutoring.intent import IntentRecogniser
            from tutor.tutoring.rules import book, language  # noqa: F401

            language.known_word("")
            if self._recogniser is None:
                self._recogniser = IntentRecogniser(None)

        return self._pool.submit(work)

    def load_embedder(self, failed: Callable[[Exception], None]) -> None:
        """In the background: until it is there, intent goes by rules alone; if it cannot be loaded, for good."""

        if self._encoder.done() and self._encoder.exception() is not None:
            self._encoder = Future()
        waiting = self._encoder

        def work() -> None:
            try:
                from tutor.retrieval.embedder import Embedder
                from tutor.tutoring.intent import IntentRecogniser

                embedder = Embedder.load()
                self._intents.submit(self._use, lambda: IntentRecogniser(embedder.embed))
                self._intents.submit(self._use_reader, embedder)
                if not waiting.done():
                    waiting.set_result(embedder.embed)
            except Exception as error:  # noqa: BLE001 - answering goes on without the embedder, whatever went wrong
                failed(error)
                if not waiting.done():
                    waiting.set_exception(error)

        threading.Thread(target=work, name="embedder", daemon=True).start()

    def _use(self, make: Callable[[], Any]) -> None:
        self._recogniser = make()

    def _use_reader(self, embedder: Any) -> None:
        """Without the reader a story is set up with the learner; a damaged file takes nothing else away."""
        try:
            from tutor.retrieval.token_states import TokenStates
            from tutor.tutoring.word_reader import WordReader

            self._reader = WordReader.load(lambda changes: TokenStates(embedder, changes).encode)
        except Exception as error:  # noqa: BLE001 - answering goes on without the reader, whatever went wrong
            note_error("the sum reader could not be loaded", error)

    def judge(
        self, text: str, direction: Direction, context: Sequence[str], age_band: AgeBand
    ) -> "Future[tuple[Verdict, float]]":
        """Verdict and milliseconds."""
        return self._ask(self._pool, self._timed_judge, text, direction, tuple(context), age_band)

    def intent(self, text: str, facts: Sequence[Fact], state: TutoringState) -> "Future[tuple[Intent, float]]":
        def work() -> tuple[Intent, float]:
            intent, confidence = self._recogniser.recognise(text, facts=facts, state=state)
            return intent, float(confidence)

        return self._ask(self._intents, work)

    def story(self, text: str) -> "Future[list[Candidate]]":
        """Results that a word problem may ask for, the likeliest first; none without the encoder."""
        return self._ask(self._intents, lambda: self._reader.read(text) if self._reader is not None else [])

    def embed(self, texts: Sequence[str]) -> tuple[bytes, ...]:
        """One row of 32-bit numbers a text. Waits for the encoder while it is being loaded.

        Raises UserError (`no_embedder`) when there is none.
        """
        try:
            encode = self._encoder.result(timeout=_ENCODER_SECONDS)
        except TimeoutError:
            raise UserError(tr("The text encoder is not loaded."), code="no_embedder") from None
        rows = self._ask(self._intents, encode, tuple(texts)).result()
        return tuple(row.astype("<f4").tobytes() for row in rows)

    def encode_ahead(self, text: str) -> None:
        """Have the row of a text ready when it is asked for; nothing where there is no encoder."""
        encode = self.encoder()
        if encode is not None and text not in self._rows:
            own, rows = self._encoder.result(), self._rows
            self._ask(self._intents, lambda: rows.setdefault(text, own((text,))[0]))

    def encoder(self) -> Encode | None:
        """Rows for texts, each encoded once; None while there is no encoder. Not for the encoder's own thread."""
        if not self._encoder.done() or self._encoder.exception() is not None:
            return None
        encode, rows = self._encoder.result(), self._rows

        def encoded(texts: Sequence[str]) -> list[Any]:
            new = [text for text in dict.fromkeys(texts) if text not in rows]
            if len(rows) > _ROWS_MOST:
                rows.clear()
                new = list(dict.fromkeys(texts))
            if new:
                rows.update(zip(new, self._ask(self._intents, encode, new).result(), strict=True))
            return [rows[text] for text in texts]

        return encoded

    def piece(
        self, text: str, question: Question, before: Sequence[str], carry: str = "", *, again: bool = False
    ) -> "Future[Checked]":
        """Check one piece of a reply. `before`: shown just before it; `carry`: unfinished maths that it continues.

        `again`: what fails will be written again in any case, so where its maths fails nothing else of it is judged.
        """
        return self._ask(self._pool, self._piece, text, question, tuple(before), carry, again)

    def screen(self, items: Sequence[ScreenItem], age_band: AgeBand) -> "Future[tuple[Verdict, ...]]":
        """Verdicts of many texts, in order. The future raises UserError when no classifier is loaded."""

        def work() -> tuple[Verdict, ...]:
            if self._judge is None:
                raise UserError(
                    tr("The safety classifier is not loaded, so nothing can be checked."), code="not_loaded"
                )
            return tuple(self._timed_judge(i.text, i.direction, i.context, age_band)[0] for i in items)

        return self._pool.submit(work)

    def close(self) -> None:
        for pool in (self._pool, self._intents):
            pool.shutdown(wait=False, cancel_futures=True)

    def _timed_judge(
        self, text: str, direction: Direction, context: Sequence[str], age_band: AgeBand
    ) -> tuple[Verdict, float]:
        began = time.perf_counter()
        verdict = Verdict(action=Action.BLOCK, reason="error:not loaded")
        if self._judge is not None:
            try:
                verdict = self._judge.judge(text, direction=direction, context=context, age_band=age_band)
            except Exception as error:  # noqa: BLE001 - a classifier that errors blocks, whatever the error
                verdict = Verdict(action=Action.BLOCK, reason=f"error:{type(error).__name__}")
        return verdict, (time.perf_counter() - began) * 1000

    def _piece(self, text: str, question: Question, before: Sequence[str], carry: str, again: bool) -> Checked:
        maths, reveals = check_maths(text, question, carry)
        began = time.perf_counter()
        rules = tuple(question.rules.sentence(text, before)) if question.rules is not None else ()
        took = (time.perf_counter() - began) * 1000
        verdict, ms = _NOT_JUDGED, 0.0
        if not (again and (reveals or maths.status is MathsStatus.WRONG)):
            context = (question.text, *before[-2:])
            verdict, ms = self._timed_judge(text, Direction.OUTPUT, context, question.age_band)
        return Checked(verdict=verdict, maths=maths, reveals=reveals, moderation_ms=ms, rules=rules, rules_ms=took)


def check_maths(text: str, question: Question, carry: str) -> tuple[MathsCheck, bool]:
    """The maths of one piece, and whether it gives away what must be withheld. Errors count as wrong."""
    from tutor.tutoring import brief, checks

    began = time.perf_counter()
    try:
        maths = checks.check_sentence(text, question.facts)
        if carry and maths.status is not MathsStatus.WRONG:
            joined = checks.check_sentence(f"{carry} {text}", question.facts)
            if joined.status is MathsStatus.WRONG:
                maths = MathsCheck(status=MathsStatus.WRONG, statements=joined.statements)
        if question.numbers is not None and not brief.copied(text) <= question.numbers:
            maths = MathsCheck(status=MathsStatus.WRONG, statements=maths.statements)
        reveals = question.withhold is not None and checks.reveals_answer(f"{carry} {text}".strip(), question.withhold)
    except Exception:  # noqa: BLE001 - a check that errors has checked nothing, so the sentence is not shown
        maths, reveals = MathsCheck(status=MathsStatus.WRONG), False
    return msgspec.structs.replace(maths, ms=(time.perf_counter() - began) * 1000), reveals


def _import_classifier() -> None:
    import tutor.moderation.moderator  # noqa: F401 - the import is the work
