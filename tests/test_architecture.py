"""The shape of the program, as tests: layers, what the app process loads, texts, the file map, file sizes."""

import ast
import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tutor import settings

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("torch", "transformers", "llama_cpp", "detoxify", "sentence_transformers")
SOURCES = sorted((ROOT / "tutor").rglob("*.py"))


def _script(name: str) -> ModuleType:
    """A script of packaging/, which is no package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "packaging" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_layers_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("package", ["tutor.app", "tutor.session", "tutor.cli", "tutor.qt"])
def test_the_app_process_loads_no_model_library(package: str) -> None:
    script = (
        "import importlib, pkgutil, sys\n"
        f"package = importlib.import_module({package!r})\n"
        "for found in pkgutil.walk_packages(getattr(package, '__path__', []), package.__name__ + '.'):\n"
        "    importlib.import_module(found.name)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_no_translated_text_is_put_together_at_run_time() -> None:
    assert _script("extract_strings").not_literal() == []


def test_texts_and_tables_are_collected_and_made_up_ones_are_found() -> None:
    extractor = _script("extract_strings")
    good = ast.parse('T = {"key one": ("First text", "Second text")}\ntr("Good")\ntr(T[k][0])\ntrn("one", "many", 2)')
    assert list(extractor.texts(good)) == [("Good",), ("First text",), ("Second text",), ("one", "many")]
    assert extractor.put_together(good) == []
    made_up = ast.parse('T = ("A text",)\ntr(f"Hello {name}")\ntr("a" + b)\ntr("{}".format(b))\ntrn("one", f(), 2)')
    assert extractor.put_together(made_up) == [2, 3, 4, 5]
    assert extractor.put_together(ast.parse("tr(from_nowhere)")) == [1]
    imported = ast.parse("from tutor.tutoring.hint_wordings import OPERATIONS\ntr(OPERATIONS[topic][0])")
    assert extractor.put_together(imported) == [] and len(list(extractor.texts(imported))) > 20


def test_the_file_map_names_every_file_with_its_subject() -> None:
    assert _script("file_map").is_true(), "the file map of README.md is old; run: make map"


@pytest.mark.parametrize("folder", ["tutor", "tests", "packaging"])
def test_no_file_is_longer_than_four_hundred_lines(folder: str) -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / folder).rglob("*.py")
    }
    assert {name: n for name, n in lengths.items() if n > 400} == {}


def test_every_file_says_its_subject_in_its_first_line() -> None:
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in SOURCES
        if path.stat().st_size > 0 and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_every_setting_is_described_and_has_a_default_of_its_type() -> None:
    for declared in settings.DECLARED:
        assert declared.description.endswith("."), declared.key
        assert declared.scope in ("school", "learner"), declared.key
        assert settings.read(declared.key, settings.write(declared.key, declared.default)) == declared.default


def test_neither_commits_nor_files_name_a_package_host() -> None:
    pattern = re.compile(r"(index-url|find-links)\b.*(://|/)")
    names = [
        "Makefile",
        ".ci/run",
        "pyproject.toml",
        *(p.relative_to(ROOT).as_posix() for p in ROOT.glob("packaging/*")),
    ]
    assert [name for name in names if (ROOT / name).is_file() and pattern.search((ROOT / name).read_text())] == []
