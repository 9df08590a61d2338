"""One model's evaluation: which parts it has, in order, and what they come to together."""

import importlib.metadata
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from tutor.checksum import sha256_of
from tutor.domain import Frozen, Generation, Verdict
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.retrieval import embedder
from tutor.tutoring import word_reader
from tutor.workshop import manifest
from tutor.workshop.evaluation import (
    bias,
    fluency,
    generate,
    perplexity,
    replies,
    safety,
    tasks,
    tasks_figures,
    tasks_measure,
    teaching,
)
from tutor.workshop.evaluation.generate import GREEDY, Named, Said
from tutor.workshop.evaluation.measures import BiasTest, Measure
from tutor.workshop.evaluation.parts import Part
from tutor.workshop.evaluation.replies import Asked, Judged
from tutor.workshop.evaluation.settings import EvaluateSettings, model_file
from tutor.workshop.evaluation.tasks_measure import Answered, Told
from tutor.workshop.evaluation.tools import Tools
from tutor.workshop.writing.conversations import Talk

PACKAGES: Final = ("llama-cpp-python", "torch", "sentence-transformers", "numpy", "tutor")
_LONG: Final = 4
"""Turns from which a conversation counts as a whole one."""
_SHOWN: Final = 10
"""Conversations that the model card prints."""


class Summed(Frozen):
    """What all replies together come to in one respect."""

    measures: tuple[Measure, ...]
    faults: dict[str, int]
    spread: tuple[float, ...]
    """A value for each reply, for a histogram."""


class Spoken(Frozen):
    """The replies that a sum is made of, and how it is made: a change of either makes it anew."""

    talks: list[list[Said]]
    seed: int
    draws: int


class Measuring:
    """The parts of an evaluation. Raises UserError where a file is missing or cannot be read."""

    def __init__(self, settings: EvaluateSettings, out: Path, talks: Sequence[Talk]) -> None:
        self.settings = settings
        self.file = model_file(settings, out)
        if not self.file.exists():
            raise UserError(
                tr("There is no model to judge at {file}. Run the export stage first, or name one.", file=self.file),
                code="no_model",
            )
        self.sha256 = sha256_of(self.file)
        self.tools = Tools(settings, self.file)
        self.talks = generate.named(talks)
        self._scripts, self._stories = self._scripted()
        self.name = self.file.stem
        self.parts: tuple[Part[Any, Any], ...] = (*self._reading(), *self._conversing(), *self._tasks())

    def key(self) -> str:
        """Of everything that shapes what is measured, besides the units themselves."""
        inputs = {
            "model": self.sha256,
            "safety": manifest.sha256(self.tools.safety_folder),
            "encoder": manifest.sha256(embedder.model_folder()),
            "reader": sha256_of(word_reader.FILE),
        }
        return manifest.key({"context": self.settings.context, "packages": packages()}, inputs)

    def look_up_name(self) -> None:
        """What the file calls itself, while it is open or by opening it."""
        self.name = str(self.tools.llama().metadata.get("general.name") or self.file.stem)

    # --- the parts, in the order in which they are measured --------------------------------------------------------

    def _reading(self) -> list[Part[Any, Any]]:
        """What needs every token's likelihood."""
        of, tools = self.settings, self.tools
        self.likelihoods: Part[Named, perplexity.Likelihood] = Part(
            "perplexity",
            tr("perplexity"),
            lambda: self.talks[: of.perplexity],
            lambda one: perplexity.likelihood(tools.llama(logits=True), one.name, one.talk),
            perplexity.Likelihood,
            cost=lambda one: 1,
        )
        self.told: Part[tasks.Script, Told] = Part(
            "stories",
            tr("word problems"),
            lambda: self._stories,
            lambda script: tasks_measure.tell(tools.llama(logits=True), script, tools.read_story),
            Told,
            cost=lambda script: 1,
        )
        return [self.likelihoods, self.told]

    def _conversing(self) -> list[Part[Any, Any]]:
        of, tools = self.settings, self.tools
        self.said: Part[Named, list[Said]] = Part(
            "conversations",
            tr("conversations"),
            lambda: self.talks[: of.conversations],
            lambda one: generate.carried_on(tools.llama(), one),
            list[Said],
            cost=lambda one: len(one.talk.turns),
        )
        self.fluency: Part[Spoken, Summed] = Part(
            "fluency", tr("fluency"), self._spoken, lambda spoken: self._summed(fluency.measured, spoken), Summed
        )
        self.teaching: Part[Spoken, Summed] = Part(
            "teaching", tr("teaching"), self._spoken, lambda spoken: self._summed(teaching.measured, spoken), Summed
        )
        self.verdicts: Part[list[Said], list[Verdict]] = Part(
            "safety",
            tr("safety"),
            lambda: self.said.found,
            lambda talk: safety.judge(tools.moderator, talk),
            list[Verdict],
        )
        self.provoked: Part[tuple[str, str], list[safety.Provoked]] = Part(
            "provoked",
            tr("provoking messages"),
            lambda: safety.messages() if of.provoked else [],
            lambda one: safety.provoke(tools.llama(), tools.moderator, *one),
            list[safety.Provoked],
            cost=lambda one: 2,
        )
        self.swapped: Part[bias.Swap, bias.Gaps] = Part(
            "bias",
            tr("swapped pairs"),
            lambda: bias.swaps(of.bias_problems, of.bias_values) if of.bias_problems else [],
            lambda swap: bias.gaps(bias.Listener(tools.llama(), tools.listening), swap),
            bias.Gaps,
            cost=lambda swap: 1 + len(swap.others),
        )
        return [self.said, self.fluency, self.teaching, self.verdicts, self.provoked, self.swapped]

    def _tasks(self) -> list[Part[Any, Any]]:
        of, tools = self.settings, self.tools
        wanted = of.tasks
        named = [(one.name, one.talk) for one in self.talks]
        self.asked = replies.asked(named, each=of.task_replies) if wanted else []
        self.asked_greedily = replies.asked(named, each=of.task_replies // 2) if wanted else []
        long = [one for one in self.talks if len(one.talk.turns) >= _LONG]
        self.whole = long[: of.task_conversations] if wanted else []
        program = Generation()

        def single(name: str, title: str, asked: list[Asked], settings: Generation) -> Part[Asked, Judged]:
            return Part(
                name,
                title,
                lambda: asked,
                lambda one: replies.judged(tools.llama(), one.chat, one.turn, one.depth, settings),
                Judged,
                cost=lambda one: 1,
            )

        self.by_default = single("replies", tr("single replies"), self.asked, program)
        self.greedily = single("replies-greedy", tr("likeliest replies"), self.asked_greedily, GREEDY)
        both = {one.name: one for one in (*self.whole, *self._printed())}
        self.rolled: Part[Named, list[Judged]] = Part(
            "whole",
            tr("whole conversations"),
            lambda: list(both.values()),
            lambda one: replies.rolled(tools.llama(), one.talk, program),
            list[Judged],
            cost=lambda one: len(one.talk.turns),
        )
        self.driven: Part[tasks.Script, list[Answered]] = Part(
            "scripts",
            tr("scripted conversations"),
            lambda: self._scripts,
            lambda script: tasks_measure.drive(tools.llama(), script, tools.recogniser, program),
            list[Answered],
            cost=lambda script: len(script.steps),
        )
        return [self.by_default, self.greedily, self.rolled, self.driven]

    # --- what they come to ------------------------------------------------------------------------------------------

    def measures(self) -> tuple[Measure, ...]:
        """Every figure, once the parts are done."""
        size: dict[str, Any] = {"seed": self.settings.seed, "draws": self.settings.draws}
        found: list[Measure] = []
        if self.settings.tasks:
            found += tasks_figures.measured(
                list(zip(self._scripts, self.driven.found, strict=True)),
                list(zip(self._stories, self.told.found, strict=True)),
                **size,
            )
            found += tasks_figures.of_replies(
                list(zip(self.asked, self.by_default.found, strict=True)),
                list(zip(self.asked_greedily, self.greedily.found, strict=True)),
                self._in_talks(self.whole),
                **size,
            )
        if self.likelihoods.found:
            found += perplexity.measured(self.likelihoods.found, **size)
        for summed in (*self.fluency.found, *self.teaching.found):
            found += summed.measures
        if self.said.found or self.provoked.found:
            found += self._safe()[0]
        return tuple(found)

    def bias(self) -> tuple[BiasTest, ...]:
        if not self.swapped.found:
            return ()
        swaps = bias.swaps(self.settings.bias_problems, self.settings.bias_values)
        gathered = bias.gathered(zip(swaps, self.swapped.found, strict=True))
        return tuple(bias.tested(gathered, seed=self.settings.seed, draws=self.settings.draws))

    def faults(self) -> dict[str, dict[str, int]]:
        """Section, then what was found, then how often."""
        found = {}
        if self.driven.found:
            found["tasks"] = dict(tasks_measure.worst(self.driven.found).most_common())
        found |= {name: dict(summed.faults) for name, summed in self._sums()}
        if self.said.found or self.provoked.found:
            found["safety"] = self._safe()[1]
        return found

    def spreads(self) -> dict[str, tuple[float, ...]]:
        """For histograms."""
        axes = {"fluency": "likeness", "teaching": "words"}
        return {axes[name]: summed.spread for name, summed in self._sums()}

    def task_report(self) -> dict[str, Any]:
        """What `evaluation.json` holds; nothing where no tasks were wanted."""
        if not self.settings.tasks:
            return {}
        of_scripts = tasks_measure.report(self.driven.found, self.told.found)
        in_talks = [turns for _, turns in self._in_talks(self.whole)]
        return replies.report(self.by_default.found, self.greedily.found, in_talks, of_scripts)

    def task_replies(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """What `judged.json` and `tasks-replies.json` hold: every reply, to be read."""
        judged = {
            "single": self.by_default.found,
            "greedy": self.greedily.found,
            "conversations": [turns for _, turns in self._in_talks(self.whole)],
            "shown": [turns for _, turns in self._in_talks(self._printed())],
        }
        return judged, {"talks": self.driven.found, "stories": self.told.found}

    def _printed(self) -> Sequence[Named]:
        """The first conversations, which the model card prints."""
        return self.talks[:_SHOWN] if self.settings.tasks else []

    def _in_talks(self, wanted: Sequence[Named]) -> list[tuple[str, list[Judged]]]:
        """Conversations by name with the model's replies in them."""
        found = {one.name: turns for one, turns in zip(self.rolled.units(), self.rolled.found, strict=True)}
        return [(one.name, found[one.name]) for one in wanted]

    def _scripted(self) -> tuple[list[tasks.Script], list[tasks.Script]]:
        of = self.settings
        return tasks_measure.scripts(of.task_scripts, begging=of.task_begging) if of.tasks else ([], [])

    def _spoken(self) -> list[Spoken]:
        of = self.settings
        return [Spoken(talks=self.said.found, seed=of.seed, draws=of.draws)] if self.said.found else []

    def _summed(self, measured: Any, spoken: Spoken) -> Summed:
        made, faults, spread = measured(spoken.talks, self.tools.embedder.embed, seed=spoken.seed, draws=spoken.draws)
        return Summed(measures=tuple(made), faults=faults, spread=tuple(spread))

    def _sums(self) -> list[tuple[str, Summed]]:
        parts = (("fluency", self.fluency), ("teaching", self.teaching))
        return [(name, summed) for name, part in parts for summed in part.found]

    def _safe(self) -> tuple[list[Measure], dict[str, int]]:
        judged = [
            pair
            for talk, verdicts in zip(self.said.found, self.verdicts.found, strict=True)
            for pair in zip(talk, verdicts, strict=True)
        ]
        provoked = [one for both in self.provoked.found for one in both]
        return safety.measured(judged, provoked, seed=self.settings.seed, draws=self.settings.draws)


def packages() -> dict[str, str]:
    """Versions of what measures."""
    return {name: importlib.metadata.version(name) for name in PACKAGES}
