"""`bench materials`: is the right passage found, how soon is a book of 300 pages ready, how long does a search take.

The questions lie in `materials_questions.toml`; nothing was chosen on its `held_out` part. Texts go the whole way: read
in the reading process, stored, encoded by a running engine.
"""

import os
import tempfile
import threading
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

import psutil

from tutor import paths
from tutor.bench import materials_large
from tutor.bench.report import Figure, Report, figure
from tutor.classroom.adding import Adding
from tutor.classroom.encoding import Encoder
from tutor.classroom.materials import MaterialsDesk
from tutor.domain import Material, Passage
from tutor.engine import protocol
from tutor.engine.client import EngineClient, EngineDied, EngineGone
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.intervals import wilson
from tutor.lessons.shelf import Shelf
from tutor.retrieval import passages as rule
from tutor.store import Store

QUESTIONS: Final = Path(__file__).with_name("materials_questions.toml")
TEXTS: Final = ("water-cycle", "great-fire")
PAGES: Final = 300
LARGE: Final = 100_000
_SECONDS: Final = 180.0
_AMONG: Final = 3
_LONGEST_WAIT: Final = 900.0


class Question(NamedTuple):
    text: str
    lesson: str
    heading: str
    """Of the right passage; "" for a question that the text does not answer."""


def questions(part: str) -> list[Question]:
    """Of `development` or `held_out`; the unanswerable ones once for each text."""
    found: dict[str, Any] = tomllib.loads(QUESTIONS.read_text(encoding="utf-8"))[part]
    answered = [
        Question(text, lesson, heading)
        for lesson in TEXTS
        for heading, texts in found[lesson].items()
        for text in texts
    ]
    return [*answered, *(Question(text, lesson, "") for lesson in TEXTS for text in found["none"])]


class Bench:
    """A store with the desk, and an engine that encodes for it."""

    def __init__(self, folder: Path) -> None:
        self.store = Store.open(folder / "tutor.db")
        load = protocol.Load(model=str(paths.starter_model()), safety=str(paths.safety_model()))
        self._ready = threading.Event()
        self._failed = ""
        self._client = EngineClient(load, self._heard)
        self.desk = MaterialsDesk(self.store, self._client, Shelf(folder / "materials"))
        self._encoder = Encoder(self._client, lambda: False)
        self._client.start()
        if not self._ready.wait(_LONGEST_WAIT) or self._failed:
            raise UserError(self._failed or tr("The engine did not start."))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.desk.close()
        self._client.close()
        self.store.close()

    def _heard(self, event: protocol.Event | EngineDied | EngineGone) -> None:
        if isinstance(event, EngineDied | EngineGone | protocol.LoadFailed):
            self._failed = event.message
            self._ready.set()
        elif isinstance(event, protocol.Ready):
            self._ready.set()
        elif not self._encoder.handle(event):
            self.desk.hear(event)

    def vectors(self, texts: Sequence[str]) -> tuple[bytes, ...]:
        found = self._encoder.vectors(tuple(texts))
        if found is None:
            raise UserError(tr("The engine cannot encode texts."))
        return found

    def engine_seconds(self) -> float:
        """Processor time that the engine has used."""
        pid = self._client.pid
        used = psutil.Process(pid).cpu_times() if pid else None
        return used.user + used.system if used else 0.0

    def add(self, file: Path, told: Callable[[Adding], None] | None = None) -> Material:
        adding = self.desk.add_file(file, told=told)
        if not adding.wait(_LONGEST_WAIT) or adding.material is None or adding.step.words_only:
            raise adding.step.error or UserError(tr("The material was not ready in time."))
        return adding.material


def run(part: str = "held_out", *, pages: int = PAGES, large: int = LARGE, misses: bool = False) -> Report:
    """All figures. Raises UserError."""
    with tempfile.TemporaryDirectory(prefix="tutor-bench-") as folder, Bench(Path(folder)) as bench:
        materials = {name: bench.add(paths.assets() / "lessons" / name / f"{name}.md") for name in TEXTS}
        figures = [*_found(bench, materials, questions(part), misses)]
        if pages:
            figures += _book(bench, Path(folder) / "book.pdf", pages)
        if large:
            figures += _large(bench, large)
    remarks = (
        tr("Lowest and highest of a share: its 95% interval (Wilson). {part} questions.", part=part),
        tr("Search: from the encoded question to its passages; the first one also loads what is encoded."),
    )
    return Report(bench="materials", figures=tuple(figures), remarks=remarks)


# --- is the right passage found ---------------------------------------------------------------------------------------


def _found(bench: Bench, materials: dict[str, Material], asked: Sequence[Question], misses: bool) -> Iterator[Figure]:
    ranks: dict[str, list[tuple[Question, int]]] = {"words": [], "vectors": [], "fused": []}
    given: list[tuple[Question, tuple[Passage, ...]]] = []
    times: list[float] = []
    for question, vector in zip(asked, bench.vectors([each.text for each in asked]), strict=True):
        material = materials[question.lesson]
        began = time.perf_counter()
        given.append((question, bench.desk.finder.find(question.text, vector, [material])))
        times.append((time.perf_counter() - began) * 1000)
        if question.heading:
            for name, order in _orders(bench, question, vector, material).items():
                ranks[name].append((question, order))
    for name, found in ranks.items():
        at_least = 0.9 if name == "fused" else None
        yield _share(f"right passage among the first three, {name}", [rank <= _AMONG for _, rank in found], at_least)
    fused = ranks["fused"]
    yield _share("right passage first, fused", [rank == 1 for _, rank in fused])
    for lesson in TEXTS:
        yield _share(f"the same among three, {lesson}", [rank <= _AMONG for q, rank in fused if q.lesson == lesson])
    right = [any(p.heading == q.heading for p in found) for q, found in given if q.heading]
    yield _share("right passage given to the answer", right)
    yield _share("unrelated questions that were given one", [bool(found) for q, found in given if not q.heading])
    yield figure("search in a text", times, "ms")
    if misses:
        for question, rank in fused:
            if rank > _AMONG:
                print(f"{rank}: {question.heading}: {question.text}")


def _orders(bench: Bench, question: Question, vector: bytes, material: Material) -> dict[str, int]:
    """The place of the right passage in each order; 99 where it is not among the candidates."""
    ids = bench.store.material_ids([material.sha256])
    by_words = bench.store.search_passages(rule.words(question.text), ids, rule.CANDIDATES)
    alike = bench.desk.finder.alike(vector, ids)
    orders = {
        "words": list(by_words),
        "vectors": sorted(alike, key=lambda each: -alike[each]),
        "fused": rule.order(by_words, alike),
    }
    places = {}
    for name, order in orders.items():
        headings = [passage.heading for passage in bench.store.passages(order)]
        places[name] = headings.index(question.heading) + 1 if question.heading in headings else 99
    return places


def _share(name: str, right: Sequence[bool], at_least: float | None = None) -> Figure:
    value = sum(right) / len(right)
    low, high = wilson(sum(right), len(right))
    goal = f">= {at_least:g}" if at_least is not None else ""
    ok = value >= at_least if at_least is not None else None
    return Figure(name=name, value=value, min=low, max=high, goal=goal, ok=ok, unit=f"of {len(right)}")


# --- how long does it take --------------------------------------------------------------------------------------------


def _book(bench: Bench, file: Path, pages: int) -> Iterator[Figure]:
    materials_large.write_book(file, [paths.assets() / "lessons" / name / f"{name}.md" for name in TEXTS], pages)
    marks: dict[str, float] = {}

    def told(adding: Adding) -> None:
        marks.setdefault(adding.step.stage, time.perf_counter())

    engine_before, children_before = bench.engine_seconds(), sum(os.times()[2:4])
    began = time.perf_counter()
    material = bench.add(file, told)
    took = time.perf_counter() - began
    reader = sum(os.times()[2:4]) - children_before
    (stored,) = bench.desk.stored([material])
    assert stored is not None
    yield figure(f"{stored.pages} pages ready", [took], "s", at_most=_SECONDS)
    yield figure("of that, reading", [marks["encoding"] - began], "s")
    yield figure("processor time of the reading process", [reader], "s")
    yield figure("processor time of the engine", [bench.engine_seconds() - engine_before], "s")
    yield figure("passages", [stored.passages])
    yield from _both_ways(bench, stored.id, bench.vectors([question.text for question in _few()]))


def _few() -> list[Question]:
    return [question for question in questions("development") if question.heading][:20]


def _both_ways(bench: Bench, material_id: int, vectors: Sequence[bytes]) -> Iterator[Figure]:
    """The vectors alone: inside SQLite, and in NumPy, which stands in where SQLite cannot."""
    rows = rule.encoded(*bench.store.passage_vectors(material_id))
    ways: dict[str, Callable[[bytes], object]] = {
        "SQLite": lambda vector: bench.store.nearest_passages(vector, [material_id], rule.NEAREST),
        "NumPy": lambda vector: rule.cosines([rows], vector),
    }
    for name, search in ways.items():
        work: list[float] = []
        for vector in (vectors[0], *vectors):
            used = time.process_time()
            search(vector)
            work.append((time.process_time() - used) * 1000)
        yield figure(f"processor time, {len(rows.owners)} vectors in {name}", work[1:], "ms")


def _large(bench: Bench, count: int) -> Iterator[Figure]:
    """A lesson on so many passages, which no lesson has: what a search costs then."""
    library = Material(name="library.pdf", title="A library", sha256=materials_large.fill(bench.store, count))
    asked = _few()
    vectors = bench.vectors([question.text for question in asked])
    times: list[float] = []
    work: list[float] = []
    for question, vector in zip((asked[0], *asked), (vectors[0], *vectors), strict=True):
        began, used = time.perf_counter(), time.process_time()
        bench.desk.finder.find(question.text, vector, [library])
        times.append((time.perf_counter() - began) * 1000)
        work.append((time.process_time() - used) * 1000)
    yield figure(f"the first search in {count} passages", times[:1], "ms")
    yield figure(f"search in {count} passages", times[1:], "ms")
    yield figure("processor time of that", work[1:], "ms")
    (stored,) = bench.desk.stored([library])
    assert stored is not None
    yield from _both_ways(bench, stored.id, vectors)
