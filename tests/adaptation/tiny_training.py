"""A tiny model and made-up examples to train it on, also in a process that may be killed."""

import multiprocessing
from pathlib import Path
from random import Random

import msgspec
import torch

from tutor.adaptation.packed.model import PackedModel
from tutor.adaptation.training import checkpoint, loop
from tutor.adaptation.training.examples import Examples, Lesson, Pair
from tutor.adaptation.training.loop import Outcome, Step
from tutor.adaptation.training.replay import Exchange
from tutor.adaptation.training.settings import Settings
from tutor.bench import shapes

SHAPE = shapes.Shape(width=256, layers=2, heads=4, kv_heads=2, feed_forward=256, context=256)
SETTINGS = Settings(tokens=160, epochs=4, wordings=3, rate=1e-2, rank=4, alpha=8.0, top=8, patience=9, seed=1)
KEY = "a training"


def model_file(folder: Path, context: int = 256) -> Path:
    shape = msgspec.structs.replace(SHAPE, context=context)
    return shapes.random_model(folder / "tiny.gguf", shape, shapes.vocabulary(["lunch", " is", " at", " noon"], 300))


def examples(*, wrong: bool = True) -> Examples:
    rng = Random(4)

    def tokens(count: int) -> tuple[int, ...]:
        return tuple(rng.randrange(250) for _ in range(count))

    lessons = []
    for number in range(1, 5):
        answer, carrying = tokens(6), tokens(4)
        pairs = [Pair(prompt=(*tokens(12), *carrying, 9), answer=answer) for _ in range(8)]
        flagged = Pair(prompt=pairs[0].prompt, answer=tokens(6)) if wrong else None
        lessons.append(
            Lesson(
                correction=number,
                sure=tuple(pairs[:2]),
                drawn=tuple(pairs[2:5]),
                recalled=tuple(pairs[5:6]),
                wrong=flagged,
                held=tuple(pairs[6:]),
            )
        )
    replay = tuple(Exchange(prompt=tokens(20), answer=tokens(8), words="", kind="replay") for _ in range(24))
    return Examples(lessons=tuple(lessons), replay=replay, asked={}, left_out=())


def opened(base: Path, settings: Settings = SETTINGS) -> PackedModel:
    return PackedModel.open(
        base, rank=settings.rank, alpha=settings.alpha, seed=settings.seed, threads=1, dtype=torch.float32
    )


def train(base: Path, folder: Path, settings: Settings = SETTINGS, **more: object) -> tuple[Outcome, PackedModel]:
    folder.mkdir(exist_ok=True)
    model = opened(base, settings)
    return loop.train(model, examples(), settings, folder, key=KEY, **more), model  # type: ignore[arg-type]


def train_killably(base: Path, folder: Path, out: Path) -> None:
    """For a process of its own: a checkpoint after every step, the steps told by the length of a file."""
    torch.set_num_threads(1)
    checkpoint._LEAST_SECONDS, checkpoint._SHARE = 0.0, 1e9
    steps = folder / "steps"

    def say(step: Step) -> None:
        with steps.open("a") as file:
            file.write(f"{step.step}\n")

    _outcome, model = train(base, folder, say=say)
    torch.save(model.state(), out)


def process(base: Path, folder: Path, out: Path) -> multiprocessing.Process:
    kind = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    made = multiprocessing.get_context(kind).Process(target=train_killably, args=(base, folder, out))
    made.start()  # type: ignore[attr-defined]
    return made  # type: ignore[return-value]
