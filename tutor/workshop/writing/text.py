"""The text stage. Everything is generated here from written wordings and worked problems; nothing is collected."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random

import msgspec

from tutor.workshop.progress import Progress
from tutor.workshop.writing import plain, word_problems
from tutor.workshop.writing.conversations import Converser, Talk, messages
from tutor.workshop.writing.problems import Problem, problems
from tutor.workshop.writing.word_problem_facts import word_problem_facts


def pool(seed: int, count: int, *, held: bool) -> list[Problem]:
    """Different problems, worked out once: `count` sums and the like, and a seventh as many word problems."""
    source = problems(Random(seed), held=held)
    found: dict[str, Problem] = {}
    with Progress("problems", count) as progress:
        while len(found) < count:
            problem = next(source)
            if problem.text not in found:
                found[problem.text] = problem
                progress.add(1)
    stories = word_problem_facts(Random(seed + 100), held)
    for problem in islice(stories, count // 7):
        found.setdefault(problem.text, problem)
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


def sums(seed: int, data: Path | None, *, held: bool = False) -> Iterator[list[dict[str, str]]]:
    """Endless word problems with the sum that the model must write for each, as the running program asks."""
    for story, wanted in word_problems.word_sums(Random(seed), held, data=data):
        yield word_problems.as_messages(story, wanted)


def _lines(*parts: Iterator[list[dict[str, str]]]) -> list[bytes]:
    return [msgspec.json.encode({"messages": said}) for part in parts for said in part]


def practice(
    out: Path,
    *,
    exchanges: int,
    conversations: int,
    number_of_problems: int,
    word_sums: int = 0,
    data: Path | None = None,
    seed: int = 2026,
) -> None:
    """`practice.jsonl`: single exchanges full of numbers, whole conversations, word problems with their sums."""
    chosen = pool(seed + 5, number_of_problems, held=False)
    single, whole = drills(seed + 6, chosen), talks(seed + 7, chosen, held=False)
    lines = _lines(
        (messages(talk) for talk in islice(single, exchanges)),
        (messages(talk) for talk in islice(whole, conversations)),
        islice(sums(seed + 8, data), word_sums),
    )
    Random(seed + 9).shuffle(lines)
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
    first_sums: int = 0,
    second_sums: int = 0,
    data: Path | None = None,
    seed: int = 2026,
) -> None:
    """`pretrain.jsonl` (pages and conversations), `finetune.jsonl` (conversations), `held.jsonl` (for evaluation).

    `first`, `second` and `held` are their numbers of conversations, `first_sums` and `second_sums` of word problems;
    `data` is the folder of collected word problems (see `word_problems.word_sums`). Lines are `{"text": ...}` or
    `{"messages": [...]}`; in `held.jsonl` whole conversations with their facts.
    """
    chosen = pool(seed, number_of_problems, held=False)
    rng = Random(seed + 1)
    source = talks(seed + 2, chosen, held=False)
    stories = sums(seed + 10, data)
    lines = [msgspec.json.encode({"text": plain.page(rng, rng.choice(chosen).fact)}) for _ in range(pages)]
    lines += _lines((messages(talk) for talk in islice(source, first)), islice(stories, first_sums))
    rng.shuffle(lines)
    (out / "pretrain.jsonl").write_bytes(b"\n".join(lines))
    lines = _lines((messages(talk) for talk in islice(source, second)), islice(stories, second_sums))
    rng.shuffle(lines)
    (out / "finetune.jsonl").write_bytes(b"\n".join(lines))
    unseen = talks(seed + 3, pool(seed + 4, held_problems, held=True), held=True)
    (out / "held.jsonl").write_bytes(b"\n".join(msgspec.json.encode(talk) for talk in islice(unseen, held)))
