"""The engine in this process, answering one question at a time: with and without the adapter, with and without memory.

What a learner would see goes through the engine's own code with all its checks. What the model alone would say, had
every other guard failed, is decoded from the same prompts without them.
"""

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from tutor import paths
from tutor.domain import Action, AgeBand, Direction, Fact, Generation, Remembered, Reply, TutoringState, Verdict
from tutor.engine.checking import Checker
from tutor.engine.llama import Interrupt
from tutor.engine.loaded import Loaded
from tutor.engine.prompt import PromptBuilder
from tutor.engine.protocol import Ask, Load, Past, UseAdapter
from tutor.engine.template import Template
from tutor.errors import UserError
from tutor.tutoring.adapted import by_adapter
from tutor.tutoring.guidelines import DEFAULT

GREEDY: Final = Generation(temperature=0.0, seed=11, max_tokens=160)
"""The likeliest token each time: what differs then differs because of the adapter."""
_CONTEXT: Final = 2048
_UNFIT: Final = frozenset({"instruction", "control", "markup", "coded", "giving_answers", "unkind"})
"""What `moderation.orders` finds and no correction may teach."""


class Arms:
    """One base model, whose adapter is changed. One thread; raises what the engine raises (UserError, Interrupted)."""

    def __init__(self, loaded: Loaded, checker: Checker) -> None:
        """Use `open`, unless a test brings its own judges."""
        self.loaded, self._checker = loaded, checker
        model = loaded.model
        template = Template(
            model.header.text("tokenizer.chat_template"),
            path=model.header.path,
            bos=model.text_of("bos"),
            eos=model.text_of("eos"),
        )
        self._builder = PromptBuilder(model, template)
        self._scope = model.header.text("tutor.scope")

    @classmethod
    def open(
        cls,
        base: Path,
        *,
        gpu: bool = True,
        threads: int = 0,
        interrupt: Interrupt | None = None,
        safety: Path | None = None,
    ) -> Self:
        """Open the model, the safety classifier and the reading of intent. Raises UserError."""
        checker = Checker()
        checker.load(safety or paths.safety_model(), None).result()
        checker.load_rules().result()
        checker.load_embedder(lambda _error: None)
        with contextlib.suppress(UserError):  # without it intent goes by rules, as in the engine
            checker.embed(("hello",))
        load = Load(model=str(base), safety="", n_ctx=_CONTEXT, gpu=gpu, threads=threads)
        try:
            loaded = Loaded(load, checker, interrupt or Interrupt(), lambda _event: None, lambda _fraction: None)
        except UserError:
            checker.close()
            raise
        return cls(loaded, checker)

    def embed(self, texts: Sequence[str]) -> list[npt.NDArray[np.float32]]:
        """Vectors of length 1, one a text; none at all where no encoder is installed."""
        try:
            return [np.frombuffer(row, dtype="<f4") for row in self._checker.embed(texts)]
        except UserError:
            return []

    def use(self, adapter: Path | None) -> None:
        """Answer with this adapter from now on, None: as the base. Raises UserError (code `adapter`)."""
        self.loaded.use(UseAdapter(id=0, path=str(adapter or "")))

    def answer(
        self,
        question: str,
        *,
        remembered: Sequence[Remembered] = (),
        state: TutoringState | None = None,
        history: Sequence[Past] = (),
    ) -> Reply:
        """The reply as a learner would see it."""
        ask = Ask(
            id=1,
            text=question,
            guidelines=DEFAULT,
            generation=GREEDY,
            remembered=tuple(remembered),
            state=state or TutoringState(),
            history=tuple(history),
        )
        return self.loaded.answerer.answer(ask)

    def talk(self, turns: Sequence[str]) -> list[tuple[Reply, tuple[Past, ...]]]:
        """The replies to the turns of one conversation, each with the history that it had."""
        state, history = TutoringState(), tuple[Past, ...]()
        talked = []
        for words in turns:
            reply = self.answer(words, state=state, history=history)
            talked.append((reply, history))
            state = reply.state
            if reply.in_history:
                history += (Past(learner=words, notes=reply.notes, tutor=reply.text),)
        return talked

    def learns(self, question: str, reply: Reply) -> bool:
        """Whether a training teaches an adapter to answer there: no correction of other questions is read by it."""
        return reply.move is None or by_adapter(reply.move, question, self._scope)

    def awake(self) -> contextlib.AbstractContextManager[str]:
        """Meanwhile the adapter in use speaks whatever is asked; on a narrow model it rests otherwise."""
        return self.loaded.answerer.adapted(True)

    def prompt(self, words: str, notes: str, history: Sequence[Past] = ()) -> list[int]:
        """Tokens of the prompt, up to where the answer begins."""
        return self._builder.ask(DEFAULT, history, words, notes)

    def decode(self, prompt: Sequence[int], most: int = GREEDY.max_tokens) -> list[int]:
        """The likeliest tokens after a prompt, without what ends the turn: the model alone, unchecked."""
        model = self.loaded.model
        model.evaluate(prompt)
        sampler = model.sampler(GREEDY, 11)
        out: list[int] = []
        try:
            while len(out) < min(most, model.n_ctx - len(prompt) - 1):
                token = model.sample(sampler)
                if model.ends(token):
                    break
                out.append(token)
                model.append(token)
        finally:
            sampler.close()
        return out

    def words(self, tokens: Sequence[int]) -> str:
        return b"".join(map(self.loaded.model.piece, tokens)).decode("utf-8", errors="replace").strip()

    def verdict(self, text: str, asked: str) -> Verdict:
        """Moderation of what the model said."""
        return self._checker.judge(text, Direction.OUTPUT, (asked,), AgeBand.A8_10).result()[0]

    def unfit(self, said: str, asked: str) -> bool:
        """Whether what the model alone said could not be taught: moderation stops it, a sum in it is wrong, it tells
        the tutor how to behave, gives answers away or is unkind about somebody."""
        from tutor.engine.vetting_sums import findings
        from tutor.moderation import orders

        if self.verdict(said, asked).action in (Action.BLOCK, Action.REFUSE, Action.SIGNPOST):
            return True
        told = (*orders.found(said), *orders.found(f"{asked} {said}"[: orders.MOST]))
        if any(each.firm or each.kind in _UNFIT for each in told):
            return True
        return any(finding.firm for finding in findings(asked, said, ()))

    def close(self) -> None:
        self.loaded.close()
        self._checker.close()


def open_fact(reply: Reply) -> Fact | None:
    """The problem that is open after a reply and not solved: its answer must not be given away."""
    return reply.state.problem if not reply.state.solved else None
