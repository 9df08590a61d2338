"""How long a context fits this machine's memory."""

from typing import Final

import psutil

from tutor.engine.gguf_file import Header

_KV_MOST: Final = 2 << 30
"""Bytes of KV cache at most: the cache is cleared when made, and more than this is never a child's conversation."""
_LEAST: Final = 512
_RESERVE: Final = 700 << 20
"""Bytes left to the classifier, the window and the system."""


def kv_bytes_per_token(header: Header) -> int:
    """Bytes that one token takes in an f16 KV cache."""
    heads = max(1, header.number("attention.head_count", 1))
    kv_heads = max(1, header.number("attention.head_count_kv", heads))
    head = header.number("embedding_length") // heads
    key = header.number("attention.key_length", head)
    value = header.number("attention.value_length", head)
    return 2 * header.number("block_count") * kv_heads * (key + value)


def context_length(header: Header, asked: int = 0, available: int | None = None) -> int:
    """Tokens of context: what was asked for or the model's own, within what memory allows; a multiple of 256.

    `available` is the free memory in bytes (measured when None). The model's own length is never exceeded.
    """
    free = psutil.virtual_memory().available if available is None else available
    own = header.number("context_length")
    room = max(0, free - header.size - _RESERVE)
    fits = min(_KV_MOST, room // 2) // kv_bytes_per_token(header)
    wanted = min(own, asked or own)
    chosen = min(wanted, max(fits, _LEAST))
    return chosen if chosen <= 256 else chosen // 256 * 256
