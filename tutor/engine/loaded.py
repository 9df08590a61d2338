"""Everything that belongs to one loaded model, made in the right order from a `Load` request."""

import contextlib
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tutor.domain import Generation
from tutor.engine import gguf_file, memory, snapshots
from tutor.engine.checking import Checker
from tutor.engine.llama import Interrupt, Interrupted, Model
from tutor.engine.prompt import PromptBuilder
from tutor.engine.protocol import Ask, Event, Load, ModelInfo, Warm, Warmed
from tutor.engine.reply import Answerer
from tutor.engine.template import Template
from tutor.engine.window import Window
from tutor.engine.word_sums import WordSums
from tutor.errors import UserError

_HASHED_MOST: Final = 64 << 20
"""Files up to this size are named by their SHA-256; larger ones by size and time, for hashing would delay the start."""
_WORTH_SAVING: Final = 128
"""New tokens since the last snapshot that make another one worthwhile."""


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
        sha256 = _sha256(path) if header.size <= _HASHED_MOST else ""
        Template(header.text("tokenizer.chat_template"), path=path)  # before the weights: a clear error comes quickly
        n_ctx = memory.context_length(header, load.n_ctx)
        self.model = Model(
            header,
            n_ctx=n_ctx,
            gpu=load.gpu,
            threads=load.threads,
            interrupt=interrupt,
            judging=checker.at_work,
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
            sha256=sha256,
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
        self._snapshots = None
        if load.snapshots:
            identity = sha256 or f"{path.resolve()} {header.size} {path.stat().st_mtime_ns}"
            self._snapshots = snapshots.Snapshots(
                Path(load.snapshots),
                key=f"{identity} adapter: context:{self.model.n_ctx}",
                most_bytes=load.snapshot_bytes,
                least_tokens=load.snapshot_min_tokens,
            )
        self._conversation = ""
        self._fresh = False
        """The conversation was just entered, so the disk may know more of it than memory does."""
        self._saved: list[int] = []
        """What the snapshot of the current conversation holds, as far as known."""

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

    def warm(self, warm: Warm) -> Warmed:
        """Evaluate what the next prompt will begin with: from memory, else from disk, else anew. Stop keeps a part."""
        tokens = self.window.prefix(warm.guidelines, warm.history, Generation().max_tokens)
        from_disk = self.recall(tokens)
        reused = snapshots.common_length(self.model.tokens, tokens)
        if tokens:
            with contextlib.suppress(Interrupted):
                reused = self.model.evaluate(tokens)
        return Warmed(id=warm.id, tokens=len(self.model.tokens), reused=reused, from_disk=from_disk, ms=0.0)

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


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
