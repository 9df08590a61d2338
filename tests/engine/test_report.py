"""A bench report: goals are judged, and both forms carry every figure."""

import io
import json

from tutor.bench.report import Figure, Report, figure


def test_goal_is_judged_on_the_median() -> None:
    assert figure("ratio", [0.5, 0.7, 0.9], at_least=0.6).ok is True
    assert figure("ratio", [0.5, 0.55, 0.9], at_least=0.6).ok is False
    assert figure("start", [0.5, 0.7, 2.0], "s", at_most=1.0).ok is True
    assert figure("free", [1.0]).ok is None


def test_json_has_every_key_of_every_figure() -> None:
    report = Report(bench="chat", figures=(figure("a", [1.0, 2.0, 3.0], "s", at_most=2.5), Figure(name="b", value=2)))
    whole = json.loads(report.json())
    assert whole["bench"] == "chat" and whole["machine"]["cores"] >= 1
    assert whole["figures"][0] == {
        "name": "a", "value": 2.0, "unit": "s", "min": 1.0, "max": 3.0, "goal": "<= 2.5", "ok": True
    }  # fmt: skip
    assert set(whole["figures"][1]) == {"name", "value", "unit", "min", "max", "goal", "ok"}


def test_a_missed_goal_shows_and_fails() -> None:
    report = Report(bench="x", figures=(figure("slow", [9.0], "s", at_most=1.0),))
    out = io.StringIO()
    report.print_table(out)
    assert "MISSED" in out.getvalue() and "slow" in out.getvalue()
    assert report.exit_code() == 1
    assert Report(bench="x", figures=(figure("slow", [0.9], "s", at_most=1.0),)).exit_code() == 0
