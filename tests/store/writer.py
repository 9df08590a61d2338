"""A program to be killed: writes turns for ever and prints the id of each only once the store has acknowledged it."""

import sys
from pathlib import Path

from tutor.domain import AgeBand, Outcome, Reply
from tutor.store import Store


def main(path: Path, backups: Path) -> None:
    store = Store.open(path, backups=backups)
    learners = store.learners()
    learner = learners[0] if learners else store.add_learner("Learner", "fox", AgeBand.A8_10, "en-GB")
    conversation = store.new_conversation(learner.id, "killed").id
    parent = None
    number = 0
    print("open", flush=True)
    while True:
        number += 1
        question, answer = store.begin_turn(conversation, parent, f"question {number} " + "word " * (number % 50))
        print("message", question.id, flush=True)
        text = ""
        for sentence in range(3):
            text += f"Sentence {sentence} of {answer.id}. "
            store.keep_partial(answer.id, Reply(text=text, outcome=Outcome.FAILED))
            print("shown", answer.id, sentence, flush=True)
        alert = "abuse" if number % 5 == 0 else ""
        store.finish_message(answer.id, Reply(text=text, outcome=Outcome.DONE, alert=alert, severity=2), "done")
        print("alert" if alert else "message", answer.id, flush=True)
        if number % 3 == 0:
            print("flag", store.flag(answer.id, "other", "what").id, flush=True)
        if number % 7 == 0:
            store.backup()
        if number % 11 == 0:
            store.delete_conversation(conversation)
            store.restore_conversation(conversation)
        parent = answer.id


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
