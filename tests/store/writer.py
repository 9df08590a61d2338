"""A program to be killed: writes turns for ever and tells the id of each only once the store has acknowledged it."""

from multiprocessing.connection import Connection
from pathlib import Path

from tutor.domain import AgeBand, Outcome, Reply
from tutor.store import Store


def write_for_ever(path: Path, backups: Path, told: Connection) -> None:
    store = Store.open(path, backups=backups)
    learners = store.learners()
    learner = learners[0] if learners else store.add_learner("Learner", "fox", AgeBand.A8_10, "en-GB")
    conversation = store.new_conversation(learner.id, "killed").id
    parent = None
    number = 0
    told.send(("open",))
    while True:
        number += 1
        question, answer = store.begin_turn(conversation, parent, f"question {number} " + "word " * (number % 50))
        told.send(("message", question.id))
        text = ""
        for sentence in range(3):
            text += f"Sentence {sentence} of {answer.id}. "
            store.keep_partial(answer.id, Reply(text=text, outcome=Outcome.FAILED))
            told.send(("shown", answer.id, sentence))
        alert = "abuse" if number % 5 == 0 else ""
        store.finish_message(answer.id, Reply(text=text, outcome=Outcome.DONE, alert=alert, severity=2), "done")
        told.send(("alert" if alert else "message", answer.id))
        if number % 3 == 0:
            told.send(("flag", store.flag(answer.id, "other", "what").id))
        if number % 7 == 0:
            store.backup()
        if number % 11 == 0:
            store.delete_conversation(conversation)
            store.restore_conversation(conversation)
        parent = answer.id
