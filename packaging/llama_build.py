"""llama-cpp-python built for a GPU, or for the CPU again; a failed build leaves the old one in place."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from told import say

VARIANTS = {"cpu": "", "cuda": "-DGGML_CUDA=on", "vulkan": "-DGGML_VULKAN=on", "metal": "-DGGML_METAL=on"}
"""Name to CMake arguments."""
MISSING = {
    "cuda": "the CUDA toolkit (nvcc) is not installed",
    "vulkan": "the Vulkan development files are not installed (on Debian: libvulkan-dev and glslc)",
    "metal": "Metal is on Apple's machines only",
}
CUDA = Path("/usr/local/cuda/bin")


def toolkit(variant: str) -> bool:
    """Whether this machine can build the variant."""
    if variant == "cuda":
        return bool(shutil.which("nvcc") or (CUDA / "nvcc").exists())
    if variant == "vulkan":
        headers = (
            Path(p) / "vulkan" / "vulkan.h" for p in ("/usr/include", os.environ.get("VULKAN_SDK", "") + "/include")
        )
        return bool(shutil.which("glslc")) and any(h.exists() for h in headers)
    return variant == "cpu" or sys.platform == "darwin"


def rebuild(variant: str, requirement: str, pip: Callable[..., bool]) -> bool:
    """Build and install the variant; False, and said so, when that did not work."""
    if not toolkit(variant):
        say(f"GPU={variant}: {MISSING[variant]}. llama.cpp stays as it is; the tutor runs on the CPU.")
        return False
    say(f"Building llama.cpp for {variant}; this compiles for five to fifteen minutes.")
    env = {"CMAKE_ARGS": f"{os.environ.get('CMAKE_ARGS', '')} {VARIANTS[variant]}".strip()}
    if variant == "cuda" and not shutil.which("nvcc"):
        env["PATH"] = f"{CUDA}{os.pathsep}{os.environ['PATH']}"
    # a wheel from the cache would be the CPU's, and a GPU's must not stay there for others
    fresh = [] if variant == "cpu" else ["--no-cache-dir", "--no-binary", "llama-cpp-python"]
    if pip("--force-reinstall", "--no-deps", *fresh, requirement, env=env):
        return True
    say(
        f"The build for {variant} failed; the reason stands above (often a part of the toolkit is missing, or no "
        "such GPU is here). llama.cpp stays as it is."
    )
    return False
