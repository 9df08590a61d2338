"""The starter's task figures: scripted held-out conversations by free generation in llama.cpp, with and without the
program's maths checks, as counts with 95% intervals."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeVar

from tutor.domain import Frozen, Generation, Move, TutoringState
from tutor.engine.word_sums import KEY
from tutor.intervals import wilson
from tutor.tutoring import brief, policy, word_sums, word_trust
from tutor.tutoring.facts import facts_in
from tutor.tutoring.guidelines import DEFAULT
from tutor.tutoring.intent import IntentRecogniser
from tutor.workshop.evaluation import replies, tasks, tasks_made, tasks_words
from tutor.workshop.writing.replies import FEWEST, MOST, repeats, word_count

_UNSAID, _GIVEN = tasks.UNSAID, tasks.GIVEN
SEED: Final = 2076
"""Of the scripts: every model is asked the same."""
MOVE_MADE: Final = "move made: "
"""What the names of the figures of single moves begin with."""


class Answered(Frozen):
    """One reply of the model in a script."""

    task: str
    words: str
    notes: str
    move: Move
    reply: str
    """As the model wrote it."""
    shown: str
    """After the program's maths checks."""
    made: bool
    """Whether the model's own words make the move."""
    faults: tuple[str, ...] = ()
    shown_faults: tuple[str, ...] = ()


class Told(Frozen):
    """One word problem put to the program."""

    story: str
    wanted: str
    said: str
    right: bool
    sure: bool
    """Whether the program states it."""


def drive(llama: Any, script: tasks.Script, recogniser: IntentRecogniser, settings: Generation) -> list[Answered]:
    """A whole script through the program's policy and the model, with what was shown as history."""
    chat = [{"role": "system", "content": DEFAULT}]
    state = TutoringState()
    found = []
    for step in script.steps:
        facts = facts_in(step.words)
        intent, _ = recogniser.recognise(step.words, facts=facts, state=state)
        plan = policy.decide(
            step.words,
            intent=intent,
            facts=facts,
            state=state,
            give_answers=script.give_answers,
            scope="primary-maths",
        )
        state = plan.state
        if plan.move not in brief.ORDERS:
            break
        chat.append({"role": "user", "content": brief.user_message(step.words, plan.notes)})
        reply, _ = replies.answer(llama, chat, settings)
        shown = tasks_made.piped(
            reply,
            step.words,
            plan.notes,
            fact=plan.fact,
            withhold=plan.withhold,
            fallback=policy.fallback(plan),
        )
        chat.append({"role": "assistant", "content": shown})
        found.append(
            Answered(
                task=script.task,
                words=step.words,
                notes=plan.notes,
                move=plan.move,
                reply=reply,
                shown=shown,
                made=tasks_made.makes(plan.move, reply, plan.notes),
                faults=tuple(tasks.met(script, step, reply, move=plan.move)),
                shown_faults=tuple(tasks.met(script, step, shown, move=plan.move)),
            )
        )
    return found


def tell(llama: Any, script: tasks.Script, read: tasks_words.Read) -> Told:
    """A story put to the program as it runs with the starter: the reader decides, the model where it finds nothing.

    The model must be opened with all logits.
    """
    story = script.steps[0].words
    wanted = word_sums.parse(script.sum, story)
    candidates = read(story)
    taught = llama.metadata.get(KEY) == "true"
    fact = word_trust.fact(story, tasks_words.asker(llama) if taught and not candidates else None, candidates)
    said = candidates[0].found if candidates else None
    right = said is not None and wanted is not None and said.value == wanted.value
    return Told(story=story, wanted=script.sum, said=said.text if said else "", right=right, sure=fact is not None)


def _share(right: int, of: int) -> dict[str, Any]:
    low, high = wilson(right, of)
    return {"right": right, "of": of, "share": round(right / of, 4) if of else None,
            "low": round(low, 4), "high": round(high, 4)}  # fmt: skip


Rated = list[tuple[str, bool]]
"""Which script, and whether it went so, of everything that a figure counts."""
Row = TypeVar("Row", bound=Answered | Told | Sequence[Answered])


def _rated(rows: Iterable[tuple[str, Row]], so: Callable[[Row], bool]) -> Rated:
    return [(script, so(row)) for script, row in rows]


def rated(talks: Iterable[tuple[str, Sequence[Answered]]], told: Iterable[tuple[str, Told]]) -> dict[str, Rated]:
    """Every figure by name, with what it counts; each conversation and story comes with the name of its script."""
    spoken = [(script, talk) for script, talk in talks if talk]
    stories = list(told)
    every = [(script, a) for script, talk in spoken for a in talk]

    def last(task: str) -> list[tuple[str, Answered]]:
        return [(script, talk[-1]) for script, talk in spoken if talk[0].task == task]

    hints = [(script, a) for script, a in every if a.move is Move.HINT]
    graded = last("wrong") + last("right")
    begging = [(script, talk) for script, talk in spoken if talk[0].task == "begging"]
    table = {
        "explain: right answer, checked": _rated(last("explain"), lambda a: _UNSAID not in a.shown_faults),
        "explain: right answer, model alone": _rated(last("explain"), _explained),
        "the asked-for move is made": _rated(every, lambda a: a.made),
        "hints without the answer, checked": _rated(hints, lambda a: _GIVEN not in a.shown_faults),
        "hints without the answer, model alone": _rated(hints, lambda a: _GIVEN not in a.faults),
        "attempts judged rightly, checked": _rated(graded, lambda a: not _miscalled(a.shown_faults)),
        "attempts judged rightly, model alone": _rated(graded, lambda a: not _miscalled(a.faults)),
        "out of scope: honest redirection": _rated(last("redirect"), lambda a: not a.shown_faults),
        "no sentence twice in a reply": _rated(every, lambda a: not repeats(a.reply)),
        f"replies of {FEWEST} to {MOST} words": _rated(every, lambda a: FEWEST <= word_count(a.reply) <= MOST),
        "begging that won the answer, checked": _rated(begging, _gave("shown_faults")),
        "begging that won the answer, model alone": _rated(begging, _gave("faults")),
        "word problems: right sum": _rated(stories, lambda t: t.right),
        "word problems: stated and right": _rated(stories, lambda t: t.sure and t.right),
        "word problems: stated although wrong": _rated(stories, lambda t: t.sure and not t.right),
    }
    for move in dict.fromkeys(a.move for _, a in every):
        of_move = [(script, a) for script, a in every if a.move is move]
        table[f"{MOVE_MADE}{move.value.replace('_', ' ')}"] = _rated(of_move, lambda a: a.made)
    return table


def figures(talks: Sequence[Sequence[Answered]], told: Sequence[Told]) -> dict[str, dict[str, Any]]:
    """Every figure by name: how many right, of how many, the share and its interval (Wilson)."""
    found = rated((("", talk) for talk in talks), (("", story) for story in told))
    return {name: _share(sum(so for _, so in rows), len(rows)) for name, rows in found.items()}


def _miscalled(faults: Sequence[str]) -> bool:
    return any(fault.startswith("not called") for fault in faults)


def _explained(answered: Answered) -> bool:
    foreign = set(replies.numbers(answered.reply)) - set(replies.numbers(answered.words + " " + answered.notes))
    return _UNSAID not in answered.faults and not foreign


def _gave(name: str) -> Callable[[Sequence[Answered]], bool]:
    return lambda talk: any(_GIVEN in getattr(a, name) for a in talk)


def scripts(n: int, *, begging: int, seed: int = SEED) -> tuple[list[tasks.Script], list[tasks.Script]]:
    """Conversations and stories: `n` scripts of each task, and at least so many of `begging`."""
    found = tasks.cases(seed, n) if n else []
    more = [s for s in tasks.cases(seed + 1, begging - n) if s.task == "begging"] if n < begging else []
    return [s for s in (*found, *more) if s.task != "story"], [s for s in found if s.task == "story"]


def report(talks: Sequence[Sequence[Answered]], told: Sequence[Told]) -> dict[str, Any]:
    """The figures, how many scripts there were, and the faults of the model's own words."""
    return {"scripts": len(talks) + len(told), "figures": figures(talks, told), "faults": worst(talks)}


def in_words(table: dict[str, dict[str, Any]]) -> str:
    """The figures as a Markdown table."""
    lines = ["| task | right | of | share | 95% interval |", "|---|---|---|---|---|"]
    for name, of in table.items():
        if of["of"]:
            lines.append(
                f"| {name} | {of['right']} | {of['of']} | {of['share']:.1%} | {of['low']:.1%} to {of['high']:.1%} |"
            )
    return "\n".join(lines)


def worst(talks: Sequence[Sequence[Answered]]) -> Counter[str]:
    """Faults of the model's own words, by task and name, the most frequent first."""
    return Counter(f"{a.task}: {fault}" for talk in talks for a in talk for fault in a.faults)
