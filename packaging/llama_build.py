"""llama-cpp-python built for a GPU, or for the CPU again; a failed build leaves the old one in place."""

import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from told import say

VARIANTS = {"cpu": "", "cuda": "-DGGML_CUDA=on", "vulkan": "-DGGML_VULKAN=on", "metal": "-DGGML_METAL=on"}
"""Name to CMake arguments."""
MISSING = {
    "cuda": "the CUDA toolkit (nvcc) is not installed",
    "vulkan": "the Vulkan development files are not installed, or older than 1.3.275 (on Debian 13 and newer: "
    "libvulkan-dev, glslc and spirv-headers; on Debian 12 they are too old: take the SDK from vulkan.lunarg.com and "
    "set VULKAN_SDK)",
    "metal": "Metal is on Apple's machines only",
}
CUDA = Path("/usr/local/cuda/bin")
VULKAN_HEADERS = 275
"""Oldest VK_HEADER_VERSION that knows layer settings, without which llama.cpp fails after a quarter of an hour."""


def toolkit(variant: str) -> bool:
    """Whether this machine can build the variant."""
    if variant == "cuda":
        return bool(shutil.which("nvcc") or (CUDA / "nvcc").exists())
    if variant == "vulkan":
        places = [Path(place) for place in ("/usr", os.environ.get("VULKAN_SDK", "")) if place]
        recent = any(vulkan_headers(place / "include" / "vulkan") >= VULKAN_HEADERS for place in places)
        return bool(shutil.which("glslc")) and recent and any(map(spirv_headers, places))
    return variant == "cpu" or sys.platform == "darwin"


def vulkan_headers(folder: Path) -> int:
    """The VK_HEADER_VERSION of the headers in a folder, 0 when there are none."""
    try:
        text = (folder / "vulkan_core.h").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0
    found = re.search(r"^#define VK_HEADER_VERSION (\d+)", text, re.MULTILINE)
    return int(found[1]) if found and "VK_API_VERSION_1_3" in text else 0


def spirv_headers(place: Path) -> bool:
    """Whether CMake would find SPIRV-Headers under a folder."""
    return any((place / part / "cmake" / "SPIRV-Headers").is_dir() for part in ("share", "lib"))


def rebuild(variant: str, requirement: str, pip: Callable[..., bool]) -> bool:
    """Build and install the variant; False, and said so, when that did not work."""
    if not toolkit(variant):
        say(f"GPU={variant}: {MISSING[variant]}. llama.cpp stays as it is; the tutor runs on the CPU.")
        return False
    say(f"Building llama.cpp for {variant}; this compiles for five to fifteen minutes.")
    env = {"CMAKE_ARGS": f"{os.environ.get('CMAKE_ARGS', '')} {VARIANTS[variant]}".strip()}
    if variant == "vulkan" and (sdk := os.environ.get("VULKAN_SDK")):
        env["CMAKE_PREFIX_PATH"] = os.pathsep.join(filter(None, (sdk, os.environ.get("CMAKE_PREFIX_PATH"))))
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
