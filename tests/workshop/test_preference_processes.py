"""Two processes under the launcher learn from the same pairs what one process learns."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import tokenizers
import torch

from tutor.workshop import recipe
from tutor.workshop.preference import dpo, models, pairs, stage
from tutor.workshop.preference.pairs import Pair
from tutor.workshop.preference.settings import PreferenceSettings
from tutor.workshop.training import loop, network

SHAPE = recipe.Network(width=32, layers=1, heads=2, kv_heads=2, inner=32, context=64)
PAIRS = [
    Pair(prompt=({"role": "user", "content": f"{i} hi"},), chosen=f"Hello {i}.", rejected=f"Hello {i}!")
    for i in range(16)
]


def learn(out: Path, *, batch: int) -> dict[str, Any]:
    """The whole stage: two passes over the pairs, read in the same order by any number of processes; its figures."""
    torch.set_num_threads(1)
    settings = PreferenceSettings(
        start="finetune",
        prompts="",
        files=("some.jsonl",),
        held=0.0,
        reward=False,
        beta=0.5,
        anchor=0.0,
        rate=1e-2,
        epochs=2.0,
        batch=batch,
        seed=1,
    )
    return stage.run(settings, out, lambda line: None, shape=SHAPE)


def test_two_processes_learn_what_one_learns(tmp_path: Path) -> None:
    words = tokenizers.Tokenizer(tokenizers.models.BPE())
    words.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = tokenizers.pre_tokenizers.ByteLevel.alphabet()
    trainer = tokenizers.trainers.BpeTrainer(special_tokens=list(recipe.SPECIAL), initial_alphabet=alphabet)
    words.train_from_iterator(["hi"], trainer)
    alone, together = tmp_path / "alone", tmp_path / "together"
    alone.mkdir()
    words.save(str(alone / "tokenizer.json"))
    first = network.fresh(SHAPE, vocabulary=words.get_vocab_size(), seed=1)
    loop.save(first.state_dict(), network.weights_file(alone, "finetune"))
    pairs.write(alone / "some.jsonl", PAIRS)
    shutil.copytree(alone, together)

    code = f"""
import sys
from pathlib import Path
sys.path[:0] = [{str(Path(__file__).parent)!r}]
import test_preference_processes as tests
from tutor.workshop.training import group
assert group.place().num_processes == 2
assert group.from_first(group.place().process_index) == 0
tests.learn(Path({str(together)!r}), batch=4)
"""
    (tmp_path / "two.py").write_text(code)
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2"]
    launched = subprocess.run(
        [*launcher, str(tmp_path / "two.py")],
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert launched.returncode == 0, launched.stderr[-3000:]
    assert learn(alone, batch=8)["pairs_to_learn_from"] == len(PAIRS)
    one, two = (models.tutor_of(folder, "preference", SHAPE) for folder in (alone, together))
    with torch.no_grad():
        moved = max(float((a - b).abs().max()) for a, b in zip(one.parameters(), first.parameters(), strict=True))
        apart = max(float((a - b).abs().max()) for a, b in zip(one.parameters(), two.parameters(), strict=True))
    assert moved > 0.01
    assert apart < 0.1 * moved
    margin = [dpo.margins(model, models.words_of(alone), PAIRS)[0] for model in (first, one, two)]
    assert margin[1] > margin[0] + 1
    assert margin[2] == pytest.approx(margin[1], rel=0.02)
