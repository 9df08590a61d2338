"""Pairs from what learners and teachers said in the app: its export, ratings and corrections."""

from pathlib import Path
from typing import Any, Final

import msgspec

from tutor.domain import CorrectionStatus, MathsStatus, Outcome
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.moderation.personal.names import Roster
from tutor.tutoring import brief
from tutor.tutoring.checks import check_sentence
from tutor.tutoring.guidelines import DEFAULT
from tutor.workshop.collect.items import LEARNER, Item, Message
from tutor.workshop.collect.personal import ItemRemover
from tutor.workshop.collect.settings import CollectSettings
from tutor.workshop.preference.pairs import Pair
from tutor.workshop.preference.prompts import Asked, turn_of

FEWEST_WORDS: Final = 3
"""A correction of fewer words ("no", "its 7") says what is wrong, but is no answer that a tutor could give."""


class Feedback(msgspec.Struct):
    """What an export holds for us."""

    pairs: list[Pair]
    disliked: list[tuple[Asked, str]]
    """Answers with a thumb down and nothing better beside them; a clean answer to the same prompt makes the pair."""
    dropped: dict[str, int]
    """How many were of no use, by reason."""


def read(path: Path, *, guidelines: str = DEFAULT) -> Feedback:
    """Pairs from an export of the app (format `tutor-learner`): answers to one question of which one was rated up and
    another down, and corrections in place of the answers that they correct. Personal data is taken out first.

    Where people decided about a report, it counts only if they accepted it, in their words. A correction that our maths
    check finds wrong is not used, nor anything deleted, broken off, written by people in the model's place, or near an
    alert: distress is nobody's training text. Raises UserError for another kind of file.
    """
    try:
        data = msgspec.json.decode(path.read_bytes())
        is_ours = isinstance(data, dict) and data.get("format") == "tutor-learner"
    except msgspec.DecodeError:
        is_ours = False
    if not is_ours:
        raise UserError(
            tr(
                "{file} is not an export of Tutor. Nothing was trained. Export a learner's data in the app and name "
                "that file in the recipe, or name a .jsonl file of preference pairs.",
                file=path,
            ),
            code="not_an_export",
        )
    _without_personal_data(data, path.name)
    deleted = {talk["id"] for talk in data["conversations"] if talk["deleted_at"]}
    alerted = {alert["message_id"] for alert in data["alerts"]}
    messages = {
        message["id"]: message
        for message in data["messages"]
        if message["conversation_id"] not in deleted and message["id"] not in alerted and _fit(message)
    }
    ratings = {rating["message_id"]: rating["rating"] for rating in data["ratings"]}
    found = Feedback(pairs=[], disliked=[], dropped={})
    paired: set[int] = set()
    for up in (i for i, rating in ratings.items() if rating > 0 and i in messages):
        for down in (i for i, rating in ratings.items() if rating < 0 and i in messages):
            one, other = messages[up], messages[down]
            if one["parent_id"] == other["parent_id"] and one["parent_id"] in messages:
                prompt = _prompt(messages, one, guidelines)
                found.pairs.append(Pair(prompt=prompt, chosen=one["text"], rejected=other["text"], source="ratings"))
                paired.add(down)
    decided = {one["flag_id"]: one for one in data.get("corrections", ())}
    for flag in data["flags"]:
        decision = decided.get(flag.get("id"))
        message, better = messages.get(flag["message_id"]), (decision or {"answer": flag["better"]})["answer"].strip()
        refused = decision is not None and decision["status"] != CorrectionStatus.ACCEPTED
        reason = "a correction that people did not accept" if refused else _unfit(message, better)
        if message is None or reason:
            found.dropped[reason] = found.dropped.get(reason, 0) + 1
            continue
        prompt = _prompt(messages, message, guidelines)
        found.pairs.append(Pair(prompt=prompt, chosen=better, rejected=message["text"], source="corrections"))
        paired.add(message["id"])
    for down in (i for i, rating in ratings.items() if rating < 0 and i in messages and i not in paired):
        asked = _asked(messages, messages[down], guidelines)
        if asked:
            found.disliked.append((asked, messages[down]["text"]))
        else:
            reason = "a rating of an answer that no notes belong to"
            found.dropped[reason] = found.dropped.get(reason, 0) + 1
    return found


def _without_personal_data(data: dict[str, Any], source: str) -> None:
    """Take personal data, the learner's own name above all, out of everything that is read here."""
    places = [(message, "text") for message in data["messages"]] + [(flag, "better") for flag in data["flags"]]
    places += [(correction, "answer") for correction in data.get("corrections", ())]
    said = tuple(Message(LEARNER, place[name]) for place, name in places)
    remover = ItemRemover(CollectSettings(), Roster([data["learner"]["name"]]))
    clean, _ = remover.clean(Item(source=source, kind="chat", messages=said))
    for (place, name), message in zip(places, clean.messages, strict=True):
        place[name] = message.content


def _fit(message: dict[str, Any]) -> bool:
    """Whether a learner said it, or the model itself, to the end, in a turn that may be in later prompts."""
    if message["role"] == "learner":
        return True
    reply = message["reply"] or {}
    return (
        message["status"] == "done"
        and reply.get("outcome") == Outcome.DONE
        and bool(reply.get("in_history", True))
        and not reply.get("alert")
    )


def _unfit(message: dict[str, Any] | None, better: str) -> str:
    if message is None or message["parent_id"] is None:
        return "the answer is not for learning"
    if len(better.split()) < FEWEST_WORDS:
        return "too few words"
    return "wrong maths" if check_sentence(better).status is MathsStatus.WRONG else ""


def _notes(message: dict[str, Any]) -> str:
    return str((message.get("reply") or {}).get("notes", ""))


def _prompt(messages: dict[int, dict[str, Any]], answer: dict[str, Any], guidelines: str) -> tuple[dict[str, str], ...]:
    """The prompt before a tutor's message: up the tree to the first message, in the running program's form.

    The notes that followed a learner's words are kept with the answer to them.
    """
    branch: list[dict[str, str]] = []
    below: dict[str, Any] | None = answer
    while below is not None and below["parent_id"] in messages:
        asked = messages[below["parent_id"]]
        if below is not answer:
            branch.append({"role": "assistant", "content": below["text"]})
        branch.append({"role": "user", "content": brief.user_message(asked["text"], _notes(below))})
        below = messages.get(asked["parent_id"])
    system = [{"role": "system", "content": guidelines}] if guidelines.strip() else []
    return (*system, *reversed(branch))


def _asked(messages: dict[int, dict[str, Any]], answer: dict[str, Any], guidelines: str) -> Asked | None:
    question = messages.get(answer["parent_id"])
    if question is None:
        return None
    found = turn_of(question["text"], _notes(answer), answer["text"])
    return Asked(prompt=_prompt(messages, answer, guidelines), turn=found[0], facts=found[1]) if found else None
