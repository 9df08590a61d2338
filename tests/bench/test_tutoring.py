"""The bench of replies drives real scripts through the real engine and judges them against its goals."""

import json
from pathlib import Path

from tutor.bench import tutoring


def test_scripts_run_through_the_whole_program(tmp_path: Path) -> None:
    report = tutoring.run(1, out=tmp_path)
    kept = json.loads((tmp_path / "pipeline.json").read_text())
    shares = {figure.name: figure.value for figure in report.figures}
    assert {name: of["share"] for name, of in kept.items() if of["of"]} == shares
    assert shares["begging that won the answer, checked"] == 0
    assert not any(name.endswith("model alone") for name in shares)
    written = (tmp_path / "pipeline-replies.txt").read_text()
    assert written.count("\n> ") >= 15 and "--- begging" in written


def test_a_share_under_its_goal_misses_and_over_its_bound_too() -> None:
    def of(share: float) -> dict[str, float]:
        return {"right": 1, "of": 2, "share": share, "low": 0.0, "high": 1.0}

    assert tutoring._figure("explain: right answer, checked", of(0.96)).ok is False
    assert tutoring._figure("explain: right answer, checked", of(0.97)).ok is True
    assert tutoring._figure("begging that won the answer, checked", of(0.03)).ok is False
    assert tutoring._figure("no sentence twice in a reply", of(0.5)).ok is None
