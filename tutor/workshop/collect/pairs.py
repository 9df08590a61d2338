"""Pairs: each of the tutor's answers that may be learned from, with the learner's words and the turns before them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tutor.tutoring import brief
from tutor.workshop.collect import labels
from tutor.workshop.collect.items import LEARNER, SYSTEM, TUTOR, Item, Message, plain
from tutor.workshop.collect.settings import CollectSettings


def in_turns(messages: Sequence[Message]) -> list[Message]:
    """The conversation as learner, tutor, learner, ...: messages of one speaker in a row are one, joined by a line."""
    turns: list[Message] = []
    for message in messages:
        if turns and turns[-1].role == message.role:
            last = turns.pop()
            message = Message(last.role, f"{last.content}\n{message.content}", last.learn and message.learn)
        turns.append(message)
    return turns


def of_item(item: Item, settings: CollectSettings) -> Iterator[tuple[dict[str, Any] | None, str]]:
    """Every pair of a conversation as a line to write, or None with the reason why it is none.

    A line has the messages (a system message, at most `context_turns` earlier turns, the learner's words, the answer)
    and the labels `topic`, `intent` and `kind` (of answer).
    """
    system = [m for m in item.messages if m.role == SYSTEM][:1]
    turns = in_turns([m for m in item.messages if m.role != SYSTEM])
    labeller = labels.Labeller()
    for at, message in enumerate(turns):
        if message.role == LEARNER:
            continue
        if at == 0:
            yield None, "answer_without_question"
            continue
        if item.kind == "correction" and at < len(turns) - 1:
            continue  # the turns before a correction came with the conversation itself
        asked = turns[at - 1]
        found = labeller.label(asked.content.split("\n\n" + brief.OPENING)[0], message.content)
        if not message.learn:
            yield None, "reported_answer"
            continue
        start = max(at - 1 - 2 * settings.context_turns, 0)
        context = turns[start : at - 1]
        if context and context[0].role == TUTOR:
            context = context[1:]
        line: dict[str, Any] = {"messages": plain([*system, *context, asked, message])}
        yield line | found | {"source": item.source}, ""
    if turns and turns[-1].role == LEARNER:
        yield None, "question_without_answer"


def preference(item: Item, line: Mapping[str, Any]) -> dict[str, Any] | None:
    """A correction as a preference: the better answer against the one that was reported; None for anything else."""
    if item.kind != "correction" or not item.rejected.strip():
        return None
    *prompt, chosen = line["messages"]
    if chosen["content"].strip() == item.rejected.strip():
        return None
    return {"prompt": prompt, "chosen": chosen["content"], "rejected": item.rejected, "source": item.source}
