"""llama.cpp itself, telling everything of every position: what packed training is held to."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np

Array = np.ndarray[Any, Any]
CONTEXT = 256
"""What llama.cpp is given: more than the tiny phi3's original context, so that the long factors are meant."""


class Running:
    """A model in llama.cpp that tells everything of every position."""

    def __init__(self, model: Any, context: Any, width: int, vocabulary: int) -> None:
        self._model, self._context, self._width, self._vocabulary = model, context, width, vocabulary

    def logits(self, text: list[int]) -> Array:
        """(tokens, vocabulary) float32."""
        self._run(text)
        found = llama_cpp.llama_get_logits(self._context)
        return np.ctypeslib.as_array(found, shape=(len(text), self._vocabulary)).copy()

    def states(self, text: list[int]) -> Array:
        """(tokens, width) float32, after the last norm."""
        self._run(text)
        found = llama_cpp.llama_get_embeddings(self._context)
        return np.ctypeslib.as_array(found, shape=(len(text), self._width)).copy()

    def _run(self, text: list[int]) -> None:
        llama_cpp.llama_memory_clear(llama_cpp.llama_get_memory(self._context), True)
        batch = llama_cpp.llama_batch_init(len(text), 0, 1)
        batch.n_tokens = len(text)
        for i, token in enumerate(text):
            batch.token[i], batch.pos[i], batch.n_seq_id[i], batch.logits[i] = token, i, 1, 1
            batch.seq_id[i][0] = 0
        status = llama_cpp.llama_decode(self._context, batch)
        llama_cpp.llama_batch_free(batch)
        if status != 0:
            raise RuntimeError(f"llama.cpp could not decode (code {status})")


@contextmanager
def running(
    path: Path, adapter: Path | None = None, *, embeddings: bool = False, context: int = CONTEXT
) -> Iterator[Running]:
    """The file in llama.cpp on the CPU, with an adapter or none."""
    llama_cpp.llama_backend_init()
    llama_cpp.llama_log_set(quiet, ctypes.c_void_p(0))
    params = llama_cpp.llama_model_default_params()
    params.n_gpu_layers = 0
    model = llama_cpp.llama_model_load_from_file(str(path).encode(), params)
    if not model:
        raise RuntimeError(f"llama.cpp refuses {path.name}")
    asked = llama_cpp.llama_context_default_params()
    asked.n_ctx, asked.n_batch, asked.n_ubatch = context, context, context
    asked.n_threads, asked.n_threads_batch, asked.embeddings = 1, 1, embeddings
    asked.type_k = asked.type_v = llama_cpp.GGML_TYPE_F32
    made = llama_cpp.llama_init_from_model(model, asked)
    loaded = None
    if adapter is not None:
        loaded = llama_cpp.llama_adapter_lora_init(model, str(adapter).encode())
        if not loaded:
            raise RuntimeError(f"llama.cpp refuses {adapter.name}")
        one, scale = (llama_cpp.llama_adapter_lora_p_ctypes * 1)(loaded), (ctypes.c_float * 1)(1.0)
        llama_cpp.llama_set_adapters_lora(made, one, 1, scale)
    vocabulary = llama_cpp.llama_vocab_n_tokens(llama_cpp.llama_model_get_vocab(model))
    yield Running(model, made, llama_cpp.llama_model_n_embd(model), vocabulary)
    llama_cpp.llama_free(made)
    if loaded:
        llama_cpp.llama_adapter_lora_free(loaded)
    llama_cpp.llama_model_free(model)


@llama_cpp.llama_log_callback
def quiet(_level: int, _text: bytes, _data: object) -> None:
    """llama.cpp says much while loading; what matters comes back as a code."""
