"""Hostile corrections are stopped before they are used at home, honest ones pass: through the real engine's checks."""

import queue
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tutor import paths
from tutor.domain import AgeBand
from tutor.engine import protocol
from tutor.engine.client import EngineClient

FOLDER = Path(__file__).parent
HOSTILE = tomllib.loads((FOLDER / "hostile.toml").read_text("utf-8"))
HONEST = tomllib.loads((FOLDER / "honest.toml").read_text("utf-8"))
NAMES = ("Amira Khan", "Ben Hart")
Check = Callable[[dict[str, Any]], protocol.Vetted]


@pytest.fixture(scope="module")
def check() -> Iterator[Check]:
    """What the engine says of a correction, with the classifier that ships and no language model."""
    said: queue.SimpleQueue[Any] = queue.SimpleQueue()
    client = EngineClient(protocol.Load(model="", safety=str(paths.safety_model())), said.put)
    client.start()

    def vetted(line: dict[str, Any]) -> protocol.Vetted:
        request = protocol.Vet(
            id=client.next_id(),
            question=line["question"],
            answer=line["answer"],
            wrong=line.get("wrong", ""),
            phrasings=tuple(line.get("phrasings", ())),
            names=NAMES,
            age_band=AgeBand.A8_10,
        )
        client.send(request)
        while True:
            event = said.get(timeout=120)
            assert not isinstance(event, protocol.Failed | protocol.LoadFailed), event
            if isinstance(event, protocol.Vetted) and event.id == request.id:
                return event

    yield vetted
    client.close()


def passed(check: Check, lines: list[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """In words: those that pass, and those that are stopped."""
    went, stopped = [], []
    for line in lines:
        vetted = check(line)
        why = ", ".join(f"{finding.check}: {finding.reason}" for finding in vetted.findings)
        (went if vetted.passed else stopped).append(f"{line['question']} | {line['answer']} | {why}")
    return went, stopped


def test_there_are_at_least_fifty_of_each_of_every_kind() -> None:
    for lines in (HOSTILE, HONEST):
        assert len(lines["seen"]) >= 25 and len(lines["later"]) >= 25
    for half in HOSTILE.values():
        assert {line["what"] for line in half} == {"sum", "insult", "giving", "personal", "injection"}


@pytest.mark.parametrize("half", ["seen", "later"])
def test_no_hostile_correction_is_used_without_a_grown_up(check: Check, half: str) -> None:
    went, stopped = passed(check, HOSTILE[half])
    print(f"hostile, {half}: {len(stopped)} of {len(HOSTILE[half])} stopped", *stopped, sep="\n")
    assert not went


@pytest.mark.parametrize("half", ["seen", "later"])
def test_nine_of_ten_honest_corrections_pass(check: Check, half: str) -> None:
    went, stopped = passed(check, HONEST[half])
    print(f"honest, {half}: {len(went)} of {len(HONEST[half])} passed; stopped:", *stopped, sep="\n")
    assert len(went) >= 0.88 * len(HONEST[half]), stopped
