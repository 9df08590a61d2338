"""`tutor screen`: every line gets its line, in order, whatever it holds."""

import io
import json
import os
import threading
from typing import cast

from tutor.cli import screen
from tutor.cli.engine import Waiting
from tutor.domain import Action, AgeBand, Verdict
from tutor.engine.protocol import Failed, Screened, ScreenItem


class Judge:
    """Stands for the engine: blocks what says "bad", and remembers what it was asked."""

    def __init__(self, fails: bool = False) -> None:
        self.asked: list[ScreenItem] = []
        self.fails = fails

    def screen(self, items: tuple[ScreenItem, ...], age_band: AgeBand, within_s: float) -> Screened | Failed:
        self.asked += items
        if self.fails:
            return Failed(id=1, code="engine_died", message="The engine stopped.")
        verdicts = (
            Verdict(action=Action.BLOCK if "bad" in i.text else Action.ALLOW, scores={"toxicity": 0.5}) for i in items
        )
        return Screened(id=1, verdicts=tuple(verdicts))


def judge(judge: Judge, *lines: bytes) -> list[dict[str, object]]:
    batch = list(enumerate(lines, start=1))
    out = screen.screen(batch, cast(Waiting, judge), AgeBand.A8_10)
    return [json.loads(screen.msgspec.json.encode(line)) for line in out]


def test_lines_come_back_in_order_with_every_field() -> None:
    out = judge(Judge(), b'{"text": "good"}', b'{"text": "bad", "direction": "output", "context": ["a", "b"]}')
    assert out == [
        {"text": "good", "scores": {"toxicity": 0.5}, "labels": [], "action": "allow"},
        {"text": "bad", "scores": {"toxicity": 0.5}, "labels": [], "action": "block"},
    ]


def test_context_may_be_one_text_or_many() -> None:
    engine = Judge()
    judge(engine, b'{"text": "x", "context": "before"}', b'{"text": "x", "context": ["one", "two"]}')
    assert [item.context for item in engine.asked] == [("before",), ("one", "two")]


def test_a_line_that_cannot_be_read_keeps_its_place_and_harms_no_other() -> None:
    lines = (
        b'{"text": "good"}',
        b"not json",
        b'{"words": 1}',
        b'{"text": "x", "direction": "up"}',
        b'\xff{"text": "x"}',
    )
    out = judge(Judge(), *lines, b'{"text": "bad"}')
    assert [line.get("code", line.get("action")) for line in out] == ["allow", *["bad_line"] * 4, "block"]
    assert [line["line"] for line in out[1:5]] == [2, 3, 4, 5]


def test_an_error_never_repeats_the_words() -> None:
    (out,) = judge(Judge(), b'{"text": ["my secret words"]}')
    assert out["code"] == "bad_line" and "secret" not in str(out["error"])


def test_a_dead_engine_is_told_for_each_line() -> None:
    out = judge(Judge(fails=True), b'{"text": "a"}', b"{", b'{"text": "b"}')
    assert [line["code"] for line in out] == ["engine_died", "bad_line", "engine_died"]


def test_a_line_is_judged_at_once_and_many_together() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as source, os.fdopen(writing, "wb", buffering=0) as sink:
        batches = screen.batches(source)
        sink.write(b'{"text": "1"}\n')
        assert next(batches) == [(1, b'{"text": "1"}\n')]
        sink.write(b'\n{"text": "3"}\n')
        assert next(batches) == [(3, b'{"text": "3"}\n')]
        sink.close()
        assert list(batches) == []
    lines = b'{"text": "x"}\n' * 100
    sizes = [len(batch) for batch in screen.batches(io.BytesIO(lines), size=32)]
    assert sum(sizes) == 100 and max(sizes) <= 32
    assert threading.active_count() < 20
