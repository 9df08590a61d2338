"""The teacher's desk for what waits: similar ones together, a decision about each, and the way back from it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from tutor.corrections import contradictions
from tutor.domain import Correction, CorrectionStatus, Frozen, Message, Setting, Visible
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.store.reviews import ReviewItem

if TYPE_CHECKING:
    from tutor.classroom.escalations import Escalations
    from tutor.corrections.queue import Queue
    from tutor.store import Store

BY: Final = "teacher"
SHORTEST_REASON: Final = 3
ALIKE: Final = 0.6
"""Share of the weight of their words, 0 to 1, from which two questions are taken together."""
TURNS: Final = 3
"""Turns before an item that are shown with it."""
_PAGE: Final = 60
"""Items that are looked at together for likeness."""


class Group(Frozen):
    """Items that are about the same question, newest first."""

    items: tuple[ReviewItem, ...]


class ReviewDesk:
    """From the window's thread."""

    def __init__(self, store: "Store", queue: "Queue", escalations: "Escalations") -> None:
        self._store, self._queue, self._escalations = store, queue, escalations

    def groups(self, state: str = "waiting", *, offset: int = 0, **wanted: Any) -> tuple[tuple[Group, ...], int]:
        """A page of what waits (or is done), similar ones together; and the offset of the next page, 0 for none.

        `wanted`: kind, lesson_id, learner_id, class_id, words, as `Store.review_items` takes them.
        """
        items = self._store.review_items(state, limit=_PAGE + 1, offset=offset, **wanted)
        more = len(items) > _PAGE
        return alike(items[:_PAGE]), offset + _PAGE if more else 0

    def correction_of(self, item: ReviewItem) -> Correction | None:
        """What became of a report as a correction; None where it became none."""
        return self._store.correction_of_flag(item.id) if item.kind == "flag" else None

    def turns(self, item: ReviewItem) -> tuple[Message, ...]:
        """The answer with its question and, where the learner's class shows them, the turns before."""
        alone = self._store.visible_of(item.learner_id) is Visible.SUMMARY
        return self._store.turns_before(item.message_id, 0 if alone else TURNS)

    def answer(self, item: ReviewItem, words: str, error: str = "") -> None:
        """Give the learner a person's words under the answer. Raises `UserError` (`empty`, `not_found`)."""
        if item.kind == "escalation":
            self._escalations.answer(item.id, words, BY)
        else:
            self._escalations.tell(item.message_id, words, BY)
        self._store.keep_review(item.kind, item.id, "answered", by=BY, error=error)

    def accept(self, item: ReviewItem, error: str = "") -> None:
        """Accept what the learner says would be right. Raises `UserError`, as `Queue.accept` does."""
        known = self.correction_of(item)
        if known is None:
            raise UserError(tr("There is nothing to accept. Write what is right."), code="no_answer")
        self._queue.accept(known.id)
        self._store.keep_review(item.kind, item.id, "corrected", by=BY, error=error)

    def correct(
        self, item: ReviewItem, values: Mapping[str, Any], error: str = "", others: Sequence[ReviewItem] = ()
    ) -> None:
        """Hand the right words to the corrections; they are checked, then used. Raises `UserError`.

        One correction holds for `others`, too: the question of each is another way of asking.
        """
        known, written = self.correction_of(item), None
        asked = dict.fromkeys(
            (*values.get("phrasings", ()), *(o.question for o in others if o.question != item.question))
        )
        values = {**values, "phrasings": tuple(asked)} if asked else values
        if known is not None and known.status is CorrectionStatus.PROPOSED:
            self._queue.edit(known.id, accept=True, **values)
        else:
            more: dict[str, Any] = {"wrong": item.said}
            if self._store.setting("setting") == Setting.HOME:
                more |= {"scope": "learner", "learner_id": item.learner_id}
            written = self._queue.add(**{**values, **more}).id
        for each in (item, *others):
            self._store.keep_review(each.kind, each.id, "corrected", by=BY, error=error, correction_id=written)

    def written(self, item: ReviewItem) -> Correction | None:
        """The correction that was written for this item, if it waits or is in use and no other item stands on it."""
        if item.correction_id is None or self._store.reviews_with(item.correction_id) > 1:
            return None
        found = self._store.correction(item.correction_id)
        return found if found.status in (CorrectionStatus.PROPOSED, CorrectionStatus.ACCEPTED) else None

    def dismiss(self, item: ReviewItem, why: str, error: str = "") -> None:
        """Set aside with a reason that stays. Raises `UserError` (`reason_needed`)."""
        if len(why.strip()) < SHORTEST_REASON:
            raise UserError(tr("Nothing was changed: write a few words why."), code="reason_needed")
        self._store.keep_review(item.kind, item.id, "dismissed", by=BY, error=error, why=why.strip())

    def classify(self, item: ReviewItem, error: str) -> None:
        """Name the kind of error of something that was decided already."""
        if item.decision:
            self._store.keep_review(
                item.kind, item.id, item.decision, by=BY, error=error, why=item.why, correction_id=item.correction_id
            )

    def undo(self, item: ReviewItem) -> None:
        """It waits again, and what the decision did is taken back, however long ago. Raises `UserError`.

        A correction that other items stand on, too, stays until the last of them is taken back.
        """
        written = self.written(item) if item.decision == "corrected" else None
        self._store.take_review_back(item.kind, item.id)
        if item.decision == "answered":
            said = self._store.escalation_of(item.message_id)
            if said is not None and said.answer:
                self._escalations.take_back(said.id)
        elif item.decision == "corrected":
            if item.correction_id is not None:
                if written is not None:
                    used = written.status is CorrectionStatus.ACCEPTED
                    (self._queue.withdraw if used else self._queue.reject)(written.id)
            elif (known := self.correction_of(item)) is not None:
                self._queue.undo(known.id)


def alike(items: Sequence[ReviewItem]) -> tuple[Group, ...]:
    """The items with those whose questions are alike together, as the newest of each comes."""
    made: list[list[ReviewItem]] = []
    for item in items:
        for group in made:
            first = group[0]
            if first.question and contradictions.share(first.question, item.question) >= ALIKE:
                group.append(item)
                break
        else:
            made.append([item])
    return tuple(Group(items=tuple(group)) for group in made)
