"""An evaluate stage that was killed between two parts goes on with the parts that are missing."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tutor.bench import shapes
from tutor.domain import Move
from tutor.tutoring import brief
from tutor.tutoring.facts import facts_in
from tutor.workshop.evaluation import measures, replies, stage
from tutor.workshop.evaluation.settings import EXPORTED, EvaluateSettings
from tutor.workshop.writing.conversations import Talk, Turn

SETTINGS = EvaluateSettings(
    perplexity=2, conversations=2, bias_problems=0, provoked=False, tasks=False, context=4096, draws=100
)
KILLED = """
import os, signal
from pathlib import Path
from tutor.workshop.evaluation import fluency, stage
from tutor.workshop.evaluation.settings import EvaluateSettings
import msgspec
fluency.measured = lambda *args, **more: os.kill(os.getpid(), signal.SIGKILL)
stage.run(msgspec.json.decode({settings!r}, type=EvaluateSettings), Path({out!r}), print)
"""


def talk(question: str) -> Talk:
    fact = facts_in(question)[0]
    notes = brief.render(Move.ASK_ATTEMPT, fact)
    turn = Turn(words=f"do {question}", notes=notes, reply="Have a go.", move=Move.ASK_ATTEMPT, answer=fact.answer)
    return Talk(system="You are a kind maths tutor.", turns=(turn, turn))


@pytest.mark.slow
def test_a_killed_stage_goes_on_and_comes_to_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shapes.speaking_model(tmp_path / EXPORTED, ["Have a go at it first. What do you get?"])
    (tmp_path / "held.jsonl").write_bytes(b"\n".join(msgspec.json.encode(talk(q)) for q in ("609 + 5306", "18 × 37")))
    script = KILLED.format(settings=msgspec.json.encode(SETTINGS), out=str(tmp_path))
    killed = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=200, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert not (tmp_path / stage.JSON).exists()
    left = {file.name for file in tmp_path.glob("evaluate-*-state.jsonl")}
    assert left == {f"evaluate-{name}-state.jsonl" for name in ("perplexity", "conversations", "fluency")}

    def never(*_args: Any, **_more: Any) -> tuple[str, bool]:
        raise AssertionError("a conversation was carried on again")

    told: list[str] = []
    with monkeypatch.context() as patch:
        patch.setattr(replies, "answer", never)
        figures = stage.run(SETTINGS, tmp_path, told.append)
    assert "Going on: 100% was measured before." in told  # all that costs any time
    found = measures.load(tmp_path / stage.JSON)
    assert {m.section for m in found.measures} == {"perplexity", "fluency", "teaching", "safety"}
    whole = tmp_path / "whole"
    whole.mkdir()
    for name in (EXPORTED, "held.jsonl"):
        (whole / name).write_bytes((tmp_path / name).read_bytes())
    assert stage.run(SETTINGS, whole, told.append) == figures
