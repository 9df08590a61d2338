"""The classifier's fast arithmetic: BERT's layers in eight bits, one or two texts at once, recorded as a graph.

Only what reaches the verdict is computed: without padding there is nothing to mask, and of the last layer the first
token alone is read. Each token's activations have a scale of their own, since a few tokens hold values ten times as
large as the others and would cost the rest their precision. So nothing depends on the text beside it, either. Other
kinds of model go through torch's own conversion.
"""

import copy
import warnings
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn import functional

ENGINES: Final = ("x86", "fbgemm", "onednn")
SAMPLES: Final = ("A sentence of some length to record the graph with.", "Another one.")
_SAME: Final = 1e-3
"""Largest difference of a logit between the layers here and the model they were taken from."""
_LEAST: Final = 0.17
"""GELU gives nothing below its negative."""


class Recorded:
    """Frozen graphs, called as Detoxify calls a model: named tensors in, a tuple with logits out."""

    device = "cpu"

    def __init__(self, module: Any, *samples: dict[str, Tensor]) -> None:
        self._graphs = {}
        with torch.inference_mode():
            for sample in samples:
                given = tuple(sample.values())
                graph = torch.jit.freeze(torch.jit.trace(module.eval(), given, check_trace=False))
                for _ in range(3):  # torch settles on its kernels in the first calls
                    graph(*given)
                self._graphs[tuple(sample)] = graph

    def eval(self) -> None:
        """It always is."""

    def __call__(self, **inputs: Tensor) -> tuple[Tensor]:
        with torch.inference_mode():
            return (self._graphs[tuple(inputs)](*inputs.values()),)


class Inputs(dict[str, Tensor]):
    """What a tokenizer gives, as Detoxify takes it."""

    def to(self, _device: str) -> "Inputs":
        """Everything is where it belongs already."""
        return self


class Tokens:
    """A tokenizer that pads nothing: ids and kinds of each text or pair for themselves, never longer than given."""

    def __init__(self, tokenizer: Any, longest: int) -> None:
        self._fast = copy.deepcopy(tokenizer.backend_tokenizer)
        self._fast.no_truncation()
        self._fast.no_padding()
        self._longest = longest

    def __call__(self, texts: list[Any], **_settings: Any) -> Inputs:
        made = Inputs()
        for number, text in enumerate(texts):
            encoded = self._fast.encode(*text) if isinstance(text, tuple) else self._fast.encode(text)
            ids, kinds = encoded.ids, encoded.type_ids
            if len(ids) > self._longest:
                ids, kinds = ids[: self._longest - 1] + ids[-1:], kinds[: self._longest]
            made[f"ids{number}"], made[f"kinds{number}"] = torch.tensor([ids]), torch.tensor([kinds])
        return made

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where each token of a text begins and ends."""
        return list(self._fast.encode(text, add_special_tokens=False).offsets)


class Quickened:
    """Two Detoxifies with the same weights: `fast`, and `precise` in float32."""

    def __init__(self, fast: Any, precise: Any, *, error: float, together: int = 1) -> None:
        self.fast, self.precise = fast, precise
        self.error = error
        """By how much a logit near a threshold may differ between the two."""
        self.together = together
        """How many texts `fast` takes at once."""


def quicken(detoxify: Any, longest: int) -> Quickened | None:
    """The model made fast. `longest`: tokens of a text. None where torch has no such kernels, or the layers are not
    the ones that are known here."""
    if torch.backends.quantized.engine not in ENGINES:
        return None
    fast, precise, model = copy.copy(detoxify), copy.copy(detoxify), detoxify.model
    given = dict(detoxify.tokenizer(list(SAMPLES[:1]), return_tensors="pt"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecated in favour of packages that we do not need; torch is pinned
        if type(model).__name__ != "BertForSequenceClassification" or model.config.hidden_act != "gelu":
            setting = {nn.Linear: torch.ao.quantization.per_channel_dynamic_qconfig}
            converted = torch.ao.quantization.quantize_dynamic(model, setting, dtype=torch.qint8)
            fast.model = Recorded(_Logits(converted, tuple(given)), given)
            return Quickened(fast, precise, error=1.5)
        tokens = Tokens(detoxify.tokenizer, longest)
        fast.tokenizer = precise.tokenizer = tokens
        one, two = tokens(list(SAMPLES[:1])), tokens(list(SAMPLES))
        precise.model = Recorded(_Bert(model), one)
        with torch.inference_mode():
            apart = (precise.model(**one)[0] - model(**given)[0]).abs().max()
        if not apart < _SAME:
            return None
        whole = _whole_bytes()
        fast.model = Recorded(_eight(_Bert(model), whole), one, two)
    return Quickened(fast, precise, error=0.5 if whole else 0.9, together=2)


class _Logits(nn.Module):  # type: ignore[misc]  # torch is not type-checked here
    def __init__(self, model: Any, names: tuple[str, ...]) -> None:
        super().__init__()
        self.model, self._names = model, names

    def forward(self, *tensors: Tensor) -> Tensor:
        logits: Tensor = self.model(**dict(zip(self._names, tensors, strict=True)))[0]
        return logits


class _Bert(nn.Module):  # type: ignore[misc]
    """BERT with its head and without padding: (1, T) ids and kinds of each of N texts to (N, labels) logits."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        given, layers = model.bert.embeddings, list(model.bert.encoder.layer)
        self.words, self.places = given.word_embeddings, given.position_embeddings
        self.kinds, self.norm = given.token_type_embeddings, given.LayerNorm
        self.layers = nn.ModuleList([_Layer(layer, last=layer is layers[-1]) for layer in layers])
        self.pooler, self.head = model.bert.pooler.dense, model.classifier

    def forward(self, *tensors: Tensor) -> Tensor:
        ids, kinds = tensors[::2], tensors[1::2]
        places = [self.places.weight[: one.shape[1]] for one in ids]
        values = self.words(_row(ids)) + self.kinds(_row(kinds)) + torch.cat(places)
        values, bounds, end = self.norm(values), [], 0
        for one in ids:
            bounds.append((end, end + one.shape[1]))
            end = end + one.shape[1]
        for layer in self.layers:
            values = layer(values, bounds)
        logits: Tensor = self.head(torch.tanh(self.pooler(values)))
        return logits


class _Layer(nn.Module):  # type: ignore[misc]
    """One encoder layer: (T, d) to (T, d), or to (N, d), the first token of each of N texts, for the last layer."""

    def __init__(self, layer: Any, *, last: bool) -> None:
        super().__init__()
        inside = layer.attention.self
        self.heads, self.last = int(inside.num_attention_heads), last
        self.ask = inside.query
        self.know = _joined(inside.key, inside.value) if last else _joined(inside.query, inside.key, inside.value)
        self.out, self.norm = layer.attention.output.dense, layer.attention.output.LayerNorm
        self.up, self.down, self.end = layer.intermediate.dense, layer.output.dense, layer.output.LayerNorm

    def forward(self, values: Tensor, bounds: list[tuple[int, int]]) -> Tensor:
        width = values.shape[1]
        parts = self.know(values).view(-1, 2 if self.last else 3, self.heads, width // self.heads).permute(1, 2, 0, 3)
        if self.last:
            values = torch.cat([values[start : start + 1] for start, _ in bounds])
        asked = self.ask(values).view(-1, self.heads, width // self.heads).transpose(0, 1) if self.last else parts[0]
        scale = (width // self.heads) ** -0.5
        seen = []
        for number, (start, end) in enumerate(bounds):  # no text sees another
            mine = asked[:, number : number + 1] if self.last else asked[:, start:end]
            keys = parts[-2][:, start:end].transpose(1, 2)
            weights = torch.baddbmm(torch.zeros(1), mine, keys, beta=0, alpha=scale).softmax(-1)
            seen.append((weights @ parts[-1][:, start:end]).transpose(0, 1).reshape(-1, width))
        values = self.norm(self.out(torch.cat(seen)) + values)
        found: Tensor = self.end(self.down(functional.gelu(self.up(values))) + values)
        return found


def _row(parts: tuple[Tensor, ...]) -> Tensor:
    return torch.cat([part[0] for part in parts])


def _joined(*layers: Any) -> nn.Linear:
    """Linear layers of the same input as one."""
    joined = nn.Linear(layers[0].in_features, sum(layer.out_features for layer in layers))
    with torch.no_grad():
        joined.weight.copy_(torch.cat([layer.weight for layer in layers]))
        joined.bias.copy_(torch.cat([layer.bias for layer in layers]))
    return joined


class _Eight(nn.Module):  # type: ignore[misc]
    """A linear layer in eight bits, with a scale for each row of the weights and for each token."""

    def __init__(self, layer: nn.Linear, *, narrow: bool, low: float = -1.0) -> None:
        """`narrow`: seven bits for activations. `low`: the least value of a token beside its greatest."""
        super().__init__()
        self.packed, self.bias, self._narrow = _packed(layer.weight.detach()), layer.bias, narrow
        self._smallest = 1e-9 if low == -1.0 else _LEAST / -low
        self.ends = torch.zeros(1, layer.in_features)  # torch takes the scale from all rows: this one fixes it
        self.ends[0, 0], self.ends[0, -1] = low, 1.0

    def forward(self, values: Tensor) -> Tensor:
        size = values.abs().amax(-1, keepdim=True).clamp_min(self._smallest)
        products = torch.ops.quantized.linear_dynamic(torch.cat([values / size, self.ends]), self.packed, self._narrow)
        return torch.addcmul(self.bias, products[:-1], size)


def _eight(module: _Bert, whole: bool) -> _Bert:
    """All linear layers in eight bits."""
    for layer in module.layers:
        for name in ("ask", "know", "out", "up"):
            setattr(layer, name, _Eight(getattr(layer, name), narrow=not whole))
        layer.down = _Eight(layer.down, narrow=not whole, low=-0.25)
    module.pooler = _Eight(module.pooler, narrow=not whole)
    module.head = _Eight(module.head, narrow=not whole)
    return module


def _packed(weight: Tensor) -> Any:
    scale = (weight.abs().amax(dim=1) / 127).clamp_min(1e-12).double()
    rounded = torch.quantize_per_channel(weight, scale, torch.zeros(len(weight), dtype=torch.long), 0, torch.qint8)
    return torch.ops.quantized.linear_prepack(rounded, None)


def _whole_bytes() -> bool:
    """Whether this processor's kernels add up products of whole bytes without overflow: tried with the largest."""
    found: Tensor = torch.ops.quantized.linear_dynamic(torch.ones(32, 64), _packed(torch.ones(64, 64)), False)
    return bool((found - 64).abs().max() < 1)
