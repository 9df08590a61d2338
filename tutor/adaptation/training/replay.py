"""Replay: what the base model itself answers to learners' words that no correction is about.

Played through the program's own policy, some over several turns, so that every kind of notes is met. The training
keeps the adapted model at these answers. Near misses are questions that look like a corrected one and are another.
"""

import tomllib
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

import msgspec

from tutor.adaptation.training import phrasings
from tutor.adaptation.training.prompts import GREEDY, USUAL, Prompts
from tutor.domain import Generation, TutoringState
from tutor.engine.protocol import Past
from tutor.tutoring import study_skills

_TURNS_MOST: Final = 2
_SHARES: Final = (("maths", 0.45), ("world", 0.35), ("chat", 0.15), ("learning", 0.05))
_NARROW: Final = (("world", 0.7), ("chat", 0.3))
"""On a narrow model the adapter speaks only where its world ends (`tutoring.adapted`); the rest cannot change."""
_OTHERWISE: Final = 0.6
"""Share of the questions about the world that are put in other words, or made of a frame and a thing."""
_ATTEMPTS: Final = 10
"""Conversations that are begun for each exchange at most; some lead nowhere."""
_TIPS: Final = 48
"""Pieces of advice about learning that are read as plain text."""
_BEGUN: Final = 1
"""Tokens with which a plain text begins."""
_SAME: Final = 0.6
"""Share of its carrying words from which a near miss is taken for the corrected question itself."""


class Exchange(msgspec.Struct, frozen=True):
    """One prompt and what the base model answered, as tokens; the end token included."""

    prompt: tuple[int, ...]
    answer: tuple[int, ...]
    words: str
    """What was asked last; kept in memory only."""
    kind: str
    """replay | near | plain"""


@cache
def lists() -> dict[str, list[str]]:
    return tomllib.loads((Path(__file__).parent / "replay_prompts.toml").read_text(encoding="utf-8"))


def general(
    prompts: Prompts,
    count: int,
    seed: int,
    *,
    most: int,
    asked: Sequence[str] = (),
    wait: Callable[[], None] = lambda: None,
) -> Iterator[Exchange]:
    """Up to `count` exchanges of conversations about other things than are `asked`.

    `wait` is called between answers and may raise.
    """
    rng = Random(seed)
    known = _known(asked)
    made = 0
    opened: dict[str, list[str]] = {}
    for _ in range(count * _ATTEMPTS):
        shares = _NARROW if prompts.scope else _SHARES
        (kind,) = rng.choices([k for k, _ in shares], [w for _, w in shares])
        left = opened.setdefault(kind, [])
        if not left:
            left.extend(rng.sample(lists()[kind], len(lists()[kind])))
        turns = rng.randint(1, _TURNS_MOST) if kind == "maths" else 1
        words = _filled(rng, left.pop(), TutoringState())
        if kind == "world" and (chance := rng.random()) < _OTHERWISE:
            words = phrasings.variants(words, rng, 1)[0] if chance < _OTHERWISE / 2 else _about(rng)
        if kind == "world" and _same(words, known):
            continue
        for exchange in _talk(prompts, rng, words, turns, most, wait):
            yield exchange
            made += 1
            if made == count:
                return


def plain(prompts: Prompts, seed: int) -> Iterator[Exchange]:
    """Plain texts, read on from their first words: outside a conversation the language must stay, too."""
    first = prompts.model.bos()
    tips = study_skills.tips()
    for text in (*lists()["plain"], *Random(seed).sample(tips, min(_TIPS, len(tips)))):
        tokens = prompts.model.tokenize(text)
        begun = [*([first] if first is not None else []), *tokens[:_BEGUN]]
        if len(tokens) > _BEGUN:
            yield Exchange(prompt=tuple(begun), answer=tuple(tokens[_BEGUN:]), words=text, kind="plain")


def near(
    prompts: Prompts,
    questions: Sequence[str],
    asked: Sequence[str],
    per_question: int,
    seed: int,
    *,
    most: int,
    wait: Callable[[], None] = lambda: None,
) -> Iterator[Exchange]:
    """Near misses of each question, answered by the base. None of them asks what one of `asked` asks."""
    rng = Random(seed)
    known = _known(asked)
    for question in questions:
        for text in near_misses(question, rng, per_question, known):
            plan = prompts.plan(text)
            if prompts.adapted(plan, text):
                yield from _answered(prompts, rng, text, plan.notes, (), "near", most)
            wait()


Known = Sequence[tuple[frozenset[str], frozenset[str]]]


def near_misses(question: str, rng: Random, count: int, known: Known) -> list[str]:
    """Questions that share words with `question` and mean something else than all of `known`."""
    found: dict[str, None] = {}
    carrying = sorted(phrasings.keywords(question))
    for _ in range(count * 6):
        if len(found) == count:
            break
        word = rng.choice(carrying)
        if rng.random() < 0.65:
            other = rng.choice(lists()["things"] if rng.random() < 0.75 else lists()["doings"])
            text = _replaced(question, word, other)
            if rng.random() < 0.5:
                text = phrasings.variants(text, rng, 1)[0]
        else:
            text = rng.choice(lists()["about"]).replace("{x}", rng.choice(("the ", "a ", "")) + word)
        if not _same(text, known):
            found[text] = None
    return list(found)


def _known(asked: Sequence[str]) -> Known:
    return [(phrasings.keywords(text), phrasings.asks(text)) for text in asked]


def _about(rng: Random) -> str:
    """A question about something at random."""
    return rng.choice(lists()["about"]).replace("{x}", rng.choice(("the ", "a ", "")) + rng.choice(lists()["things"]))


def _replaced(question: str, word: str, other: str) -> str:
    start = question.lower().index(word)
    return question[:start] + other + question[start + len(word) :]


def _same(text: str, known: Known) -> bool:
    """Whether a text may ask what one of the known questions asks."""
    words, asks = phrasings.keywords(text), phrasings.asks(text)
    for carrying, asked in known:
        shared = len(words & carrying)
        if carrying <= words and (asks & asked or not asked or not asks):
            return True
        if len(carrying) > 2 and shared >= _SAME * len(carrying) and shared == len(words):
            return True
    return False


def _talk(
    prompts: Prompts, rng: Random, words: str, turns: int, most: int, wait: Callable[[], None]
) -> Iterator[Exchange]:
    history: tuple[Past, ...] = ()
    state = TutoringState()
    for _ in range(turns):
        plan = prompts.plan(words, state=state)
        if not prompts.adapted(plan, words):
            return
        answered = list(_answered(prompts, rng, words, plan.notes, history, "replay", most))
        if not answered:
            return
        (exchange,) = answered
        yield exchange
        wait()
        history = (*history, Past(learner=words, notes=plan.notes, tutor=prompts.text(exchange.answer)))
        state = plan.state
        if state.problem is None:
            return
        words = _filled(rng, rng.choice(lists()["next"]), state)


def _answered(
    prompts: Prompts, rng: Random, words: str, notes: str, history: tuple[Past, ...], kind: str, most: int
) -> Iterator[Exchange]:
    """Greedy and as the program decodes by turns: what the base says, and what it may say; nothing without room."""
    generation: Generation = GREEDY if rng.random() < 0.5 else USUAL
    seed = rng.getrandbits(31)
    prompt = prompts.noted(words, notes, history=history)
    if len(prompt) + most < prompts.model.n_ctx:
        answer = prompts.generate(prompt, generation=generation, most=most, seed=seed)
        yield Exchange(prompt=tuple(prompt), answer=tuple(answer), words=words, kind=kind)


def _filled(rng: Random, text: str, state: TutoringState) -> str:
    answer = state.problem.answer if state.problem is not None else "7"
    wrong = str(rng.randint(2, 99))
    text = text.replace("{answer}", answer).replace("{wrong}", wrong)
    while "{n}" in text:
        text = text.replace("{n}", str(rng.randint(11, 480)), 1)
    while "{m}" in text:
        text = text.replace("{m}", str(rng.randint(2, 99)), 1)
    while "{d}" in text:
        text = text.replace("{d}", str(rng.randint(2, 9)), 1)
    return text
