"""The preference stage: pairs, a reward model, DPO, and what each was good for, measured on prompts held out.

Under `<out>/preference/`: `pairs/` (answers, pairs to learn from and to measure with), `reward/` (the reward model),
`dpo/` (losses). The tutor's new weights are `<out>/preference-done.pt`, written last.
"""

import csv
import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import msgspec

from tutor.domain import Frozen
from tutor.errors import UserError
from tutor.i18n import tr, trn
from tutor.workshop import recipe
from tutor.workshop.preference import dpo, feedback, judging, models, pairs, prompts, reward, runs
from tutor.workshop.preference.judging import Answer
from tutor.workshop.preference.pairs import Pair
from tutor.workshop.preference.prompts import Asked
from tutor.workshop.preference.settings import PreferenceSettings
from tutor.workshop.progress import Progress
from tutor.workshop.training import group, loop, network

NAME = "preference"
FEWEST = 8
"""Pairs to learn from; fewer teach nothing."""
MEASURED = 60
"""Held-out prompts that are answered before and after."""

Say = Callable[[str], None]


class Drawn(Frozen):
    """A line of `answers.jsonl`."""

    asked: Asked
    answers: tuple[Answer, ...]


def run(settings: PreferenceSettings, out: Path, say: Say, *, shape: recipe.Network | None = None) -> dict[str, Any]:
    """Do all of it and give the figures. Parts that a stopped run finished with the same settings are passed over.

    Several processes share one results' folder. Raises UserError for files that cannot be read, where there are too few
    pairs, and where a process has a folder of its own.
    """
    machine = group.place()
    words = models.words_of(out)
    tutor = models.tutor_of(out, settings.start, shape or recipe.Network())
    folder = out / NAME
    first = digest(tutor)
    if machine.is_main_process:
        gather(settings, out, folder / "pairs", tutor, words, first, say)
    machine.wait_for_everyone()
    one_folder(folder / "pairs")
    drawn = read_drawn(folder / "pairs")
    learn, held = (pairs.read(folder / "pairs" / f"{name}.jsonl") for name in ("learn", "held"))
    figures: dict[str, Any] = {
        "pairs": dict(Counter(pair.source for pair in learn + held)),
        "pairs_to_learn_from": len(learn),
        "pairs_held_out": len(held),
    }
    if settings.reward or settings.judge == "reward":
        judge = rewarded(settings, folder / "reward", tutor, words, learn, key(settings, first, learn), say)
        figures["reward"] = measure_reward(judge, words, held, [d for d in drawn if is_held(d, settings)])
        if settings.judge == "reward":
            learn = against(judge, words, [d for d in drawn if not is_held(d, settings)], settings.least)
            figures["pairs_by_reward"] = len(learn)
            enough(learn)
    reference = deepcopy(tutor)
    asked = [d.asked for d in drawn if is_held(d, settings)][:MEASURED]
    before = measure_tutor(tutor, words, held, asked, settings)
    say(trn("Learning from one pair.", "Learning from {n} pairs.", len(learn)))
    if machine.is_main_process:
        runs.prepared(folder / "dpo", key(settings, first, learn))
    machine.wait_for_everyone()
    losses = dpo.train(
        tutor,
        reference,
        words,
        learn,
        folder / "dpo",
        beta=settings.beta,
        anchor=settings.anchor,
        rate=settings.rate,
        epochs=settings.epochs,
        batch=settings.batch,
        seed=settings.seed,
        save_every=settings.save_every,
        bf16=settings.bf16,
    )
    figures["before"], figures["after"] = before, measure_tutor(tutor, words, held, asked, settings)
    figures["reference_unchanged"] = digest(reference) == first
    if machine.is_main_process:
        table(losses, folder / "dpo" / "losses.csv")
        loop.save({name: part.cpu() for name, part in tutor.state_dict().items()}, network.weights_file(out, NAME))
    machine.wait_for_everyone()
    return figures


def gather(settings: PreferenceSettings, out: Path, folder: Path, tutor: Any, words: Any, first: str, say: Say) -> None:
    """`answers.jsonl`, `learn.jsonl`, `held.jsonl`: from files, from ratings, and from the tutor's own answers."""
    runs.prepared(folder, key(msgspec.structs.replace(settings, **_OF_TRAINING), first, _files(settings, out)))
    if (folder / "learn.jsonl").exists():
        say(tr("The pairs are there already."))
        return
    found: list[Pair] = []
    disliked: list[tuple[Asked, str]] = []
    for name in settings.files:
        path = out / name
        if path.suffix == ".jsonl":
            found += pairs.read(path)
            continue
        said = feedback.read(path)
        found += said.pairs
        disliked += said.disliked
        for reason, count in said.dropped.items():
            say(tr("{file}: {count} left out ({reason})", file=path.name, count=count, reason=reason))
    asked: list[Asked] = []
    if settings.prompts:
        source = prompts.asked_of(out / settings.prompts, seed=settings.seed)
        asked = prompts.spread(source, settings.asked)
    everyone = [*asked, *(one for one, _ in disliked)]
    drawn: list[list[Answer]] = []
    if everyone:
        with Progress("preference: answers", len(everyone)) as progress:
            drawn = models.draw(
                tutor,
                words,
                [one.prompt for one in everyone],
                samples=settings.samples,
                temperature=settings.temperature,
                longest=settings.longest,
                seed=settings.seed,
                seen=progress.add,
            )
    for one, answers in zip(asked, drawn, strict=False):
        found += judging.judged_pairs(one, answers, each=settings.pairs_each, written=settings.written)
    for (one, text), answers in zip(disliked, drawn[len(asked) :], strict=True):
        found += judging.rated_pairs(one, text, answers)
    fit = models.fitting(tutor, words, pairs.cleaned(found))
    learn, held = pairs.divided(fit, settings.held)
    enough(learn)
    lines = [Drawn(asked=one, answers=tuple(answers)) for one, answers in zip(everyone, drawn, strict=True)]
    (folder / "answers.jsonl").write_bytes(b"\n".join(msgspec.json.encode(line) for line in lines))
    pairs.write(folder / "held.jsonl", held)
    pairs.write(folder / "learn.jsonl", learn)


def enough(learn: Sequence[Pair]) -> None:
    """Raises UserError when there is too little to learn from."""
    if len(learn) < FEWEST:
        raise UserError(
            tr(
                "There are only {count} preference pairs, and at least {least} are needed. Nothing was changed. Ask "
                "more turns or draw more answers ([preference] asked, samples, temperature), or add files of pairs; "
                "a tutor that makes no faults has nothing to learn here, so the stage may also be left out.",
                count=len(learn),
                least=FEWEST,
            ),
            code="too_few_pairs",
        )


def one_folder(folder: Path) -> None:
    """Raises UserError in all processes where one of them does not see what the first has just written."""
    own = pairs.digest(folder)
    seen = group.everyones(own)
    if len(set(seen)) > 1:
        raise UserError(
            tr(
                "This stage reads what its first process writes, and process {number} has another folder. The tutor "
                "is as it was. Run the stage on one computer, or in a folder that all of them share.",
                number=next(i for i, one in enumerate(seen) if one != seen[0]),
            ),
            code="not-one-folder",
        )


def rewarded(
    settings: PreferenceSettings, folder: Path, tutor: Any, words: Any, learn: list[Pair], mark: str, say: Say
) -> Any:
    """The reward model for these pairs, trained now or by an earlier run."""
    machine = group.place()
    if machine.is_main_process:
        runs.prepared(folder, mark)
    machine.wait_for_everyone()
    if (folder / "losses.csv").exists():
        return reward.load(folder)
    say(tr("Training the reward model."))
    judge = reward.network(tutor, words, seed=settings.seed)
    losses = reward.train(
        judge,
        words,
        learn,
        folder,
        rate=settings.reward_rate,
        epochs=settings.reward_epochs,
        batch=settings.batch,
        seed=settings.seed,
        save_every=settings.save_every,
        bf16=settings.bf16,
    )
    if machine.is_main_process:
        table(losses, folder / "losses.csv")
    machine.wait_for_everyone()
    return judge


def measure_reward(judge: Any, words: Any, held: list[Pair], drawn: Sequence[Drawn]) -> dict[str, float]:
    """Held-out pairs in the right order, and clean answers: the first one drawn against the best of all drawn."""
    figures: dict[str, float] = {}
    if held:
        figures["held_out_accuracy"] = round(reward.accuracy(judge, words, held), 4)
    if drawn:
        asked = [d.asked for d in drawn]
        best = [[reward.best_of(judge, words, d.asked.prompt, d.answers)] for d in drawn]
        figures["good_first"] = judging.shares(asked, [d.answers[:1] for d in drawn])["all"]
        figures["good_best"] = judging.shares(asked, best)["all"]
    return figures


def measure_tutor(
    tutor: Any, words: Any, held: list[Pair], asked: Sequence[Asked], settings: PreferenceSettings
) -> dict[str, Any]:
    """Margin on held-out pairs, and the share of clean answers to held-out prompts (greedy)."""
    figures: dict[str, Any] = {}
    if held:
        margin, share = dpo.margins(tutor, words, held)
        figures |= {"margin": round(margin, 4), "chosen_likelier": round(share, 4)}
    if asked:
        answers = models.draw(
            tutor,
            words,
            [one.prompt for one in asked],
            samples=1,
            temperature=0.0,
            longest=settings.longest,
            seed=settings.seed,
        )
        figures["good"] = judging.shares(asked, answers)
    return figures


def against(judge: Any, words: Any, drawn: Sequence[Drawn], least: float) -> list[Pair]:
    """The reward model's own order of the answers, as pairs."""
    found: list[Pair] = []
    for line in drawn:
        worth = reward.scores(judge, words, line.asked.prompt, [a.text for a in line.answers])
        found += judging.ordered_pairs(line.asked, line.answers, worth, least=least)
    return pairs.cleaned(found)


def is_held(drawn: Drawn, settings: PreferenceSettings) -> bool:
    """Whether the prompt is one of those to measure with."""
    return pairs.is_held(drawn.asked.prompt, settings.held)


def read_drawn(folder: Path) -> list[Drawn]:
    return [
        msgspec.json.decode(line, type=Drawn) for line in (folder / "answers.jsonl").read_bytes().splitlines() if line
    ]


def table(losses: list[dict[str, float]], path: Path) -> None:
    """What was logged, a line each, as CSV."""
    names = list(dict.fromkeys(name for row in losses for name in row))
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.DictWriter(file, names)
        rows.writeheader()
        rows.writerows(losses)


def digest(model: Any) -> str:
    """A hash of a network's weights."""
    found = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        found.update(name.encode() + tensor.detach().float().cpu().contiguous().numpy().tobytes())
    return found.hexdigest()


def key(*parts: Any) -> str:
    """A hash of anything that msgspec can write."""
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


_OF_TRAINING: dict[str, Any] = {
    name: getattr(PreferenceSettings(), name)
    for name in (
        "reward",
        "reward_rate",
        "reward_epochs",
        "judge",
        "least",
        "beta",
        "anchor",
        "rate",
        "epochs",
        "batch",
        "save_every",
        "bf16",
    )
}
"""Settings that the pairs do not hang on, put back to their defaults before they are named by a hash."""


def _files(settings: PreferenceSettings, out: Path) -> list[str]:
    names = [*settings.files, *([settings.prompts] if settings.prompts else [])]
    for name in names:
        if not (out / name).exists():
            raise UserError(
                tr(
                    "{file} is not there. Nothing was changed. Run the stage that makes it, or correct the name in "
                    "the recipe ([preference] files and prompts).",
                    file=out / name,
                ),
                code="no_file",
            )
    return [hashlib.sha256((out / name).read_bytes()).hexdigest() for name in names]
