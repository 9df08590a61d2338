"""A second sample of the answer that was just given, decoded while nothing else is asked, and compared with the first.

A model that says one thing and, at another seed, something else knows neither. The second words are compared here and
forgotten: they are never shown, never sent, never logged.
"""

import re
import time
from collections.abc import Callable, Sequence
from typing import Final, Self

import msgspec
import numpy as np

from tutor.domain import Generation, Reply
from tutor.engine import adapting
from tutor.engine.llama import Interrupted, Model
from tutor.engine.protocol import Ask, Resample, Resampled
from tutor.engine.snapshots import common_length
from tutor.errors import UserError
from tutor.moderation.spelling import vocabulary
from tutor.retrieval import likeness, words

SECONDS: Final = 20.0
"""The most that a second sample may take; what is not done by then is not compared."""
_LONGER: Final = 2
"""Tokens of the second sample, in those of the first."""
_ROOM: Final = 16
_WARMTH: Final = 0.7
"""Temperature at least: a model that decodes greedily would only repeat itself."""
_SEED: Final = 0x5EC04D
_COSINE, _SHARE = 0.7, 0.45
"""Below both, two answers are about different things: they share neither meaning nor words."""
_YES: Final = re.compile(r"\W*(?:yes|yeah|yep|of course|correct|true)\b", re.IGNORECASE)
_NO: Final = re.compile(r"\W*(?:no|nope|not|false|incorrect)\b", re.IGNORECASE)
_ASKS: Final = re.compile(
    r"\?|^\W*(?:(?:can you )?(?:please )?(?:tell me|explain|say)\b|"
    r"(?:what|which|when|where|who|whose|why|how|is|are|was|were|do|does|did|can|has|have)\b)",
    re.IGNORECASE,
)
_FREE: Final = re.compile(
    r"\b(?:stor(?:y|ies)|poems?|songs?|jokes?|riddles?|games?|quiz|examples?|imagine|pretend|invent|make up|favourites?"
    r"|(?:write|draw|sing|play|suggest|recommend)(?: me)?|you (?:like|think|feel)|should i|are you|help me)\b",
    re.IGNORECASE,
)
"""What may be answered in one way today and in another tomorrow."""
_NAME: Final = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]{2,}")
"""A capital inside a sentence."""


class Said(msgspec.Struct, frozen=True):
    """What the model said last, in its own words."""

    request: int
    question: str
    prompt: tuple[int, ...]
    text: str
    tokens: int
    generation: Generation
    adapted: bool
    """The adapter worded it."""

    @classmethod
    def of(cls, ask: Ask, prompt: Sequence[int], reply: Reply) -> Self:
        return cls(
            request=ask.id,
            question=ask.text,
            prompt=tuple(prompt),
            text=reply.text,
            tokens=reply.timings.completion_tokens,
            generation=ask.generation,
            adapted=bool(reply.adapter),
        )


class Apart(msgspec.Struct, frozen=True):
    """How far two answers are apart, 0 to 1, and in what: numbers | answer | names | meaning; "" when they agree."""

    score: float = 0.0
    why: str = ""


class Second:
    """Of one loaded model. One thread."""

    def __init__(self, model: Model, encode: Callable[[Sequence[str]], tuple[bytes, ...]], scope: str) -> None:
        """`encode` gives vectors of length 1; it raises UserError where there is no encoder. `scope`: of the model."""
        self._model, self._encode, self._scope = model, encode, scope

    def look(self, request: Resample, said: Said | None) -> Resampled:
        """Compare, when `said` is the answer that is meant. Another request ends it at once, as does the time."""
        if said is None or said.request != request.of or not said.text.strip() or not asks_one_thing(said.question):
            return Resampled(id=request.id)
        try:
            other = self._sample(said)
        except Interrupted:
            return Resampled(id=request.id, cut=True)
        if not other:
            return Resampled(id=request.id)
        found = apart(said.text, other, said.question, self._cosine(said.text, other))
        return Resampled(id=request.id, score=round(found.score, 3), why=found.why)

    def _sample(self, said: Said) -> str:
        """Its words; "" when time or room ran out. The cache is put back. Raises Interrupted."""
        model, tokens = self._model, list[int]()
        end = time.monotonic() + SECONDS
        warm = msgspec.structs.replace(said.generation, temperature=max(said.generation.temperature, _WARMTH))
        resting = self._scope and said.adapted
        if not resting and common_length(model.tokens, list(said.prompt)) < len(said.prompt) - 1:
            raise Interrupted  # the conversation went on without it, and all of it would be evaluated again
        with adapting.awake(model) if resting else model.aside():
            model.evaluate(said.prompt)
            sampler = model.sampler(warm, _SEED + said.request)
            try:
                for _ in range(min(_LONGER * said.tokens + _ROOM, model.n_ctx - len(said.prompt) - 1)):
                    token = model.sample(sampler)
                    if model.ends(token):
                        return b"".join(map(model.piece, tokens)).decode(errors="replace").strip()
                    if time.monotonic() > end or model.interrupt.is_set():
                        break
                    tokens.append(token)
                    model.append(token)
            finally:
                sampler.close()
        if model.interrupt.is_set():
            raise Interrupted
        return ""

    def _cosine(self, one: str, other: str) -> float | None:
        try:
            rows = [np.frombuffer(row, dtype="<f4") for row in self._encode((one, other))]
        except UserError:
            return None
        return float(rows[0] @ rows[1])


def asks_one_thing(question: str) -> bool:
    """Whether there is one answer to it, however it is worded: no chat, and nothing made up."""
    return bool(_ASKS.search(question)) and not _FREE.search(question)


def apart(one: str, other: str, question: str, cosine: float | None) -> Apart:
    """Compare two answers to a question by numbers, by yes or no, by names, and by meaning (`cosine`, where known)."""
    ranks = vocabulary()
    a, b, asked = (words.read(text, ranks) for text in (one, other, question))
    mine, theirs = ((read.numbers - read.loose) - asked.numbers for read in (a, b))
    if mine and theirs and not (mine <= theirs or theirs <= mine):
        return Apart(1.0, "numbers")
    if _stance(one) * _stance(other) < 0:
        return Apart(1.0, "answer")
    known = {name.lower() for name in re.findall(r"\w+", question)}
    mine_named, theirs_named = ({name for name in _NAME.findall(t) if name.lower() not in known} for t in (one, other))
    if mine_named and theirs_named and not mine_named & theirs_named:
        return Apart(0.8, "names")
    whole = sum(a.weights.values()) + sum(b.weights.values())
    share = 2 * likeness.align(a, b).shared / whole if whole else 1.0
    if cosine is not None and cosine < _COSINE and share < _SHARE:
        return Apart(1.0 - (cosine + share) / 2, "meaning")
    return Apart()


def _stance(answer: str) -> int:
    return 1 if _YES.match(answer) else -1 if _NO.match(answer) else 0
