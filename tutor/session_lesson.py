"""The lesson that a conversation follows, as a session sees it: which one, what goes to the engine, when it is off."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from tutor.domain import Conversation, Lesson, LessonVersion
from tutor.domain_lessons import Assessment
from tutor.lessons import assessment
from tutor.moderation import crisis
from tutor.tutoring.guidelines import lesson_text

if TYPE_CHECKING:
    from tutor.store import Store


class Following:
    """Which lesson what is shown follows. Called under the session's lock."""

    def __init__(self, store: "Store", learner_id: int | None) -> None:
        """`learner_id` None: a guest, for whom nothing is set."""
        self._store, self._learner_id = store, learner_id
        self._next: tuple[Lesson | None, int | None] = (None, None)
        """What a new conversation will follow."""
        self.may_show: assessment.MayShow | None = None
        """Judges words of lessons that are shown as they stand; None where there is no engine for it."""
        self._known: LessonVersion | None = None
        """The version looked up last; published ones never change."""

    def begin(self, version_id: int | None, draft: Lesson | None) -> None:
        """A new conversation follows this published version, or (to try it out) these words, or nothing.

        Raises `UserError` (`lesson_gone`, `lesson_unreadable`).
        """
        if version_id is not None:
            self._known = self._store.lesson_to_begin(version_id)
            self._next = (self._known.lesson, version_id)
        else:
            self._next = (draft, None)

    @property
    def begins_with(self) -> int | None:
        """The version that the next new conversation keeps."""
        return self._next[1]

    def of(self, conversation: Conversation | None) -> tuple[Lesson | None, int | None]:
        """The lesson of a conversation (None: of a new one) and the id of its version.

        Raises `UserError` (`lesson_unreadable`).
        """
        if conversation is None or (conversation.lesson_version_id is None and self._next[1] is None):
            return self._next
        version_id = conversation.lesson_version_id
        if version_id is None:
            return None, None
        if self._known is None or self._known.id != version_id:
            self._known = self._store.lesson_version(version_id)
        return self._known.lesson, version_id

    def asked(self, conversation: Conversation | None) -> tuple[Lesson | None, int | None]:
        """What a question goes to the engine with: as `of`, with the assessments that hold now (see `switched_off`)."""
        lesson, version_id = self.of(conversation)
        if lesson is None or version_id is None:
            return lesson, version_id
        now = self._store.in_force_of(version_id).lesson.guidelines
        kept = tuple(g for g in lesson.guidelines if not isinstance(g, Assessment))
        windows = tuple(g for g in now if isinstance(g, Assessment))
        return msgspec.structs.replace(lesson, guidelines=(*kept, *windows)), version_id

    def text(self, conversation: Conversation | None, otherwise: str) -> str:
        """The guidelines in the prompt."""
        lesson, _ = self.of(conversation)
        return lesson_text(lesson) if lesson is not None else otherwise

    def switched_off(self, conversation: Conversation | None, words: str) -> str | None:
        """What the learner is told where an assessment has the chat off now: this lesson's, or any set for them.

        What holds is the published version, so that a teacher can move the window while conversations keep theirs.
        Words of distress are never held back: the engine answers them with words written by people, and alerts.
        """
        moment = datetime.now(UTC)
        _, version_id = self.of(conversation)
        lessons = [self._store.in_force_of(version_id).lesson] if version_id is not None else []
        if self._learner_id is not None:
            day = moment.astimezone().date().isoformat()
            for each in self._store.assigned_to(self._learner_id, day):
                lessons.append(self._store.lesson_version(each.lesson_version_id).lesson)
        for lesson in lessons:
            window = assessment.in_force(lesson, moment)
            if window is not None and crisis.signs(words) is None:
                return assessment.judged_message(lesson, window, self.may_show)
        return None
