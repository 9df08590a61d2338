"""Which sum is a story: what the reader is sure of, else a side question to the loaded model, whose cache stays.

A model says in its file (`tutor.word_sums`) that it was taught to answer. A general model is asked with two examples,
and must give the same sum a second time, sampled. A small model of another world is not asked.
"""

import math
from collections.abc import Sequence
from typing import Final

from tutor.domain import Fact, Generation
from tutor.engine.gguf_file import Header
from tutor.engine.llama import BadNumbers, Interrupted, Model
from tutor.engine.prompt import PromptBuilder
from tutor.engine.protocol import Past
from tutor.tutoring import word_facts, word_sums, word_trust
from tutor.tutoring.sum_reader import Candidate

KEY: Final = "tutor.word_sums"
_GREEDY: Final = Generation(temperature=0.0, repeat_penalty=1.0)
_SAMPLED: Final = Generation(temperature=0.7, repeat_penalty=1.0)
_SEED: Final = 11
_GENERAL: Final = (
    f"{word_sums.SYSTEM} Use only numbers of the problem. Answer with the sum alone, then | and the unit. "
    "Do not work it out."
)
_EXAMPLES: Final = (
    ("tom has 4 bags with 6 pears in each and 5 more pears. how many pears does tom have?", "4 × 6 + 5 | pears"),
    ("a coat costs £30 and a hat costs £12 less. how much is the hat?", "£30 - £12"),
)


class WordSums:
    """Asks one model for sums of stories. One thread, the model's own."""

    def __init__(self, model: Model, builder: PromptBuilder, header: Header, *, scope: str) -> None:
        self._model, self._builder = model, builder
        self._taught = header.metadata.get(KEY) is True
        self._general = not scope and not self._taught

    @property
    def able(self) -> bool:
        """Whether the model can be asked at all."""
        return self._taught or self._general

    def fact(self, story: str, candidates: Sequence[Candidate] = ()) -> Fact | None:
        """The story worked, None when no sum is sure or the learner pressed Stop. Raises UserError (`engine`).

        `candidates`: what the reader found in it. A general model is asked where that is likely and not sure; a model
        that was taught to write sums reads less well than the reader, and is asked only where there is none.
        """
        if not self.able or not word_trust.worth_asking(story, candidates) or (candidates and self._taught):
            return word_trust.fact(story, None, candidates)
        try:
            with self._model.aside():
                found = word_trust.fact(story, self._said, candidates)
                if found is None or self._taught or candidates:
                    return found
                again = word_sums.parse(self._decoded(word_sums.normal(story), _SAMPLED).text, story)
        except (Interrupted, BadNumbers):
            return None
        other = word_facts.fact(again, story) if again is not None else None
        return found if other is not None and other.steps == found.steps else None

    def _said(self, story: str) -> word_trust.Said:
        return self._decoded(story, _GREEDY)

    def _decoded(self, story: str, generation: Generation) -> word_trust.Said:
        model = self._model
        past: Sequence[Past] = ()
        if self._general:
            past = [Past(learner=told, notes="", tutor=said) for told, said in _EXAMPLES]
        model.evaluate(self._builder.ask(_GENERAL if self._general else word_sums.SYSTEM, past, story, ""))
        sampler = model.sampler(generation, _SEED)
        text, least = b"", 1.0
        try:
            for _ in range(word_trust.MAX_TOKENS):
                token = model.sample(sampler)
                if b"|" not in text:
                    least = min(least, math.exp(model.log_probability(token)))
                if model.ends(token) or b"\n" in (piece := model.piece(token)):
                    break
                text += piece
                model.append(token)
        finally:
            sampler.close()
        return word_trust.Said(text.decode("utf-8", errors="replace"), least)
