"""From a branch of stored messages to what the engine needs: history, state, and the words around them."""

import itertools
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from tutor.domain import Generation, Message, Outcome, Reply, Role, SentenceCheck, TutoringState
from tutor.engine.protocol import Past, Policy
from tutor.moderation import crisis

MAX_CHARACTERS: Final = 20_000
"""A cheap first bound for pasted novels; the engine's own limit is in tokens."""

TITLE_CHARACTERS: Final = 48


def clean(text: str) -> str:
    """The learner's words as they are stored: valid Unicode, no NUL, no white space at the ends."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8").strip()


def title_from(text: str) -> str:
    """A title out of the first question: its first line, cut between words."""
    lines = [re.sub(r"\s+", " ", line).strip(" #*_>`-") for line in text.splitlines()]
    line = next((line for line in lines if line), "")
    if len(line) <= TITLE_CHARACTERS:
        return line
    cut = line[:TITLE_CHARACTERS]
    return (cut[: cut.rindex(" ")] if " " in cut[TITLE_CHARACTERS // 2 :] else cut).rstrip(" ,;:.") + "…"


def used(path: Sequence[Message]) -> frozenset[int]:
    """Ids of the corrections that the answers of a branch rest on."""
    return frozenset(each for message in path if message.reply is not None for each in message.reply.used)


def history(path: Sequence[Message], gone: frozenset[int] = frozenset()) -> tuple[Past, ...]:
    """The finished turns of a branch that may be in a prompt, oldest first.

    None that rest on corrections that are `gone`: what was withdrawn must not be said again.
    """
    turns: list[Past] = []
    for question, answer in itertools.pairwise(path):
        if question.role is not Role.LEARNER or answer.role is not Role.TUTOR:
            continue
        reply = answer.reply
        if reply is None or not reply.in_history or not reply.text or answer.status not in ("done", "stopped"):
            continue
        if gone.intersection(reply.used):
            continue
        turns.append(Past(learner=question.text, notes=reply.notes, tutor=reply.text))
    return tuple(turns)


def state(path: Sequence[Message]) -> TutoringState:
    """Where the tutoring stands at the end of a branch."""
    for message in reversed(path):
        if message.role is Role.TUTOR and message.reply is not None:
            return message.reply.state
    return TutoringState()


def dropped(path: Sequence[Message]) -> int:
    """How many old turns the last answer of a branch had to leave out."""
    for message in reversed(path):
        if message.role is Role.TUTOR and message.reply is not None:
            return message.reply.dropped_turns
    return 0


def generation(values: Mapping[str, Any]) -> Generation:
    """The decoding settings out of all settings."""
    return Generation(**{name: values[name] for name in Generation.__struct_fields__})


def policy(values: Mapping[str, Any]) -> Policy:
    """Whole solutions need the teacher's switch and its reason."""
    return Policy(give_answers=values["give_answers"] and bool(values["give_answers_reason"].strip()))


def partial(shown: Sequence[tuple[str, SentenceCheck]], before: TutoringState, question: str = "") -> Reply:
    """What has been shown of an answer so far, as the record that stays if nothing more comes.

    It counts as failed and stays out of later prompts; the tutoring stands where it stood before the question.
    Where words written by people were shown, the `question` raises its alert even if the engine never ends the reply.
    """
    text = "".join(space + check.text for space, check in shown).lstrip()
    alert, severity = _alert(question) if any(check.done == "written" for _, check in shown) else ("", 0)
    return Reply(
        text=text,
        outcome=Outcome.FAILED,
        sentences=tuple(check for _, check in shown),
        state=before,
        in_history=False,
        alert=alert,
        severity=severity,
    )


def _alert(question: str) -> tuple[str, int]:
    """Kind and severity by the rules alone; where they find nothing, a person must look why it was answered so."""
    sign = crisis.signs(question) or crisis.dangerous(question)
    return (sign.kind, sign.severity) if sign else ("unclear", 1)
