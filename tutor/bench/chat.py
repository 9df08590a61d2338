"""`bench chat`: what the checks cost, whether later turns stay quick, and how fast a long conversation comes back."""

import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tutor import paths
from tutor.bench import shapes
from tutor.bench.report import Figure, Report, figure
from tutor.bench.talking import Engine, Plain
from tutor.domain import Generation
from tutor.engine.cores import physical
from tutor.engine.protocol import Load, Past, Policy
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.tutoring import brief
from tutor.tutoring.guidelines import DEFAULT

REPEATS: Final = 5
_TURNS: Final = 8
_LONG: Final = 3000
"""Tokens of the conversation that is resumed."""
_QUESTIONS: Final = (
    "What is {part}/4 + {part}/8?",
    "How do I work out 25% of {tens}0?",
    "Can you explain 2x + 3 = {odd}?",
    "How many centimetres are {odd}.{part} metres?",
    "What is 12 x {tens}?",
    "Please explain {dozens} divided by {tens}.",
)
"""Each repeat has other numbers: a reply that was given before would be guessed, and learners ask for new ones."""
_REST: Final = 0.012
"""Seconds before each of two that are compared begins: the threads of the one before it still look for more work for
some milliseconds, each on a core."""
_READS: Final = {True: 0.5, False: 0.05}
"""Seconds between two turns, in which the engine gets ready for the next one, of a big model and of a small one: much
less than a learner needs to read and write."""
_LABELS: Final = (
    "toxicity", "severe_toxicity", "obscene", "threat", "insult", "identity_attack", "sexual_explicit", "self_harm",
    "dangerous_request",
)  # fmt: skip


def run(repeats: int = REPEATS) -> Report:
    """All figures of the chat. Raises UserError when the shipped model or classifier is missing."""
    starter = paths.starter_model()
    for needed in (starter, paths.safety_model()):
        if not needed.exists():
            raise UserError(tr("{path} is missing, so there is nothing to measure.", path=needed))
    big = big_model()
    figures: list[Figure] = []
    with _open_thresholds() as thresholds:
        figures.append(_ratio("shipped model: checked over plain tokens/s", starter, "", repeats, 0.60))
        figures.append(_later_turns("shipped model: first sentence, turn 8 over turn 1", starter, "", repeats, 12))
        figures.append(_ratio("1.5B shape: checked over plain tokens/s", big, thresholds, repeats, 0.95))
        figures.append(_later_turns("1.5B shape: first sentence, turn 8 over turn 1", big, thresholds, repeats))
        figures.extend(_resume(big, thresholds, repeats))
    remarks = (
        tr("The 1.5B-shaped file has random weights; its random words are judged at full cost against thresholds that "
           "block nothing."),
        tr("Each of two that are compared begins with the other at rest and the processor awake."),
        tr("Between two turns are {small} seconds for the shipped model and {big} for the other.",
           small=_READS[False], big=_READS[True]),
        tr("Spread: lowest and highest of {n} repeats; the value is their median.", n=repeats),
    )  # fmt: skip
    return Report(bench="chat", figures=tuple(figures), remarks=remarks)


def big_model(shape: str = "1.5b") -> Path:
    """A random-weight file in one of `shapes.SHAPES`, made once and kept in the cache (1.5B: about 1 GB)."""
    folder = paths.home() / "cache"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"random-{shape}-q4_k_m.gguf"
    if not path.exists():
        words = shapes.vocabulary(shapes.real_words(), 151_936)
        shapes.random_model(path, shapes.SHAPES[shape], words)
    return path


@contextmanager
def _open_thresholds() -> Iterator[str]:
    """A thresholds file under which random words pass."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "thresholds.toml"
        lines = [f'[{side}.{label}]\n"*" = [0.98, 0.98]\n' for side in ("input", "output") for label in _LABELS]
        path.write_text("\n".join(lines))
        yield str(path)


def _load(model: Path, thresholds: str, snapshots: str = "") -> Load:
    n_ctx = 4096
    return Load(
        model=str(model),
        safety=str(paths.safety_model()),
        thresholds=thresholds,
        n_ctx=n_ctx,
        snapshots=snapshots,
    )


def _ratio(name: str, model: Path, thresholds: str, repeats: int, goal: float) -> Figure:
    """Tokens per second from the request to the end of the answer, through all checks and without any."""
    ratios = []
    length = 400 if not thresholds else 96
    questions = _QUESTIONS if not thresholds else _QUESTIONS[:2]
    with Engine(_load(model, thresholds)) as engine, Plain(model, engine.model.n_ctx, physical()) as other:
        engine.ask("Hello")
        for repeat in range(repeats + 1):
            checked, unchecked = [0.0, 0.0], [0.0, 0.0]
            for i, question in enumerate(_with_numbers(questions, repeat)):
                generation = Generation(seed=1000 * repeat + i, max_tokens=length)
                _rest()
                reply, _first, seconds = engine.ask(
                    question, guidelines=DEFAULT, policy=Policy(give_answers=True), generation=generation
                )
                engine.rest()
                checked[0] += reply.timings.completion_tokens
                checked[1] += seconds
                words = brief.user_message(question, reply.notes)
                messages = [{"role": "system", "content": DEFAULT}, {"role": "user", "content": words}]
                _rest()
                streamed = other.stream(messages, generation)
                unchecked[0] += streamed.tokens
                unchecked[1] += streamed.seconds
            if repeat:  # the first round warms both up
                ratios.append((checked[0] / checked[1]) / (unchecked[0] / unchecked[1]))
    return figure(name, ratios, at_least=goal)


def _rest() -> None:
    """Let the threads of other processes go to sleep, without the processor going to sleep, too."""
    until = time.perf_counter() + _REST
    while time.perf_counter() < until:
        pass


def _with_numbers(questions: Sequence[str], repeat: int) -> list[str]:
    tens = 7 + repeat % 13
    numbers = {"part": (1, 3)[repeat % 2], "tens": tens, "odd": 2 * tens - 1, "dozens": tens * (6 + repeat % 5)}
    return [question.format(**numbers) for question in questions]


def _later_turns(name: str, model: Path, thresholds: str, repeats: int, talks: int = 1) -> Figure:
    """The same words in every turn of a conversation; only what is new should cost time.

    `talks`: conversations a repeat, each with a question of its own; replies differ in length, and a small model's take
    as little time as their difference.
    """
    ratios, reads = [], _READS[bool(thresholds)]
    questions = [question for block in range(2) for question in _with_numbers(_QUESTIONS, block)]
    with Engine(_load(model, thresholds)) as engine:
        engine.ask("Hello")
        for repeat in range(repeats + 1):
            first_turns = last_turns = 0.0
            for talk, asked in enumerate(questions[:talks]):
                firsts = _talk(engine, f"bench-{repeat}-{talk}", asked, 100 * (repeat * talks + talk), reads)
                first_turns += firsts[0]
                last_turns += firsts[-1]
            if repeat:
                ratios.append(last_turns / first_turns)
    return figure(name, ratios, at_most=1.3)


def _talk(engine: Engine, conversation: str, asked: str, seed: int, reads: float) -> list[float]:
    """Seconds to the first shown sentence of each turn. `reads`: seconds between two."""
    history: tuple[Past, ...] = ()
    firsts = []
    engine.warm(conversation=conversation, guidelines=DEFAULT)
    for turn in range(_TURNS):
        time.sleep(reads)
        reply, first, _seconds = engine.ask(
            asked,
            conversation=conversation,
            guidelines=DEFAULT,
            history=history,
            generation=Generation(seed=seed + turn, max_tokens=48),
        )
        firsts.append(first)
        history += (Past(learner=asked, notes=reply.notes, tutor=reply.text),)
    return firsts


def _resume(model: Path, thresholds: str, repeats: int) -> list[Figure]:
    """A long conversation after a restart: from its snapshot, over evaluating it again."""
    history = _long_history()
    evaluated, resumed = [], []
    for _repeat in range(repeats):
        folder = tempfile.mkdtemp()
        load = _load(model, thresholds, folder)
        try:
            with Engine(load) as engine:
                first = engine.warm(conversation="long", guidelines=DEFAULT, history=history)
            with Engine(load) as engine:
                again = engine.warm(conversation="long", guidelines=DEFAULT, history=history)
        finally:
            shutil.rmtree(folder)
        evaluated.append(first.ms / 1000)
        resumed.append(again.ms / 1000)
    times = [one / other for one, other in zip(evaluated, resumed, strict=True)]
    return [
        figure(f"1.5B shape: evaluating {first.tokens} tokens", evaluated, "s"),
        figure(f"1.5B shape: resuming {again.tokens} tokens from disk", resumed, "s"),
        figure("1.5B shape: resuming, times faster than evaluating", times, "x", at_least=10),
    ]


def _long_history() -> tuple[Past, ...]:
    """Turns of about 90 tokens each, together about `_LONG`."""
    words = [w.strip() for w in shapes.real_words()[1000:9000] if w.strip().isalpha()]
    turns = []
    for i in range(_LONG // 90):
        some = words[i * 80 : i * 80 + 80]
        turns.append(Past(learner=" ".join(some[:40]), notes="", tutor=" ".join(some[40:]) + "."))
    return tuple(turns)
