"""The checked reply: what fails its checks never leaves, whoever wrote it and whatever breaks."""

import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from quick_engine import WordJudge

from tutor.bench import shapes
from tutor.domain import AgeBand, Direction, Generation, Move, Outcome, Reply, Verdict
from tutor.engine.checking import Checker
from tutor.engine.llama import Model
from tutor.engine.prompt import PromptBuilder
from tutor.engine.protocol import Ask, Event, Past, Policy, Sentence, Stage
from tutor.engine.reply import Answerer
from tutor.engine.template import Template
from tutor.engine.window import Window
from tutor.engine.word_sums import WordSums
from tutor.errors import UserError

Open = Callable[..., tuple[Model, Template]]


class RecordingJudge(WordJudge):
    """Remembers what it allowed."""

    def __init__(self) -> None:
        self.allowed: set[str] = set()
        self.asked: list[str] = []

    def judge(self, text: str, *, direction: Direction, context: Sequence[str], age_band: AgeBand) -> Verdict:
        self.asked.append(text)
        verdict = super().judge(text, direction=direction, context=context, age_band=age_band)
        if verdict.action == "allow":
            self.allowed.add(text)
        return verdict


class Tutor:
    """One model that says given lines, answering in this process."""

    def __init__(self, model: Model, template: Template, scope: str) -> None:
        self.model, self.judge, self.events = model, RecordingJudge(), list[Event]()
        self.checker = Checker(self.judge)
        self.checker.load_rules().result()
        builder = PromptBuilder(model, template)
        window = Window(builder, model, model.n_ctx)
        self.answerer = Answerer(
            model,
            builder,
            window,
            self.checker,
            WordSums(model, builder, model.header, scope=scope),
            name="test",
            scope=scope,
            send=self._send,
        )

    def _send(self, event: Event) -> None:
        if isinstance(event, Sentence) and event.check.done not in ("fallback", "written"):
            assert event.check.text in self.judge.allowed, "a sentence left before it was judged"
        self.events.append(event)

    def ask(self, text: str = "What is 3 + 4?", **more: Any) -> Reply:
        self.events.clear()
        generation = more.pop("generation", Generation(temperature=1.0, repeat_penalty=1.0, seed=1))
        reply = self.answerer.answer(Ask(id=1, text=text, generation=generation, **more))
        shown = "".join(e.space + e.check.text for e in self.events if isinstance(e, Sentence))
        assert shown == reply.text, "the record is what was shown"
        return reply


@pytest.fixture
def tutor(open_model: Open, tmp_path: Path) -> Iterator[Callable[..., Tutor]]:
    made: list[Tutor] = []

    def make(*lines: str, scope: str = "") -> Tutor:
        path = shapes.speaking_model(tmp_path / f"{len(made)}.gguf", lines, scope=scope)
        made.append(Tutor(*open_model(path, n_ctx=2048), scope))
        return made[-1]

    yield make
    for one in made:
        one.checker.close()


EXPLAIN = Policy(give_answers=True)


def test_a_good_answer_comes_through_sentence_by_sentence(tutor: Callable[..., Tutor]) -> None:
    reply = tutor("Good try. What would you do first?").ask()
    assert reply.text == "Good try. What would you do first?" and reply.outcome is Outcome.DONE
    assert [s.done for s in reply.sentences] == ["shown", "shown"]
    assert reply.in_history and reply.facts[0].answer == "7"
    assert reply.timings.completion_tokens > 2 and reply.timings.first_sentence_ms > 0


@pytest.mark.parametrize("word", ["forbidden", "explode"])
def test_blocked_words_never_leave_and_people_s_words_take_their_place(tutor: Callable[..., Tutor], word: str) -> None:
    talking = tutor(f"Well done now. This is {word} talk. Bye then.")
    reply = talking.ask()
    assert word not in reply.text and reply.text.startswith("Well done now.")
    assert reply.outcome is Outcome.WRITTEN and reply.sentences[-1].done == "fallback"
    assert sum(isinstance(e, Stage) and e.stage == "regenerating" for e in talking.events) == 2


def test_a_sentence_that_is_judged_early_is_judged_once(tutor: Callable[..., Tutor]) -> None:
    talking = tutor("Good try. What would you do first? Tell me your idea.")
    reply = talking.ask("Tell me more", policy=EXPLAIN)
    assert [check.text for check in reply.sentences] == ["Good try.", "What would you do first?", "Tell me your idea."]
    assert talking.judge.asked == ["Tell me more", *(check.text for check in reply.sentences)]


def test_what_only_looked_like_an_end_is_judged_whole(tutor: Callable[..., Tutor]) -> None:
    """`It is 3.` is judged while the next token is drawn; the sentence that goes on has a verdict of its own."""
    talking = tutor("It is 3.5 metres long. Good.")
    reply = talking.ask("Tell me more", policy=EXPLAIN)
    assert [check.text for check in reply.sentences] == ["It is 3.5 metres long.", "Good."]
    assert {"It is 3.5 metres long.", "Good."} <= set(talking.judge.asked)


def test_another_try_may_succeed(tutor: Callable[..., Tutor]) -> None:
    talking = tutor("Let us see. Here is forbidden talk.", "Have a go. What comes first?")
    replies = [talking.ask(generation=Generation(temperature=1.0, seed=seed)) for seed in range(0, 600, 41)]
    assert all("forbidden" not in reply.text for reply in replies)
    assert {reply.outcome for reply in replies} == {Outcome.DONE, Outcome.WRITTEN}


def test_a_wrong_sum_is_tried_again_then_corrected(tutor: Callable[..., Tutor]) -> None:
    reply = tutor("Look at this. We get 3 + 4 = 8. Bye.").ask("Why is 3 + 4 so? I got 7.", policy=EXPLAIN)
    assert "8" not in reply.text and "3 + 4 = 7" in reply.text
    corrected = [s for s in reply.sentences if s.done == "corrected"]
    assert corrected and corrected[0].tries == 3


def test_words_that_are_written_again_for_their_maths_are_judged_only_in_the_last_try(
    tutor: Callable[..., Tutor],
) -> None:
    talking = tutor("Look at this. We get 3 + 4 = 8. Bye.")
    talking.ask("Why is 3 + 4 so? I got 7.", policy=EXPLAIN)
    assert talking.judge.asked.count("We get 3 + 4 = 8.") == 1


def test_a_withheld_answer_is_not_given_away(tutor: Callable[..., Tutor]) -> None:
    talking = tutor("The answer is 7. Easy that.")
    reply = talking.ask("What is 3 + 4?")
    assert reply.move is Move.ASK_ATTEMPT and "7" not in reply.text and reply.text


def test_a_narrow_model_may_not_change_the_letter_of_an_unknown(tutor: Callable[..., Tutor]) -> None:
    changed = tutor("Let's see. Think about 2y on its own side.", scope="primary-maths").ask("Solve 2x + 3 = 11")
    assert "y" not in re.findall(r"(?<![a-z])[a-z](?![a-z])", changed.text)
    kept = tutor("Let's see. What would you do with 2x + 3 = 11?", scope="primary-maths").ask("Solve 2x + 3 = 11")
    assert kept.text == "Let's see. What would you do with 2x + 3 = 11?"


@pytest.mark.parametrize(
    "said", ["Let's work on 2x + 3. What would you do first?", "Let's work on 3x. What would you do first?"]
)
def test_a_narrow_model_that_asks_for_a_try_names_the_problem_whole(tutor: Callable[..., Tutor], said: str) -> None:
    reply = tutor(said, scope="primary-maths").ask("Solve 2x + 3 = 11")
    assert reply.move is Move.ASK_ATTEMPT and "2x + 3 = 11" in reply.text
    assert reply.text.count("2x") == 1 and "3x" not in reply.text


def test_a_narrow_model_may_not_bring_in_numbers_of_its_own(tutor: Callable[..., Tutor]) -> None:
    line = "Have a go at 12 × 19 now."
    assert "19" not in tutor(line, scope="primary-maths").ask("What is 12 × 7?").text
    assert "19" in tutor(line).ask("What is 12 × 7?").text


def test_a_formula_cut_by_a_line_end_is_checked_as_one(tutor: Callable[..., Tutor]) -> None:
    reply = tutor("Count with me: 3 + 4 =\n8 and done.").ask("I like sums, 1 + 1 = 2.", policy=EXPLAIN)
    assert "8" not in reply.text


def test_a_repeated_sentence_is_dropped(tutor: Callable[..., Tutor]) -> None:
    reply = tutor("Good try. Good try. Tell me more.").ask()
    assert reply.text == "Good try. Tell me more."


def test_silence_becomes_words(tutor: Callable[..., Tutor]) -> None:
    reply = tutor().ask()
    assert reply.text and reply.outcome is Outcome.WRITTEN and {s.done for s in reply.sentences} == {"fallback"}


def test_thoughts_are_not_shown(tutor: Callable[..., Tutor]) -> None:
    reply = tutor("<think>secret plan. More of it.</think> Good try. Go on.").ask()
    assert reply.text == "Good try. Go on."


def test_distress_is_answered_by_people_and_told(tutor: Callable[..., Tutor]) -> None:
    talking = tutor("Nice day.")
    reply = talking.ask("I want to hurt me")
    assert reply.outcome is Outcome.WRITTEN and reply.move is Move.SIGNPOST
    assert not reply.in_history and reply.alert and reply.severity >= 1
    assert not talking.model.tokens, "the model never saw it"


@pytest.mark.parametrize("words", ["I want to hurt me", "you are a forbidden word"])
def test_words_for_people_are_answered_by_them_where_planning_fails(
    tutor: Callable[..., Tutor], monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    talking = tutor("Nice day.")

    def fail(*_given: object) -> Future[Any]:
        failed: Future[Any] = Future()
        failed.set_exception(RuntimeError("no intent"))
        return failed

    monkeypatch.setattr(talking.checker, "intent", fail)
    reply = talking.ask(words)
    assert reply.outcome is Outcome.WRITTEN and reply.move in (Move.SIGNPOST, Move.REFUSE)
    with pytest.raises(RuntimeError, match="no intent"):
        talking.ask("Tell me a story")


def test_blocked_input_is_refused_and_kept_out_of_the_history(tutor: Callable[..., Tutor]) -> None:
    talking = tutor("Nice day.")
    reply = talking.ask("you are a forbidden word")
    assert reply.outcome is Outcome.WRITTEN and reply.move is Move.REFUSE and not reply.in_history
    assert not talking.model.tokens and "forbidden" not in reply.text


def test_a_judge_that_breaks_on_the_question_lets_nothing_through(tutor: Callable[..., Tutor]) -> None:
    talking = tutor("Nice day.")
    reply = talking.ask("explode please")
    assert reply.outcome is Outcome.WRITTEN and not talking.model.tokens


def test_too_long_comes_before_anything_else(tutor: Callable[..., Tutor]) -> None:
    talking = tutor("Nice day.")
    for text in ("word " * 200_000, "😀" * 10_000, "forbidden " * 5_000):
        with pytest.raises(UserError) as caught:
            talking.ask(text)
        assert caught.value.code == "too_long"
    assert not talking.events and not talking.judge.allowed


@pytest.mark.parametrize(
    "text", ["a\x00b 3 + 4", "\u202eabc\u202c 3 + 4", "e\u0301\u0323" * 20, "<|im_end|>" * 5, " \n "]
)
def test_odd_text_is_answered(tutor: Callable[..., Tutor], text: str) -> None:
    assert tutor("Good try. Go on.").ask(text).text


def test_turn_two_reuses_what_turn_one_evaluated(tutor: Callable[..., Tutor]) -> None:
    talking = tutor("Good try. What would you do first? Tell me your idea.")
    first = talking.ask(guidelines="Be kind and patient.")
    held = len(talking.model.tokens)
    past = (Past(learner="What is 3 + 4?", notes=first.notes, tutor=first.text),)
    second = talking.ask("I do not know", guidelines="Be kind and patient.", history=past, state=first.state)
    assert second.timings.reused_tokens >= held - 1 > 60


def test_an_answer_cut_at_its_length_is_reused_as_far_as_it_was_shown(tutor: Callable[..., Tutor]) -> None:
    talking = tutor("Good try. What would you do first? Tell me your idea.")
    generation = Generation(temperature=1.0, seed=1, max_tokens=5)
    first = talking.ask(generation=generation)
    assert first.text == "Good try. What would you do first?"
    evaluated = first.timings.prompt_tokens + 4
    past = (Past(learner="What is 3 + 4?", notes=first.notes, tutor=first.text),)
    assert talking.ask("And now?", history=past, generation=generation).timings.reused_tokens >= evaluated


def test_best_of_three_is_one_of_the_lines_and_checked(tutor: Callable[..., Tutor]) -> None:
    talking = tutor("Let us go. What is first?", "Here is forbidden talk.")
    generation = Generation(temperature=1.0, seed=3, best_of=3)
    reply = talking.ask(generation=generation)
    assert reply.text and "forbidden" not in reply.text


def test_the_same_seed_gives_the_same_answer_and_regenerate_another_chance(tutor: Callable[..., Tutor]) -> None:
    talking = tutor("Let us go. What is first?", "Have a try. Which part is hard?", "Go on. Say more about it.")
    generation = Generation(temperature=1.0, seed=5)
    assert talking.ask(generation=generation).text == talking.ask(generation=generation).text
    assert len({talking.ask(generation=generation, retry=retry).text for retry in range(6)}) > 1


def test_stop_keeps_what_was_checked(tutor: Callable[..., Tutor]) -> None:
    talking = tutor("Good try. What would you do first? Tell me your idea.")
    seen = talking._send

    def stop_after_one(event: Event) -> None:
        seen(event)
        if isinstance(event, Sentence):
            talking.model.interrupt.set()

    talking.answerer._send = stop_after_one
    reply = talking.ask()
    talking.model.interrupt.clear()
    assert reply.outcome is Outcome.STOPPED and reply.text.startswith("Good try.") and reply.in_history
    assert reply.text != "Good try. What would you do first? Tell me your idea."


def test_a_person_is_offered_after_three_failed_tries_or_where_one_is_asked_for(tutor: Callable[..., Tutor]) -> None:
    made = tutor("Look at it once more.")
    state = made.ask("What is 18 × 37?").state
    offered = []
    for words in ("is it 650?", "maybe 670", "i think 660", "i think 640"):
        reply = made.ask(words, state=state)
        state = reply.state
        offered.append(reply.escalate)
    assert offered == ["", "", "tries", ""]
    assert made.ask("can i ask my teacher please").escalate == "asked"
    assert made.ask("hurt me, can i ask my teacher").escalate == ""
