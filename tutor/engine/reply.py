"""One learner's turn: from the words to a finished, checked `Reply`.

The order is fixed: length, moderation of what was asked, facts, intent, the move, the prompt, the gate.
"""

import contextlib
import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from typing import Final

import msgspec

from tutor.domain import (
    Action,
    Direction,
    Move,
    Outcome,
    Reply,
    SentenceCheck,
    Timings,
    Verdict,
)
from tutor.engine import adapting
from tutor.engine.checking import Checker, Question
from tutor.engine.copying import Copying
from tutor.engine.gate import Gate
from tutor.engine.lesson_turn import LessonTurn
from tutor.engine.llama import Interrupted, Model
from tutor.engine.prompt import PromptBuilder
from tutor.engine.protocol import Ask, Event, Sentence, Stage
from tutor.engine.sampler import Sampler
from tutor.engine.second import Said
from tutor.engine.snapshots import common_length
from tutor.engine.whole_tries import WholeTries
from tutor.engine.window import MARGIN, Window
from tutor.engine.word_sums import WordSums
from tutor.tutoring import brief, passing_on
from tutor.tutoring.rules import escalation

_NOT_THE_MODEL: Final = (Move.REFUSE, Move.SIGNPOST)
_SEED_STEP: Final = 7919


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
        self._sampler: Sampler | None = None
        self._copying: Copying | None = None
        """Of a narrow model, where its reply rests on notes with numbers."""
        self._entropies: list[float] = []
        """Of each token where it was chosen."""
        self._prefill_ms = 0.0
        self._moderation_ms = 0.0
        self._reused = 0
        self._own = False
        """The model finds the words: a general one, or the adapter of a narrow one, whose own are few and learned."""

    def run(self) -> Reply:
        ask, a = self._ask, self._a
        a._window.check(ask.text, ask.guidelines, ask.generation.max_tokens)
        self._stage("reading")
        try:
            return self._run()
        finally:
            if self._sampler is not None:
                self._sampler.close()

    def _run(self) -> Reply:
        from tutor.moderation import crisis
        from tutor.tutoring import adapted, policy, word_sums
        from tutor.tutoring import facts as facts_module

        ask, a = self._ask, self._a
        before = tuple(text for past in ask.history[-1:] for text in (past.learner, past.tutor))
        judging = a._checker.judge(ask.text, Direction.INPUT, before, ask.age_band)
        facts = facts_module.facts_in(ask.text)
        judging.add_done_callback(self._hurry)
        told = word_sums.is_story(ask.text, facts)
        reading = a._checker.story(ask.text) if told else None
        recognising = a._checker.intent(ask.text, facts, ask.state)
        before_words = self._evaluate_ahead()
        verdict, ms = judging.result()
        self._moderation_ms += ms
        self._note(input_verdict=verdict, facts=facts)
        if verdict.action is not Action.ALLOW:
            kind, severity = crisis.severity(verdict, ask.text)
            self._note(alert=kind if severity else "", severity=severity)
        if verdict.action not in (Action.ALLOW, Action.REVIEW):
            a._model.interrupt.clear()
            a._model.cut(before_words)
            return self._written(verdict, verdict.action)
        intent, confidence = recognising.result()
        if reading is not None:
            worked = a._sums.fact(ask.text, reading.result())
            facts = (worked,) if worked is not None else ()
        self._note(intent=intent, intent_confidence=confidence, facts=facts)
        if self._lesson is not None:
            plan = self._lesson.decide(intent, facts, story=told and not facts)
        else:
            plan = policy.decide(
                ask.text,
                intent=intent,
                facts=facts,
                state=ask.state,
                give_answers=ask.policy.give_answers,
                max_hints=ask.policy.max_hints,
                scope=a._scope,
                story=told and not facts,
                remembered=ask.remembered,
            )
        self._note(move=plan.move, state=plan.state, notes=plan.notes)
        if plan.move in _NOT_THE_MODEL:
            return self._written(verdict, Action.SIGNPOST if plan.move is Move.SIGNPOST else Action.REFUSE)
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
            self._copying = Copying((ask.text, *brief.sums(plan.notes)), *brief.to_explain(plan.move, plan.notes))
        lesson = self._lesson
        return self._decode(
            question,
            plan.notes,
            lambda: lesson.fallback() if lesson else policy.fallback(plan, ask.retry),
            accepted=policy.accepted(plan, ask.retry) if plan.used else "",
            written=lesson.written if lesson else "",
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
        with contextlib.suppress(Interrupted):  # the judges' answer comes first; decoding will stop at once
            if ahead := a._model.worth_ahead(len(known) - self._reused):
                a._model.evaluate(known[: self._reused + ahead])
        self._prefill_ms = (time.perf_counter() - began) * 1000
        return self._reused

    # --- the model's answer ----------------------------------------------------------------------------------------

    def _decode(
        self,
        question: Question,
        notes: str,
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
        fitted = a._window.fit(ask.guidelines, ask.history, ask.text, notes, ask.generation.max_tokens)
        prompt = fitted.tokens if fitted else []
        self._note(dropped_turns=fitted.dropped if fitted else len(ask.history))
        room = min(ask.generation.max_tokens, a._model.n_ctx - len(prompt) - MARGIN) if prompt else 0
        self._stage("thinking")
        gate: Gate | None = None
        turn = self._lesson.rules() if self._lesson else None
        if turn is not None:
            question = msgspec.structs.replace(question, rules=turn.book, numbers=None if written else question.numbers)
        stopped = False
        whole = WholeTries(a._model, self._sample, narrow=bool(a._scope))
        try:
            with a.adapted(speaks and bool(prompt) and not written, prompt) as name:
                self._note(adapter=name)
                if prompt:
                    began = time.perf_counter()
                    a._model.evaluate(prompt)
                    self._prefill_ms += (time.perf_counter() - began) * 1000
                script: Sequence[int] = ()
                by_people = False
                self._own = bool(prompt) and not (accepted or written) and bool(name or not a._scope)
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
                    script = whole.faithful(prompt, room, line, until)
                    room = room if script else 0
                elif prompt and ask.generation.best_of > 1:
                    script = whole.best_of(prompt, room, ask.generation.best_of)
                gate = Gate(
                    a._model,
                    self._sample,
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
                    turn=turn,
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
        doubt = sum(self._entropies) / len(self._entropies) if self._entropies and not (gate and gate.wrote) else 0.0
        self._note(text=text, outcome=outcome, sentences=checks, timings=timings, in_history=bool(text), doubt=doubt)
        self._a.said = Said.of(self._ask, prompt, self._reply) if self._own and outcome is Outcome.DONE else None
        return self._reply

    def _sample(self, attempt: int, replay: Sequence[int]) -> Callable[[], int]:
        """Tokens for one try; later tries and Regenerate use other seeds and are a little less sure of themselves."""
        generation = self._ask.generation
        again = attempt % 10 - 1 + self._ask.retry
        seed = generation.seed if generation.seed >= 0 else random.getrandbits(31)
        if again > 0:
            warmer = max(generation.temperature, min(0.5 + 0.2 * again, 1.0))
            generation = msgspec.structs.replace(generation, temperature=warmer)
        if self._sampler is not None:
            self._sampler.close()
        model = self._a._model
        sampler = self._sampler = model.sampler(generation, seed + _SEED_STEP * (attempt - 1 + again), replay)
        taken = len(replay)
        writing = self._copying.after(map(model.piece, replay)) if self._copying else None
        put: list[int] = []

        def take() -> int:
            nonlocal taken
            del self._entropies[taken:]  # of a try that was given up
            self._entropies.append(model.entropy())
            taken += 1
            if writing is None:
                return model.sample(sampler)
            if not put:
                token = model.sample(sampler, lambda other: writing.allows(model.spoken(other)))
                left = writing.left(model.spoken(token))
                put.extend(model.tokenize(left) if left else (token,))
            writing.add(model.spoken(put[0]))
            return put.pop(0)

        return take

    # --- words written by people -------------------------------------------------------------------------------------

    def _written(self, verdict: Verdict, action: Action) -> Reply:
        from tutor.moderation import crisis, written

        ask = self._ask
        if action is Action.SIGNPOST:
            kind, severity = crisis.severity(verdict, ask.text)
            text = written.signpost(
                kind, age_band=ask.age_band, country=ask.country, language=ask.language, watched=ask.watched
            )
            self._note(move=Move.SIGNPOST, alert=kind, severity=max(severity, 1))
        else:
            text = written.refusal(verdict.labels, age_band=ask.age_band, language=ask.language)
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
