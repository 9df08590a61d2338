"""One learner's turn: from the words to a finished, checked `Reply`.

The order is fixed: length, moderation of what was asked, facts, intent, the move, the prompt, the gate.
"""

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from typing import Final

import msgspec

from tutor.domain import (
    Action,
    Direction,
    Fact,
    Move,
    Outcome,
    Reply,
    SentenceCheck,
    Timings,
    Verdict,
)
from tutor.engine import adapting
from tutor.engine.checking import Checker, Question
from tutor.engine.choosing import Choosing
from tutor.engine.copying import Copying
from tutor.engine.gate import Gate
from tutor.engine.lesson_turn import LessonTurn
from tutor.engine.llama import Interrupted, Model
from tutor.engine.planning import Planned, Planning
from tutor.engine.prompt import PromptBuilder
from tutor.engine.protocol import Ask, Event, Sentence, Stage
from tutor.engine.second import Said
from tutor.engine.snapshots import common_length
from tutor.engine.whole_tries import WholeTries
from tutor.engine.window import MARGIN, Fitted, Window
from tutor.engine.word_sums import WordSums
from tutor.tutoring import brief, passing_on
from tutor.tutoring.rules import escalation

_NOT_THE_MODEL: Final = (Move.REFUSE, Move.SIGNPOST)


class Answerer:
    """Answers `Ask` requests with one loaded model. One thread."""

    def __init__(
        self,
        model: Model,
        builder: PromptBuilder,
        window: Window,
        checker: Checker,
        sums: WordSums,
        *,
        name: str,
        scope: str,
        send: Callable[[Event], None],
        recall: Callable[[list[int]], bool] = lambda _wanted: False,
    ) -> None:
        """`recall` may fill the cache from disk before a prompt is evaluated."""
        self.adapter = ""
        """Name of the adapter in use, for the record of each reply that it words."""
        self.said: Said | None = None
        """The last answer, where the model worded it: a second sample may be compared with it."""
        self._model, self._builder, self._window, self._checker = model, builder, window, checker
        self._sums = sums
        self._name, self._scope, self._send, self._recall = name, scope, send, recall

    def answer(self, ask: Ask) -> Reply:
        """Raises UserError (`too_long` before anything else; `engine`), BadNumbers. Stop gives a reply."""
        return _Turn(self, ask).run()

    @contextlib.contextmanager
    def adapted(self, speaks: bool, prompt: Sequence[int] = ()) -> Iterator[str]:
        """The adapter's name, "" where it does not speak. On a narrow model it rests before and afterwards.

        With a `prompt` it speaks there only when it has something to say that the base has not. Raises Interrupted.
        """
        if not (speaks and self.adapter):
            yield ""
        elif not self._scope:
            yield self.adapter
        elif prompt and not adapting.says_something_new(self._model, prompt):
            yield ""
        else:
            with adapting.awake(self._model):
                yield self.adapter


class _Turn:
    def __init__(self, answerer: Answerer, ask: Ask) -> None:
        self._a, self._ask = answerer, ask
        self._began = time.perf_counter()
        self._reply = Reply(
            text="",
            outcome=Outcome.DONE,
            state=ask.state,
            model=answerer._name,
            device=answerer._model.device,
            lesson_version_id=ask.lesson_version_id,
        )
        self._lesson = LessonTurn(ask, ask.lesson, answerer._scope, answerer._checker) if ask.lesson else None
        self._choosing = Choosing(answerer._model, ask.generation, retry=ask.retry)
        self._prefill_ms = 0.0
        self._moderation_ms = 0.0
        self._verdict = Verdict(action=Action.BLOCK, reason="not judged")
        """On the learner's words."""
        self._reused = 0

    def run(self) -> Reply:
        ask, a = self._ask, self._a
        a._window.check(ask.text, ask.guidelines, ask.generation.max_tokens)
        self._stage("reading")
        try:
            return self._run()
        finally:
            self._choosing.close()

    def _run(self) -> Reply:
        from tutor.tutoring import facts as facts_module

        ask, a = self._ask, self._a
        before = tuple(text for past in ask.history[-1:] for text in (past.learner, past.tutor))
        judging = a._checker.judge(ask.text, Direction.INPUT, before, ask.age_band)
        a._model.begin()
        facts = facts_module.facts_in(ask.text)
        judging.add_done_callback(self._hurry)
        before_words = len(a._model.tokens)
        try:
            planning = Planning(ask, facts, a._checker)
            before_words = self._evaluate_ahead()
            planned = planning.planned(a._sums, self._lesson, a._scope)
            fitted = self._fitted(planned)
        except Exception:
            written = self._judged(judging, facts, before_words)
            if written is None:
                raise
            return written  # words that people must answer come before any error
        return self._judged(judging, facts, before_words) or self._answer(planned, fitted)

    def _fitted(self, planned: Planned) -> Fitted | None:
        """The prompt, evaluated as far as the judges let it. Nothing of what was planned is said or kept yet."""
        ask, plan = self._ask, planned.plan
        if plan.move in _NOT_THE_MODEL:
            return None
        fitted = self._a._window.fit(ask.guidelines, ask.history, ask.text, plan.notes, ask.generation.max_tokens)
        if fitted is not None:
            self._evaluate(fitted.tokens)
        return fitted

    def _judged(
        self, judging: "Future[tuple[Verdict, float]]", facts: tuple[Fact, ...], before_words: int
    ) -> Reply | None:
        """The answer of people to words that a model must not answer; None for all others."""
        from tutor.moderation import crisis

        verdict, ms = judging.result()
        self._verdict, self._moderation_ms = verdict, ms
        self._note(input_verdict=verdict, facts=facts)
        if verdict.action is not Action.ALLOW:
            kind, severity = crisis.severity(verdict, self._ask.text)
            self._note(alert=kind if severity else "", severity=severity)
        if verdict.action in (Action.ALLOW, Action.REVIEW):
            return None
        self._a._model.interrupt.clear()
        self._a._model.cut(before_words)
        return self._written(verdict.action)

    def _answer(self, planned: Planned, fitted: Fitted | None) -> Reply:
        """The model's answer to words that it may answer."""
        from tutor.tutoring import adapted, explanations, policy

        ask, a, plan, facts = self._ask, self._a, planned.plan, planned.facts
        self._note(intent=planned.intent, intent_confidence=planned.confidence, facts=facts)
        self._note(move=plan.move, state=plan.state, notes=plan.notes)
        if plan.move in _NOT_THE_MODEL:
            return self._written(Action.SIGNPOST if plan.move is Move.SIGNPOST else Action.REFUSE)
        if self._lesson is None:
            failed = len(plan.state.tried) if plan.move is Move.DIAGNOSE and plan.state.tried != ask.state.tried else 0
            self._note(escalate=escalation.without_lesson(ask.text, failed))
        withhold = plan.fact if plan.withhold else None
        question = Question(
            text=ask.text,
            age_band=ask.age_band,
            facts=facts or ((plan.fact,) if plan.fact else ()),
            withhold=withhold,
            numbers=brief.copied(f"{ask.text} {plan.notes}") if a._scope and (plan.fact or plan.given) else None,
        )
        if question.numbers is not None:
            tried = bool(plan.state.tried or brief.noted(plan.notes, "Attempt"))
            self._choosing.copying = Copying(
                (ask.text, *brief.sums(plan.notes)), explanations.of(plan.move, plan.notes, tried=tried)
            )
        lesson = self._lesson
        return self._decode(
            question,
            plan.notes,
            fitted,
            lambda: lesson.fallback() if lesson else policy.fallback(plan, ask.retry),
            accepted=policy.accepted(plan, ask.retry) if plan.used else "",
            written=lesson.written if lesson else policy.fallback(plan, ask.retry) if plan.by_people else "",
            rests_on=(plan.used, plan.used_own),
            speaks=adapted.by_adapter(plan.move, ask.text, a._scope),
        )

    def _hurry(self, judging: "Future[tuple[Verdict, float]]") -> None:
        """Words that people must answer do not wait until the model has read them."""
        if judging.exception() is not None or judging.result()[0].action not in (Action.ALLOW, Action.REVIEW):
            self._a._model.interrupt.set()

    def _evaluate_ahead(self) -> int:
        """Evaluate what is known of the prompt while the words are judged; gives where the words began."""
        ask, a = self._ask, self._a
        known = a._window.known(ask.guidelines, ask.history, ask.text, ask.generation.max_tokens)
        if not known:
            return len(a._model.tokens)
        began = time.perf_counter()
        a._recall(known)
        self._reused = common_length(a._model.tokens, known)
        self._prefill_ms = (time.perf_counter() - began) * 1000
        if ahead := a._model.worth_ahead(len(known) - self._reused):
            self._evaluate(known[: self._reused + ahead])
        return self._reused

    def _evaluate(self, tokens: Sequence[int]) -> None:
        """As far as the judges let it: their answer comes first, and decoding will stop at once."""
        began = time.perf_counter()
        with contextlib.suppress(Interrupted):
            self._a._model.evaluate(tokens)
        self._prefill_ms += (time.perf_counter() - began) * 1000

    # --- the model's answer ----------------------------------------------------------------------------------------

    def _decode(
        self,
        question: Question,
        notes: str,
        fitted: Fitted | None,
        fallback: Callable[[], str],
        *,
        accepted: str = "",
        written: str = "",
        rests_on: tuple[tuple[int, ...], bool] = ((), False),
        speaks: bool = False,
    ) -> Reply:
        """`accepted`: words of people, built on corrections, where the model does not pass them on. `written`: words
        of people that it is not asked for. `speaks`: the adapter may."""
        ask, a = self._ask, self._a
        prompt = fitted.tokens if fitted else []
        self._note(dropped_turns=fitted.dropped if fitted else len(ask.history))
        room = min(ask.generation.max_tokens, a._model.n_ctx - len(prompt) - MARGIN) if prompt else 0
        self._stage("thinking")
        gate: Gate | None = None
        turn = self._lesson.rules() if self._lesson else None
        if turn is not None:
            question = msgspec.structs.replace(question, rules=turn.book, numbers=None if written else question.numbers)
        stopped = False
        whole = WholeTries(a._model, self._choosing.sample, narrow=bool(a._scope))
        try:
            with a.adapted(speaks and bool(prompt) and not written, prompt) as name:
                self._note(adapter=name)
                if prompt:
                    began = time.perf_counter()
                    a._model.evaluate(prompt)
                    self._prefill_ms += (time.perf_counter() - began) * 1000
                script: Sequence[int] = ()
                by_people = one_thing = False
                self._choosing.own = bool(prompt) and not (accepted or written) and bool(name or not a._scope)
                if written:
                    by_people, script = True, a._model.tokenize(written)
                    room = max(room, len(script) + 1)
                elif accepted:
                    script = whole.passed_on(prompt, room, accepted)
                    by_people = not script
                    script = script or a._model.tokenize(accepted)
                    room = max(room, len(script) + 1)
                elif prompt and a._scope and (line := brief.to_say(notes)):
                    until = passing_on.NOT_RIGHT if self._reply.move is Move.DIAGNOSE else ""
                    script, one_thing = whole.faithful(prompt, room, line, until, brief.attempted(notes)), True
                    room = room if script else 0
                elif prompt and a._scope and (problem := brief.to_name(self._reply.move, notes)):
                    script, one_thing = whole.inviting(prompt, room, problem), True
                    room = room if script else 0
                elif prompt and a._scope and self._reply.move is Move.CONFIRM and brief.noted(notes, "Attempt"):
                    script, one_thing = whole.confirming(prompt, room, notes), True
                    room = room if script else 0
                elif prompt and self._choosing.copying is None and ask.generation.best_of > 1:
                    script = whole.best_of(prompt, room, ask.generation.best_of)
                gate = Gate(
                    a._model,
                    self._choosing.sample,
                    a._checker,
                    question,
                    prompt=prompt,
                    room=room,
                    fallback=fallback,
                    emit=self._emit,
                    stage=self._stage,
                    stopped=a._model.interrupt.is_set,
                    script=script,
                    by_people=by_people,
                    whole=one_thing,
                    turn=turn,
                    foreseen=self._choosing.foreseen,
                )
                gate.write()
                if self._lesson is not None and turn is not None:
                    self._lesson.end(gate, turn)
        except Interrupted:
            stopped = True
        if gate and gate.shown and not gate.fell_back:
            self._note(used=rests_on[0], used_own=rests_on[1])
        if self._lesson is not None:
            self._note(**self._lesson.record(turn))
        return self._finish(gate, prompt, stopped)

    def _finish(self, gate: Gate | None, prompt: Sequence[int], stopped: bool) -> Reply:
        now = time.perf_counter()
        text = gate.text if gate else ""
        outcome = Outcome.STOPPED if stopped else Outcome.WRITTEN if gate and gate.wrote else Outcome.DONE
        if gate and (spoken := gate.spoken()):
            self._a._builder.remember(text.strip(), spoken)
            self._a._model.remember((*prompt[-1:], *spoken))  # so that its first words are guessed, too
        checks = tuple(gate.checks) if gate else ()
        reviewed = [c.verdict for c in checks if c.verdict.action is Action.REVIEW]
        if reviewed and not self._reply.alert:
            self._note(alert=(reviewed[0].labels or ("review",))[0], severity=1)
        timings = Timings(
            first_sentence_ms=(gate.first_at - self._began) * 1000 if gate and gate.first_at else 0.0,
            total_ms=(now - self._began) * 1000,
            prefill_ms=self._prefill_ms,
            decode_ms=gate.decode_ms if gate else 0.0,
            moderation_ms=self._moderation_ms + (gate.moderation_ms if gate else 0.0),
            maths_ms=gate.maths_ms if gate else 0.0,
            rules_ms=(gate.rules_ms if gate else 0.0) + (self._lesson.ms if self._lesson else 0.0),
            prompt_tokens=len(prompt),
            reused_tokens=self._reused,
            completion_tokens=gate.completion_tokens if gate else 0,
        )
        doubt = 0.0 if gate and gate.wrote else self._choosing.doubt
        self._note(text=text, outcome=outcome, sentences=checks, timings=timings, in_history=bool(text), doubt=doubt)
        self._a.said = (
            Said.of(self._ask, prompt, self._reply) if self._choosing.own and outcome is Outcome.DONE else None
        )
        return self._reply

    # --- words written by people -------------------------------------------------------------------------------------

    def _written(self, action: Action) -> Reply:
        from tutor.moderation import crisis, written
        from tutor.tutoring import small_talk

        ask = self._ask
        if action is Action.SIGNPOST:
            kind, severity = crisis.severity(self._verdict, ask.text)
            text = written.signpost(
                kind, age_band=ask.age_band, country=ask.country, language=ask.language, watched=ask.watched
            )
            self._note(move=Move.SIGNPOST, alert=kind, severity=max(severity, 1))
        else:
            text = written.refusal(self._verdict.labels, age_band=ask.age_band, language=ask.language)
            if small_talk.insult_alone(ask.text, self._verdict):  # the words alone are others: it stays refused
                at_work = ask.state.problem is not None and not ask.state.solved
                text = small_talk.words(small_talk.INSULT, at_work=at_work, variant=ask.retry)
            self._note(move=Move.REFUSE)
        check = SentenceCheck(text=text, verdict=Verdict(action=Action.ALLOW, reason="written"), done="written")
        self._emit(0, "", check)
        elapsed = (time.perf_counter() - self._began) * 1000
        timings = Timings(first_sentence_ms=elapsed, total_ms=elapsed, moderation_ms=self._moderation_ms)
        self._note(text=text, outcome=Outcome.WRITTEN, sentences=(check,), in_history=False, notes="", timings=timings)
        return self._reply

    # --- telling ---

    def _note(self, **fields: object) -> None:
        self._reply = msgspec.structs.replace(self._reply, **fields)

    def _stage(self, stage: str) -> None:
        self._a._send(Stage(id=self._ask.id, stage=stage))

    def _emit(self, index: int, space: str, check: SentenceCheck) -> None:
        self._a._send(Sentence(id=self._ask.id, index=index, space=space, check=check))
