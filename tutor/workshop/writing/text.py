"""The text stage. Everything is generated here from written wordings and worked problems; nothing is collected."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import msgspec

from tutor.workshop.progress import Progress
from tutor.workshop.writing import plain
from tutor.workshop.writing.conversations import Converser, Talk, messages
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
    converser = Converser(rng, held=held)
    while True:
        yield converser.talk(rng.choice(chosen), rng.choice(chosen))


def drills(seed: int, chosen: list[Problem]) -> Iterator[Talk]:
    """Endless single exchanges about the given problems."""
    rng = Random(seed)
    converser = Converser(rng, held=False)
    while True:
        yield converser.drill(rng.choice(chosen))


def practice(out: Path, *, exchanges: int, conversations: int, number_of_problems: int, seed: int = 2026) -> None:
    """`practice.jsonl`: single exchanges full of numbers, mixed with whole conversations."""
    encode = msgspec.json.encode
    chosen = pool(seed + 5, number_of_problems, held=False)
    single, whole = drills(seed + 6, chosen), talks(seed + 7, chosen, held=False)
    lines = [encode({"messages": messages(next(single))}) for _ in range(exchanges)]
    lines += [encode({"messages": messages(next(whole))}) for _ in range(conversations)]
    (out / "practice.jsonl").write_bytes(b"\n".join(lines))


def write(
    out: Path,
    *,
    pages: int,
    first: int,
    second: int,
    held: int,
    number_of_problems: int,
    held_problems: int,
    seed: int = 2026,
) -> None:
    """`pretrain.jsonl` (pages and conversations), `finetune.jsonl` (conversations), `held.jsonl` (for evaluation).

    `first`, `second` and `held` are their numbers of conversations. Lines are `{"text": ...}` or
    `{"messages": [...]}`; in `held.jsonl` whole conversations with their facts.
    """
    encode = msgspec.json.encode
    chosen = pool(seed, number_of_problems, held=False)
    rng = Random(seed + 1)
    source = talks(seed + 2, chosen, held=False)
    lines = [encode({"text": plain.page(rng, rng.choice(chosen).fact)}) for _ in range(pages)]
    lines += [encode({"messages": messages(next(source))}) for _ in range(first)]
    rng.shuffle(lines)
    (out / "pretrain.jsonl").write_bytes(b"\n".join(lines))
    (out / "finetune.jsonl").write_bytes(
        b"\n".join(encode({"messages": messages(next(source))}) for _ in range(second))
    )
    unseen = talks(seed + 3, pool(seed + 4, held_problems, held=True), held=True)
    (out / "held.jsonl").write_bytes(b"\n".join(encode(next(unseen)) for _ in range(held)))
