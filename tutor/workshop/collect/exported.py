"""What the app exports of one learner (`tutor-learner`, version 1): conversations, ratings and reports.

Deleted conversations stay out, and so does everything around an alert: distress is nobody's training text. An answer
that was reported or rated badly stays as context alone; where the learner wrote what would be right, it is a
correction, and where people decided about it, it is one only if they accepted it, in their words. The learner's own
name joins the roster.
"""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from tutor.domain import CorrectionStatus, Intent, Outcome
from tutor.tutoring import brief
from tutor.workshop.collect.items import LEARNER, TUTOR, Item, Message
from tutor.workshop.collect.settings import CollectSettings
from tutor.workshop.collect.tally import Tally

SOURCE: Final = "learner export"
"""What its items name as their source: the file's name may be the learner's."""
FORMAT: Final = "tutor-learner"
VERSION: Final = 1


class _Named(msgspec.Struct, frozen=True):
    name: str = ""


class _Conversation(msgspec.Struct):
    id: int
    deleted_at: str | None = None


class _Reply(msgspec.Struct):
    outcome: str = ""
    intent: str | None = None
    notes: str = ""
    in_history: bool = True
    alert: str = ""


class _Said(msgspec.Struct):
    id: int
    conversation_id: int
    parent_id: int | None
    role: str
    text: str
    reply: _Reply | None = None
    status: str = "done"


class _Rating(msgspec.Struct):
    message_id: int
    rating: int = 0


class _Flag(msgspec.Struct):
    message_id: int
    id: int = 0
    category: str = ""
    better: str = ""
    created_at: str = ""


class _Decided(msgspec.Struct):
    """What became of a report: the correction that people made of it."""

    flag_id: int | None = None
    answer: str = ""
    status: str = ""


class _Alert(msgspec.Struct):
    message_id: int | None = None


class Export(msgspec.Struct):
    """The parts of the app's export that are learned from; the others are passed over unread."""

    format: str
    version: int
    learner: _Named = _Named()
    conversations: list[_Conversation] = []
    messages: list[_Said] = []
    ratings: list[_Rating] = []
    flags: list[_Flag] = []
    corrections: list[_Decided] = []
    alerts: list[_Alert] = []


def load(path: Path, settings: CollectSettings) -> Export | str:
    """The export, or the reason for refusing the file."""
    if path.stat().st_size > settings.whole_file_megabytes * 1e6:
        return "too_large"
    try:
        export = msgspec.json.decode(path.read_bytes(), type=Export)
    except (msgspec.DecodeError, RecursionError):
        return "not_an_export"
    if export.format != FORMAT:
        return "not_an_export"
    return export if export.version == VERSION else "newer_export"


def read(path: Path, settings: CollectSettings, tally: Tally) -> Iterator[Item]:
    """Every branch of every conversation that is still there, then the corrections."""
    export = load(path, settings)
    if isinstance(export, str):
        tally.refuse(path.name, export)
        return
    said = {message.id: message for message in export.messages}
    deleted = {talk.id for talk in export.conversations if talk.deleted_at}
    alerted = {alert.message_id for alert in export.alerts}
    bad = {flag.message_id for flag in export.flags} | {r.message_id for r in export.ratings if r.rating < 0}
    parents = {message.parent_id for message in export.messages}
    for leaf in export.messages:
        if leaf.id in parents or leaf.conversation_id in deleted:
            continue
        messages = _branch(leaf, said, alerted, bad)
        if messages:
            yield Item(source=SOURCE, kind="chat", app=True, messages=messages)
        else:
            tally.drop("not_for_learning", SOURCE)
    for _ in deleted:
        tally.drop("deleted_conversation", SOURCE)
    yield from _corrections(export, said, deleted, alerted, bad, tally)


def _path_to(end: _Said, said: dict[int, _Said]) -> list[_Said]:
    """The messages from the first to `end`; a broken or circling tree ends the walk."""
    path, seen = [end], {end.id}
    while (parent := said.get(path[-1].parent_id or 0)) is not None and parent.id not in seen:
        seen.add(parent.id)
        path.append(parent)
    return path[::-1]


def _branch(leaf: _Said, said: dict[int, _Said], alerted: set[int | None], bad: set[int]) -> tuple[Message, ...]:
    """The finished turns up to a leaf, each the learner's words with the notes that the model had, and the answer."""
    messages: list[Message] = []
    path = _path_to(leaf, said)
    for asked, answer in itertools.pairwise(path):
        if asked.role == "learner" and answer.role == "tutor":
            if {asked.id, answer.id} & alerted or not _fit(answer):
                continue
            notes = answer.reply.notes if answer.reply else ""
            messages.append(Message(LEARNER, brief.user_message(asked.text, notes)))
            messages.append(Message(TUTOR, answer.text, learn=answer.id not in bad))
    return tuple(messages)


def _fit(answer: _Said) -> bool:
    """Whether the model itself said it, to the end, in a turn without distress."""
    reply = answer.reply
    return (
        reply is not None
        and answer.status == "done"
        and reply.outcome == Outcome.DONE
        and reply.in_history
        and not reply.alert
        and reply.intent != Intent.DISTRESS
        and bool(answer.text.strip())
    )


def _corrections(
    export: Export, said: dict[int, _Said], deleted: set[int], alerted: set[int | None], bad: set[int], tally: Tally
) -> Iterator[Item]:
    decided = {one.flag_id: one for one in export.corrections if one.flag_id is not None}
    for flag in export.flags:
        correction = decided.get(flag.id)
        if correction is not None and correction.status != CorrectionStatus.ACCEPTED:
            tally.drop("not_accepted", SOURCE, words=flag.category)
            continue
        better = correction.answer if correction is not None else flag.better
        answer = said.get(flag.message_id)
        if answer is None or answer.conversation_id in deleted or answer.id in alerted or not better.strip():
            tally.drop("report_without_better", SOURCE, words=flag.category)
            continue
        before = _path_to(answer, said)[:-1]
        if not before or before[-1].role != "learner" or before[-1].id in alerted:
            tally.drop("not_for_learning", SOURCE)
            continue
        notes = answer.reply.notes if answer.reply else ""
        yield Item(
            source=SOURCE,
            kind="correction",
            messages=(
                *(_branch(before[-2], said, alerted, bad) if len(before) > 1 else ()),
                Message(LEARNER, brief.user_message(before[-1].text, notes)),
                Message(TUTOR, better),
            ),
            app=True,
            rejected=answer.text,
            category=flag.category,
            when=flag.created_at,
        )
