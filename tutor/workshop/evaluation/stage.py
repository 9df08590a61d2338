"""The evaluate stage: every figure of one exported model, as JSON, as a web page and as Markdown."""

import hashlib
import importlib.metadata
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from tutor import paths
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.moderation.moderator import Moderator
from tutor.retrieval.embedder import Embedder
from tutor.workshop.evaluation import bias, fluency, generate, measures, perplexity, report, safety, teaching
from tutor.workshop.evaluation.measures import Measure, Results, Sample
from tutor.workshop.evaluation.settings import EXPORTED, EvaluateSettings, held_file, model_file
from tutor.workshop.export.agreement import open_model
from tutor.workshop.writing.conversations import Talk

JSON: Final = "evaluation-report.json"
HTML: Final = "evaluation-report.html"
MARKDOWN: Final = "evaluation-report.md"
PICTURES: Final = "evaluation-pictures"
"""Folder of the Markdown report's pictures; the page holds its own."""
TASKS: Final = "evaluation.json"
"""Task figures by free generation, written by `replies`."""
PACKAGES: Final = ("llama-cpp-python", "torch", "sentence-transformers", "numpy", "tutor")

Say = Callable[[str], None]


def run(settings: EvaluateSettings, out: Path, say: Say) -> dict[str, Any]:
    """Measure, write the three files, and give the figures by name. Raises UserError."""
    results = evaluate(settings, out, say)
    measures.save(results, out / JSON)
    (out / HTML).write_text(report.html([results]), encoding="utf-8")
    (out / MARKDOWN).write_text(report.markdown([results], out / PICTURES), encoding="utf-8")
    say(tr("The report is {file}.", file=out / HTML))
    figures: dict[str, Any] = {m.name: m.value for m in results.measures}
    figures["bias_tests_below_5_percent"] = sum(t.holm < 0.05 for t in results.bias)
    return figures


def evaluate(settings: EvaluateSettings, out: Path, say: Say) -> Results:
    """Every figure of the model that `settings` names. Raises UserError when a file is missing or cannot be read."""
    started = time.monotonic()
    file, talks = model_file(settings, out), read_held(held_file(settings, out))
    if not file.exists():
        raise UserError(
            tr("There is no model to judge at {file}. Run the export stage first, or name one.", file=file),
            code="no_model",
        )
    embed = Embedder.load().embed
    moderator = Moderator.load(Path(settings.safety) if settings.safety else paths.safety_model())
    size: dict[str, Any] = {"seed": settings.seed, "draws": settings.draws}
    found: list[Measure] = []
    faults: dict[str, dict[str, int]] = {}
    spreads: dict[str, tuple[float, ...]] = {}
    if settings.perplexity:
        say(tr("Perplexity"))
        llama = open_model(file, context=settings.context, logits=True, threads=settings.threads)
        found += perplexity.measured(perplexity.read(llama, talks[: settings.perplexity]), **size)
        llama.close()
    llama = open_model(file, context=settings.context, threads=settings.threads)
    name = str(llama.metadata.get("general.name") or file.stem)
    said: list[list[generate.Said]] = []
    if settings.conversations:
        say(tr("Conversations"))
        said = generate.carried_on(llama, talks[: settings.conversations])
        made, counted, likeness = fluency.measured(said, embed, **size)
        found += made
        faults["fluency"], spreads["likeness"] = counted, tuple(likeness)
        made, counted, lengths = teaching.measured(said, embed, **size)
        found += made
        faults["teaching"], spreads["words"] = counted, tuple(lengths)
    if said or settings.provoked:
        say(tr("Safety"))
        judged = safety.judge(moderator, said)
        provoked = safety.provoke(llama, moderator) if settings.provoked else []
        made, faults["safety"] = safety.measured(judged, provoked, **size)
        found += made
    tests = []
    if settings.bias_problems:
        say(tr("Swapped pairs"))
        table = bias.read(1)[0]
        listener = bias.Listener(llama, moderator, embed, table["tone"])
        tests = bias.tested(bias.pairs(listener, settings.bias_problems, settings.bias_values), **size)
    llama.close()
    return Results(
        name=name,
        file=file.name,
        sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        seed=settings.seed,
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        settings=msgspec.to_builtins(settings),
        packages={p: importlib.metadata.version(p) for p in PACKAGES},
        seconds=round(time.monotonic() - started, 1),
        measures=tuple(found),
        bias=tuple(tests),
        faults=faults,
        spreads=spreads,
        tasks=tasks(settings, out, say),
        samples=tuple(_sample(talk) for talk in said[: settings.samples]),
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


def tasks(settings: EvaluateSettings, out: Path, say: Say) -> dict[str, Any]:
    """Task figures of the build's own model, measured now unless they are newer than it; none where not wanted."""
    model, file = out / EXPORTED, out / TASKS
    if not settings.tasks or not model.exists() or model.resolve() != model_file(settings, out).resolve():
        return {}
    from tutor.workshop.evaluation import replies

    if not file.exists() or file.stat().st_mtime < model.stat().st_mtime:
        say(tr("Task accuracy"))
        replies.write(
            out,
            each=settings.task_replies,
            whole=settings.task_conversations,
            scripts=settings.task_scripts,
            begging=settings.task_begging,
            context=settings.context,
        )
    found: dict[str, Any] = msgspec.json.decode(file.read_bytes())
    return found


def _sample(talk: list[generate.Said]) -> Sample:
    lines = [line for said in talk for line in (("learner", said.turn.words), ("tutor", said.reply))]
    return Sample(lines=tuple(lines))
