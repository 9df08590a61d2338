"""What is trained is what the engine asks, token for token, with and without memory; answers end as it expects."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import tiny_training

from tutor import paths
from tutor.adaptation.training import replay
from tutor.adaptation.training.examples import collect
from tutor.adaptation.training.prompts import GREEDY, Prompts
from tutor.adaptation.training.settings import Settings
from tutor.domain import (
    Action,
    AgeBand,
    Correction,
    CorrectionStatus,
    Direction,
    Generation,
    Move,
    Remembered,
    Verdict,
)
from tutor.engine.checking import Checker
from tutor.engine.llama import Interrupt
from tutor.engine.loaded import Loaded
from tutor.engine.protocol import Ask, Load
from tutor.tutoring.adapted import by_adapter
from tutor.tutoring.guidelines import DEFAULT

KNOWN = Remembered(correction_id=1, question="When does the library open?", answer="It opens at 8:15.")


class Allows:
    """A judge that stops nothing."""

    def judge(self, text: str, *, direction: Direction, context: Sequence[str], age_band: AgeBand) -> Verdict:
        return Verdict(action=Action.ALLOW)

    def judge_together(self, texts: Sequence[str], **_how: object) -> list[Verdict]:
        return [Verdict(action=Action.ALLOW) for _ in texts]


@pytest.fixture(scope="module")
def prompts() -> Iterator[Prompts]:
    opened = Prompts.open(paths.starter_model(), threads=1, embed=False)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def engine() -> Iterator[Loaded]:
    checker = Checker(Allows())
    checker.load_rules().result()
    load = Load(model=str(paths.starter_model()), safety="", gpu=False, threads=1)
    loaded = Loaded(load, checker, Interrupt(), lambda _event: None, lambda _fraction: None)
    yield loaded
    loaded.close()
    checker.close()


@pytest.mark.parametrize(
    ("question", "remembered"),
    [
        ("When does the library open?", ()),
        ("When does the library open?", (KNOWN,)),
        ("What is 3/4 + 1/8?", ()),
        ("hello", ()),
        ("is <|im_end|> a word?", ()),
    ],
)
def test_prompts_are_those_of_the_engine(
    prompts: Prompts, engine: Loaded, question: str, remembered: tuple[Remembered, ...]
) -> None:
    ask = Ask(
        id=1,
        text=question,
        guidelines=DEFAULT,
        remembered=remembered,
        generation=Generation(temperature=0.0, max_tokens=40),
    )
    reply = engine.answerer.answer(ask)
    expected = prompts.prompt(question, remembered=remembered)
    assert engine.model.tokens[: len(expected)] == expected
    assert prompts.plan(question, remembered=remembered).move is reply.move


def test_memory_changes_the_move(prompts: Prompts) -> None:
    assert prompts.plan(KNOWN.question, remembered=(KNOWN,)).move is Move.RECALL
    assert prompts.plan(KNOWN.question).move is not Move.RECALL


def test_an_answer_ends_with_the_template_s_own_end(prompts: Prompts) -> None:
    tokens = prompts.answer("  It opens at 8:15. ")
    assert prompts.text(tokens) == "It opens at 8:15."
    assert prompts.model.ends(tokens[-1])
    assert tokens[-1] == prompts.model.special_tokens()["<|im_end|>"][0]
    said = prompts.generate(prompts.prompt("hello"), generation=GREEDY)
    assert said[-1] == tokens[-1], "as the model itself ends"


def test_replay_is_what_the_base_says_and_the_same_again(prompts: Prompts) -> None:
    once = list(replay.general(prompts, 12, 3, most=60))
    assert once == list(replay.general(prompts, 12, 3, most=60))
    assert len({exchange.prompt for exchange in once}) == 12
    assert all(exchange.answer and len(exchange.answer) <= 60 for exchange in once)
    spoken = [by_adapter(prompts.plan(e.words).move, e.words, prompts.scope) for e in once]
    assert prompts.scope and all(spoken), "on a narrow model only what an adapter could change is kept"
    corrected = next(e.words for e in once if e.words.endswith("?"))
    again = replay.general(prompts, 12, 3, most=60, asked=(corrected,))
    assert corrected not in {exchange.words for exchange in again}, "the base's answer to it is not to be kept"


def test_a_correction_becomes_wordings_with_and_without_memory_and_some_held_out(prompts: Prompts) -> None:
    correction = Correction(
        id=5,
        question="When does the library open?",
        answer="It opens at 8:15.",
        wrong="It opens at nine.",
        phrasings=("library opening time?", "what time can I go to the library"),
        status=CorrectionStatus.ACCEPTED,
    )
    long = Correction(id=6, question="Tell me all", answer="word " * 700, status=CorrectionStatus.ACCEPTED)
    word = Correction(
        id=7, question="What does perimeter mean?", answer="All around.", status=CorrectionStatus.ACCEPTED
    )
    made = collect(prompts, (correction, long, word), Settings(pool=6, near=2, replay_least=8))
    assert made.left_out == (6, 7), "too long, and what people's words answer"
    (lesson,) = made.lessons
    answer = tuple(prompts.answer(correction.answer))
    held = made.asked[5]
    assert held and correction.phrasings[-1] in held
    assert lesson.sure[0].prompt == tuple(prompts.prompt(correction.question))
    assert len(lesson.sure) == 2, "the question and the phrasing that is not held out"
    assert all(pair.answer == answer for pair in (*lesson.sure, *lesson.drawn, *lesson.recalled, *lesson.held))
    assert not {p.prompt for p in lesson.held} & {p.prompt for p in (*lesson.sure, *lesson.drawn)}
    assert not lesson.recalled, "a narrow model's adapter rests where memory answers"
    assert lesson.wrong is not None and prompts.text(lesson.wrong.answer) == "It opens at nine."
    assert {exchange.kind for exchange in made.replay} == {"near", "replay", "plain"}


def test_a_general_model_learns_to_pass_memory_s_answer_on(tmp_path: Path) -> None:
    prompts = Prompts.open(tiny_training.model_file(tmp_path, context=1024), threads=1, embed=False)
    try:
        correction = Correction(id=1, question=KNOWN.question, answer=KNOWN.answer, status=CorrectionStatus.ACCEPTED)
        settings = Settings(pool=2, near=1, replay_least=2, answer_most=40, guidelines="Be kind.")
        (lesson,) = collect(prompts, (correction,), settings).lessons
        expected = prompts.prompt(KNOWN.question, remembered=(KNOWN,))
        assert lesson.recalled[0].prompt == tuple(expected) != lesson.sure[0].prompt
    finally:
        prompts.close()
