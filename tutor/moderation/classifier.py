"""The safety classifier: Detoxify's predictor on weights from a local folder. The sole import of detoxify.

Detoxify's own loader reaches for the network and unpickles anything, so model, tokenizer and config are built here
from files and `Detoxify.predict` is used on them. Ours and the published checkpoints load in the same way.
"""

import os

os.environ["HF_HUB_OFFLINE"] = "1"  # before transformers is imported: no model file may ever be fetched here
os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")

import hashlib
import json
import math
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import torch
import transformers
from detoxify import Detoxify

from tutor.moderation import checkpoint, quick
from tutor.moderation.thresholds import Thresholds

RENAMED: Final = {"toxic": "toxicity", "identity_hate": "identity_attack", "severe_toxic": "severe_toxicity"}
CONTEXT_TOKENS: Final = 40
CACHE: Final = 8192
DOUBT: Final = (0.2, 0.9)
"""Where no thresholds are named, a probability between these is computed again in full precision."""

_ALLOWED: Final = (
    "AlbertForSequenceClassification",
    "BertForSequenceClassification",
    "RobertaForSequenceClassification",
    "XLMRobertaForSequenceClassification",
)

Item = tuple[str, str]
"""A text and what was said before it ("" for nothing)."""


class Classifier:
    """Label to probability for texts of any length. Not thread-safe. A text's scores depend on nothing else."""

    def __init__(self, path: Path, *, exact: bool = False, levels: Thresholds | None = None) -> None:
        """Load the folder or checkpoint file at `path`. `exact`: float32 arithmetic, slower. `levels`: a probability
        that eight bits could move across one of these is computed again in float32. Raises UserError.
        """
        file = checkpoint.locate(path)
        manifest = checkpoint.manifest_of(file.parent)
        if manifest is not None:
            checkpoint.verify(file.parent, manifest)
        state, config = checkpoint.read(file)
        self.pairs = manifest is not None and manifest.pairs
        self.version = f"{manifest.name} {manifest.version}" if manifest is not None else file.name
        self._detoxify = _build(file.parent, file, state, config)
        self.labels: tuple[str, ...] = tuple(self._detoxify.class_names)
        longest = min(512, int(self._detoxify.model.config.max_position_embeddings) - 2)
        self._window: int = min(longest, manifest.window) if manifest is not None else longest
        self._doubtful: dict[str, tuple[tuple[float, float], ...]] = dict.fromkeys(self.labels, (DOUBT,))
        self._precise: Any = None
        self._together = 1
        quickened = None if exact else quick.quicken(self._detoxify, longest)
        if quickened is not None:
            self._detoxify, self._precise = quickened.fast, quickened.precise
            self._together = quickened.together
            if levels is not None:
                used = levels.of(self.labels)
                self._doubtful = {label: _around(used[label], quickened.error) for label in self.labels}
        self._cache: OrderedDict[bytes, dict[str, float]] = OrderedDict()

    def scores(self, items: Sequence[Item]) -> list[dict[str, float]]:
        """Probabilities of each label for each item. Long texts: the maximum over overlapping windows."""
        known = {item: self._cache.get(_key(item)) for item in items}
        self._judge([item for item, found in known.items() if found is None], known)
        for item, found in known.items():
            if found is not None:
                self._cache[_key(item)] = found
                self._cache.move_to_end(_key(item))
        while len(self._cache) > CACHE:
            self._cache.popitem(last=False)
        return [found for item in items if (found := known[item]) is not None]

    def forget(self) -> None:
        """Empty the cache of scores."""
        self._cache.clear()

    def _judge(self, items: Sequence[Item], known: dict[Item, dict[str, float] | None]) -> None:
        """Adds the probabilities of these items."""
        parts = [(item, part) for item in items for part in self._parts(*item)]
        for start in range(0, len(parts), self._together):
            now = parts[start : start + self._together]
            for (item, part), found in zip(now, self._probabilities(self._detoxify, [p for _, p in now]), strict=True):
                if self._precise is not None and self._in_doubt(found):
                    (found,) = self._probabilities(self._precise, [part])
                best = known[item]
                known[item] = found if best is None else {label: max(best[label], found[label]) for label in found}

    def _parts(self, text: str, before: str) -> list[Any]:
        """What Detoxify is given for an item: one text, or several for one that is too long."""
        text = text.encode(errors="replace").decode()  # lone surrogates have no tokens
        before = self._tail(before.encode(errors="replace").decode())
        room = self._window - 4 - (CONTEXT_TOKENS if before and not self.pairs else 0)
        return [self._joined(part, before) for part in self._windows(text, room)]

    def _in_doubt(self, found: dict[str, float]) -> bool:
        return any(low < found[label] < high for label, near in self._doubtful.items() for low, high in near)

    def _probabilities(self, detoxify: Any, texts: list[Any]) -> list[dict[str, float]]:
        given = detoxify.predict(texts)
        values = [given[label] if isinstance(given[label], list) else [given[label]] for label in self.labels]
        for label, column in zip(self.labels, values, strict=True):
            if len(column) != len(texts) or not all(0.0 <= value <= 1.0 for value in column):
                raise ValueError(f"the classifier gave {column} for {label}")
        return [dict(zip(self.labels, row, strict=True)) for row in zip(*values, strict=True)]

    def _joined(self, text: str, before: str) -> Any:
        if not before:
            return text
        return (text, before) if self.pairs else f"{before}\n{text}"

    def _offsets(self, text: str) -> list[tuple[int, int]]:
        tokenizer = self._detoxify.tokenizer
        if isinstance(tokenizer, quick.Tokens):
            return tokenizer.spans(text)
        encoded = tokenizer(
            text, add_special_tokens=False, return_offsets_mapping=True, truncation=False, verbose=False
        )
        return list(encoded["offset_mapping"])

    def _windows(self, text: str, room: int) -> list[str]:
        if len(text) <= room:  # a token has at least one character
            return [text]
        spans = self._offsets(text)
        if len(spans) <= room:
            return [text]
        shared = room // 4  # neighbours overlap, so that nothing is split across a border
        starts = range(0, len(spans) - shared, room - shared)
        return [text[spans[s][0] : spans[min(s + room, len(spans)) - 1][1]] for s in starts]

    def _tail(self, before: str) -> str:
        """The last tokens of what was said before."""
        if len(before) <= CONTEXT_TOKENS:
            return before
        spans = self._offsets(before[-2000:])
        return before[-2000:][spans[-CONTEXT_TOKENS][0] :] if len(spans) > CONTEXT_TOKENS else before[-2000:]


def _build(folder: Path, file: Path, state: dict[str, torch.Tensor], config: dict[str, Any]) -> Any:
    """A Detoxify with everything from `folder`. Raises UserError."""
    try:
        args = config["arch"]["args"]
        names = [RENAMED.get(str(n), str(n)) for n in config["dataset"]["args"]["classes"]]
        model_name, outputs = str(args["model_name"]), int(args["num_classes"])
    except (KeyError, TypeError, ValueError) as error:
        raise checkpoint.bad(file, "its config is not Detoxify's") from error
    if model_name not in _ALLOWED:
        raise checkpoint.bad(file, f"it wants the model class {model_name}, which is not one of {', '.join(_ALLOWED)}")
    if not names or len(names) > outputs or len(set(names)) != len(names):
        raise checkpoint.bad(file, f"it names {len(names)} labels for {outputs} outputs")
    try:
        described = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        model_class = getattr(transformers, model_name)
        model = model_class(model_class.config_class.from_dict({**described, "num_labels": outputs}))
        # Old checkpoints carry position_ids, which the classes no longer keep; anything else must fit exactly.
        state = {k: v for k, v in state.items() if not k.endswith("position_ids")}
        model.load_state_dict({k: v.float() for k, v in state.items()}, strict=True)
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, RuntimeError, KeyError, TypeError, AttributeError, ImportError) as error:
        raise checkpoint.bad(
            file, "the config.json and tokenizer files beside it are missing, damaged or do not fit it"
        ) from error
    if not all(bool(torch.isfinite(p).all()) for p in model.parameters()):
        raise checkpoint.bad(file, "its weights hold values that are not numbers")
    detoxify = Detoxify.__new__(Detoxify)
    detoxify.model, detoxify.tokenizer, detoxify.class_names = model.eval(), tokenizer, names
    detoxify.device = "cpu"
    return detoxify


def _key(item: Item) -> bytes:
    text, before = item
    return hashlib.blake2b(f"{before}\x00{text}".encode(errors="surrogatepass"), digest_size=16).digest()


def _around(levels: Iterable[float], error: float) -> tuple[tuple[float, float], ...]:
    """The probabilities whose logit is nearer than `error` to that of a level."""
    logits = [math.log(level / (1 - level)) for level in levels if 0 < level < 1]
    return tuple((1 / (1 + math.exp(error - v)), 1 / (1 + math.exp(-error - v))) for v in logits)


def one_thread() -> None:
    """Keep torch to one thread, beside llama.cpp. Process-wide."""
    torch.set_num_threads(1)
