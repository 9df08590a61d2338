"""One exchange a move: the learner's words, the program's notes, the tutor's reply."""

from collections.abc import Callable, Sequence
from random import Random

from tutor.domain import Fact, Move
from tutor.tutoring import brief
from tutor.tutoring.guidelines import DEFAULT
from tutor.tutoring.reveals import reveals_answer
from tutor.workshop.writing import learner, replies, small_talk
from tutor.workshop.writing import learner_chat as chat
from tutor.workshop.writing import learner_words as their
from tutor.workshop.writing.attempts import attempt as attempted
from tutor.workshop.writing.attempts import wrong_answer
from tutor.workshop.writing.problems import Problem
from tutor.workshop.writing.split import pick
from tutor.workshop.writing.talks import Turn

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

_REDIRECTS = {
    "off topic": (chat.OFF_TOPIC, 42),
    "about me": (chat.ABOUT_YOU, 9),
    "language": (chat.LANGUAGES, 10),
    "nonsense": (chat.NONSENSE, 9),
    "unread maths": (chat.UNREAD_MATHS, 24),
    "bare": (chat.BARE, 6),
}
"""Words that lead to a redirection, with how often."""

_ACKNOWLEDGED = {
    "thanks": chat.THANKS, "ok": chat.OKS, "moan": chat.MOANS, "doubt": chat.DOUBTS, "rude": chat.RUDE,
    "bye": chat.BYES,
}  # fmt: skip


class Talker:
    """Makes single exchanges; `held` chooses the held-out wordings."""

    def __init__(self, rng: Random, *, held: bool) -> None:
        self.rng, self.held = rng, held
        self._used: list[str] = []

    def system(self) -> str:
        chance = self.rng.random()
        if chance < 0.5:
            return DEFAULT
        if chance < 0.65:
            return ""
        lines = self.rng.sample(SYSTEMS, self.rng.choice((1, 1, 1, 2)))
        return learner.fill(self.rng, " ".join(lines))

    def pick(self, bank: Sequence[str]) -> str:
        """A learner's wording, remembered for the turn that is being made."""
        self._used.append(pick(self.rng, bank, held=self.held))
        return self._used[-1]

    def say(self, bank: Sequence[str], **fields: str) -> str:
        """A learner's words from a bank, typed; `fields` are put in last, unchanged."""
        words = learner.typed(self.rng, learner.fill(self.rng, self.pick(bank)))
        for name, value in fields.items():
            words = words.replace("{" + name + "}", value).replace("{" + name.upper() + "}", value)
        if self.rng.random() < 0.1:
            words = learner.fill(self.rng, self.pick(chat.SIDE_REMARKS)) + words
        return words

    def turn(
        self,
        words: str,
        move: Move,
        reply: str,
        fact: Fact | None,
        *,
        kind: str,
        attempt: str = "",
        rung: int = 0,
        given: str = "",
        template: str = "",
    ) -> Turn:
        used, self._used = tuple(self._used), []
        return Turn(
            words=words,
            notes=brief.render(move, fact, attempt=attempt, rung=rung, given=given),
            reply=reply,
            move=move,
            kind=kind,
            answer=fact.answer if fact else "",
            attempt=attempt,
            question=fact.question if fact else "",
            template=template,
            phrasings=used,
        )

    # --- nothing to work out ----------------------------------------------------------------------------------------

    def greet(self, fact: Fact | None = None) -> Turn:
        words = self.say(chat.GREETINGS)
        said = self._used[-1] if len(self._used) == 1 else self._used[0]
        return self.turn(words, Move.GREET, small_talk.greet(self.rng, said, fact), fact, kind="greeting")

    def redirect(self, fact: Fact | None = None) -> Turn:
        kinds = [k for k in _REDIRECTS if fact is None or k not in ("bare", "unread maths")]
        kind = self.rng.choices(kinds, [_REDIRECTS[k][1] for k in kinds])[0]
        words = self.say(_REDIRECTS[kind][0])
        return self.turn(words, Move.REDIRECT, small_talk.redirect(self.rng, kind, fact), fact, kind=kind)

    def acknowledge(self, fact: Fact | None = None) -> Turn:
        weights = (4, 4, 3, 3, 2, 0 if fact else 3)
        kind = self.rng.choices(list(_ACKNOWLEDGED), weights)[0]
        words = self.say(_ACKNOWLEDGED[kind])
        return self.turn(words, Move.ACKNOWLEDGE, small_talk.acknowledge(self.rng, kind, fact), fact, kind=kind)

    def kept(self, make: Callable[[], str], fact: Fact) -> str:
        """A reply drawn until it does not hold the answer: "the next one" gives it away where that is 1."""
        reply = make()
        for _ in range(8):
            if not reveals_answer(reply, fact):
                break
            reply = make()
        return reply

    # --- about a problem --------------------------------------------------------------------------------------------

    def ask_attempt(self, problem: Problem, fact: Fact, why: str) -> Turn:
        """`why`: the problem is "new", the answer was "begged" for, or the learner is "stuck" with all hints given."""
        template = ""
        if why == "new":
            words = self._put(problem)
            template = problem.template
        elif why == "begged":
            claims = self.rng.random() < 0.25
            words = self.say(their.CLAIMS if claims else their.ANSWER_PLEASE)
            why = "claim" if claims else "begged"
        else:
            words = self.say(self.rng.choice((their.DO_NOT_KNOW, their.DO_NOT_KNOW, their.SILENCE)))
        said = self.kept(lambda: replies.ask_attempt(self.rng, fact, why), fact)
        return self.turn(words, Move.ASK_ATTEMPT, said, fact, kind=problem.kind, template=template)

    def _put(self, problem: Problem) -> str:
        """The problem as a learner puts it; a story comes as it is."""
        if problem.fact.kind == "word_problem":
            return problem.text
        in_words = problem.text.partition(" ")[0].isalpha()
        return self.say(their.ASKS_IN_WORDS if in_words else their.ASKS, p=problem.text)

    def hint(
        self, problem: Problem, fact: Fact, rung: int, *, stated: bool = False, step: bool = False, begged: bool = False
    ) -> Turn:
        """`stated`: the words hold the problem; `step`: they hold a right step; `begged`: they ask for the answer."""
        why = "step" if step else "begged" if begged else self.rng.choice(("stuck", "stuck", "asked"))
        if why == "step" and len(fact.steps) < 2:
            why = "stuck"
        if why == "step":
            words = self.say(their.WORKING, s=self.rng.choice(fact.steps[:-1]))
        elif why == "begged":
            words = self.say(self.rng.choice((their.ANSWER_PLEASE, their.ANSWER_PLEASE, their.CLAIMS)))
        elif why == "asked":
            words = self.say(their.HINT_PLEASE)
        else:
            banks = (their.DO_NOT_KNOW, their.DO_NOT_KNOW, their.SILENCE, their.EXPLAIN_PLEASE)
            words = self.say(self.rng.choice(banks))
        words = f"{words} {problem.text}" if stated else words
        text = fact.hints[min(rung, len(fact.hints) - 1)]
        said = self.kept(lambda: replies.hint(self.rng, text, rung=rung, why=why), fact)
        template = problem.template if stated else ""
        return self.turn(words, Move.HINT, said, fact, kind=problem.kind, rung=rung, template=template)

    def _given(self, problem: Problem, attempt: str, *, stated: bool) -> str:
        if problem.fact.kind == "word_problem" and stated:
            return f"{problem.text} I think it's {attempt}"
        if stated and "=" not in problem.text and not problem.text.endswith("?"):
            worded = problem.text[0].isalpha() or " in " in problem.text
            return f"{problem.text}, is it {attempt}?" if worded else f"{problem.text} = {attempt}"
        return self.say(their.ATTEMPTS, a=attempt)

    def diagnose(self, problem: Problem, fact: Fact, rung: int, *, stated: bool = False) -> Turn:
        attempt = attempted(self.rng, fact, right=False)
        if not stated and len(fact.steps) > 1 and self.rng.random() < 0.08:  # wrong working, no answer yet
            words, attempt = self.say(their.WORKING, s=wrong_answer(self.rng, fact.steps[0])), ""
        else:
            words = self._given(problem, attempt, stated=stated)
        check = fact.hints[min(rung, len(fact.hints) - 1)] if fact.hints else ""
        said = self.kept(lambda: replies.diagnose(self.rng, attempt, check), fact)
        template = problem.template if stated else ""
        return self.turn(
            words, Move.DIAGNOSE, said, fact, kind=problem.kind, attempt=attempt, rung=rung, template=template
        )

    def confirm(self, problem: Problem, fact: Fact, *, stated: bool = False) -> Turn:
        attempt = attempted(self.rng, fact, right=True)
        words = self._given(problem, attempt, stated=stated)
        said = replies.confirm(self.rng, fact, attempt)
        template = problem.template if stated else ""
        return self.turn(words, Move.CONFIRM, said, fact, kind=problem.kind, attempt=attempt, template=template)

    def explain(self, problem: Problem, fact: Fact, *, stated: bool = False, asked: bool = False) -> Turn:
        """`stated`: the words hold the problem (answers are allowed); `asked`: how it is done, after its solution."""
        if asked:
            words = self.say(their.EXPLAIN_PLEASE)
        elif not stated and self.rng.random() < 0.25:  # the last of several wrong attempts
            words = self.say(their.ATTEMPTS, a=attempted(self.rng, fact, right=False))
        else:
            banks = (their.EXPLAIN_PLEASE, their.STOPS_TRYING, their.ANSWER_PLEASE, their.DO_NOT_KNOW)
            words = self.say(self.rng.choice(banks))
        words = f"{words} {problem.text}" if stated else words
        template = problem.template if stated else ""
        return self.turn(
            words, Move.EXPLAIN, replies.explain(self.rng, fact), fact, kind=problem.kind, template=template
        )
