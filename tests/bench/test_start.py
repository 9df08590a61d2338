"""`bench start` measures real processes and judges what it found."""

from tutor.bench import start


def test_one_round_measures_paint_memory_and_imports() -> None:
    report = start.run(repeats=1)
    figures = {figure.name: figure for figure in report.figures}
    assert 0 < figures["empty PySide6 window painted"].value < figures["learner picker painted"].value
    assert figures["window painted"].goal == "<= 1" and figures["resident memory"].goal == "<= 200"
    assert 20 < figures["resident memory"].value < 200
    assert figures["heavy modules imported"].value == 0 and figures["heavy modules imported"].ok
