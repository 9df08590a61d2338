"""Loading classifiers: published format, damaged files, no network, nothing executed."""

import json
import os
import pickle
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from tutor import paths
from tutor.domain import Action, Direction
from tutor.errors import UserError
from tutor.moderation import checkpoint
from tutor.moderation.classifier import Classifier
from tutor.moderation.moderator import Moderator

SEVEN = ["toxicity", "severe_toxicity", "obscene", "identity_attack", "insult", "threat", "sexual_explicit"]


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any, **_rest: Any) -> None:
        raise AssertionError("a socket was opened")

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.parametrize("kind", ["Bert", "Albert", "Roberta"])
def test_a_published_checkpoint_in_a_folder_loads_in_the_same_place_without_network(
    kind: str, tiny: Callable[..., Path], no_network: None
) -> None:
    folder = tiny(kind)
    moderator = Moderator.load(folder)
    verdict = moderator.judge("you are stupid", direction=Direction.INPUT)
    assert set(verdict.scores) == {"toxicity", "severe_toxicity", "obscene", "threat", "insult", "identity_attack"}
    assert not verdict.reason.startswith("error")
    by_file = Moderator.load(folder / "toxic.ckpt").judge("you are stupid", direction=Direction.INPUT)
    assert by_file.scores == verdict.scores


def test_outputs_without_a_name_are_left_out_as_in_the_unbiased_models(tiny: Callable[..., Path]) -> None:
    classifier = Classifier(tiny("Roberta", SEVEN, 16))
    assert classifier.labels == tuple(SEVEN)
    assert set(classifier.scores([("hello", "")])[0]) == set(SEVEN)


def test_a_position_ids_buffer_of_old_checkpoints_is_ignored(tiny: Callable[..., Path]) -> None:
    folder = tiny("Bert", **{"bert.embeddings.position_ids": torch.arange(130).unsqueeze(0)})
    assert Classifier(folder).scores([("hello", "")])[0]


def test_scores_are_those_of_the_plain_model(tiny: Callable[..., Path]) -> None:
    classifier = Classifier(tiny("Bert"), exact=True)
    detoxify = classifier._detoxify
    inputs = detoxify.tokenizer(["you are kind"], return_tensors="pt")
    with torch.no_grad():
        wanted = torch.sigmoid(detoxify.model(**inputs).logits)[0].tolist()
    assert list(classifier.scores([("you are kind", "")])[0].values()) == pytest.approx(wanted, abs=1e-6)


def test_the_shipped_model_loads_and_judges_without_network(no_network: None) -> None:
    verdict = Moderator.load(paths.safety_model()).judge("what is 3 + 4?", direction=Direction.INPUT)
    assert verdict.action is Action.ALLOW
    assert len(verdict.scores) == 9
    assert os.environ["HF_HUB_OFFLINE"] == "1"


def test_the_shipped_model_is_small() -> None:
    assert sum(p.stat().st_size for p in paths.safety_model().iterdir() if p.suffix != ".md") < 25_000_000


class _Evil:
    def __reduce__(self) -> tuple[Any, ...]:
        return (os.system, ("touch /tmp/tutor-was-here",))


def _copy(to: Path) -> Path:
    shutil.copytree(paths.safety_model(), to)
    return to


def _cut(folder: Path) -> None:
    file = folder / "safety.ckpt"
    file.write_bytes(file.read_bytes()[:100_000])


def _flip(folder: Path) -> None:
    file = folder / "safety.ckpt"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(bytes(data))


@pytest.mark.parametrize(
    "harm",
    [
        _cut,
        _flip,
        lambda f: (f / "safety.ckpt").write_bytes(b""),
        lambda f: (f / "safety.ckpt").write_text("this is a text file"),
        lambda f: (f / "safety.ckpt").unlink(),
        lambda f: (f / "tokenizer.json").write_text("{}"),
        lambda f: (f / "config.json").unlink(),
        lambda f: (f / "manifest.json").write_text("not json"),
    ],
    ids=["cut", "flipped bit", "empty", "text", "missing", "tokenizer", "config", "manifest"],
)
def test_a_damaged_folder_is_an_error_that_a_person_can_act_on(harm: Callable[[Path], object], tmp_path: Path) -> None:
    folder = _copy(tmp_path / "model")
    harm(folder)
    with pytest.raises(UserError, match=r"cannot be used.*Nothing was changed"):
        Moderator.load(folder)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a zip", b"\x80\x02}q\x00.", os.urandom(5000), b"text"])
def test_a_file_of_garbage_is_an_error_that_a_person_can_act_on(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "model.ckpt").write_bytes(content)
    with pytest.raises(UserError):
        Classifier(tmp_path)


def test_a_checkpoint_that_carries_code_is_refused_and_not_run(tmp_path: Path) -> None:
    (tmp_path / "evil.ckpt").write_bytes(pickle.dumps({"state_dict": _Evil(), "config": {}}))
    with pytest.raises(UserError):
        Classifier(tmp_path)
    torch.save({"state_dict": {"a": _Evil()}, "config": {}}, tmp_path / "evil.ckpt")
    with pytest.raises(UserError):
        Classifier(tmp_path)
    assert not Path("/tmp/tutor-was-here").exists()


def test_weights_that_are_not_numbers_are_refused(tiny: Callable[..., Path]) -> None:
    folder = tiny("Bert", **{"classifier.bias": torch.full((6,), float("nan"))})
    with pytest.raises(UserError, match="not numbers"):
        Classifier(folder)


def test_weights_of_another_shape_are_refused(tiny: Callable[..., Path]) -> None:
    folder = tiny("Bert")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "hidden_size": 32}))
    with pytest.raises(UserError, match="do not fit"):
        Classifier(folder)


def test_a_model_class_that_is_no_classifier_is_refused(tiny: Callable[..., Path]) -> None:
    folder = tiny("Bert")
    loaded = torch.load(folder / "toxic.ckpt", weights_only=True)
    loaded["config"]["arch"]["args"]["model_name"] = "pipeline"
    torch.save(loaded, folder / "toxic.ckpt")
    with pytest.raises(UserError, match="model class pipeline"):
        Classifier(folder)


def test_packing_to_eight_bits_keeps_weights_within_half_a_step() -> None:
    matrix, vector = torch.randn(20, 30), torch.randn(30)
    packed = checkpoint.pack({"m": matrix, "v": vector})
    assert packed["m"].dtype == torch.int8
    back = checkpoint.unpack(packed)
    step = matrix.abs().amax(dim=1, keepdim=True) / 127
    assert bool(((back["m"] - matrix).abs() <= step / 2 + 1e-6).all())
    assert torch.equal(back["v"], vector)
    assert set(back) == {"m", "v"}
