"""What `tutor doctor` looks at on this machine without starting the engine: one function a check."""

import importlib.metadata
import json
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec

from tutor import __version__, paths
from tutor.checksum import sha256_of
from tutor.i18n import tr

LLAMA = """
import json, llama_cpp
info = llama_cpp.llama_print_system_info().decode()
print(json.dumps([llama_cpp.__version__, bool(llama_cpp.llama_supports_gpu_offload()), " ".join(info.split())]))
"""
CARRYING = (
    "PySide6-Essentials", "torch", "transformers", "sentence-transformers", "detoxify", "sqlite-utils", "sqlite-vec"
)  # fmt: skip
"""Packages without which the program is not whole."""
WANTED_MEMORY = 2_000_000_000
WANTED_DISK = 1_000_000_000


class Check(msgspec.Struct, kw_only=True):
    """One thing looked at. `ok` is None where there is nothing to judge."""

    name: str
    value: str
    ok: bool | None = None
    advice: str = ""
    """What to do, when `ok` is False."""


class Manifest(msgspec.Struct):
    """What a folder of `models/` says of its files."""

    sha256: dict[str, str]


def python() -> Check:
    ok = sys.version_info >= (3, 11)
    return Check(
        name="python", value=platform.python_version(), ok=ok, advice="" if ok else tr("Use Python 3.11 or newer.")
    )


def packages() -> Iterator[Check]:
    """Versions of what carries the program."""
    yield Check(name="tutor", value=__version__)
    for name in CARRYING:
        try:
            yield Check(name=name, value=importlib.metadata.version(name), ok=True)
        except importlib.metadata.PackageNotFoundError:
            yield Check(name=name, value=tr("not installed"), ok=False, advice=tr("Run make run once more."))


def _script(script: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run Python code in a process of its own: this one never loads a model library, and a crash costs one check."""
    return subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, **env},
    )


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or [""])[-1]


def llama() -> Check:
    """llama.cpp's version, GPU support and the processor features it was built for."""
    done = _script(LLAMA)
    if done.returncode != 0:
        return Check(
            name="llama.cpp",
            value=_last_line(done.stderr),
            ok=False,
            advice=tr("Delete .venv and run make run to build it again."),
        )
    version, gpu, info = json.loads(_last_line(done.stdout))
    value = (
        tr("{version}, with GPU; {info}", version=version, info=info)
        if gpu
        else tr("{version}, CPU only; {info}", version=version, info=info)
    )
    return Check(name="llama.cpp", value=value, ok=True)


def qt() -> Check:
    """Whether Qt's libraries are all on the system."""
    done = _script("import PySide6.QtWidgets as w; w.QApplication([]); print(w.__name__)", QT_QPA_PLATFORM="offscreen")
    if done.returncode == 0:
        return Check(name="qt", value=tr("can draw windows"), ok=True)
    advice = tr("Install Qt's system libraries: make run as root does it, or says which they are.")
    return Check(name="qt", value=_last_line(done.stderr), ok=False, advice=advice)


def data_folder() -> Check:
    home = paths.home()
    ok = os.access(home, os.W_OK)
    advice = "" if ok else tr("Give yourself the right to write there, or set TUTOR_HOME to another folder.")
    return Check(name="data folder", value=str(home), ok=ok, advice=advice)


def disk() -> Check:
    free = shutil.disk_usage(paths.home()).free
    ok = free >= WANTED_DISK
    value = tr("{n} GB free", n=f"{free / 1e9:.1f}")
    return Check(name="disk", value=value, ok=ok, advice="" if ok else tr("Make room: at least 1 GB should be free."))


def memory() -> Check:
    import psutil

    there = psutil.virtual_memory()
    ok = there.available >= WANTED_MEMORY
    value = tr("{free} GB of {all} GB free", free=f"{there.available / 1e9:.1f}", all=f"{there.total / 1e9:.1f}")
    advice = "" if ok else tr("Close other programs: the tutor wants 2 GB of free memory.")
    return Check(name="memory", value=value, ok=ok, advice=advice)


def _sums() -> dict[Path, str]:
    """Shipped files with the checksums they were shipped with (`models/<name>/manifest.json`)."""
    sums: dict[Path, str] = {}
    for path in sorted((paths.shipped() / "models").glob("*/manifest.json")):
        try:
            manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
        except (msgspec.MsgspecError, OSError):
            sums[path] = ""  # never the sum of a file, so it is told as not the one that was shipped
            continue
        sums |= {path.parent / Path(name).name: digest for name, digest in manifest.sha256.items()}
    return sums


def models() -> Iterator[Check]:
    """Every shipped model file is there and unchanged; models that a person added are there."""
    repair = tr("The file is not the one that was shipped. Fetch it again: git checkout -- models")
    sums = _sums()
    for path in {paths.starter_model(): "", **sums}:
        name = path.relative_to(paths.shipped()).as_posix()
        if not path.is_file():
            yield Check(name=name, value=tr("missing"), ok=False, advice=repair)
        elif path in sums and sha256_of(path) != sums[path]:
            yield Check(name=name, value=tr("checksum is wrong"), ok=False, advice=repair)
        else:
            yield Check(name=name, value=tr("{n} MB, unchanged", n=f"{path.stat().st_size / 1e6:.1f}"), ok=True)
    for path in sorted(paths.user_models().glob("*.gguf")):
        yield Check(name=path.name, value=tr("{n} MB, added by you", n=f"{path.stat().st_size / 1e6:.1f}"))


def database() -> Check:
    """SQLite's own check of the whole file, read only."""
    path = paths.database()
    if not path.exists():
        return Check(name="database", value=tr("none yet; tutor setup makes it"))
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=10)) as db:
            found = [row[0] for row in db.execute("PRAGMA integrity_check(10)")] + [
                tr("row {row} of {table} points nowhere", table=row[0], row=row[1])
                for row in db.execute("PRAGMA foreign_key_check")
            ]
    except sqlite3.Error as error:
        found = [str(error)]
    ok = found == ["ok"]
    value = tr("{n} MB, whole", n=f"{path.stat().st_size / 1e6:.1f}") if ok else "; ".join(found)
    advice = "" if ok else tr("Start tutor: it sets the damaged file aside and offers the newest backup.")
    return Check(name="database", value=value, ok=ok, advice=advice)


def vectors() -> Check:
    """What compares encoded texts when the materials of a lesson are searched."""
    from tutor.store import sqlite_vec

    if found := sqlite_vec.version():
        return Check(name="vectors", value=tr("sqlite-vec {version}, inside SQLite", version=found), ok=True)
    return Check(
        name="vectors",
        value=tr("NumPy: sqlite3 of this Python cannot load sqlite-vec. Searches find the same, in more memory."),
    )


CHECKS: tuple[Callable[[], Check | Iterator[Check]], ...] = (
    python, packages, llama, qt, data_folder, disk, memory, models, database, vectors
)  # fmt: skip
"""In the order of the table."""


def look() -> Iterator[Check]:
    """Every check, one after the other."""
    for check in CHECKS:
        found = check()
        if isinstance(found, Check):
            yield found
        else:
            yield from found
