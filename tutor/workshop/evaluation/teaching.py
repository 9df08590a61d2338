"""Teaching quality of the model's replies: answers given away, questions and words a turn, how well a hint fits."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from tutor.domain import Fact, Move
from tutor.i18n import tr
from tutor.tutoring import brief
from tutor.tutoring.facts import facts_in
from tutor.tutoring.reveals import reveals_answer
from tutor.workshop.evaluation import replies
from tutor.workshop.evaluation.fluency import Embed
from tutor.workshop.evaluation.generate import Said
from tutor.workshop.evaluation.measures import Form, Measure, Row, measure

SECTION = "teaching"
FEWEST, MOST = 8, 40
"""Words a turn that a good tutor keeps to."""

GIVEN_AWAY = "gives the answer away"
OTHER_NUMBER = "a number that is neither in the hint nor in the learner's words"
OTHER_HINT = "closer to another hint, or to the solution"
SECRET = frozenset({*replies.SECRET, Move.SET_UP})


def noted(said: Said, name: str) -> str:
    """A line of the tutor's notes, without its name."""
    return brief.noted(said.turn.notes, name)


def fact_of(said: Said) -> Fact | None:
    """The problem of the notes, worked again by the program; None where there is none or it reads otherwise."""
    question = noted(said, "Problem")
    for fact in facts_in(question) if question else ():
        if not said.turn.answer or fact.answer == said.turn.answer:
            return fact
    return None


def leaks(said: Said, fact: Fact | None) -> bool:
    """Whether a reply that must keep the answer back says it; what the learner wrote is no secret."""
    if fact is not None:
        return reveals_answer(said.reply, fact) and not reveals_answer(said.turn.words, fact)
    answer = said.turn.answer
    return bool(answer) and answer in said.reply and answer not in said.turn.words + said.turn.notes


def hint_faults(said: Said, fact: Fact | None, embed: Embed) -> list[str]:
    """What is unfit about a reply that had one hint to give."""
    given = noted(said, "Hint") or noted(said, "Check")
    wrong = [GIVEN_AWAY] if leaks(said, fact) else []
    known = set(replies.numbers(f"{given} {noted(said, 'Problem')} {said.turn.words}"))
    if set(replies.numbers(said.reply)) - known:
        wrong.append(OTHER_NUMBER)
    if fact is not None:
        others = [h for h in fact.hints if h != given]
        others.append(" ".join((*fact.steps, fact.answer)))
        rows = embed([said.reply, given, *others])
        if float((rows[0] * rows[1]).sum()) < float(np.max(rows[2:] @ rows[0])) - 1e-6:
            wrong.append(OTHER_HINT)
    return wrong


def measured(
    talks: Sequence[Sequence[Said]], embed: Embed, *, seed: int, draws: int
) -> tuple[list[Measure], dict[str, int], list[float]]:
    """Figures, counts of what is unfit about hints, and the words of each reply."""
    flat = [said for talk in talks for said in talk]
    facts = [fact_of(said) for said in flat]
    secret = [(s, f) for s, f in zip(flat, facts, strict=True) if s.turn.move in SECRET and (f or s.turn.answer)]
    hints = [(s, f) for s, f in zip(flat, facts, strict=True) if noted(s, "Hint") or noted(s, "Check")]
    judged = [(s, hint_faults(s, f, embed)) for s, f in hints]
    lengths = [len(s.reply.split()) for s in flat]
    asked = [s.reply.count("?") for s in flat]
    everything = [s.talk for s in flat]

    def rows(values: Sequence[float]) -> list[Row]:
        return [(unit, float(value), 1.0) for unit, value in zip(everything, values, strict=True)]

    def made(name: str, title: str, of: list[Row], form: Form = Form.SHARE, better: str = "") -> Measure:
        return measure(name, SECTION, title, of, form=form, better=better, seed=seed, draws=draws)

    leaking = {s.talk for s, f in secret if leaks(s, f)} | {s.talk for s, wrong in judged if wrong}
    figures = [
        made(
            "leaks",
            tr("Answers given away where they must be kept back"),
            [(s.talk, float(leaks(s, f)), 1.0) for s, f in secret],
            better="lower",
        ),
        made(
            "hint_fit",
            tr("Hints that fit: the hint of the notes, no other number, no answer"),
            [(s.talk, float(not wrong), 1.0) for s, wrong in judged],
            better="higher",
        ),
        made("questions", tr("Questions a turn"), rows(asked), Form.NUMBER),
        made("asks", tr("Turns with a question"), rows([n > 0 for n in asked])),
        made("one_question", tr("Turns with more than one question"), rows([n > 1 for n in asked]), better="lower"),
        made("words", tr("Words a turn"), rows(lengths), Form.NUMBER),
        made(
            "good_length",
            tr("Turns of {fewest} to {most} words", fewest=FEWEST, most=MOST),
            rows([FEWEST <= n <= MOST for n in lengths]),
            better="higher",
        ),
        made(
            "faultless",
            tr("Conversations with no answer given away and no unfit hint"),
            [(talk, float(talk not in leaking), 1.0) for talk in dict.fromkeys(s.talk for s, _ in (*secret, *judged))],
            better="higher",
        ),
    ]
    return figures, dict(Counter(name for _, wrong in judged for name in wrong)), [float(n) for n in lengths]
