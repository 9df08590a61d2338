"""`tutor workshop compare A B`: two results, or two model files, side by side with paired bootstrap differences."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from tutor.domain import Frozen
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.workshop import quiet, recipe
from tutor.workshop.evaluation import intervals, measures
from tutor.workshop.evaluation.measures import Form, Measure, Results
from tutor.workshop.evaluation.settings import EvaluateSettings

FOLDER: Final = Path("workshop-out/compare")
"""Where what was measured of model files is kept, relative to where the command is run, as a recipe's results are."""
SHARED_LEAST: Final = 2
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
        columns[0],
        columns[1],
        exponential=first.form is Form.EXPONENTIAL,
        share=first.form is Form.SHARE,
        draws=draws,
        seed=seed,
    )
    return Difference(first=first, second=second, gap=gap, low=low, high=high, shared=len(shared))


def results(paths: Sequence[Path], *, held: Path | None, sizes: EvaluateSettings, folder: Path) -> list[Results]:
    """Result files as they are; model files are evaluated first, in these sizes, on the same conversations and scripts.

    What is measured is kept in `folder`, so that the same call goes on after a stop. Raises UserError.
    """
    models = [path for path in dict.fromkeys(paths) if path.suffix == ".gguf"]
    found = {path: measures.load(path) for path in paths if path not in models}
    if models:
        found |= dict(zip(models, _evaluated(models, held, sizes, folder), strict=True))
    return [found[path] for path in paths]


def _evaluated(models: Sequence[Path], held: Path | None, sizes: EvaluateSettings, folder: Path) -> list[Results]:
    if held is None:
        raise UserError(
            tr("To compare model files, say on which conversations: --held FILE.jsonl. Nothing was changed."),
            code="usage",
        )
    for path in models:
        if not path.exists():
            raise UserError(tr("There is no file {file}. Nothing was changed.", file=path), code="no_file")
    from tutor.workshop.evaluation import stage  # loads llama.cpp and torch; comparing two results needs neither

    prepared = []
    for path in models:
        settings = msgspec.structs.replace(sizes, model=str(path.resolve()), held=str(held.resolve()))
        measuring = stage.prepared(settings, folder)
        prepared.append((measuring, folder / f"{path.stem}-{measuring.sha256[:8]}"))
    found = stage.evaluate(prepared, _say, label="compare")
    for result, (_, of_model) in zip(found, prepared, strict=True):
        measures.save(result, of_model / stage.JSON)
        _say(tr("Kept in {file}", file=of_model / stage.JSON))
    return found


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code 0, or 130 where it was stopped; raises UserError."""
    chosen = _parser().parse_args(argv)
    quiet.libraries()
    made = recipe.read(recipe.find(chosen.recipe)) if chosen.recipe else None
    sizes = (made.evaluate if made else None) or EvaluateSettings()
    paths = (chosen.first, chosen.second)
    try:
        first, second = results(paths, held=chosen.held, sizes=sizes, folder=chosen.out)
    except KeyboardInterrupt:
        _say(tr("Stopped. What was measured is kept in {folder}. The same command goes on.", folder=chosen.out))
        return 130
    if first.name == second.name:
        first, second = (
            msgspec.structs.replace(r, name=tr("{name} ({file})", name=r.name, file=words))
            for r, words in zip((first, second), _apart(paths), strict=True)
        )
    from tutor.workshop.evaluation import report

    if chosen.html:
        chosen.html.write_text(report.html([first, second]), encoding="utf-8")
    if chosen.markdown:
        pictures = chosen.markdown.parent / f"{chosen.markdown.stem}-pictures"
        chosen.markdown.write_text(report.markdown([first, second], pictures), encoding="utf-8")
    print(report.markdown([first, second]))
    return 0


def _parser() -> argparse.ArgumentParser:
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
    parser.add_argument(
        "--out",
        type=Path,
        default=FOLDER,
        help=tr("for model files: a folder that keeps what was measured (default: {folder})", folder=FOLDER),
    )
    return parser


def _apart(paths: Sequence[Path]) -> Sequence[str]:
    """The shortest words that tell two files apart: their names, their folders, or all of it."""
    whole = [path.resolve() for path in paths]
    for words in ([path.stem for path in whole], [path.parent.name for path in whole]):
        if len(set(words)) == len(words):
            return words
    return [str(path) for path in paths]


if __name__ == "__main__":
    sys.exit(main())
