"""Between one learner's session and the people behind it: questions put to the teacher, and two questions to learners.

What a person writes is shown in the conversation as theirs. It is in no prompt: only an accepted correction is.
"""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec

from tutor import session_turns as turns
from tutor.classroom.escalations import Escalations
from tutor.domain import Conversation, Escalated, Learner, Message, Move, Outcome, Reply, Role, RuleCheck, Setting
from tutor.domain_lessons import Escalation
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.moderation import crisis, written
from tutor.session_answers import Answers, Engine, Turn
from tutor.session_events import MayPut, Noted, Put, SessionEvent, SurveyOffered, TeacherAnswered
from tutor.tutoring import doubt
from tutor.wording import people, privacy

if TYPE_CHECKING:
    from tutor.store import Store

_OWN_WISH: Final = "asked"
_UNSURE: Final = "unsure"
_LOOKED_BACK: Final = 200
"""Answers of the model that tell how sure it usually is."""


class WithPeople(Answers):
    """What a learner and the people behind the tutor say to each other. A guest has nobody there."""

    def __init__(
        self,
        store: "Store",
        engine: Engine,
        learner: Learner | None,
        overrides: Mapping[str, Any] | None = None,
        *,
        guidelines: str = "",
        desk: Escalations | None = None,
    ) -> None:
        """`desk`: takes questions to the teacher, for all sessions of a store; by default one for this session."""
        super().__init__(store, engine, learner, overrides, guidelines=guidelines)
        desk = desk or Escalations(store)
        self._people = None if self.is_guest else _People(store, desk, self.learner.id, self._tell)
        if self._people is not None:
            desk.listen(self._answered)

    @property
    def has_teacher(self) -> bool:
        """Whether there is anybody to put a question to."""
        return self._people is not None

    @property
    def at_school(self) -> bool:
        """For words: a teacher, or a grown-up at home."""
        return self._people is not None and self._people.at_school

    def privacy(self) -> list[str]:
        """What happens with this learner's words, line by line."""
        with self._told():
            return privacy.lines(self._store, None if self.is_guest else self.learner)
        return []

    def put_to_teacher(self, message_id: int, note: str = "") -> Escalated | None:
        """Put the question of an answer to the teacher, with what the learner adds. Told as `Put`."""
        with self._told(kept=note):
            message = self._store.message(message_id)
            if self._people is not None and self._is_mine(message.conversation_id):
                put = self._people.put(message, turns.clean(note))
                self._heed(turns.clean(note), message_id)
                return put
        return None

    def not_to_teacher(self, message_id: int) -> None:
        """The offer under an answer was turned down."""
        if self._people is not None:
            self._people.decline(message_id)

    def unread_answers(self) -> tuple[int, ...]:
        """Conversations in which an answer of the teacher's is new."""
        with self._told():
            return self._people.unread() if self._people is not None else ()
        return ()

    def read_answers(self) -> None:
        """The learner has what is shown before them: the teacher's answers in it are new no longer."""
        with self._told():
            if self._people is not None and self._conversation is not None:
                self._people.read(self._conversation.id)

    def answer_survey(self, helped: int, again: int) -> None:
        """What a learner said to the two questions, 1 to 5; 0 for nothing."""
        with self._told():
            if self._people is not None:
                self._people.say(helped, again)

    # --- inside --------------------------------------------------------------------------------------------

    def _heed(self, words: str, message_id: int) -> None:
        """Words that go to a person, past the engine: signs of distress in them reach the contact all the same."""
        sign = crisis.signs(words)
        if sign is None or self.is_guest:
            return
        self._store.keep_disclosure(self.learner.id, message_id, words, sign.kind, sign.severity)
        self._tell(
            Noted(
                text=written.signpost(
                    sign.kind,
                    age_band=self.learner.age_band,
                    country=str(self._store.setting("country")),
                    language=self.learner.language,
                )
            )
        )

    def _is_mine(self, conversation_id: int) -> bool:
        conversation = self._store.conversation(conversation_id)
        if conversation.learner_id != self.learner.id or conversation.deleted_at is not None:
            raise UserError(tr("This conversation is not there any more. Choose another one."), code="not_found")
        return True

    def _answered(self, escalated: Escalated) -> None:
        """On whatever thread the desk was called."""
        with self._told():
            if self._people is not None:
                self._people.changed(escalated)

    def _show(self, conversation: Conversation) -> tuple[Message, ...]:
        path = super()._show(conversation)
        if self._people is not None:
            self._people.shown(conversation, path)
        return path

    def _finish(self, turn: Turn, reply: Reply, status: str) -> None:
        model = self._engine_state.model
        if self._people is not None and status == "done" and model is not None and not model.scope:
            with contextlib.suppress(UserError):  # the answer is kept in any case
                reply = self._people.unsure(reply)
        super()._finish(turn, reply, status)
        if self._people is not None and status == "done":
            self._people.finished(self._store.message(turn.answer.id))

    def _leave(self) -> None:
        """What was shown is left for a new conversation."""
        if self._people is not None and self._conversation is not None and self._turn is None:
            self._people.survey(self._conversation)


class _People:
    """For one learner. Called under the session's lock; `tell` puts an event into its outbox."""

    def __init__(
        self, store: "Store", desk: Escalations, learner_id: int, tell: Callable[[SessionEvent], object]
    ) -> None:
        self._store, self._desk, self._learner_id, self._tell = store, desk, learner_id, tell
        self._declined: set[int] = set()
        """Answers under which the offer was turned down; asked again only from the menu."""
        self._surveyed = False
        self._lesson: int | None = None
        """The version of the lesson that the two questions are about."""

    @property
    def at_school(self) -> bool:
        return bool(self._store.setting("setting") == Setting.SCHOOL)

    def unsure(self, reply: Reply) -> Reply:
        """The reply with an offer to ask a person, where a general model was far less sure of it than usual.

        The narrow one's words come from a small world in which its doubt tells of wording, not of knowing.
        """
        talks = reply.outcome is Outcome.DONE and reply.move in (Move.CONVERSE, Move.RECALL)
        if not talks or reply.escalate or reply.alert:
            return reply
        rule: Escalation | None = Escalation()
        if reply.lesson_version_id is not None:
            lesson = self._store.lesson_version(reply.lesson_version_id).lesson
            rule = next((g for g in lesson.guidelines if isinstance(g, Escalation)), None)
        usual = self._store.doubts(reply.model, _LOOKED_BACK)
        if rule is None or _UNSURE not in rule.triggers or not doubt.far_above(reply.doubt, usual):
            return reply
        checks = reply.rules
        if reply.lesson_version_id is not None:
            offered = RuleCheck(
                rule="escalation", severity=rule.severity, fired=True, where="policy", done="offered", detail=_UNSURE
            )
            checks = (*(c for c in checks if c.rule != "escalation"), offered)
        return msgspec.structs.replace(reply, escalate=_UNSURE, rules=checks)

    def finished(self, answer: Message) -> None:
        """An answer ended: offer to put its question to the teacher where it calls for that."""
        if answer.reply is None or not answer.reply.escalate or answer.id in self._declined:
            return
        known = self._store.escalations_in(answer.conversation_id)
        if answer.id not in {escalated.message_id for escalated in known}:
            to = self._person(self._store.conversation(answer.conversation_id))
            words = people.offer(school=self.at_school, to=to)
            self._tell(MayPut(message_id=answer.id, reason=answer.reply.escalate, text=words))

    def shown(self, conversation: Conversation, path: Sequence[Message]) -> None:
        """A conversation is shown: what was put and answered stands in it; an open offer does so still."""
        for escalated in self._store.escalations_in(conversation.id):
            self._tell(Put(escalated=escalated))
        if path and path[-1].role is Role.TUTOR:
            self.finished(path[-1])

    def put(self, message: Message, note: str) -> Escalated:
        reason = message.reply.escalate if message.reply else ""
        return self._desk.put(message.id, reason or _OWN_WISH, note)

    def decline(self, message_id: int) -> None:
        self._declined.add(message_id)

    def changed(self, escalated: Escalated) -> None:
        """The desk tells of a question; those of other learners are passed over."""
        if escalated.learner_id == self._learner_id:
            self._tell(Put(escalated=escalated))
            self.tell_unread()

    def unread(self) -> tuple[int, ...]:
        return self._store.unread_answers(self._learner_id)

    def read(self, conversation_id: int) -> None:
        """The learner has the conversation before them."""
        if self._store.read_answers(conversation_id):
            self.tell_unread()

    def tell_unread(self) -> None:
        self._tell(TeacherAnswered(conversations=self.unread()))

    def survey(self, conversation: Conversation) -> None:
        """A conversation is over: two questions, where it is time for them. Asked once while the program runs."""
        if not self._surveyed and self._store.setting("survey") and self._store.survey_due(self._learner_id):
            self._surveyed = True
            self._lesson = conversation.lesson_version_id
            self._tell(SurveyOffered())

    def say(self, helped: int, again: int) -> None:
        self._store.keep_survey(self._learner_id, helped, again, self._lesson)

    def _person(self, conversation: Conversation) -> str:
        """Whom the lesson names for such questions; "" for the teacher."""
        if conversation.lesson_version_id is None:
            return ""
        with contextlib.suppress(UserError):
            lesson = self._store.lesson_version(conversation.lesson_version_id).lesson
            return next((rule.to for rule in lesson.guidelines if isinstance(rule, Escalation) and rule.to), "")
        return ""
