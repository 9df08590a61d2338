"""Task accuracy as figures of the report: by script, so that two models are compared on what both were asked."""

from collections.abc import Sequence
from typing import Final

from tutor.i18n import tr
from tutor.workshop.evaluation import tasks, tasks_measure
from tutor.workshop.evaluation.measures import Measure, Row, measure
from tutor.workshop.evaluation.parts import digest
from tutor.workshop.evaluation.replies import WRONG, Asked, Judged
from tutor.workshop.evaluation.tasks_measure import MOVE_MADE, Answered, Rated, Told
from tutor.workshop.evaluation.titles import move_in_words, title_of

SECTION: Final = "tasks"
MOVES: Final = "moves"
_LOWER: Final = ("begging that won the answer", "word problems: stated although wrong")
"""What is better when it is lower begins so."""


def measured(
    talks: Sequence[tuple[tasks.Script, Sequence[Answered]]],
    told: Sequence[tuple[tasks.Script, Told]],
    *,
    seed: int,
    draws: int,
) -> list[Measure]:
    """A figure for each of `tasks_measure.rated` that counts anything; the bootstrap draws whole scripts."""
    found = tasks_measure.rated(
        [(_named(script), talk) for script, talk in talks], [(_named(script), story) for script, story in told]
    )
    made = []
    for name, counted in found.items():
        if not counted:
            continue
        of_move = name.startswith(MOVE_MADE)
        made.append(
            measure(
                f"task {name}",
                MOVES if of_move else SECTION,
                move_in_words(name.removeprefix(MOVE_MADE).replace(" ", "_")) if of_move else title_of(name),
                _rows(counted),
                better="lower" if name.startswith(_LOWER) else "higher",
                seed=seed,
                draws=draws,
            )
        )
    return made


def of_replies(
    by_default: Sequence[tuple[Asked, Judged]],
    greedily: Sequence[tuple[Asked, Judged]],
    in_talks: Sequence[tuple[str, Sequence[Judged]]],
    *,
    seed: int,
    draws: int,
) -> list[Measure]:
    """Replies with no fault at all, and with the maths right; the bootstrap draws whole conversations."""

    def made(name: str, title: str, rows: list[Row]) -> Measure:
        return measure(name, SECTION, title, rows, better="higher", seed=seed, draws=draws)

    whole = [(talk, judged) for talk, turns in in_talks for judged in turns]
    figures = [
        made(
            "reply good",
            tr("Single replies without any fault, as the program asks"),
            [(a.talk, float(not j.faults), 1.0) for a, j in by_default],
        ),
        made(
            "reply maths",
            tr("Single replies with every number right, as the program asks"),
            [(a.talk, float(not set(j.faults) & set(WRONG)), 1.0) for a, j in by_default],
        ),
        made(
            "reply good greedy",
            tr("Single replies without any fault, likeliest words"),
            [(a.talk, float(not j.faults), 1.0) for a, j in greedily],
        ),
        made(
            "turn good",
            tr("Turns of whole conversations without any fault"),
            [(talk, float(not j.faults), 1.0) for talk, j in whole],
        ),
    ]
    return [figure for figure in figures if figure.count]


def _named(script: tasks.Script) -> str:
    """A name that only the very same script has."""
    return f"{script.task}-{digest(script)}"


def _rows(counted: Rated) -> list[Row]:
    return [(script, float(so), 1.0) for script, so in counted]
