"""Which token comes next in one reply: the seed of each try, what a narrow model may say, and how unsure it was."""

import random
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from tutor.domain import Generation
from tutor.engine.copying import Copying, Writing
from tutor.engine.llama import Model
from tutor.engine.sampler import Sampler

_SEED_STEP: Final = 7919


class Choosing:
    """Of one reply. The model's own thread."""

    def __init__(self, model: Model, generation: Generation, *, retry: int) -> None:
        """`retry`: how often the learner asked for another answer already."""
        self._model, self._generation, self._retry = model, generation, retry
        self._sampler: Sampler | None = None
        self._entropies: list[float] = []
        """Of each token where it was chosen."""
        self.copying: Copying | None = None
        """Of a narrow model, where its reply rests on notes with numbers."""
        self._writing: Writing | None = None
        """The try that is under way."""
        self.own = False
        """The model finds the words: a general one, or the adapter of a narrow one, whose own are few and learned."""

    @property
    def doubt(self) -> float:
        """How unsure the model was of its own words, in nats a token; 0 where they are not its own."""
        return sum(self._entropies) / len(self._entropies) if self._entropies else 0.0

    def foreseen(self, sentence: str, *, stands: bool) -> str:
        """The whole sentence that an unfinished one will most probably be, "" where that is open.

        `stands`: it could end here: 3. may be the end, where 3.5 is no number of the notes.
        """
        if stands:
            writing = self._writing
            return sentence if writing is None or "" in writing.ways() or writing.allows(b"") else ""
        end = self.copying.conclusion(sentence) if self.copying else ""
        return sentence.rstrip() + end if end else ""

    def close(self) -> None:
        """Free what a try holds."""
        if self._sampler is not None:
            self._sampler.close()
            self._sampler = None

    def sample(self, attempt: int, replay: Sequence[int]) -> Callable[[], int]:
        """Tokens for one try; later tries and Regenerate use other seeds and are a little less sure of themselves."""
        generation = self._generation
        again = attempt % 10 - 1 + self._retry
        seed = generation.seed if generation.seed >= 0 else random.getrandbits(31)
        if again > 0:
            warmer = max(generation.temperature, min(0.5 + 0.2 * again, 1.0))
            generation = msgspec.structs.replace(generation, temperature=warmer)
        self.close()
        model = self._model
        sampler = self._sampler = model.sampler(generation, seed + _SEED_STEP * (attempt - 1 + again), replay)
        taken = len(replay)
        writing = self._writing = self.copying.after(map(model.piece, replay)) if self.copying else None
        put: list[int] = []

        def take() -> int:
            nonlocal taken
            if self.own:
                del self._entropies[taken:]  # of a try that was given up
                self._entropies.append(model.entropy())
                taken += 1
            if writing is None:
                return model.sample(sampler)
            if not put:
                among = tuple(dict.fromkeys(map(model.first, writing.ways())))
                put.append(model.sample(sampler, lambda other: writing.allows(model.spoken(other)), among))
            token = put.pop(0)
            writing.add(model.spoken(token))
            if not put and (forced := writing.forced()):
                put.extend(model.tokenize(forced))
            model.coming = put
            return token

        return take
