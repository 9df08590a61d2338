"""The exact tokens with which the engine would put a question to the base model today, and those of an answer.

Everything comes from the engine's own code: facts, intent, policy, notes, the file's chat template, llama.cpp's
tokenizer. So what is trained is what is asked later; a question that the policy redirects is trained in that very
place. The same class answers questions, for replay, for the search and for judging.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Self

from tutor.domain import Generation, Remembered, TutoringState
from tutor.engine import gguf_file, memory
from tutor.engine.gguf_file import Header
from tutor.engine.llama import Interrupt, Model
from tutor.engine.prompt import PromptBuilder
from tutor.engine.protocol import Past
from tutor.engine.template import Template
from tutor.engine.word_sums import WordSums
from tutor.errors import UserError
from tutor.tutoring import facts, policy, word_sums
from tutor.tutoring.adapted import by_adapter
from tutor.tutoring.guidelines import DEFAULT
from tutor.tutoring.intent import IntentRecogniser

GREEDY: Final = Generation(temperature=0.0, repeat_penalty=1.0)
USUAL: Final = Generation(seed=11)
"""As the program decodes by default, with a seed."""
CONTEXT: Final = 2048
"""Tokens of context that short questions and answers need."""


class Prompts:
    """One base model opened in llama.cpp. Belongs to one thread; `interrupt` alone may be set from another."""

    def __init__(
        self, model: Model, header: Header, recogniser: IntentRecogniser, *, guidelines: str = DEFAULT
    ) -> None:
        """Raises UserError (code `no_template`) when the file cannot hold a conversation."""
        self.model, self.header, self.guidelines = model, header, guidelines
        self.scope = header.text("tutor.scope")
        self._recogniser = recogniser
        self._template = Template(
            header.text("tokenizer.chat_template"),
            path=header.path,
            bos=model.text_of("bos"),
            eos=model.text_of("eos"),
        )
        self._builder = PromptBuilder(model, self._template)
        self._sums = WordSums(model, self._builder, header, scope=self.scope)
        self.end = self._end()

    @classmethod
    def open(
        cls,
        base: Path,
        *,
        guidelines: str = DEFAULT,
        threads: int = 0,
        gpu: bool = False,
        interrupt: Interrupt | None = None,
        embed: bool = True,
    ) -> Self:
        """Open a GGUF file. Without `embed`, or where no encoder is installed, intent goes by rules, as in the engine.

        Raises UserError when the file cannot be used or memory does not do.
        """
        header = gguf_file.read(base)
        n_ctx = memory.context_length(header, CONTEXT)
        model = Model(header, n_ctx=n_ctx, gpu=gpu, threads=threads, interrupt=interrupt)
        try:
            return cls(model, header, recogniser(embed), guidelines=guidelines)
        except BaseException:
            model.close()
            raise

    def plan(
        self, question: str, *, remembered: Sequence[Remembered] = (), state: TutoringState | None = None
    ) -> policy.Plan:
        """The tutor's move for a question, and the notes that go with it. Without `state` it opens a conversation."""
        state = state or TutoringState()
        found = facts.facts_in(question)
        intent, _sure = self._recogniser.recognise(question, facts=found, state=state)
        told = word_sums.is_story(question, found)
        if told:
            worked = self._sums.fact(question)
            found = (worked,) if worked is not None else ()
        return policy.decide(
            question,
            intent=intent,
            facts=found,
            state=state,
            scope=self.scope,
            story=told and not found,
            remembered=remembered,
        )

    def adapted(self, plan: policy.Plan, words: str) -> bool:
        """Whether an adapter words the answer to a plan, so that there is something to learn or to keep."""
        return bool(plan.notes) and not plan.by_people and by_adapter(plan.move, words, self.scope)

    def prompt(
        self, question: str, *, remembered: Sequence[Remembered] = (), history: Sequence[Past] = ()
    ) -> list[int]:
        """Tokens up to where the answer begins. Moves that people word have no notes, as in the engine."""
        notes = self.plan(question, remembered=remembered).notes
        return self._builder.ask(self.guidelines, history, question, notes)

    def noted(self, words: str, notes: str, *, history: Sequence[Past] = ()) -> list[int]:
        """Tokens of a prompt whose notes are known already."""
        return self._builder.ask(self.guidelines, history, words, notes)

    def answer(self, text: str) -> list[int]:
        """Tokens of an answer, with the one that ends the model's turn."""
        return [*self.model.tokenize(text.strip()), self.end]

    def generate(
        self,
        prompt: Sequence[int],
        *,
        generation: Generation = GREEDY,
        most: int = 160,
        seed: int = 11,
        stopped: Callable[[], bool] = lambda: False,
    ) -> list[int]:
        """Tokens that the model answers with; the one that ends its turn is the last, unless `most` came first.

        Raises Interrupted, BadNumbers, and UserError (`engine`).
        """
        model = self.model
        room = min(most, model.n_ctx - len(prompt) - 1)
        model.evaluate(prompt)
        sampler = model.sampler(generation, seed)
        out: list[int] = []
        try:
            while len(out) < room and not stopped():
                token = model.sample(sampler)
                out.append(token)
                if model.ends(token):
                    break
                model.append(token)
        finally:
            sampler.close()
        return out

    def text(self, tokens: Sequence[int]) -> str:
        """The words of tokens; what ends a turn has none."""
        words = b"".join(self.model.piece(t) for t in tokens if not self.model.ends(t))
        return words.decode("utf-8", errors="replace").strip()

    def close(self) -> None:
        self.model.close()

    def _end(self) -> int:
        """The token with which the template ends what the model said; the vocabulary's own end where it has none."""
        special = self.model.special_tokens()
        pieces = self._template.pieces(("user", "assistant"), answering=False)
        after = pieces[pieces.index(1) + 1 :]
        text = after[0] if after and isinstance(after[0], str) else ""
        at = {text.index(name): token for name, (token, _) in special.items() if name and name in text}
        for place in sorted(at):
            if self.model.ends(at[place]):
                return at[place]
        eos = self.model.text_of("eos")
        if eos not in special:
            raise UserError(f"{self.header.path}: no end token", code="no_template")
        return special[eos][0]


def recogniser(embed: bool) -> IntentRecogniser:
    """Intent as in the engine: by the encoder where it is installed, else by rules alone."""
    if not embed:
        return IntentRecogniser(None)
    from tutor.retrieval.embedder import Embedder

    try:
        return IntentRecogniser(Embedder.load().embed)
    except UserError:
        return IntentRecogniser(None)
