"""Exchanges about word problems whose sum is not sure, and about learning itself: setting up together, advising."""

from collections.abc import Iterator
from random import Random

from tutor.domain import Move
from tutor.tutoring import study_skills, word_facts
from tutor.workshop.writing import learner_chat as chat
from tutor.workshop.writing import learner_words as their
from tutor.workshop.writing import replies_more
from tutor.workshop.writing.replies import fitting
from tutor.workshop.writing.split import templates
from tutor.workshop.writing.talker import Talker
from tutor.workshop.writing.talks import Turn
from tutor.workshop.writing.tips import TIPS
from tutor.workshop.writing.word_problem_facts import unsolved_stories


class Stories:
    """Makes exchanges with a `Talker`; `held` chooses the held-out stories, wordings and tips."""

    def __init__(self, rng: Random, talker: Talker, *, held: bool) -> None:
        self.rng, self.talker, self.held = rng, talker, held
        self._stories: Iterator[tuple[str, str]] = unsolved_stories(rng, held)

    def set_up(self) -> list[Turn]:
        """A story that is set up together, question by question."""
        story, _ = next(self._stories)
        problem = word_facts.unsolved(story)
        turns = [self._asked(story, word_facts.set_up_question(problem, 0))]
        for rung in range(1, self.rng.choice((1, 2, 3, 4))):
            number = self.rng.random() < 0.15
            bank = (
                their.ATTEMPTS if number else self.rng.choice((their.SETTING_UP, their.SETTING_UP, their.DO_NOT_KNOW))
            )
            words = self.talker.say(bank, a=str(self.rng.randint(2, 400)))
            turns.append(self._asked(words, word_facts.set_up_question(problem, rung, number=number)))
        return turns

    def _asked(self, words: str, question: str) -> Turn:
        reply = fitting(lambda: replies_more.set_up(self.rng, question))
        return self.talker.turn(words, Move.SET_UP, reply, None, kind="story", given=question)

    def advise(self) -> Turn:
        """A question about learning, and one tip."""
        words = self.talker.say(chat.STUDY)
        real = not self.held and self.rng.random() < 0.6
        tip = self.rng.choice(study_skills.tips() if real else templates(TIPS, held=self.held))
        reply = fitting(lambda: replies_more.advise(self.rng, tip))
        return self.talker.turn(words, Move.ADVISE, reply, None, kind="advice", given=tip)
