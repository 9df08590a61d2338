"""What an evaluation works with: the model, the classifier, the encoder, each loaded when it is first asked for."""

from functools import cached_property
from pathlib import Path
from typing import Any

from tutor import paths
from tutor.moderation.moderator import Moderator
from tutor.retrieval.embedder import Embedder
from tutor.tutoring.intent import IntentRecogniser
from tutor.workshop.evaluation import bias, tasks_words
from tutor.workshop.evaluation.settings import EvaluateSettings
from tutor.workshop.export.agreement import open_model


class Tools:
    """Of one model. An evaluation that goes on may need few of them."""

    def __init__(self, settings: EvaluateSettings, file: Path) -> None:
        self._settings, self._file = settings, file
        self._opened: tuple[bool, Any] | None = None

    def llama(self, *, logits: bool = False) -> Any:
        """The model; with `logits` every token's. Only one form of it is in memory, the one last asked for."""
        if self._opened is None or self._opened[0] != logits:
            self.close()
            of = self._settings
            made = open_model(self._file, context=of.context, logits=logits, threads=of.threads)
            self._opened = (logits, made)
        return self._opened[1]

    @cached_property
    def safety_folder(self) -> Path:
        return Path(self._settings.safety) if self._settings.safety else paths.safety_model()

    @cached_property
    def moderator(self) -> Moderator:
        return Moderator.load(self.safety_folder)

    @cached_property
    def embedder(self) -> Embedder:
        return Embedder.load()

    @cached_property
    def recogniser(self) -> IntentRecogniser:
        return IntentRecogniser(self.embedder.embed)

    @cached_property
    def read_story(self) -> tasks_words.Read:
        return tasks_words.reader(embedder=self.embedder)

    @cached_property
    def listening(self) -> bias.Listening:
        """What a listener needs besides the model."""
        return bias.Listening(self.moderator, self.embedder.embed, bias.read(1)[0]["tone"], self.recogniser)

    def close(self) -> None:
        if self._opened is not None:
            self._opened[1].close()
            self._opened = None
