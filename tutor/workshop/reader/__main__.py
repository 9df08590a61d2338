"""`python -m tutor.workshop.reader --data FOLDER`: train the sum reader and write `tutor/tutoring/word_reader.npz`."""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

import torch

from tutor.retrieval.embedder import model_folder
from tutor.tutoring import word_reader
from tutor.workshop.reader import examples
from tutor.workshop.reader.batches import prepared
from tutor.workshop.reader.network import SCALE, Network
from tutor.workshop.reader.training import Settings, train
from tutor.workshop.writing import word_problems_built


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tutor.workshop.reader", description=__doc__)
    parser.add_argument("--data", type=Path, help="folder with gsm8k_train.jsonl.gz; without it templates alone")
    parser.add_argument("--each", type=int, default=8, help="stories of each template")
    parser.add_argument("--built", type=int, default=30, help="stories of each pattern of sentences")
    parser.add_argument("--second-epochs", type=float, default=Settings().second_epochs)
    parser.add_argument("--head-epochs", type=float, default=Settings().head_epochs)
    parser.add_argument("--epochs", type=float, default=Settings().epochs)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, default=word_reader.FILE)
    options = parser.parse_args(argv)
    began = time.monotonic()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    from transformers import AutoModel, AutoTokenizer

    folder = str(model_folder())
    tokenizer = AutoTokenizer.from_pretrained(folder)
    network = Network(AutoModel.from_pretrained(folder))
    rng = Random(options.seed)
    told = examples.from_templates(rng, options.each, "train")
    told += examples.told(rng, options.built, word_problems_built.templates())
    if options.data:
        told += [e for e in examples.collected(options.data, "train") if len(e.steps) <= examples.COLLECTED_STEPS]
    print(f"{len(told):,} stories", file=sys.stderr)
    settings = Settings(options.second_epochs, options.head_epochs, options.epochs)
    losses = train(network, [prepared(one, tokenizer) for one in told], settings, options.seed)
    save(network, options.out)
    figures = ", ".join(f"{loss:.3f}" for loss in losses)
    print(f"{options.out}: loss by epoch {figures}; {(time.monotonic() - began) / 60:.0f} minutes")
    return 0


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


if __name__ == "__main__":
    sys.exit(main())
