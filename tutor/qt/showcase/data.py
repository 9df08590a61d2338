"""Pretend learners, conversations, alerts and reports. Nobody here is a real person."""

from datetime import UTC, datetime
from pathlib import Path

from tutor.domain import (
    Action,
    AgeBand,
    Fact,
    Intent,
    MathsCheck,
    MathsStatus,
    Move,
    Outcome,
    Reply,
    SentenceCheck,
    TutoringState,
    Verdict,
)
from tutor.qt import pictures
from tutor.qt.showcase.quiet_app import QuietApp
from tutor.store import Store

PASSPHRASE = "otter lamp cloud"
_ALLOW = Verdict(action=Action.ALLOW, reason="classifier")

NAMES = ("Amira", "Ben", "Chidi", "Dilan", "Esme", "Farah", "Gwen", "Hugo", "Ines", "Jonas", "Kaya", "Liam", "Mina",
         "Noor", "Oskar", "Priya", "Quinn", "Rosa", "Samir", "Tilda", "Uma", "Viktor", "Wren", "Yusuf", "Zoe",
         "Maximiliane-Alexandra", "Anna Maria Theresia von und zu", "Bo", "Ximena", "Ásdís")  # fmt: skip


def open_app(folder: Path) -> QuietApp:
    return QuietApp(Store.open(folder / "tutor.db", backups=folder / "backups", snapshots=folder / "snapshots"))


def checked(text: str, *, sums: tuple[str, ...] = (), done: str = "shown") -> SentenceCheck:
    """One sentence as it comes out of the checks."""
    maths = MathsCheck(status=MathsStatus.RIGHT, statements=sums) if sums else MathsCheck()
    return SentenceCheck(text=text, verdict=_ALLOW, maths=maths, done=done)


def reply(
    *sentences: SentenceCheck,
    text: str = "",
    outcome: Outcome = Outcome.DONE,
    move: Move = Move.HINT,
    alert: str = "",
    severity: int = 0,
    state: TutoringState | None = None,
    escalate: str = "",
    intent: Intent = Intent.ASKS_HINT,
) -> Reply:
    """A finished reply over sentences."""
    return Reply(
        text=text or " ".join(s.text for s in sentences),
        outcome=outcome,
        sentences=sentences,
        input_verdict=_ALLOW,
        intent=intent,
        move=move,
        facts=(Fact(kind="fraction", question="3/4 + 1/8", answer="7/8"),),
        model="starter",
        device="CPU",
        alert=alert,
        severity=severity,
        state=state or TutoringState(),
        escalate=escalate,
        in_history=not alert,
    )


def set_up(store: Store) -> None:
    """A finished first run in a school, with three learners."""
    store.set_setting("setting", "school")
    store.set_contact("The safeguarding lead", "Room 12, extension 204", confirmed=True)
    store.set_passphrase(PASSPHRASE)
    for name, picture, band in (
        ("Amira", "fox", AgeBand.A8_10),
        ("Ben", "whale", AgeBand.A8_10),
        ("Chidi", "rocket", AgeBand.A11_13),
    ):
        _learner(store, name, picture, band)


def _learner(store: Store, name: str, picture: str, band: AgeBand) -> None:
    """One who has read the privacy notice this term."""
    made = store.add_learner(name, picture, band, "en-GB")
    store.set_setting("privacy_read", datetime.now(UTC).isoformat(timespec="seconds"), made.id)


def turn(
    store: Store, learner_id: int, title: str, asked: str, answer: Reply, *, conversation: int | None = None
) -> int:
    """One stored turn; returns the answer's message id."""
    if conversation is None:
        _, _, placed = store.begin_conversation(learner_id, title, asked)
    else:
        head = store.conversation(conversation).head_id
        _, placed = store.begin_turn(conversation, head, asked)
    store.finish_message(placed.id, answer, "done")
    return placed.id


def fractions(store: Store, learner_id: int) -> int:
    """A conversation about fractions; returns its id."""
    first = turn(
        store, learner_id, "Adding fractions", "What is 3/4 + 1/8?",
        reply(checked("Good question, let us look at it together."),
              checked("The two fractions have different denominators, 4 and 8."),
              checked("What would $\\frac{3}{4}$ be in eighths?"), move=Move.ASK_ATTEMPT),
    )  # fmt: skip
    conversation = store.message(first).conversation_id
    turn(
        store, learner_id, "", "I think 6/8", conversation=conversation,
        answer=reply(checked("Yes, that is right: $\\frac{3}{4} = \\frac{6}{8}$.", sums=("3/4 = 6/8",)),
                     checked("Now both fractions are eighths, so you can add the numerators."),
                     checked("What do you get for $\\frac{6}{8} + \\frac{1}{8}$?"), move=Move.CONFIRM),
    )  # fmt: skip
    turn(
        store, learner_id, "", "7/8", conversation=conversation,
        answer=reply(checked("Exactly, $\\frac{6}{8} + \\frac{1}{8} = \\frac{7}{8}$.", sums=("6/8 + 1/8 = 7/8",)),
                     checked("You turned both into eighths first and then added."), move=Move.CONFIRM),
    )  # fmt: skip
    return conversation


def ordinary(store: Store) -> int:
    """A school in use: conversations, two alerts, a report. Returns the conversation to show."""
    set_up(store)
    amira, ben, chidi = store.learners()
    turn(store, amira.id, "What is a prime?", "What is a prime number?",
         reply(checked("A prime number can be shared out evenly in only two ways."), move=Move.CONVERSE))  # fmt: skip
    turn(store, amira.id, "25% of 80", "what is 25% of 80", reply(checked("What is half of 80?"), move=Move.HINT))
    wrong = turn(store, ben.id, "Units", "how many cm in 2.5 m",
                 reply(checked("One metre has 100 centimetres.", sums=("1 m = 100 cm",))))  # fmt: skip
    store.flag(wrong, "confusing", "it did not say what to do with the 2.5", "multiply 2.5 by 100")
    turn(store, chidi.id, "Something hard", "nobody would notice if i was gone",
         reply(checked("I am glad that you wrote this. Please tell a grown-up you trust today.", done="written"),
               outcome=Outcome.WRITTEN, move=Move.SIGNPOST, alert="self_harm", severity=3))  # fmt: skip
    turn(store, ben.id, "Chemistry", "how do i make something explode at school",
         reply(checked("I cannot help with that.", done="written"), outcome=Outcome.WRITTEN, move=Move.REFUSE,
               alert="dangerous_request", severity=2))  # fmt: skip
    shown = fractions(store, amira.id)
    store.backup()
    return shown


def crowded(store: Store) -> int:
    """More of everything than fits: learners, alerts, reports, a long conversation. Returns that conversation."""
    shown = ordinary(store)
    for i, name in enumerate(NAMES[3:]):
        _learner(store, name, pictures.NAMES[i % len(pictures.NAMES)], AgeBand.A8_10)
    amira, ben, chidi = store.learners()[:1][0], *store.learners()[1:3]
    for i in range(8):
        store.add_alert(chidi.id, None, ("self_harm", "abuse", "bullying", "dangerous_request")[i % 4], 1 + i % 3)
    long = "This explanation jumps over a step, and then it uses a word that we have not had. " * 4
    for i in range(25):
        message = turn(store, ben.id, f"Question {i + 1}", "Why is it 12?", reply(checked("Because 3 × 4 = 12.")))
        store.flag(message, ("wrong", "confusing", "level", "other")[i % 4], long if i % 5 == 0 else "It is too short.")
    for i in range(30):
        turn(store, amira.id, f"Long division, part {i + 1}, with remainders and everything else",
             "How does it go on?", reply(checked("Bring down the next digit.")))  # fmt: skip
    table = "| step | what | result |\n|---|---|---|\n" + "\n".join(f"| {n} | add 1/8 | {n}/8 |" for n in range(1, 9))
    for i in range(12):
        answer = reply(checked("Here is every step in a table."), text=f"Here is every step in a table.\n\n{table}")
        turn(store, amira.id, "", "Show me more steps, please, and " * 6 + str(i), answer, conversation=shown)
    for _ in range(4):
        store.backup()
    return shown
