"""Everything that belongs to one loaded model, made in the right order from a `Load` request."""

import contextlib
import math
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from tutor.checksum import sha256_of
from tutor.domain import Generation, Reply
from tutor.engine import adapter_file, gguf_file, memory, snapshots
from tutor.engine.checking import Checker
from tutor.engine.llama import Interrupt, Interrupted, Model
from tutor.engine.prompt import PromptBuilder
from tutor.engine.protocol import Ask, Event, Load, ModelInfo, Past, Resample, Resampled, UseAdapter, Warm, Warmed
from tutor.engine.reply import Answerer
from tutor.engine.second import Second
from tutor.engine.template import Template
from tutor.engine.window import Window
from tutor.engine.word_sums import WordSums
from tutor.errors import UserError
from tutor.i18n import tr

_HASHED_MOST: Final = 64 << 20
"""Files up to this size are named by their SHA-256; larger ones by size and time, for hashing would delay the start."""
_WORTH_SAVING: Final = 128
"""New tokens since the last snapshot that make another one worthwhile."""
_TRIAL: Final = "What is 3 + 4? Let us think."
"""Evaluated once with a new adapter, to see that it gives numbers at all."""


class Loaded:
    """A model ready to answer. One thread."""

    def __init__(
        self,
        load: Load,
        checker: Checker,
        interrupt: Interrupt,
        send: Callable[[Event], None],
        progress: Callable[[float], None],
    ) -> None:
        """Raises UserError when the file cannot be used."""
        path = Path(load.model)
        header = gguf_file.read(path)
        name = header.text("general.name") or path.stem
        self._sha256 = sha256_of(path) if header.size <= _HASHED_MOST else ""
        self._beside = 0
        """Others besides the judges that a small model leaves a core to."""
        Template(header.text("tokenizer.chat_template"), path=path)  # before the weights: a clear error comes quickly
        n_ctx = memory.context_length(header, load.n_ctx)
        self.model = Model(
            header,
            n_ctx=n_ctx,
            gpu=load.gpu,
            threads=load.threads,
            interrupt=interrupt,
            judging=lambda: checker.at_work() + self._beside,
            progress=progress,
        )
        try:
            template = Template(
                header.text("tokenizer.chat_template"),
                path=path,
                bos=self.model.text_of("bos"),
                eos=self.model.text_of("eos"),
            )
        except UserError:
            self.model.close()
            raise
        self.info = ModelInfo(
            path=str(path),
            name=name,
            architecture=header.architecture,
            n_ctx=self.model.n_ctx,
            n_ctx_train=header.number("context_length"),
            parameters=header.parameters,
            size=header.size,
            sha256=self._sha256,
            scope=header.text("tutor.scope"),
            device=self.model.device,
            gpu_note=self.model.gpu_note,
        )
        self._builder = PromptBuilder(self.model, template)
        self.window = Window(self._builder, self.model, self.model.n_ctx)
        self.answerer = Answerer(
            self.model,
            self._builder,
            self.window,
            checker,
            WordSums(self.model, self._builder, header, scope=self.info.scope),
            name=name,
            scope=self.info.scope,
            send=send,
            recall=self.recall,
        )
        self._second = Second(self.model, checker.embed, self.info.scope)
        self._load, self._path = load, path
        self._identity = self._sha256 or f"{path.resolve()} {header.size} {path.stat().st_mtime_ns}"
        self._adapter, self._scale = "", 1.0
        """File of the adapter in use."""
        self._snapshots = self._snapshots_of("")
        self._conversation = ""
        self._fresh = False
        """The conversation was just entered, so the disk may know more of it than memory does."""
        self._saved: list[int] = []
        """What the snapshot of the current conversation holds, as far as known."""

        if load.adapter:
            try:
                self.use(UseAdapter(id=0, path=load.adapter, sha256=load.adapter_sha256))
            except UserError as error:
                self.info = msgspec.structs.replace(self.info, adapter_note=str(error))

    def _snapshots_of(self, adapter: str) -> snapshots.Snapshots | None:
        """The same words leave other values in the cache with another adapter, so each has snapshots of its own."""
        load = self._load
        if not load.snapshots:
            return None
        return snapshots.Snapshots(
            Path(load.snapshots),
            key=f"{self._identity} adapter:{adapter} context:{self.model.n_ctx}",
            most_bytes=load.snapshot_bytes,
            least_tokens=load.snapshot_min_tokens,
        )

    def use(self, wanted: UseAdapter) -> str:
        """Answer with this adapter, or with none, from now on; gives its name.

        Raises UserError (code `adapter`), or Interrupted; then everything is as before.
        """
        self.save()
        name = ""
        if wanted.path:
            found = adapter_file.read(Path(wanted.path))
            if wanted.sha256 and found.sha256 != wanted.sha256:
                raise adapter_file.unusable(Path(wanted.path), tr("it has changed since it was judged"))
            adapter_file.check_fits(found, self.model.header, self._base_sha256())
            name = f"{found.sha256[:32]}{'' if wanted.scale == 1.0 else f' x{wanted.scale:g}'}"
        self.model.use_adapter(Path(wanted.path) if wanted.path else None, wanted.scale)
        if wanted.path:
            self._try_out(wanted)
        self._adapter, self._scale = wanted.path, wanted.scale
        self.answerer.adapter = name
        self.info = msgspec.structs.replace(self.info, adapter=name, adapter_note="")
        if self.info.scope:  # it speaks where the narrow model's own world ends; what is kept is the base's
            self.model.rest_adapter(True)
        self._snapshots = self._snapshots_of("" if self.info.scope else name)
        self._conversation, self._saved, self._fresh = "", [], False
        return name

    def _try_out(self, wanted: UseAdapter) -> None:
        """One evaluation with the new adapter; when that gives no numbers, the old state is put back."""
        works = False
        try:
            self.model.evaluate(self.model.tokenize(_TRIAL))
            works = math.isfinite(self.model.log_probability(0))
        finally:
            if not works:
                self.model.use_adapter(Path(self._adapter) if self._adapter else None, self._scale)
                self.model.rest_adapter(bool(self.info.scope))
        self.model.cut(0)
        if not works:
            raise adapter_file.unusable(Path(wanted.path), tr("with it the model gives values that are not numbers"))

    def _base_sha256(self) -> str:
        """Hashed when it is first needed: a big model would start seconds later."""
        if not self._sha256:
            self._sha256 = sha256_of(self._path)
            self.info = msgspec.structs.replace(self.info, sha256=self._sha256)
        return self._sha256

    def enter(self, request: Ask | Warm) -> None:
        """Turn to the request's conversation: save the one before, and recall how the model said what it said."""
        if request.conversation == self._conversation:
            return
        self.save()
        self._conversation, self._saved = request.conversation, []
        self._fresh = bool(request.conversation)
        if self._snapshots is None or not request.conversation:
            return
        note = self._snapshots.note(request.conversation)
        if note is not None:
            self._saved = note.tokens
            said = dict(note.spoken)
            for past in request.history:
                tokens = said.get(snapshots.text_key(past.tutor))
                if tokens and past.tutor not in self._builder.spoken:
                    self._builder.remember(past.tutor, tokens)

    def warm(self, warm: Warm, max_tokens: int = Generation().max_tokens) -> Warmed:
        """Evaluate what the next prompt will begin with: from memory, else from disk, else anew. Stop keeps a part.

        `max_tokens`: of the reply, which decide how much history the prompt holds.
        """
        tokens = self.window.prefix(warm.guidelines, warm.history, max_tokens)
        from_disk = self.recall(tokens)
        reused = snapshots.common_length(self.model.tokens, tokens)
        if tokens:
            with contextlib.suppress(Interrupted):
                reused = self.model.evaluate(tokens)
        return Warmed(id=warm.id, tokens=len(self.model.tokens), reused=reused, from_disk=from_disk, ms=0.0)

    def read_ahead(self, ask: Ask, reply: Reply) -> None:
        """After a reply: evaluate what the next prompt begins with, beside the window that shows it."""
        history = (*ask.history, Past(learner=ask.text, notes=reply.notes, tutor=reply.text))
        self._beside = 1
        try:
            ahead = Warm(id=ask.id, conversation=ask.conversation, guidelines=ask.guidelines, history=history)
            self.warm(ahead, ask.generation.max_tokens)
        finally:
            self._beside = 0

    def resample(self, request: Resample) -> Resampled:
        """Say the last answer once more, and compare."""
        return self._second.look(request, self.answerer.said)

    def recall(self, wanted: list[int]) -> bool:
        """Take the conversation's snapshot when it holds more of `wanted` than memory does."""
        if self._snapshots is None or not self._fresh:
            return False
        self._fresh = False
        return self._snapshots.restore(self._conversation, self.model, wanted)

    def save(self) -> None:
        """Save the current conversation's prefix, if it has grown enough since it was saved."""
        if self._snapshots is None or not self._conversation:
            return
        tokens = self.model.tokens
        if len(tokens) - snapshots.common_length(self._saved, tokens) < _WORTH_SAVING:
            return
        said = {snapshots.text_key(text): list(spoken) for text, spoken in self._builder.spoken.items()}
        if self._snapshots.save(self._conversation, self.model, said):
            self._saved = list(tokens)

    def close(self) -> None:
        self.model.close()
