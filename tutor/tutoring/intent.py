"""What a learner wants with a message: rules first, then the example messages that it is most like."""

import argparse
import re
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
from tutor.tutoring import intent_model, intent_rules

Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]

SURE_RULE: Final = 0.9
"""A rule at least this sure needs no examples."""
DISTRESS_AHEAD: Final = 1.0
"""How far distress must lead in score before examples alone mean it; moderation is the first net for it."""

_FOLDER: Final = Path(__file__).parent


def read(name: str) -> dict[str, Any]:
    """A table of messages that lies beside this file."""
    return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))


class IntentRecogniser:
    """`embed` gives rows of length 1 for texts; without it rules decide alone."""

    def __init__(self, embed: Embed | None) -> None:
        self._embed = embed
        self._model: intent_model.Model | None = None
        if embed is not None:
            self._model = intent_model.load(read("intent_prototypes.toml"), embed)

    def recognise(
        self, text: str, *, facts: Sequence[Fact] = (), state: TutoringState | None = None
    ) -> tuple[Intent, float]:
        """The intent and how sure it is, 0 to 1."""
        state = state or TutoringState()
        ruled = intent_rules.by_rule(text, facts=facts, state=state)
        if ruled is not None and ruled[1] >= SURE_RULE:
            return ruled
        if self._embed is None or self._model is None:
            return ruled or _without_examples(facts, state)
        scores = self._model.scores(self._embed([intent_rules.tidy(text)])[0])
        if re.search(r"\d", text) and (facts or (state.problem is not None and not state.solved)):
            scores.pop(Intent.ATTEMPT, None)  # the rules look for an answer beside a problem, and found none
        near, sure = _likeliest(scores)
        return ruled if ruled is not None and ruled[1] >= sure else (near, sure)


def _likeliest(scores: dict[str, float]) -> tuple[Intent, float]:
    """The best intent. Distress must lead by `DISTRESS_AHEAD`, and the pseudo-intent of sad sounds is none."""
    intents = {Intent(name): score for name, score in scores.items() if name != intent_model.SAD_SOUNDING}
    ranked = sorted(intents, key=intents.__getitem__, reverse=True)
    best = ranked[0]
    second = max(score for name, score in scores.items() if name != Intent.DISTRESS)
    if best is Intent.DISTRESS and intents[best] - second < DISTRESS_AHEAD:
        best = ranked[1]
    top = intents[ranked[0]]
    weights = {intent: float(np.exp(score - top)) for intent, score in intents.items()}
    return best, weights[best] / sum(weights.values())


def _without_examples(facts: Sequence[Fact], state: TutoringState) -> tuple[Intent, float]:
    if facts:
        return Intent.ASKS_ANSWER, 0.6
    return (Intent.ASKS_HINT, 0.4) if state.problem is not None and not state.solved else (Intent.OFF_TOPIC, 0.3)


def labelled() -> list[tuple[str, Intent, TutoringState]]:
    """The held-out messages with their intents, and the state in which each is said."""
    data = read("intent_heldout.toml")
    problem = TutoringState(problem=maths.facts_in("12 x 7")[0], attempts=0, rung=1)
    rows = [(text, Intent(name), TutoringState()) for name, texts in data["alone"].items() for text in texts]
    return rows + [(text, Intent(name), problem) for name, texts in data["with_problem"].items() for text in texts]


def not_distress() -> list[str]:
    """Held-out messages that sound sad and are none."""
    return list(read("intent_heldout.toml")["not_distress"]["any"])


def false_alarms(recogniser: IntentRecogniser) -> list[str]:
    """The sad-sounding messages that are taken for distress."""
    return [t for t in not_distress() if recogniser.recognise(t, facts=maths.facts_in(t))[0] is Intent.DISTRESS]


def measure(
    recogniser: IntentRecogniser,
) -> tuple[float, Counter[tuple[Intent, Intent]], list[tuple[str, Intent, Intent]]]:
    """Accuracy on the held-out messages, counts of (meant, recognised), and the misses."""
    counts: Counter[tuple[Intent, Intent]] = Counter()
    misses = []
    for text, meant, state in labelled():
        got, _ = recogniser.recognise(text, facts=maths.facts_in(text), state=state)
        counts[meant, got] += 1
        if got is not meant:
            misses.append((text, meant, got))
    right = sum(n for (meant, got), n in counts.items() if meant is got)
    return right / sum(counts.values()), counts, misses


def main(argv: Sequence[str] | None = None) -> int:
    """`python -m tutor.tutoring.intent --measure [--rules]`, or `--fit` after a change of the examples."""
    parser = argparse.ArgumentParser(prog="python -m tutor.tutoring.intent", description=__doc__)
    parser.add_argument("--measure", action="store_true", help="accuracy and confusions on the held-out messages")
    parser.add_argument("--rules", action="store_true", help="rules alone, without the encoder")
    parser.add_argument("--fit", action="store_true", help="encode the examples again and write intent_model.npz")
    options = parser.parse_args(argv)
    embed: Embed | None = None
    if options.fit or not options.rules:
        from tutor.retrieval.embedder import Embedder

        embed = Embedder.load().embed
    if options.fit and embed is not None:
        intent_model.fit(read("intent_prototypes.toml"), embed).save()
    if options.measure:
        _print_measures(IntentRecogniser(embed))
    return 0


def _print_measures(recogniser: IntentRecogniser) -> None:
    accuracy, counts, misses = measure(recogniser)
    for meant in Intent:
        row = {got: n for (m, got), n in counts.items() if m is meant}
        wrong = ", ".join(f"{got.value} {n}" for got, n in row.items() if got is not meant)
        print(f"{meant.value:17} {row.get(meant, 0):3} of {sum(row.values()):3}   {wrong}")
    for text, meant, got in misses:
        print(f"  {text!r}: {meant.value}, taken for {got.value}")
    alarms = false_alarms(recogniser)
    print(f"accuracy {accuracy:.1%} of {sum(counts.values())}")
    print(f"false alarms of distress {len(alarms)} of {len(not_distress())} {alarms}")


if __name__ == "__main__":
    sys.exit(main())
