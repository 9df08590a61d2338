"""The graphics cards that llama.cpp can use here."""

import ctypes
from typing import Any, Final

import llama_cpp as lc
from llama_cpp import _ggml

_GPU_TYPES: Final = (1, 2)
"""GGML_BACKEND_DEVICE_TYPE_GPU and _IGPU."""


def gpu_devices() -> list[str]:
    """Names of the GPUs that this build of llama.cpp can use."""
    if not lc.llama_supports_gpu_offload():
        return []
    lib: Any = _ggml.libggml
    lib.ggml_backend_dev_get.restype = ctypes.c_void_p
    lib.ggml_backend_dev_description.restype = ctypes.c_char_p
    for name in ("ggml_backend_dev_get", "ggml_backend_dev_description", "ggml_backend_dev_type"):
        getattr(lib, name).argtypes = [ctypes.c_size_t if name.endswith("get") else ctypes.c_void_p]
    devices = [lib.ggml_backend_dev_get(i) for i in range(lib.ggml_backend_dev_count())]
    return [
        lib.ggml_backend_dev_description(d).decode(errors="replace")
        for d in devices
        if lib.ggml_backend_dev_type(d) in _GPU_TYPES
    ]
