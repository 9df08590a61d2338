"""Text to one long row of tokens, with a weight for each: 1 for the tutor's words, less for everything else."""

import json
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from tutor.errors import BugError
from tutor.workshop import recipe

Pieces = list[tuple[str, bool]]


def pieces(messages: list[dict[str, str]]) -> Pieces:
    """A conversation cut into (text, is it the tutor's words) exactly as the chat template joins it."""
    found: Pieces = []
    for message in messages:
        head = f"{recipe.IM_START}{message['role']}\n"
        if message["role"] == "assistant":
            found += [(head, False), (message["content"] + recipe.IM_END, True), ("\n", False)]
        else:
            found.append((head + message["content"] + recipe.IM_END + "\n", False))
    return found


def pack(path: Path, tokenizer: Tokenizer, *, others: float) -> tuple[np.ndarray, np.ndarray]:
    """All documents of a file one after the other, each ended by the end token: tokens (uint16), weights (float32)."""
    texts: list[str] = []
    weights: list[float] = []
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            item = json.loads(line)
            document: Pieces = [(item["text"], True)] if "text" in item else pieces(item["messages"])
            texts += [text for text, _ in document]
            weights += [1.0 if own else others for _, own in document]
            texts[-1] += recipe.END
    encoded = tokenizer.encode_batch(texts, add_special_tokens=False)
    tokens = np.concatenate([np.asarray(e.ids, dtype=np.uint16) for e in encoded])
    spread = np.repeat(np.asarray(weights, dtype=np.float32), [len(e.ids) for e in encoded])
    return tokens, spread


def number_of(tokenizer: Tokenizer, token: str) -> int:
    """The number of a token that must be there. Raises BugError."""
    number = tokenizer.token_to_id(token)
    if number is None:
        raise BugError(f"the tokenizer has no token {token}")
    return number
