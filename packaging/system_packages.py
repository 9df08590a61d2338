"""The Debian packages that set-up needs: found, installed by root, or named in one line to run."""

import importlib.util
import os
import shutil
import subprocess
import sys

from told import fail, say

DRAWING = """
    libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libfreetype6 libglib2.0-0 libx11-6 fonts-dejavu-core
"""
# what Qt needs to draw at all, on a screen or without one
WINDOW = """
    libx11-xcb1 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render0
    libxcb-render-util0 libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-util1 libxcb-xfixes0 libxcb-xkb1
    libxkbcommon-x11-0
"""
# what Qt needs besides for a window on a display


def _installed() -> set[str] | None:
    """Names of the installed Debian packages; None where there is no dpkg."""
    if not (sys.platform.startswith("linux") and shutil.which("dpkg-query")):
        return None
    listed = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status} ${Package}\n"], capture_output=True, text=True, check=True
    )
    return {
        name for status, _, name in (row.partition(" ") for row in listed.stdout.splitlines()) if status == "installed"
    }


def missing(*, window: bool, compiler: bool) -> list[str]:
    """Debian packages that are needed and not there; empty on other systems."""
    there = _installed()
    if there is None:
        return []
    wanted = (DRAWING + (WINDOW if window else "")).split()
    # Debian 13 and Ubuntu 24.04 renamed some of these with a "t64" at the end; the old names still install them
    absent = [name for name in wanted if name not in there and f"{name}t64" not in there]
    if importlib.util.find_spec("ensurepip") is None:
        absent.append(f"python3.{sys.version_info.minor}-venv")
    if compiler and not (shutil.which("g++") and shutil.which("make")):
        absent.append("build-essential")
    return absent


def ensure(*, window: bool, compiler: bool) -> None:
    """Install what is missing (as root), or say the one line to run and stop."""
    absent = missing(window=window, compiler=compiler)
    if not absent:
        return
    names = " ".join(absent)
    if os.geteuid() != 0:
        fail(
            f"These system packages are missing: {names}\nNothing was changed. Run this line, then repeat:\n"
            f"  sudo apt-get install --yes --no-install-recommends {names}"
        )
    say(f"Installing system packages with apt: {names}")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # the lists may be old or absent on a fresh machine; when they cannot be refreshed, apt may still have the packages
    subprocess.run(["apt-get", "update", "-qq"], env=env, check=False)
    command = ["apt-get", "install", "-qq", "--yes", "--no-install-recommends", *absent]
    if subprocess.run(command, env=env, check=False).returncode != 0:
        fail(f"apt could not install them; its reason stands above. Install them by hand and repeat: {names}")


def advice() -> str:
    """What to do when Qt or llama.cpp does not start."""
    if _installed() is None:
        return "Install Qt 6's and a C++ compiler's run-time libraries for this system, then repeat the command."
    return "Run this line as root, then repeat the command:\n  apt-get install --yes " + " ".join(
        (DRAWING + WINDOW).split()
    )
