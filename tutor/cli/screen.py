"""`tutor screen`: moderation of JSON lines from standard input, one JSON line out for each, in the same order."""

import argparse
import queue
import sys
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from tutor.domain import AgeBand, Direction, Verdict
from tutor.i18n import tr, trn

if TYPE_CHECKING:
    from tutor.cli.engine import Waiting

NAME = "screen"
BATCH = 32
WAIT_S = 60.0
"""For one batch; the classifier takes milliseconds a text."""


class Line(msgspec.Struct):
    """One line of input."""

    text: str
    context: str | tuple[str, ...] = ()
    direction: Direction = Direction.INPUT


class Screening(msgspec.Struct):
    """One line of output."""

    text: str
    scores: dict[str, float]
    labels: tuple[str, ...]
    action: str


class Trouble(msgspec.Struct):
    """Output for a line that could not be judged; it stands in the line's place."""

    error: str
    code: str
    line: int


def summary() -> str:
    return tr("Judge texts: JSON lines on standard input, JSON lines on standard output.")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = tr(
        'In: {"text": "...", "context": ["..."], "direction": "input" or "output"}. '
        'Out: {"text", "scores", "labels", "action"}, or {"error", "code", "line"} for a line that cannot be read.'
    )
    parser.add_argument(
        "--age-band", choices=list(AgeBand), type=AgeBand, default=AgeBand.A8_10, help=tr("of the learner")
    )


def batches(source: BinaryIO, size: int = BATCH) -> Iterator[list[tuple[int, bytes]]]:
    """Numbered lines that are not blank, as many at once as have arrived, so that nobody waits for a full batch."""
    arrived: queue.Queue[tuple[int, bytes] | None] = queue.Queue(maxsize=size * 4)

    def read() -> None:
        for number, line in enumerate(source, start=1):
            if line.strip():
                arrived.put((number, line))
        arrived.put(None)

    threading.Thread(target=read, name="screen-input", daemon=True).start()
    while (first := arrived.get()) is not None:
        batch = [first]
        while len(batch) < size:
            try:
                more = arrived.get_nowait()
            except queue.Empty:
                break
            if more is None:
                yield batch
                return
            batch.append(more)
        yield batch


def parse(number: int, line: bytes) -> Line | Trouble:
    try:
        return msgspec.json.decode(line, type=Line)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        # the error names the place and the type, never the learner's words
        return Trouble(error=tr("Not a line to judge: {reason}", reason=error), code="bad_line", line=number)


def judged(line: Line, verdict: Verdict) -> Screening:
    return Screening(text=line.text, scores=verdict.scores, labels=verdict.labels, action=verdict.action.value)


def screen(batch: list[tuple[int, bytes]], waiting: "Waiting", age_band: AgeBand) -> list[Screening | Trouble]:
    """What to print for a batch, line by line."""
    from tutor.engine.protocol import Failed, ScreenItem

    read = [(number, parse(number, raw)) for number, raw in batch]
    lines = [line for _, line in read if isinstance(line, Line)]
    items = tuple(
        ScreenItem(
            text=line.text,
            direction=line.direction,
            context=(line.context,) if isinstance(line.context, str) else line.context,
        )
        for line in lines
    )
    answer = waiting.screen(items, age_band, WAIT_S) if items else None
    verdicts = iter(() if answer is None or isinstance(answer, Failed) else answer.verdicts)
    out: list[Screening | Trouble] = []
    for number, line in read:
        if isinstance(line, Trouble):
            out.append(line)
        elif isinstance(answer, Failed):
            out.append(Trouble(error=answer.message, code=answer.code, line=number))
        else:
            out.append(judged(line, next(verdicts)))
    return out


def run(args: argparse.Namespace) -> int:
    from tutor.cli.engine import classifier

    encoder = msgspec.json.Encoder()
    troubles = 0
    with classifier() as waiting:
        for batch in batches(sys.stdin.buffer):
            out = screen(batch, waiting, args.age_band)
            troubles += sum(isinstance(line, Trouble) for line in out)
            sys.stdout.buffer.write(b"".join(encoder.encode(line) + b"\n" for line in out))
            sys.stdout.buffer.flush()
    if troubles:
        print(
            trn(
                "tutor: {n} line could not be judged; its error stands in its place.",
                "tutor: {n} lines could not be judged; their errors stand in their places.",
                troubles,
            ),
            file=sys.stderr,
        )
    return 1 if troubles else 0
