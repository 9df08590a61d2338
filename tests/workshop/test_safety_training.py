"""Training the safety classifier: it learns, stops in time, can be taken up again, and rounding costs nothing later."""

import random
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from tutor.moderation import checkpoint
from tutor.workshop.safety import making, recipe, rounding, train
from tutor.workshop.safety.sources import CLEAN, LABELS, Row

VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "you", "are", "kind", "vile", "the", "sum", "is", "hard", "so"]
BAD = {"toxicity": 1.0}


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tiny encoder in place of MiniLM."""

    def fresh(folder: Path) -> tuple[Any, Any]:
        words = Tokenizer(models.WordLevel({w: i for i, w in enumerate(VOCABULARY)}, unk_token="[UNK]"))
        words.pre_tokenizer = pre_tokenizers.Whitespace()
        words.post_processor = processors.TemplateProcessing(
            single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
        )
        tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=words, pad_token="[PAD]", unk_token="[UNK]")
        config = transformers.BertConfig(
            vocab_size=len(VOCABULARY),
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=32,
            max_position_embeddings=80,
            num_labels=len(LABELS),
            initializer_range=0.3,
        )
        return transformers.BertForSequenceClassification(config), tokenizer

    monkeypatch.setattr(train, "fresh", fresh)
    monkeypatch.setattr(train, "encoder_folder", lambda: Path())
    torch.set_num_threads(1)


def made(count: int = 240) -> list[Row]:
    rng, found = random.Random(1), []
    for _ in range(count):
        bad = rng.random() < 0.5
        words = [*rng.choices(["you", "are", "the", "sum", "is", "so"], k=4), "vile" if bad else "kind"]
        rng.shuffle(words)
        found.append(Row(" ".join(words), BAD if bad else {**CLEAN}, "own", "train"))
    return found


def plan(**more: Any) -> train.Plan:
    return train.Plan(**{"epochs": 25, "rate": 0.004, "seed": 3, "minutes": 5, "tokens": 256, **more})


def test_it_learns_and_says_nothing_of_labels_that_rows_leave_out() -> None:
    rows = made()
    model, tokenizer = train.train(rows, plan(), say=lambda _: None)
    scores = train.scores(model, tokenizer, rows)
    bad = torch.tensor([row.labels["toxicity"] > 0 for row in rows])
    assert float(scores[bad, 0].mean()) > 0.8 and float(scores[~bad, 0].mean()) < 0.2
    assert float(scores[~bad, 1:].mean()) < 0.2


def test_a_run_cut_short_ends_at_rate_nothing() -> None:
    said: list[str] = []
    train.train(made(), plan(epochs=10_000, minutes=0.05), say=said.append)
    assert said[-1].startswith("trained:")


def test_an_interrupted_run_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = tmp_path / "state"
    whole, _ = train.train(made(), plan(epochs=4), say=lambda _: None)
    monkeypatch.setattr(train, "KEEP_EVERY", 0.0)
    share = train._share

    class Interrupted(Exception):
        pass

    calls = []

    def stop(*args: Any) -> None:
        calls.append(1)
        if len(calls) == 11:
            raise Interrupted
        share(*args)

    monkeypatch.setattr(train, "_share", stop)
    with pytest.raises(Interrupted):
        train.train(made(), plan(epochs=4, saved=saved), say=lambda _: None)
    again, _ = train.train(made(), plan(epochs=4, saved=saved), say=lambda _: None)
    steps = 4 * len(train.batches([7] * 240, 256, random.Random(3)))
    assert len(calls) == steps + 1  # ten of the first try, the interrupted one, and the rest
    for name, tensor in whole.state_dict().items():
        assert again.state_dict()[name].shape == tensor.shape


@pytest.mark.parametrize("shape", [(5, 16), (3, 7, 16)])
def test_rounded_activations_are_near_and_pass_the_gradient(shape: tuple[int, ...]) -> None:
    values = torch.randn(shape, requires_grad=True)
    near = rounding.activations(values)
    step = values.detach().abs().amax(-1) / rounding.STEPS
    assert bool(((near - values).abs().amax(-1) <= 0.51 * step).all())
    levels = near.detach() / step.unsqueeze(-1)
    assert torch.allclose(levels, levels.round(), atol=1e-3)
    near.sum().backward()
    assert values.grad is not None and bool((values.grad == 1).all())


def test_what_was_trained_rounded_loses_nothing_when_packed() -> None:
    model, _ = train.train(made(80), plan(epochs=2, rounded=0.0), say=lambda _: None)
    state = {name: tensor.detach() for name, tensor in model.state_dict().items()}
    back = checkpoint.unpack(checkpoint.pack(state))
    for name, tensor in state.items():
        assert torch.allclose(back[name].float(), tensor.float(), atol=1e-6), name
    assert all("forward" not in vars(layer) for layer in model.modules())


@pytest.mark.parametrize("together", [1, 2, 3])
def test_batches_hold_every_row_once_with_like_lengths_side_by_side(together: int) -> None:
    lengths = [random.Random(n).randint(3, 60) for n in range(500)]
    made_ = train.batches(lengths, 400, random.Random(1), together)
    assert sorted(i for batch in made_ for i in batch) == list(range(500))
    assert all(max(lengths[i] for i in b) * len(b) <= 400 * 1.3 for b in made_)
    if together > 1:
        sides = [made_[i : i + together] for i in range(0, len(made_) - together, together)]
        apart = [max(lengths[i] for b in side for i in b) - min(lengths[i] for b in side for i in b) for side in sides]
        assert sum(apart) / len(apart) < 20


def test_a_pass_may_begin_with_the_mean_of_two_versions(tmp_path: Path) -> None:
    said: list[str] = []
    torch.save({"a": torch.tensor([[1.0, 2.0]]), "n": torch.tensor(3)}, tmp_path / "pass-1.pt")
    blend = recipe.Blend(file="earlier.ckpt", share=0.25)
    assert making.blended(blend, tmp_path / "pass-1.pt", tmp_path, said.append) == tmp_path / "pass-1.pt"
    assert "earlier.ckpt" in said[0]
    earlier = {"a": torch.tensor([[5.0, 2.0]]), "n": torch.tensor(3)}
    torch.save({"state_dict": earlier, "config": {}}, tmp_path / "earlier.ckpt")
    made = torch.load(making.blended(blend, tmp_path / "pass-1.pt", tmp_path, said.append), weights_only=True)
    assert made["a"].tolist() == [[2.0, 2.0]] and int(made["n"]) == 3


def test_what_ships_may_be_a_mean_of_several_passes(tmp_path: Path) -> None:
    whole, _ = train.fresh(tmp_path)
    for name, value in (("pass-1.pt", 1.0), ("pass-2.pt", 3.0)):
        torch.save({k: torch.full_like(v, value) for k, v in whole.state_dict().items()}, tmp_path / name)
    passes = (recipe.Pass(minutes=1, epochs=1, rate=1e-4, seed=1),) * 2
    last, _ = making.ended(recipe.Recipe(version="x", seed=1, passes=passes), tmp_path)
    assert all(bool((v == 3).all()) for v in last.state_dict().values())
    ends = (recipe.End(file="pass-1.pt", share=0.25), recipe.End(file="pass-2.pt", share=0.75))
    both, _ = making.ended(recipe.Recipe(version="x", seed=1, passes=passes, ends=ends), tmp_path)
    assert all(torch.allclose(v, torch.full_like(v, 2.5)) for v in both.state_dict().values())
