"""Cosines of many encoded texts with one. NumPy is loaded with the first comparison, not with the program."""

from collections.abc import Sequence

BYTES = 384 * 4
"""Of one encoded text: 384 numbers of 32 bits, least byte first."""


def cosines(rows: Sequence[bytes], one: bytes) -> list[float]:
    """How like each row is to `one`, -1 to 1. Raises ValueError for bytes that are no encoded text."""
    import numpy as np

    if any(len(each) != BYTES for each in (*rows, one)):
        raise ValueError("an encoded text has 384 numbers of 32 bits")
    if not rows:
        return []
    matrix = np.frombuffer(b"".join(rows), dtype="<f4").reshape(len(rows), -1)
    return [float(value) for value in matrix @ np.frombuffer(one, dtype="<f4")]
