"""Small talk: found in words the rules do not hold, answered by people, and never in the way of work or of safety."""

import time
import tomllib
from pathlib import Path

import pytest

from tutor import paths
from tutor.domain import Action, Direction, Intent, Item, Lesson, Move, Remembered, TutoringState, Verdict
from tutor.moderation.moderator import Moderator
from tutor.tutoring import lesson_policy, lesson_wordings, small_talk, word_facts
from tutor.tutoring.facts import facts_in
from tutor.tutoring.intent import IntentRecogniser
from tutor.tutoring.items import problem_of
from tutor.tutoring.policy import Plan, decide, fallback

HELD_OUT = tomllib.loads(Path(__file__).with_name("small_talk_heldout.toml").read_text(encoding="utf-8"))
NAMES = [name for name in HELD_OUT if name != "other"]
OPEN = TutoringState(problem=facts_in("12 x 7")[0], attempts=1, rung=1, tried=("74",))
RECOGNISER = IntentRecogniser(None)
BLOCKED = Verdict(action=Action.BLOCK, labels=("threat", "insult"), reason="classifier")


@pytest.fixture(scope="module")
def moderator() -> Moderator:
    return Moderator.load(paths.safety_model())


def plan(text: str, state: TutoringState, scope: str = "primary-maths") -> Plan:
    facts = facts_in(text)
    intent, _ = RECOGNISER.recognise(text, facts=facts, state=state)
    return decide(text, intent=intent, facts=facts, state=state, scope=scope)


@pytest.mark.parametrize("name", NAMES)
def test_most_of_it_is_found_in_words_that_the_rules_were_not_made_for(name: str) -> None:
    found = [text for text in HELD_OUT[name] if small_talk.about(text) == name]
    assert len(HELD_OUT[name]) >= 15
    assert len(found) >= 0.8 * len(HELD_OUT[name]), set(HELD_OUT[name]) - set(found)
    taken_for_another = [text for text in HELD_OUT[name] if small_talk.about(text) not in ("", name)]
    assert not taken_for_another


def test_nothing_else_is_taken_for_it() -> None:
    assert len(HELD_OUT["other"]) >= 50
    assert [text for text in HELD_OUT["other"] if small_talk.about(text)] == []


@pytest.mark.parametrize("scope", ["", "primary-maths"])
@pytest.mark.parametrize(
    "text", ["gtg see you next week", "ur useless", "r u a bot", "our cat died", "im so sad today"]
)
def test_it_is_no_attempt_and_the_work_stays_as_it_was(text: str, scope: str) -> None:
    for state in (TutoringState(), OPEN, TutoringState(problem=word_facts.unsolved("Ann has some sweets."), rung=1)):
        answered = plan(text, state, scope)
        assert answered.talk and answered.state == state
        assert answered.move in (Move.GREET, Move.ACKNOWLEDGE)
        assert not answered.notes.count("Answer:")
    assert plan(text, OPEN, scope).withhold


def test_a_farewell_is_answered_by_one_and_the_problem_can_be_gone_on_with() -> None:
    said = plan("ok thanks i have to go now bye", OPEN)
    words = [fallback(said, variant) for variant in range(3)]
    assert all(w.startswith(("Goodbye", "Bye", "See you")) and "?" not in w for w in words)
    assert plan("84", said.state).move is Move.CONFIRM


def test_the_answers_say_what_they_must() -> None:
    for at_work in (False, True):
        for variant in range(4):
            said = {name: small_talk.words(name, at_work=at_work, variant=variant) for name in NAMES}
            assert "computer program" in said["machine"] and "not a person" in said["machine"]
            assert all("grown-up you trust" in said[name] for name in ("loss", "sad"))
            assert "grown-up" in said["machine"] and "sorry" in said["loss"] and "sorry" in said["sad"]
            assert said["insult"].endswith("?") and "sorry" not in said["insult"]
            assert all(" now" in said[n] or " go on" in said[n] for n in ("loss", "sad"))
            assert ("our problem" in said["insult"].lower() or "try next" in said["insult"]) == at_work


def test_distress_comes_first() -> None:
    for text in ("im so sad today", "bye"):
        said = decide(text, intent=Intent.DISTRESS, facts=(), state=OPEN)
        assert said.move is Move.SIGNPOST and not said.talk


def test_an_accepted_correction_comes_before_it() -> None:
    known = Remembered(correction_id=5, kind="fact", question="who made you", answer="Our school's science club did.")
    said = decide("who made you", intent=Intent.OFF_TOPIC, facts=(), state=TutoringState(), remembered=(known,))
    assert said.move is Move.RECALL and not said.talk


@pytest.mark.parametrize("text", ["bye for today", "you are so dumb", "who built you", "my dog died", "im sad"])
def test_in_a_lesson_it_is_answered_so_too_and_the_item_stays_open(text: str) -> None:
    item = Item("q1", "Which process do plants use to make food?", "photosynthesis", hints=("Think of sunlight.",))
    taught = Lesson(
        key="plants", title="Plants", subject="science", items=(item,), fallbacks={"greet": "Hi.", "acknowledge": "Ok."}
    )
    state = TutoringState(problem=problem_of(item), item="q1", attempts=1)
    intent, _ = RECOGNISER.recognise(text, state=state)
    led = lesson_policy.decide(text, lesson=taught, intent=intent, facts=(), state=state, now=time.time())
    assert led.plan.talk and led.right is None
    assert (led.plan.state.problem, led.plan.state.item, led.plan.state.attempts) == (state.problem, "q1", 1)
    assert lesson_wordings.fallback(led.plan, taught) == small_talk.words(led.plan.talk, at_work=True)


# --- safety ----------------------------------------------------------------------------------------------------------


def test_only_a_plain_insult_that_the_classifier_blocked_gets_other_words() -> None:
    assert small_talk.insult_alone("you are so dumb", BLOCKED)
    for verdict in (
        Verdict(action=Action.REFUSE, labels=("dangerous_request",), reason="rule:dangerous_request"),
        Verdict(action=Action.SIGNPOST, reason="rule:self_harm"),
        Verdict(action=Action.BLOCK, reason="error:RuntimeError"),
        Verdict(action=Action.ALLOW, reason="classifier"),
    ):
        assert not small_talk.insult_alone("you are so dumb", verdict)
    for text in (*HELD_OUT["other"], *HELD_OUT["farewell"], "you are dumb. i will kill you", "you are dumb " * 20):
        assert not small_talk.insult_alone(text, BLOCKED), text


def test_the_shipped_classifier_lets_every_answer_out(moderator: Moderator) -> None:
    for name in NAMES:
        before = HELD_OUT[name][0]
        for at_work in (False, True):
            for variant in range(3):
                text = small_talk.words(name, at_work=at_work, variant=variant)
                verdict = moderator.judge(text, direction=Direction.OUTPUT, context=(before,))
                assert verdict.action is Action.ALLOW, (text, verdict)
