"""The evaluate stage: every figure of one exported model, as JSON, as a web page and as Markdown."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from tutor.errors import UserError
from tutor.i18n import tr
from tutor.workshop.evaluation import generate, measures, parts, report
from tutor.workshop.evaluation.measures import Results, Sample
from tutor.workshop.evaluation.measuring import Measuring, packages
from tutor.workshop.evaluation.settings import EvaluateSettings, held_file
from tutor.workshop.progress import Progress
from tutor.workshop.writing.conversations import Talk

JSON: Final = "evaluation-report.json"
HTML: Final = "evaluation-report.html"
MARKDOWN: Final = "evaluation-report.md"
PICTURES: Final = "evaluation-pictures"
"""Folder of the Markdown report's pictures; the page holds its own."""
TASKS: Final = "evaluation.json"
"""Task figures by free generation, which the model card reads."""
JUDGED: Final = "judged.json"
REPLIES: Final = "tasks-replies.json"

Say = Callable[[str], None]


def run(settings: EvaluateSettings, out: Path, say: Say) -> dict[str, Any]:
    """Measure, write the files, and give the figures by name. Raises UserError.

    What is measured is kept as it comes (`parts`): stopped at any place, the same call goes on, and a larger
    evaluation of the same model measures only what is new.
    """
    measuring = prepared(settings, out)
    (results,) = evaluate([(measuring, out)], say)
    measures.save(results, out / JSON)
    if settings.tasks:
        judged, replies = measuring.task_replies()
        for name, content in ((TASKS, results.tasks), (JUDGED, judged), (REPLIES, replies)):
            (out / name).write_bytes(msgspec.json.format(msgspec.json.encode(content), indent=1))
    (out / HTML).write_text(report.html([results]), encoding="utf-8")
    (out / MARKDOWN).write_text(report.markdown([results], out / PICTURES), encoding="utf-8")
    say(tr("The report is {file}.", file=out / HTML))
    figures: dict[str, Any] = {m.name: m.value for m in results.measures}
    figures["bias_tests_below_5_percent"] = sum(t.holm < 0.05 for t in results.bias)
    return figures


def prepared(settings: EvaluateSettings, out: Path) -> Measuring:
    """All parts of an evaluation. Raises UserError when a file is missing or cannot be read."""
    return Measuring(settings, out, read_held(held_file(settings, out)))


def evaluate(models: Sequence[tuple[Measuring, Path]], say: Say, *, label: str = "evaluate") -> list[Results]:
    """Every figure of each model, one after the other; each comes with the folder of its state files.

    `label` stands before each line of progress, which counts the work on all of them.
    """
    for measuring, folder in models:
        key = measuring.key()
        for part in measuring.parts:
            part.open(folder, key)
    every = [part.costs() for measuring, _ in models for part in measuring.parts]
    whole, done = sum(cost for cost, _ in every), sum(known for _, known in every)
    if done:
        say(tr("Going on: {share}% was measured before.", share=round(100 * done / whole)))
    with Progress(label, whole, done=done) as progress:
        for measuring, _ in models:
            try:
                parts.run(measuring.parts, progress, about=measuring.file.name if len(models) > 1 else "")
                measuring.look_up_name()
            finally:
                measuring.tools.close()
    return [_results(measuring) for measuring, _ in models]


def _results(measuring: Measuring) -> Results:
    settings = measuring.settings
    return Results(
        name=measuring.name,
        file=measuring.file.name,
        sha256=measuring.sha256,
        seed=settings.seed,
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        settings=msgspec.to_builtins(settings),
        packages=packages(),
        seconds=round(sum(part.seconds for part in measuring.parts), 1),
        measures=measuring.measures(),
        bias=measuring.bias(),
        faults=measuring.faults(),
        spreads=measuring.spreads(),
        tasks=measuring.task_report(),
        samples=tuple(_sample(talk) for talk in measuring.said.found[: settings.samples]),
    )


def read_held(path: Path) -> list[Talk]:
    """The held-out conversations. Raises UserError."""
    try:
        return [msgspec.json.decode(line, type=Talk) for line in path.read_bytes().splitlines() if line.strip()]
    except (OSError, msgspec.MsgspecError) as error:
        raise UserError(
            tr(
                "The held-out conversations {file} cannot be read ({reason}). Nothing was measured. Run the text "
                "stage first, or name the file.",
                file=path,
                reason=error,
            ),
            code="bad_held",
        ) from error


def _sample(talk: list[generate.Said]) -> Sample:
    lines = [line for said in talk for line in (("learner", said.turn.words), ("tutor", said.reply))]
    return Sample(lines=tuple(lines))
