"""Two model files side by side: the same scripts for both, differences in pairs, and nothing measured twice."""

import contextlib
import io
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from tutor.bench import shapes
from tutor.domain import Move
from tutor.tutoring import brief
from tutor.tutoring.facts import facts_in
from tutor.workshop.evaluation import compare, measures, replies, stage
from tutor.workshop.evaluation.measures import Results
from tutor.workshop.progress import Progress
from tutor.workshop.writing.conversations import Talk, Turn

pytestmark = pytest.mark.slow

HONEST = "I don't know about that, sorry. Please ask your teacher."
"""An honest redirection, whatever is asked."""
INVITING = "Have a go at it first. What do you get?"
"""An invitation to try, whatever is asked."""

RECIPE = """
name = "Small"
scope = "primary-maths"
seed = 1
[evaluate]
context = 4096
perplexity = 2
conversations = 2
bias_problems = 0
provoked = false
task_replies = 2
task_conversations = 1
task_scripts = 2
task_begging = 0
samples = 1
draws = 200
"""


def models(folder: Path) -> tuple[Path, Path]:
    """The honest one and the inviting one."""
    return (
        shapes.speaking_model(folder / "honest.gguf", [HONEST]),
        shapes.speaking_model(folder / "inviting.gguf", [INVITING]),
    )


def small_recipe(folder: Path, settings: str = "") -> Path:
    file = folder / "small.toml"
    file.write_text(RECIPE + settings, encoding="utf-8")
    return file


def held_talks(folder: Path) -> Path:
    """Three conversations of two turns."""
    talks = []
    for question in ("609 + 5306", "18 × 37", "80% of 363"):
        fact = facts_in(question)[0]
        asked = Turn(
            words=f"can you do {question}",
            notes=brief.render(Move.ASK_ATTEMPT, fact),
            reply=INVITING,
            move=Move.ASK_ATTEMPT,
            answer=fact.answer,
        )
        stuck = Turn(
            words="I'm stuck",
            notes=brief.render(Move.HINT, fact),
            reply=fact.hints[0],
            move=Move.HINT,
            answer=fact.answer,
        )
        talks.append(Talk(system="You are a kind maths tutor.", turns=(asked, stuck)))
    file = folder / "held.jsonl"
    file.write_bytes(b"\n".join(msgspec.json.encode(talk) for talk in talks))
    return file


class Answers:
    """Counts the replies that models were asked for, and stops at one of them."""

    def __init__(self) -> None:
        self.asked, self.stop_at = 0, 0
        self.answer = replies.answer

    def __call__(self, *args: Any, **more: Any) -> tuple[str, bool]:
        self.asked += 1
        if self.asked == self.stop_at:
            raise KeyboardInterrupt
        return self.answer(*args, **more)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    made = Answers()
    monkeypatch.setattr(replies, "answer", made)
    return made


def arguments(folder: Path, settings: str = "") -> list[str]:
    honest, inviting = models(folder)
    held, recipe = held_talks(folder), small_recipe(folder, settings)
    return [str(honest), str(inviting), "--held", str(held), "--recipe", str(recipe), "--out", str(folder / "out")]


def result(folder: Path, name: str) -> Results:
    (file,) = (folder / "out").glob(f"{name}-*/{stage.JSON}")
    return measures.load(file)


class Compared(NamedTuple):
    """Two models that were compared without a stop."""

    folder: Path
    honest: Results
    inviting: Results
    report: str
    asked: int
    """Replies that both were asked for."""
    told: str
    """What was said meanwhile."""


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Compared:
    folder = tmp_path_factory.mktemp("compared")
    words = [*arguments(folder), "--html", str(folder / "page.html"), "--markdown", str(folder / "report.md")]
    made, counting, told = Progress.__init__, Answers(), io.StringIO()

    def often(self: Progress, *args: Any, **more: Any) -> None:
        made(self, *args, **more)
        self.every = 0.0

    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stderr(told):
        patch.setattr(replies, "answer", counting)
        patch.setattr(Progress, "__init__", often)
        assert compare.main(words) == 0
    report = (folder / "report.md").read_text(encoding="utf-8")
    found = (result(folder, "honest"), result(folder, "inviting"))
    return Compared(folder, *found, report, counting.asked, told.getvalue())


def test_task_figures_are_compared_script_by_script(compared: Compared) -> None:
    gaps = {d.first.name: d for d in compare.differences(compared.honest, compared.inviting)}
    redirect = gaps["task out of scope: honest redirection"]
    assert (redirect.first.value, redirect.second.value) == (1.0, 0.0)
    assert (redirect.gap, redirect.low, redirect.high) == (-1.0, -1.0, 0.5)  # two scripts prove little
    assert redirect.shared == 2 and redirect.verdict == ""
    asked = gaps["task move made: ask attempt"]
    assert asked.verdict == "better" and asked.shared > 2
    stories = gaps["task word problems: right sum"]  # the program reads them, whatever the model
    assert stories.gap == 0.0 and stories.verdict == ""
    assert (
        "| Out of scope: honest redirection | 100.0% (0.0 to 100.0) | 0.0% (0.0 to 100.0) | -100.0 " in compared.report
    )
    assert "| Asks for an attempt | 0.0% " in compared.report and "| Single replies: " in compared.report


def test_both_models_were_asked_the_same(compared: Compared) -> None:
    others = compared.inviting.by_name()
    tasks = [m for m in compared.honest.measures if m.section in ("tasks", "moves")]
    assert len(tasks) > 20
    for of_task in tasks:
        assert of_task.units == others[of_task.name].units


def test_the_pictures_show_tasks_and_their_differences(compared: Compared) -> None:
    for name in ("tasks-shares", "tasks-differences", "moves-shares", "differences"):
        drawn = (compared.folder / "report-pictures" / f"{name}.svg").read_text(encoding="utf-8")
        assert "<svg" in drawn
    page = (compared.folder / "page.html").read_text(encoding="utf-8")
    assert 'class="good"' in page and "paired differences" in page


def test_the_time_left_is_of_both_models(compared: Compared) -> None:
    said = [line for line in compared.told.splitlines() if line.startswith("compare: [")]
    assert all(line.endswith("min left") for line in said)
    shares = [int(line.partition("%")[0].rpartition(" ")[2]) for line in said]
    assert shares == sorted(shares) and shares[-1] == 100
    halves = [share for line, share in zip(said, shares, strict=True) if "honest.gguf" in line]
    assert max(halves) in (49, 50, 51)
    assert {"perplexity", "word problems", "conversations", "scripted conversations"} <= {
        line.partition(".gguf ")[2].partition(",")[0] for line in said
    }


def test_a_stopped_comparison_goes_on_where_it_was(
    tmp_path: Path, answers: Answers, capsys: pytest.CaptureFixture[str], compared: Compared
) -> None:
    words = arguments(tmp_path)
    answers.stop_at = 40  # in a script of the first model
    assert compare.main(words) == 130
    assert "The same command goes on" in capsys.readouterr().err
    answers.stop_at = 0
    assert compare.main(words) == 0
    assert "was measured before" in capsys.readouterr().err
    assert 0 < answers.asked - compared.asked <= 11  # but for the script that was broken off, nothing was asked twice
    for name, whole in (("honest", compared.honest), ("inviting", compared.inviting)):
        went_on = result(tmp_path, name)
        assert went_on.measures == whole.measures and went_on.tasks == whole.tasks
    answers.asked = 0
    assert compare.main(words) == 0
    assert answers.asked == 0  # all of it was kept


def test_a_changed_model_is_measured_anew(tmp_path: Path, answers: Answers) -> None:
    words = arguments(tmp_path, "tasks = false\n")
    assert compare.main(words) == 0
    of_both, answers.asked = answers.asked, 0
    (tmp_path / "honest.gguf").write_bytes(shapes.speaking_model(tmp_path / "new.gguf", ["Hello."]).read_bytes())
    assert compare.main(words) == 0
    assert answers.asked == of_both // 2 > 0
