"""One thing on its way through collecting: a document or a conversation, and where it came from."""

from typing import Any, Literal

import msgspec

LEARNER, TUTOR, SYSTEM = "user", "assistant", "system"
ROLES: dict[str, str] = {
    **dict.fromkeys(("user", "learner", "human", "student", "pupil", "child", "q", "question"), LEARNER),
    **dict.fromkeys(("assistant", "tutor", "gpt", "bot", "model", "teacher", "a", "answer"), TUTOR),
    "system": SYSTEM,
}
"""What files call the speakers, and what they are called from here on."""


class Message(msgspec.Struct, frozen=True):
    """One message of a conversation."""

    role: str
    content: str
    learn: bool = True
    """False on a tutor's message that a learner reported or rated badly: it may be context, never an example."""


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A document (`text`) or a conversation (`messages`)."""

    source: str
    """Name of the file."""
    line: int = 0
    """Where in the file it starts, counted from 1; 0 for all of it."""
    text: str = ""
    messages: tuple[Message, ...] = ()
    kind: Literal["document", "chat", "correction"] = "document"
    rejected: str = ""
    """Of a correction: the answer that was reported; the conversation ends with the better one."""
    category: str = ""
    when: str = ""
    app: bool = False
    """From a file that the app itself wrote."""

    @property
    def words(self) -> str:
        """Everything that is said in it."""
        return self.text or "\n".join(message.content for message in self.messages)


def as_line(item: Item) -> dict[str, Any] | None:
    """The item as it is written to a JSON lines file; None when nothing of it is an example to follow.

    A conversation ends before the first answer that was reported: whoever trains on the file would learn it.
    """
    if not item.messages:
        return {"text": item.text, "source": item.source}
    end = next((at for at, message in enumerate(item.messages) if not message.learn), len(item.messages))
    while end and item.messages[end - 1].role != TUTOR:
        end -= 1
    if not end:
        return None
    line: dict[str, Any] = {"messages": plain(item.messages[:end]), "kind": item.kind, "source": item.source}
    return line | {name: value for name in ("category", "when") if (value := getattr(item, name))}


def plain(messages: tuple[Message, ...] | list[Message]) -> list[dict[str, str]]:
    """Messages as role and content alone."""
    return [{"role": message.role, "content": message.content} for message in messages]
