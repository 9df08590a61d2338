"""A part of an evaluation is kept unit by unit: what was measured is never measured again, of another model anew."""

import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tutor.workshop.evaluation import parts
from tutor.workshop.evaluation.parts import Part
from tutor.workshop.progress import Progress


class Said(msgspec.Struct, frozen=True):
    words: str
    length: float


class Counting:
    """Measures words, and counts which."""

    def __init__(self, stop_at: str = "") -> None:
        self.stop_at = stop_at
        self.measured: list[str] = []

    def __call__(self, word: str) -> Said:
        if word == self.stop_at:
            raise KeyboardInterrupt
        self.measured.append(word)
        return Said(words=word.upper(), length=float(len(word)))


def part(words: Sequence[str], measure: Any) -> Part[str, Said]:
    return Part("words", "words", lambda: words, measure, Said, cost=len)


def run(folder: Path, words: Sequence[str], measure: Any, key: str = "a model") -> Part[str, Said]:
    made = part(words, measure)
    made.open(folder, key)
    whole, done = made.costs()
    with Progress("test", whole, done=done, quiet=True) as progress:
        parts.run([made], progress)
    return made


WORDS = ("one", "two", "three", "four", "five")


def test_a_stopped_part_goes_on_with_what_is_missing(tmp_path: Path) -> None:
    first = Counting(stop_at="four")
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, WORDS, first)
    assert first.measured == ["one", "two", "three"]
    second = Counting()
    found = run(tmp_path, WORDS, second)
    assert second.measured == ["four", "five"]
    assert [said.words for said in found.found] == [word.upper() for word in WORDS]
    assert found.seconds >= 0
    third = Counting()
    assert run(tmp_path, WORDS, third).found == found.found and third.measured == []


def test_another_model_is_measured_anew_and_a_larger_evaluation_measures_what_is_new(tmp_path: Path) -> None:
    run(tmp_path, WORDS[:3], Counting())
    more = Counting()
    run(tmp_path, (*WORDS, "one"), more)
    assert more.measured == ["four", "five"]
    other = Counting()
    run(tmp_path, WORDS, other, key="another model")
    assert other.measured == list(WORDS)


def test_what_is_done_already_counts_in_the_progress(tmp_path: Path) -> None:
    run(tmp_path, WORDS[:2], Counting())
    made = part((*WORDS, "five"), Counting())  # what is there twice is measured once
    made.open(tmp_path, "a model")
    assert made.costs() == (sum(map(len, WORDS)), 6)


@pytest.mark.parametrize("cut", [1, 5, 12])
def test_a_line_that_was_cut_off_is_measured_again(tmp_path: Path, cut: int) -> None:
    run(tmp_path, WORDS, Counting())
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-cut])
    again = Counting()
    assert [said.length for said in run(tmp_path, WORDS, again).found] == [3.0, 3.0, 5.0, 4.0, 4.0]
    assert again.measured == ["five"]
    assert file.read_bytes().count(b"\n") == 1 + len(WORDS)


def test_a_file_of_something_else_is_put_aside(tmp_path: Path) -> None:
    (tmp_path / parts.STATE.format(name="words")).write_bytes(b"\x00\xff not ours\n{}\n")
    counting = Counting()
    run(tmp_path, WORDS, counting)
    assert counting.measured == list(WORDS)


def test_a_killed_process_loses_only_the_unit_that_it_was_at(tmp_path: Path) -> None:
    script = f"""
import os, signal
from pathlib import Path
from tutor.workshop.evaluation.parts import Part
from tutor.workshop.progress import Progress
def measure(word):
    if word == "four":
        os.kill(os.getpid(), signal.SIGKILL)
    return [word.upper(), float(len(word))]
part = Part("words", "words", lambda: {WORDS!r}, measure, list, cost=len)
part.open(Path({str(tmp_path)!r}), "a model")
part.run(Progress("test", 1))
"""
    killed = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=100, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    made = Part("words", "words", lambda: WORDS, lambda word: [word.upper(), 0.0], list, cost=len)
    made.open(tmp_path, "a model")
    assert made.costs()[1] == len("onetwothree")


def test_the_digest_of_a_unit_is_of_all_that_is_in_it() -> None:
    assert parts.digest({"a": 1, "b": [Said(words="x", length=1.0)]}) == parts.digest(
        {"b": [Said(words="x", length=1.0)], "a": 1}
    )
    assert parts.digest(Said(words="x", length=1.0)) != parts.digest(Said(words="x", length=1.5))
