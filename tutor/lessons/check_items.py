"""Whether practice items are in order: an answer, hints that do not tell it, misconceptions that are wrong."""

import re
from collections.abc import Iterator
from typing import Final

from tutor.domain import Item, Lesson
from tutor.i18n import tr
from tutor.lessons.faults import Fault
from tutor.lessons.sameness import gives_away, holds, number_of, same, tidy

_ID: Final = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")


def faults(lesson: Lesson) -> Iterator[Fault]:
    ids: set[str] = set()
    questions: dict[str, str] = {}
    if not lesson.items:
        yield Fault(field="items", text=tr("There is no practice item. Add some, with their answers."), stops=False)
    for at, item in enumerate(lesson.items):
        field = f"items.{at}"
        if not _ID.match(item.id):
            yield Fault(field=f"{field}.id", text=tr("An item's name is letters, digits, “-” and “_”, such as “q1”."))
        elif item.id.casefold() in ids:
            yield Fault(field=f"{field}.id", text=tr("Two items are called {id}. Give one another name.", id=item.id))
        ids.add(item.id.casefold())
        asked = tidy(item.question)
        if asked and asked in questions:
            yield Fault(
                field=f"{field}.question",
                text=tr("Item {id} asks the same.", id=questions[asked]),
                stops=False,
            )
        questions.setdefault(asked, item.id)
        if item.skill and item.skill not in lesson.skills:
            yield Fault(
                field=f"{field}.skill", text=tr("This skill is not among the lesson's. Add it there."), stops=False
            )
        yield from _answers(item, field)
        yield from _choices(item, field)
        yield from _help(item, field)
        yield from _misconceptions(item, field)


def _answers(item: Item, field: str) -> Iterator[Fault]:
    if not item.question.strip():
        yield Fault(field=f"{field}.question", text=tr("The question is missing."))
    if not item.answer.strip():
        yield Fault(field=f"{field}.answer", text=tr("The answer is missing. Without it nothing can be checked."))
    if not 0 <= item.tolerance < float("inf"):
        yield Fault(field=f"{field}.tolerance", text=tr("The tolerance is a number that is not below 0."))
    elif item.tolerance and number_of(item.answer) is None:
        yield Fault(
            field=f"{field}.tolerance", text=tr("A tolerance needs an answer that is a number, without a unit.")
        )
    known = [item.answer]
    for at, accepted in enumerate(item.accepted):
        if not accepted.strip():
            yield Fault(field=f"{field}.accepted.{at}", text=tr("This line is empty. Fill it, or take it out."))
        elif any(tidy(accepted) == tidy(one) for one in known):
            yield Fault(field=f"{field}.accepted.{at}", text=tr("This stands here already."), stops=False)
        known.append(accepted)


def _choices(item: Item, field: str) -> Iterator[Fault]:
    if not item.choices:
        return
    if len(item.choices) == 1:
        yield Fault(field=f"{field}.choices", text=tr("One choice is no choice. Add others, or take it out."))
    seen: set[str] = set()
    for at, choice in enumerate(item.choices):
        if not choice.strip():
            yield Fault(field=f"{field}.choices.{at}", text=tr("This line is empty. Fill it, or take it out."))
        elif tidy(choice) in seen:
            yield Fault(field=f"{field}.choices.{at}", text=tr("This choice stands here twice."))
        seen.add(tidy(choice))
    if item.answer.strip() and tidy(item.answer) not in seen:
        yield Fault(field=f"{field}.choices", text=tr("The answer is not among the choices. Add it as it is written."))


def _help(item: Item, field: str) -> Iterator[Fault]:
    answers = (item.answer, *item.accepted)
    if not item.hints:
        yield Fault(
            field=f"{field}.hints", text=tr("There is no hint. The tutor then has only its own ideas."), stops=False
        )
    seen: set[str] = set()
    for at, hint in enumerate(item.hints):
        if not hint.strip():
            yield Fault(field=f"{field}.hints.{at}", text=tr("This hint is empty. Fill it, or take it out."))
        elif gives_away(hint, item.question, answers, item.choices):
            yield Fault(
                field=f"{field}.hints.{at}", text=tr("This hint holds the answer. Lead there without saying it.")
            )
        elif tidy(hint) in seen:
            yield Fault(field=f"{field}.hints.{at}", text=tr("This hint stands here twice."), stops=False)
        seen.add(tidy(hint))
    for at, step in enumerate(item.steps):
        if not step.strip():
            yield Fault(field=f"{field}.steps.{at}", text=tr("This step is empty. Fill it, or take it out."))
    if item.steps and item.answer.strip() and not any(_says(item.steps[-1], answer) for answer in answers):
        yield Fault(
            field=f"{field}.steps.{len(item.steps) - 1}",
            text=tr("The last step does not come to the answer."),
            stops=number_of(item.answer) is not None,
        )


def _says(step: str, answer: str) -> bool:
    return holds(step, answer) or tidy(answer) in tidy(step)


def _misconceptions(item: Item, field: str) -> Iterator[Fault]:
    answers = (item.answer, *item.accepted)
    seen: list[str] = []
    for at, wrong in enumerate(item.misconceptions):
        here = f"{field}.misconceptions.{at}"
        if not wrong.answer.strip():
            yield Fault(field=f"{here}.answer", text=tr("The wrong answer is missing."))
            continue
        if any(same(wrong.answer, answer, item.tolerance) for answer in answers if answer.strip()):
            yield Fault(field=f"{here}.answer", text=tr("“{text}” is accepted as right.", text=wrong.answer))
        if any(same(wrong.answer, other) for other in seen):
            yield Fault(field=f"{here}.answer", text=tr("This wrong answer stands here twice."))
        seen.append(wrong.answer)
        if item.choices and tidy(wrong.answer) not in {tidy(choice) for choice in item.choices}:
            yield Fault(field=f"{here}.answer", text=tr("Nobody can choose this; it is no choice."), stops=False)
        if not wrong.why.strip():
            yield Fault(field=f"{here}.why", text=tr("Say what a learner is thinking who answers so."), stops=False)
        if wrong.say.strip() and gives_away(wrong.say, item.question, answers, item.choices):
            yield Fault(field=f"{here}.say", text=tr("These words hold the answer. Lead there without saying it."))
