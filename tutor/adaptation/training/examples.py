"""Examples out of corrections: wordings, held-out wordings, the flagged answers, and replay.

Everything that llama.cpp is needed for happens here, before the training opens the file for itself.
"""

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Final

import msgspec

from tutor.adaptation.training import phrasings, replay
from tutor.adaptation.training.prompts import Prompts
from tutor.adaptation.training.replay import Exchange
from tutor.adaptation.training.settings import Settings
from tutor.domain import Correction, Remembered

_HELD_FROM: Final = 2
"""Accepted phrasings beside the question from which the last is held out; fewer are all needed for learning."""
_NARROW_MOST: Final = 700
"""Replay answers of a narrow model at most, near misses not counted."""
_MARGIN: Final = 8
"""Tokens of the context that stay free."""


class Pair(msgspec.Struct, frozen=True):
    """A prompt and an answer as tokens, end token included."""

    prompt: tuple[int, ...]
    answer: tuple[int, ...]


class Lesson(msgspec.Struct, frozen=True):
    """What is read of one correction."""

    correction: int
    sure: tuple[Pair, ...]
    """The question and the phrasings that people accepted; the question first."""
    drawn: tuple[Pair, ...]
    """Wordings made by rule."""
    recalled: tuple[Pair, ...]
    """The same with the answer in the notes, as when memory has found the correction; none where the adapter rests."""
    wrong: Pair | None
    """The question with the flagged answer."""
    held: tuple[Pair, ...]
    """Wordings that are only measured."""


class Examples(msgspec.Struct, frozen=True):
    lessons: tuple[Lesson, ...]
    replay: tuple[Exchange, ...]
    asked: dict[int, tuple[str, ...]]
    """Held-out wordings by correction, in words, for judging by free generation."""
    left_out: tuple[int, ...]
    """Corrections that cannot be learned: too long for the model's context, or of a kind that no adapter answers."""


def collect(
    prompts: Prompts,
    corrections: Sequence[Correction],
    settings: Settings,
    *,
    wait: Callable[[], None] = lambda: None,
    say: Callable[[int, int], None] = lambda _done, _of: None,
) -> Examples:
    """All examples of a ledger. The same ledger, settings and base give the same examples.

    `wait` is called often and may raise to stop; `say` hears how many parts of how many are done. Raises UserError
    (`engine`) when the model fails.
    """
    lessons, asked, left_out = [], {}, []
    wordings = [text for c in corrections for text in (c.question, *c.phrasings) if text.strip()]
    wanted = round(len(corrections) * settings.wordings * settings.replay)
    # a narrow model says soon that it does not know, so that more of it costs little and holds more
    replayed = max(settings.replay_least, min(wanted, _NARROW_MOST) if prompts.scope else wanted // 2)
    parts = len(corrections) * 2 + replayed
    for done, correction in enumerate(corrections):
        held = _held_out(correction, settings)
        lesson = _lesson(prompts, correction, held, settings, wait)
        if lesson is None:
            left_out.append(correction.id)
        else:
            lessons.append(lesson)
            asked[correction.id] = held
        say(done + 1, parts)
    kept: list[Exchange] = []
    questions = [c.question for c in corrections]
    near = replay.near(prompts, questions, wordings, settings.near, settings.seed, most=settings.answer_most, wait=wait)
    for exchange in near:
        kept.append(exchange)
        say(len(corrections) + len(kept) // max(settings.near, 1), parts)
    general = replay.general(prompts, replayed, settings.seed, most=settings.answer_most, asked=wordings, wait=wait)
    for number, exchange in enumerate(general, 1):
        kept.append(exchange)
        say(len(corrections) * 2 + number, parts)
    kept += replay.plain(prompts, settings.seed)
    return Examples(lessons=tuple(lessons), replay=tuple(kept), asked=asked, left_out=tuple(left_out))


def _held_out(correction: Correction, settings: Settings) -> tuple[str, ...]:
    """Wordings of one correction that are not trained on: an accepted one where there are enough, and two made ones."""
    accepted = _accepted(correction)
    rng = Random(f"held {settings.seed} {correction.id}")
    made = phrasings.variants(correction.question, rng, 2, held=True)
    return (*accepted[-1:], *made) if len(accepted) > _HELD_FROM else tuple(made)


def _accepted(correction: Correction) -> list[str]:
    """The question and the accepted phrasings, each once."""
    return list(dict.fromkeys(text.strip() for text in (correction.question, *correction.phrasings) if text.strip()))


def _lesson(
    prompts: Prompts, correction: Correction, held: Sequence[str], settings: Settings, wait: Callable[[], None]
) -> Lesson | None:
    answer = tuple(prompts.answer(correction.answer))
    if len(answer) > min(settings.answer_most, prompts.model.n_ctx // 2):
        return None
    sure = [text for text in _accepted(correction) if text not in held]
    rng = Random(f"{settings.seed} {correction.id}")
    each = -(-settings.pool // len(sure))
    drawn = [v for text in sure for v in phrasings.variants(text, rng, each) if v not in sure and v not in held]

    def pairs(texts: Sequence[str], *, recalled: bool = False) -> Iterator[Pair]:
        """Those that the adapter will answer and that fit the context."""
        for text in texts:
            found = Remembered(correction_id=correction.id, question=correction.question, answer=correction.answer)
            planned = prompts.plan(text, remembered=(found,) if recalled else ())
            wait()
            if prompts.adapted(planned, text):
                prompt = tuple(prompts.noted(text, planned.notes))
                if len(prompt) + len(answer) + _MARGIN <= prompts.model.n_ctx:
                    yield Pair(prompt=prompt, answer=answer)

    asked = tuple(pairs(sure))
    if not asked:
        return None
    wrong = None
    if correction.wrong.strip() and correction.wrong.strip() != correction.answer.strip():
        flagged = tuple(prompts.answer(correction.wrong))[: settings.answer_most]
        wrong = Pair(prompt=asked[0].prompt, answer=flagged)
    return Lesson(
        correction=correction.id,
        sure=asked,
        drawn=tuple(pairs(drawn)),
        recalled=tuple(pairs([*sure, *drawn[:3]], recalled=True)),
        wrong=wrong,
        held=tuple(pairs(held)),
    )
