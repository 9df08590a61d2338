"""Training the sum reader: right steps from templates and collected rows, and the same scores in numpy as in torch."""

import gzip
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
import torch
from transformers import AutoTokenizer, BertConfig, BertModel

from tutor.retrieval.embedder import DIMENSIONS, model_folder
from tutor.tutoring import expressions as ex
from tutor.tutoring import sum_reader, sum_steps, word_reader
from tutor.workshop.__main__ import main
from tutor.workshop.reader import examples
from tutor.workshop.reader.batches import batch, prepared
from tutor.workshop.reader.network import Network
from tutor.workshop.reader.settings import ReaderSettings
from tutor.workshop.reader.stage import save
from tutor.workshop.reader.training import train
from tutor.workshop.writing import word_problems, word_problems_built

ROW = {
    "question": "Natalia sold clips to 48 of her friends in April, and then she sold half as many clips in May. "
    "How many clips did Natalia sell altogether in April and May?",
    "answer": "Natalia sold 48/2 = <<48/2=24>>24 clips in May.\nShe sold 48+24 = <<48+24=72>>72 clips.\n#### 72",
}


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return AutoTokenizer.from_pretrained(str(model_folder()))


@pytest.fixture
def network() -> Iterator[Network]:
    torch.manual_seed(2)
    config = BertConfig(num_hidden_layers=4, hidden_size=DIMENSIONS, intermediate_size=32, num_attention_heads=4)
    yield Network(BertModel(config))


def _some(count: int) -> list[examples.Example]:
    return list(islice((e for t in word_problems_built.templates() for e in examples.told(Random(3), 1, [t])), count))


def _walked(example: examples.Example) -> sum_steps.Item:
    items = sum_steps.start(example.slotted.quantities)
    for step in example.steps:
        after = sum_steps.joined(items, step)
        assert after is not None
        items = after
    return items[-1]


def test_the_steps_of_every_pattern_come_to_its_sum() -> None:
    found = examples.told(Random(5), 1, word_problems_built.templates())
    assert len(found) == len(word_problems_built.templates()) > 40
    for one in found:
        assert _walked(one).value == one.value, one.story
        assert one.steps[-1].last and not any(step.last for step in one.steps[:-1])


def test_templates_of_a_part_stay_in_it() -> None:
    parts = {part: examples.from_templates(Random(6), 1, part) for part in ("development", "test")}
    assert all(parts.values())
    held = {part: {one.source for one in found} for part, found in parts.items()}
    assert not held["development"] & held["test"]
    trained = {t.story for t in word_problems.templates() if examples.part_of(t) == "train"}
    assert not trained & (held["development"] | held["test"])


def test_a_collected_row_becomes_steps_or_nothing(tmp_path: Path) -> None:
    one = examples.solved(ROW["question"], ROW["answer"])
    assert one is not None and one.value == 72 and _walked(one).value == 72
    assert examples.solved(ROW["question"], "<<48+25=73>>\n#### 73") is None
    assert examples.solved(ROW["question"], "nothing\n#### 72") is None
    with gzip.open(tmp_path / "gsm8k_train.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(json.dumps(ROW) + "\n")
    assert sum(len(examples.collected(tmp_path, part)) for part in ("train", "development", "test")) == 1
    assert examples.collected(tmp_path / "nowhere", "train") == []


def test_a_sum_that_names_one_number_twice_is_read_as_twice_the_same() -> None:
    story = "Al has 9 pens. Bo has 4 fewer than Al. How many do they have in total?"
    one = examples.example(story, ex.parse(ex.tokens("9 + 9 - 4")), "")
    assert one is not None and [ex.render(_walked(one).node)] == ["9 + 9 - 4"]


def test_the_loss_falls_and_what_is_saved_scores_as_it_was_trained(
    network: Network, tokenizer: Any, tmp_path: Path
) -> None:
    told = _some(24)
    ready = [prepared(one, tokenizer) for one in told]
    losses = train(network, ready, ReaderSettings(second_epochs=8, head_epochs=32, epochs=8), seed=1)
    assert losses[-1] < losses[0] * 0.8
    save(network, tmp_path / "reader.npz")
    (head, second), changes = word_reader.load(tmp_path / "reader.npz")
    assert set(second) == set(head)
    assert set(changes) == set(network.low_rank) and all(np.abs(b).max() > 0 for _, b in changes.values())

    network.eval()
    states = network.lower(torch.tensor([ready[0].tokens]))
    made = batch(ready[:1], list(states))
    with torch.no_grad():
        loss, _ = network(made)
        last = network.tokens(made.states, made.mask)
        tokens = torch.cat([last, made.states.float()], -1)[0].numpy()
    items = sum_steps.start(told[0].slotted.quantities)
    reader = sum_reader.Head(head)
    numbers, story = reader.start(tokens, ready[0].read, items)
    total = 0.0
    for step in told[0].steps:
        choices = sum_steps.Choices(items)
        scores, pairs = reader.scores(numbers, story, choices, sum_steps.own_features(items))
        row = examples.row_of(choices, step)
        total -= float(scores[row, step.kind])
        numbers = np.concatenate([numbers, reader.made(pairs[row], step.sign)[None]])
        after = sum_steps.joined(items, step)
        assert after is not None
        items = after
    assert total == pytest.approx(float(loss[0]), rel=0.02, abs=0.02)


RECIPE = """
name = "Reader"
scope = "primary-maths"
seed = 3
[text]
[reader]
data = "nowhere"
"""


def test_a_reader_without_the_data_that_its_recipe_names_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "reader.toml"
    file.write_text(RECIPE, encoding="utf-8")
    assert main(["reader", str(file), "--out", str(tmp_path)]) == 1
    assert "[reader] data" in capsys.readouterr().err
