"""Text to one long row of tokens, with a weight for each: 1 for the tutor's words, less for everything else."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import msgspec
import numpy as np
from tokenizers import Tokenizer

from tutor.errors import BugError, UserError
from tutor.i18n import tr
from tutor.workshop import recipe
from tutor.workshop.writing.conversations import Talk, messages

Pieces = list[tuple[str, bool]]
AT_ONCE = 2000
"""Documents that are cut into tokens together; more would need much memory."""


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


def documents(paths: Sequence[Path]) -> Iterator[Pieces]:
    """Every line of the files as pieces: plain text, a chat, or a held-out conversation."""
    for path in paths:
        with path.open("rb") as lines:
            for line in lines:
                item = msgspec.json.decode(line)
                if "text" in item:
                    yield [(item["text"], True)]
                elif "messages" in item:
                    yield pieces(item["messages"])
                else:
                    yield pieces(messages(msgspec.convert(item, Talk)))


def pack(
    paths: Path | Sequence[Path], tokenizer: Tokenizer, *, others: float, most: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """All documents one after the other, each ended by the end token: tokens (uint16), weights (float32).

    `others` is the weight of what is not the tutor's words; `most` a number of tokens after which no more documents
    are cut. Raises UserError when there are none.
    """
    paths = [paths] if isinstance(paths, Path) else paths
    tokens: list[np.ndarray] = []
    weights: list[np.ndarray] = []
    source = documents(paths)
    while some := list(islice(source, AT_ONCE if most is None else 50)):
        texts = [text + (recipe.END if i + 1 == len(doc) else "") for doc in some for i, (text, _) in enumerate(doc)]
        shares = [1.0 if own else others for doc in some for _, own in doc]
        encoded = [e.ids for e in tokenizer.encode_batch_fast(texts, add_special_tokens=False)]
        tokens.append(np.asarray([token for ids in encoded for token in ids], dtype=np.uint16))
        weights.append(np.repeat(np.asarray(shares, dtype=np.float32), [len(ids) for ids in encoded]))
        if most is not None and sum(map(len, tokens)) > most:
            break
    if not tokens:
        names = ", ".join(path.name for path in paths)
        raise UserError(tr("There is no text to read in {files}.", files=names), code="no-text")
    return np.concatenate(tokens), np.concatenate(weights)


def number_of(tokenizer: Tokenizer, token: str) -> int:
    """The number of a token that must be there. Raises BugError."""
    number = tokenizer.token_to_id(token)
    if number is None:
        raise BugError(f"the tokenizer has no token {token}")
    return number
