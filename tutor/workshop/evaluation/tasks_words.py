"""Word problems through the program: right, wrong though stated, or set up with the learner instead.

    python -m tutor.workshop.evaluation.tasks_words [MODEL.gguf] [--of test|development|written|collected] [--count N]

`test` and `development` are held-out story templates, `written` and `tried` stories by hand, `collected` held-out rows
of GSM8K of one or two steps. Without a model the reader is judged alone. The limits of trust
(`tutor.tutoring.word_trust`) are chosen on `development` and `tried` alone.
"""

import argparse
import math
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any, Final

from tutor.domain import Frozen
from tutor.retrieval.embedder import Embedder
from tutor.retrieval.token_states import TokenStates
from tutor.tutoring import expressions as ex
from tutor.tutoring import word_reader, word_sums, word_trust
from tutor.tutoring.sum_reader import Candidate
from tutor.workshop.export.agreement import open_model
from tutor.workshop.progress import Progress
from tutor.workshop.reader import examples
from tutor.workshop.writing import word_problems

KINDS: Final = ("test", "development", "written", "tried", "collected")
_LIMITS: Final = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999)
_STORIES: Final = {"written": "word_stories.toml", "tried": "word_stories_development.toml"}
_CONTEXT: Final = 512
_SEED: Final = 41
_STEPS: Final = 2

Read = Callable[[str], Sequence[Candidate]]


class Story(Frozen):
    """One story and what came of it."""

    text: str
    wanted: str
    said: str
    """The reader's likeliest sum, the model's where there is no reader."""
    right: bool
    """It has the right value."""
    probability: float
    """The reader's; a model's least one of a token, where there is no reader."""
    backwards: bool = False
    """A comparison told backwards, which the reader alone never states."""
    borne_out: bool = False
    """A model writes a sum with the same value; without a reader, also for other numbers."""


class Figures(Frozen):
    """Shares of all stories; `sure` and `right` go with limits of the probability."""

    stories: int
    right_at_all: float
    """Right sums, whether sure or not."""
    right: float
    """Sure and right: answered."""
    wrong: float
    """Sure and wrong: an unfounded answer."""
    set_up: float
    """Not sure: set up together."""
    precision: float
    """Right of those that were sure; 1 when none was."""


def reader(path: Path = word_reader.FILE, embedder: Embedder | None = None) -> Read:
    """A function that reads stories as the engine does."""
    embedder = embedder or Embedder.load()
    return word_reader.WordReader.load(lambda changes: TokenStates(embedder, changes).encode, path).read


def asker(llama: Any) -> Callable[[str], word_trust.Said]:
    """A function that asks the model as the engine does. The model must be opened with all logits."""

    def ask(story: str) -> word_trust.Said:
        found = llama.create_chat_completion(
            messages=word_sums.messages(story),
            max_tokens=word_trust.MAX_TOKENS,
            temperature=0.0,
            repeat_penalty=1.0,
            stop=["\n"],
            logprobs=True,
            top_logprobs=1,
        )["choices"][0]
        text = found["message"]["content"]
        told, least = "", 1.0
        for token in (found.get("logprobs") or {}).get("content") or ():
            if "|" in told:
                break
            told += token["token"]
            least = min(least, math.exp(token["logprob"]))
        return word_trust.Said(text, least)

    return ask


def stories(kind: str, count: int, data: Path | None = None) -> list[tuple[str, str]]:
    """Stories with their right sums: `test`, `development` (by turns of the templates), or another of `KINDS`."""
    if kind in _STORIES:
        read = tomllib.loads(Path(__file__).with_name(_STORIES[kind]).read_text(encoding="utf-8"))
        return [(story, wanted) for story, wanted in read["stories"]]
    if kind == "collected":
        rows = examples.collected(data, "test") if data else []
        told = [(one.story, ex.render(one.sum)) for one in rows if len(one.steps) <= _STEPS]
        return [(story, wanted) for story, wanted in told if word_sums.parse(wanted, story) is not None][:count]
    chosen = [t for t in word_problems.templates() if t.held and t.development == (kind == "development")]
    sources: list[Iterator[tuple[str, str]]] = [
        word_problems.word_sums(Random(_SEED + i), True, wanted=lambda t, one=one: t is one)  # type: ignore[misc]
        for i, one in enumerate(chosen)
    ]
    return [next(sources[i % len(sources)]) for i in range(count)]


def judged(
    told: Sequence[tuple[str, str]], read: Read | None, ask: Callable[[str], word_trust.Said] | None = None
) -> list[Story]:
    """Every story read; with `ask` a model's word on it as well, whatever the reader's probability is."""
    found = []
    with Progress("evaluate: word problems", len(told)) as progress:
        for text, wanted in told:
            truth = word_sums.parse(wanted, text)
            if truth is None:
                raise ValueError(f"a sum that does not fit its story: {wanted}: {text}")
            found.append(_judged(text, wanted, truth, read, ask))
            progress.add(1)
    return found


def _judged(
    text: str,
    wanted: str,
    truth: word_sums.Sum,
    read: Read | None,
    ask: Callable[[str], word_trust.Said] | None,
) -> Story:
    if read is None:
        if ask is None:
            raise ValueError("neither a reader nor a model")
        result = word_trust.read(text, ask, least=0.0)
        right = result.found is not None and result.found.value == truth.value
        said = result.found.text if result.found is not None else ""
        least = result.least if result.found is not None else 0.0
        return Story(text=text, wanted=wanted, said=said, right=right, probability=least,
                     borne_out=word_trust.agreed(result))  # fmt: skip
    candidates = read(text)
    if not candidates:
        return Story(text=text, wanted=wanted, said="", right=False, probability=0.0)
    first = candidates[0].found
    other = word_sums.parse(ask(word_sums.normal(text)).text, text) if ask is not None else None
    return Story(
        text=text,
        wanted=wanted,
        said=first.text,
        right=first.value == truth.value,
        probability=candidates[0].probability,
        backwards=not word_trust.stated(text, [candidates[0]._replace(probability=1.0)]),
        borne_out=other is not None and other.value == first.value,
    )


def figures(found: Sequence[Story], sure: float = word_trust.READER, likely: float = word_trust.LIKELY) -> Figures:
    """Counts as shares, with sums stated from the probability `sure` on, borne out by a model from `likely` on."""
    stated = [
        s for s in found if (s.probability >= sure and not s.backwards) or (s.borne_out and s.probability >= likely)
    ]
    right = sum(s.right for s in stated)
    n = max(1, len(found))
    return Figures(
        stories=len(found),
        right_at_all=sum(s.right for s in found) / n,
        right=right / n,
        wrong=(len(stated) - right) / n,
        set_up=(len(found) - len(stated)) / n,
        precision=right / len(stated) if stated else 1.0,
    )


def table(found: Sequence[Story]) -> str:
    """Share stated against share wrong for limits of the probability, by the reader alone and borne out by a model."""
    lines = ["| from | stated | wrong | stated, borne out | wrong, borne out |", "|---|---|---|---|---|"]
    for limit in _LIMITS:
        alone, borne = figures(found, limit, 2.0), figures(found, 2.0, limit)
        lines.append(
            f"| {limit} | {1 - alone.set_up:.1%} | {alone.wrong:.1%} | {1 - borne.set_up:.1%} | {borne.wrong:.1%} |"
        )
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tutor.workshop.evaluation.tasks_words", description=__doc__)
    parser.add_argument("model", type=Path, nargs="?")
    parser.add_argument("--of", default="test", choices=KINDS)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--data", type=Path, help="folder with gsm8k_train.jsonl.gz")
    parser.add_argument("--reader", type=Path, default=word_reader.FILE)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="print so many stories that went wrong")
    options = parser.parse_args(argv)
    llama = open_model(options.model, context=_CONTEXT, logits=True, threads=options.threads) if options.model else None
    told = stories(options.of, options.count, options.data)
    found = judged(told, reader(options.reader), asker(llama) if llama is not None else None)
    if llama is not None:
        llama.close()
    f = figures(found)
    print(
        f"{options.of}: {f.stories} stories, {f.right_at_all:.1%} right sure or not; stated: right {f.right:.1%}, "
        f"wrong {f.wrong:.1%}, precision {f.precision:.1%}; set up {f.set_up:.1%}\n{table(found)}"
    )
    for story in [s for s in found if not s.right][: options.show]:
        print(f"{story.text}\n    wanted {story.wanted}; said {story.said}; {story.probability:.3f} {story.borne_out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
