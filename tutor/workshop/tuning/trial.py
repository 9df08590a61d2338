"""One trial of a training stage: the stage's own loop and text, another rate, batch or size, and few tokens."""

from typing import Any

import msgspec

from tutor.errors import UserError
from tutor.i18n import tr
from tutor.workshop.recipe import Network, Recipe
from tutor.workshop.stages import StageContext
from tutor.workshop.training import batches, loop, stage
from tutor.workshop.tuning.search import Objective, Report
from tutor.workshop.tuning.settings import TuneSettings


def objective(context: StageContext, settings: TuneSettings) -> Objective:
    """The stage's held-out loss after `settings.tokens` tokens. Reads the text once, for all trials."""
    name = settings.stage
    section = getattr(context.recipe, name)
    others = 1.0 if name == "pretrain" else section.others
    part = stage.Part(context)
    tokens, weights = part.pack(name, others=others)
    held = part.held(section)
    if not held:  # no conversations were held out: the end of the text, which no trial reads
        width = context.recipe.network.context
        cut = max(width + 2, min(len(tokens) // 10, section.held_tokens))  # one window at least
        held = batches.in_order(tokens[-cut:], weights[-cut:], context=width, most=cut)
        tokens, weights = tokens[:-cut], weights[:-cut]

    def tried(params: dict[str, Any], report: Report) -> float:
        changed = msgspec.structs.replace(section, rate=params["rate"], batch=params.get("batch", section.batch))
        network = sized(context.recipe, params.get("size", ""))
        recipe = msgspec.structs.replace(context.recipe, network=network, **{name: changed})
        one = stage.Part(msgspec.structs.replace(context, recipe=recipe))
        source = one.windows if name == "pretrain" else one.documents
        steps = max(settings.looks, settings.tokens // (changed.batch * network.context))
        looks: list[float] = []

        def look(step: int, loss: float) -> None:
            looks.append(loss)
            report(len(looks), loss)

        loop.read(
            one.network(after="" if name == "pretrain" else name),
            source(tokens, weights, changed, seed=1),
            name=f"tune: {params}",
            steps=steps,
            peak=changed.rate,
            warmup=min(changed.warmup, steps // 10),
            weight_decay=changed.weight_decay,
            let_down=name != "pretrain",
            held=held,
            held_every=max(1, steps // settings.looks),
            watch=look,
            place=one.place,
        )
        return looks[-1]

    return tried


def sized(recipe: Recipe, size: str) -> Network:
    """The recipe's network in another size, such as `320x8`. Raises UserError for what is no size."""
    if not size:
        return recipe.network
    width, _, layers = size.partition("x")
    if not (width.isdigit() and layers.isdigit() and int(width) % 64 == 0 and int(width) and int(layers)):
        raise UserError(
            tr(
                "[tune] sizes: {size} is not a size. Nothing was changed. Write WIDTHxLAYERS with a width that is a "
                "multiple of 64, such as 320x8.",
                size=size,
            ),
            code="bad_size",
        )
    heads = int(width) // 64
    inner = -(-int(width) * 27 // 10 // 32) * 32
    return msgspec.structs.replace(
        recipe.network, width=int(width), layers=int(layers), heads=heads, kv_heads=heads, inner=inner
    )
