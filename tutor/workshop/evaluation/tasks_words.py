"""Word problems, judged in llama.cpp: right, wrong though sure, or set up with the learner instead.

    python -m tutor.workshop.evaluation.tasks_words MODEL.gguf [--of test|development|written|collected] [--count N]

`test` and `development` are held-out story templates, `written` stories by hand, `collected` held-out rows of GSM8K.
The limit of trust (`tutor.tutoring.word_trust.LEAST`) is chosen on `development` alone.
"""

import argparse
import math
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, Final

from tutor.domain import Frozen
from tutor.tutoring import word_sums, word_trust
from tutor.workshop.export.agreement import open_model
from tutor.workshop.progress import Progress
from tutor.workshop.writing import word_problems, word_problems_gsm

_LIMITS: Final = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
_STORIES: Final = Path(__file__).with_name("word_stories.toml")
_CONTEXT: Final = 512
_SEED: Final = 41


class Story(Frozen):
    """One story and what came of it."""

    text: str
    wanted: str
    said: str
    right: bool
    """The model's sum has the right value."""
    least: float
    agreeing: bool
    """The same sum came for other numbers, as often as trust needs it."""


class Figures(Frozen):
    """Shares of all stories; `sure` and `right` go with a limit of the least probability."""

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
    """Stories with their right sums: `test`, `development` (by turns of the templates), `written`, `collected`."""
    if kind == "written":
        return [(story, wanted) for story, wanted in tomllib.loads(_STORIES.read_text(encoding="utf-8"))["stories"]]
    if kind == "collected":
        return list(islice(word_problems_gsm.rows(data, held=True), count)) if data else []
    chosen = [t for t in word_problems.templates() if t.held and t.development == (kind == "development")]
    sources: list[Iterator[tuple[str, str]]] = [
        word_problems.word_sums(Random(_SEED + i), True, wanted=lambda t, one=one: t is one)  # type: ignore[misc]
        for i, one in enumerate(chosen)
    ]
    return [next(sources[i % len(sources)]) for i in range(count)]


def judged(ask: Callable[[str], word_trust.Said], told: Sequence[tuple[str, str]]) -> list[Story]:
    """Every story asked about, with its variants whatever the model's own probability is."""
    found = []
    with Progress("evaluate: word problems", len(told)) as progress:
        for text, wanted in told:
            truth = word_sums.parse(wanted, text)
            if truth is None:
                raise ValueError(f"a sum that does not fit its story: {wanted}: {text}")
            said = ask(word_sums.normal(text))
            result = word_trust.read(text, ask, least=0.0)
            found.append(
                Story(
                    text=text,
                    wanted=wanted,
                    said=said.text,
                    right=result.found is not None and result.found.value == truth.value,
                    least=result.least if result.found is not None else 0.0,
                    agreeing=word_trust.agreed(result),
                )
            )
            progress.add(1)
    return found


def figures(found: Sequence[Story], least: float = word_trust.LEAST) -> Figures:
    """Counts as shares, with sums trusted from the given probability on."""
    sure = [s for s in found if s.agreeing and s.least >= least]
    right = sum(s.right for s in sure)
    n = max(1, len(found))
    return Figures(
        stories=len(found),
        right_at_all=sum(s.right for s in found) / n,
        right=right / n,
        wrong=(len(sure) - right) / n,
        set_up=(len(found) - len(sure)) / n,
        precision=right / len(sure) if sure else 1.0,
    )


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tutor.workshop.evaluation.tasks_words", description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--of", default="test", choices=("test", "development", "written", "collected"))
    parser.add_argument("--count", type=int, default=240)
    parser.add_argument("--data", type=Path, help="folder with gsm8k_train.jsonl.gz")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="print so many stories that went wrong")
    options = parser.parse_args(argv)
    llama = open_model(options.model, context=_CONTEXT, logits=True, threads=options.threads)
    found = judged(asker(llama), stories(options.of, options.count, options.data))
    llama.close()
    for least in _LIMITS:
        f = figures(found, least)
        print(
            f"least {least:.2f}: right {f.right:.1%}, wrong though sure {f.wrong:.1%}, set up {f.set_up:.1%}, "
            f"precision {f.precision:.1%} ({f.stories} stories, {f.right_at_all:.1%} right sure or not)"
        )
    for story in [s for s in found if not s.right][: options.show]:
        print(f"{story.text}\n    wanted {story.wanted}; said {story.said}; {story.least:.2f} {story.agreeing}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
