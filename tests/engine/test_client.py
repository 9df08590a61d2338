"""The client: deaths are told and survived, requests are kept, closing never hangs."""

import os
import random
import signal
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from engine_talk import Talk

from tutor.domain import AgeBand, Direction, Generation, Outcome
from tutor.engine.client import EngineDied, EngineGone
from tutor.engine.protocol import (
    Failed,
    Hello,
    Load,
    LoadFailed,
    Measure,
    Measured,
    Past,
    Ready,
    Replied,
    Screen,
    Screened,
    ScreenItem,
    Sentence,
    Warm,
    Warmed,
    decode_event,
    decode_request,
    encode,
)

DYING = """
import sys, json, os
path = sys.argv[1]
print(json.dumps({"type": "hello", "version": 1, "pid": os.getpid()}), flush=True)
with open(path, "a") as record: record.write(sys.stdin.readline())
print(json.dumps({"type": "loading", "stage": "model", "fraction": 0.5}), flush=True)
os.abort()
"""


def _kill(talk: Talk) -> None:
    pid = talk.client.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_killed_50_times_in_the_middle_of_an_answer(heavy: Path, tmp_path: Path) -> None:
    """Each time: a message says what happened and what is kept, and the next question is answered."""
    rng = random.Random(11)
    talk = Talk(Load(model=str(heavy), safety=".", n_ctx=1024, gpu=False, threads=1))
    talk.wait(Ready)
    answered = 0
    try:
        for i in range(50):
            lost = talk.ask("Tell me a long story about the number seven.", generation=_generation(max_tokens=200))
            time.sleep(rng.random() * 0.4)
            _kill(talk)
            died = talk.wait(EngineDied)
            assert died.id == lost and died.tries_left == 3
            assert "stopped" in died.message and "question is kept" in died.message and "again" in died.message
            failed = talk.wait(Failed)
            assert (failed.id, failed.code) == (lost, "engine_died")
            again = talk.ask(f"What is {i} + 4?", generation=_generation(max_tokens=4))
            reply = talk.wait(Replied)
            assert reply.id == again and reply.reply.text
            answered += 1
    finally:
        talk.client.close()
    assert answered == 50
    assert not _children()


def _generation(**values: Any) -> Any:
    from tutor.domain import Generation

    return Generation(**values)


def _children() -> list[psutil.Process]:
    """Engine processes of this test process that still exist, zombies included."""
    return [p for p in psutil.Process().children() if "quick_engine" in " ".join(p.cmdline() or ["quick_engine"])]


def test_requests_sent_while_it_restarts_are_answered(talk: Talk) -> None:
    _kill(talk)
    ids = [talk.ask(f"What is {i} + 1?") for i in range(3)]
    assert talk.wait(EngineDied).id in (None, ids[0])
    replied = {talk.wait(Replied).id for _ in range(2)}
    assert replied <= set(ids)


def test_dying_again_and_again_tries_less_each_time_and_then_says_so(tmp_path: Path) -> None:
    record = tmp_path / "loads"
    load = Load(model="/models/big.gguf", safety=".", n_ctx=8192)
    talk = Talk(load, command=(sys.executable, "-c", DYING, str(record)))
    talk.ask("hello")
    deaths = [talk.wait(EngineDied) for _ in range(3)]
    gone = talk.wait(EngineGone)
    assert [d.tries_left for d in deaths] == [3, 2, 1]
    assert "/models/big.gguf" in gone.message and "another model" in gone.message
    loads = [decode_request(line.encode()) for line in record.read_text().splitlines()]
    assert all(isinstance(one, Load) for one in loads)
    assert [(one.n_ctx, one.gpu) for one in loads if isinstance(one, Load)] == [
        (8192, True),
        (8192, True),
        (2048, True),
        (2048, False),
    ]
    late = talk.ask("anyone there?")
    while (failed := talk.wait(Failed)).id != late:
        pass
    assert failed.code == "engine_gone"
    talk.client.close()


def test_after_giving_up_another_model_can_be_loaded(speaking: Path, tmp_path: Path) -> None:
    from engine_talk import QUICK

    script = tmp_path / "either.py"
    script.write_text(
        "import os, subprocess, sys\n"
        f"if not os.path.exists({str(tmp_path / 'well')!r}): os.abort()\n"
        f"sys.exit(subprocess.call({list(QUICK)!r}))\n"
    )
    talk = Talk(Load(model=str(speaking), safety="."), command=(sys.executable, str(script)))
    talk.wait(EngineGone)
    (tmp_path / "well").touch()
    talk.client.reload(Load(model=str(speaking), safety=".", gpu=False))
    talk.wait(Ready)
    assert talk.answer("hello").text
    talk.client.close()


def test_a_model_that_cannot_be_used_leaves_the_process_up_for_another(
    talk: Talk, tmp_path: Path, speaking: Path
) -> None:
    pid = talk.client.pid
    bad = tmp_path / "story.gguf"
    bad.write_text("Once upon a time")
    talk.client.reload(Load(model=str(bad), safety="."))
    failed = talk.wait(LoadFailed)
    assert failed.code == "model_broken" and failed.path == str(bad) and str(bad) in failed.message
    talk.ask("hello")
    assert talk.wait(Failed).code == "not_loaded"
    talk.client.reload(Load(model=str(speaking), safety=".", gpu=False))
    talk.wait(Ready)
    assert talk.answer("hello").text and talk.client.pid == pid


def test_classifier_alone_screens_and_does_not_answer(tmp_path: Path) -> None:
    talk = Talk(Load(model="", safety="."))
    assert talk.wait(Ready).model is None
    items = (ScreenItem(text="hello"), ScreenItem(text="forbidden"), ScreenItem(text="ok", direction=Direction.OUTPUT))
    talk.client.send(Screen(id=talk.client.next_id(), items=items, age_band=AgeBand.A11_13))
    assert [v.action.value for v in talk.wait(Screened).verdicts] == ["allow", "block", "allow"]
    talk.ask("hello")
    assert talk.wait(Failed).code == "not_loaded"
    talk.client.close()


def test_measure_and_too_long_agree(talk: Talk) -> None:
    talk.client.send(Measure(id=talk.client.next_id(), text="word " * 3000, guidelines="Be kind."))
    measured = talk.wait(Measured)
    assert measured.tokens > measured.limit > 1000
    talk.ask("word " * 3000, guidelines="Be kind.")
    failed = talk.wait(Failed)
    assert failed.code == "too_long"
    assert str(measured.tokens) in failed.message and str(measured.limit) in failed.message


def test_warm_is_reused_by_the_next_question(talk: Talk) -> None:
    talk.client.send(Warm(id=talk.client.next_id(), conversation="c", guidelines="Be kind and patient. " * 20))
    warmed = talk.wait(Warmed)
    assert warmed.tokens > 100
    reply = talk.answer("hello", conversation="c", guidelines="Be kind and patient. " * 20)
    assert reply.timings.reused_tokens >= warmed.tokens - 2


def test_what_the_next_prompt_begins_with_is_read_while_the_learner_reads(talk: Talk) -> None:
    ready = []
    for i in range(5):
        reply = talk.answer("hello", conversation=f"n{i}", generation=Generation(max_tokens=12, seed=i))
        assert reply.outcome is Outcome.DONE
        time.sleep(0.5)
        history = (Past(learner="hello", notes=reply.notes, tutor=reply.text),)
        talk.client.send(Warm(id=talk.client.next_id(), conversation=f"n{i}", history=history))
        warmed = talk.wait(Warmed)
        ready.append(warmed.reused >= warmed.tokens - 1)
    assert any(ready), "on a machine at work elsewhere it may come too late now and then"


def test_half_a_surrogate_pair_does_not_lose_the_request(talk: Talk) -> None:
    assert talk.answer("broken \ud83d emoji").text


def test_events_and_requests_survive_the_wire(talk: Talk) -> None:
    reply = talk.answer("What is 3 + 4?\x00\u2028 <b>é</b>")
    event = Replied(id=3, reply=reply)
    line = encode(event)
    assert line.count(b"\n") == 1 and decode_event(line) == event
    assert reply.outcome in (Outcome.DONE, Outcome.WRITTEN)


def test_native_prints_do_not_break_the_protocol(speaking: Path, tmp_path: Path) -> None:
    """Something in the engine writes to descriptor 1; it lands in the log and the answer still comes."""
    script = tmp_path / "noisy.py"
    quick = Path(__file__).with_name("quick_engine.py")
    script.write_text(
        "import os, sys, threading, time\n"
        f"sys.path.insert(0, {str(quick.parent)!r})\n"
        "from quick_engine import QuickChecker\n"
        "from tutor.engine.protocol import VERSION, Hello\n"
        "from tutor.engine.wire import Wire\n"
        "from tutor.engine.worker import Worker\n"
        "wire = Wire()\n"
        "wire.send(Hello(version=VERSION, pid=os.getpid()))\n"
        "def noise():\n"
        "    while True: os.write(1, b'native noise'); print('more noise', flush=True); time.sleep(0.001)\n"
        "threading.Thread(target=noise, daemon=True).start()\n"
        "Worker(wire, QuickChecker()).run()\n"
        "os._exit(0)\n"
    )
    log = tmp_path / "engine.log"
    talk = Talk(Load(model=str(speaking), safety=".", gpu=False), command=(sys.executable, str(script)), log=log)
    talk.wait(Ready)
    assert talk.answer("hello").text
    talk.client.close()
    assert b"native noise" in log.read_bytes()
    assert log.stat().st_size < 1 << 20


def test_closing_ends_the_process_at_once_in_any_state(speaking: Path, heavy: Path) -> None:
    for state in ("starting", "ready", "answering"):
        talk = Talk(Load(model=str(heavy if state == "answering" else speaking), safety=".", n_ctx=1024, gpu=False))
        if state != "starting":
            talk.wait(Ready)
        if state == "answering":
            talk.ask("Tell me a story.")
            time.sleep(0.2)
        process = talk.client.pid
        began = time.monotonic()
        talk.client.close()
        assert time.monotonic() - began < 9, state
        assert process is None or not psutil.pid_exists(process), state


def test_the_engine_ends_when_the_app_dies(speaking: Path, tmp_path: Path) -> None:
    from engine_talk import QUICK

    app = tmp_path / "app.py"
    app.write_text(
        "import queue, sys, os\n"
        "from tutor.engine.client import EngineClient\n"
        "from tutor.engine.protocol import Load, Ready\n"
        "events = queue.Queue()\n"
        f"load = Load(model={str(speaking)!r}, safety='.', gpu=False)\n"
        f"client = EngineClient(load, events.put, command={list(QUICK)!r})\n"
        "client.start()\n"
        "while not isinstance(events.get(), Ready): pass\n"
        "print(client.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    import subprocess

    done = subprocess.run([sys.executable, str(app)], capture_output=True, text=True, timeout=60, check=False)
    engine = int(done.stdout)
    deadline = time.monotonic() + 8
    while psutil.pid_exists(engine) and psutil.Process(engine).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, "the engine outlived the app"
        time.sleep(0.05)


def test_nobodys_words_reach_the_log(speaking: Path, tmp_path: Path) -> None:
    log = tmp_path / "engine.log"
    log.touch()
    talk = Talk(Load(model=str(speaking), safety=".", gpu=False), log=log)
    talk.wait(Ready)
    talk.answer("My secret is Pomegranate. explode")
    talk.answer("My secret is Pomegranate.")
    talk.client.close()
    assert "pomegranate" not in log.read_text().lower()


def test_hello_comes_first_and_sentences_come_in_order(speaking: Path) -> None:
    talk = Talk(Load(model=str(speaking), safety=".", gpu=False))
    assert isinstance(talk.events.get(timeout=30), Hello)
    talk.wait(Ready)
    talk.ask("hello")
    sentences = []
    while isinstance(event := talk.wait((Sentence, Replied)), Sentence):
        sentences.append(event)
    assert [s.index for s in sentences] == list(range(len(sentences)))
    assert "".join(s.space + s.check.text for s in sentences) == event.reply.text
    talk.client.close()
