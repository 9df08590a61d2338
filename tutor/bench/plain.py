"""Plain llama-cpp-python streaming, as a process of its own: what the checked reply is compared with.

Reads JSON lines on standard input, writes one JSON line for each: first `Opened`, then `Streamed`.
"""

import os
import sys
import time
from typing import Any

import msgspec

from tutor.domain import Generation


class Open(msgspec.Struct, frozen=True):
    model: str
    n_ctx: int
    threads: int


class Stream(msgspec.Struct, frozen=True):
    messages: list[dict[str, str]]
    generation: Generation


class Streamed(msgspec.Struct, frozen=True):
    tokens: int
    seconds: float


def stream(llama: Any, request: Stream) -> Streamed:
    """One whole answer through `create_chat_completion(stream=True)`; a chunk with content is a token."""
    g = request.generation
    began = time.perf_counter()
    tokens = 0
    for chunk in llama.create_chat_completion(
        request.messages,
        stream=True,
        max_tokens=g.max_tokens,
        temperature=g.temperature,
        top_k=g.top_k,
        top_p=g.top_p,
        min_p=g.min_p,
        repeat_penalty=g.repeat_penalty,
        seed=g.seed,
    ):
        tokens += "content" in chunk["choices"][0]["delta"]
    return Streamed(tokens, time.perf_counter() - began)


def main() -> None:
    """Serve until standard input closes."""
    from llama_cpp import Llama

    out = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    opening = msgspec.json.decode(sys.stdin.readline(), type=Open)
    llama = Llama(
        opening.model, n_ctx=opening.n_ctx, n_threads=opening.threads, n_gpu_layers=-1, flash_attn=True, verbose=False
    )
    out.write(b"{}\n")
    for line in sys.stdin:
        out.write(msgspec.json.encode(stream(llama, msgspec.json.decode(line, type=Stream))) + b"\n")


if __name__ == "__main__":
    main()
