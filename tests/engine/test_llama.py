"""One model and its cache: what is worth evaluating ahead, and that it changes nothing."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from tutor.domain import Generation
from tutor.engine.drafts import Drafts
from tutor.engine.llama import Model
from tutor.engine.template import Template

Open = Callable[..., tuple[Model, Template]]


def fresh(model: Model, tokens: Sequence[int]) -> list[float]:
    """Log-probabilities behind these tokens, evaluated from the first one."""
    model.cut(0)
    model.evaluate(tokens)
    return list(model.log_probabilities())


def test_a_big_model_reads_ahead_in_whole_chunks_and_a_small_one_long_questions(
    open_model: Open, heavy: Path, speaking: Path
) -> None:
    big, _ = open_model(heavy)
    small, _ = open_model(speaking)
    assert [big.worth_ahead(n) for n in (0, 12, 127, 128, 300)] == [0, 0, 0, 128, 256]
    assert [small.worth_ahead(n) for n in (0, 12, 300)] == [0, 0, 300]


def test_a_guess_is_what_followed_the_same_words_last() -> None:
    drafts = Drafts()
    said = [1, 2, 3, 4, 5, 6, 1, 2, 9, 8]
    assert list(drafts.guess(said, 1)) == []
    said.append(1)
    assert list(drafts.guess(said, 2)) == [9, 8, 1], "the later of two places"


def test_the_longest_words_in_common_decide() -> None:
    assert list(Drafts().guess([1, 2, 3, 4, 50, 7, 3, 4, 60, 1, 2, 3], 4)) == [50, 7, 3]
    assert list(Drafts().guess([1, 2, 3, 4, 50, 7, 3, 4, 60, 9, 3], 4)) == [60, 9, 3]


def test_words_that_were_cut_are_not_guessed() -> None:
    drafts, said = Drafts(), [1, 2, 3, 4, 5]
    assert list(drafts.guess([*said, 1], 2)) == [3, 4, 5]
    drafts.forget(2)
    said[2:] = [7, 8, 1]
    assert list(drafts.guess(said, 2)) == [7, 8, 1]
    drafts.forget(0)
    assert list(drafts.guess([6, 6, 1], 2)) == []


def test_earlier_replies_are_guessed_from_and_never_across_two() -> None:
    drafts = Drafts()
    drafts.remember([5, 6, 7, 8])
    drafts.remember([9, 10, 11])
    assert list(drafts.guess([1, 5], 6)) == [7, 8], "the end of a reply is the end of a guess"
    assert list(drafts.guess([1, 9], 10)) == [11]
    assert list(drafts.guess([1, 5, 6, 30, 5], 6)) == [30, 5], "what stands in the prompt comes first"
    for start in range(100, 40_000, 1000):
        drafts.remember(list(range(start, start + 900)))
    assert list(drafts.guess([1, 5], 6)) == [], "the oldest are forgotten"
    assert list(drafts.guess([1, start], start + 1)) == [start + 2, start + 3, start + 4]


def test_what_was_guessed_has_the_probabilities_of_what_is_evaluated(open_model: Open, speaking: Path) -> None:
    model, _ = open_model(speaking)
    begun = [11, 12, 13, 14, 15, 16, 17, 18, 19, 11]
    model.evaluate(begun)
    guessed = 0
    found, said = [], [12, 13, 14, 15, 16, 99, 12, 13]  # guessed right up to 99, then wrong, then new
    for token in said:
        guessed += model._ahead[:1] == [token]
        model.append(token)
        found.append(list(model.log_probabilities()))
    assert model.tokens == begun + said
    assert guessed == 3
    for i, row in enumerate(found):
        assert row == pytest.approx(fresh(model, begun + said[: i + 1]), abs=0.05), said[i]


def test_guesses_are_gone_from_what_is_put_aside_saved_or_gone_on_with(
    open_model: Open, speaking: Path, tmp_path: Path
) -> None:
    model, _ = open_model(speaking)
    begun = [11, 12, 13, 14, 15, 16, 17, 11]

    def guessing() -> None:
        model.evaluate(begun)
        model.append(12)
        assert model._ahead

    wanted = fresh(model, [*begun, 12, 30])
    for way in ("aside", "saved", "evaluated", "cut"):
        guessing()
        if way == "aside":
            with model.aside():
                model.evaluate([5, 6])
        elif way == "saved":
            assert model.save(tmp_path / "kv") and model.restore(tmp_path / "kv")
        elif way == "cut":
            model.cut(len(model.tokens))
        assert model.tokens == [*begun, 12], way
        model.evaluate([*begun, 12, 30])
        assert list(model.log_probabilities()) == pytest.approx(wanted, abs=0.05), way


def test_guesses_stay_inside_the_context(open_model: Open, speaking: Path) -> None:
    model, _ = open_model(speaking, n_ctx=256)
    for token in [3, 4, 5, 6] * (model.n_ctx // 4):
        model.append(token)
    assert len(model.tokens) == model.n_ctx


def test_a_greedy_reply_is_the_same_with_and_without_guesses(open_model: Open, speaking: Path) -> None:
    model, _ = open_model(speaking)
    prompt = model.tokenize("Good try. What would you do first? Tell me your idea. Good try.")

    def reply() -> list[int]:
        model.cut(0)
        model.evaluate(prompt)
        sampler = model.sampler(Generation(temperature=0.0, repeat_penalty=1.0), 1)
        out: list[int] = []
        while len(out) < 12:
            out.append(model.sample(sampler))
            model.append(out[-1])
        sampler.close()
        return out

    guessed = reply()
    model._drafts = None
    assert reply() == guessed and np.isfinite(model.entropy())


def sure_of(open_model: Open, speaking: Path) -> tuple[Model, list[int], list[int]]:
    """A model that has just said the first of some tokens that are sure to come, the prompt, and the tokens."""
    model, _ = open_model(speaking)
    prompt, coming = model.tokenize("Good try. What"), model.tokenize(" would you do first?")
    model.evaluate(prompt)
    model.coming = coming[1:]
    model.append(coming[0])
    return model, prompt, coming


def test_tokens_that_are_sure_to_come_are_evaluated_together(open_model: Open, speaking: Path) -> None:
    model, prompt, coming = sure_of(open_model, speaking)
    assert model.tokens == [*prompt, coming[0]]
    for n, token in enumerate(coming[1:], 2):
        model.coming = coming[n:]
        model.append(token)
    together = model.log_probabilities().copy()
    assert model.tokens == [*prompt, *coming] and model.coming == []
    model.cut(0)
    model.evaluate([*prompt, *coming])
    assert np.allclose(together, model.log_probabilities(), atol=0.05)


def test_a_stop_among_them_forgets_what_was_not_said(open_model: Open, speaking: Path) -> None:
    model = sure_of(open_model, speaking)[0]
    other = model.tokenize("Good try. What would I say?")
    model.evaluate(other)
    assert model.tokens == other and not model.coming
    values = model.log_probabilities().copy()
    model.cut(0)
    model.evaluate(other)
    assert np.allclose(values, model.log_probabilities(), atol=0.05)


def test_a_prompt_that_was_just_evaluated_is_not_evaluated_again(open_model: Open, speaking: Path) -> None:
    model, _ = open_model(speaking)
    prompt = model.tokenize("Good try. What would you do first?")
    model.evaluate(prompt)
    values = model.log_probabilities().copy()
    model._decode = lambda *_given, **_more: pytest.fail("evaluated")  # type: ignore[method-assign]
    assert model.evaluate(prompt) == len(prompt)
    assert np.array_equal(values, model.log_probabilities())
    del model._decode  # type: ignore[method-assign]
    sampler = model.sampler(Generation(seed=1), 1)
    model.sample(sampler, lambda token: token % 2 == 0)
    sampler.close()
    model.evaluate(prompt)
    assert np.allclose(values, model.log_probabilities(), atol=0.05), "what a choice left out is back"
