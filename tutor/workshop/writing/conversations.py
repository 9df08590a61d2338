"""Conversations between a learner and the tutor, in the very prompt form of the running program."""

from collections.abc import Sequence
from random import Random

from tutor.domain import Fact, Frozen, Move
from tutor.tutoring import brief
from tutor.tutoring.guidelines import DEFAULT
from tutor.workshop.writing import learner, replies
from tutor.workshop.writing import learner_words as their
from tutor.workshop.writing.split import pick
from tutor.workshop.writing.vocabulary import TOPICS, WORDS

SYSTEMS = (
    "You are a kind maths tutor. Help the learner to find the answer.",
    "You are a tutor. Short answers. One question at a time.",
    "You help a child in year {q} with maths. Be patient and brief, and do not give answers away.",
    "Lesson: {t}. Let the learner try first. Use simple words.",
    "You are a patient tutor for a young learner. Ask before you tell. Use the facts in the notes.",
    "Today's lesson is about {w} numbers. Encourage the learner and keep to the lesson.",
    "Keep to two sentences. Ask one question. Follow the notes.",
    "You are a tutor in a primary school. Speak simply. Give hints, not answers, and be kind.",
    "Guidelines from the teacher: praise effort, never the answer first, one step at a time.",
    "You teach maths to children aged {q} to 12. Answer briefly, in British English.",
    "Be a calm tutor. The learner likes {t}. Do not say the answer before a try.",
    "Follow the notes of each turn exactly. Be friendly and short.",
)


class Turn(Frozen):
    """One exchange, with what an evaluation needs to judge it."""

    words: str
    notes: str
    reply: str
    move: Move
    kind: str = ""
    """The kind of problem, or of small talk."""
    answer: str = ""
    """The problem's answer, which some moves must not say."""
    attempt: str = ""


class Talk(Frozen):
    """A whole conversation."""

    system: str
    turns: tuple[Turn, ...]


def messages(talk: Talk) -> list[dict[str, str]]:
    """The conversation as chat messages; notes follow the learner's words in every turn."""
    said = [{"role": "system", "content": talk.system}] if talk.system else []
    for turn in talk.turns:
        said.append({"role": "user", "content": brief.user_message(turn.words, turn.notes)})
        said.append({"role": "assistant", "content": turn.reply})
    return said


def wrong_answer(rng: Random, answer: str) -> str:
    """An answer of the same form that is not right: a digit changed, one too many, or the sign turned round."""
    if " < " in answer or " > " in answer:
        return answer.translate(str.maketrans("<>", "><"))
    places = [i for i, c in enumerate(answer) if c.isdigit()]
    if not places:
        return str(rng.randint(2, 99))
    if answer.isdigit() and rng.random() < 0.4:
        return str(abs(int(answer) + rng.choice((-10, -2, -1, 1, 2, 9, 10, 100))))
    while True:
        at = rng.choice(places)
        digit = str((int(answer[at]) + rng.randint(1, 9)) % 10)
        changed = answer[:at] + digit + answer[at + (rng.random() < 0.8) :]
        start = changed.lstrip("-£xyzabncdkw= ")
        if changed != answer and not (start.startswith("0") and not start.startswith("0.")) and "/0" not in changed:
            return changed


def short_answer(rng: Random, answer: str) -> str:
    """An answer as a learner may give it: `x = 4` also as `4` or `x=4`, `25 cm` as `25cm` or `25`."""
    left, equals, value = answer.partition(" = ")
    if equals:
        return rng.choice((answer, value, f"{left}={value}"))
    number, space, unit = answer.partition(" ")
    if space and unit.isalpha() and unit != "remainder":
        return rng.choice((answer, number + unit, number, answer))
    return answer


def invented(rng: Random, fact: Fact) -> Fact:
    """The fact with hints that no bank holds, so that the tutor learns to use what stands in the notes."""
    made = []
    for _ in range(3):
        start = rng.choice(
            (
                "Think of",
                "Draw",
                "Look at",
                "Write down",
                "Imagine",
                "What would change with",
                "Start with",
                "Remember",
                "How many are in",
                "Use",
            )
        )
        what = rng.choice(
            (
                f"the {rng.choice(WORDS)} {rng.choice(TOPICS)}",
                f"{rng.randint(2, 60)} {rng.choice(TOPICS)}",
                fact.question.rstrip("?"),
            )
        )
        then = rng.choice(
            (
                "",
                f" and count the {rng.choice(WORDS)} ones",
                f", then the {rng.choice(WORDS)} part",
                f" next to {rng.randint(2, 99)}",
            )
        )
        made.append(start + " " + what + then + ("?" if start.startswith(("What", "How")) else "."))
    return Fact(
        kind=fact.kind,
        question=fact.question,
        answer=fact.answer,
        steps=fact.steps,
        hints=tuple(made),
        topic=fact.topic,
    )


class Talker:
    """Makes conversations; `held` chooses the held-out wordings. Give it held-out problems with them."""

    def __init__(self, rng: Random, *, held: bool) -> None:
        self.rng, self.held = rng, held

    def system(self) -> str:
        chance = self.rng.random()
        if chance < 0.5:
            return DEFAULT
        if chance < 0.6:
            return ""
        lines = self.rng.sample(SYSTEMS, self.rng.choice((1, 1, 1, 2, 3)))
        return learner.fill(self.rng, " ".join(lines))

    def say(self, bank: Sequence[str], **fields: str) -> str:
        """A learner's words from a bank, typed; `fields` are put in last, unchanged."""
        words = learner.typed(self.rng, learner.fill(self.rng, pick(self.rng, bank, held=self.held)))
        for name, value in fields.items():
            words = words.replace("{" + name + "}", value).replace("{" + name.upper() + "}", value)
        if self.rng.random() < 0.12:
            words = learner.fill(self.rng, pick(self.rng, their.SIDE_REMARKS, held=self.held)) + words
        return words

    def turn(self, words: str, move: Move, reply: str, fact: Fact | None, **more: str) -> Turn:
        rung = int(more.pop("rung", "0"))
        attempt = more.get("attempt", "")
        notes = brief.render(move, fact, attempt=attempt, rung=rung)
        return Turn(words=words, notes=notes, reply=reply, move=move, answer=fact.answer if fact else "", **more)

    # --- one method a move ------------------------------------------------------------------------------------------

    def greet(self, fact: Fact | None = None) -> Turn:
        words = self.say(their.GREETINGS)
        return self.turn(words, Move.GREET, replies.greet(self.rng, words, fact), fact, kind="greeting")

    def redirect(self, fact: Fact | None = None) -> Turn:
        maths = self.rng.random() < 0.3
        words = self.say(their.UNREAD_MATHS if maths else their.OFF_TOPIC)
        kind = "unread maths" if maths else "off topic"
        return self.turn(words, Move.REDIRECT, replies.redirect(self.rng, maths=maths, fact=fact), fact, kind=kind)

    def acknowledge(self, fact: Fact | None = None) -> Turn:
        kinds = (
            ("thanks", "ok", "moan", "doubt")
            if fact
            else ("thanks", "thanks", "ok", "ok", "moan", "doubt", "bye", "bye")
        )
        kind = self.rng.choice(kinds)
        banks = {
            "thanks": their.THANKS,
            "ok": their.OKS,
            "moan": their.MOANS,
            "doubt": their.DOUBTS,
            "bye": their.BYES,
        }
        words = self.say(banks[kind])
        return self.turn(words, Move.ACKNOWLEDGE, replies.acknowledge(self.rng, kind, fact), fact, kind=kind)

    def ask_attempt(self, kind: str, fact: Fact, text: str) -> Turn:
        """`text`: the problem as the learner writes it; "" when they beg for the answer or are stuck instead."""
        why = "new" if text else self.rng.choice(("begged", "begged", "stuck"))
        asks = their.ASKS_IN_WORDS if text.partition(" ")[0].isalpha() else their.ASKS
        if why == "new":
            words = self.say(asks, p=text)
        else:
            words = self.say(their.ANSWER_PLEASE if why == "begged" else their.DO_NOT_KNOW)
        return self.turn(words, Move.ASK_ATTEMPT, replies.ask_attempt(self.rng, fact, why), fact, kind=kind)

    def hint(self, kind: str, fact: Fact, rung: int, text: str = "") -> Turn:
        why = self.rng.choice(("stuck", "stuck", "stuck", "asked", "asked", "asked", "begged", "step"))
        if why == "step" and (text or len(fact.steps) < 2):
            why = "stuck"
        if why == "step":
            words = self.say(their.WORKING, s=self.rng.choice(fact.steps[:-1]))
        else:
            banks = {
                "stuck": their.DO_NOT_KNOW,
                "asked": their.HINT_PLEASE,
                "begged": their.ANSWER_PLEASE,
            }
            words = self.say(banks[why])
        words = f"{words} {text}" if text else words
        said = replies.hint(self.rng, fact.hints[min(rung, len(fact.hints) - 1)], rung=rung, why=why)
        return self.turn(words, Move.HINT, said, fact, kind=kind, rung=str(rung))

    def diagnose(self, kind: str, fact: Fact, rung: int, text: str = "") -> Turn:
        attempt = wrong_answer(self.rng, short_answer(self.rng, fact.answer))
        words = f"{text} = {attempt}" if text and "=" not in text else self.say(their.ATTEMPTS, a=attempt)
        if not text and len(fact.steps) > 1 and self.rng.random() < 0.08:  # wrong working, no answer yet
            words, attempt = self.say(their.WORKING, s=wrong_answer(self.rng, fact.steps[0])), ""
        check = fact.hints[min(rung, len(fact.hints) - 1)] if fact.hints else ""
        said = replies.diagnose(self.rng, attempt, check)
        return self.turn(words, Move.DIAGNOSE, said, fact, kind=kind, attempt=attempt, rung=str(rung))

    def confirm(self, kind: str, fact: Fact, text: str = "") -> Turn:
        attempt = short_answer(self.rng, fact.answer)
        words = f"{text} = {attempt}" if text and "=" not in text else self.say(their.ATTEMPTS, a=attempt)
        return self.turn(
            words, Move.CONFIRM, replies.confirm(self.rng, fact, attempt), fact, kind=kind, attempt=attempt
        )

    def explain(self, kind: str, fact: Fact, text: str = "") -> Turn:
        bank = self.rng.choice((their.EXPLAIN_PLEASE,) * 3 + (their.ANSWER_PLEASE, their.DO_NOT_KNOW))
        words = self.say(bank)
        if not text and self.rng.random() < 0.2:  # the last of several wrong attempts
            words = self.say(their.ATTEMPTS, a=wrong_answer(self.rng, short_answer(self.rng, fact.answer)))
        words = f"{words} {text}" if text else words
        return self.turn(words, Move.EXPLAIN, replies.explain(self.rng, fact), fact, kind=kind)

    # --- whole conversations ----------------------------------------------------------------------------------------

    def about(self, kind: str, text: str, fact: Fact) -> list[Turn]:
        """One problem from the question to its end (or to where the learner leaves it)."""
        rng = self.rng
        if rng.random() < 0.1:
            fact = invented(rng, fact)
        start = rng.random()
        if start < 0.8:
            turns = [self.ask_attempt(kind, fact, text)]
        elif start < 0.86:
            turns = [self.hint(kind, fact, 0, text)]
        elif start < 0.92:
            turns = [self.diagnose(kind, fact, 0, text)]
        elif start < 0.96:
            return [self.confirm(kind, fact, text)]
        else:
            return [self.explain(kind, fact, text)]
        rung = int(start >= 0.8)
        for _ in range(rng.randint(1, 5)):
            event = rng.random()
            if event < 0.3:
                turns.append(self.hint(kind, fact, rung))
                rung = min(rung + 1, 2)
            elif event < 0.5:
                turns.append(self.diagnose(kind, fact, rung))
            elif event < 0.74:
                turns.append(self.confirm(kind, fact))
                break
            elif event < 0.86:
                turns.append(self.explain(kind, fact))
                break
            elif event < 0.92:
                turns.append(self.ask_attempt(kind, fact, ""))
            elif event < 0.955:
                turns.append(self.acknowledge(fact))
            elif event < 0.97:
                turns.append(self.greet(fact))
            else:
                turns.append(self.redirect(fact))
        return turns

    def drill(self, kind: str, text: str, fact: Fact) -> Talk:
        """One exchange full of numbers, for practising to say exactly what the notes say."""
        move = self.rng.choices(("explain", "confirm", "ask", "hint", "diagnose"), (8, 4, 4, 2, 2))[0]
        if move == "explain":
            turn = self.explain(kind, fact)
        elif move == "confirm":
            turn = self.confirm(kind, fact)
        elif move == "ask":
            turn = self.ask_attempt(kind, fact, text)
        elif move == "hint":
            turn = self.hint(kind, fact, self.rng.randint(0, 2))
        else:
            turn = self.diagnose(kind, fact, self.rng.randint(0, 2))
        return Talk(system=self.system() if self.rng.random() < 0.5 else "", turns=(turn,))

    def talk(self, problem: tuple[str, str, Fact], other: tuple[str, str, Fact]) -> Talk:
        """A conversation of one to ten turns about one problem or two, with small talk around them."""
        rng = self.rng
        turns: list[Turn] = []
        if rng.random() < 0.22:
            turns.append(self.greet())
        if rng.random() < 0.12:
            turns.append(self.redirect())
        if not turns or rng.random() < 0.85:
            turns += self.about(*problem)
        if rng.random() < 0.12:
            turns.append(self.acknowledge())
        if rng.random() < 0.15:
            turns += self.about(*other)
        if rng.random() < 0.05:
            turns.append(self.redirect())
        return Talk(system=self.system(), turns=tuple(turns[:10]))
