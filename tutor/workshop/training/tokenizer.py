"""Stage 2: a byte-level BPE tokenizer whose digits are single tokens, split exactly as llama.cpp splits."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from tutor.workshop import recipe
from tutor.workshop.stages import StageContext, texts


def texts_of(paths: Sequence[Path]) -> Iterator[str]:
    """Every text in the files that pretraining reads."""
    for path in paths:
        with path.open("rb") as lines:
            for line in lines:
                item = msgspec.json.decode(line)
                if "text" in item:
                    yield item["text"]
                else:
                    yield from (message["content"] for message in item["messages"])


def train(
    out: Path,
    *,
    vocabulary: int = 4096,
    min_frequency: int = 3,
    files: Sequence[str] = ("pretrain.jsonl",),
) -> Tokenizer:
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
        min_frequency=min_frequency,
        special_tokens=list(recipe.SPECIAL),
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts_of([out / file for file in files]), trainer)
    part = out / "tokenizer.json.part"
    tokenizer.save(str(part))
    part.replace(out / "tokenizer.json")
    return tokenizer


def load(out: Path) -> Tokenizer:
    return Tokenizer.from_file(str(out / "tokenizer.json"))


def run(context: StageContext) -> dict[str, Any]:
    """The tokenizer stage."""
    settings = context.recipe.tokenizer
    tokenizer = train(
        context.out,
        vocabulary=settings.vocabulary,
        min_frequency=settings.min_frequency,
        files=texts(context.recipe, "pretrain"),
    )
    return {"tokens": tokenizer.get_vocab_size()}
