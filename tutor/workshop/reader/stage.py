"""The reader stage: stories with their sums to the sum reader's file, going on after the last finished part."""

from pathlib import Path
from random import Random
from typing import Any, Final

import torch

from tutor.errors import UserError
from tutor.i18n import tr
from tutor.retrieval.embedder import model_folder
from tutor.tutoring import word_reader
from tutor.workshop.reader import examples
from tutor.workshop.reader.batches import prepared
from tutor.workshop.reader.network import SCALE, Network
from tutor.workshop.reader.settings import ReaderSettings
from tutor.workshop.reader.training import train
from tutor.workshop.writing import word_problems_built, word_problems_gsm

FILE: Final = "word_reader.npz"
STATE: Final = "reader-state.pt"


def run(settings: ReaderSettings, out: Path, *, seed: int, threads: int, key: str) -> dict[str, Any]:
    """Train it and leave `word_reader.npz`; the figures. Raises UserError where the named data is not there."""
    told = stories(settings, seed)
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    from transformers import AutoModel, AutoTokenizer  # seconds

    folder = str(model_folder())
    tokenizer = AutoTokenizer.from_pretrained(folder)
    network = Network(AutoModel.from_pretrained(folder))
    ready = [prepared(one, tokenizer) for one in told]
    losses = train(network, ready, settings, seed, state=out / STATE, key=key)
    save(network, out / FILE)
    return {
        "stories": len(told),
        "collected_stories": sum(one.source == "gsm8k" for one in told),
        "loss_by_epoch": [round(loss, 4) for loss in losses],
        "bytes": (out / FILE).stat().st_size,
    }


def stories(settings: ReaderSettings, seed: int) -> list[examples.Example]:
    """What is learned from. Raises UserError."""
    rng = Random(seed)
    told = examples.from_templates(rng, settings.each, "train")
    told += examples.told(rng, settings.built, word_problems_built.templates())
    if settings.data:
        file = Path(settings.data).expanduser() / word_problems_gsm.FILE
        if not file.is_file():
            raise UserError(
                tr(
                    "There is no file {file}. Nothing was trained. Name its folder in [reader] data, or leave it out.",
                    file=file,
                ),
                code="no-data",
            )
        collected = examples.collected(file.parent, "train")
        told += [one for one in collected if len(one.steps) <= examples.COLLECTED_STEPS]
    return told


def save(network: Network, path: Path) -> None:
    """Write what the running program reads."""
    heads = {"head": network.head, "second": network.second}
    arrays = {
        f"{name}.{key}": tensor.detach().numpy()
        for name, head in heads.items()
        for key, tensor in head.state_dict().items()
    }
    changes = {name: (one.a.detach().numpy(), SCALE * one.b.detach().numpy()) for name, one in network.low_rank.items()}
    word_reader.save(arrays, changes, path)
