"""`tutor workshop compare A B`: two results, or two model files, side by side with paired bootstrap differences."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tutor.domain import Frozen
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.workshop import quiet, recipe
from tutor.workshop.evaluation import intervals, measures
from tutor.workshop.evaluation.measures import Form, Measure, Results
from tutor.workshop.evaluation.settings import EvaluateSettings

SHARED_LEAST = 2
"""Units that both must have, for an interval to mean anything."""


class Difference(Frozen):
    """The second model's figure less the first's, over what both were measured on."""

    first: Measure
    second: Measure
    gap: float | None = None
    low: float | None = None
    high: float | None = None
    shared: int = 0
    """Units in common."""

    @property
    def verdict(self) -> str:
        """ "better" or "worse" where the interval leaves 0 out and one way is better; "differs"; "" otherwise."""
        if self.low is None or self.high is None or self.low <= 0 <= self.high:
            return ""
        if not self.first.better:
            return "differs"
        return "better" if (self.low > 0) == (self.first.better == "higher") else "worse"


def differences(first: Results, second: Results, *, draws: int = intervals.DRAWS) -> list[Difference]:
    """Every figure that both have, in the first's order."""
    theirs = second.by_name()
    return [_one(m, theirs[m.name], draws, first.seed) for m in first.measures if m.name in theirs]


def _one(first: Measure, second: Measure, draws: int, seed: int) -> Difference:
    ours = {u: (t, b) for u, t, b in zip(first.units, first.tops, first.bottoms, strict=True)}
    theirs = {u: (t, b) for u, t, b in zip(second.units, second.tops, second.bottoms, strict=True)}
    shared = [unit for unit in ours if unit in theirs]
    if len(shared) < SHARED_LEAST:
        return Difference(first=first, second=second, shared=len(shared))
    columns = [([of[u][0] for u in shared], [of[u][1] for u in shared]) for of in (ours, theirs)]
    gap, low, high = intervals.difference(
        columns[0], columns[1], exponential=first.form is Form.EXPONENTIAL, draws=draws, seed=seed
    )
    return Difference(first=first, second=second, gap=gap, low=low, high=high, shared=len(shared))


def results_of(path: Path, held: Path | None, sizes: EvaluateSettings) -> Results:
    """A result file as it is; a GGUF is evaluated first, in these sizes. Raises UserError."""
    if path.suffix != ".gguf":
        return measures.load(path)
    if held is None:
        raise UserError(
            tr("To compare model files, say on which conversations: --held FILE.jsonl. Nothing was changed."),
            code="usage",
        )
    if not path.exists():
        raise UserError(tr("There is no file {file}. Nothing was changed.", file=path), code="no_file")
    from tutor.workshop.evaluation import stage  # loads llama.cpp and torch; comparing two results needs neither

    settings = msgspec.structs.replace(sizes, model=str(path.resolve()), held=str(held.resolve()), tasks=False)
    _say(tr("Measuring {file}", file=path))
    with tempfile.TemporaryDirectory(prefix="tutor-compare-") as folder:
        return stage.evaluate(settings, Path(folder), _say)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code 0; raises UserError."""
    parser = argparse.ArgumentParser(
        prog="tutor workshop compare",
        description=tr("Two models side by side: figures, differences, intervals, pictures."),
    )
    parser.add_argument("first", type=Path, help=tr("evaluation-report.json, or a model file (.gguf)"))
    parser.add_argument("second", type=Path, help=tr("the other one"))
    parser.add_argument("--html", type=Path, help=tr("write the report as a web page"))
    parser.add_argument("--markdown", type=Path, help=tr("write the report as Markdown"))
    parser.add_argument("--held", type=Path, help=tr("held-out conversations, for model files"))
    parser.add_argument("--recipe", help=tr("for model files: a recipe whose [evaluate] section says on how much"))
    chosen = parser.parse_args(argv)
    quiet.libraries()
    made = recipe.read(recipe.find(chosen.recipe)) if chosen.recipe else None
    sizes = (made.evaluate if made else None) or EvaluateSettings()
    first, second = (results_of(path, chosen.held, sizes) for path in (chosen.first, chosen.second))
    if first.name == second.name:
        first, second = (
            _renamed(r, tr("{name} ({file})", name=r.name, file=p.stem if p.stem != r.name else p.parent.name))
            for r, p in ((first, chosen.first), (second, chosen.second))
        )
    from tutor.workshop.evaluation import report

    if chosen.html:
        chosen.html.write_text(report.html([first, second]), encoding="utf-8")
    if chosen.markdown:
        pictures = chosen.markdown.parent / f"{chosen.markdown.stem}-pictures"
        chosen.markdown.write_text(report.markdown([first, second], pictures), encoding="utf-8")
    print(report.markdown([first, second]))
    return 0


def _renamed(results: Results, name: str) -> Results:
    return msgspec.structs.replace(results, name=name)


if __name__ == "__main__":
    sys.exit(main())
