"""Every supported type is unpacked as the gguf package's own reference unpacks it, in any slice and working type."""

from pathlib import Path

import gguf
import numpy as np
import pytest
import torch
from gguf import GGMLQuantizationType as Kind

from tutor.adaptation.packed.dequantize import TYPES, Dequantizer
from tutor.adaptation.packed.mapped import MappedFile
from tutor.errors import BugError, UserError

ROWS, COLUMNS = 700, 512
"""More than one chunk of elements, and rows of more than one block."""


def packed_rows(kind: int) -> np.ndarray:
    """Rows of random blocks, their scales made small and finite."""
    rng = np.random.default_rng(kind)
    if kind in (Kind.F32, Kind.F16):
        return rng.normal(size=(ROWS, COLUMNS)).astype(np.float32 if kind == Kind.F32 else np.float16)
    if kind == Kind.BF16:
        bits = rng.normal(size=(ROWS, COLUMNS)).astype(np.float32).view(np.uint32) >> 16
        return bits.astype(np.uint16).view(np.uint8)
    elements, size = gguf.GGML_QUANT_SIZES[Kind(kind)]
    blocks = rng.integers(0, 256, (ROWS * COLUMNS // elements, size), dtype=np.uint8)
    scales = {Kind.Q2_K: (80, 82), Kind.Q3_K: (108,), Kind.Q6_K: (208,), Kind.Q4_K: (0, 2), Kind.Q5_K: (0, 2)}
    for at in scales.get(Kind(kind), (0, 2) if kind in (Kind.Q4_1, Kind.Q5_1) else (0,)):
        blocks[:, at : at + 2] = rng.uniform(0.001, 0.01, (len(blocks), 1)).astype(np.float16).view(np.uint8)
    return blocks.reshape(ROWS, -1)


def written(path: Path, kinds: list[int]) -> Path:
    writer = gguf.GGUFWriter(path, "llama")
    for add in (writer.add_block_count, writer.add_embedding_length, writer.add_context_length):
        add(512)
    writer.add_token_list(["a", "b"])
    for kind in kinds:
        writer.add_tensor(f"t{kind}", packed_rows(kind), raw_dtype=Kind(kind))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("types") / "types.gguf", list(TYPES))


@pytest.mark.parametrize("kind", TYPES, ids=TYPES.values())
@pytest.mark.parametrize("threads", [1, 2])
def test_rows_are_what_the_reference_gives(file: Path, kind: int, threads: int) -> None:
    expected = gguf.quants.dequantize(packed_rows(kind), Kind(kind)).astype(np.float32).reshape(ROWS, COLUMNS)
    dequantizer = Dequantizer(threads)
    with MappedFile(file) as mapped:
        tensor = mapped.tensor(f"t{kind}")
        assert (tensor.rows, tensor.columns) == (ROWS, COLUMNS)
        for dtype, tolerance in ((torch.float32, 1e-6), (torch.bfloat16, 2**-8)):
            out = torch.full((ROWS - 5, COLUMNS), torch.nan, dtype=dtype)
            dequantizer.fill(tensor, out, first=3)
            np.testing.assert_allclose(out.float().numpy(), expected[3:-2], rtol=tolerance, atol=1e-7)
        assert np.array_equal(mapped.values(f"t{kind}"), expected.reshape(-1)) or kind not in (0, 1, 30)
        del tensor
    dequantizer.close()


def test_a_type_that_cannot_be_trained_on_is_named_with_those_that_can(tmp_path: Path) -> None:
    path = written(tmp_path / "odd.gguf", [int(Kind.IQ1_S)])
    with pytest.raises(UserError, match=r"number 19.*Q4_K.*IQ4_NL") as refused:
        MappedFile(path)
    assert refused.value.code == "tensor_type"


def test_threads_of_the_pool_do_not_change_torchs_number() -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    Dequantizer(2).close()
    assert torch.get_num_threads() == 2
    torch.set_num_threads(before)


def test_a_closed_file_is_an_error_and_no_crash(file: Path) -> None:
    mapped = MappedFile(file)
    tensor = mapped.tensor("t8")
    mapped.close()
    with pytest.raises(BugError, match="t8 was read after"):
        tensor.address()
