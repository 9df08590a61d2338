"""A second sample of an answer: compared with the first while nothing is asked, never told, gone when something is."""

import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from engine_talk import Talk

from tutor.bench import shapes
from tutor.domain import Generation
from tutor.engine.protocol import Load, Past, Ready, Replied, Resample, Resampled, encode
from tutor.engine.second import apart, asks_one_thing
from tutor.retrieval.embedder import Embedder


def resampled(talk: Talk, of: int) -> Resampled:
    request = Resample(id=talk.client.next_id(), of=of)
    talk.client.send(request)
    return talk.wait(Resampled)


@pytest.fixture
def guessing(tmp_path: Path) -> Iterator[Talk]:
    """A model that has two opinions."""
    lines = ("It opened in 1887 and many people came.", "Nobody came in 1931 to see it.")
    model = shapes.speaking_model(tmp_path / "guessing.gguf", lines)
    talking = Talk(Load(model=str(model), safety=".", gpu=False, threads=1))
    talking.wait(Ready)
    yield talking
    talking.client.close()


def test_a_model_that_guesses_disagrees_with_itself_and_its_second_words_are_not_told(guessing: Talk) -> None:
    scores = []
    for seed in range(8):
        asked = guessing.ask("When did the old bridge open?", generation=Generation(seed=seed))
        first = guessing.wait(Replied).reply
        found = resampled(guessing, asked)
        assert (found.why, found.cut) == ("numbers" if found.score else "", False)
        other = "1931" if "1887" in first.text else "1887"
        assert other.encode() not in encode(found)
        scores.append(found.score)
    assert set(scores) == {0.0, 1.0}, "the same line said twice is no disagreement"


def test_the_conversation_goes_on_where_it_was(talk: Talk) -> None:
    for looks in (False, True):
        asked = talk.ask("Tell me about your idea.", conversation=f"c{looks}", generation=Generation(seed=3))
        first = talk.wait(Replied).reply
        if looks:
            assert resampled(talk, asked).id
        past = Past(learner="Tell me about your idea.", notes=first.notes, tutor=first.text)
        again = talk.answer("Why?", conversation=f"c{looks}", history=(past,))
        said = first.timings.prompt_tokens + first.timings.completion_tokens
        assert again.timings.reused_tokens >= said - 1 > 100, "the answer that was shown is still evaluated"


def test_what_may_be_answered_in_many_ways_is_not_compared() -> None:
    one = ("Why do leaves fall?", "what is a noun", "tell me when the war ended", "is a whale a fish", "can fish sleep")
    many = (
        "I find maths boring", "Tell me a story about a dragon", "what is your favourite colour?", "hi, how are you?",
        "can you write a poem about snow?", "what should I read?", "thanks", "What do you think of football?",
    )  # fmt: skip
    assert all(map(asks_one_thing, one)) and not any(map(asks_one_thing, many))


@pytest.mark.parametrize("words", ["they hurt me", "What is 3 + 4?"])
def test_what_people_worded_is_not_sampled_again(talk: Talk, words: str) -> None:
    asked = talk.ask(words)
    if talk.wait(Replied).reply.outcome == "written":
        assert resampled(talk, asked) == Resampled(id=asked + 1)


def test_only_the_last_answer_can_be_compared(talk: Talk) -> None:
    first = talk.ask("Tell me about your idea.")
    talk.wait(Replied)
    talk.answer("Tell me about your house.")
    assert resampled(talk, first).score == 0


def test_a_question_ends_it_at_once(talk: Talk) -> None:
    asked = talk.ask("Tell me about your idea.")
    talk.wait(Replied)
    began = time.monotonic()
    talk.client.send(Resample(id=talk.client.next_id(), of=asked))
    talk.ask("Tell me about your house.")
    looked = talk.wait(Resampled)
    assert looked.cut or time.monotonic() - began < 1.0
    assert talk.wait(Replied).reply.text


def test_labelled_pairs_of_answers() -> None:
    pairs = tomllib.loads(Path(__file__).with_name("answers_apart.toml").read_text(encoding="utf-8"))
    encode_texts = Embedder.load().embed
    found: dict[bool, list[bool]] = {True: [], False: []}
    for name, wanted in (("apart", True), ("alike", False)):
        for question, one, other in pairs[name]:
            rows = np.asarray(encode_texts((one, other)))
            found[wanted].append(bool(apart(one, other, question, float(rows[0] @ rows[1])).score))
    assert sum(found[True]) >= 0.6 * len(found[True]), "most that cannot both be right are found"
    assert sum(found[False]) <= 0.1 * len(found[False]), "and hardly any that say the same in other words"
