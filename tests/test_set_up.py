"""Set-up: quick when repeated, done again when the requirements change, plain about what is missing."""

import copy
import json
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, ModuleType]]:
    """The modules of packaging/, which find each other by being run from there."""
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    names = ("told", "system_packages", "llama_build", "set_up")
    yield {name: __import__(name) for name in names}
    for name in names:
        del sys.modules[name]


def test_only_requirements_make_a_new_set_up(scripts: dict[str, ModuleType]) -> None:
    set_up = scripts["set_up"]
    data = set_up.project()
    linted, required = copy.deepcopy(data), copy.deepcopy(data)
    linted["tool"]["ruff"]["line-length"] = 80
    required["project"]["dependencies"].append("another-package")
    assert set_up.fingerprint(linted) == set_up.fingerprint(data) != set_up.fingerprint(required)


def test_a_repeat_is_quick_and_silent(
    scripts: dict[str, ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "packaging", tmp_path / "packaging")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    set_up = scripts["set_up"]
    monkeypatch.setattr(set_up, "ROOT", tmp_path)
    stamp = {"key": set_up.fingerprint(set_up.project()), "extras": ["dev"], "window": False, "gpu": "cpu"}
    (tmp_path / ".venv" / "set-up.json").write_text(json.dumps(stamp))
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    for purpose in ("test", "run"):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, tmp_path / "packaging" / "set_up.py", purpose]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        # processor seconds: a busy machine makes the clock's longer, but not these
        assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.7
        assert done.stdout + done.stderr == ""


def test_who_is_not_root_gets_one_line_to_run(
    scripts: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    packages = scripts["system_packages"]
    there = set((packages.DRAWING + packages.WINDOW).split()) - {"libegl1", "libxcb-cursor0"}
    monkeypatch.setattr(packages, "_installed", lambda: there - {"libglib2.0-0"} | {"libglib2.0-0t64"})
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert packages.missing(window=False, compiler=False) == ["libegl1"]
    with pytest.raises(SystemExit) as left:
        packages.ensure(window=True, compiler=False)
    assert left.value.code == 1
    said = capsys.readouterr().err
    assert "sudo apt-get install --yes --no-install-recommends libegl1 libxcb-cursor0\n" in said


def test_nothing_is_asked_where_there_is_no_apt(
    scripts: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = scripts["system_packages"]
    monkeypatch.setattr(packages, "_installed", lambda: None)
    packages.ensure(window=True, compiler=True)
    assert packages.missing(window=True, compiler=True) == []


@pytest.mark.parametrize("variant", ["cuda", "vulkan", "metal"])
def test_without_the_toolkit_llama_stays_as_it_is(
    variant: str, scripts: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    build = scripts["llama_build"]
    monkeypatch.setattr(build, "toolkit", lambda _variant: False)
    ran: list[tuple[str, ...]] = []
    assert not build.rebuild(variant, "llama-cpp-python", lambda *args, **_env: ran.append(args))
    assert ran == []
    assert f"GPU={variant}" in capsys.readouterr().err


def test_a_gpu_build_is_compiled_afresh_and_a_failed_one_is_told(
    scripts: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    build = scripts["llama_build"]
    monkeypatch.setattr(build, "toolkit", lambda _variant: True)
    ran: list[tuple[tuple[str, ...], dict[str, str]]] = []

    def pip(*args: str, env: dict[str, str]) -> bool:
        ran.append((args, env))
        return len(ran) == 1

    assert build.rebuild("vulkan", "llama-cpp-python<1", pip)
    assert "--no-cache-dir" in ran[0][0] and "-DGGML_VULKAN=on" in ran[0][1]["CMAKE_ARGS"]
    assert not build.rebuild("cuda", "llama-cpp-python<1", pip)
    assert "stays as it is" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("version", "spirv", "enough"),
    [("239", True, False), ("275", True, True), ("304", True, True), ("304", False, False)],
)
def test_vulkan_files_that_are_too_old_or_missing_are_seen_before_compiling(
    scripts: dict[str, ModuleType],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    version: str,
    spirv: bool,
    enough: bool,
) -> None:
    build = scripts["llama_build"]
    folder = tmp_path / "include" / "vulkan"
    folder.mkdir(parents=True)
    (folder / "vulkan_core.h").write_text(f"#define VK_API_VERSION_1_3 1\n#define VK_HEADER_VERSION {version}\n")
    if spirv:
        (tmp_path / "share" / "cmake" / "SPIRV-Headers").mkdir(parents=True)
    monkeypatch.setenv("VULKAN_SDK", str(tmp_path))
    monkeypatch.setattr(build.shutil, "which", lambda _name: "/usr/bin/glslc")
    monkeypatch.setattr(build, "Path", lambda place: Path("/nowhere" if place == "/usr" else place))
    assert build.toolkit("vulkan") is enough
    assert build.vulkan_headers(tmp_path) == 0
