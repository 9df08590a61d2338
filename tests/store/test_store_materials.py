"""Materials are stored once however many lessons share them, found by words, and go only when no lesson needs them."""

import numpy as np
import pytest

from tutor.domain import Lesson, Material
from tutor.errors import UserError
from tutor.store import Store
from tutor.store.materials import StoredMaterial

RAIN = [
    ("p. 1", "Clouds", "A cloud is made of tiny drops of water."),
    ("p. 2", "Rain", "Drops join and fall as rain."),
    ("p. 3", "Snow", "In cold air the water freezes into crystals."),
]


def add(store: Store, sha256: str = "a" * 64, title: str = "Water") -> StoredMaterial:
    return store.add_material(sha256, RAIN, title=title, name="water.pdf", kind="pdf", pages=3, size=1000)


def vector(at: int) -> bytes:
    row = np.zeros(384, dtype="<f4")
    row[at] = 1
    return row.tobytes()


def test_the_same_text_is_stored_once(store: Store) -> None:
    first = add(store)
    assert add(store, title="Another title") == first
    assert (first.passages, first.encoded, first.state) == (3, 0, "reading") and store.materials() == (first,)


def test_passages_are_found_by_words_within_the_materials_asked_for(store: Store) -> None:
    mine, other = add(store), add(store, "b" * 64)
    (found,) = store.passages(store.search_passages(["raining"], [mine.id]))
    assert (found.place, found.heading, found.material) == ("p. 2", "Rain", "Water")
    assert len(store.search_passages(["rain"], [mine.id, other.id])) == 2
    assert store.search_passages(["rain"], []) == () and store.search_passages(['"', "*"], [mine.id]) == ()


def test_words_of_fts_are_words_like_any_other(store: Store) -> None:
    mine = add(store)
    assert store.search_passages(["OR", 'drops"', "NEAR(", "heading:rain"], [mine.id])


def test_encoding_goes_on_where_it_was_interrupted(store: Store) -> None:
    made = add(store)
    first = store.passages_to_encode(made.id, 2)
    assert [passage.place for passage in first] == ["p. 1", "p. 2"]
    assert not store.keep_passage_vectors(made.id, [(passage.id, vector(0)) for passage in first])
    assert [each.encoded for each in store.unready_materials()] == [2]
    (last,) = store.passages_to_encode(made.id, 2)
    assert store.keep_passage_vectors(made.id, [(last.id, vector(1))])
    assert store.unready_materials() == () and store.material(made.sha256).state == "ready"
    ids, sizes, rows = store.passage_vectors(made.id)
    assert ids[-1] == last.id and sizes == [1536] * 3 and rows == vector(0) * 2 + vector(1)


def test_a_passage_comes_with_its_neighbours(store: Store) -> None:
    add(store)
    first, second, third = (passage.id for passage in store.passages_of("a" * 64))
    assert [passage.id for passage in store.passages_around(second)] == [first, second, third]
    assert [passage.id for passage in store.passages_around(first)] == [first, second]
    assert store.passages_around(999) == ()


def test_what_a_lesson_names_stays_and_the_rest_goes_with_its_words(store: Store) -> None:
    used, unused = add(store), add(store, "b" * 64)
    store.create_lesson(
        Lesson(key="k", title="Water", materials=(Material(name="water.pdf", title="Water", sha256=used.sha256),))
    )
    store.delete_material(used.sha256)
    assert store.drop_unused_materials("9999") == (unused.sha256,)
    assert store.materials() == (used,)
    assert len(store.search_passages(["rain"], [used.id, unused.id])) == 1


def test_a_material_that_is_gone_says_so(store: Store) -> None:
    with pytest.raises(UserError, match="not there any more"):
        store.material("c" * 64)
    assert store.material_ids(["c" * 64, add(store).sha256]) == (1,)
