"""One model and its cache: what is worth evaluating before a prompt is whole."""

from collections.abc import Callable
from pathlib import Path

from tutor.engine.llama import Model
from tutor.engine.template import Template

Open = Callable[..., tuple[Model, Template]]


def test_a_big_model_reads_ahead_in_whole_chunks_and_a_small_one_everything(
    open_model: Open, heavy: Path, speaking: Path
) -> None:
    big, _ = open_model(heavy)
    small, _ = open_model(speaking)
    assert [big.worth_ahead(n) for n in (0, 12, 127, 128, 300)] == [0, 0, 0, 128, 256]
    assert [small.worth_ahead(n) for n in (0, 12, 300)] == [0, 12, 300]
