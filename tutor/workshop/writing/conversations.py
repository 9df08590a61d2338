"""Conversations between a learner and the tutor, in the very prompt form of the running program."""

from random import Random

from tutor.domain import Fact, Move
from tutor.workshop.writing import learner_chat, learner_words
from tutor.workshop.writing.invented import invented
from tutor.workshop.writing.problems import Problem
from tutor.workshop.writing.stories import Stories
from tutor.workshop.writing.talker import Talker
from tutor.workshop.writing.talks import Talk, Turn, messages

__all__ = ["Converser", "Talk", "Turn", "messages"]

_HINTS = 3
"""Hints before the program explains, its default."""

_EVENTS = {"stuck": 26, "attempt": 20, "right": 22, "beg": 14, "step": 4, "chat": 5, "greet": 1, "away": 5, "stop": 3}


class Converser:
    """Makes conversations; `held` chooses the held-out wordings. Give it held-out problems with them."""

    def __init__(self, rng: Random, *, held: bool) -> None:
        self.rng, self.held, self.talker = rng, held, Talker(rng, held=held)
        self.stories = Stories(rng, self.talker, held=held)

    def about(self, problem: Problem, *, begging: bool = False) -> list[Turn]:
        """One problem from the question to its end (or to where the learner leaves it), as the policy would go."""
        rng, talker = self.rng, self.talker
        fact = problem.fact
        if not self.held and rng.random() < 0.15:
            fact = invented(rng, fact)
        start = rng.random()
        if start < 0.04:
            return [talker.confirm(problem, fact, stated=True)]
        if start < 0.1:
            turns, rung, attempts = [talker.diagnose(problem, fact, 0, stated=True)], 1, 1
        elif start < 0.16:
            turns, rung, attempts = [talker.hint(problem, fact, 0, stated=True)], 1, 0
        elif start < 0.19:
            return [talker.explain(problem, fact, stated=True)]
        else:
            turns, rung, attempts = [talker.ask_attempt(problem, fact, "new")], 0, 0
        events = dict(_EVENTS)
        if begging:
            events.update(beg=90, stuck=15, attempt=12, right=3)
        for _ in range(rng.randint(4, 9) if begging else rng.randint(1, 6)):
            event = rng.choices(list(events), list(events.values()))[0]
            if event == "right":
                turns.append(talker.confirm(problem, fact))
                return turns + self.after(problem, fact)
            due = attempts > 0 and rung >= _HINTS
            if due and event in ("stuck", "attempt", "beg", "stop"):
                turns.append(talker.explain(problem, fact))
                return turns + self.after(problem, fact)
            if event in ("stuck", "stop") or (event == "step" and len(fact.steps) > 1):
                if rung >= _HINTS:
                    turns.append(talker.ask_attempt(problem, fact, "stuck"))
                else:
                    turns.append(talker.hint(problem, fact, rung, step=event == "step"))
                    rung += 1
                attempts += event == "step"
            elif event == "attempt":
                turns.append(talker.diagnose(problem, fact, rung))
                rung, attempts = rung + 1, attempts + 1
            elif event == "beg":
                if attempts == 0 or rung == 0:
                    turns.append(talker.ask_attempt(problem, fact, "begged"))
                else:
                    turns.append(talker.hint(problem, fact, rung - 1, begged=True))
            else:
                turns.append(self.aside(event, fact))
        return turns

    def aside(self, event: str, fact: Fact | None) -> Turn:
        """Words that leave an open problem where it is."""
        if event == "greet":
            return self.talker.greet(fact)
        return self.talker.redirect(fact) if event == "away" else self.talker.acknowledge(fact)

    def after(self, problem: Problem, fact: Fact) -> list[Turn]:
        """Sometimes the learner asks how it was done, or says thanks."""
        chance = self.rng.random()
        if chance < 0.1:
            return [self.talker.explain(problem, fact, asked=True)]
        return [self.talker.acknowledge()] if chance < 0.25 else []

    def drill(self, problem: Problem) -> Talk:
        """One exchange full of numbers, for practising to say exactly what the notes say."""
        rng, talker = self.rng, self.talker
        fact = invented(rng, problem.fact) if rng.random() < 0.2 else problem.fact
        move = rng.choices(
            (
                Move.EXPLAIN,
                Move.DIAGNOSE,
                Move.CONFIRM,
                Move.HINT,
                Move.ASK_ATTEMPT,
                Move.REDIRECT,
                Move.ADVISE,
                Move.SET_UP,
            ),
            (9, 6, 5, 4, 2, 1.5, 0.7, 0.7),
        )[0]
        open_problem = fact if rng.random() < 0.4 else None
        if move is Move.EXPLAIN:
            turn = talker.explain(problem, fact)
        elif move is Move.DIAGNOSE:
            turn = talker.diagnose(problem, fact, rng.randint(0, 2))
        elif move is Move.CONFIRM:
            turn = talker.confirm(problem, fact)
        elif move is Move.HINT:
            turn = talker.hint(problem, fact, rng.randint(0, 2))
        elif move is Move.ASK_ATTEMPT:
            turn = talker.ask_attempt(problem, fact, rng.choice(("new", "begged", "stuck")))
        elif move is Move.REDIRECT:
            turn = talker.redirect(open_problem)
        elif move is Move.ADVISE:
            turn = self.stories.advise()
        else:
            turn = self.stories.set_up()[0]
        return Talk(system=talker.system() if rng.random() < 0.4 else "", turns=(turn,))

    def talk(self, problem: Problem, other: Problem) -> Talk:
        """A conversation of one to ten turns about one problem or two, with small talk around them."""
        rng, talker = self.rng, self.talker
        turns: list[Turn] = []
        if rng.random() < 0.2:
            turns.append(talker.greet())
        if rng.random() < 0.15:
            turns += [talker.redirect() for _ in range(rng.choice((1, 1, 2)))]
        if rng.random() < 0.08:
            turns.append(self.stories.advise())
        if rng.random() < 0.07:
            turns += self.stories.set_up()
        if not turns or rng.random() < 0.8:
            turns += self.about(problem, begging=rng.random() < 0.12)
        if rng.random() < 0.1:
            turns.append(talker.acknowledge())
        if rng.random() < 0.15:
            turns += self.about(other)
        if rng.random() < 0.06:
            turns.append(talker.redirect())
        return Talk(system=talker.system(), turns=tuple(turns[:10]))


BANKS = {
    name: bank
    for module in (learner_words, learner_chat)
    for name, bank in vars(module).items()
    if name.isupper() and isinstance(bank, tuple)
}
"""Every bank of learners' wordings, by name."""
