"""The side question about a story: the conversation's cache survives it, and what is not sure is set up together."""

from collections.abc import Callable
from pathlib import Path

import pytest
from quick_engine import WordJudge

from tutor.bench import shapes
from tutor.domain import Generation, Move
from tutor.engine.checking import Checker
from tutor.engine.llama import Model
from tutor.engine.prompt import PromptBuilder
from tutor.engine.protocol import Ask, Past
from tutor.engine.reply import Answerer
from tutor.engine.template import Template
from tutor.engine.window import Window
from tutor.engine.word_sums import KEY, WordSums
from tutor.tutoring import word_sums, word_trust
from tutor.tutoring.sum_reader import Candidate

Open = Callable[..., tuple[Model, Template]]
STORY = "Tom has 12 boxes with 3 apples in each and 5 loose apples. How many apples does Tom have?"
EVEN = Generation(temperature=1.0, repeat_penalty=1.0, seed=1)


@pytest.fixture
def checker() -> Checker:
    made = Checker(WordJudge())
    made.load_rules().result()
    return made


def _answerer(model: Model, template: Template, checker: Checker, scope: str = "") -> Answerer:
    builder = PromptBuilder(model, template)
    sums = WordSums(model, builder, model.header, scope=scope)
    window = Window(builder, model, model.n_ctx)
    return Answerer(model, builder, window, checker, sums, name="test", scope=scope, send=lambda _event: None)


def test_the_cache_comes_back_after_a_side_question(open_model: Open, speaking: Path) -> None:
    model, _ = open_model(speaking)
    kept = model.tokenize("What is three and four? " * 20)
    model.evaluate(kept)
    before = model.log_probability(5)
    with model.aside():
        model.evaluate(model.tokenize("Something else entirely. " * 9))
    assert model.tokens == kept
    assert model.evaluate(kept) == len(kept) - 1
    assert model.log_probability(5) == pytest.approx(before, abs=1e-4)


def test_a_story_that_is_not_sure_is_set_up_and_the_prefix_is_still_reused(
    open_model: Open, tmp_path: Path, checker: Checker
) -> None:
    path = shapes.speaking_model(tmp_path / "m.gguf", ("Let us see. What comes first?",))
    answerer = _answerer(*open_model(path, n_ctx=2048), checker)
    guidelines = "Be kind and patient. " * 12
    first = answerer.answer(Ask(id=1, text="What is 3 + 4?", guidelines=guidelines, generation=EVEN))
    past: tuple[Past, ...] = (Past(learner="What is 3 + 4?", notes=first.notes, tutor=first.text),)
    second = answerer.answer(Ask(id=2, text=STORY, guidelines=guidelines, history=past, generation=EVEN))
    assert second.move is Move.SET_UP and second.facts == ()
    assert second.state.problem is not None and second.state.problem.answer == ""
    assert second.timings.reused_tokens >= first.timings.prompt_tokens
    past += (Past(learner=STORY, notes=second.notes, tutor=second.text),)
    third = answerer.answer(Ask(id=3, text="ok", guidelines=guidelines, history=past, generation=EVEN))
    assert third.timings.reused_tokens >= second.timings.prompt_tokens


def test_only_a_taught_or_a_general_model_is_asked(open_model: Open, speaking: Path) -> None:
    model, template = open_model(speaking)
    builder = PromptBuilder(model, template)
    assert WordSums(model, builder, model.header, scope="").able
    narrow = WordSums(model, builder, model.header, scope="primary-maths")
    assert not narrow.able and narrow.fact(STORY) is None
    model.header.metadata[KEY] = True
    assert WordSums(model, builder, model.header, scope="primary-maths").able


def test_a_taught_model_is_asked_in_the_form_of_its_training(
    open_model: Open, speaking: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, template = open_model(speaking)
    model.header.metadata[KEY] = True
    asked: list[tuple[str, str]] = []
    builder = PromptBuilder(model, template)
    ask = builder.ask

    def noted(guidelines: str, history: tuple[Past, ...], words: str, notes: str) -> list[int]:
        asked.append((guidelines, words))
        assert not history and not notes
        return ask(guidelines, history, words, notes)

    monkeypatch.setattr(builder, "ask", noted)
    assert WordSums(model, builder, model.header, scope="primary-maths").fact(STORY) is None
    taught = word_sums.messages(STORY)
    assert asked == [(taught[0]["content"], taught[1]["content"])]


def test_the_reader_decides_and_only_a_general_model_is_asked_where_it_is_not_sure(
    open_model: Open, speaking: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, template = open_model(speaking)
    builder = PromptBuilder(model, template)
    found = word_sums.parse("12 × 3 + 5 | apples", STORY)
    assert found is not None
    asked: list[str] = []

    def said(self: WordSums, story: str) -> word_trust.Said:
        asked.append(story)
        return word_trust.Said("12 × 3 + 5", 0.9)

    monkeypatch.setattr(WordSums, "_said", said)
    sure = [Candidate(found, word_trust.READER)]
    likely = [Candidate(found, word_trust.LIKELY)]
    doubtful = [Candidate(found, word_trust.LIKELY - 0.01)]
    general = WordSums(model, builder, model.header, scope="")
    for candidates in (sure, likely):
        fact = general.fact(STORY, candidates)
        assert fact is not None and fact.answer == "41 apples"
    assert general.fact(STORY, doubtful) is None and asked == [word_sums.normal(STORY)]
    model.header.metadata[KEY] = True
    taught = WordSums(model, builder, model.header, scope="primary-maths")
    assert taught.fact(STORY, likely) is None and taught.fact(STORY, sure) is not None
    assert len(asked) == 1, "the reader reads better"
