"""A made-up model for judgements: what it says with and without an adapter is written down by the test."""

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from tutor.domain import Action, Move, Outcome, Remembered, Reply, SentenceCheck, TutoringState, Verdict
from tutor.engine.protocol import Past

ALLOW = Verdict(action=Action.ALLOW)


class MadeUpModel:
    """Gives every token the same chance, a little less to those that an adapter moved away from."""

    def __init__(self) -> None:
        self.moved = 0.0

    def evaluate(self, tokens: Sequence[int]) -> int:
        return 0

    def append(self, token: int) -> None:
        """Nothing is remembered."""

    def cut(self, length: int) -> None:
        """Nothing is remembered."""

    def tokenize(self, text: str) -> list[int]:
        return [len(word) for word in text.split()]

    def bos(self) -> int | None:
        return None

    def log_probabilities(self) -> Any:
        odds = np.zeros(100, dtype=np.float32)
        odds[:50] = -self.moved
        logs = odds - np.log(np.exp(odds).sum())
        return logs

    def log_probability(self, token: int) -> float:
        return float(self.log_probabilities()[token])


class MadeUpArms:
    """Stands for `Arms`. `says(question, adapter in use)` gives the answer; memory always gives the accepted one."""

    def __init__(
        self,
        says: Callable[[str, bool], str],
        *,
        moved: float = 0.0,
        unsafe: bool = False,
        taught_unfit: bool = False,
        learns: bool = True,
    ) -> None:
        self._says, self._moved, self._unsafe, self._taught_unfit = says, moved, unsafe, taught_unfit
        self._adapter, self._learns = False, learns
        self.loaded = SimpleNamespace(model=MadeUpModel())
        self.used: list[Path | None] = []
        self.answered = 0

    def use(self, adapter: Path | None) -> None:
        self.used.append(adapter)
        self._adapter = adapter is not None
        self.loaded.model.moved = self._moved if self._adapter else 0.0

    def learns(self, question: str, reply: Reply) -> bool:
        return self._learns

    def awake(self) -> contextlib.AbstractContextManager[str]:
        return contextlib.nullcontext("")

    def embed(self, texts: Sequence[str]) -> list[Any]:
        return []

    def answer(
        self,
        question: str,
        *,
        remembered: Sequence[Remembered] = (),
        state: TutoringState | None = None,
        history: Sequence[Past] = (),
    ) -> Reply:
        self.answered += 1
        text = remembered[0].answer if remembered else self._says(question, self._adapter)
        check = SentenceCheck(text=text, verdict=ALLOW)
        adapter = "made up" if self._adapter else ""
        return Reply(
            adapter=adapter,
            text=text,
            outcome=Outcome.DONE,
            sentences=(check,),
            move=Move.CONVERSE,
            input_verdict=ALLOW,
        )

    def talk(self, turns: Sequence[str]) -> list[tuple[Reply, tuple[Past, ...]]]:
        return [(self.answer(words), ()) for words in turns]

    def prompt(self, words: str, notes: str, history: Sequence[Past] = ()) -> list[int]:
        return [1, 2, 3]

    def decode(self, prompt: Sequence[int], most: int = 160) -> list[int]:
        return [4, 5]

    def words(self, tokens: Sequence[int]) -> str:
        return "nasty" if self._unsafe and self._adapter else "kind"

    def verdict(self, text: str, asked: str) -> Verdict:
        return Verdict(action=Action.BLOCK) if text == "nasty" else ALLOW

    def unfit(self, said: str, asked: str) -> bool:
        return self._taught_unfit and self._adapter

    def close(self) -> None:
        """Nothing is open."""
