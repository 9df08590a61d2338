"""A tiny tutor is read, exported, and llama.cpp reads it as torch does."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tutor.errors import BugError, UserError
from tutor.workshop import curves, recipe
from tutor.workshop.curves import Curve
from tutor.workshop.export import agreement, gguf_writer
from tutor.workshop.training import batches, loop, network, packing, tokenizer
from tutor.workshop.training.stopping import REQUEST, Stopped
from tutor.workshop.writing import text

CONTEXT = 128
STEPS = 150
SHAPE = recipe.Network(width=32, layers=2, heads=4, head=12, kv_heads=2, inner=64, context=CONTEXT)
MADE = recipe.Recipe(
    name="Tiny", scope="primary-maths", seed=1, export=recipe.Export(data=("made up", "other"), licence="MIT")
)


def tiny(vocabulary: int) -> Any:
    return network.fresh(SHAPE, vocabulary=vocabulary, seed=1)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workshop")
    text.write(folder, pages=60, first=80, second=40, held=40, number_of_problems=100, held_problems=20)
    tokenizer.train(folder, vocabulary=700)
    return folder


@pytest.fixture(scope="module")
def trained(out: Path) -> tuple[Any, Curve]:
    torch.set_num_threads(1)
    words = tokenizer.load(out)
    tokens, weights = packing.pack(out / "pretrain.jsonl", words, others=0.1)
    held = batches.in_order(*packing.pack(out / "held.jsonl", words, others=0.0), context=CONTEXT, most=1000)
    source = batches.windows(tokens, weights, context=CONTEXT, batch=4, seed=1)
    model = tiny(words.get_vocab_size())
    curve = loop.read(
        model, source, name="tiny", steps=STEPS, peak=1e-2, warmup=5, let_down=True, held=held, held_every=25
    )
    return model, curve


@pytest.fixture(scope="module")
def exported(out: Path, trained: tuple[Any, Curve]) -> Path:
    gguf_writer.write(trained[0], tokenizer.load(out), out / "starter-f16.gguf", MADE)
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


def test_packing_reads_several_files_and_stops_where_it_is_told(out: Path, tmp_path: Path) -> None:
    words = tokenizer.load(out)
    (tmp_path / "more.jsonl").write_text('{"text": "one more"}\n', encoding="utf-8")
    one, _ = packing.pack(out / "finetune.jsonl", words, others=0.0)
    both, weights = packing.pack([out / "finetune.jsonl", tmp_path / "more.jsonl"], words, others=0.0)
    assert both[: len(one)].tolist() == one.tolist() and len(both) > len(one)
    assert weights[len(one) :].tolist() == [1.0] * (len(both) - len(one))
    first, _ = packing.pack(out / "pretrain.jsonl", words, others=0.0, most=100)
    assert 100 < len(first) < len(packing.pack(out / "pretrain.jsonl", words, others=0.0)[0])


def test_files_without_text_are_an_error(out: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_bytes(b"")
    with pytest.raises(UserError, match="no text"):
        packing.pack(tmp_path / "empty.jsonl", tokenizer.load(out), others=0.0)


def test_training_lowers_the_loss_on_what_was_read_and_on_what_was_held_out(trained: tuple[Any, Curve]) -> None:
    curve = trained[1]
    assert curve.last() < 0.7 * curve.losses[0]
    assert list(curve.held) == list(range(25, STEPS + 1, 25))
    assert curve.held[STEPS] < curve.held[25]


def test_the_curve_is_a_picture_and_two_tables(trained: tuple[Any, Curve], tmp_path: Path) -> None:
    curves.write(trained[1], "tiny", tmp_path)
    lines = (tmp_path / "tiny-loss.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == STEPS + 1 and lines[-1].split(",")[0] == str(STEPS) and lines[50].count(",") == 3
    assert float(lines[50].split(",")[3]) == pytest.approx(trained[1].held[50], abs=1e-4)
    assert f"| {STEPS} |" in (tmp_path / "tiny-loss.md").read_text(encoding="utf-8")
    assert (tmp_path / "tiny-loss.png").read_bytes().startswith(b"\x89PNG")


def read_part(out: Path, steps: int, state: Path, *, key: str = "") -> list[float]:
    words = tokenizer.load(out)
    tokens, weights = packing.pack(out / "finetune.jsonl", words, others=0.1)
    source = batches.windows(tokens, weights, context=64, batch=1, seed=1)
    model = tiny(words.get_vocab_size())
    return loop.read(model, source, name="part", steps=steps, peak=1e-3, warmup=2, state=state, key=key).losses


def test_a_stopped_training_gives_the_losses_of_one_in_one_go(out: Path, tmp_path: Path) -> None:
    state = tmp_path / "state.pt"
    (tmp_path / REQUEST).touch()
    with pytest.raises(Stopped) as stopped:
        read_part(out, 13, state)
    assert stopped.value.step == 1
    (tmp_path / REQUEST).unlink()
    read_part(out, 10, state)
    in_parts = read_part(out, 13, state)
    assert in_parts == pytest.approx(read_part(out, 13, tmp_path / "other.pt"), rel=1e-5)


def test_a_state_from_other_settings_is_not_used(out: Path, tmp_path: Path) -> None:
    first = read_part(out, 6, tmp_path / "state.pt", key="a")
    assert read_part(out, 4, tmp_path / "state.pt", key="b") == pytest.approx(first[:4], rel=1e-5)


def test_whole_documents_begin_at_the_beginning_and_lose_no_word(out: Path) -> None:
    words = tokenizer.load(out)
    end = packing.number_of(words, recipe.END)
    tokens, weights = packing.pack(out / "finetune.jsonl", words, others=0.1)
    source = batches.documents(tokens, weights, end=end, context=1024, batch=1, seed=1)
    seen = 0
    while seen < 40:
        inputs, targets, counts = next(source)
        assert inputs.shape == targets.shape == counts.shape
        assert inputs.shape[0] * (inputs.shape[1] + 1) <= 1025
        for row, after, count in zip(inputs, targets, counts, strict=True):
            assert words.id_to_token(int(row[0])) == recipe.IM_START
            assert torch.equal(row[1:], after[:-1])
            assert int((after[count > 0] == end).sum()) == 1
            assert float(count[int((count > 0).sum()) :].sum()) == 0
            seen += 1


@pytest.mark.parametrize("kind", ["windows", "documents"])
def test_two_processes_share_the_batch_that_one_reads(out: Path, kind: str) -> None:
    words = tokenizer.load(out)
    tokens, weights = packing.pack(out / "finetune.jsonl", words, others=0.1)

    def source(rank: int, world: int) -> batches.Batches:
        if kind == "windows":
            return batches.windows(tokens, weights, context=64, batch=4, seed=1, rank=rank, world=world)
        end = packing.number_of(words, recipe.END)
        return batches.documents(tokens, weights, end=end, context=600, batch=4, seed=1, rank=rank, world=world)

    whole, first, second = source(0, 1), source(0, 2), source(1, 2)
    for _ in range(12):
        one, parts = next(whole), [next(first), next(second)]
        rows = sorted(row[row > 0].tolist() for part in parts for row in part[1] * (part[2] > 0))
        assert rows == sorted(row[row > 0].tolist() for row in one[1] * (one[2] > 0))


def test_llama_cpp_reads_the_export_as_torch_does(out: Path, trained: tuple[Any, Curve], exported: Path) -> None:
    figures = agreement.report(trained[0], tokenizer.load(out), out, texts=80, rows=4)
    assert figures["texts_different"] == 0
    assert figures["same_top_token"] >= 0.99


def test_an_export_with_the_wrong_row_order_fails_with_the_reason(
    out: Path, trained: tuple[Any, Curve], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(gguf_writer, "permuted", lambda weight, heads: weight)
    for name in ("held.jsonl", "tokenizer.json"):
        (tmp_path / name).write_bytes((out / name).read_bytes())
    gguf_writer.write(trained[0], tokenizer.load(out), tmp_path / "starter-f16.gguf", MADE)
    with pytest.raises(UserError, match="99%"):
        agreement.report(trained[0], tokenizer.load(out), tmp_path, texts=30, rows=4)


@pytest.mark.parametrize(("kind", "number"), [("Q8_0", 7), ("Q4_K_M", 15)])
def test_the_quantized_file_says_what_it_is(exported: Path, tmp_path: Path, kind: str, number: int) -> None:
    gguf_writer.quantize(exported, tmp_path / "small.gguf", kind=kind)
    llama = agreement.open_model(tmp_path / "small.gguf", context=CONTEXT)
    said = llama.metadata
    llama.close()
    assert said["general.name"] == "Tiny" and said["tutor.recipe"] == "Tiny" and said["tutor.seed"] == "1"
    assert said["tutor.scope"] == "primary-maths"
    assert said["general.license"] == "MIT"
    assert (said["general.dataset.0.name"], said["general.dataset.1.name"]) == ("made up", "other")
    assert said["tokenizer.chat_template"] == recipe.CHAT_TEMPLATE
    assert said["tokenizer.ggml.pre"] == "qwen2"
    assert int(said["general.file_type"]) == number
    assert int(said["llama.context_length"]) == CONTEXT
    assert (said["llama.attention.head_count"], said["llama.attention.head_count_kv"]) == ("4", "2")


def test_every_type_of_a_recipe_is_known_to_llama_cpp() -> None:
    for kind in gguf_writer.TYPES:
        assert recipe.Export(type=kind).type == kind  # type: ignore[arg-type]


def test_quantizing_a_broken_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "broken.gguf").write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(BugError, match="could not quantize"):
        gguf_writer.quantize(tmp_path / "broken.gguf", tmp_path / "small.gguf")


def test_key_and_query_rows_are_permuted_by_their_own_heads() -> None:
    weight = np.arange(16, dtype=np.float32).reshape(8, 2)
    assert gguf_writer.permuted(weight, 2)[:, 0].tolist() == [0, 4, 2, 6, 8, 12, 10, 14]
    assert gguf_writer.permuted(weight, 1)[:, 0].tolist() == [0, 8, 2, 10, 4, 12, 6, 14]
