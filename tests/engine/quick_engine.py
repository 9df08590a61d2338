"""The real engine process with a judge that is ready at once, for tests that start it dozens of times."""

import os
import re
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np

os.environ.setdefault("GGML_NO_BACKTRACE", "1")

from tutor.domain import Action, AgeBand, Direction, Verdict
from tutor.engine.checking import Checker
from tutor.engine.wire import Wire
from tutor.engine.worker import Worker


class WordJudge:
    """Blocks what contains "forbidden", sends "hurt me" to a person, fails on "explode", allows the rest."""

    def judge(self, text: str, *, direction: Direction, context: Sequence[str], age_band: AgeBand) -> Verdict:
        if "explode" in text:
            raise RuntimeError("the judge broke")
        if "forbidden" in text:
            return Verdict(action=Action.BLOCK, labels=("toxicity",), scores={"toxicity": 0.99}, reason="classifier")
        if direction is Direction.INPUT and "hurt me" in text:
            return Verdict(action=Action.SIGNPOST, labels=("self_harm",), reason="rule:self")
        return Verdict(action=Action.ALLOW, scores={"toxicity": 0.01}, reason="classifier")


def by_words(texts: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Rows of length 1 that are alike where texts share words."""
    rows = np.zeros((len(texts), 384), dtype=np.float32)
    for row, text in zip(rows, texts, strict=True):
        for word in re.findall(r"\w+", text.lower()):
            row[zlib.crc32(word.encode()) % 384] += 1.0
        row /= max(float(np.linalg.norm(row)), 1e-9)
    return rows


class QuickChecker(Checker):
    """A checker whose judge needs no classifier and whose intent goes by rules alone."""

    def __init__(self) -> None:
        super().__init__(WordJudge())

    def preload(self) -> None:
        """Nothing slow to import."""

    def load(self, safety: Path, thresholds: Path | None) -> "Future[None]":
        return self._pool.submit(lambda: None)

    def load_embedder(self, failed: Callable[[Exception], None]) -> None:
        """Rules are enough for intent; texts are encoded by the words that they share."""
        if not self._encoder.done():
            self._encoder.set_result(by_words)


if __name__ == "__main__":
    from tutor.engine.protocol import VERSION, Hello

    wire = Wire()
    wire.send(Hello(version=VERSION, pid=os.getpid()))
    Worker(wire, QuickChecker()).run()
    os._exit(0)
