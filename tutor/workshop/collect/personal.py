"""Personal data out of documents and conversations, as the recipe wants it done."""

import msgspec

from tutor.moderation.personal.names import Roster
from tutor.moderation.personal.remover import Remover
from tutor.workshop.collect.items import Item, Message
from tutor.workshop.collect.settings import CollectSettings


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
            return msgspec.structs.replace(item, text=self.without(item.text, item.text, given, found)), found
        everything = item.words + item.rejected
        messages = tuple(
            Message(m.role, self.without(m.content, everything, given, found), m.learn) for m in item.messages
        )
        rejected = self.without(item.rejected, everything, given, found)
        return msgspec.structs.replace(item, messages=messages, rejected=rejected), found
