"""The line under an answer, and an answer as complete data."""

import json
import subprocess
import sys

import msgspec

from tutor.cli.checked import as_json, line
from tutor.domain import (
    Action,
    Fact,
    Intent,
    MathsCheck,
    MathsStatus,
    Move,
    Outcome,
    Reply,
    SentenceCheck,
    Timings,
    Verdict,
)


def sentence(status: MathsStatus = MathsStatus.NONE, done: str = "shown") -> SentenceCheck:
    return SentenceCheck(text="x", verdict=Verdict(action=Action.ALLOW), maths=MathsCheck(status=status), done=done)


def test_the_line_is_the_one_of_the_window_and_claims_no_more_than_was_checked() -> None:
    told = line(Reply(text="x", outcome=Outcome.DONE, sentences=(sentence(MathsStatus.RIGHT), sentence())))
    assert told == "checked: sums ✓ · safe words ✓"
    assert "sums" not in line(Reply(text="x", outcome=Outcome.DONE, sentences=(sentence(),)))
    written = line(Reply(text="x", outcome=Outcome.WRITTEN, sentences=(sentence(done="written"),)))
    assert written == "written by people, not by the model"
    assert line(Reply(text="", outcome=Outcome.STOPPED)) == "nothing was shown"


def test_the_line_says_whose_correction_was_used_and_json_which() -> None:
    reply = Reply(text="x", outcome=Outcome.WRITTEN, sentences=(sentence(),), move=Move.RECALL, used=(7,))
    assert line(reply) == "Your teacher's correction was used · checked: safe words ✓"
    assert line(msgspec.structs.replace(reply, used_own=True)).startswith("Used your correction · ")
    whole = json.loads(as_json(reply))
    assert (whole["used"], whole["used_own"], whole["move"]) == ([7], False, "recall")


def test_reading_the_line_needs_no_window() -> None:
    script = "import tutor.cli.checked, sys; print([m for m in sys.modules if m.startswith('PySide6')])"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_json_names_every_field_also_those_with_their_default() -> None:
    fact = Fact(kind="expression", question="3/4 + 1/8", answer="7/8")
    times = Timings(total_ms=12.5, prompt_tokens=40, reused_tokens=30, completion_tokens=9)
    reply = Reply(
        text="Try first.",
        outcome=Outcome.DONE,
        sentences=(sentence(),),
        intent=Intent.ASKS_ANSWER,
        move=Move.ASK_ATTEMPT,
        facts=(fact,),
        timings=times,
    )
    whole = json.loads(as_json(reply))
    assert {"text", "sentences", "intent", "move", "facts", "tokens", "timings"} <= set(whole)
    assert (whole["text"], whole["intent"], whole["move"]) == ("Try first.", "asks_answer", "ask_attempt")
    assert whole["tokens"] == {"prompt": 40, "reused": 30, "completion": 9}
    assert whole["timings"]["total_ms"] == 12.5 and "prompt_tokens" not in whole["timings"]
    assert whole["sentences"][0]["maths"] == {"status": "none", "statements": [], "correction": "", "ms": 0.0}
    assert whole["sentences"][0]["verdict"] == {"action": "allow", "scores": {}, "labels": [], "reason": ""}
    assert whole["facts"][0]["answer"] == "7/8" and whole["facts"][0]["hints"] == []
