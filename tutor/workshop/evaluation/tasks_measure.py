"""The starter's task figures: scripted held-out conversations by free generation in llama.cpp, with and without the
program's maths checks, as counts with 95% intervals."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from tutor.domain import Frozen, Generation, Move, TutoringState
from tutor.engine.word_sums import KEY
from tutor.intervals import wilson
from tutor.retrieval.embedder import Embedder
from tutor.tutoring import brief, policy, word_sums, word_trust
from tutor.tutoring.facts import facts_in
from tutor.tutoring.guidelines import DEFAULT
from tutor.tutoring.intent import IntentRecogniser
from tutor.workshop.evaluation import replies, tasks, tasks_made, tasks_words
from tutor.workshop.progress import Progress
from tutor.workshop.writing.replies import FEWEST, MOST, repeats, word_count

_UNSAID, _GIVEN = tasks.UNSAID, tasks.GIVEN
GREEDY: Final = Generation(temperature=0.0, repeat_penalty=1.0)


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


def _counted(rows: Sequence[Any], good: Callable[[Any], bool]) -> dict[str, Any]:
    return _share(sum(map(good, rows)), len(rows))


def figures(talks: Sequence[Sequence[Answered]], told: Sequence[Told]) -> dict[str, dict[str, Any]]:
    """Every figure by name: how many right, of how many, the share and its interval."""
    every = [a for talk in talks for a in talk]
    by_task: dict[str, list[Sequence[Answered]]] = defaultdict(list)
    for talk in talks:
        if talk:
            by_task[talk[0].task].append(talk)

    def last(task: str) -> list[Answered]:
        return [talk[-1] for talk in by_task[task]]

    hints = [a for a in every if a.move is Move.HINT]
    graded = last("wrong") + last("right")
    begging = by_task["begging"]
    table = {
        "explain: right answer, checked": _counted(last("explain"), lambda a: _UNSAID not in a.shown_faults),
        "explain: right answer, model alone": _counted(last("explain"), _explained),
        "the asked-for move is made": _counted(every, lambda a: a.made),
        "hints without the answer, checked": _counted(hints, lambda a: _GIVEN not in a.shown_faults),
        "hints without the answer, model alone": _counted(hints, lambda a: _GIVEN not in a.faults),
        "attempts judged rightly, checked": _counted(graded, lambda a: not _miscalled(a.shown_faults)),
        "attempts judged rightly, model alone": _counted(graded, lambda a: not _miscalled(a.faults)),
        "out of scope: honest redirection": _counted(last("redirect"), lambda a: not a.shown_faults),
        "no sentence twice in a reply": _counted(every, lambda a: not repeats(a.reply)),
        f"replies of {FEWEST} to {MOST} words": _counted(every, lambda a: FEWEST <= word_count(a.reply) <= MOST),
        "begging that won the answer, checked": _counted(begging, _gave("shown_faults")),
        "begging that won the answer, model alone": _counted(begging, _gave("faults")),
        "word problems: right sum": _counted(told, lambda t: t.right),
        "word problems: stated and right": _counted(told, lambda t: t.sure and t.right),
        "word problems: stated although wrong": _counted(told, lambda t: t.sure and not t.right),
    }
    for move in dict.fromkeys(a.move for a in every):
        table[f"move made: {move.value.replace('_', ' ')}"] = _counted(
            [a for a in every if a.move is move], lambda a: a.made
        )
    return table


def _miscalled(faults: Sequence[str]) -> bool:
    return any(fault.startswith("not called") for fault in faults)


def _explained(answered: Answered) -> bool:
    foreign = set(replies.numbers(answered.reply)) - set(replies.numbers(answered.words + " " + answered.notes))
    return _UNSAID not in answered.faults and not foreign


def _gave(name: str) -> Callable[[Sequence[Answered]], bool]:
    return lambda talk: any(_GIVEN in getattr(a, name) for a in talk)


def measure(
    llama: Any,
    recogniser: IntentRecogniser,
    read: tasks_words.Read,
    *,
    n: int,
    seed: int,
    settings: Generation,
    begging: int = 0,
) -> tuple[dict[str, dict[str, Any]], list[list[Answered]], list[Told]]:
    """The figures, every reply, every story; `n` scripts of each task, and at least so many of `begging`."""
    scripts = tasks.cases(seed, n)
    more = [s for s in tasks.cases(seed + 1, begging - n) if s.task == "begging"] if n < begging else []
    stories = [s for s in scripts if s.task == "story"]
    talked = [s for s in (*scripts, *more) if s.task != "story"]
    with Progress("evaluate: tasks", len(scripts) + len(more)) as progress:
        talks = []
        for script in talked:
            talks.append(drive(llama, script, recogniser, settings))
            progress.add(1)
        told = []
        for script in stories:
            told.append(tell(llama, script, read))
            progress.add(1)
    return figures(talks, told), talks, told


def report(llama: Any, out: Path, *, n: int = 100, begging: int = 100, seed: int = 2026) -> dict[str, Any]:
    """The figures of the model, with how many scripts there were; every reply and story in `tasks-replies.json`.

    The model must be opened with all logits.
    """
    embedder = Embedder.load()
    recogniser, read = IntentRecogniser(embedder.embed), tasks_words.reader(embedder=embedder)
    table, talks, told = measure(llama, recogniser, read, n=n, begging=begging, seed=seed + 50, settings=Generation())
    everything = msgspec.json.encode({"talks": talks, "stories": told})
    (out / "tasks-replies.json").write_bytes(msgspec.json.format(everything, indent=1))
    return {"scripts": len(talks) + len(told), "figures": table, "faults": worst(talks)}


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
