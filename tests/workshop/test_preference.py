"""A tiny tutor that shouts half of the time learns from pairs of its own answers to speak calmly."""

import json
from collections.abc import Sequence
from copy import deepcopy
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import pytest
import tokenizers
import torch
from tokenizers import Tokenizer

from tutor.domain import Move
from tutor.tutoring import brief
from tutor.workshop import recipe
from tutor.workshop.preference import dpo, judging, models, pairs, prompts, reward, runs, stage
from tutor.workshop.preference.judging import Answer
from tutor.workshop.preference.pairs import Pair
from tutor.workshop.preference.prompts import Asked
from tutor.workshop.preference.settings import PreferenceSettings
from tutor.workshop.training import batches, loop, network, packing

CONTEXT = 96
SHAPE = recipe.Network(width=32, layers=2, heads=2, kv_heads=2, inner=64, context=CONTEXT)
NAMES = ("cat", "dog", "fox", "hen", "owl", "bee", "ant", "cow", "pig", "bat", "elk", "emu")


def conversation(rng: Random) -> dict[str, Any]:
    """A greeting that names an animal; every second tutor shouts, asks twice, or says a number from nowhere."""
    name, other = rng.sample(NAMES, 2)
    said = f"hi {name} {other}"
    calm = f"Hello {name} and {other}. What shall we do?"
    fault = rng.choice((calm, calm, calm, calm.replace(".", "!"), f"{calm} {calm}", calm.replace("Hello", "Hello 7")))
    messages = [
        {"role": "user", "content": brief.user_message(said, brief.render(Move.GREET))},
        {"role": "assistant", "content": fault},
    ]
    return {"messages": messages}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a tokenizer, conversations, and the weights of a tutor that learnt the bad habits with the good."""
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("workshop")
    rng = Random(1)
    lines = [json.dumps(conversation(rng)) for _ in range(600)]
    (folder / "pretrain.jsonl").write_text("\n".join(lines[:400]))
    (folder / "practice.jsonl").write_text("\n".join(lines[400:]))
    words = Tokenizer(tokenizers.models.BPE())
    words.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    words.decoder = tokenizers.decoders.ByteLevel()
    alphabet = tokenizers.pre_tokenizers.ByteLevel.alphabet()
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=400, special_tokens=list(recipe.SPECIAL), initial_alphabet=alphabet, show_progress=False
    )
    words.train_from_iterator((m["content"] for line in lines for m in json.loads(line)["messages"]), trainer)
    words.save(str(folder / "tokenizer.json"))
    tokens, weights = packing.pack([folder / "pretrain.jsonl"], words, others=0.1)
    model = network.fresh(SHAPE, vocabulary=words.get_vocab_size(), seed=1)
    source = batches.windows(tokens, weights, context=CONTEXT - 1, batch=8, seed=1)
    loop.read(model, source, name="tiny", steps=250, peak=1e-2, warmup=10, let_down=True)
    loop.save(model.state_dict(), network.weights_file(folder, "practise"))
    return folder


@pytest.fixture(scope="module")
def words(out: Path) -> Any:
    return models.words_of(out)


@pytest.fixture(scope="module")
def drawn(out: Path, words: Any) -> tuple[list[Asked], list[list[Answer]]]:
    """Turns and eight answers of the tiny tutor to each."""
    asked = list(islice(prompts.asked_of(out / "practice.jsonl", seed=1), 80))
    tutor = models.tutor_of(out, "practise", SHAPE)
    return asked, models.draw(
        tutor, words, [a.prompt for a in asked], samples=8, temperature=1.0, longest=30, seed=1, batch=128
    )


@pytest.fixture(scope="module")
def sides(drawn: tuple[list[Asked], list[list[Answer]]]) -> tuple[list[Pair], list[Pair]]:
    """Pairs to learn from and pairs held out."""
    found = [p for a, its in zip(*drawn, strict=True) for p in judging.judged_pairs(a, its, each=3, written=False)]
    learn, held = pairs.divided(pairs.cleaned(found), 0.3)
    assert len(learn) > 40 and len(held) > 15
    return learn, held


@pytest.fixture(scope="module")
def judge(out: Path, words: Any, sides: tuple[list[Pair], list[Pair]], tmp_path_factory: pytest.TempPathFactory) -> Any:
    net = reward.network(models.tutor_of(out, "practise", SHAPE), words, seed=1)
    folder = tmp_path_factory.mktemp("reward")
    losses = reward.train(net, words, sides[0], folder, rate=2e-3, epochs=4, batch=16, seed=1)
    assert losses[-1]["loss"] < losses[0]["loss"]
    return reward.load(folder)


def learnt(out: Path, words: Any, learn: Sequence[Pair], folder: Path, **changed: Any) -> tuple[Any, Any]:
    """The tutor after DPO, and the reference."""
    tutor = models.tutor_of(out, "practise", SHAPE)
    reference = deepcopy(tutor)
    how = {"beta": 0.2, "anchor": 0.2, "rate": 1e-3, "epochs": 2, "batch": 16, "seed": 1, "save_every": 4, **changed}
    dpo.train(tutor, reference, words, learn, folder, **how)
    return tutor, reference


@pytest.fixture(scope="module")
def whole(
    out: Path, words: Any, sides: tuple[list[Pair], list[Pair]], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Any, Any]:
    """The tutor after DPO in one go, and the reference."""
    return learnt(out, words, sides[0], tmp_path_factory.mktemp("whole"))


def test_the_reward_model_orders_pairs_that_it_never_saw(judge: Any, words: Any, sides: Any) -> None:
    assert reward.accuracy(judge, words, sides[1]) > 0.75


def test_the_best_of_several_answers_is_seldomer_faulty_than_the_first(judge: Any, words: Any, drawn: Any) -> None:
    asked, answers = drawn
    held = [(a, its) for a, its in zip(asked, answers, strict=True) if pairs.is_held(a.prompt, 0.3)]
    first = judging.shares([a for a, _ in held], [its[:1] for _, its in held])["all"]
    best = judging.shares([a for a, _ in held], [[reward.best_of(judge, words, a.prompt, its)] for a, its in held])
    assert first < 0.75
    assert best["all"] > first + 0.15


def test_dpo_widens_the_margin_on_pairs_held_out_and_leaves_the_reference(
    out: Path, words: Any, sides: Any, whole: tuple[Any, Any]
) -> None:
    before = models.tutor_of(out, "practise", SHAPE)
    tutor, reference = whole
    margin, share = dpo.margins(tutor, words, sides[1])
    margin_before, share_before = dpo.margins(before, words, sides[1])
    assert margin > margin_before + 1
    assert share > share_before
    assert stage.digest(reference) == stage.digest(before) != stage.digest(tutor)


def test_likelihoods_count_the_tutors_words_alone(out: Path, words: Any) -> None:
    tutor = models.tutor_of(out, "practise", SHAPE)
    pair = Pair(prompt=({"role": "user", "content": "hi cat dog"},), chosen="Hello cat.", rejected="Hello!")
    text = models.asked_text(words, pair.prompt)
    ids = words(text + pair.chosen + words.eos_token, add_special_tokens=False, return_tensors="pt")["input_ids"]
    start = len(words(text, add_special_tokens=False)["input_ids"])
    with torch.inference_mode():
        spread = tutor(input_ids=ids).logits[0].log_softmax(-1)
    by_hand = sum(float(spread[i - 1, ids[0, i]]) for i in range(start, ids.shape[1]))
    assert models.likelihoods(tutor, words, [pair])[0, 0].item() == pytest.approx(by_hand, abs=1e-3)


def test_a_stopped_run_goes_on_from_its_saved_state(
    out: Path, words: Any, sides: Any, whole: tuple[Any, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = dpo.DPOTrainer._save_checkpoint

    def stopped(self: Any, *given: Any) -> None:
        save(self, *given)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(dpo.DPOTrainer, "_save_checkpoint", stopped)
        with pytest.raises(KeyboardInterrupt):
            learnt(out, words, sides[0], tmp_path / "part")
    assert runs.saved_state(tmp_path / "part") is not None
    broken = tmp_path / "part" / "states" / "checkpoint-99"  # a state that was being written when the power went
    broken.mkdir()
    (broken / "trainer_state.json").write_text('{"log_h')
    steps: list[int] = []
    with monkeypatch.context() as patch:
        one_step = dpo.DPOTrainer.training_step
        patch.setattr(
            dpo.DPOTrainer, "training_step", lambda self, *a: steps.append(self.state.global_step) or one_step(self, *a)
        )
        part, _ = learnt(out, words, sides[0], tmp_path / "part")
    assert steps[0] == 4
    for one, other in zip(whole[0].parameters(), part.parameters(), strict=True):
        assert torch.allclose(one, other, atol=1e-5)


def test_a_run_with_other_settings_starts_over(tmp_path: Path) -> None:
    runs.prepared(tmp_path / "dpo", "one")
    state = tmp_path / "dpo" / "states" / "checkpoint-8"
    state.mkdir(parents=True)
    (state / "trainer_state.json").write_text("{}")
    runs.prepared(tmp_path / "dpo", "one")
    assert runs.saved_state(tmp_path / "dpo") == state
    runs.prepared(tmp_path / "dpo", "two")
    assert runs.saved_state(tmp_path / "dpo") is None


@pytest.mark.parametrize("who", ["checks", "reward"])
def test_the_stage_makes_a_better_tutor_and_says_by_how_much(out: Path, who: Any) -> None:
    settings = PreferenceSettings(
        judge=who,
        asked=60,
        samples=6,
        temperature=1.0,
        longest=30,
        held=0.3,
        written=False,
        pairs_each=3,
        reward_rate=2e-3,
        reward_epochs=4.0,
        rate=1e-3,
        epochs=2.0,
        batch=16,
        least=0.1,
    )
    said: list[str] = []
    figures = stage.run(settings, out, said.append, shape=SHAPE)
    assert figures["after"]["margin"] > figures["before"]["margin"]
    assert figures["reward"]["held_out_accuracy"] > 0.7
    assert figures["reward"]["good_best"] > figures["reward"]["good_first"]
    assert figures["reference_unchanged"]
    after = models.tutor_of(out, "preference", SHAPE)
    margin, _ = dpo.margins(after, models.words_of(out), pairs.read(out / "preference" / "pairs" / "held.jsonl"))
    assert margin == pytest.approx(figures["after"]["margin"], abs=1e-2)
    assert (out / "preference" / "dpo" / "losses.csv").read_text().count("\n") > 1
    json.dumps(figures)
    if who == "reward":  # the second run of the two: the pairs did not hang on who judges
        assert "The pairs are there already." in said
        assert figures["pairs_by_reward"] >= 8
