"""Stage 2: a byte-level BPE tokenizer whose digits are single tokens, split exactly as llama.cpp splits."""

import json
from collections.abc import Iterator
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from tutor.workshop import recipe


def texts_of(path: Path) -> Iterator[str]:
    """Every text in a file of the text stage."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            item = json.loads(line)
            if "text" in item:
                yield item["text"]
            else:
                yield from (message["content"] for message in item["messages"])


def train(out: Path, *, vocabulary: int = recipe.VOCABULARY) -> Tokenizer:
    """Learn the merges on the pretraining text and write `tokenizer.json`."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(recipe.PRE_TOKENIZER_EXPRESSION), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        min_frequency=3,
        special_tokens=list(recipe.SPECIAL),
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts_of(out / "pretrain.jsonl"), trainer)
    tokenizer.save(str(out / "tokenizer.json"))
    return tokenizer


def load(out: Path) -> Tokenizer:
    return Tokenizer.from_file(str(out / "tokenizer.json"))
