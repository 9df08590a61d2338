"""Word problems for tutoring conversations: the story as the learner types it, and the fact that the program makes."""

from collections.abc import Iterator
from random import Random

from tutor.tutoring import word_facts, word_sums
from tutor.workshop.writing.problems import Problem
from tutor.workshop.writing.split import held_problem
from tutor.workshop.writing.word_problems import word_sums as stories

NAME = "word problem"


def word_problem_facts(rng: Random, held: bool) -> Iterator[Problem]:
    """Endless word problems with their facts; a held-out one has a held-out story form."""
    for story, asked in stories(rng, held):
        found = word_sums.parse(asked, story)
        fact = word_facts.fact(found, story) if found is not None else None
        if found is not None and fact is not None and (held or not held_problem(found.text)):
            yield Problem(NAME, f"{NAME}: {asked}", story, fact)


def unsolved_stories(rng: Random, held: bool) -> Iterator[tuple[str, str]]:
    """Endless stories to set up together, each with one of the questions that the program asks."""
    for story, _asked in stories(rng, held):
        problem = word_facts.unsolved(story)
        yield story, word_facts.set_up_question(problem, rng.randint(0, 3), number=rng.random() < 0.1)
