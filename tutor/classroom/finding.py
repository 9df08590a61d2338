"""The passages of a lesson's materials for a question: by words and vectors.

The store compares vectors inside SQLite. Where this Python's sqlite3 cannot, NumPy does it here, with what was encoded
kept at hand; both give the same order.
"""

import threading
from collections import OrderedDict
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

from tutor.retrieval import passages as rule

if TYPE_CHECKING:
    from tutor.domain import Material, Passage
    from tutor.store import Store

KEPT_BYTES: Final = 200_000_000
"""Of encoded passages, in memory for all lessons together, where NumPy compares them."""
_WORDS_ALONE: Final = 8
"""Words that are looked up one by one where nothing is encoded."""
_EACH_WORD: Final = 200


class Finder:
    """Finds passages for all sessions of a store. May be called from any thread."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, tuple[int, rule.Encoded]] = OrderedDict()
        """By material: how many passages were not encoded then, and the rows; what was used longest ago goes first."""

    def find(self, question: str, vector: bytes | None, materials: "Collection[Material]") -> "tuple[Passage, ...]":
        """At most three passages that the question is about, likeliest first; none for an unrelated question.

        `vector`: the question as the engine encodes it; None: words alone decide. Raises `UserError` of the disk.
        """
        ids = self._store.material_ids([each.sha256 for each in materials])
        wanted = rule.words(question)
        if not ids:
            return ()
        by_words = self._store.search_passages(wanted, ids, rule.CANDIDATES)
        alike = self.alike(vector, ids) if vector is not None else {}
        found = rule.chosen(by_words, alike) if alike else self._by_words(wanted, ids)
        return self._store.passages(found, _titles(materials))

    def order(self, question: str, vector: bytes | None, materials: "Collection[Material]") -> "tuple[Passage, ...]":
        """All candidates, best first, however unlike: for a teacher who tries the search."""
        ids = self._store.material_ids([each.sha256 for each in materials])
        by_words = self._store.search_passages(rule.words(question), ids, rule.CANDIDATES)
        alike = self.alike(vector, ids) if vector is not None else {}
        return self._store.passages(rule.order(by_words, alike)[: rule.CANDIDATES], _titles(materials))

    def alike(self, vector: bytes, materials: Sequence[int]) -> dict[int, float]:
        """How like the nearest passages of these materials (ids) are to an encoded question: cosines, likest first."""
        found = self._store.nearest_passages(vector, materials, rule.NEAREST)
        return rule.cosines(self._encoded(materials), vector) if found is None else found

    def around(self, passage_id: int) -> "tuple[Passage, ...]":
        """A passage between its neighbours in the text; empty when it is gone."""
        return self._store.passages_around(passage_id)

    def _by_words(self, wanted: Sequence[str], materials: Sequence[int]) -> list[int]:
        asked = wanted[:_WORDS_ALONE]
        found = {word: self._store.search_passages((word,), materials, _EACH_WORD) for word in asked}
        return rule.chosen_by_words(asked, found)

    def _encoded(self, materials: Sequence[int]) -> list[rule.Encoded]:
        counts = self._store.passages_waiting(materials)
        made: list[rule.Encoded] = []
        for material in materials:
            count = counts.get(material, 0)
            with self._lock:
                known = self._kept.get(material)
            if known is None or known[0] != count:
                rows = rule.encoded(*self._store.passage_vectors(material))
                known = (count, rows)
                with self._lock:
                    self._kept[material] = known
                    self._forget()
            with self._lock:
                if material in self._kept:
                    self._kept.move_to_end(material)
            made.append(known[1])
        return made

    def _forget(self) -> None:
        """Let the longest unused go; the newest stays, whatever its size."""
        while len(self._kept) > 1 and sum(rows.rows.nbytes for _, rows in self._kept.values()) > KEPT_BYTES:
            self._kept.popitem(last=False)


def _titles(materials: "Collection[Material]") -> dict[str, str]:
    return {each.sha256: each.title for each in materials}
