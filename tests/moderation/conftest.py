"""Shared by the moderation tests: the shipped model once, and tiny models in Detoxify's format."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from tutor import paths
from tutor.moderation.classifier import Classifier
from tutor.moderation.moderator import Moderator

LINES = Path(__file__).parent / "lines"
ORIGINAL = ["toxic", "severe_toxic", "obscene", "threat", "insult", "identity_hate"]
SENTENCE = "[PAD] [UNK] [CLS] [SEP] [MASK] you are kind and the sum is wrong stupid hello . ! i hate love cats"
WORDS = SENTENCE.split(" ")


Lines = Callable[[str], list[str]]


@pytest.fixture(scope="session")
def lines() -> Lines:
    """Reads a file of text, none of which was trained on."""

    def read(name: str) -> list[str]:
        return [line for line in (LINES / f"{name}.txt").read_text(encoding="utf-8").splitlines() if line.strip()]

    return read


@pytest.fixture(scope="session")
def moderator() -> Moderator:
    torch.set_num_threads(1)
    return Moderator.load(paths.safety_model())


@pytest.fixture(scope="session")
def exact() -> Classifier:
    """The shipped weights with float32 arithmetic."""
    return Classifier(paths.safety_model(), exact=True)


@pytest.fixture
def tiny(tmp_path: Path) -> Callable[..., Path]:
    """Makes a folder with a tiny randomly initialised model in the format of the published Detoxify checkpoints."""

    def make(kind: str = "Bert", classes: list[str] | None = None, outputs: int | None = None, **extra: Any) -> Path:
        names = classes or ORIGINAL
        sizes = {"vocab_size": len(WORDS), "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
        sizes |= {"intermediate_size": 32, "max_position_embeddings": 130, "num_labels": outputs or len(names)}
        sizes |= {"embedding_size": 8} if kind == "Albert" else {}
        sizes |= {"pad_token_id": 0}
        config = getattr(transformers, f"{kind}Config")(**sizes)
        torch.manual_seed(7)
        model = getattr(transformers, f"{kind}ForSequenceClassification")(config)
        args = {"num_classes": outputs or len(names), "model_type": "somewhere-online", "tokenizer_name": "Tokenizer"}
        described = {
            "arch": {"args": {**args, "model_name": f"{kind}ForSequenceClassification"}},
            "dataset": {"args": {"classes": names}},
        }
        state = {**model.state_dict(), **extra}
        torch.save({"state_dict": state, "config": described}, tmp_path / "toxic.ckpt")
        config.save_pretrained(tmp_path)
        tokenizer = Tokenizer(models.WordLevel({w: i for i, w in enumerate(WORDS)}, unk_token="[UNK]"))
        tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
        tokenizer.post_processor = processors.TemplateProcessing(
            single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
        )
        tokenizer.save(str(tmp_path / "tokenizer.json"))
        settings = {"tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "[PAD]", "unk_token": "[UNK]"}
        (tmp_path / "tokenizer_config.json").write_text(json.dumps({**settings, "model_max_length": 128}))
        return tmp_path

    return make
