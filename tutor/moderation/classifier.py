"""The safety classifier: Detoxify's predictor on weights from a local folder. The sole import of detoxify.

Detoxify's own loader reaches for the network and unpickles anything, so model, tokenizer and config are built here
from files and `Detoxify.predict` is used on them. Ours and the published checkpoints load in the same way.
"""

import os

os.environ["HF_HUB_OFFLINE"] = "1"  # before transformers is imported: no model file may ever be fetched here
os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")

import hashlib
import json
import warnings
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import torch
import transformers
from detoxify import Detoxify

from tutor.moderation import checkpoint

RENAMED: Final = {"toxic": "toxicity", "identity_hate": "identity_attack", "severe_toxic": "severe_toxicity"}
CONTEXT_TOKENS: Final = 40
CACHE: Final = 8192
DOUBT: Final = (0.2, 0.9)
"""Eight bits can move a probability between these across a threshold: such a text is judged in full precision."""

_ALLOWED: Final = (
    "AlbertForSequenceClassification",
    "BertForSequenceClassification",
    "RobertaForSequenceClassification",
    "XLMRobertaForSequenceClassification",
)

Item = tuple[str, str]
"""A text and what was said before it ("" for nothing)."""


class Classifier:
    """Label to probability for texts of any length. Not thread-safe; one text at a time, so that a text's scores
    depend on nothing else."""

    def __init__(self, path: Path, *, exact: bool = False) -> None:
        """Load the folder or checkpoint file at `path`. `exact`: float32 arithmetic, slower. Raises UserError."""
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
        self._precise = self._detoxify.model
        if not exact:
            self._detoxify.model = _quickened(self._detoxify)
        self._window: int = min(longest, manifest.window) if manifest is not None else longest
        self._cache: OrderedDict[bytes, dict[str, float]] = OrderedDict()

    def scores(self, items: Sequence[Item]) -> list[dict[str, float]]:
        """Probabilities of each label for each item. Long texts: the maximum over overlapping windows."""
        return [self._one(text, before) for text, before in items]

    def forget(self) -> None:
        """Empty the cache of scores."""
        self._cache.clear()

    def _one(self, text: str, before: str) -> dict[str, float]:
        key = hashlib.blake2b(f"{before}\x00{text}".encode(errors="surrogatepass"), digest_size=16).digest()
        known = self._cache.get(key)
        if known is not None:
            self._cache.move_to_end(key)
            return known
        found = self._predict(text, before)
        self._cache[key] = found
        if len(self._cache) > CACHE:
            self._cache.popitem(last=False)
        return found

    def _predict(self, text: str, before: str) -> dict[str, float]:
        text = text.encode(errors="replace").decode()  # lone surrogates have no tokens
        before = self._tail(before.encode(errors="replace").decode())
        room = self._window - 4 - (CONTEXT_TOKENS if before and not self.pairs else 0)
        best = dict.fromkeys(self.labels, 0.0)
        for part in self._windows(text, room):
            found = self._probabilities(part, before)
            if self._detoxify.model is not self._precise and any(DOUBT[0] < v < DOUBT[1] for v in found.values()):
                found = self._probabilities(part, before, precise=True)
            best = {label: max(best[label], found[label]) for label in self.labels}
        return best

    def _probabilities(self, part: str, before: str, *, precise: bool = False) -> dict[str, float]:
        quick = self._detoxify.model
        if precise:
            self._detoxify.model = self._precise
        try:
            given = self._detoxify.predict([self._joined(part, before)])
        finally:
            self._detoxify.model = quick
        found = {}
        for label in self.labels:
            value = given[label]
            found[label] = float(value[0] if isinstance(value, list) else value)
            if not 0.0 <= found[label] <= 1.0:
                raise ValueError(f"the classifier gave {found[label]} for {label}")
        return found

    def _joined(self, text: str, before: str) -> Any:
        if not before:
            return text
        return (text, before) if self.pairs else f"{before}\n{text}"

    def _offsets(self, text: str) -> list[tuple[int, int]]:
        encoded = self._detoxify.tokenizer(
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


def _quickened(detoxify: Any) -> Any:
    """The same weights in the fastest arithmetic that keeps the verdicts: eight bits for linear layers (activations
    too) and a recorded graph, which also saves Python's share; the model as it is where torch has no such kernels."""
    if torch.backends.quantized.engine not in ("x86", "fbgemm", "onednn"):
        return detoxify.model
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecated in favour of packages that we do not need; torch is pinned
        setting = {torch.nn.Linear: torch.ao.quantization.per_channel_dynamic_qconfig}
        model = torch.ao.quantization.quantize_dynamic(detoxify.model, setting, dtype=torch.qint8)
        sample = dict(detoxify.tokenizer(["A sentence of some length to record the graph with."], return_tensors="pt"))
        return _Recorded(model, sample)


class _Recorded:
    """A frozen graph of a classifier, called as Detoxify calls the model: named tensors in, a tuple with logits out."""

    device = "cpu"

    def __init__(self, model: Any, sample: dict[str, torch.Tensor]) -> None:
        self._names = tuple(sample)
        wrapped = _Logits(model, self._names).eval()
        with torch.inference_mode():
            self._graph = torch.jit.freeze(torch.jit.trace(wrapped, tuple(sample.values()), check_trace=False))
            for _ in range(3):  # torch settles on its kernels in the first calls
                self._graph(*sample.values())

    def eval(self) -> None:
        """It always is."""

    def __call__(self, **inputs: torch.Tensor) -> tuple[torch.Tensor]:
        with torch.inference_mode():
            return (self._graph(*(inputs[name] for name in self._names)),)


class _Logits(torch.nn.Module):  # type: ignore[misc]  # torch is not type-checked here
    def __init__(self, model: Any, names: tuple[str, ...]) -> None:
        super().__init__()
        self.model, self._names = model, names

    def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.model(**dict(zip(self._names, tensors, strict=True)))[0]
        return logits


def one_thread() -> None:
    """Keep torch to one thread, beside llama.cpp. Process-wide."""
    torch.set_num_threads(1)
