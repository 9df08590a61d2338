"""A narrow model that knows next to nothing still explains rightly, for it only chooses among a few words."""

from collections.abc import Iterator

import pytest
from engine_talk import Talk

from tutor.bench import shapes
from tutor.domain import Generation, Move, Outcome
from tutor.engine.protocol import Load, Policy, Ready
from tutor.tutoring.facts import facts_in

ASKED = ("What is 96 ÷ 4?", "What is 2^5?", "median of 4, 9, 2, 7, 5", "2x + 3 = 13", "What is √49?", "factors of 12")


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    lines = ("I do not know about that. Ask a teacher.",)
    path = shapes.speaking_model(tmp_path_factory.mktemp("model") / "m.gguf", lines, scope="primary-maths")
    talking = Talk(Load(model=str(path), safety=".", gpu=False, threads=1))
    talking.wait(Ready)
    yield talking
    talking.client.close()


@pytest.mark.parametrize("best_of", [1, 3])
@pytest.mark.parametrize("asked", ASKED)
def test_every_step_is_said_in_its_order_whatever_the_settings(talk: Talk, asked: str, best_of: int) -> None:
    fact = facts_in(asked)[0]
    for seed in range(3):
        settings = Generation(temperature=1.5, min_p=0.0, top_k=0, seed=seed, best_of=best_of)
        reply = talk.answer(asked, policy=Policy(give_answers=True), generation=settings)
        assert reply.move is Move.EXPLAIN and reply.outcome is Outcome.DONE, reply
        at = 0
        for step in fact.steps:
            at = reply.text.index(step, at) + len(step)
        assert fact.answer in reply.text[at:]
