"""The course of a judgement: everything is asked without the adapter, then with it, then without it once more.

Top to bottom: open, see how fast the model is, ask, measure, decide, write the report. Nothing of it reaches a log.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from tutor.adaptation.judging import figures, gate, likelihood, recall, report, suite
from tutor.adaptation.judging.arms import Arms, open_fact
from tutor.adaptation.judging.figures import Answer, Asked, Beside, Counted, Found
from tutor.adaptation.judging.right import score
from tutor.domain import Action, Correction, Frozen, Outcome, Remembered, Reply
from tutor.engine.llama import Interrupt, Interrupted
from tutor.engine.protocol import Past
from tutor.tutoring import checks

Say = Callable[[str, int, int], None]
"""What is being done, and how many answers of how many are written."""
_STOPPED: Final = (Action.BLOCK, Action.REFUSE, Action.SIGNPOST)
_COMPARED: Final = 40
"""Unrelated answers whose distributions are compared token by token."""
_AGAIN: Final = 12
"""Questions that are asked a last time, after the adapter was taken away."""
_PROBE: Final = 4
_SHARE_OF_TIME: Final = 0.8
"""The rest is for opening, perplexity and the report."""


class Judgement(Frozen):
    """What came out."""

    figures: dict[str, float]
    promoted: bool
    """The adapter may be used."""
    reasons: tuple[str, ...]
    """Why, or why not, in plain words."""
    report: str
    """Folder with `report.html`, `answers.html` and `judgement.json`."""


def judge(
    base: Path,
    adapter: Path,
    ledger: Sequence[Correction],
    held_out: Mapping[int, Sequence[str]],
    out: Path,
    say: Say = lambda _stage, _done, _of: None,
    stopped: Callable[[], bool] = lambda: False,
    *,
    gpu: bool = True,
    threads: int = 0,
    minutes: float = 10.0,
    safety: Path | None = None,
    questions: suite.Suite | None = None,
    arms: Arms | None = None,
    remember: recall.Recall | None = None,
) -> Judgement:
    """Judge an adapter on the ledger that it was trained on and on phrasings that it was not (by correction id).

    `minutes`: about how long it may take; a slow model is asked a share of the questions. `safety`: another safety
    classifier. `questions`, `arms`: for tests. `remember`: the memory itself, otherwise one of the ledger by its rule.
    Raises UserError (the base or the adapter cannot be used, the report cannot be written), Interrupted when `stopped`
    says so.
    """
    say("open", 0, 1)
    opened = arms or Arms.open(base, gpu=gpu, threads=threads, safety=safety, interrupt=Interrupt())
    try:
        course = _Course(
            opened,
            adapter,
            ledger,
            held_out,
            questions or suite.load(),
            say,
            stopped,
            minutes,
            remember or recall.of(ledger, opened.embed),
        )
        found = course.run()
    finally:
        if arms is None:
            opened.close()
    measured = figures.figures(found)
    verdict = gate.decide(measured)
    report.write(out, found, measured, verdict)
    return Judgement(figures=measured, promoted=verdict.promoted, reasons=verdict.reasons, report=str(out))


class _Course:
    def __init__(
        self,
        arms: Arms,
        adapter: Path,
        ledger: Sequence[Correction],
        held_out: Mapping[int, Sequence[str]],
        questions: suite.Suite,
        say: Say,
        stopped: Callable[[], bool],
        minutes: float,
        remember: recall.Recall,
    ) -> None:
        self._arms, self._adapter, self._ledger = arms, adapter, ledger
        self._say, self._stopped, self._seconds = say, stopped, minutes * 60
        self._began = time.perf_counter()
        self._recall = remember
        self._done = self._of = 0
        self._stage = "base"
        self._plan(held_out, questions)

    def _plan(self, held_out: Mapping[int, Sequence[str]], questions: suite.Suite) -> None:
        """How much there is time for, judging by the first answers."""
        self._arms.use(None)
        for question in questions.unrelated[:1]:
            self._answer(question)  # what is read from the disk for the first answer alone says nothing about others
        began = time.perf_counter()
        for question in questions.unrelated[:_PROBE]:
            self._answer(question)
        each = (time.perf_counter() - began) / max(len(questions.unrelated[:_PROBE]), 1)
        every = len(self._ledger) + sum(len(held_out.get(c.id, ())) for c in self._ledger)
        planned = (4 * every + questions.answers()) * each
        self.share = min(1.0, _SHARE_OF_TIME * self._seconds / max(planned, 1e-9))
        self._suite = questions.thinned(self.share) if self.share < 1.0 else questions
        self._questions: list[tuple[Correction, str, bool]] = []
        for c in self._ledger:
            self._questions.append((c, c.question, False))
            held = suite.thin(tuple(held_out.get(c.id, ())), self.share, least=1)
            self._questions += [(c, text, True) for text in held]
        if self.share < 1.0:
            self._questions = list(suite.thin(self._questions, self.share, least=3 * suite.LEAST))
        taught = 2 * sum(not held for _c, _text, held in self._questions)
        self._done, self._of = 0, 4 * len(self._questions) + taught + self._suite.answers() + _AGAIN

    def run(self) -> Found:
        """Raises Interrupted."""
        without = _Side(self._corrected(("base", "memory")), *self._rest())
        trails = self._trails(without.unrelated)
        perplexity = likelihood.perplexity(self._arms.loaded.model, self._suite.general)
        self._stage = "adapter"
        self._arms.use(self._adapter)
        with_it = _Side(self._corrected(("adapter", "both")), *self._rest())
        moved = self._moved(trails, with_it.unrelated)
        perplexity_after = likelihood.perplexity(self._arms.loaded.model, self._suite.general)
        with self._arms.awake():
            perplexity_awake = likelihood.perplexity(self._arms.loaded.model, self._suite.general)
        self._stage = "back"
        self._arms.use(None)
        again = [self._answer(question).text for question in self._suite.unrelated[:_AGAIN]]
        same = again == [reply.text for reply in without.unrelated[:_AGAIN]]
        same = same and all(self._arms.decode(t.prompt, most=likelihood.LONGEST) == t.said for t in trails[:_AGAIN])
        asked = tuple(
            Asked(
                correction=c.id,
                kind=c.kind,
                question=text,
                accepted=c.answer,
                held_out=held,
                answers=one | other,
            )
            for (c, text, held), one, other in zip(self._questions, without.corrected, with_it.corrected, strict=True)
        )
        beside = zip(self._suite.unrelated, without.unrelated, with_it.unrelated, strict=True)
        return Found(
            asked=asked,
            beside=tuple(Beside(question=q, before=a.text, after=b.text) for q, a, b in beside),
            divergence=sum(moved) / max(len(moved), 1),
            perplexity=(perplexity, perplexity_after, perplexity_awake),
            tasks=_count(without.tasks, with_it.tasks),
            leaks=_count(without.leaks, with_it.leaks),
            leaks_shown=_count(without.leaks_shown, with_it.leaks_shown),
            unsafe=_count(without.unsafe, with_it.unsafe),
            taught_unfit=_count(without.taught_unfit, with_it.taught_unfit),
            alike=_count(without.alike, with_it.alike),
            rolled_back=same,
            seconds=time.perf_counter() - self._began,
            share=self.share,
        )

    def _answer(self, question: str, remembered: Sequence[Remembered] = ()) -> Reply:
        self._step()
        return self._arms.answer(question, remembered=remembered)

    def _step(self) -> None:
        """Before each answer. Raises Interrupted."""
        if self._stopped():
            raise Interrupted
        self._done += 1
        if self._of:
            self._say(self._stage, min(self._done, self._of), self._of)

    def _corrected(self, arms: tuple[str, str]) -> tuple[list[dict[str, Answer]], list[bool]]:
        """For each question about a correction: the answer without and with memory; and for each corrected question
        that an adapter learns to answer whether the model alone says there what no check of corrections lets pass."""
        found, unfit = [], []
        for correction, question, held in self._questions:
            alone, with_memory = arms
            reply = self._answer(question)
            answers = {alone: _scored(correction, question, reply)}
            if not held and self._arms.learns(question, reply):
                self._step()
                with self._arms.awake():
                    said = self._arms.words(self._arms.decode(self._arms.prompt(question, reply.notes)))
                unfit.append(self._arms.unfit(said, question))
            remembered = self._recall(question)  # without any it is the same prompt, and the same answer
            if remembered:
                reply = self._answer(question, remembered)
            answers[with_memory] = _scored(correction, question, reply)
            found.append(answers)
        return found, unfit

    def _rest(self) -> "tuple[list[Reply], list[bool], list[bool], list[bool], list[bool], list[bool]]":
        """Everything that no correction is about, in the order of `_Side`."""
        unrelated = [self._answer(question) for question in self._suite.unrelated]
        tasks = [_own_words(reply) for turns in self._suite.tasks for reply, _history in self._talk(turns)]
        leaks, leaks_shown = [], []
        for turns in self._suite.begging:
            reply, history = self._talk(turns)[-1]
            fact = open_fact(reply)
            if fact is not None:
                said = self._arms.words(self._arms.decode(self._arms.prompt(turns[-1], reply.notes, history)))
                leaks.append(checks.reveals_answer(said, fact))
                leaks_shown.append(checks.reveals_answer(reply.text, fact))
        unsafe = []
        for message in self._suite.provoking:
            self._step()
            with self._arms.awake():
                said = self._arms.words(self._arms.decode(self._arms.prompt(message, "")))
            unsafe.append(self._arms.verdict(said, message).action in _STOPPED)
        alike = []
        for sentence, one, other in self._suite.pairs:
            replies = [self._answer(sentence.format(filling)) for filling in (one, other)]
            alike.append(_treated(replies[0]) == _treated(replies[1]))
        return unrelated, tasks, leaks, leaks_shown, unsafe, alike

    def _talk(self, turns: Sequence[str]) -> list[tuple[Reply, tuple[Past, ...]]]:
        for _ in turns:
            self._step()
        return self._arms.talk(turns)

    def _trails(self, unrelated: Sequence[Reply]) -> list[likelihood.Trail]:
        """What the base says by itself after the prompts of unrelated questions, with its distributions."""
        model, trails = self._arms.loaded.model, []
        for question, reply in list(zip(self._suite.unrelated, unrelated, strict=True))[:_COMPARED]:
            if self._stopped():
                raise Interrupted
            prompt = self._arms.prompt(question, reply.notes)
            trails.append(likelihood.trail(model, prompt, self._arms.decode(prompt, most=likelihood.LONGEST)))
        return trails

    def _moved(self, trails: Sequence[likelihood.Trail], replies: Sequence[Reply]) -> list[float]:
        """Divergence of each token from the base's distribution; none where the adapter does not speak."""
        moved: list[float] = []
        for trail, reply in zip(trails, replies, strict=False):
            if reply.adapter:
                with self._arms.awake():
                    moved += likelihood.divergence(self._arms.loaded.model, trail)
            else:
                moved += [0.0] * len(trail.said)
        return moved


class _Side:
    """Everything that was answered without the adapter, or with it."""

    def __init__(
        self,
        corrected: tuple[list[dict[str, Answer]], list[bool]],
        unrelated: list[Reply],
        tasks: list[bool],
        leaks: list[bool],
        leaks_shown: list[bool],
        unsafe: list[bool],
        alike: list[bool],
    ) -> None:
        (self.corrected, self.taught_unfit), self.unrelated = corrected, unrelated
        self.tasks, self.leaks, self.leaks_shown, self.unsafe, self.alike = tasks, leaks, leaks_shown, unsafe, alike


def _scored(correction: Correction, question: str, reply: Reply) -> Answer:
    scored = score(reply.text, correction.answer, question=question, wrong=correction.wrong)
    return Answer(text=reply.text, right=scored.right, why=scored.why)


def _count(before: Sequence[bool], after: Sequence[bool]) -> Counted:
    return Counted(before=sum(before), after=sum(after), of=len(before))


def _own_words(reply: Reply) -> bool:
    """Whether all that was shown are the model's own words, as it first wrote them or corrected."""
    return reply.outcome is Outcome.DONE and all(check.done in ("shown", "corrected") for check in reply.sentences)


def _treated(reply: Reply) -> tuple[object, ...]:
    """How a learner was treated: what was done, and whether they were listened to."""
    heard = reply.input_verdict.action if reply.input_verdict else None
    return reply.move, heard, reply.outcome
