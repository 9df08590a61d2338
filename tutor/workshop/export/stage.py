"""The export stage: 16-bit GGUF, comparison of llama.cpp with torch, then the file in the recipe's type."""

import json
from typing import Any

from tutor.i18n import tr
from tutor.workshop.export import agreement, gguf_writer
from tutor.workshop.stages import MODEL, UNQUANTIZED, StageContext, texts, weights_before
from tutor.workshop.training import network, tokenizer


def run(context: StageContext) -> dict[str, Any]:
    """Leaves the model, its 16-bit form, `agreement.json` and `numbers.json`. Raises UserError when they disagree."""
    out, made = context.out, context.recipe
    words = tokenizer.load(out)
    fresh = network.fresh(made.network, vocabulary=words.get_vocab_size(), seed=made.seed)
    model = network.load(fresh, network.weights_file(out, weights_before(made, "export")))
    numbers = {"parameters": sum(p.numel() for p in model.parameters()), "vocabulary": words.get_vocab_size()}
    (out / "numbers.json").write_text(json.dumps(numbers), encoding="utf-8")
    gguf_writer.write(model, words, out / UNQUANTIZED, made)
    context.say(tr("export: compares llama.cpp with torch"))
    names = ("held.jsonl",) if made.text else texts(made, "finetune")
    same = agreement.report(model, words, out, names=names, texts=made.export.texts, rows=made.export.rows)
    gguf_writer.quantize(out / UNQUANTIZED, out / MODEL, kind=made.export.type, threads=context.threads)
    return {**numbers, **same, "bytes": (out / MODEL).stat().st_size}
