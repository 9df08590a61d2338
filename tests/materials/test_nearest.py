"""Vectors are compared inside SQLite, or in NumPy where sqlite-vec cannot be had; both give the same order."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest

from tutor.classroom.finding import Finder
from tutor.cli import checks
from tutor.domain import Material
from tutor.retrieval import passages as rule
from tutor.store import Store, sqlite_vec

COUNT = 300
TEXT = "Rain falls from clouds when small drops have joined."


def rows_of(chance: np.random.Generator, parts: int) -> bytes:
    rows = chance.standard_normal((parts, 384)).astype("<f4")
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).tobytes()


def question(seed: int) -> bytes:
    return rows_of(np.random.default_rng(seed), 1)


def fill(store: Store, sha256: str, seed: int) -> list[int]:
    """Passages of one to five parts; some are written twice, one is cut off, one is all zeros, one is not encoded."""
    chance = np.random.default_rng(seed)
    texts = [(f"p. {n}", "", f"{TEXT} {n}") for n in range(COUNT)]
    stored = store.add_material(sha256, texts, title=sha256[:1], name="a.md", kind="markdown")
    ids = [each.id for each in store.passages_to_encode(stored.id, COUNT)]
    vectors = {each: rows_of(chance, 1 + each % 5) for each in ids[:-1]}
    for twice in ids[10:40]:
        vectors[twice] = vectors[twice - 10]
    vectors[ids[50]] = vectors[ids[50]][:1000]
    vectors[ids[51]] = bytes(1536)
    store.keep_passage_vectors(stored.id, list(vectors.items()))
    return ids


@pytest.fixture
def two(store: Store) -> tuple[Store, tuple[Material, ...], list[int]]:
    ids = [*fill(store, "a" * 64, 1), *fill(store, "b" * 64, 2)]
    fill(store, "c" * 64, 3)
    materials = tuple(Material(name="a.md", title=name, sha256=name * 64) for name in "ab")
    return store, materials, ids


def test_both_ways_give_the_same_passages_in_the_same_order(
    two: tuple[Store, tuple[Material, ...], list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, materials, ids = two
    numbers = store.material_ids([each.sha256 for each in materials])
    assert store.nearest_passages(question(0), numbers, 1), "it is there where the tests run"
    inside = [Finder(store).alike(question(seed), numbers) for seed in range(20)]
    found = [[each.id for each in Finder(store).order(TEXT, question(seed), materials)] for seed in range(20)]
    monkeypatch.setattr(Store, "nearest_passages", lambda *_: None)
    outside = [Finder(store).alike(question(seed), numbers) for seed in range(20)]
    again = [[each.id for each in Finder(store).order(TEXT, question(seed), materials)] for seed in range(20)]
    for one, other in zip(inside, outside, strict=True):
        assert list(one) == list(other) and len(one) == rule.NEAREST
        assert list(one.values()) == pytest.approx(list(other.values()), abs=2e-6)
        assert set(one) <= set(ids) - {ids[50], ids[51], ids[COUNT - 1]}
    assert found == again


def test_the_likest_part_speaks_for_its_passage(two: tuple[Store, tuple[Material, ...], list[int]]) -> None:
    store, materials, ids = two
    (first, *_) = store.material_ids([materials[0].sha256])
    many = next(each for each in ids if each % 5 == 4)
    _, sizes, rows = store.passage_vectors(first)
    at = sum(sizes[: ids.index(many)])
    last = bytes(rows[at + 4 * 1536 : at + 5 * 1536])
    near = store.nearest_passages(last, [first], 3)
    assert near is not None and near[many] == 1.0 and next(iter(near)) == many


def test_no_library_can_be_loaded_afterwards(two: tuple[Store, tuple[Material, ...], list[int]]) -> None:
    store, materials, _ = two
    assert store.nearest_passages(question(1), store.material_ids([materials[0].sha256]), 3)
    with pytest.raises(sqlite3.OperationalError, match="not authorized"):
        store._owner.run(lambda: store._db.execute("SELECT load_extension('vec0')"))


@pytest.fixture
def looked_for_anew() -> Iterator[None]:
    sqlite_vec._added_by_sqlite.cache_clear()
    yield
    sqlite_vec._added_by_sqlite.cache_clear()


def test_only_the_stores_own_connections_have_it() -> None:
    assert checks.vectors().ok and checks.vectors().value.startswith("sqlite-vec v0.1.")
    with sqlite_vec.for_new_connections():
        ours = sqlite3.connect(":memory:")
    with closing(ours), closing(sqlite3.connect(":memory:")) as other:
        assert sqlite_vec.load(ours).startswith("v0.1.")
        with pytest.raises(sqlite3.OperationalError, match="no such function"):
            other.execute("SELECT vec_version()")


def test_where_it_is_not_installed_nothing_fails_and_doctor_says_so(
    monkeypatch: pytest.MonkeyPatch, looked_for_anew: None
) -> None:
    monkeypatch.setattr(sqlite_vec, "_PACKAGE", "no_such_package")
    with Store.open(None) as without:
        stored = without.add_material("a" * 64, [("p. 1", "", TEXT)], title="a", name="a.md", kind="markdown")
        assert without.nearest_passages(question(1), [stored.id], 3) is None
        with pytest.raises(sqlite3.OperationalError, match="not authorized"):
            without._owner.run(lambda: without._db.execute("SELECT load_extension('vec0')"))
    assert checks.vectors().ok is None and "NumPy" in checks.vectors().value


def test_a_sqlite_that_gives_extensions_no_functions_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, looked_for_anew: None
) -> None:
    monkeypatch.setattr(sqlite_vec, "_NO_API", b"THREADSAFE")
    assert sqlite_vec._added_by_sqlite() == (None, None)
