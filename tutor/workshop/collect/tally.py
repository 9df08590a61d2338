"""The count of everything that was kept, changed or dropped, with a few masked examples of each reason."""

import re
from collections import Counter, defaultdict
from typing import Final

from tutor.workshop.collect.items import Item

SHOWN: Final = 100
"""Characters of an example."""


def masked(text: str) -> str:
    """Enough to recognise the kind of thing, not the thing: the first letter of each word stays, digits do not."""
    short = " ".join(text[: 2 * SHOWN].split())[:SHOWN]
    return re.sub(r"(?<=[^\W\d_])[^\W\d_]|\d", "•", short)


class Tally:
    """Counts by reason. A reason is a short stable word, such as `near_duplicate`; the report says it in words."""

    def __init__(self, examples: int = 3) -> None:
        self._most = examples
        self.counts: Counter[str] = Counter()
        """Of steps: `read`, `kept`, `pairs`, ..."""
        self.dropped: Counter[str] = Counter()
        """Documents, conversations, lines and pairs that went, by reason."""
        self.changed: Counter[str] = Counter()
        """Mended texts and replaced personal data, by what it was."""
        self.by_source: dict[str, Counter[str]] = defaultdict(Counter)
        """For each file: what was read, kept and dropped."""
        self.by_kind: dict[str, Counter[str]] = defaultdict(Counter)
        """For documents, conversations and corrections, those of the app apart: what was read and kept."""
        self.refused: dict[str, str] = {}
        """Files that were not read, and why."""
        self.examples: dict[str, list[tuple[str, str]]] = defaultdict(list)
        """For each reason: where, and the masked words."""
        self.bytes = 0
        """Of the files, gone through so far."""

    def passed(self, count: int) -> None:
        """So many bytes more were gone through."""
        self.bytes += count

    def read(self, item: Item) -> None:
        self._count("read", item)

    def keep(self, item: Item) -> None:
        self._count("kept", item)

    def _count(self, step: str, item: Item) -> None:
        self.counts[step] += 1
        self.by_source[item.source][step] += 1
        self.by_kind[f"app_{item.kind}" if item.app else item.kind][step] += 1

    def drop(self, reason: str, source: str, line: int = 0, words: str = "") -> None:
        """Count one thing that went."""
        self.dropped[reason] += 1
        self.by_source[source][reason] += 1
        self._example(reason, source, line, words)

    def change(self, what: str, source: str = "", line: int = 0, words: str = "") -> None:
        """Count one thing that was mended or replaced."""
        self.changed[what] += 1
        if words:
            self._example(what, source, line, words)

    def refuse(self, source: str, why: str) -> None:
        """Note a file that is not read at all."""
        self.refused[source] = why

    def _example(self, reason: str, source: str, line: int, words: str) -> None:
        if len(self.examples[reason]) < self._most:
            self.examples[reason].append((f"{source}:{line}" if line else source, masked(words)))
