"""Stop and a new question take effect within 0.3 seconds, in the middle of evaluating and of decoding."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from engine_talk import Talk

from tutor.domain import Generation, Outcome
from tutor.engine.protocol import Load, Ready, Replied, Stage, Warm, Warmed

LONG = "Think about the number and the sum of all the others. " * 30


@pytest.fixture(scope="module")
def slow(heavy: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    folder = tmp_path_factory.mktemp("snapshots")
    talk = Talk(Load(model=str(heavy), safety=".", n_ctx=8192, gpu=False, threads=1, snapshots=str(folder)))
    talk.wait(Ready)
    yield talk
    talk.client.close()


def _stopped_after(talk: Talk, request: int) -> tuple[float, Replied]:
    began = time.monotonic()
    talk.client.cancel(request)
    replied = talk.wait(Replied)
    return time.monotonic() - began, replied


def test_while_the_prompt_is_evaluated(slow: Talk) -> None:
    request = slow.ask("hello", guidelines=LONG)
    assert slow.wait(Stage).stage == "reading"
    time.sleep(0.5)
    seconds, replied = _stopped_after(slow, request)
    assert seconds < 0.3
    assert replied.id == request and replied.reply.outcome is Outcome.STOPPED
    assert replied.reply.text == "" and not replied.reply.in_history


def test_a_cry_for_help_is_answered_before_a_long_prompt_is_read(slow: Talk) -> None:
    slow.ask("They hurt me", guidelines=LONG[::-1])
    began = time.monotonic()
    reply = slow.wait(Replied).reply
    assert time.monotonic() - began < 1.0
    assert reply.outcome is Outcome.WRITTEN and reply.alert


def test_while_it_decodes(slow: Talk) -> None:
    request = slow.ask("hello", generation=Generation(temperature=1.5, max_tokens=2000, seed=1))
    while slow.wait(Stage).stage != "thinking":
        pass
    time.sleep(1.0)
    seconds, replied = _stopped_after(slow, request)
    assert seconds < 0.3
    assert replied.reply.outcome is Outcome.STOPPED


def test_a_waiting_question_that_is_cancelled_is_never_started(slow: Talk) -> None:
    first = slow.ask("hello", guidelines=LONG)
    second = slow.ask("and again")
    slow.client.cancel(second)
    _seconds, replied = _stopped_after(slow, first)
    assert replied.id == first
    replied = slow.wait(Replied)
    assert replied.id == second and replied.reply.outcome is Outcome.STOPPED and not replied.reply.sentences


def test_a_question_interrupts_warming_and_uses_what_is_there(slow: Talk) -> None:
    slow.client.send(Warm(id=slow.client.next_id(), conversation="w", guidelines=LONG[:600]))
    time.sleep(0.3)
    request = slow.ask("hello", conversation="w", guidelines=LONG[:600], generation=Generation(max_tokens=3))
    began = time.monotonic()
    warmed = slow.wait(Warmed)
    assert time.monotonic() - began < 0.3
    assert warmed.tokens > 0
    replied = slow.wait(Replied)
    assert replied.id == request and replied.reply.timings.reused_tokens >= warmed.tokens - 1


def test_stopping_what_is_finished_or_unknown_changes_nothing(slow: Talk) -> None:
    request = slow.ask("hello", generation=Generation(max_tokens=3))
    slow.wait(Replied)
    slow.client.cancel(request)
    slow.client.cancel(12345)
    assert slow.answer("hello", generation=Generation(max_tokens=3)).outcome is not Outcome.STOPPED
