"""What a pair is about: its topic and the learner's intent, by the program's own rules, and the type of the answer."""

import re
import tomllib
from pathlib import Path
from typing import Final

from tutor.domain import Fact, TutoringState
from tutor.tutoring import facts
from tutor.tutoring.intent import IntentRecogniser

NO_TOPIC: Final = "other"
LONGEST: Final = 600
"""Characters of a learner's words that are looked at for problems."""

_TYPES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (row["type"], re.compile("|".join(row["patterns"]), re.DOTALL))
    for row in tomllib.loads(Path(__file__).with_name("answer_types.toml").read_text("utf-8"))["answer"]
)


def answer_type(answer: str) -> str:
    """redirect, wrong, right, try_first, steps, hint, greeting, short (a bare result), question or statement."""
    words = " ".join(answer.lower().split()) if "\n" not in answer else answer.lower()
    for name, pattern in _TYPES:
        if pattern.search(words):
            return name
    if len(words.split()) <= 4 and re.search(r"\d", words):
        return "short"
    return "question" if words.rstrip().endswith("?") else "statement"


class Labeller:
    """Labels the turns of one conversation in order, as it goes on about one problem after the other."""

    def __init__(self) -> None:
        self._recogniser = IntentRecogniser(None)
        self._problem: Fact | None = None

    def label(self, asked: str, answer: str) -> dict[str, str]:
        """`topic`, `intent` and `kind` of one exchange."""
        short = asked[:LONGEST]
        here = facts.facts_in(short)
        intent, _ = self._recogniser.recognise(short, facts=here, state=TutoringState(problem=self._problem))
        if here:
            self._problem = here[0]
        topic = self._problem.topic if self._problem is not None else NO_TOPIC
        return {"topic": topic or NO_TOPIC, "intent": intent.value, "kind": answer_type(answer)}
