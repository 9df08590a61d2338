"""Makes `.venv` in the checkout ready for `make run` or `make test`; standard library only.

A stamp inside `.venv` remembers what was set up, so that a repeat costs a fraction of a second and needs no network.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - an older one may well run this file
    sys.exit(
        f"Tutor needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}.\n"
        "Nothing was changed. Name a newer one: make run PYTHON=python3.12"
    )

import tomllib

import llama_build
import system_packages
from told import fail, say

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "set-up.json"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
HEARTBEAT_S = 30


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def fingerprint(data: dict) -> str:
    """What an installation depends on: requirements, this folder and the interpreter; not the linter's settings."""
    said = [data["build-system"], data["project"], str(ROOT), sys.version]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def stamp() -> dict:
    """What was set up last time, or nothing."""
    try:
        found = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) and PYTHON.exists() else {}


def works(*args: str) -> bool:
    """Whether the environment's Python runs this without an error."""
    try:
        return subprocess.run([PYTHON, *args], capture_output=True, cwd=ROOT, check=False).returncode == 0
    except OSError:
        return False


def pip(*args: str, quietly: bool = False, env: dict[str, str] | None = None) -> bool:
    """Run pip in the environment, with a sign of life now and then. `quietly` hides what it says."""
    out = subprocess.DEVNULL if quietly else None
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "-qq", *args]
    started = time.monotonic()
    with subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out, env={**os.environ, **(env or {})}) as process:
        while True:
            try:
                return process.wait(timeout=HEARTBEAT_S) == 0
            except subprocess.TimeoutExpired:
                minutes, seconds = divmod(int(time.monotonic() - started), 60)
                say(f"  still working ({minutes} min {seconds} s)")


def make_environment() -> None:
    if works("-m", "pip", "--version"):
        return
    say(f"Making a virtual environment in {VENV.name} with Python {sys.version.split()[0]}.")
    done = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=False)
    if done.returncode != 0:
        fail("The virtual environment could not be made; the reason stands above. Nothing else was changed.")


def install(data: dict, extras: list[str]) -> None:
    """The project (editable) and its requirements; without the network when everything is there already."""
    what = ["--editable", f".[{','.join(extras)}]" if extras else ".", *data["build-system"]["requires"]]
    offline = ["--no-index", "--no-build-isolation"]
    if works("-c", "import llama_cpp, torch, setuptools") and pip(*offline, *what, quietly=True):
        say("Every package is here already.")
        return
    say("Installing packages; the largest (PyTorch for the CPU) is about 200 MB.")
    if not works("-c", "import llama_cpp"):
        say("llama.cpp is compiled for this machine: about five minutes the first time on two cores.")
    if not pip(*what):
        fail(
            "The packages could not be installed; pip's reason stands above. What was installed is kept.\n"
            "Check the network connection and repeat the same command."
        )


def check_imports() -> None:
    for module, meaning in (("llama_cpp", "llama.cpp"), ("PySide6.QtWidgets", "Qt")):
        done = subprocess.run([PYTHON, "-c", f"import {module}"], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            fail(f"{meaning} was installed but does not start: {reason}\n{system_packages.advice()}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("purpose", choices=["run", "test"])
    parser.add_argument("--gpu", choices=["", *llama_build.VARIANTS], default="", help="build llama.cpp for this GPU")
    args = parser.parse_args()
    data, before = project(), stamp()
    extras = sorted({*before.get("extras", []), *(["dev"] if args.purpose == "test" else [])})
    window = bool(args.purpose == "run" and (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")))
    had = before.get("gpu", "cpu")
    now = {
        "key": fingerprint(data),
        "extras": extras,
        "window": window or bool(before.get("window")),
        "gpu": args.gpu or had,
    }
    if now == before:
        return
    if "key" in before and before["key"] != now["key"]:
        say("The requirements have changed since the last set-up.")
    system_packages.ensure(window=window, compiler=not works("-c", "import llama_cpp") or now["gpu"] != had)
    make_environment()
    if now["gpu"] != had and not llama_build.rebuild(now["gpu"], llama_requirement(data), pip):
        now["gpu"] = had
        if now == before:
            return
    version = llama_version()
    install(data, extras)
    if now["gpu"] != "cpu" and llama_version() != version:
        # the newer one came as a build for the CPU
        now["gpu"] = now["gpu"] if llama_build.rebuild(now["gpu"], llama_requirement(data), pip) else "cpu"
    check_imports()
    STAMP.write_text(json.dumps(now), encoding="utf-8")
    say("Set-up is done.")


def llama_version() -> str:
    script = "import importlib.metadata as m; print(m.version('llama-cpp-python'))"
    return subprocess.run([PYTHON, "-c", script], capture_output=True, text=True, check=False).stdout.strip()


def llama_requirement(data: dict) -> str:
    return next(r for r in data["project"]["dependencies"] if r.startswith("llama-cpp-python"))


if __name__ == "__main__":
    main()
