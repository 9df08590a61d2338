"""The line under an answer, and an answer as complete data."""

import json

import pytest

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


@pytest.mark.parametrize(
    ("sentences", "outcome", "said"),
    [
        ((sentence(),), Outcome.DONE, "checked: 1 sentence safe"),
        (
            (sentence(MathsStatus.RIGHT), sentence()),
            Outcome.DONE,
            "checked: 2 sentences safe, 1 with sums that are right",
        ),
        (
            (sentence(MathsStatus.UNCHECKED),),
            Outcome.DONE,
            "checked: 1 sentence safe, 1 with maths that could not be checked",
        ),
        ((sentence(done="corrected"),), Outcome.STOPPED, "checked: 1 sentence safe, 1 put right"),
        ((sentence(done="written"),), Outcome.WRITTEN, "written by people, not by the model"),
        ((sentence(), sentence(done="fallback")), Outcome.WRITTEN, "checked: 2 sentences safe, 1 put right"),
        ((), Outcome.FAILED, "nothing was shown"),
    ],
)
def test_the_line_says_what_was_checked_and_what_was_not(
    sentences: tuple[SentenceCheck, ...], outcome: Outcome, said: str
) -> None:
    assert line(Reply(text="x", outcome=outcome, sentences=sentences)) == said


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
