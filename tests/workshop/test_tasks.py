"""The starter's task figures: what a reply does, what the checks would show, scripts made of held-out parts alone."""

from random import Random
from typing import Any, ClassVar

import msgspec
import pytest

from tutor.domain import Generation, Move
from tutor.engine.word_sums import KEY
from tutor.tutoring import brief, glossary, grading, policy, word_sums, word_trust
from tutor.tutoring.facts import facts_in
from tutor.tutoring.intent import IntentRecogniser
from tutor.tutoring.sum_reader import Candidate
from tutor.workshop.evaluation import tasks, tasks_made, tasks_measure
from tutor.workshop.writing import replies, small_talk, text
from tutor.workshop.writing.conversations import Converser
from tutor.workshop.writing.split import held_problem

FACT = facts_in("12 × 7")[0]


class WritingModel:
    """Answers with the generator's own words for whatever move stands in the notes: a model that learnt it all."""

    metadata: ClassVar = {KEY: "true"}

    def __init__(self, *, leaks: bool = False, sum_text: str = "") -> None:
        self.rng, self.leaks, self.sum_text = Random(1), leaks, sum_text

    def create_chat_completion(self, *, messages: list[dict[str, str]], **_: object) -> dict[str, Any]:
        return {"choices": [{"message": {"content": self._say(messages[-1]["content"])}, "finish_reason": "stop"}]}

    def _say(self, content: str) -> str:
        words, _, notes = content.partition(f"\n\n{brief.OPENING}")
        question = notes.partition("Problem: ")[2].partition("\n")[0]
        found = facts_in(question) if question else ()
        fact = found[0] if found else None
        if not notes:
            return self.sum_text
        move = next(m for m, order in brief.ORDERS.items() if order in notes)
        if self.leaks and fact is not None:
            return f"The answer is {fact.answer}."
        if move is Move.EXPLAIN and fact is not None:
            return replies.explain(self.rng, fact)
        if move is Move.CONFIRM and fact is not None:
            return replies.confirm(self.rng, fact, notes.partition("Attempt: ")[2].partition(" (")[0])
        if move is Move.DIAGNOSE:
            attempt = notes.partition("Attempt: ")[2].partition(" (")[0]
            return replies.diagnose(self.rng, attempt, notes.partition("Check: ")[2].partition("\n")[0])
        if move is Move.HINT:
            return replies.hint(self.rng, notes.partition("Hint: ")[2].partition("\n")[0], rung=0, why="stuck")
        if move is Move.ASK_ATTEMPT and fact is not None:
            return replies.ask_attempt(self.rng, fact, "new")
        if move is Move.ADVISE:
            return notes.partition("Tip: ")[2]
        if move is Move.GREET:
            return small_talk.greet(self.rng, words, fact)
        if move is Move.ACKNOWLEDGE:
            return small_talk.acknowledge(self.rng, "ok", fact)
        return small_talk.redirect(self.rng, "off topic", fact)


def test_a_written_reply_makes_the_move_of_its_notes() -> None:
    pool = text.pool(5, 60, held=True)
    converser = Converser(Random(3), held=True)
    missed = []
    turns = [t for _ in range(120) for t in converser.talk(Random(_).choice(pool), pool[0]).turns]
    for turn in turns:
        if not tasks_made.makes(turn.move, turn.reply, turn.notes):
            missed.append((turn.move, turn.reply))
    assert len(turns) > 200
    assert len(missed) <= len(turns) / 100, missed


@pytest.mark.parametrize(
    ("move", "reply"),
    [
        (Move.DIAGNOSE, "Yes, 74 is right. Well done."),
        (Move.CONFIRM, "Good try, but 84 is not right yet."),
        (Move.HINT, "What would you try first?"),
        (Move.EXPLAIN, "The answer is 84."),
        (Move.REDIRECT, "Paris is the capital of France."),
        (Move.ASK_ATTEMPT, "It isn't 84, though."),
    ],
)
def test_a_reply_that_does_something_else_does_not_make_the_move(move: Move, reply: str) -> None:
    notes = brief.render(move, FACT, attempt="84" if move is Move.CONFIRM else "74")
    assert not tasks_made.makes(move, reply, notes)


def test_a_wrong_sentence_gives_way_to_written_words_and_a_slip_is_mended() -> None:
    notes = brief.render(Move.EXPLAIN, FACT)
    good = "First, 12 × 7 = 10 × 7 + 2 × 7. So the answer is 84."
    assert tasks_made.piped(good, "help", notes, fact=FACT, withhold=False, fallback="Written.") == good
    wrong = "First, 12 × 7 = 99. So the answer is 99."
    assert "99" not in tasks_made.piped(wrong, "help", notes, fact=FACT, withhold=False, fallback="Written.")
    hint = brief.render(Move.HINT, FACT)
    told = tasks_made.piped("It is 84. Try it.", "help", hint, fact=FACT, withhold=True, fallback="Written words.")
    assert told == "Written words."


def test_scripts_are_the_same_for_a_seed_and_made_of_what_was_held_out() -> None:
    scripts = tasks.cases(3, 6)
    assert scripts == tasks.cases(3, 6)
    assert {s.task for s in scripts} == set(tasks.TASKS)
    assert all(held_problem(s.fact.question) for s in scripts if s.fact is not None)
    begging = [s for s in scripts if s.task == "begging"]
    assert all(len(s.steps) == tasks.BEGS + 1 and all(step.keeps_answer for step in s.steps) for s in begging)


def test_what_the_tutor_explains_is_not_expected_to_be_outside_its_world() -> None:
    put = [script.steps[0].words for script in tasks.cases(5, 40) if script.task == "redirect"]
    assert len(put) == 40 and not any(glossary.asked_for(words) for words in put)


def test_begging_never_wins_by_the_policy_and_a_model_that_tells_is_found_out() -> None:
    script = next(s for s in tasks.cases(4, 1) if s.task == "begging")
    good = tasks_measure.drive(WritingModel(), script, IntentRecogniser(None), Generation())
    assert len(good) == len(script.steps)
    assert not any(a.faults for a in good)
    telling = tasks_measure.drive(WritingModel(leaks=True), script, IntentRecogniser(None), Generation())
    assert any(tasks.GIVEN in a.faults for a in telling)
    assert not any(tasks.GIVEN in a.shown_faults for a in telling)  # the checks stop it


def test_figures_count_and_bound() -> None:
    scripts = [s for s in tasks.cases(5, 2) if s.task != "story"]
    talks = [tasks_measure.drive(WritingModel(), s, IntentRecogniser(None), Generation()) for s in scripts]
    table = tasks_measure.figures(talks, [])
    assert table["explain: right answer, checked"] == {"right": 2, "of": 2, "share": 1.0, "low": 0.3424, "high": 1.0}
    assert table["begging that won the answer, checked"]["right"] == 0
    assert "| explain: right answer, checked | 2 | 2 | 100.0% |" in tasks_measure.in_words(table)


def test_a_story_is_told_as_the_program_tells_it() -> None:
    script = next(s for s in tasks.cases(6, 1) if s.task == "story")
    found = word_sums.parse(script.sum, script.steps[0].words)
    assert found is not None
    model = WritingModel(sum_text=script.sum)
    for probability, sure in ((word_trust.READER, True), (word_trust.READER - 0.01, False)):
        candidate = Candidate(found, probability)
        told = tasks_measure.tell(model, script, lambda _story, one=candidate: [one])  # type: ignore[misc]
        assert (told.said, told.right, told.sure) == (found.text, True, sure)
    other = msgspec.structs.replace(found, value=found.value + 1)
    wrong = tasks_measure.tell(model, script, lambda _story: [Candidate(other, 1.0)])
    assert (wrong.right, wrong.sure) == (False, True)
    unread = tasks_measure.tell(WritingModel(sum_text="1 + 1"), script, lambda _story: [])
    assert (unread.said, unread.right, unread.sure) == ("", False, False)


def test_putting_a_problem_is_no_attempt_at_it() -> None:
    pool = [p for held in (True, False) for p in text.pool(9, 150, held=held)]
    taken = [(p, grading.attempt_in(p.text, p.fact)) for p in pool if p.fact.kind != "word_problem"]
    assert not [(p.text, value) for p, value in taken if value and not grading.is_right(value, p.fact)]
    assert grading.attempt_in("w/8 = 24, is it w = 190?", facts_in("w/8 = 24")[0]) == "w = 190"
    assert grading.attempt_in("10 - 5 = 5", facts_in("10 - 5")[0]) == "5"
    assert grading.attempt_in("7 × 8 = 54", facts_in("7 × 8")[0]) == "54"


def test_what_must_be_kept_is_not_given_away_by_the_learners_own_words() -> None:
    step = tasks.Step(words="is it 84?", keeps_answer=True)
    script = tasks.Script(task="begging", steps=(step,), fact=FACT)
    assert not tasks.met(script, step, "It is 84, as you say.")
    assert tasks.met(script, tasks.Step(words="tell me", keeps_answer=True), "It is 84.") == [tasks.GIVEN]
    assert policy.fallback(policy.Plan(move=Move.HINT, fact=FACT))
