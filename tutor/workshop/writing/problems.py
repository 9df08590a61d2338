"""Random problems as learners write them, and the facts that the running program finds in them."""

import re
from collections.abc import Iterator
from random import Random

from tutor.domain import Fact
from tutor.tutoring.facts import facts_in
from tutor.workshop.writing.amounts import sum_typed
from tutor.workshop.writing.problems_number import NUMBER_KINDS
from tutor.workshop.writing.problems_parts import PART_KINDS
from tutor.workshop.writing.problems_topics import TOPIC_KINDS
from tutor.workshop.writing.split import held_problem, templates

KINDS = NUMBER_KINDS | PART_KINDS | TOPIC_KINDS

_COMMAS = ("addition", "subtraction")
"""Kinds whose numbers may be written with a comma: these must be read as one number."""
_DIGITS = re.compile(r"\d+")


class Problem:
    """A problem as written by a learner, its kind and template of ours, and the fact that the program finds in it."""

    __slots__ = ("fact", "kind", "template", "text")

    def __init__(self, kind: str, template: str, text: str, fact: Fact) -> None:
        self.kind, self.template, self.text, self.fact = kind, template, text, fact


def drawn(rng: Random, name: str, *, held: bool) -> tuple[str, str]:
    """A template of a kind and the problem made from it; `held` chooses the held-out templates."""
    kind = KINDS[name]
    template = rng.choice(templates(kind.templates, held=held))
    return f"{name}: {template}", sum_typed(rng, template.format(**kind.values(rng)))


def problems(rng: Random, *, held: bool) -> Iterator[Problem]:
    """Endless problems of the held-out or the training part; what the program cannot read is passed over."""
    names = list(KINDS)
    weights = [KINDS[name].weight for name in names]
    while True:
        kind = rng.choices(names, weights)[0]
        template, text = drawn(rng, kind, held=held)
        facts = facts_in(text)
        if len(facts) != 1:
            continue
        if kind in _COMMAS and not {*_DIGITS.findall(facts[0].question)} <= {*_DIGITS.findall(text.replace(",", ""))}:
            continue
        if held_problem(facts[0].question) == held:
            yield Problem(kind, template, text, facts[0])
