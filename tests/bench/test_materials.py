"""`bench materials`: questions that are fair to ask, and figures from a run of the whole way."""

import tomllib
from collections import Counter

import pytest

from tutor import paths
from tutor.bench import materials
from tutor.bench.materials import QUESTIONS, TEXTS, questions
from tutor.retrieval import passages as rule


def texts() -> dict[str, str]:
    return {name: (paths.assets() / "lessons" / name / f"{name}.md").read_text(encoding="utf-8") for name in TEXTS}


def test_there_are_fifty_questions_on_each_text_and_others_to_choose_by() -> None:
    held_out = Counter(question.lesson for question in questions("held_out") if question.heading)
    assert held_out == {"water-cycle": 50, "great-fire": 50}
    development = [question.text for question in questions("development") if question.heading]
    assert len(development) >= 30
    assert not set(development) & {question.text for question in questions("held_out")}


@pytest.mark.parametrize("part", ["development", "held_out"])
def test_every_question_names_a_heading_of_its_text(part: str) -> None:
    headings = {
        name: {line[3:] for line in text.splitlines() if line.startswith("## ")} for name, text in texts().items()
    }
    assert all(question.heading in headings[question.lesson] for question in questions(part) if question.heading)
    assert set(tomllib.loads(QUESTIONS.read_text(encoding="utf-8"))[part]) == {"none", *TEXTS}


@pytest.mark.parametrize("part", ["development", "held_out"])
def test_no_question_copies_a_phrase_of_its_text(part: str) -> None:
    plain = {name: " ".join(text.lower().split()) for name, text in texts().items()}
    for question in questions(part):
        words = question.text.lower().strip("?").split()
        for at in range(len(words) - 4):
            phrase = " ".join(words[at : at + 5])
            assert phrase not in plain[question.lesson] or len(rule.words(phrase)) < 2, question.text


@pytest.mark.slow
def test_a_run_gives_every_figure() -> None:
    report = materials.run("development", pages=3, large=300)
    figures = {figure.name: figure for figure in report.figures}
    for kind in ("words", "vectors", "fused"):
        found = figures[f"right passage among the first three, {kind}"]
        assert found.min is not None and found.max is not None and found.min <= found.value <= found.max
    assert figures["right passage among the first three, fused"].value >= 0.85
    assert figures["unrelated questions that were given one"].value <= 0.15
    assert figures["3 pages ready"].goal == "<= 180" and figures["passages"].value >= 9
    assert figures["search in 300 passages"].value > 0
