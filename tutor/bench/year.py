"""A class of 40 with a year of work, made by a fixed rule: 200,000 turns, what hangs on them, and nobody real.

Rows go straight into a database that the store has made, in one transaction, with the search index built at the end:
half a minute rather than the hour that a year of single turns would take.
"""

import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec

from tutor.domain import (
    Action,
    AgeBand,
    Fact,
    Intent,
    Item,
    Lesson,
    Move,
    Outcome,
    Reply,
    RuleCheck,
    SentenceCheck,
    Severity,
    Timings,
    TutoringState,
    Verdict,
)
from tutor.domain_lessons import Length, Questions, Withhold
from tutor.store import Store
from tutor.store.turn_facts import TurnFact, fact_of

LEARNERS: Final = 40
TURNS: Final = 200_000
DAYS: Final = 364
PASSPHRASE: Final = "otter lamp cloud"
_NAMES: Final = (
    "Ada", "Bela", "Caro", "Dina", "Edda", "Finn", "Gala", "Hana", "Ivo", "Jana", "Karl", "Lena", "Milo", "Nora",
    "Olaf", "Pia", "Rafi", "Sami", "Tara", "Ulla", "Vera", "Wim", "Xena", "Yara", "Zeno", "Alva", "Bram", "Cleo",
    "Dario", "Elin", "Fred", "Gina", "Henk", "Iris", "Joel", "Kaja", "Luca", "Mika", "Nele", "Otis",
)  # fmt: skip
_TOPICS: Final = ("Fractions", "Percentages", "Units", "Equations", "Area", "Primes", "Averages", "Money")
_SAYS: Final = (
    "i think it is {n}", "is it {n}?", "what is {a}/{b} + {c}/{b}", "how do i do {a} × {b}", "give me a hint please",
    "just tell me the answer", "i do not get it, this is hard", "thanks, that helped", "why is it {n}",
    "can you explain that again", "great, next one", "what is {n}% of {m}",
)  # fmt: skip
_ANSWERS: Final = (
    "Good try. What do you get when you write both with the same denominator?",
    "Look at the second step again. What is {a} × {b}?",
    "Yes, {n} is right. You changed the units first, and then multiplied.",
    "Let us begin with the smaller number. How many {b}s fit into {m}?",
    "Not quite. Which of the two parts did you take away?",
)
_MODELS: Final = ("starter", "starter-2")
_ALLOW: Final = Verdict(action=Action.ALLOW, scores={"insult": 0.01, "threat": 0.001}, reason="classifier")
_FIRED: Final = (
    RuleCheck(rule="length", severity=Severity.REWRITE, fired=True, where="turn", done="rewritten"),
    RuleCheck(rule="questions", severity=Severity.BLOCK, fired=True, where="turn", done="replaced"),
    RuleCheck(rule="withhold", severity=Severity.BLOCK, fired=True, where="policy", done="withheld"),
)
_HELD: Final = RuleCheck(rule="tone", severity=Severity.BLOCK, where="sentence")


def make(path: Path, *, turns: int = TURNS, learners: int = LEARNERS, seed: int = 7) -> None:
    """A database file at `path` (there must be none) with a school, one class, its lessons and its year."""
    with Store.open(path) as store:
        store.set_setting("setting", "school")
        store.set_contact("The safeguarding lead", "Room 12", confirmed=True)
        store.set_passphrase(PASSPHRASE)
        people = [store.add_learner(name, "fox", AgeBand.A8_10, "en-GB").id for name in _NAMES[:learners]]
        versions = [store.publish_draft(store.create_lesson(_lesson(topic)).lesson_id).id for topic in _TOPICS]
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA foreign_keys = ON")
        triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%indexed'")
        indexed = triggers.fetchall()
        with db:
            db.execute("BEGIN")
            for name, _ in indexed:
                db.execute(f"DROP TRIGGER {name}")
            _fill(db, people, versions, turns, random.Random(seed))
            for table in ("message_fts", "conversation_fts"):
                db.execute(f"INSERT INTO {table} ({table}) VALUES ('rebuild')")
            for _, sql in indexed:
                db.execute(sql)


def _lesson(topic: str) -> Lesson:
    items = tuple(Item(id=f"q{n}", question=f"{topic}, question {n}", answer=str(7 * n)) for n in range(1, 6))
    return Lesson(
        key=f"year-{topic.lower()}",
        title=topic,
        subject="maths",
        guidelines=(Withhold(), Questions(), Length()),
        items=items,
    )


def _fill(db: sqlite3.Connection, people: list[int], versions: list[int], turns: int, chance: random.Random) -> None:
    now = datetime.now(UTC)
    db.execute("INSERT INTO class (name, visible, created_at) VALUES ('Class 6b', 'all', ?)", (_at(now),))
    db.executemany("INSERT INTO class_member (class_id, learner_id) VALUES (1, ?)", [(one,) for one in people])
    rows = _Rows()
    for at, learner, version, count in _talks(people, versions, turns, now, chance):
        rows.talk(at, learner, version, count, chance)
        if len(rows.messages) > 20_000:
            rows.write(db)
    rows.write(db)
    _corrections(db, people, chance, now)


def _talks(
    people: list[int], versions: list[int], turns: int, now: datetime, chance: random.Random
) -> Iterator[tuple[datetime, int, int | None, int]]:
    """When who talked, by which lesson, for how many turns; oldest first."""
    per_talk = 10
    talks = max(1, turns // per_talk)
    starts = sorted(chance.random() for _ in range(talks))
    for number, share in enumerate(starts):
        day = now - timedelta(days=DAYS * (1 - share))
        count = per_talk if number < talks - 1 else turns - per_talk * (talks - 1)
        version = chance.choice(versions) if chance.random() < 0.8 else None
        yield day - timedelta(minutes=30), chance.choice(people), version, count


class _Rows:
    """Rows that wait to be written, by table."""

    def __init__(self) -> None:
        self.conversation = self.message = 0
        self.last: dict[int, str] = {}
        self.clear()

    def clear(self) -> None:
        self.conversations: list[tuple[Any, ...]] = []
        self.messages: list[tuple[Any, ...]] = []
        self.facts: list[TurnFact] = []
        self.more: dict[str, list[tuple[Any, ...]]] = {
            name: [] for name in ("moderation", "rating", "flag", "escalation", "alert", "grade", "asked_about",
                                  "rule_fired", "survey")
        }  # fmt: skip

    def talk(self, at: datetime, learner: int, version: int | None, turns: int, chance: random.Random) -> None:
        """One conversation."""
        self.conversation += 1
        parent: int | None = None
        attempts, item, started = 0, f"q{chance.randint(1, 5)}", _at(at)
        problem = Fact(kind="fraction", question=f"{chance.randint(1, 9)}/12 + 1/12", answer="5/12")
        will_solve = chance.random() < 0.85
        for number in range(turns):
            at += timedelta(seconds=chance.randint(25, 120))
            said, answer = _words(_SAYS, chance), _words(_ANSWERS, chance)
            attempts += chance.random() < 0.6
            state = TutoringState(
                problem=problem,
                attempts=attempts,
                rung=min(3, number // 3),
                begs=int("tell me" in said),
                solved=will_solve and number == turns - 1,
                item=item if version else "",
            )
            felt = chance.random() < 0.001
            reply = _reply(answer, state, said, version, chance, felt=felt)
            self.messages.append((self.conversation, parent, "learner", said, _at(at), None, "done"))
            question = self.message + 1
            self.messages.append((self.conversation, question, "tutor", answer, _at(at),
                                  msgspec.json.encode(reply).decode(), "done"))  # fmt: skip
            self.message += 2
            parent = self.message
            self._hang_on(parent, question, learner, said, reply, at, chance)
        self.conversations.append(
            (self.conversation, learner, f"{_words(_SAYS, chance)}"[:48], started, _at(at), parent, version)
        )
        if chance.random() < 0.06:
            self.more["survey"].append((learner, version, chance.randint(2, 5), chance.randint(2, 5), _at(at)))

    def _hang_on(
        self, answer: int, question: int, learner: int, said: str, reply: Reply, at: datetime, chance: random.Random
    ) -> None:
        when = _at(at)
        fact = fact_of(
            answer, learner, reply.lesson_version_id, said, reply, at=when, before=self.last.get(learner, "")
        )
        self.last[learner] = when
        self.facts.append(fact)
        self.more["rule_fired"] += [(answer, r.rule, r.severity.value, r.done, 1) for r in reply.rules if r.fired]
        verdicts = json.dumps([{"action": "allow"}])
        alert = None
        if fact.emotional:
            self.more["alert"].append((question, learner, "isolation", 2, when))
            alert = len(self.more["alert"])
        self.more["moderation"].append((learner, answer, when, said, reply.text, verdicts, verdicts, "allow"))
        luck = chance.random()
        if luck < 0.12:
            self.more["rating"].append((answer, 1 if chance.random() < 0.8 else -1, when))
        elif luck < 0.13:
            category = chance.choice(("wrong", "confusing", "level", "off_lesson"))
            self.more["flag"].append((answer, category, "it does not say why", "say the step", when))
        elif luck < 0.133:
            reason = chance.choice(("tries", "outside", "asked"))
            self.more["escalation"].append((answer, learner, reason, "please", when))
        elif luck < 0.138 and alert is None:
            self.more["grade"].append((answer, *(chance.randint(2, 5) for _ in range(3)), "", "teacher", when))
        elif luck < 0.15:
            self.more["asked_about"].append((answer, learner, "uncertain", 1.5, when, chance.choice(("right", ""))))

    def write(self, db: sqlite3.Connection) -> None:
        insert = "INSERT INTO {} ({}) VALUES ({})"
        facts = TurnFact.__struct_fields__
        tables: dict[str, tuple[str, list[tuple[Any, ...]]]] = {
            "conversation": (
                "id, learner_id, title, created_at, updated_at, head_id, lesson_version_id",
                self.conversations,
            ),
            "message": ("conversation_id, parent_id, role, text, created_at, reply, status", self.messages),
            "turn_fact": (", ".join(facts), [tuple(getattr(fact, name) for name in facts) for fact in self.facts]),
            "moderation": (
                "learner_id, message_id, created_at, prompt, answer, input_verdict, output_verdicts, action",
                self.more["moderation"],
            ),
            "rating": ("message_id, rating, rated_at", self.more["rating"]),
            "flag": ("message_id, category, what, better, created_at", self.more["flag"]),
            "escalation": ("message_id, learner_id, reason, note, created_at", self.more["escalation"]),
            "alert": ("message_id, learner_id, kind, severity, created_at", self.more["alert"]),
            "grade": ("message_id, accurate, kind, level, error, graded_by, graded_at", self.more["grade"]),
            "asked_about": ("message_id, learner_id, reason, score, asked_at, said", self.more["asked_about"]),
            "rule_fired": ("message_id, rule, severity, done, times", self.more["rule_fired"]),
            "survey": ("learner_id, lesson_version_id, helped, again, asked_at", self.more["survey"]),
        }
        db.execute("PRAGMA defer_foreign_keys = ON")
        for table, (columns, rows) in tables.items():
            places = ", ".join("?" for _ in columns.split(","))
            db.executemany(insert.format(table, columns, places), rows)
        self.clear()
        _decide(db)


def _decide(db: sqlite3.Connection) -> None:
    """All but the newest of what waited was dealt with."""
    db.execute(
        "INSERT INTO review (flag_id, what, error, why, decided_by, decided_at) SELECT id, 'dismissed', "
        "CASE id % 4 WHEN 0 THEN 'maths' WHEN 1 THEN 'confusing' WHEN 2 THEN 'level' ELSE 'none' END, 'Looked at.', "
        "'teacher', created_at FROM flag WHERE id NOT IN (SELECT flag_id FROM review WHERE flag_id IS NOT NULL) "
        "AND id <= (SELECT max(id) FROM flag) - 60"
    )
    db.execute(
        "UPDATE escalation SET answer = 'Look at the picture in the book.', answered_by = 'teacher', "
        "answered_at = created_at, read_at = created_at WHERE answered_at = '' "
        "AND id <= (SELECT max(id) FROM escalation) - 20"
    )
    db.execute(
        "UPDATE alert SET seen_at = created_at, seen_by = 'The safeguarding lead' WHERE seen_at IS NULL "
        "AND id <= (SELECT max(id) FROM alert) - 5"
    )


def _corrections(db: sqlite3.Connection, people: list[int], chance: random.Random, now: datetime) -> None:
    """Three hundred corrections: most in use, some that wait."""
    rows = []
    for number in range(300):
        topic, status = chance.choice(_TOPICS), ("accepted", "accepted", "accepted", "rejected", "proposed")[number % 5]
        rows.append((f"What is number {number} about {topic.lower()}?", f"It is {number}.", "It is 0.", "fact", "class",
                     chance.choice(people), status, "passed", _at(now), _at(now)))  # fmt: skip
    db.executemany(
        "INSERT INTO correction (question, answer, wrong, kind, scope, learner_id, status, checked, created_at, "
        "decided_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def _reply(
    text: str, state: TutoringState, said: str, version: int | None, chance: random.Random, *, felt: bool
) -> Reply:
    if felt:
        move, intent = Move.SIGNPOST, Intent.DISTRESS
    else:
        move = chance.choice((Move.HINT, Move.ASK_ATTEMPT, Move.DIAGNOSE, Move.CONFIRM, Move.EXPLAIN))
        intent = Intent.ASKS_ANSWER if "tell me" in said else Intent.ATTEMPT
    fired = (chance.choice(_FIRED),) if chance.random() < 0.08 else ()
    return Reply(
        text=text,
        outcome=Outcome.STOPPED if chance.random() < 0.01 else Outcome.DONE,
        sentences=(SentenceCheck(text=text, verdict=_ALLOW),),
        input_verdict=_ALLOW,
        intent=intent,
        intent_confidence=0.9,
        move=move,
        state=state,
        model=chance.choice(_MODELS),
        device="CPU",
        timings=Timings(total_ms=900.0, prompt_tokens=300, completion_tokens=20),
        lesson_version_id=version,
        rules=(_HELD, *fired),
    )


def _words(of: tuple[str, ...], chance: random.Random) -> str:
    numbers = {name: chance.randint(2, 99) for name in "abcnm"}
    return chance.choice(of).format(**numbers)


def _at(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
