"""Moderation of one text, both ways: spelling undone, crisis rules, classifier alone and in context, thresholds.

It fails closed: whatever goes wrong inside, the verdict is BLOCK.
"""

import logging
import re
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tutor.domain import Action, AgeBand, Direction, Verdict
from tutor.moderation import crisis, spelling, thresholds
from tutor.moderation.classifier import Classifier, Item

CONTEXT_TEXTS = 3
"""The question and the last two sentences."""
_END = re.compile(r"(?<=[.!?])\s+|\n+")
_log = logging.getLogger(__name__)


class ToJudge(msgspec.Struct, frozen=True, kw_only=True):
    """One text to moderate."""

    text: str
    direction: Direction
    context: tuple[str, ...] = ()
    """What was said before, oldest first."""
    age_band: AgeBand = AgeBand.A8_10


class Moderator:
    """Verdicts on texts. One thread at a time."""

    def __init__(self, classifier: Classifier, levels: thresholds.Thresholds) -> None:
        self.classifier = classifier
        self._levels = levels
        self.name = classifier.version

    @classmethod
    def load(cls, folder: Path, levels: Path | None = None) -> "Moderator":
        """From a model folder (or checkpoint file) and a thresholds file, by default the one beside the model, else
        the built-in cautious levels. Raises UserError."""
        beside = (folder if folder.is_dir() else folder.parent) / thresholds.FILE
        file = levels or (beside if beside.exists() else None)
        used = thresholds.load(file) if file else thresholds.Thresholds({})
        return cls(Classifier(folder, levels=used), used)

    def judge(
        self, text: str, *, direction: Direction, context: Sequence[str] = (), age_band: AgeBand = AgeBand.A8_10
    ) -> Verdict:
        """The verdict on one text."""
        return self._judge(ToJudge(text=text, direction=direction, context=tuple(context), age_band=age_band))

    def judge_many(self, items: Sequence[ToJudge]) -> list[Verdict]:
        """The verdicts on several texts, in order; each is judged for itself."""
        return [self._judge(item) for item in items]

    def _judge(self, item: ToJudge) -> Verdict:
        try:
            if not item.text.strip():
                return Verdict(action=Action.ALLOW, reason="empty")
            return self._decide(item, self.scores(item))
        except Exception as error:  # noqa: BLE001 - an unforeseen error must block, not pass
            _log.error("moderation failed with %s; the text was blocked", type(error).__name__)
            return Verdict(action=Action.BLOCK, reason=f"error:{type(error).__name__}")

    def scores(self, item: ToJudge) -> dict[str, float]:
        """The highest probability of each label over the text as written, spelt out, sentence by sentence, in context.

        What was said before is judged by itself too (mostly known from the cache): a label that it already has is not
        blamed on a text that is free of it, so the tutor can answer a bad message with kind words.
        """
        text = spelling.clean(item.text).strip()  # as it will be looked up when it was said before
        texts: list[Item] = [(text, "")]
        spelt = spelling.plain(item.text).strip()
        if spelt != text.lower():
            texts.append((spelt, ""))
        texts += [(part, "") for part in _sentences(text) + _sentences(spelt)]
        texts = list(dict.fromkeys(texts))
        said = [t for t in (spelling.clean(t).strip() for t in item.context[-CONTEXT_TEXTS:]) if t]
        if not said:
            return _highest(self.classifier.scores(texts))
        items = [*texts, (text, " ".join(said)), *((t, "") for t in said)]
        every = self.classifier.scores(items)
        alone, in_context, known = _highest(every[: len(texts)]), every[len(texts)], _highest(every[len(texts) + 1 :])
        return {
            label: max(score, round(in_context[label], 4)) if known[label] < self._review(label, item) else score
            for label, score in alone.items()
        }

    def _review(self, label: str, item: ToJudge) -> float:
        return self._levels.levels(label, item.direction, item.age_band).review

    def _decide(self, item: ToJudge, scores: dict[str, float]) -> Verdict:
        stopped: dict[str, float] = {}
        marked: dict[str, float] = {}
        for label, score in scores.items():
            levels = self._levels.levels(label, item.direction, item.age_band)
            if score >= levels.review:
                marked[label] = score / levels.block
            if score >= levels.block:
                stopped[label] = score / levels.block
        labels = tuple(sorted(marked, key=lambda name: -marked[name]))
        if item.direction is Direction.INPUT:
            sign = crisis.signs(item.text)
            if sign is not None:
                return Verdict(action=Action.SIGNPOST, scores=scores, labels=labels, reason=f"rule:{sign.kind}")
            action = _input_action(stopped, bool(marked))
            if action is not Action.SIGNPOST and crisis.dangerous(item.text) is not None:
                named = ("dangerous_request", *(n for n in labels if n != "dangerous_request"))
                return Verdict(action=Action.REFUSE, scores=scores, labels=named, reason="rule:dangerous_request")
        else:
            action = Action.BLOCK if stopped else Action.REVIEW if marked else Action.ALLOW
        return Verdict(action=action, scores=scores, labels=labels, reason="classifier")


def _highest(every: Sequence[dict[str, float]]) -> dict[str, float]:
    return {label: round(max(scores[label] for scores in every), 4) for label in every[0]}


def _sentences(text: str) -> list[str]:
    """The sentences of a text that has several: one bad sentence among calm ones must not be diluted."""
    parts = [part.strip() for part in _END.split(text) if part.strip()]
    return parts if len(parts) > 1 else []


def _input_action(stopped: dict[str, float], marked: bool) -> Action:
    """Distress first, then danger to others, then abuse."""
    if "self_harm" in stopped:
        return Action.SIGNPOST
    if "dangerous_request" in stopped:
        return Action.REFUSE
    if stopped:
        return Action.BLOCK
    return Action.REVIEW if marked else Action.ALLOW
