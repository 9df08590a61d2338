"""Does llama.cpp read the exported file as torch reads the weights? The same tokens, the same next token."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
import torch
from tokenizers import Tokenizer

from tutor.errors import UserError
from tutor.i18n import tr
from tutor.workshop.stages import UNQUANTIZED

LEAST = 0.99
"""Share of positions with the same likeliest token."""

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


def sentences(out: Path, names: Sequence[str], most: int) -> list[str]:
    """What learners and tutors say, to compare on: the held-out conversations, or else the text that was read."""
    found: list[str] = []
    for name in names:
        with (out / name).open("rb") as lines:
            for line in lines:
                item = json.loads(line)
                if "turns" in item:
                    found += [f"{turn['words']}\n\n{turn['notes']}" for turn in item["turns"]]
                else:
                    found += [item["text"]] if "text" in item else [said["content"] for said in item["messages"]]
                if len(found) >= most:
                    return found[:most]
    return found


def report(
    model: Any, tokenizer: Tokenizer, out: Path, *, names: Sequence[str] = ("held.jsonl",), texts: int, rows: int
) -> dict[str, float]:
    """Compare on the texts in the named files and on odd ones, and write `agreement.json`.

    Raises UserError when tokens differ or the likeliest token is the same on less than 99% of positions.
    """
    words = sentences(out, names, max(1, texts - len(ODD_TEXTS)))
    length = min(model.config.max_position_embeddings, 512)
    long = tokenizer.encode("\n".join(words), add_special_tokens=False).ids
    length = min(length, len(long))
    rows = min(rows, len(long) // length)
    llama = open_model(out / UNQUANTIZED, context=length, logits=True)
    different = tokens_differ(llama, tokenizer, [*words, *ODD_TEXTS])
    share = same_top_token(model, llama, np.asarray(long[: rows * length]).reshape(rows, length))
    llama.close()
    figures = {
        "texts_compared": len(words) + len(ODD_TEXTS),
        "texts_different": len(different),
        "same_top_token": round(share, 5),
    }
    (out / "agreement.json").write_text(json.dumps(figures, indent=2), encoding="utf-8")
    if different or share < LEAST:
        raise UserError(
            tr(
                "llama.cpp does not read {file} as torch reads the weights: the same next token on {share} of the "
                "positions (at least {least} are needed), other tokens for {different} of {texts} texts. No model was "
                "made; {file} and agreement.json are kept to look into it. Other versions of transformers, gguf or "
                "llama-cpp-python than the project names are the likeliest reason.",
                file=UNQUANTIZED,
                share=f"{share:.2%}",
                least=f"{LEAST:.0%}",
                different=len(different),
                texts=figures["texts_compared"],
            ),
            code="disagreement",
        )
    return figures
