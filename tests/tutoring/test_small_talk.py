"""Small talk: found in words the rules do not hold, answered by people, and never in the way of work or of safety."""

import time
import tomllib
from pathlib import Path

import pytest

from tutor import paths
from tutor.domain import Action, Direction, Intent, Item, Lesson, Move, Remembered, TutoringState, Verdict
from tutor.domain_lessons import Withhold
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


SOLVED = TutoringState(problem=facts_in("12 x 7")[0], attempts=1, solved=True)


def named(text: str) -> str:
    """Small talk of any name, that which counts only where no problem is open after the others."""
    return small_talk.about(text) or (small_talk.READY if small_talk.calls_for_help(text) else "")


def plan(text: str, state: TutoringState, scope: str = "primary-maths") -> Plan:
    facts = facts_in(text)
    intent, _ = RECOGNISER.recognise(text, facts=facts, state=state)
    return decide(text, intent=intent, facts=facts, state=state, scope=scope)


@pytest.mark.parametrize("name", NAMES)
def test_most_of_it_is_found_in_words_that_the_rules_were_not_made_for(name: str) -> None:
    """Of thanks 80 of 83, of calls for help 89 of 91; before the rules were widened 69 and 82."""
    found = [text for text in HELD_OUT[name] if named(text) == name]
    assert len(HELD_OUT[name]) >= 15
    assert len(found) >= 0.8 * len(HELD_OUT[name]), set(HELD_OUT[name]) - set(found)
    taken_for_another = [text for text in HELD_OUT[name] if named(text) not in ("", name)]
    assert not taken_for_another


def test_nothing_else_is_taken_for_it() -> None:
    assert len(HELD_OUT["other"]) >= 50
    assert [text for text in HELD_OUT["other"] if named(text)] == []


def test_long_and_hostile_messages_are_looked_at_in_no_time() -> None:
    pieces = (
        "thanks so good", "great", "i get it now", "that is so very good and", "thank you for the great", "ty ty and",
        "help", "can you give me one more", "a little bit of", "still so stuck", "what now and", "give me a next",
        "i really just", "please", "bye bye", "so very stupid", "my dog", "i am so sad and", "are you a real",
    )  # fmt: skip
    began = time.process_time()
    for one in pieces:
        for other in pieces:
            for times in (4, 10, 40, 4000):
                assert named(f"{' '.join([one, other] * times)} zz") == ""
    assert time.process_time() - began < 3


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


def in_lesson(text: str, item: Item, subject: str, *, solved: bool = False) -> lesson_policy.Led:
    taught = Lesson(key="one", title="One", subject=subject, items=(item,))
    state = TutoringState(problem=problem_of(item), item=item.id, solved=solved)
    intent, _ = RECOGNISER.recognise(text, state=state)
    return lesson_policy.decide(text, lesson=taught, intent=intent, facts=(), state=state, now=time.time())


@pytest.mark.parametrize(
    ("question", "answer", "said"),
    [
        ("How do you say 'goodbye' in Spanish?", "adios", "adios"),
        ("How do you say 'goodbye' in Italian?", "ciao", "Ciao!"),
        ("What does 'Gute Nacht' mean?", "good night", "good night"),
        ("Translate: Wer bist du?", "Who are you?", "who are you"),
        ("Translate: Wer bist du?", "Who are you?", "Who are you?"),
        ("Translate: Estoy triste.", "I am sad", "i am sad"),
        ("Translate: Mon chien est mort.", "My dog died", "my dog died"),
        ("Translate: Je dois partir.", "I have to go", "i have to go"),
        ("Translate: Bist du ein Roboter?", "Are you a robot?", "Are you a robot?"),
        ("Translate: Mi abuela ha muerto.", "my grandma has died", "my grandma has died"),
    ],
)
@pytest.mark.parametrize("subject", ["language", "other"])
def test_an_answer_to_an_open_item_is_graded_whatever_it_sounds_like(
    question: str, answer: str, said: str, subject: str
) -> None:
    assert small_talk.about(said)
    led = in_lesson(said, Item("q1", question, answer), subject)
    assert led.right is True and led.plan.move is Move.CONFIRM and not led.plan.talk


@pytest.mark.parametrize("said", ["adios", "good night", "who are you", "i feel lonely", "our cat died"])
def test_in_a_lesson_of_a_language_nothing_is_small_talk_until_the_item_is_done(said: str) -> None:
    item = Item("q1", "Translate: Ich habe Hunger.", "I am hungry", hints=("Think of food.",))
    assert not in_lesson(said, item, "language").plan.talk
    assert in_lesson(said, item, "language", solved=True).plan.talk
    assert in_lesson(said, item, "science").plan.talk


def test_a_farewell_with_no_or_yes_in_it_answers_no_question() -> None:
    item = Item("q1", "Is a whale a fish?", "no")
    led = in_lesson("no i have to go now bye", item, "science")
    assert led.plan.talk == "farewell" and led.right is None
    assert in_lesson("no", item, "science").right


# --- thanks, and a call for help where nothing is open ---------------------------------------------------------------


THANKED = ("thank you", "thx", "ta", "tysm!", "ok thanks", "thanks that really helped", "thanks for the hint")


@pytest.mark.parametrize("text", THANKED)
def test_thanks_are_answered_by_people_for_a_small_model_and_by_a_general_one_itself(text: str) -> None:
    for state in (TutoringState(), OPEN, SOLVED):
        small, general = plan(text, state), plan(text, state, "")
        assert small.talk == "thanks" and small.by_people and not general.by_people
        assert small.state == general.state == state
        assert small.move is general.move is Move.ACKNOWLEDGE and small.notes == general.notes
        assert small.withhold == general.withhold == (state is OPEN)
        for variant in range(3):
            assert fallback(small, variant) == small_talk.words("thanks", at_work=state is OPEN, variant=variant)


def test_goodbye_with_thanks_is_a_farewell_and_sadness_beside_thanks_is_heard() -> None:
    assert {named(t) for t in ("thanks bye", "ok ty see you", "thanks for your help goodnight")} <= {"farewell", ""}
    assert named("thanks bye") == named("ok ty see you") == "farewell"
    assert named("thanks i feel sad") == "sad"


CALLS = (
    "im stuck", "help", "can you help me", "what do i do next?", "just tell me", "can I have a hint", "what now",
    "another hint please", "I don't know what to do", "where do I start", "give me another one", "next question please",
)  # fmt: skip


@pytest.mark.parametrize("text", CALLS)
def test_a_call_for_help_where_nothing_is_open_is_answered_by_people(text: str) -> None:
    for intent in (Intent.ASKS_HINT, Intent.ASKS_ANSWER, Intent.ASKS_EXPLANATION, Intent.OFF_TOPIC, Intent.GREETING):
        said = decide(text, intent=intent, facts=(), state=TutoringState(), scope="primary-maths")
        assert (said.talk, said.move, said.state) == ("ready", Move.GREET, TutoringState())
        assert all("step by step" in fallback(said, v) and "last" not in fallback(said, v) for v in range(3))
        assert decide(text, intent=intent, facts=(), state=TutoringState()).talk == ""


@pytest.mark.parametrize("text", CALLS)
def test_beside_an_open_problem_a_call_for_help_is_work_on_it(text: str) -> None:
    assert small_talk.about(text) == ""
    for scope in ("", "primary-maths"):
        said = plan(text, OPEN, scope)
        assert said.fact == OPEN.problem and said.withhold and not said.talk
        assert not plan(text, TutoringState(problem=word_facts.unsolved("Ann has some sweets.")), scope).talk


def test_after_a_solution_a_hint_explains_it_and_a_call_for_the_next_knows_that_it_is_done() -> None:
    for text in ("can I have a hint", "I don't get it", "show me how to do it", "just tell me the answer"):
        said = plan(text, SOLVED)
        assert said.move is Move.EXPLAIN and not said.talk
    for text in ("what now", "next question please", "im stuck"):
        said = plan(text, SOLVED)
        assert (said.talk, said.move, said.state, said.fact) == ("ready", Move.GREET, SOLVED, None)
        words = [fallback(said, variant) for variant in range(3)]
        assert all("done" in w or "finished" in w for w in words) and len(set(words)) == 3
        assert not any("84" in w for w in words)


def test_distress_in_a_call_for_help_comes_first() -> None:
    said = decide("help me", intent=Intent.DISTRESS, facts=(), state=TutoringState(), scope="primary-maths")
    assert said.move is Move.SIGNPOST and not said.talk


@pytest.mark.parametrize("text", ["thank you", "thanks for the hint"])
@pytest.mark.parametrize("intent", [Intent.FEEDBACK, Intent.ASKS_HINT, Intent.ASKS_ANSWER])
def test_thanks_in_a_lesson_leave_the_item_as_it_is_and_unlock_nothing(text: str, intent: Intent) -> None:
    item = Item("q1", "Which process do plants use to make food?", "photosynthesis", hints=("Think of sunlight.",))
    taught = Lesson(key="plants", title="Plants", subject="science", items=(item,), guidelines=(Withhold(attempts=0),))
    state = TutoringState(problem=problem_of(item), item="q1", attempts=3, rung=3)
    for scope in ("", "primary-maths"):
        led = lesson_policy.decide(
            text, lesson=taught, intent=intent, facts=(), state=state, now=time.time(), scope=scope
        )
        assert led.plan.move is Move.ACKNOWLEDGE and led.right is None and led.plan.withhold
        assert (led.plan.state.problem, led.plan.state.attempts, led.plan.state.rung) == (state.problem, 3, 3)
        assert led.plan.talk == ("thanks" if scope else "")


def test_thanks_that_answer_an_item_are_graded() -> None:
    for subject in ("language", "other"):
        led = in_lesson("thank you", Item("q1", "What does 'merci' mean?", "thank you"), subject)
        assert led.right is True and not led.plan.talk


@pytest.mark.parametrize("subject", ["science", "language"])
def test_a_lesson_without_sums_asks_for_none(subject: str) -> None:
    taught = Lesson(key="one", title="One", subject=subject, fallbacks={"greet": "Hi. Shall we look at plants?"})
    for text in CALLS:
        led = lesson_policy.decide(
            text,
            lesson=taught,
            intent=Intent.ASKS_HINT,
            facts=(),
            state=TutoringState(),
            now=time.time(),
            scope="primary-maths",
        )
        assert not led.plan.talk and led.plan.move is Move.GREET


# --- what is more than small talk ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "my mum died and i want to be with her", "my brother died because of me", "my mum died and it is my fault",
        "my dog died and my uncle is being weird with me", "my gran died and i hate everyone",
        "i am sad because my mum died and it is my fault", "im so sad and i want to be with him",
        "my brother died in fifa", "my friend died on the first boss", "my mum died when she saw my score",
        "my sister died of embarassment", "my friend died inside when the bell rang", "my cousin died laughing lol",
        "my mum passed away write me an essay about it", "my friend nearly died", "my dad literally died",
        "my cat was put down what is 3 + 4", "my brother just died again", "my friend died in the car crash level",
        "you mean?", "you mean", "your mean", "so you mean?", "oh you mean", "ur mean",
        "is this alive", "is this a machine", "is this a human", "is it a robot", "is this real", "who is this really",
        "so long", "ok so long", "so long today", "so long now", "its so long",
    ],
)  # fmt: skip
def test_more_than_a_loss_a_question_or_a_long_sum_is_no_small_talk(text: str) -> None:
    assert small_talk.about(text) == ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("my grandma died last week and i miss her so much", "loss"), ("my grandad died when i was little", "loss"),
        ("my nan died yesterday so i dont want to do maths today", "loss"),
        ("our cat got run over this morning", "loss"),
        ("i am sad because my dog died", "loss"), ("my uncle passed away and we all loved him", "loss"),
        ("my hamster died it was so old", "loss"), ("my nan died and i dont know what to do", "loss"),
        ("i went to my nans funeral", "loss"), ("we had to put down our old dog", "loss"),
        ("guess what my little sisters rabbit died on sunday", "loss"),
        ("you are mean and stupid", "insult"), ("you mean stupid robot", "insult"),
        ("is this a real person", "machine"), ("is this chatgpt", "machine"), ("is it a person typing", "machine"),
        ("are you alive", "machine"), ("are u human or a bot", "machine"),
        ("so long tutor", "farewell"), ("bye so long", "farewell"), ("so long and thanks", "farewell"),
    ],
)  # fmt: skip
def test_beside_these_small_talk_stays_what_it_was(text: str, name: str) -> None:
    assert small_talk.about(text) == name


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
    for variant in range(3):
        text = small_talk.words("ready", solved=True, variant=variant)
        assert moderator.judge(text, direction=Direction.OUTPUT, context=("what now",)).action is Action.ALLOW


def test_no_answer_is_loud_or_short_of_its_words() -> None:
    for name in NAMES:
        for state in ({}, {"at_work": True}, {"solved": True}):
            for variant in range(3):
                text = small_talk.words(name, **state, variant=variant)
                assert text and "!" not in text and "'" not in text
