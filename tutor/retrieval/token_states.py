"""The text encoder once more, for single words in their sentences: with small changes that were learned for a task.

The changes are of low rank: a matrix of the encoder becomes `W + B A`. Embeddings are shared with the encoder.
"""

import copy
import warnings
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tutor.retrieval.embedder import Embedder

Array = npt.NDArray[Any]

LONGEST: Final = 256
"""Word pieces of a text that are read."""
LOWER: Final = 3
"""The layer after which words still speak for themselves; changes belong above it."""


class TokenStates:
    """Encodes one text at a time on the CPU. Belongs to the thread that uses it."""

    def __init__(self, embedder: Embedder, changes: Mapping[str, tuple[Array, Array]]) -> None:
        """`changes`: A (rank, n_in) and B (n_out, rank) of a layer's linear part, such as `3.attention.self.query`."""
        self._tokenizer = copy.deepcopy(embedder.tokenizer)  # a tokenizer belongs to one thread
        self._graph, self._names = _recorded(embedder.encoder, changes, self._tokenizer)

    def encode(self, text: str) -> tuple[npt.NDArray[np.float32], list[tuple[int, int]]]:
        """States (tokens, 768), of the last layer and of `LOWER`, and each token's first and last character.

        Special tokens are empty.
        """
        import torch

        seen = self._tokenizer(
            [text], return_tensors="pt", truncation=True, max_length=LONGEST, return_offsets_mapping=True
        )
        with torch.inference_mode():
            states = self._graph(*(seen[name] for name in self._names))[0].numpy()
        return states, [(int(start), int(end)) for start, end in seen["offset_mapping"][0]]


def _recorded(encoder: Any, changes: Mapping[str, tuple[Array, Array]], tokenizer: Any) -> tuple[Any, tuple[str, ...]]:
    """A recorded graph, in bfloat16 where the processor multiplies it."""
    import torch

    kind = torch.bfloat16 if torch.ops.mkldnn._is_mkldnn_bf16_supported() else torch.float32
    changed = copy.deepcopy(encoder, {id(encoder.embeddings): encoder.embeddings})
    for name, (a, b) in changes.items():
        linear = changed.encoder.layer.get_submodule(name)
        beside = torch.from_numpy(np.asarray(b, dtype=np.float32) @ np.asarray(a, dtype=np.float32))
        with torch.no_grad():
            linear.weight += beside.to(linear.weight.dtype)

    class States(torch.nn.Module):  # type: ignore[misc]  # torch is not type-checked here
        def __init__(self) -> None:
            super().__init__()
            self.embeddings, self.layers = changed.embeddings, changed.encoder.layer.to(kind)

        def forward(self, ids: Any) -> Any:
            states = self.embeddings(input_ids=ids).to(kind)
            lower = states
            for number, layer in enumerate(self.layers, 1):
                made = layer(states)
                states = made[0] if isinstance(made, tuple) else made
                lower = states if number == LOWER else lower
            return torch.cat([states, lower], -1).float()

    sample = tokenizer(["How many of the 5 boxes are full?"], return_tensors="pt")["input_ids"]
    with torch.inference_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is fixed by recording (no padding, no cache) is meant to be
        graph = torch.jit.freeze(torch.jit.trace(States().eval(), (sample,), check_trace=False))
        for _ in range(3):  # torch settles on its kernels in the first calls
            graph(sample)
    return graph, ("input_ids",)
