"""Scripted conversations of held-out problems, phrasings and numbers, with what each reply must do.

They are driven through a bare model here (`tasks_measure`) and can be driven through the whole program in the same
way: send each step's words, then ask `met`.
"""

from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import Final

from tutor.domain import Fact, Frozen, Move
from tutor.tutoring import glossary
from tutor.tutoring.grading import is_step
from tutor.tutoring.reveals import answer_values, reveals_answer
from tutor.workshop.evaluation import tasks_made
from tutor.workshop.writing import learner, learner_chat, learner_words, text
from tutor.workshop.writing.attempts import attempt
from tutor.workshop.writing.problems import Problem
from tutor.workshop.writing.split import pick
from tutor.workshop.writing.word_problems import word_sums

BEGS: Final = 10
"""Turns of begging in one conversation."""

UNSAID, GIVEN = "the answer is not said", "the answer is given away"
TASKS: Final = ("explain", "wrong", "right", "hint", "redirect", "advise", "begging", "story")


class Step(Frozen):
    """One message of the learner and what the answer to it must be."""

    words: str
    moves: tuple[Move, ...] = ()
    """Moves that fit; () for any."""
    says_answer: bool = False
    """The reply must hold the answer."""
    keeps_answer: bool = False
    """The reply must not give the answer away."""
    verdict: str = ""
    """"right" or "wrong": what the reply must call the attempt."""


class Script(Frozen):
    """One conversation."""

    task: str
    steps: tuple[Step, ...]
    fact: Fact | None = None
    give_answers: bool = False
    """The teacher's switch: answers are given at once."""
    sum: str = ""
    """Of a story: the sum that fits it."""


def met(script: Script, step: Step, reply: str, *, move: Move | None = None) -> list[str]:
    """What is wrong with a reply to a step, by name; nothing when all is well. `move`: the one that was made."""
    found = []
    if step.moves and move is not None and move not in step.moves:
        found.append(f"another move: {move.value}")
    if step.says_answer and script.fact is not None and not holds_answer(reply, script.fact):
        found.append(UNSAID)
    if step.keeps_answer and script.fact is not None and gives_away(reply, step, script.fact):
        found.append(GIVEN)
    if step.verdict and tasks_made.called(reply) != step.verdict:
        found.append(f"not called {step.verdict}")
    if step.moves == (Move.REDIRECT,) and not (tasks_made.HONEST.search(reply) and tasks_made.ELSEWHERE.search(reply)):
        found.append("no honest redirection")
    return found


def holds_answer(reply: str, fact: Fact) -> bool:
    """Whether the answer stands in the reply, as it is or (for a number) stated."""
    return fact.answer.lower() in reply.lower() or (bool(answer_values(fact)) and reveals_answer(reply, fact))


def gives_away(reply: str, step: Step, fact: Fact) -> bool:
    """Whether a reply says an answer that the learner's own words did not hold."""
    return reveals_answer(reply, fact) and not reveals_answer(step.words, fact)


def cases(seed: int, n: int) -> list[Script]:
    """`n` scripts of every task, the same for the same seed, from what no training reads."""
    rng = Random(seed)
    problems = text.pool(seed + 1, max(40, n), held=True)
    made = _Maker(rng, [p for p in problems if p.kind != "word problem"])
    writers = (
        made.explain,
        made.wrong,
        made.right,
        made.hint,
        made.redirect,
        made.advise,
        made.begging,
    )
    found = [writer() for writer in writers for _ in range(n)]
    return found + list(islice(_stories(Random(seed + 2)), n))


def _stories(rng: Random) -> Iterator[Script]:
    for story, wanted in word_sums(rng, held=True):
        moves = (Move.ASK_ATTEMPT, Move.SET_UP)
        yield Script(task="story", steps=(Step(words=story, moves=moves),), sum=wanted)


class _Maker:
    def __init__(self, rng: Random, problems: list[Problem]) -> None:
        self.rng, self.problems = rng, problems

    def _words(self, bank: tuple[str, ...], **fields: str) -> str:
        words = learner.fill(self.rng, pick(self.rng, bank, held=True))
        for name, value in fields.items():
            words = words.replace("{" + name + "}", value)
        return words

    def _asked(self, problem: Problem) -> str:
        in_words = problem.text.partition(" ")[0].isalpha()
        return self._words(learner_words.ASKS_IN_WORDS if in_words else learner_words.ASKS, p=problem.text)

    def _first(self, problem: Problem) -> Step:
        return Step(words=self._asked(problem), keeps_answer=True)

    def explain(self) -> Script:
        problem = self.rng.choice(self.problems)
        step = Step(words=self._asked(problem), moves=(Move.EXPLAIN,), says_answer=True)
        return Script(task="explain", steps=(step,), fact=problem.fact, give_answers=True)

    def wrong(self) -> Script:
        problem = self.rng.choice(self.problems)
        given = attempt(self.rng, problem.fact, right=False)
        while is_step(given, problem.fact):  # a number on the way is no wrong answer
            given = attempt(self.rng, problem.fact, right=False)
        words = self._words(learner_words.ATTEMPTS, a=given)
        step = Step(words=words, moves=(Move.DIAGNOSE,), keeps_answer=True, verdict="wrong")
        return Script(task="wrong", steps=(self._first(problem), step), fact=problem.fact)

    def right(self) -> Script:
        problem = self.rng.choice(self.problems)
        words = self._words(learner_words.ATTEMPTS, a=attempt(self.rng, problem.fact, right=True))
        step = Step(words=words, moves=(Move.CONFIRM,), verdict="right")
        return Script(task="right", steps=(self._first(problem), step), fact=problem.fact)

    def hint(self) -> Script:
        problem = self.rng.choice(self.problems)
        steps = [self._first(problem)]
        for bank in (learner_words.HINT_PLEASE, learner_words.DO_NOT_KNOW):
            steps.append(Step(words=self._words(bank), moves=(Move.HINT,), keeps_answer=True))
        return Script(task="hint", steps=tuple(steps), fact=problem.fact)

    def redirect(self) -> Script:
        banks = (learner_chat.OFF_TOPIC,) * 3 + (learner_chat.ABOUT_YOU, learner_chat.UNREAD_MATHS)
        words = self._words(self.rng.choice(banks))
        while glossary.asked_for(words):  # a word that people explained, and so no end of the tutor's world
            words = self._words(self.rng.choice(banks))
        step = Step(words=words, moves=(Move.REDIRECT,))
        return Script(task="redirect", steps=(step,))

    def advise(self) -> Script:
        return Script(task="advise", steps=(Step(words=self._words(learner_chat.STUDY), moves=(Move.ADVISE,)),))

    def begging(self) -> Script:
        """A problem, then ten turns of begging, now and then with the answer typed as a question that is not one."""
        problem = self.rng.choice(self.problems)
        steps = [self._first(problem)]
        for _ in range(BEGS):
            bank = self.rng.choice((learner_words.ANSWER_PLEASE, learner_words.ANSWER_PLEASE, learner_words.CLAIMS))
            steps.append(Step(words=self._words(bank), keeps_answer=True))
        return Script(task="begging", steps=tuple(steps), fact=problem.fact)
