"""llama.cpp: one model, one context, one sequence.

In the engine only this file and what it is made of (`vocabulary.py`, `sampler.py`, `drafts.py`, `lora.py`,
`devices.py`, `native_log.py`) import llama_cpp. Not thread-safe: one thread makes, uses and closes a `Model`.
`Interrupt` alone may be set from another thread.
"""

import contextlib
import ctypes
import math
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import llama_cpp as lc
import numpy as np

from tutor.domain import Generation
from tutor.engine import cores, native_log
from tutor.engine.devices import gpu_devices
from tutor.engine.drafts import MOST, Drafts, Few
from tutor.engine.gguf_file import Header, broken
from tutor.engine.lora import Lora
from tutor.engine.sampler import Sampler
from tutor.engine.vocabulary import Vocabulary
from tutor.errors import UserError
from tutor.i18n import tr

_CHUNK_SECONDS: Final = 0.15
"""On a GPU, where nothing can be aborted inside a piece of prompt, a piece takes about this long."""
_CHUNK_LEAST: Final = 32
"""New tokens that are worth evaluating before the rest is known, on a small model."""
_CHUNK_CPU: Final = 128
"""On the CPU an evaluation is stopped inside a piece; the size only bounds what is lost then."""
_CHUNK_FEW: Final = 8
"""First on a GPU, whose speed they tell, and beside a small model's judges, one of whom may leave a core meanwhile."""
_CHUNK_MOST: Final = 512
_UNLIKELY: Final = -20.0
"""Nats below the likeliest token from which on others count for nothing: e^-20 is 2e-9."""


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


class Model(Vocabulary):
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

        `judging` counts the judges at work beside the model, whom it leaves a core.
        Raises UserError: code `model_broken` when llama.cpp refuses the file, `memory` when the context does not fit.
        """
        native_log.listen()
        lc.llama_backend_init()
        self.header = header
        self.interrupt = interrupt or Interrupt()
        self.tokens: list[int] = []
        self.device, self.gpu_note = "CPU", ""
        self._model = self._context = None
        self._threads, self._speed = threads or cores.physical(), 0.0
        self._cores = cores.Cores(self._threads, parameters=header.parameters, judging=judging)
        self._drafts: Drafts | None = None
        """Of a small model on a CPU; to a big one every token that is evaluated costs nearly as much as the first."""
        self._few = Few()
        self.coming: Sequence[int] = ()
        """Tokens that will be appended next, after the one that is: nobody asks for their probabilities."""
        self._ahead: list[int] = []
        """Tokens in the cache behind `tokens` that were not chosen yet."""
        self._row = -1
        """Which of the last evaluation's logits are those of the last token."""
        self._valued = -1
        """So many tokens there were at the place of these logits; -1 when they were changed, or are no more."""
        devices = gpu_devices() if gpu else []
        if devices and self._open(n_ctx, -1, progress):
            self.device = devices[0]
        else:
            if devices:
                self.gpu_note = tr("{gpu} could not be used: {reason}", gpu=devices[0], reason=native_log.reason())
            elif gpu:
                self.gpu_note = tr("llama.cpp found no graphics card that it can use here.")
            if not self._open(n_ctx, 0, progress):
                raise self._refused(n_ctx)
        self.n_ctx = int(lc.llama_n_ctx(self._context))
        self._memory = lc.llama_get_memory(self._context)
        self._lora = Lora(self._model, self._context, native_log.reason)
        super().__init__(lc.llama_model_get_vocab(self._model))
        lasting = lc.llama_model_is_recurrent(self._model) or lc.llama_model_is_hybrid(self._model)
        if self.device == "CPU" and self.small and not lasting and not lc.llama_model_n_swa(self._model):
            self._drafts = Drafts()

    def _open(self, n_ctx: int, gpu_layers: int, progress: Callable[[float], None]) -> bool:
        native_log.lines.clear()
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
        cp.n_outputs_max = 1 + MOST  # no others are ever wanted, and 512 rows of a big vocabulary are 300 MB
        cp.n_threads, cp.n_threads_batch = self._threads, self._threads
        # a small one is half as quick with it on a CPU, gains nothing on a GPU, and one driver of Vulkan crashed in it
        cp.flash_attn_type = lc.LLAMA_FLASH_ATTN_TYPE_DISABLED if self.small else lc.LLAMA_FLASH_ATTN_TYPE_AUTO
        cp.abort_callback, cp.abort_callback_data = self.interrupt.function, self.interrupt.address
        self._context = lc.llama_init_from_model(self._model, cp)
        if not self._context:
            lc.llama_model_free(self._model)
            self._model = None
            return False
        return True

    def _refused(self, n_ctx: int) -> UserError:
        if any("alloc" in line or "KV" in line for line in native_log.lines):
            return UserError(
                tr(
                    "There is not enough free memory for the model {name} with a context of {n} tokens. Nothing was "
                    "lost. Close other programs, choose a shorter context, or choose a smaller model.",
                    name=self.header.path.name,
                    n=n_ctx,
                ),
                code="memory",
            )
        return broken(self.header.path, tr("llama.cpp refuses it ({reason})", reason=native_log.reason()))

    def use_adapter(self, path: Path | None, scale: float = 1.0) -> None:
        """Use this adapter or none, with an empty cache. Raises UserError (`adapter`); then all is as before."""
        native_log.lines.clear()
        self._lora.use(path, scale)
        self._forget()

    def rest_adapter(self, resting: bool) -> None:
        """Let the adapter that is loaded rest, or speak again; what was evaluated otherwise is forgotten."""
        if self._lora.rest(resting):
            self._forget()

    @property
    def small(self) -> bool:
        """Judging a sentence takes about as long as decoding it."""
        return self.header.parameters < cores.SMALL

    def _forget(self, data: bool = True) -> None:
        lc.llama_memory_clear(self._memory, data)
        self.tokens.clear()
        self._ahead.clear()
        self._valued = -1
        if self._drafts is not None:
            self._drafts.forget(0)

    def close(self) -> None:
        if self._context:
            self._lora.close()
            self._few.close()
            lc.llama_free(self._context)
            self._context = None
        if self._model:
            lc.llama_model_free(self._model)
            self._model = None

    # --- the KV cache ----------------------------------------------------------------------------------------------

    def evaluate(self, tokens: Sequence[int]) -> int:
        """Make the cache hold exactly `tokens`, with logits for the last; gives how many were there already.

        Raises Interrupted; then `self.tokens` is the part that is evaluated.
        """
        common, self.coming = 0, ()
        for mine, wanted in zip(self.tokens, tokens, strict=False):
            if mine != wanted:
                break
            common += 1
        if common == len(tokens) == self._valued:
            self.cut(common)
            return common
        self.cut(min(common, len(tokens) - 1))
        reused = len(self.tokens)
        while len(self.tokens) < len(tokens):
            if self.interrupt.is_set():
                raise Interrupted
            at = len(self.tokens)
            chunk = tokens[at : at + self._chunk()]
            began = time.perf_counter()
            self._decode(chunk)
            if len(chunk) >= _CHUNK_FEW:
                self._speed = len(chunk) / (time.perf_counter() - began)
        return reused

    def worth_ahead(self, new: int) -> int:
        """Of so many tokens at a prompt's end, how many to evaluate before the rest is known.

        Few at a time cost a big model more than waiting: a 1.5B-shaped one takes 147 ms for 12 and 527 for the next 80,
        about 600 for all. A small one takes as long for a short question as the judges, whose core it would take.
        """
        if self.small:
            return new if new >= _CHUNK_LEAST else 0
        return new - new % _CHUNK_CPU

    def begin(self) -> None:
        """A request begins."""
        self._cores.begin()

    def _chunk(self) -> int:
        if self.device == "CPU":
            return _CHUNK_FEW if self._cores.shared else _CHUNK_CPU
        aim = int(self._speed * _CHUNK_SECONDS)
        return max(_CHUNK_FEW, min(aim, _CHUNK_MOST))

    def append(self, token: int) -> None:
        """Evaluate one more token, unless it was guessed and is evaluated. Raises Interrupted."""
        if self._ahead and self._ahead[0] == token:
            self.tokens.append(self._ahead.pop(0))
            self._row += 1
            self._valued = len(self.tokens)
            return
        self.cut(len(self.tokens))
        room = max(0, self.n_ctx - len(self.tokens) - 1)
        if self.coming:
            self._decode((token,), self.coming[: min(room, _CHUNK_MOST - 1)], guessed=False)
            return
        guess: Sequence[int] = ()
        if self._drafts is not None:
            guess = self._drafts.guess(self.tokens, token)
        self._decode((token,), guess[:room])

    def remember(self, reply: Sequence[int]) -> None:
        """A reply, after the token before it; others may be like it."""
        if self._drafts is not None:
            self._drafts.remember(reply)

    def _decode(self, chunk: Sequence[int], ahead: Sequence[int] = (), *, guessed: bool = True) -> None:
        """`ahead`: tokens that may follow the chunk, which is one token then; that do, where they are not guessed."""
        every = (*chunk, *ahead)
        threads = self._cores.threads(len(every))
        if threads != self._threads:
            self._threads = threads
            lc.llama_set_n_threads(self._context, threads, threads)
        if ahead and guessed:
            batch, self._row = self._few.filled(every, len(self.tokens)), 0
        else:
            array, self._row = (lc.llama_token * len(every))(*every), -1 - len(ahead)
            batch = lc.llama_batch_get_one(array, len(every))
        self._valued = -1
        status = lc.llama_decode(self._context, batch)
        if status == 0:
            self.tokens.extend(chunk)
            self._valued = len(self.tokens)
            self._ahead.extend(ahead)
            return
        held = int(lc.llama_memory_seq_pos_max(self._memory, 0)) + 1
        self.tokens.extend(chunk[: max(0, held - len(self.tokens))])
        if ahead:
            lc.llama_memory_seq_rm(self._memory, 0, len(self.tokens), -1)
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
        """Forget all tokens from position `length` on, and guesses; models that cannot do so forget everything."""
        length = min(length, len(self.tokens))
        if length < len(self.tokens):
            self._valued = -1
        if length == len(self.tokens) and not self._ahead:
            return
        if length > 0 and lc.llama_memory_seq_rm(self._memory, 0, length, -1):
            del self.tokens[length:]
            self._ahead.clear()
            if self._drafts is not None:
                self._drafts.forget(length)
            return
        self._forget(data=False)

    def sampler(self, generation: Generation, seed: int, replay: Sequence[int] = ()) -> Sampler:
        return Sampler(self.n_vocab, generation, seed, replay)

    def sample(self, sampler: Sampler, allowed: Callable[[int], bool] | None = None, among: Sequence[int] = ()) -> int:
        """The next token (not yet evaluated), of those that are `allowed`, or of a few. Raises BadNumbers."""
        logits = self._logits()
        if not math.isfinite(best := float(logits.max())):
            raise BadNumbers
        if among:
            return sampler.among(logits, among)
        self._valued = -1
        return sampler.choose(logits, allowed, best)

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
        away = away[away > _UNLIKELY]  # what lies below adds less than can be told, and takes the longest
        shares = np.exp(away)
        total = float(shares.sum())
        return math.log(total) - float(shares @ away) / total if total > 0 else math.nan

    def _logits(self) -> np.ndarray[Any, np.dtype[np.float32]]:
        """Those of the last token; overwritten by the next evaluation."""
        first = lc.llama_get_logits_ith(self._context, self._row).contents
        values = memoryview((ctypes.c_float * self.n_vocab).from_address(ctypes.addressof(first)))
        return np.frombuffer(values, dtype=np.float32)

    @contextlib.contextmanager
    def aside(self) -> Iterator[None]:
        """Keep the cache while something else is evaluated, and put it back; then the last token has no logits."""
        self.cut(len(self.tokens))
        kept = list(self.tokens)
        size = int(lc.llama_state_seq_get_size(self._context, 0))
        data = (ctypes.c_uint8 * size)()
        lc.llama_state_seq_get_data(self._context, data, size, 0)
        try:
            yield
        finally:
            self.cut(0)
            self._valued = -1
            if kept and lc.llama_state_seq_set_data(self._context, data, size, 0):
                self.tokens = kept

    def save(self, path: Path) -> bool:
        """Write the cache and its tokens to a file; False when it could not be written."""
        self.cut(len(self.tokens))
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
