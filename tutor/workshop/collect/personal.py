"""Personal data out of documents and conversations, as the recipe wants it done."""

from collections.abc import Iterator
from typing import Final

import msgspec

from tutor.moderation.personal.names import Roster
from tutor.moderation.personal.remover import Remover
from tutor.workshop.collect.items import Item, Message
from tutor.workshop.collect.settings import CollectSettings

_AT_ONCE: Final = 2_000
"""Characters looked through at once: presidio goes over all words again for every number that it finds."""


class ItemRemover(Remover):
    """Finds personal data in items and takes it out."""

    def __init__(self, settings: CollectSettings, roster: Roster) -> None:
        super().__init__(
            roster,
            sure=settings.personal_sure,
            phone_regions=settings.phone_regions,
            cut=settings.personal == "remove",
            mark_names=settings.names == "mark",
        )

    def clean(self, item: Item) -> tuple[Item, list[tuple[str, str]]]:
        """The item without personal data, and what was found: kind and words, for the count."""
        given: dict[str, str] = {}
        found: list[tuple[str, str]] = []
        if item.text:
            cleaned = (self.without(part, item.text, given, found) + end for part, end in parts(item.text))
            return msgspec.structs.replace(item, text="".join(cleaned)), found
        everything = item.words + item.rejected
        messages = tuple(
            Message(m.role, self.without(m.content, everything, given, found), m.learn) for m in item.messages
        )
        rejected = self.without(item.rejected, everything, given, found)
        return msgspec.structs.replace(item, messages=messages, rejected=rejected), found


def parts(text: str) -> Iterator[tuple[str, str]]:
    """The whole text in parts of about `_AT_ONCE` characters that end where a line does, each with the space after it.

    A longer line is one part.
    """
    held: list[str] = []
    size = 0
    for line in [*text.splitlines(keepends=True), ""]:
        if held and (not line or size + len(line) > _AT_ONCE):
            part = "".join(held)
            words = part.rstrip()
            yield words, part[len(words) :]
            held, size = [], 0
        held.append(line)
        size += len(line)
