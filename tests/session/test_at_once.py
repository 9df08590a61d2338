"""Twenty corrections, the shipped models, the whole program: right at the next question, and nothing else changed."""

import queue
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import school_corrections

from tutor.app import App
from tutor.domain import AgeBand, CorrectionStatus, Reply
from tutor.session_events import Finished
from tutor.tutoring import recalling

UNRELATED = (
    "hello",
    "What is 12 x 7?",
    "can i have a hint",
    "What is 15% of 80?",
    "solve 2x + 3 = 11",
    "why do i have to learn this",
    "Tom has 3 bags with 8 apples each. How many apples does he have?",
    "can we do times tables",
    "i am bored",
    "how do magnets work",
    "What is half of 250?",
    "How long is a football match?",
    "Where do I put my coat?",
    "What time does the pool open?",
    "How do I add decimals?",
    "What is a square number?",
)

Ask = Callable[[str], Reply]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def app(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    monkeypatch.setenv("TUTOR_HOME", str(home))
    with App.open() as opened:
        opened.store.set_contact("The head of year", "room 12", confirmed=True)
        for key, value in (("gpu", False), ("seed", 1), ("temperature", 0.0)):
            opened.store.set_setting(key, value)
        yield opened


@pytest.fixture
def ask(app: App) -> Ask:
    learner = app.store.add_learner("Learner", "fox", AgeBand.A8_10, "en-GB")
    session = app.session(learner, app.store.let_in(learner.id))
    ended: queue.Queue[Finished] = queue.Queue()
    session.listen(lambda event: ended.put(event) if isinstance(event, Finished) else None)

    def answer(text: str) -> Reply:
        session.new()
        assert session.ask(text) is not None
        reply = ended.get(timeout=120).message.reply
        assert reply is not None
        return reply

    return answer


@pytest.mark.slow
def test_corrections_are_right_at_once_in_other_words_too_and_nothing_else_changes(app: App, ask: Ask) -> None:
    corrections, other_words = school_corrections.twenty()
    before = {text: ask(text).text for text in UNRELATED}
    made = {}
    for each in corrections:
        proposed = app.store.propose_correction(
            each.question, each.answer, kind=each.kind, phrasings=each.phrasings, wrong=each.wrong
        )
        app.store.keep_check(app.store.own_words(proposed.id), proposed, True, ())
        made[each.id] = app.store.decide(proposed.id, CorrectionStatus.ACCEPTED, by="teacher")

    def right(text: str, correction_id: int) -> bool:
        reply, wanted = ask(text), made[correction_id]
        return reply.used == (wanted.id,) and recalling.passes_on(reply.text, wanted.answer)

    same = [right(each.question, each.id) for each in corrections]
    held_out = [right(text, each) for each, texts in other_words.items() for text in texts]
    assert sum(same) >= 0.95 * len(same) and sum(held_out) >= 0.8 * len(held_out), (same, held_out)
    assert {text: ask(text).text for text in UNRELATED} == before
    for each in made.values():
        app.store.decide(each.id, CorrectionStatus.WITHDRAWN, by="teacher")
    assert ask(corrections[0].question).used == ()
