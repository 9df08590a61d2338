"""A tiny tutor goes through every stage: it learns, is exported, and llama.cpp reads it as torch does."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tutor.errors import BugError
from tutor.workshop import recipe
from tutor.workshop.__main__ import main
from tutor.workshop.export import agreement, gguf_writer
from tutor.workshop.training import loop, packing, tokenizer
from tutor.workshop.writing import text

CONTEXT = 128


def tiny(vocabulary: int) -> Any:
    return loop.network(vocabulary=vocabulary, width=32, layers=2, heads=2, inner=64, context=CONTEXT)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workshop")
    text.write(folder, pages=60, first=80, second=40, held=40, number_of_problems=100, held_problems=20)
    tokenizer.train(folder, vocabulary=700)
    return folder


@pytest.fixture(scope="module")
def trained(out: Path) -> tuple[Any, list[float]]:
    torch.set_num_threads(1)
    tokens, weights = packing.pack(out / "pretrain.jsonl", tokenizer.load(out), others=0.1)
    source = loop.windows(tokens, weights, context=CONTEXT, batch=4, seed=1)
    model = tiny(tokenizer.load(out).get_vocab_size())
    losses = loop.read(model, source, name="tiny", steps=120, peak=1e-2, warmup=5, let_down=True)
    return model, losses


@pytest.fixture(scope="module")
def exported(out: Path, trained: tuple[Any, list[float]]) -> Path:
    gguf_writer.write(trained[0], tokenizer.load(out), out / "starter-f16.gguf")
    return out / "starter-f16.gguf"


def test_every_digit_is_a_token_of_its_own(out: Path) -> None:
    tokens = tokenizer.load(out)
    pieces = tokens.encode("So 1250 + 3.75 = £1253.75", add_special_tokens=False).tokens
    assert [p for p in pieces if any(c.isdigit() for c in p)] == list("12503751253" + "75")


def test_packing_weighs_the_tutors_words_only(out: Path) -> None:
    tokens = tokenizer.load(out)
    ids, weights = packing.pack(out / "finetune.jsonl", tokens, others=0.0)
    assert ids.max() < tokens.get_vocab_size()
    own = tokens.decode([int(i) for i, w in zip(ids, weights, strict=True) if w == 1.0], skip_special_tokens=True)
    assert "[For the tutor only]" not in own
    assert "[For the tutor only]" in tokens.decode([int(i) for i in ids])
    assert 0.1 < float((weights == 1.0).mean()) < 0.6


def test_training_lowers_the_loss(trained: tuple[Any, list[float]]) -> None:
    losses = trained[1]
    assert np.mean(losses[-5:]) < 0.7 * losses[0]


def test_a_stopped_training_goes_on_where_it_was_saved(out: Path, tmp_path: Path) -> None:
    tokens, weights = packing.pack(out / "finetune.jsonl", tokenizer.load(out), others=0.1)
    vocabulary = tokenizer.load(out).get_vocab_size()
    steps, state = loop.SAVE_EVERY, tmp_path / "state.pt"

    def read(steps: int, state: Path) -> list[float]:
        source = loop.windows(tokens, weights, context=64, batch=1, seed=1)
        return loop.read(tiny(vocabulary), source, name="part", steps=steps, peak=1e-3, warmup=2, state=state)

    read(steps, state)
    in_two = read(steps + 3, state)
    at_once = read(steps + 3, tmp_path / "other.pt")
    assert in_two == pytest.approx(at_once, rel=1e-3)


def test_whole_documents_begin_at_the_beginning_and_lose_no_word(out: Path) -> None:
    words = tokenizer.load(out)
    end = packing.number_of(words, recipe.END)
    tokens, weights = packing.pack(out / "finetune.jsonl", words, others=0.1)
    source = loop.documents(tokens, weights, end=end, context=1024, batch=2, seed=1)
    seen = 0
    while seen < 40:
        inputs, targets, counts = next(source)
        assert inputs.shape == targets.shape == counts.shape
        assert inputs.shape[0] * (inputs.shape[1] + 1) <= 2 * 1025
        for row, after, count in zip(inputs, targets, counts, strict=True):
            assert words.id_to_token(int(row[0])) == recipe.IM_START
            assert torch.equal(row[1:], after[:-1])
            assert int((after[count > 0] == end).sum()) == 1
            assert float(count[int((count > 0).sum()) :].sum()) == 0
            seen += 1


def test_llama_cpp_reads_the_export_as_torch_does(out: Path, trained: tuple[Any, list[float]], exported: Path) -> None:
    figures = agreement.report(trained[0], tokenizer.load(out), out, texts=80, rows=4)
    assert figures["texts_different"] == 0
    assert figures["same_top_token"] >= 0.99


def test_an_export_with_the_wrong_row_order_is_noticed(
    out: Path, trained: tuple[Any, list[float]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(gguf_writer, "permuted", lambda weight, heads: weight)
    for name in ("held.jsonl", "tokenizer.json"):
        (tmp_path / name).write_bytes((out / name).read_bytes())
    gguf_writer.write(trained[0], tokenizer.load(out), tmp_path / "starter-f16.gguf")
    with pytest.raises(BugError, match="do not agree"):
        agreement.report(trained[0], tokenizer.load(out), tmp_path, texts=30, rows=4)


def test_the_quantized_file_says_what_it_is(exported: Path, tmp_path: Path) -> None:
    gguf_writer.quantize(exported, tmp_path / "small.gguf")
    llama = agreement.open_model(tmp_path / "small.gguf", context=CONTEXT)
    assert llama.metadata["tutor.scope"] == "primary-maths"
    assert llama.metadata["general.license"] == "Apache-2.0"
    assert llama.metadata["tokenizer.chat_template"] == recipe.CHAT_TEMPLATE
    assert llama.metadata["tokenizer.ggml.pre"] == "qwen2"
    assert int(llama.metadata["llama.context_length"]) == CONTEXT
    llama.close()


def test_quantizing_a_broken_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "broken.gguf").write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(BugError, match="could not quantize"):
        gguf_writer.quantize(tmp_path / "broken.gguf", tmp_path / "small.gguf")


def test_a_stage_without_its_input_fails_with_a_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["card", "--out", str(tmp_path)]) == 1
    assert "evaluation.json" in capsys.readouterr().err
