"""Perplexity of the exported file on held-out conversations, by llama.cpp: a token and a byte.

A token's perplexity depends on the vocabulary; the byte's does not, so it alone compares models of different
vocabularies. The tutor's words count for themselves: the rest of a conversation is what learners and notes say.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from llama_cpp.llama_chat_format import Jinja2ChatFormatter

from tutor.domain import Frozen
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.workshop.evaluation.measures import Form, Measure, measure
from tutor.workshop.writing.conversations import Talk, messages


class Likelihood(Frozen):
    """How unlikely a model finds one conversation: sums of -ln p."""

    talk: str
    tutor_nats: float
    tutor_tokens: int
    tutor_bytes: int
    all_nats: float
    all_tokens: int
    all_bytes: int


def formatter(llama: Any) -> Jinja2ChatFormatter:
    """The file's own chat template. Raises UserError where it has none."""
    template = llama.metadata.get("tokenizer.chat_template")
    if not template:
        raise UserError(
            tr("This model file has no chat template, so it cannot be judged as a tutor. Choose a chat model."),
            code="no_template",
        )
    special = [llama.detokenize([t], special=True).decode(errors="replace") if t >= 0 else "" for t in _ends(llama)]
    return Jinja2ChatFormatter(template=template, eos_token=special[0], bos_token=special[1])


def _ends(llama: Any) -> tuple[int, int]:
    return int(llama.token_eos()), int(llama.token_bos())


def pieces(text: str, spoken: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """The rendered conversation cut into (text, whether the tutor said it), in order."""
    at = 0
    for reply in spoken:
        start = text.find(reply, at) if reply else -1
        if start < 0:
            continue
        if start > at:
            yield text[at:start], False
        yield reply, True
        at = start + len(reply)
    if at < len(text):
        yield text[at:], False


def tokens(llama: Any, parts: Sequence[tuple[str, bool]]) -> tuple[list[int], list[bool], list[int]]:
    """Tokens of the pieces, whether each is the tutor's, and each token's length in bytes (0 for control tokens)."""
    ids: list[int] = []
    tutors: list[bool] = []
    for text, tutor in parts:
        found = llama.tokenize(text.encode(), add_bos=False, special=not tutor)
        ids += found
        tutors += [tutor] * len(found)
    lengths = [len(llama.detokenize([token], special=False)) for token in ids]
    return ids, tutors, lengths


def likelihood(llama: Any, name: str, talk: Talk) -> Likelihood:
    """One conversation, as far as the context reaches. `llama` must have been opened with `logits=True`."""
    chat = messages(talk)
    text = formatter(llama)(messages=chat).prompt
    spoken = [m["content"].strip() for m in chat if m["role"] == "assistant"]
    ids, tutors, lengths = tokens(llama, list(pieces(text, spoken)))
    ids = ids[: llama.n_ctx()]
    llama.reset()
    llama.eval(ids)
    scores = np.asarray(llama.scores)[: len(ids) - 1].astype(np.float64)
    peak = scores.max(axis=1, keepdims=True)
    norm = np.log(np.exp(scores - peak).sum(axis=1)) + peak[:, 0]
    nats = norm - scores[np.arange(len(ids) - 1), ids[1:]]
    said = np.asarray(tutors[1 : len(ids)], dtype=bool)
    sizes = np.asarray(lengths[1 : len(ids)])
    return Likelihood(
        talk=name,
        tutor_nats=float(nats[said].sum()),
        tutor_tokens=int(said.sum()),
        tutor_bytes=int(sizes[said].sum()),
        all_nats=float(nats.sum()),
        all_tokens=len(nats),
        all_bytes=int(sizes.sum()),
    )


def measured(found: Sequence[Likelihood], *, seed: int, draws: int) -> list[Measure]:
    """Perplexities with intervals over conversations."""
    section = "perplexity"
    rows = {
        "perplexity_tutor_token": (
            tr("Perplexity a token, the tutor's words"),
            [(f.talk, f.tutor_nats, float(f.tutor_tokens)) for f in found],
        ),
        "perplexity_tutor_byte": (
            tr("Perplexity a byte, the tutor's words"),
            [(f.talk, f.tutor_nats, float(f.tutor_bytes)) for f in found],
        ),
        "perplexity_all_token": (
            tr("Perplexity a token, whole conversations"),
            [(f.talk, f.all_nats, float(f.all_tokens)) for f in found],
        ),
        "perplexity_all_byte": (
            tr("Perplexity a byte, whole conversations"),
            [(f.talk, f.all_nats, float(f.all_bytes)) for f in found],
        ),
    }
    return [
        measure(name, section, title, of, form=Form.EXPONENTIAL, better="lower", seed=seed, draws=draws)
        for name, (title, of) in rows.items()
    ]
