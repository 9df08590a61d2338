"""Damaged model files: each of 200 gives a clear error, in Python or through the real process, never a crash."""

import random
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from engine_talk import Talk

from tutor.engine import gguf_file
from tutor.engine.client import EngineGone
from tutor.engine.protocol import Load, LoadFailed, Ready
from tutor.errors import UserError


def _damaged(whole: bytes, rng: random.Random) -> Iterator[tuple[str, bytes]]:
    """200 damaged forms of a good file, named."""
    header = whole.index(b"token_embd.weight")
    for i in range(60):
        yield f"cut-{i}", whole[: rng.randrange(len(whole))]
    for i in range(80):
        changed = bytearray(whole)
        for _ in range(rng.choice((1, 1, 4))):
            changed[rng.randrange(header + 900)] ^= 1 << rng.randrange(8)
        yield f"flip-{i}", bytes(changed)
    for i in range(20):
        changed = bytearray(whole)
        changed[rng.randrange(4, 24)] = rng.randrange(256)
        yield f"counts-{i}", bytes(changed)
    for i in range(10):
        yield f"magic-{i}", bytes(rng.randrange(256) for _ in range(4)) + whole[4:]
    for i in range(10):
        yield f"text-{i}", ("This is a story about numbers.\n" * rng.randrange(1, 400)).encode()
    for i in range(10):
        at = rng.randrange(24, len(whole) - 4096)
        yield f"zeroed-{i}", whole[:at] + bytes(4096) + whole[at + 4096 :]
    yield from ((f"empty-{i}", b"") for i in range(3))
    yield from ((f"magic-only-{i}", b"GGUF" + struct.pack("<I", i)) for i in range(3))
    huge = struct.pack("<IQQ", 3, 2**63, 2**63)
    yield from ((f"huge-{i}", b"GGUF" + huge + whole[24 : 24 + i * 100]) for i in range(4))


@pytest.fixture(scope="module")
def damaged(speaking: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("damaged")
    rng = random.Random(7)
    files = []
    for name, content in _damaged(speaking.read_bytes(), rng):
        path = folder / f"{name}.gguf"
        path.write_bytes(content)
        files.append(path)
    return files


def test_200_damaged_files_are_refused_by_name_or_look_whole(damaged: list[Path]) -> None:
    assert len(damaged) == 200
    refused = 0
    for path in damaged:
        try:
            gguf_file.read(path)
        except UserError as error:
            assert str(path) in str(error), path
            assert error.code == "model_broken", path
            refused += 1
        else:
            assert path.stem.split("-")[0] in ("flip", "counts", "zeroed"), f"{path.name} was taken for a whole model"
    assert refused >= 120


def test_damaged_files_that_look_whole_end_in_a_message_or_run(damaged: list[Path]) -> None:
    """A sample goes through the real process: a message that names the file, or a model that loads; then a good one."""
    looked_whole = []
    for path in damaged:
        try:
            gguf_file.read(path)
        except UserError:
            continue
        looked_whole.append(path)
    sample = random.Random(3).sample(looked_whole, min(20, len(looked_whole)))
    talk = Talk(Load(model=str(sample[0]), safety=".", gpu=False, threads=1))
    try:
        for i, path in enumerate(sample):
            if i:
                talk.client.reload(Load(model=str(path), safety=".", gpu=False, threads=1))
            outcome = talk.wait((Ready, LoadFailed, EngineGone))
            assert isinstance(outcome, Ready) or str(path) in outcome.message, (path.name, outcome)
    finally:
        talk.client.close()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        gguf_file.read(tmp_path / "gone.gguf")
    assert caught.value.code == "model_missing" and "gone.gguf" in str(caught.value)


def test_a_good_file_tells_about_itself(speaking: Path) -> None:
    header = gguf_file.read(speaking)
    assert header.architecture == "llama" and header.number("context_length") == 4096
    assert header.parameters > 100_000 and "<|im_start|>" in header.text("tokenizer.chat_template")
