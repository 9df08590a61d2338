"""Answers to judge from model files: one model beside the written answer, or two models beside each other."""

from collections.abc import Sequence
from pathlib import Path

from tutor.errors import UserError
from tutor.i18n import tr
from tutor.workshop.evaluation import replies
from tutor.workshop.evaluation.generate import GREEDY
from tutor.workshop.evaluation.stage import read_held
from tutor.workshop.export.agreement import open_model
from tutor.workshop.progress import Progress
from tutor.workshop.review.sample import Answer, Pair, draw, lines, pair
from tutor.workshop.writing.conversations import messages

WRITTEN = "written"
"""Source of a held-out conversation's own answer."""


def pairs(models: Sequence[Path], held: Path, *, count: int, seed: int, context: int = 1024) -> list[Pair]:
    """`count` pairs of answers to held-out turns; a turn where both say the same is passed over.

    Raises UserError when a file is missing or cannot be read.
    """
    for file in models:
        if not file.exists():
            raise UserError(tr("There is no model file {file}. Nothing was changed.", file=file), code="no_file")
    prompts = []
    for talk in read_held(held):
        chat = messages(talk)
        prompts += [(chat[:i], m["content"]) for i, m in enumerate(chat) if m["role"] == "assistant"]
    empty = [pair(lines(chat), Answer(text=text, source=WRITTEN), Answer(text="", source="")) for chat, text in prompts]
    places = {p.id: i for i, p in enumerate(empty)}
    chosen = [prompts[places[p.id]] for p in draw(list({p.id: p for p in empty}.values()), len(empty), seed)]
    opened = [(_source(file, models), open_model(file, context=context)) for file in models[:2]]
    made: list[Pair] = []
    with Progress("review", count) as progress:
        for chat, written in chosen:
            found = [Answer(text=replies.answer(llama, chat, GREEDY)[0], source=source) for source, llama in opened]
            if len(found) == 1:
                found.append(Answer(text=written, source=WRITTEN))
            if found[0].text.strip() != found[1].text.strip():
                made.append(pair(lines(chat), found[0], found[1]))
                progress.add(1)
            if len(made) == count:
                break
    for _, llama in opened:
        llama.close()
    return made


def _source(file: Path, models: Sequence[Path]) -> str:
    """A model's name in the judgements: the file's, or its whole path where two have one name."""
    return file.name if len({f.name for f in models}) == len(models) else str(file)
