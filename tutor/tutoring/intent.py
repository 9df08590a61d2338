"""What a learner wants with a message: rules first, then the nearest example messages in the embedding space."""

import argparse
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tutor.domain import Fact, Intent, TutoringState
from tutor.tutoring import facts as maths
from tutor.tutoring import intent_rules

Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]

NEAREST: Final = 3
"""Examples of an intent that vote for it."""
SHARPNESS: Final = 12.0
DISTRESS_AT_LEAST: Final = 0.55
"""Mean similarity below which nearest examples alone never mean distress; moderation is the first net for it."""
DISTRESS_AHEAD: Final = 0.05

_FOLDER: Final = Path(__file__).parent


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))


class IntentRecogniser:
    """`embed` gives rows of length 1 for texts; without it rules decide alone."""

    def __init__(self, embed: Embed | None) -> None:
        self._embed = embed
        self._intents: list[Intent] = []
        self._rows: npt.NDArray[np.float32] = np.zeros((0, 0), dtype=np.float32)
        if embed is not None:
            examples = [
                (Intent(name), text) for name, texts in _read("intent_prototypes.toml").items() for text in texts
            ]
            self._intents = [intent for intent, _ in examples]
            self._rows = embed([intent_rules.tidy(text) for _, text in examples])

    def recognise(
        self, text: str, *, facts: Sequence[Fact] = (), state: TutoringState | None = None
    ) -> tuple[Intent, float]:
        """The intent and how sure it is, 0 to 1."""
        state = state or TutoringState()
        ruled = intent_rules.by_rule(text, facts=facts, state=state)
        if ruled is not None and (ruled[1] >= 0.9 or self._embed is None):
            return ruled
        if self._embed is None:
            return _without_examples(facts, state)
        near, sure = self._nearest(text)
        if ruled is not None and (ruled[1] >= sure or near is Intent.DISTRESS):
            return ruled
        return near, sure

    def _nearest(self, text: str) -> tuple[Intent, float]:
        assert self._embed is not None
        similar = self._rows @ self._embed([intent_rules.tidy(text)])[0]
        scores: dict[Intent, float] = {}
        for intent in Intent:
            own = np.sort(similar[[i for i, known in enumerate(self._intents) if known is intent]])[::-1]
            scores[intent] = float(own[:NEAREST].mean())
        ranked = sorted(scores, key=scores.__getitem__, reverse=True)
        best = ranked[0]
        if best is Intent.DISTRESS and (
            scores[best] < DISTRESS_AT_LEAST or scores[best] - scores[ranked[1]] < DISTRESS_AHEAD
        ):
            best = ranked[1]
        weights = {intent: float(np.exp(SHARPNESS * score)) for intent, score in scores.items()}
        return best, weights[best] / sum(weights.values())


def _without_examples(facts: Sequence[Fact], state: TutoringState) -> tuple[Intent, float]:
    if facts:
        return Intent.ASKS_ANSWER, 0.6
    return (Intent.ASKS_HINT, 0.4) if state.problem is not None and not state.solved else (Intent.OFF_TOPIC, 0.3)


def labelled(name: str = "heldout") -> list[tuple[str, Intent, TutoringState]]:
    """Messages with their intents, and the state in which each is said: `heldout` to measure, `development` to tune."""
    data = _read(f"intent_{name}.toml")
    problem = TutoringState(problem=maths.facts_in("12 x 7")[0], attempts=0, rung=1)
    rows = [(text, Intent(name), TutoringState()) for name, texts in data["alone"].items() for text in texts]
    return rows + [(text, Intent(name), problem) for name, texts in data["with_problem"].items() for text in texts]


def not_distress(name: str = "heldout") -> list[str]:
    """Messages that sound sad and are none."""
    return list(_read(f"intent_{name}.toml")["not_distress"]["any"])


def measure(
    recogniser: IntentRecogniser, name: str = "heldout"
) -> tuple[float, Counter[tuple[Intent, Intent]], list[tuple[str, Intent, Intent]]]:
    """Accuracy on the held-out messages, counts of (meant, recognised), and the misses."""
    counts: Counter[tuple[Intent, Intent]] = Counter()
    misses = []
    for text, meant, state in labelled(name):
        got, _ = recogniser.recognise(text, facts=maths.facts_in(text), state=state)
        counts[meant, got] += 1
        if got is not meant:
            misses.append((text, meant, got))
    right = sum(n for (meant, got), n in counts.items() if meant is got)
    return right / sum(counts.values()), counts, misses


def main(argv: Sequence[str] | None = None) -> int:
    """`python -m tutor.tutoring.intent --measure [--rules]`: accuracy and confusions on the held-out messages."""
    parser = argparse.ArgumentParser(prog="python -m tutor.tutoring.intent", description=__doc__)
    parser.add_argument("--measure", action="store_true", required=True, help="measure on the held-out messages")
    parser.add_argument("--rules", action="store_true", help="rules alone, without the encoder")
    parser.add_argument("--development", action="store_true", help="the messages used for tuning instead")
    options = parser.parse_args(argv)
    embed: Embed | None = None
    if not options.rules:
        from tutor.retrieval.embedder import Embedder

        embed = Embedder.load().embed
    recogniser = IntentRecogniser(embed)
    name = "development" if options.development else "heldout"
    accuracy, counts, misses = measure(recogniser, name)
    alarms = [t for t in not_distress(name) if recogniser.recognise(t, facts=maths.facts_in(t))[0] is Intent.DISTRESS]
    for meant in Intent:
        row = {got: n for (m, got), n in counts.items() if m is meant}
        wrong = ", ".join(f"{got.value} {n}" for got, n in row.items() if got is not meant)
        print(f"{meant.value:17} {row.get(meant, 0):3} of {sum(row.values()):3}   {wrong}")
    for text, meant, got in misses:
        print(f"  {text!r}: {meant.value}, taken for {got.value}")
    print(
        f"accuracy {accuracy:.1%} of {sum(counts.values())}; false alarms of distress {len(alarms)} of {len(not_distress(name))} {alarms}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
