"""The parts of an evaluation: each is measured unit by unit into a state file, so that a stopped one goes on.

A state file (`evaluate-NAME-state.jsonl`) begins with a key of what it was measured on: another model, classifier or
encoder is measured anew. Each line after it holds what came of one unit (a conversation, a script, a message), by the
digest of the unit, so that a larger evaluation of the same model measures only what is new.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any, BinaryIO, Final, Generic, TypeVar

import msgspec

from tutor.workshop.progress import Progress

STATE: Final = "evaluate-{name}-state.jsonl"

Unit = TypeVar("Unit")
Found = TypeVar("Found")


class _Line(msgspec.Struct):
    unit: str
    seconds: float
    found: msgspec.Raw


def digest(value: Any) -> str:
    """Twelve letters that stand for a value and all that is in it."""
    return blake2b(msgspec.json.encode(value, order="deterministic"), digest_size=6).hexdigest()


class Part(Generic[Unit, Found]):
    """Units of one kind and what each comes to."""

    def __init__(
        self,
        name: str,
        title: str,
        units: Callable[[], Sequence[Unit]],
        measure: Callable[[Unit], Found],
        kind: Any,
        *,
        cost: Callable[[Unit], float] | None = None,
    ) -> None:
        """`units` are asked for once the parts before are done; those of a part with a `cost` (in replies of the model)
        before everything, too. `kind`: the type of what is found. A part without cost takes next to no time."""
        self.name, self.title, self.cost = name, title, cost
        self.units, self._measure = units, measure
        self._decoder: msgspec.json.Decoder[Found] = msgspec.json.Decoder(kind)
        self._known: dict[str, tuple[Found, float]] = {}
        self._file, self._head = Path(), b""
        self.found: list[Found] = []
        """What every unit came to, in their order, once the part is done."""
        self.seconds = 0.0
        """What measuring them took, in all sittings together."""

    def open(self, folder: Path, key: str) -> None:
        """Read what an earlier, stopped evaluation left in the folder, if it was made from the same."""
        self._file = folder / STATE.format(name=self.name)
        self._head = msgspec.json.encode({"key": key})
        self._known = {}
        for line in _whole_lines(self._file, self._head):
            try:
                one = msgspec.json.decode(line, type=_Line)
                self._known[one.unit] = (self._decoder.decode(one.found), one.seconds)
            except msgspec.MsgspecError:
                break

    def costs(self) -> tuple[float, float]:
        """(of all units, of those that are measured already), in replies of the model."""
        if self.cost is None:
            return 0.0, 0.0
        each = {digest(unit): self.cost(unit) for unit in self.units()}  # what is there twice is measured once
        return sum(each.values()), sum(cost for name, cost in each.items() if name in self._known)

    def run(self, progress: Progress, *, about: str = "") -> None:
        """Measure what is missing. Whatever stops it, what was measured stays in the file. `about` is said with the
        progress."""
        units = list(self.units())
        names = [digest(unit) for unit in units]
        note = " ".join(filter(None, (about, self.title + ",")))
        if not self._known.keys() >= set(names):
            with self._going_on() as file:
                for unit, name in zip(units, names, strict=True):
                    if name in self._known:
                        continue
                    started = time.monotonic()
                    found = self._measure(unit)
                    self._known[name] = (found, time.monotonic() - started)
                    file.write(_line(name, *self._known[name]))
                    file.flush()
                    progress.add(self.cost(unit) if self.cost else 0, note)
        self.found = [self._known[name][0] for name in names]
        self.seconds = sum(self._known[name][1] for name in set(names))

    @contextmanager
    def _going_on(self) -> Iterator[BinaryIO]:
        """The state file with all that is known in it, open for more; a line that was cut off in it is gone."""
        part = self._file.with_name(self._file.name + ".part")
        part.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            file.write(self._head + b"\n")
            file.writelines(_line(name, *known) for name, known in self._known.items())
        part.replace(self._file)
        with self._file.open("ab") as file:
            yield file


def run(parts: Sequence[Part[Any, Any]], progress: Progress, *, about: str = "") -> None:
    """All parts, in order."""
    for part in parts:
        part.run(progress, about=about)


def _whole_lines(file: Path, head: bytes) -> list[bytes]:
    """The lines after the key, but for one that was cut off; none where the key is another."""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return []
    lines = data[: data.rfind(b"\n") + 1].splitlines()
    return lines[1:] if lines and lines[0] == head else []


def _line(name: str, found: Any, seconds: float) -> bytes:
    return msgspec.json.encode({"unit": name, "seconds": round(seconds, 3), "found": found}) + b"\n"
