"""Does llama.cpp read the exported file as torch reads the weights? The same tokens, the same next token."""

import json
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
import torch
from tokenizers import Tokenizer

from tutor.errors import BugError

ODD_TEXTS = (
    "",
    " ",
    "\n\n  \t x",
    "3/4 + 1/8 = 7/8",
    "I'M here, you'Ll see, it'S",
    "½ × ¾ ÷ 2 − 1 ≠ √9 ²",
    "naïve café Zürich ß Ελλάδα Ћирилица",
    "e\u0301 a\u0308 combining marks",
    "שלום עולם مرحبا \u202eabc\u202c",
    "日本語の算数 한국어",
    "🙂🙃 👩\u200d🏫 🇬🇧",
    "a\u00a0b\u2003c\u200bd\ufeff",
    "\u0000\u0001\x7f",
    "१२३ ٤٥٦ Ⅷ",
    "don't DON'T x=4;y=-2 £3.50 50%",
    "    four spaces\r\nand\r\na tab\tend   ",
)


def open_model(path: Path, *, context: int, logits: bool = False, threads: int = 1) -> Any:
    """The file in llama.cpp, on the CPU, quietly."""
    return llama_cpp.Llama(
        model_path=str(path),
        n_ctx=context,
        n_batch=context,
        n_threads=threads,
        n_gpu_layers=0,
        logits_all=logits,
        verbose=False,
    )


def tokens_differ(llama: Any, tokenizer: Tokenizer, texts: list[str]) -> list[str]:
    """Texts that llama.cpp tokenizes differently (none, if all is well)."""
    return [
        text
        for text in texts
        if llama.tokenize(text.encode(), add_bos=False, special=False)
        != tokenizer.encode(text, add_special_tokens=False).ids
    ]


def same_top_token(model: Any, llama: Any, rows: np.ndarray) -> float:
    """Share of positions at which torch and llama.cpp find the same token likeliest. `rows`: (n, length) tokens."""
    same = total = 0
    model.eval()
    for row in rows:
        llama.reset()
        llama.eval([int(t) for t in row])
        theirs = np.asarray(llama.scores)[: len(row)].argmax(axis=1)
        with torch.inference_mode():
            ours = model(input_ids=torch.from_numpy(row.astype(np.int64))[None]).logits[0].argmax(dim=1).numpy()
        same += int((ours == theirs).sum())
        total += len(row)
    return same / total


def report(model: Any, tokenizer: Tokenizer, out: Path, *, texts: int = 3000, rows: int = 12) -> dict[str, float]:
    """Compare on held-out conversations and odd texts and write `agreement.json`.

    Raises BugError when tokens differ or the likeliest token is the same on less than 99% of positions.
    """
    talks = [json.loads(line) for line in (out / "held.jsonl").read_text(encoding="utf-8").splitlines()]
    words = [f"{turn['words']}\n\n{turn['notes']}" for talk in talks for turn in talk["turns"]][
        : texts - len(ODD_TEXTS)
    ]
    length = min(model.config.max_position_embeddings, 512)
    long = tokenizer.encode("\n".join(words), add_special_tokens=False).ids
    llama = open_model(out / "starter-f16.gguf", context=length, logits=True)
    different = tokens_differ(llama, tokenizer, [*words, *ODD_TEXTS])
    share = same_top_token(model, llama, np.asarray(long[: rows * length]).reshape(rows, length))
    llama.close()
    figures = {
        "texts_compared": len(words) + len(ODD_TEXTS),
        "texts_different": len(different),
        "same_top_token": round(share, 5),
    }
    (out / "agreement.json").write_text(json.dumps(figures, indent=2))
    if different or share < 0.99:
        raise BugError(f"llama.cpp and torch do not agree: {figures}, such as {different[:1]!r}")
    return figures
