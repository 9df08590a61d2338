"""The materials' desk: texts are read, stored, and encoded by the engine in small batches while learners chat.

One thread does it, one text after another. What was interrupted goes on with the next engine; until then the passages
are found by words.
"""

import hashlib
import logging
import queue
import re
import threading
import time
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

from tutor.classroom.adding import Adding, Step
from tutor.classroom.encoding import Encoder
from tutor.classroom.finding import Finder
from tutor.domain import Material, Passage
from tutor.engine import protocol
from tutor.engine.client import EngineDied, EngineGone
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.lessons import carried
from tutor.materials import blocks
from tutor.materials import passages as cutting
from tutor.materials.reading import Material as ReadMaterial
from tutor.materials.reading import Reading

if TYPE_CHECKING:
    from tutor.classroom.encoding import Engine
    from tutor.lessons.shelf import Shelf
    from tutor.store import Store
    from tutor.store.materials import StoredMaterial

BATCH: Final = 8
"""Passages that the engine encodes at once: a fifth of a second, which is the most that a learner's question waits."""
UNUSED_DAYS: Final = 7
"""What no lesson names is kept so long, so that removing it from a draft can be taken back."""
_TELL_PAGES_S: Final = 0.1
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9 _.-]+")
_log = logging.getLogger(__name__)


class MaterialsDesk:
    """What a teacher does with materials, from any thread."""

    def __init__(
        self, store: "Store", engine: "Engine", shelf: "Shelf", busy: Callable[[], bool] = lambda: False
    ) -> None:
        """`busy`: whether a learner waits for an answer; encoding then stands back."""
        self.finder = Finder(store)
        self._store, self._shelf = store, shelf
        self._encoder = Encoder(engine, busy)
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closing = False
        self._open: list[Adding] = []

    # --- adding ---------------------------------------------------------------------------------------------------

    def add_file(
        self, path: Path, *, title: str = "", licence: str = "", told: Callable[[Adding], None] | None = None
    ) -> Adding:
        """Read a file in; returns at once. `told` hears of every step; no `title`: the text's own."""
        return self._add(path.name, lambda: _bytes_of(path), title, licence, told)

    def add_text(
        self, text: str, *, title: str, licence: str = "", told: Callable[[Adding], None] | None = None
    ) -> Adding:
        """The same with pasted words."""
        data = text.replace("\x00", "").encode("utf-8", "replace")
        return self._add(f"{title.strip() or tr('Text')}.txt", lambda: data, title, licence, told)

    def came(self, name: str, data: bytes, title: str, licence: str) -> Adding:
        """A material that came with a lesson; it is known by the checksum of these very bytes."""
        return self._add(name, lambda: data, title, licence, None, as_it_is=True)

    def under_way(self) -> tuple[Adding, ...]:
        """What is being added now, for a view that is opened later."""
        with self._lock:
            return tuple(self._open)

    # --- looking --------------------------------------------------------------------------------------------------

    def stored(self, materials: Collection[Material]) -> "tuple[StoredMaterial | None, ...]":
        """Of each material of a lesson what is stored; None for one whose text is not here."""
        return tuple(
            self._store.material(each.sha256) if self._store.material_known(each.sha256) else None for each in materials
        )

    def passages(self, sha256: str, first: int = 1, limit: int = 50) -> tuple[Passage, ...]:
        """Of a material, in its order, from number `first`."""
        return self._store.passages_of(sha256, first, limit)

    def around(self, passage_id: int) -> tuple[Passage, ...]:
        """A passage between its neighbours; empty when it is gone."""
        return self._store.passages_around(passage_id)

    def try_out(self, question: str, materials: Collection[Material]) -> tuple[tuple[Passage, ...], int]:
        """What a search finds, best first, and how many of these a learner's answer would be given. Blocks shortly."""
        vectors = self._encoder.vectors((question,), patience=5.0)
        vector = vectors[0] if vectors else None
        given = self.finder.find(question, vector, materials)
        ids = {passage.id for passage in given}
        others = (each for each in self.finder.order(question, vector, materials) if each.id not in ids)
        return (*given, *others), len(given)

    # --- the engine and the end -----------------------------------------------------------------------------------

    def hear(self, event: "protocol.Event | EngineDied | EngineGone") -> None:
        """An event of the engine, on the thread that hears of it; a ready one goes on with what was interrupted."""
        if isinstance(event, protocol.Ready):
            self.resume()
        elif not isinstance(event, EngineDied | EngineGone):
            self._encoder.handle(event)

    def engine_ended(self) -> None:
        """The engine is gone, and with it whatever it was asked."""
        self._encoder.engine_ended()

    def resume(self) -> None:
        """An engine is ready: go on with what was interrupted, and let go what no lesson has named for a week."""
        self._encoder.renew()
        self._do(self._go_on)

    def close(self) -> None:
        """End what is under way; it goes on at the next start."""
        with self._lock:
            self._closing = True
            thread, open_now = self._thread, tuple(self._open)
        for adding in open_now:
            if adding.step.stage == "reading":
                adding.cancel()
        self._encoder.close()
        self._jobs.put(None)
        if thread is not None:
            thread.join(timeout=5.0)

    # --- the desk's thread ----------------------------------------------------------------------------------------

    def _add(
        self,
        name: str,
        load: Callable[[], bytes],
        title: str,
        licence: str,
        told: Callable[[Adding], None] | None,
        *,
        as_it_is: bool = False,
    ) -> Adding:
        adding = Adding(name, load, title.strip(), licence.strip(), told)
        with self._lock:
            self._open.append(adding)
        self._do(lambda: self._run(adding, as_it_is))
        return adding

    def _do(self, job: Callable[[], None]) -> None:
        with self._lock:
            if self._closing:
                return
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="materials", daemon=True)
                self._thread.start()
        self._jobs.put(job)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            if not self._closing:
                job()

    def _run(self, adding: Adding, as_it_is: bool) -> None:
        try:
            stored = self._read(adding, as_it_is)
            words_only = not self._encode(stored, adding)
        except UserError as error:
            stage = "cancelled" if error.code == "cancelled" else "failed"
            self._finish(adding, Step(stage=stage, error=None if stage == "cancelled" else error))
        except Exception as error:  # noqa: BLE001 - a thread's boundary: an adding must end, whatever went wrong
            _log.error("a material could not be added: %s", type(error).__name__)
            self._finish(adding, Step(stage="failed", error=_unexpected()))
        else:
            total = stored.passages
            unread = stored.unread_pages
            self._finish(adding, Step(stage="done", n=total, m=total, words_only=words_only, unread_pages=unread))

    def _finish(self, adding: Adding, step: Step) -> None:
        with self._lock:
            self._open = [each for each in self._open if each is not adding]
        adding.tell(step)

    def _read(self, adding: Adding, as_it_is: bool) -> "StoredMaterial":
        adding.tell(Step(stage="reading"))
        data = adding.load()
        sha256 = hashlib.sha256(data).hexdigest()
        name = safe_name(adding.name)
        if not self._store.material_known(sha256) or not data:
            reading = Reading(data, adding.name)
            adding.reads(reading)
            last = 0.0

            def page(n: int, m: int) -> None:
                nonlocal last
                if n == m or time.monotonic() - last >= _TELL_PAGES_S:
                    last = time.monotonic()
                    adding.tell(Step(stage="reading", n=n, m=m))

            read = reading.run(page)
            adding.reads(None)
            title = adding.title or read.title or PurePath(adding.name).stem
            if not as_it_is and carried.fault_of(name, data):
                # what runs, or is of no kind that a lesson file carries, is kept as the words that were read
                data, name = as_markdown(title, read), PurePath(name).stem + ".md"
                sha256 = hashlib.sha256(data).hexdigest()
            self._store.add_material(
                sha256,
                [(found.place, found.heading, found.text) for found in read.passages],
                title=title,
                name=name,
                kind=read.kind,
                licence=adding.licence,
                pages=read.pages,
                unread_pages=read.unread_pages,
                size=len(data),
            )
        self._shelf.put(data)
        stored = self._store.material(sha256)
        adding.material = Material(
            name=stored.name,
            title=adding.title or stored.title,
            sha256=sha256,
            licence=adding.licence or stored.licence,
        )
        return stored

    def _encode(self, stored: "StoredMaterial", adding: Adding | None = None) -> bool:
        """Encode what is left of a material. False: the engine cannot, for now."""
        done = stored.encoded
        while waiting := self._store.passages_to_encode(stored.id, BATCH):
            if adding is not None:
                if adding.cancelled:
                    self._store.delete_material(stored.sha256)
                    adding.material = None
                    raise UserError(tr("Adding was stopped."), code="cancelled")
                step = Step(stage="encoding", n=done, m=stored.passages, unread_pages=stored.unread_pages)
                adding.tell(step)
            parts = [cutting.parts(each.material, each.heading, each.text) for each in waiting]
            vectors = self._encoder.vectors(tuple(text for texts in parts for text in texts), stands_back=True)
            if vectors is None:
                return False
            rows = iter(vectors)
            kept = [(each.id, b"".join(next(rows) for _ in texts)) for each, texts in zip(waiting, parts, strict=True)]
            self._store.keep_passage_vectors(stored.id, kept)
            done += len(waiting)
        self._store.keep_passage_vectors(stored.id, ())
        return True

    def _go_on(self) -> None:
        try:
            before = datetime.now(UTC) - timedelta(days=UNUSED_DAYS)
            self._store.drop_unused_materials(before.isoformat(timespec="milliseconds"))
            for stored in self._store.unready_materials():
                if self._closing or not self._encode(stored):
                    return
        except UserError as error:  # of the disk, for instance; it goes on with the next engine
            _log.warning("a material is not ready yet: %s", error.code)


def safe_name(name: str) -> str:
    """A file name as lesson files may hold it."""
    path = PurePath(name)
    stem = _UNSAFE.sub("-", path.stem).strip(" ._-").replace("..", ".")[:80] or "text"
    suffix = path.suffix.lower()
    return stem + (suffix if suffix in carried.KINDS else ".txt")


def as_markdown(title: str, read: ReadMaterial) -> bytes:
    """The words of a material with their headings."""
    lines = [f"# {title}"]
    heading = ""
    for found in read.passages:
        if found.heading and found.heading != heading:
            heading = found.heading
            lines.append(f"## {heading.rpartition(' › ')[2]}")
        lines += [line.replace("<", "&lt;") for line in found.text.split("\n")]
    return "\n\n".join(lines).encode()


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > blocks.MOST_BYTES:
            raise blocks.too_large()
        return path.read_bytes()
    except OSError as error:
        raise UserError(
            tr("The file {name} cannot be opened. Nothing was added. Look whether it is still there.", name=path.name),
            code="not_found",
        ) from error


def _unexpected() -> UserError:
    return UserError(
        tr("Something went wrong with this material. Nothing was added. Try again, or paste its text."), code="failed"
    )
