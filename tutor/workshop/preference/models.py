"""The tutor's network and tokenizer as plain Hugging Face objects, its likelihoods, and answers drawn from it."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from transformers import GenerationConfig, PreTrainedTokenizerFast

from tutor.errors import UserError
from tutor.i18n import tr
from tutor.workshop import recipe
from tutor.workshop.preference.judging import Answer
from tutor.workshop.preference.pairs import Pair
from tutor.workshop.training import network


def words_of(out: Path) -> Any:
    """`tokenizer.json` with the chat template, padded by the end token and ended by the end of a message."""
    words = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_file(str(out / "tokenizer.json")),
        eos_token=recipe.IM_END,
        pad_token=recipe.END,
        clean_up_tokenization_spaces=False,
    )
    words.chat_template = recipe.CHAT_TEMPLATE
    return words


def tutor_of(out: Path, stage: str, shape: recipe.Network) -> Any:
    """The network of the recipe's shape with the weights that a training stage left. Raises UserError without them."""
    path = network.weights_file(out, stage)
    if not path.exists():
        raise UserError(
            tr(
                "The weights of the stage {stage} are not at {file}. Nothing was changed. Run that stage first, or "
                "name another one in the recipe ([preference] start).",
                stage=stage,
                file=path,
            ),
            code="no_weights",
        )
    words = Tokenizer.from_file(str(out / "tokenizer.json"))
    return network.load(network.fresh(shape, vocabulary=words.get_vocab_size(), seed=0), path)


def asked_text(words: Any, prompt: Sequence[dict[str, str]]) -> str:
    """A prompt as the model reads it, up to where the tutor's words begin."""
    return str(words.apply_chat_template(list(prompt), tokenize=False, add_generation_prompt=True))


def fitting(tutor: Any, words: Any, pairs: Sequence[Pair]) -> list[Pair]:
    """Pairs whose prompt and longer answer the tutor can read at once; of others the trainers would see no answer."""
    room = tutor.config.max_position_embeddings

    def length(pair: Pair, answer: str) -> int:
        return len(words(asked_text(words, pair.prompt) + answer + words.eos_token, add_special_tokens=False).input_ids)

    return [pair for pair in pairs if max(length(pair, pair.chosen), length(pair, pair.rejected)) <= room]


def _batches(lengths: Sequence[int], batch: int) -> Iterator[list[int]]:
    order = sorted(range(len(lengths)), key=lambda i: lengths[i])
    for start in range(0, len(order), batch):
        yield order[start : start + batch]


def likelihoods(model: Any, words: Any, pairs: Sequence[Pair], *, batch: int = 16) -> torch.Tensor:
    """Log-probabilities (nats) of the tutor's words alone, (pairs, 2): chosen, rejected; sums over an answer's tokens.

    The end of the message counts as a word of the tutor's.
    """
    model.eval()
    rows: list[list[int]] = []
    starts: list[int] = []
    for pair in pairs:
        prompt = words(asked_text(words, pair.prompt), add_special_tokens=False)["input_ids"]
        for answer in (pair.chosen, pair.rejected):
            rows.append(prompt + words(answer + words.eos_token, add_special_tokens=False)["input_ids"])
            starts.append(len(prompt))
    sums = torch.zeros(len(rows))
    for chosen in _batches([len(row) for row in rows], batch):
        longest = max(len(rows[i]) for i in chosen)
        ids = torch.full((len(chosen), longest), words.pad_token_id)
        own = torch.zeros(len(chosen), longest, dtype=torch.bool)
        for k, i in enumerate(chosen):
            ids[k, : len(rows[i])] = torch.tensor(rows[i])
            own[k, starts[i] : len(rows[i])] = True
        ids, own = ids.to(model.device), own.to(model.device)
        with torch.inference_mode():
            logits = model(input_ids=ids).logits[:, :-1].float()
        each = logits.log_softmax(-1).gather(2, ids[:, 1:, None])[..., 0]
        sums[torch.tensor(chosen)] = (each * own[:, 1:]).sum(1).cpu()
    return sums.view(-1, 2)


def draw(
    model: Any,
    words: Any,
    prompts: Sequence[Sequence[dict[str, str]]],
    *,
    samples: int,
    temperature: float,
    longest: int,
    seed: int,
    batch: int = 32,
    seen: Callable[[int], None] = lambda count: None,
) -> list[list[Answer]]:
    """`samples` answers to every prompt (temperature 0: the likeliest one, once). `seen` is told of prompts done."""
    model.eval()
    torch.manual_seed(seed)
    how = GenerationConfig(
        do_sample=temperature > 0,
        temperature=temperature or None,
        top_k=0 if temperature > 0 else None,
        num_return_sequences=samples if temperature > 0 else 1,
        max_new_tokens=longest,
        eos_token_id=words.eos_token_id,
        pad_token_id=words.pad_token_id,
        use_cache=True,
    )
    room = model.config.max_position_embeddings - longest
    rows = [words(asked_text(words, p), add_special_tokens=False)["input_ids"][-room:] for p in prompts]
    found: list[list[Answer]] = [[] for _ in rows]
    for chosen in _batches([len(row) for row in rows], max(1, batch // samples)):
        width = max(len(rows[i]) for i in chosen)
        ids = torch.full((len(chosen), width), words.pad_token_id)
        mask = torch.zeros(len(chosen), width, dtype=torch.long)
        for k, i in enumerate(chosen):
            ids[k, width - len(rows[i]) :] = torch.tensor(rows[i])
            mask[k, width - len(rows[i]) :] = 1
        with torch.inference_mode():
            made = model.generate(
                input_ids=ids.to(model.device), attention_mask=mask.to(model.device), generation_config=how
            )
        each = len(made) // len(chosen)
        for k, row in enumerate(made[:, width:].cpu().tolist()):
            ended = words.eos_token_id in row
            text = words.decode(row[: row.index(words.eos_token_id)] if ended else row, skip_special_tokens=True)
            found[chosen[k // each]].append(Answer(text=text.strip(), ended=ended))
        seen(len(chosen))
    return found
