"""Search over titles and messages by FTS5; signs that are no words are looked for as they are."""

from typing import Any, Final

from tutor.domain import Conversation, Frozen
from tutor.store.conversations import as_conversation
from tutor.store.owner import Family, reads

_ON: Final = "\ufdd0"
_OFF: Final = "\ufdd1"
"""Non-characters around a match, which no text holds."""
_AROUND: Final = 40
"""Characters kept on each side of a match that FTS5 could not find."""
_LONGEST: Final = 400
"""Characters of a snippet."""


class SearchHit(Frozen):
    """A conversation whose title matches (`message_id` None), or a message that does."""

    conversation: Conversation
    message_id: int | None
    snippet: str
    """The title, or the words around the match."""
    marks: tuple[tuple[int, int], ...] = ()
    """Start and end of each match within `snippet`."""


class Search(Family):
    """Tables `message_fts` and `conversation_fts`, which triggers keep."""

    @reads
    def search(self, learner_id: int, query: str, limit: int = 50) -> tuple[SearchHit, ...]:
        """Titles first, then messages, best first; each holds all words of `query`, the last one as a beginning."""
        wanted = query.replace("\x00", " ").encode("utf-8", "replace").decode().strip()[:1000]
        if not wanted:
            return ()
        match = _expression(wanted)
        titles = self._rows(
            "SELECT conversation.*, NULL AS message_id, highlight(conversation_fts, 0, ?, ?) AS snippet "
            "FROM conversation_fts JOIN conversation ON conversation.id = conversation_fts.rowid "
            "WHERE conversation_fts MATCH ? AND learner_id = ? AND deleted_at IS NULL ORDER BY rank LIMIT ?",
            _ON,
            _OFF,
            match,
            learner_id,
            limit,
        )
        messages = self._rows(
            "SELECT conversation.*, message.id AS message_id, snippet(message_fts, 0, ?, ?, '…', 16) AS snippet "
            "FROM message_fts JOIN message ON message.id = message_fts.rowid "
            "JOIN conversation ON conversation.id = message.conversation_id "
            "WHERE message_fts MATCH ? AND learner_id = ? AND deleted_at IS NULL ORDER BY rank LIMIT ?",
            _ON,
            _OFF,
            match,
            learner_id,
            limit,
        )
        hits = [_hit(row) for row in (*titles, *messages)]
        return tuple(hits[:limit]) if hits else self._literal(learner_id, wanted, limit)

    def _literal(self, learner_id: int, wanted: str, limit: int) -> tuple[SearchHit, ...]:
        """For what has no words (`+`, `≠`) and for the middle of a word."""
        pattern = "%" + wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        if len(pattern.encode()) > 40_000:
            return ()
        rows = self._rows(
            "SELECT conversation.*, message.id AS message_id, message.text AS snippet "
            "FROM message JOIN conversation ON conversation.id = message.conversation_id "
            "WHERE message.text LIKE ? ESCAPE '\\' AND learner_id = ? AND deleted_at IS NULL "
            "ORDER BY message.id DESC LIMIT ?",
            pattern,
            learner_id,
            limit,
        )
        return tuple(_cut(row, wanted) for row in rows)


def _expression(wanted: str) -> str:
    """Every word as a quoted phrase, so that no operator of FTS5 is read in what a learner types."""
    return " ".join('"' + word.replace('"', '""') + '"' for word in wanted.split()) + " *"


def _hit(row: dict[str, Any]) -> SearchHit:
    marks: list[tuple[int, int]] = []
    plain = ""
    for piece in str(row["snippet"]).split(_ON):
        matched, found, rest = piece.partition(_OFF)
        if found:
            marks.append((len(plain), len(plain) + len(matched)))
        plain += matched + rest
    if len(plain) > _LONGEST:
        # one word of thousands of characters, such as a row of emoji
        plain = plain[:_LONGEST] + "…"
        marks = [(start, min(end, _LONGEST)) for start, end in marks if start < _LONGEST]
    return SearchHit(conversation=as_conversation(row), message_id=row["message_id"], snippet=plain, marks=tuple(marks))


def _cut(row: dict[str, Any], wanted: str) -> SearchHit:
    text = str(row["snippet"])
    at = max(0, text.lower().find(wanted.lower()))
    start, end = max(0, at - _AROUND), min(len(text), at + len(wanted) + _AROUND)
    before, after = "…" if start else "", "…" if end < len(text) else ""
    mark = (len(before) + at - start, len(before) + at - start + len(wanted))
    return SearchHit(
        conversation=as_conversation(row),
        message_id=row["message_id"],
        snippet=before + text[start:end] + after,
        marks=(mark,),
    )
