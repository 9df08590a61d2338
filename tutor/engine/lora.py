"""llama.cpp's side of an adapter: at most one on a model's only context, changed while the model stays loaded."""

import ctypes
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import llama_cpp as lc

from tutor.engine.adapter_file import unusable
from tutor.i18n import tr


class Lora:
    """The adapter in use. One thread, the model's own; whoever changes it empties the KV cache afterwards."""

    def __init__(self, model: Any, context: Any, last_error: Callable[[], str]) -> None:
        """`last_error` gives llama.cpp's last complaint, the only place where it says why it refuses a file."""
        self._model, self._context, self._last_error = model, context, last_error
        self._adapter: Any = None
        self._scale = 1.0

    def rest(self, resting: bool) -> bool:
        """Take the adapter off the context while it stays loaded, or put it back; whether there is one."""
        if self._adapter is not None:
            self._set(None if resting else self._adapter, self._scale)
        return self._adapter is not None

    def use(self, path: Path | None, scale: float) -> None:
        """Answer with this adapter alone, or with none. Raises UserError (code `adapter`); then the old one stays."""
        new = None
        if path is not None:
            new = lc.llama_adapter_lora_init(self._model, os.fsencode(path))
            if not new:
                raise unusable(path, tr("llama.cpp refuses it ({reason})", reason=self._last_error()))
        if not self._set(new, scale):
            self._free(new)
            assert path is not None  # taking all adapters away cannot fail
            raise unusable(path, tr("llama.cpp refuses it ({reason})", reason=self._last_error()))
        self._free(self._adapter)  # only now: it was in use until the line above
        self._adapter, self._scale = new, scale

    def close(self) -> None:
        """Before the context is freed."""
        self._set(None, 0.0)
        self._free(self._adapter)
        self._adapter = None

    def _set(self, adapter: Any, scale: float) -> bool:
        if adapter is None:
            return bool(lc.llama_set_adapters_lora(self._context, None, 0, None) == 0)
        adapters = (lc.llama_adapter_lora_p_ctypes * 1)(adapter)
        scales = (ctypes.c_float * 1)(scale)
        return bool(lc.llama_set_adapters_lora(self._context, adapters, 1, scales) == 0)

    def _free(self, adapter: Any) -> None:
        if adapter is not None:
            lc.llama_adapter_lora_free(adapter)
