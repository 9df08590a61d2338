"""Materials are added with progress, can be stopped and go on later, and make no learner wait."""

import threading
import time
from pathlib import Path

import pytest
from encoding_engine import EncodingEngine
from made_files import RAIN, book, scanned

from tutor import paths
from tutor.classroom.adding import Adding, Step
from tutor.classroom.materials import BATCH, MaterialsDesk
from tutor.domain import Lesson, Material
from tutor.engine import protocol
from tutor.lessons import carried
from tutor.lessons.check import MATERIAL_NAME
from tutor.lessons.shelf import Shelf
from tutor.store import Store

WATER = paths.assets() / "lessons" / "water-cycle" / "water-cycle.md"


def added(adding: Adding) -> Material:
    assert adding.wait(60), adding.step
    assert adding.step.stage == "done" and adding.material is not None, adding.step
    return adding.material


def test_a_file_becomes_a_material_with_every_passage_encoded(
    desk: MaterialsDesk, store: Store, engine: EncodingEngine, tmp_path: Path
) -> None:
    steps: list[Step] = []
    material = added(desk.add_file(WATER, licence="CC BY 4.0", told=lambda adding: steps.append(adding.step)))
    assert (material.name, material.title, material.licence) == ("water-cycle.md", "The water cycle", "CC BY 4.0")
    (stored,) = desk.stored([material])
    assert stored is not None and stored.state == "ready" and stored.passages == stored.encoded == 22
    assert [step.stage for step in steps][:3] == ["reading", "encoding", "encoding"] and steps[-1].stage == "done"
    assert [step.n for step in steps if step.stage == "encoding"] == list(range(0, 22, BATCH))
    assert Shelf(tmp_path / "materials").get(material.sha256) == WATER.read_bytes()
    assert all(text.startswith("The water cycle: ") for batch in engine.batches for text in batch)


def test_a_question_finds_its_passage_and_an_unrelated_one_none(desk: MaterialsDesk) -> None:
    material = added(desk.add_file(WATER))
    found, given = desk.try_out("why is my can of cola all wet outside when it comes from the fridge", [material])
    assert given >= 1 and found[0].heading == "Condensation" and found[0].place == "Condensation"
    assert len(found) > given
    assert desk.try_out("who won the cup final", [material])[1] == 0


def test_pages_are_told_while_a_book_is_read(desk: MaterialsDesk, tmp_path: Path) -> None:
    path = tmp_path / "weather book (2nd).pdf"
    path.write_bytes(book([(f"Chapter {n}", [("Rain", [f"{RAIN} This is part {n}."])]) for n in range(1, 9)]))
    steps: list[Step] = []
    material = added(desk.add_file(path, title="Weather", told=lambda adding: steps.append(adding.step)))
    assert Step(stage="reading", n=8, m=8) in steps
    assert MATERIAL_NAME.match(material.name) and {p.place for p in desk.passages(material.sha256)} >= {"p. 1", "p. 8"}


def test_pasted_text_is_a_material(desk: MaterialsDesk) -> None:
    material = added(desk.add_text(RAIN, title="Rain: what/when?"))
    assert material.title == "Rain: what/when?" and MATERIAL_NAME.match(material.name)
    assert [passage.text for passage in desk.passages(material.sha256)] == [RAIN.strip()]


def test_a_page_with_scripts_is_kept_as_the_words_that_were_read(desk: MaterialsDesk, tmp_path: Path) -> None:
    path = tmp_path / "rain.html"
    path.write_text("<h1>Rain</h1><script>alert(1)</script><h2>Drops</h2><p onclick='x()'>Drops join and fall.</p>")
    material = added(desk.add_file(path))
    kept = Shelf(tmp_path / "materials").get(material.sha256)
    assert kept == b"# rain\n\n## Drops\n\nDrops join and fall." and material.name == "rain.md"
    assert carried.fault_of(material.name, kept) == ""


def test_the_same_text_is_not_read_twice(desk: MaterialsDesk, engine: EncodingEngine) -> None:
    first = added(desk.add_file(WATER))
    batches = len(engine.batches)
    assert added(desk.add_file(WATER, title="Water again")).sha256 == first.sha256 and len(engine.batches) == batches


def test_what_cannot_be_read_says_so_and_leaves_nothing(desk: MaterialsDesk, store: Store, tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(scanned())
    failed, gone = desk.add_file(path), desk.add_file(tmp_path / "not there.pdf")
    assert failed.wait(60) and gone.wait(60)
    assert failed.step.error is not None and failed.step.error.code == "scanned" and failed.material is None
    assert gone.step.error is not None and gone.step.error.code == "not_found"
    assert store.materials() == () and desk.under_way() == ()


def test_stopping_takes_away_what_was_stored(desk: MaterialsDesk, store: Store, engine: EncodingEngine) -> None:
    engine.open.clear()
    begun = threading.Event()

    def told(adding: Adding) -> None:
        if adding.step.stage == "encoding":
            begun.set()

    adding = desk.add_file(WATER, told=told)
    assert begun.wait(30)
    adding.cancel()
    engine.open.set()
    assert adding.wait(30) and adding.step.stage == "cancelled" and store.materials() == ()


def test_without_an_encoder_words_find_and_the_next_engine_goes_on(
    desk: MaterialsDesk, store: Store, engine: EncodingEngine
) -> None:
    engine.refuses = "no_embedder"
    adding = desk.add_file(WATER)
    material = added(adding)
    assert adding.step.words_only and store.unready_materials()
    found, given = desk.try_out("What is the dew point?", [material])
    assert given >= 1 and "Condensation" in {passage.heading for passage in found[:given]}
    store.create_lesson(Lesson(key="k", title="Water", materials=(material,)))
    engine.refuses = ""
    desk.hear(protocol.Ready(model=None, safety=""))
    until = time.monotonic() + 30
    while store.unready_materials() and time.monotonic() < until:
        time.sleep(0.05)
    assert store.unready_materials() == ()


def test_an_interrupted_encoding_goes_on_at_the_next_start(
    store: Store, engine: EncodingEngine, tmp_path: Path
) -> None:
    first = MaterialsDesk(store, engine, Shelf(tmp_path / "materials"))

    def hear(event: protocol.Event) -> None:
        engine.open.clear()  # the second batch is not answered
        first.hear(event)

    engine.tell = hear
    adding = first.add_file(WATER)
    until = time.monotonic() + 60
    while (adding.step.stage, adding.step.n) != ("encoding", BATCH) and time.monotonic() < until:
        time.sleep(0.02)
    first.close()
    engine.open.set()
    done = store.unready_materials()[0].encoded
    assert done == BATCH
    second = MaterialsDesk(store, engine, Shelf(tmp_path / "materials"))
    engine.tell = second.hear
    before = len(engine.batches)
    second.resume()
    until = time.monotonic() + 30
    while store.unready_materials() and time.monotonic() < until:
        time.sleep(0.05)
    second.close()
    assert store.unready_materials() == () and len(engine.batches) - before <= (22 - done) // BATCH + 2


def test_encoding_stands_back_while_a_learner_waits(store: Store, engine: EncodingEngine, tmp_path: Path) -> None:
    answering = threading.Event()
    answering.set()
    desk = MaterialsDesk(store, engine, Shelf(tmp_path / "materials"), busy=answering.is_set)
    engine.tell = desk.hear
    adding = desk.add_file(WATER)
    until = time.monotonic() + 30
    while adding.step.stage != "encoding" and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(0.5)
    assert engine.batches == []
    answering.clear()
    assert added(adding)
    desk.close()


@pytest.mark.parametrize("name", ["../../etc/passwd", "ü.PDF", "..", "a" * 300 + ".docx", "con: x?.md", "_.txt"])
def test_names_are_made_fit_for_a_lesson_file(name: str) -> None:
    from tutor.classroom.materials import safe_name

    made = safe_name(name)
    assert MATERIAL_NAME.match(made) and ".." not in made
