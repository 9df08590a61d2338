"""How fast sentences are moderated: our classifier against a BERT-base-shaped Detoxify, and whole verdicts a minute.

Both run on one thread over the same sentences in the same process, alternating. The BERT has random weights, made on
the spot in Detoxify's format: speed depends on its shape alone.
"""

import shutil
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
import transformers

from tutor import paths
from tutor.bench.report import Report, figure
from tutor.domain import AgeBand, Direction
from tutor.moderation.classifier import Classifier
from tutor.moderation.moderator import Moderator, ToJudge

REPEATS = 5
FASTER = 5.0
LINES_A_MINUTE = 1000.0
SENTENCES = (
    "To add three quarters and one eighth, first give both fractions the same denominator, so three "
    "quarters is six eighths.",
    "You have the right idea, but look again at the tens column and tell me what happens when you "
    "take eight from five.",
    "A farmer has forty-eight eggs and packs them into boxes of six; how many boxes does she need for all of her eggs?",
    "Before I help you with this one, please tell me what you have tried so far and which step you found difficult.",
    "That is right: when you divide both sides by four, x is left alone on the left and seven stands on the right.",
    "i dont get why you flip the second fraction when you divide, can you explain it to me again with a picture please",
    "Twenty-five percent of eighty is twenty, because ten percent is eight and five percent is four, "
    "twice eight and four.",
    "The perimeter is the way round the outside, so add all four sides: five, three, five and three "
    "make sixteen metres.",
)
"""About 32 tokens each."""


def run() -> Report:
    """Measure the classifier that ships."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with tempfile.TemporaryDirectory() as folder:
            big = Classifier(bert_base(Path(folder)), exact=True)
            return _measure(big, Moderator.load(paths.safety_model()))
    finally:
        torch.set_num_threads(threads)


def bert_base(folder: Path) -> Path:
    """A BERT-base-shaped checkpoint with random weights in Detoxify's format, with our tokenizer."""
    config = transformers.BertConfig(num_labels=6)
    model = transformers.BertForSequenceClassification(config)
    names = ["toxic", "severe_toxic", "obscene", "threat", "insult", "identity_hate"]
    args = {"num_classes": 6, "model_type": "bert-base-uncased", "model_name": "BertForSequenceClassification"}
    described = {"arch": {"args": {**args, "tokenizer_name": "BertTokenizer"}}, "dataset": {"args": {"classes": names}}}
    torch.save({"state_dict": model.state_dict(), "config": described}, folder / "random.ckpt")
    config.save_pretrained(folder)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(paths.shipped() / "models" / "safety" / name, folder / name)
    return folder


def _measure(big: Classifier, moderator: Moderator) -> Report:
    ours: list[list[float]] = []
    theirs: list[list[float]] = []
    whole: list[float] = []
    for _ in range(REPEATS):
        ours.append(_milliseconds(moderator.classifier))
        theirs.append(_milliseconds(big))
        whole.append(_lines_a_minute(moderator))

    def quantiles(samples: list[list[float]], q: float) -> list[float]:
        return [float(np.quantile(s, q)) for s in samples]

    ratios = {q: [b / a for a, b in zip(quantiles(ours, q), quantiles(theirs, q), strict=True)] for q in (0.5, 0.95)}
    return Report(
        bench="safety",
        figures=(
            figure("classifier, a sentence, p50", quantiles(ours, 0.5), "ms"),
            figure("classifier, a sentence, p95", quantiles(ours, 0.95), "ms"),
            figure("BERT-base, a sentence, p50", quantiles(theirs, 0.5), "ms"),
            figure("BERT-base, a sentence, p95", quantiles(theirs, 0.95), "ms"),
            figure("times faster, p50", ratios[0.5], "x", at_least=FASTER),
            figure("times faster, p95", ratios[0.95], "x", at_least=FASTER),
            figure("verdicts with context", whole, "lines/min", at_least=LINES_A_MINUTE),
        ),
        remarks=(
            "One thread; the same sentences of about 32 tokens, alternating; the BERT has random weights.",
            "Verdicts: spelling, rules, the text alone and in context, thresholds; nothing from the cache.",
        ),
    )


def _milliseconds(classifier: Classifier) -> list[float]:
    """Of each sentence, none of them known from before. The first call warms up and is left out."""
    spent = []
    for sentence in (SENTENCES[0], *SENTENCES):
        classifier.forget()
        began = time.perf_counter()
        classifier.scores([(sentence, "")])
        spent.append((time.perf_counter() - began) * 1000)
    return spent[1:]


def _lines_a_minute(moderator: Moderator) -> float:
    moderator.classifier.forget()
    items = [
        ToJudge(text=f"{n + 1}) {s}", direction=Direction.INPUT, context=(before,), age_band=AgeBand.A8_10)
        for n in range(3)
        for s, before in zip(SENTENCES, SENTENCES[1:] + SENTENCES[:1], strict=True)
    ]
    began = time.perf_counter()
    moderator.judge_many(items)
    return len(items) / (time.perf_counter() - began) * 60
