"""The three training stages: pretraining, fine-tuning on conversations, practice on exchanges full of numbers."""

from typing import Any

import numpy as np
import torch
from accelerate import Accelerator

from tutor.workshop import curves, recipe
from tutor.workshop.stages import StageContext, texts, weights_before
from tutor.workshop.training import batches, loop, network, packing, tokenizer
from tutor.workshop.training.batches import Batch, Batches


def pretrain(context: StageContext) -> dict[str, Any]:
    """Everything counts, in windows cut across documents."""
    part = Part(context)
    settings = context.recipe.pretrain
    tokens, weights = part.pack("pretrain", others=1.0)
    source = part.windows(tokens, weights, settings, seed=1)
    return part.read("pretrain", part.network(), source, settings)


def finetune(context: StageContext) -> dict[str, Any]:
    """The tutor's words count most: first in windows still, then in whole conversations, as at run time."""
    part = Part(context)
    settings = context.recipe.finetune
    tokens, weights = part.pack("finetune", others=settings.windows_others)
    model = part.network(after="finetune")
    figures = {}
    if settings.windows_tokens:
        source = part.windows(tokens, weights, settings, seed=2)
        name = "finetune-windows"
        figures["windows"] = part.read(name, model, source, settings, tokens=settings.windows_tokens)
    weights = np.where(weights == 1.0, weights, np.float32(settings.others))
    source = part.documents(tokens, weights, settings, seed=3)
    return figures | part.read("finetune", model, source, settings)


def practise(context: StageContext) -> dict[str, Any]:
    """Single exchanges full of numbers, mixed with conversations, until the notes are copied exactly."""
    part = Part(context)
    settings = context.recipe.practise or recipe.Practise()
    tokens, weights = part.pack("practise", others=settings.others)
    source = part.documents(tokens, weights, settings, seed=4)
    return part.read("practise", part.network(after="practise"), source, settings)


class Part:
    """This process's part of a training stage: what it reads, and where it leaves the weights."""

    def __init__(self, context: StageContext) -> None:
        self.context, self.out = context, context.out
        torch.set_num_threads(context.threads)
        self.place: Accelerator = loop.accelerator()
        self.words = tokenizer.load(context.out)
        self.rank, self.world = self.place.process_index, self.place.num_processes

    def network(self, *, after: str = "") -> Any:
        """Fresh, or with the weights that the stage `after` goes on from."""
        made = context_network(self.context)
        if not after:
            return made
        return network.load(made, network.weights_file(self.out, weights_before(self.context.recipe, after)))

    def pack(self, stage: str, *, others: float) -> tuple[np.ndarray, np.ndarray]:
        paths = [self.out / name for name in texts(self.context.recipe, stage)]
        return packing.pack(paths, self.words, others=others)

    def windows(self, tokens: np.ndarray, weights: np.ndarray, settings: recipe.Reading, *, seed: int) -> Batches:
        return batches.windows(
            tokens,
            weights,
            context=self.context.recipe.network.context,
            batch=settings.batch,
            seed=self.context.recipe.seed + seed,
            rank=self.rank,
            world=self.world,
        )

    def documents(self, tokens: np.ndarray, weights: np.ndarray, settings: recipe.Reading, *, seed: int) -> Batches:
        return batches.documents(
            tokens,
            weights,
            end=packing.number_of(self.words, recipe.END),
            context=self.context.recipe.network.context,
            batch=settings.batch,
            seed=self.context.recipe.seed + seed,
            rank=self.rank,
            world=self.world,
        )

    def held(self, settings: recipe.Reading) -> list[Batch]:
        """Conversations about problems that are never trained on, where there are such; the tutor's words count."""
        path = self.out / "held.jsonl"
        if not path.exists():
            return []
        tokens, weights = packing.pack(path, self.words, others=0.0, most=settings.held_tokens)
        return batches.in_order(
            tokens,
            weights,
            context=self.context.recipe.network.context,
            most=settings.held_tokens,
            rank=self.rank,
            world=self.world,
        )

    def read(
        self, name: str, model: Any, source: Batches, settings: recipe.Reading, *, tokens: int | None = None
    ) -> dict[str, Any]:
        """Train, and leave `NAME-done.pt` and the loss curve; gives the figures."""
        room = settings.batch * self.context.recipe.network.context
        state = self.out / f"{name}-state.pt"
        curve = loop.read(
            model,
            source,
            name=name,
            steps=max(1, (tokens or settings.tokens) // room),
            peak=settings.rate,
            warmup=settings.warmup,
            weight_decay=settings.weight_decay,
            let_down=name in ("finetune", "practise"),
            held=self.held(settings),
            held_every=settings.held_every,
            state=state,
            key=self.context.key,
            place=self.place,
        )
        if self.place.is_main_process:
            curves.write(curve, name, self.out)
            loop.save(model.state_dict(), network.weights_file(self.out, name))
        self.place.wait_for_everyone()
        return {"processes": self.world, **curve.figures()}


def context_network(context: StageContext) -> Any:
    """The recipe's network with fresh weights, for the tokenizer in the results' folder."""
    vocabulary = tokenizer.load(context.out).get_vocab_size()
    return network.fresh(context.recipe.network, vocabulary=vocabulary, seed=context.recipe.seed)
