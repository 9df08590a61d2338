"""llama.cpp: one model, one context, one sequence.

In the engine only this file, `sampler.py`, `lora.py` and `devices.py` import llama_cpp. Not thread-safe: one thread
makes, uses and closes a `Model`. `Interrupt` alone may be set from another thread.
"""

import contextlib
import ctypes
import math
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import llama_cpp as lc
import numpy as np

from tutor.domain import Generation
from tutor.engine import cores
from tutor.engine.devices import gpu_devices
from tutor.engine.gguf_file import Header, broken
from tutor.engine.lora import Lora
from tutor.engine.sampler import Sampler
from tutor.errors import UserError
from tutor.i18n import tr

_CHUNK_SECONDS: Final = 0.15
"""On a GPU, where nothing can be aborted inside a piece of prompt, a piece takes about this long."""
_CHUNK_LEAST: Final = 32
_CHUNK_CPU: Final = 128
"""On the CPU an evaluation is stopped inside a piece; the size only bounds what is lost then."""
_CHUNK_MOST: Final = 512

native_log: deque[str] = deque(maxlen=200)
"""Last warnings and errors of llama.cpp. It is never given text, only tokens, so no learner's words are here."""


class Interrupted(Exception):
    """Evaluation was stopped by the `Interrupt`; what was evaluated is kept."""


class BadNumbers(Exception):
    """The model gave values that are not numbers: its file is damaged, or does not run on this device."""


class Interrupt:
    """A flag that stops llama.cpp inside an evaluation, from any thread.

    llama.cpp asks a C function between the nodes of its graph. A Python function there would make every compute thread
    wait for Python's lock, so the C library's `strlen` on one byte does it: 0 goes on, 1 stops.
    """

    def __init__(self) -> None:
        self._flag = ctypes.create_string_buffer(2)
        library = ctypes.CDLL("msvcrt") if sys.platform == "win32" else ctypes.CDLL(None)
        self.function = ctypes.cast(library.strlen, lc.llama_cpp.ggml_abort_callback)
        self.address = ctypes.cast(self._flag, ctypes.c_void_p)

    def set(self) -> None:
        self._flag[0] = b"\x01"

    def clear(self) -> None:
        self._flag[0] = b"\x00"

    def is_set(self) -> bool:
        return self._flag[0] == b"\x01"


def _on_log(level: int, text: bytes, _data: object) -> None:
    if level >= 3:  # GGML_LOG_LEVEL_WARN
        native_log.append(text.decode(errors="replace").strip()[:500])


_log_callback = lc.llama_log_callback(_on_log)


class Model:
    """A loaded model and what its KV cache holds (`tokens`)."""

    def __init__(
        self,
        header: Header,
        *,
        n_ctx: int,
        gpu: bool = True,
        threads: int = 0,
        interrupt: Interrupt | None = None,
        judging: Callable[[], int] = lambda: 0,
        progress: Callable[[float], None] = lambda _fraction: None,
    ) -> None:
        """Loads the file. A GPU that fails gives way to the CPU, with the reason in `gpu_note`.

        `judging` counts the judges at work beside the model, whom a small one leaves a core.
        Raises UserError: code `model_broken` when llama.cpp refuses the file, `memory` when the context does not fit.
        """
        lc.llama_log_set(_log_callback, ctypes.c_void_p(0))
        lc.llama_backend_init()
        self.header = header
        self.interrupt = interrupt or Interrupt()
        self.tokens: list[int] = []
        self.device, self.gpu_note = "CPU", ""
        self._model = self._context = None
        self._threads, self._speed = threads or cores.physical(), 0.0
        self._cores = cores.Cores(self._threads, parameters=header.parameters, judging=judging)
        self._pieces: dict[int, bytes] = {}
        self._enders: dict[int, bool] = {}
        devices = gpu_devices() if gpu else []
        if devices and self._open(n_ctx, -1, progress):
            self.device = devices[0]
        else:
            if devices:
                self.gpu_note = tr("{gpu} could not be used: {reason}", gpu=devices[0], reason=self._last_error())
            elif gpu:
                self.gpu_note = tr("llama.cpp found no graphics card that it can use here.")
            if not self._open(n_ctx, 0, progress):
                raise self._refused(n_ctx)
        self.n_ctx = int(lc.llama_n_ctx(self._context))
        self._memory = lc.llama_get_memory(self._context)
        self._lora = Lora(self._model, self._context, self._last_error)
        self.vocab = lc.llama_model_get_vocab(self._model)
        self.n_vocab = int(lc.llama_vocab_n_tokens(self.vocab))

    def _open(self, n_ctx: int, gpu_layers: int, progress: Callable[[float], None]) -> bool:
        native_log.clear()
        params = lc.llama_model_default_params()
        params.n_gpu_layers = gpu_layers

        def on_progress(fraction: float, _data: object) -> bool:
            progress(fraction)
            return True

        keep = lc.llama_progress_callback(on_progress)
        params.progress_callback = keep
        self._model = lc.llama_model_load_from_file(os.fsencode(self.header.path), params)
        if not self._model:
            return False
        cp = lc.llama_context_default_params()
        cp.n_ctx, cp.n_batch, cp.n_ubatch, cp.n_seq_max = n_ctx, _CHUNK_MOST, _CHUNK_MOST, 1
        cp.n_outputs_max = 1  # only the last token's logits are ever wanted; 512 rows of a big vocabulary are 300 MB
        cp.n_threads, cp.n_threads_batch = self._threads, self._threads
        narrow = gpu_layers == 0 and self.header.parameters < cores.SMALL  # half as quick with it behind a long history
        cp.flash_attn_type = lc.LLAMA_FLASH_ATTN_TYPE_DISABLED if narrow else lc.LLAMA_FLASH_ATTN_TYPE_AUTO
        cp.abort_callback, cp.abort_callback_data = self.interrupt.function, self.interrupt.address
        self._context = lc.llama_init_from_model(self._model, cp)
        if not self._context:
            lc.llama_model_free(self._model)
            self._model = None
            return False
        return True

    def _last_error(self) -> str:
        reasons = [line for line in native_log if "error" in line.lower()] or list(native_log)
        return reasons[0] if reasons else tr("no reason was given")

    def _refused(self, n_ctx: int) -> UserError:
        if any("alloc" in line or "KV" in line for line in native_log):
            return UserError(
                tr(
                    "There is not enough free memory for the model {name} with a context of {n} tokens. Nothing was "
                    "lost. Close other programs, choose a shorter context, or choose a smaller model.",
                    name=self.header.path.name,
                    n=n_ctx,
                ),
                code="memory",
            )
        return broken(self.header.path, tr("llama.cpp refuses it ({reason})", reason=self._last_error()))

    def use_adapter(self, path: Path | None, scale: float = 1.0) -> None:
        """Use this adapter or none, with an empty cache. Raises UserError (`adapter`); then all is as before."""
        native_log.clear()
        self._lora.use(path, scale)
        self._forget()

    def rest_adapter(self, resting: bool) -> None:
        """Let the adapter that is loaded rest, or speak again; what was evaluated otherwise is forgotten."""
        if self._lora.rest(resting):
            self._forget()

    def _forget(self) -> None:
        lc.llama_memory_clear(self._memory, True)
        self.tokens.clear()

    def close(self) -> None:
        if self._context:
            self._lora.close()
            lc.llama_free(self._context)
            self._context = None
        if self._model:
            lc.llama_model_free(self._model)
            self._model = None

    # --- vocabulary ---------------------------------------------------------------------------------------------

    def tokenize(self, text: str) -> list[int]:
        """Tokens of plain text; strings that look like control tokens stay text."""
        data = text.encode("utf-8", errors="replace")
        room = len(data) + 8
        out = (lc.llama_token * room)()
        n = lc.llama_tokenize(self.vocab, data, len(data), out, room, False, False)
        if n < 0:
            room = -n
            out = (lc.llama_token * room)()
            n = lc.llama_tokenize(self.vocab, data, len(data), out, room, False, False)
        return list(out[:n])

    def piece(self, token: int) -> bytes:
        """The bytes of one token; b"" for control tokens."""
        known = self._pieces.get(token)
        if known is None:
            buffer = ctypes.create_string_buffer(256)
            n = lc.llama_token_to_piece(self.vocab, token, buffer, 256, 0, False)
            if n < 0:
                buffer = ctypes.create_string_buffer(-n)
                n = lc.llama_token_to_piece(self.vocab, token, buffer, -n, 0, False)
            known = self._pieces[token] = buffer.raw[:n]
        return known

    def ends(self, token: int) -> bool:
        """End of generation, or any other control token: the model's turn is over."""
        known = self._enders.get(token)
        if known is None:
            known = bool(lc.llama_vocab_is_eog(self.vocab, token) or lc.llama_vocab_is_control(self.vocab, token))
            self._enders[token] = known
        return known

    def special_tokens(self) -> dict[str, tuple[int, int]]:
        """Text to (token, attributes) of the tokens that are not made of ordinary text."""
        wanted = lc.LLAMA_TOKEN_ATTR_CONTROL | lc.LLAMA_TOKEN_ATTR_USER_DEFINED
        found = {}
        for token in range(self.n_vocab):
            attributes = int(lc.llama_vocab_get_attr(self.vocab, token))
            if attributes & wanted:
                text = lc.llama_vocab_get_text(self.vocab, token).decode(errors="replace")
                found[text] = (token, attributes)
        return found

    def bos(self) -> int | None:
        """The token that a prompt must begin with, or None."""
        return int(lc.llama_vocab_bos(self.vocab)) if lc.llama_vocab_get_add_bos(self.vocab) else None

    def text_of(self, kind: str) -> str:
        """Text of the `bos` or `eos` token for the template, "" when there is none."""
        token = getattr(lc, f"llama_vocab_{kind}")(self.vocab)
        return lc.llama_vocab_get_text(self.vocab, token).decode(errors="replace") if token >= 0 else ""

    # --- the KV cache ----------------------------------------------------------------------------------------------

    def evaluate(self, tokens: Sequence[int]) -> int:
        """Make the cache hold exactly `tokens`, with logits for the last; gives how many were there already.

        Raises Interrupted; then `self.tokens` is the part that is evaluated.
        """
        common = 0
        for mine, wanted in zip(self.tokens, tokens, strict=False):
            if mine != wanted:
                break
            common += 1
        self.cut(min(common, len(tokens) - 1))
        reused = len(self.tokens)
        while len(self.tokens) < len(tokens):
            if self.interrupt.is_set():
                raise Interrupted
            at = len(self.tokens)
            chunk = tokens[at : at + self._chunk()]
            began = time.perf_counter()
            self._decode(chunk)
            if len(chunk) >= _CHUNK_LEAST:
                self._speed = len(chunk) / (time.perf_counter() - began)
        return reused

    def worth_ahead(self, new: int) -> int:
        """Of so many tokens at a prompt's end, how many to evaluate before the rest is known.

        Few at a time cost a big model more than waiting for the judges: a 1.5B-shaped one takes 147 ms for 12 and 527
        for the next 80, but about 600 for all of them. Whole chunks would be evaluated one by one anyway.
        """
        return new if self.header.parameters < cores.SMALL else new - new % _CHUNK_CPU

    def _chunk(self) -> int:
        if self.device == "CPU":
            return _CHUNK_CPU
        aim = int(self._speed * _CHUNK_SECONDS)
        return max(_CHUNK_LEAST, min(aim, _CHUNK_MOST)) if aim else _CHUNK_LEAST

    def append(self, token: int) -> None:
        """Evaluate one more token. Raises Interrupted."""
        self._decode((token,))

    def _decode(self, chunk: Sequence[int]) -> None:
        threads = self._cores.threads()
        if threads != self._threads:
            self._threads = threads
            lc.llama_set_n_threads(self._context, threads, threads)
        array = (lc.llama_token * len(chunk))(*chunk)
        status = lc.llama_decode(self._context, lc.llama_batch_get_one(array, len(chunk)))
        if status == 0:
            self.tokens.extend(chunk)
            return
        held = int(lc.llama_memory_seq_pos_max(self._memory, 0)) + 1
        self.tokens.extend(chunk[: max(0, held - len(self.tokens))])
        if status == 2:
            raise Interrupted
        raise UserError(
            tr(
                "The model {name} could not go on (llama.cpp code {status}). Your question is kept. Ask again, or "
                "choose another model.",
                name=self.header.path.name,
                status=status,
            ),
            code="engine",
        )

    def cut(self, length: int) -> None:
        """Forget all tokens from position `length` on; models that cannot do so forget everything."""
        if length >= len(self.tokens):
            return
        if length > 0 and lc.llama_memory_seq_rm(self._memory, 0, length, -1):
            del self.tokens[length:]
            return
        lc.llama_memory_clear(self._memory, False)
        self.tokens.clear()

    def sampler(self, generation: Generation, seed: int, replay: Sequence[int] = ()) -> Sampler:
        return Sampler(self.n_vocab, generation, seed, replay)

    def sample(self, sampler: Sampler) -> int:
        """The next token (not yet evaluated). Raises BadNumbers."""
        if not math.isfinite(self._logits().max()):
            raise BadNumbers
        return int(lc.llama_sampler_sample(sampler.chain, self._context, -1))

    def log_probabilities(self) -> np.ndarray[Any, np.dtype[np.float32]]:
        """Natural logarithms of the probabilities of all tokens as the next one, shape (n_vocab,)."""
        logits = self._logits()
        away = logits - logits.max()
        logs: np.ndarray[Any, np.dtype[np.float32]] = away - np.log(np.exp(away).sum())
        return logs

    def log_probability(self, token: int) -> float:
        """The same of one token."""
        return float(self.log_probabilities()[token])

    def entropy(self) -> float:
        """How unsure the model is of the next token, in nats: 0 when one is certain."""
        logits = self._logits()
        away = logits - logits.max()
        shares = np.exp(away)
        total = float(shares.sum())
        return math.log(total) - float(shares @ away) / total if total > 0 else math.nan

    def _logits(self) -> np.ndarray[Any, np.dtype[np.float32]]:
        """Those of the last token; overwritten by the next evaluation."""
        first = lc.llama_get_logits_ith(self._context, -1).contents
        values = memoryview((ctypes.c_float * self.n_vocab).from_address(ctypes.addressof(first)))
        return np.frombuffer(values, dtype=np.float32)

    @contextlib.contextmanager
    def aside(self) -> Iterator[None]:
        """Keep the cache while something else is evaluated, and put it back; then the last token has no logits."""
        kept = list(self.tokens)
        size = int(lc.llama_state_seq_get_size(self._context, 0))
        data = (ctypes.c_uint8 * size)()
        lc.llama_state_seq_get_data(self._context, data, size, 0)
        try:
            yield
        finally:
            self.cut(0)
            if kept and lc.llama_state_seq_set_data(self._context, data, size, 0):
                self.tokens = kept

    def save(self, path: Path) -> bool:
        """Write the cache and its tokens to a file; False when it could not be written."""
        array = (lc.llama_token * len(self.tokens))(*self.tokens)
        wrote = lc.llama_state_seq_save_file(self._context, os.fsencode(path), 0, array, len(self.tokens))
        return bool(wrote > 0)

    def restore(self, path: Path) -> bool:
        """Fill the cache from a file written by `save`; on False the cache is empty."""
        self.cut(0)
        array = (lc.llama_token * self.n_ctx)()
        count = ctypes.c_size_t(0)
        read = lc.llama_state_seq_load_file(self._context, os.fsencode(path), 0, array, self.n_ctx, ctypes.byref(count))
        if read == 0:
            lc.llama_memory_clear(self._memory, False)
            return False
        self.tokens = list(array[: count.value])
        return True
