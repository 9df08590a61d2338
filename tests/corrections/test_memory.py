"""The memory finds what means the same, for whom it is meant, at the very moment it is accepted."""

import time
from collections.abc import Callable, Iterator

import pytest

from tutor.corrections.memory import Memory
from tutor.domain import AgeBand, Correction, CorrectionStatus
from tutor.retrieval.embedder import Embedder
from tutor.store import Store

Find = Callable[..., list[str]]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder.load()


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(None) as opened:
        yield opened


def accept(store: Store, question: str, answer: str, **details: object) -> Correction:
    made = store.propose_correction(question, answer, **details)  # type: ignore[arg-type]
    store.keep_check(store.own_words(made.id), made, True, ())
    return store.decide(made.id, CorrectionStatus.ACCEPTED, by="teacher")


@pytest.fixture
def find(store: Store, embedder: Embedder) -> Find:
    """What a learner's question finds, encoded as the engine would."""

    def answers(question: str, learner_id: int | None = None) -> list[str]:
        memory = Memory(store, learner_id)
        texts = memory.to_encode(question)
        vectors = [row.tobytes() for row in embedder.embed(texts)]
        memory.keep(texts[1:], vectors[1:])
        return [known.answer for known in memory.find(question, vectors[0] if vectors else None)]

    return answers


def test_a_question_in_other_words_finds_its_correction_and_look_alikes_do_not(store: Store, find: Find) -> None:
    accept(store, "What time does the school library open?", "At 8:15.")
    accept(store, "What time does the school library close?", "At four.")
    accept(store, "Who is our head teacher?", "Ms Okafor.")
    assert find("when can i go in the school library in the morning")[0] == "At 8:15."
    assert find("when does the libary open") == ["At 8:15."]
    assert find("When does the school library close?") == ["At four."]
    assert find("what's the name of the head teacher") == ["Ms Okafor."]
    for other in ("What time does the zoo open?", "Where is the school library?", "Who is the deputy head?", "hello"):
        assert find(other) == [], other


def test_the_same_words_need_no_vector(store: Store) -> None:
    made = accept(store, "When does it open?", "At 8:15.", phrasings=("Opening time of the library?",))
    memory = Memory(store, None)
    assert memory.to_encode("when does it OPEN") == ()
    (known,) = memory.find("when does it OPEN")
    assert (known.correction_id, known.question, known.likeness) == (made.id, "When does it open?", 1.0)
    assert [each.correction_id for each in memory.find("opening time of the library")] == [made.id]


def test_without_vectors_words_decide_more_strictly(store: Store) -> None:
    accept(store, "What time does the school library open?", "At 8:15.")
    memory = Memory(store, None)
    assert memory.find("from what time is the library open") != ()
    assert memory.find("how early can you get into the library") == ()


def test_what_is_withdrawn_is_not_found_at_the_next_question(store: Store, find: Find) -> None:
    made = accept(store, "What time does the school library open?", "At 8:15.")
    assert find("when does the library open") == ["At 8:15."]
    store.decide(made.id, CorrectionStatus.WITHDRAWN, by="teacher")
    assert find("when does the library open") == [] == find("What time does the school library open?")


def test_an_own_correction_comes_before_that_for_everyone(store: Store, find: Find) -> None:
    learner = store.add_learner("Learner", "fox", AgeBand.A8_10, "en-GB")
    accept(store, "What do I write on the first line?", "The date.")
    accept(store, "What do I write on the first line?", "Your name.", scope="learner", learner_id=learner.id)
    asked = "What do I write on the first line?"
    assert find(asked, learner.id) == ["Your name.", "The date."]
    assert find(asked) == ["The date."]
    assert [known.own for known in Memory(store, learner.id).find(asked)] == [True, False]


@pytest.mark.parametrize("vague", ["why?", "is it 84?", "can i have a hint", "hello there", "i don't get it"])
def test_what_means_another_thing_each_time_is_not_remembered(store: Store, find: Find, vague: str) -> None:
    accept(store, vague, "Because.")
    assert find(vague) == []


def test_nothing_is_encoded_where_nothing_is_remembered(store: Store) -> None:
    assert Memory(store, None).to_encode("When does it open?") == ()


def test_texts_without_a_vector_are_encoded_in_batches_likely_ones_first(store: Store) -> None:
    for number in range(40):
        accept(store, f"Where is exhibit {number}?", "There.")
    accept(store, "When does the aquarium open?", "At nine.")
    texts = Memory(store, None).to_encode("what are the opening times of the aquarium")
    assert len(texts) == 17 and texts[1] == "When does the aquarium open?"
    assert len(Memory(store, None).missing()) == 16


def test_a_pasted_novel_is_searched_in_no_time(store: Store) -> None:
    accept(store, "When does the aquarium open?", "At nine.")
    began = time.perf_counter()
    for novel in ("change to change from " * 1000, "aquarium " * 3000, "x" * 20_000, "1/2 " * 5000):
        assert Memory(store, None).find(novel) == ()
    assert time.perf_counter() - began < 2


def test_only_what_is_no_word_is_mended(store: Store, find: Find) -> None:
    accept(store, "How big is the horse in our field?", "Very big.")
    assert find("How big is the hosre in our field?") == ["Very big."]
    assert find("How big is the house in our field?") == []
