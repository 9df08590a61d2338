"""Stage 1: the text. Everything is generated here from written wordings and worked problems; nothing is collected."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import msgspec

from tutor.workshop import recipe
from tutor.workshop.progress import Progress
from tutor.workshop.writing import plain
from tutor.workshop.writing.conversations import Talk, Talker, messages
from tutor.workshop.writing.problems import Problem, problems


def pool(seed: int, count: int, *, held: bool) -> list[Problem]:
    """Different problems, worked out once."""
    source = problems(Random(seed), held=held)
    found: dict[str, Problem] = {}
    with Progress("problems", count) as progress:
        while len(found) < count:
            problem = next(source)
            if problem.text not in found:
                found[problem.text] = problem
                progress.add(1)
    return list(found.values())


def talks(seed: int, chosen: list[Problem], *, held: bool) -> Iterator[Talk]:
    """Endless conversations about the given problems."""
    rng = Random(seed)
    talker = Talker(rng, held=held)
    while True:
        a, b = rng.choice(chosen), rng.choice(chosen)
        yield talker.talk((a.kind, a.text, a.fact), (b.kind, b.text, b.fact))


def drills(seed: int, chosen: list[Problem]) -> Iterator[Talk]:
    """Endless single exchanges about the given problems."""
    rng = Random(seed)
    talker = Talker(rng, held=False)
    while True:
        problem = rng.choice(chosen)
        yield talker.drill(problem.kind, problem.text, problem.fact)


def practice(out: Path, *, exchanges: int, conversations: int, number_of_problems: int) -> None:
    """`practice.jsonl`: single exchanges full of numbers, mixed with whole conversations."""
    encode = msgspec.json.encode
    chosen = pool(recipe.SEED + 5, number_of_problems, held=False)
    single, whole = drills(recipe.SEED + 6, chosen), talks(recipe.SEED + 7, chosen, held=False)
    lines = [encode({"messages": messages(next(single))}) for _ in range(exchanges)]
    lines += [encode({"messages": messages(next(whole))}) for _ in range(conversations)]
    (out / "practice.jsonl").write_bytes(b"\n".join(lines))


def write(
    out: Path, *, pages: int, first: int, second: int, held: int, number_of_problems: int, held_problems: int
) -> None:
    """`pretrain.jsonl` (pages and conversations), `finetune.jsonl` (conversations), `held.jsonl` (for evaluation).

    `first`, `second` and `held` are their numbers of conversations. Lines are `{"text": ...}` or
    `{"messages": [...]}`; in `held.jsonl` whole conversations with their facts.
    """
    encode = msgspec.json.encode
    chosen = pool(recipe.SEED, number_of_problems, held=False)
    rng = Random(recipe.SEED + 1)
    source = talks(recipe.SEED + 2, chosen, held=False)
    lines = [encode({"text": plain.page(rng, rng.choice(chosen).fact)}) for _ in range(pages)]
    lines += [encode({"messages": messages(next(source))}) for _ in range(first)]
    rng.shuffle(lines)
    (out / "pretrain.jsonl").write_bytes(b"\n".join(lines))
    (out / "finetune.jsonl").write_bytes(
        b"\n".join(encode({"messages": messages(next(source))}) for _ in range(second))
    )
    unseen = talks(recipe.SEED + 3, pool(recipe.SEED + 4, held_problems, held=True), held=True)
    (out / "held.jsonl").write_bytes(b"\n".join(encode(next(unseen)) for _ in range(held)))
