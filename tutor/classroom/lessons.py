"""The lessons' desk: new, edit, check, publish, retire, restore, compare, and the last step taken back.

`LessonExchange` in `tutor.classroom.exchange` adds what goes in and out as files.
"""

import re
import secrets
import threading
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import msgspec

from tutor.classroom.lesson_words import LessonWords, shown, warnings
from tutor.domain import Lesson, LessonVersion, Severity
from tutor.domain_lessons import (
    AttemptFirst,
    Correctness,
    Escalation,
    Guideline,
    HintLadder,
    Language,
    Length,
    Questions,
    ReadingLevel,
    Scope,
    Tone,
    Withhold,
)
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.lessons import comparing, faults
from tutor.lessons.check import check
from tutor.lessons.content import fingerprint
from tutor.lessons.faults import Fault, LessonFault
from tutor.rehearsal.results import Rehearsal
from tutor.store.lessons import LessonBefore, LessonLine

if TYPE_CHECKING:
    from tutor.store import Store

STEPS_KEPT: Final = 20
"""Steps that can be taken back, newest first, while the program runs."""
_GRADES: Final = {"5-7": 2.5, "8-10": 5.0, "11-13": 7.0, "14-17": 9.0, "18+": 12.0}
"""Reading level to begin with, by age."""
_WORDS: Final = {"5-7": 40, "8-10": 70, "11-13": 100, "14-17": 140, "18+": 200}
"""Words of a turn to begin with, by age."""


class Step(msgspec.Struct, frozen=True):
    """Something that can be taken back."""

    what: str
    """In words, such as `“Halves” was published`."""
    before: LessonBefore
    after: LessonBefore


class LessonDesk:
    """What a teacher does with lessons, from any thread. All methods raise `UserError` (`not_found`, ...)."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self.words: LessonWords | None = None
        """Where there is an engine that looks at words."""
        self._steps: list[Step] = []
        self._lock = threading.RLock()

    # --- looking --------------------------------------------------------------------------------------------------

    def lessons(self, *, archived: bool = False) -> tuple[LessonLine, ...]:
        """All lessons, or those put away; by title."""
        return self._store.lessons(archived=archived)

    def versions(self, lesson_id: int) -> tuple[LessonVersion, ...]:
        """Newest first."""
        return self._store.lesson_versions(lesson_id)

    def faults(self, lesson: Lesson) -> tuple[Fault, ...]:
        """What is wrong with a lesson, at its field. Quick enough for every key press."""
        return check(lesson) + (self.words.faults(lesson) if self.words is not None else ())

    def look_at_words(self, lesson: Lesson, told: Callable[[], object]) -> None:
        """Have the safety checks look at what learners are shown as it stands; `told` is called when they have."""
        if self.words is not None:
            self.words.look(lesson, told)

    def unchecked(self, lesson: Lesson) -> tuple[Fault, ...]:
        """What of that nobody looked at yet; a warning at each field."""
        return self.words.unchecked(lesson) if self.words is not None else warnings(shown(lesson), None)

    def doubts(self, lesson: Lesson) -> tuple[Fault, ...]:
        """Words that learners are shown as they stand and that no check has called fine: a person decides on them."""
        doubtful = self.words.faults(lesson) if self.words is not None else ()
        return (*doubtful, *self.unchecked(lesson))

    def compare(self, before_id: int, after_id: int) -> tuple[comparing.Difference, ...]:
        """What is different between two versions, field by field."""
        return comparing.compare(
            self._store.lesson_version(before_id).lesson, self._store.lesson_version(after_id).lesson
        )

    def test_of(self, version: LessonVersion) -> Rehearsal | None:
        """The last test, if it was of the very words that the version has now."""
        if not version.tested:
            return None
        try:
            found = msgspec.json.decode(version.tested, type=Rehearsal)
        except msgspec.DecodeError:
            return None
        return found if found.lesson_sha256 == fingerprint(version.lesson) else None

    # --- the draft ------------------------------------------------------------------------------------------------

    def new(self, title: str = "", *, subject: str = "maths", age_band: str = "8-10") -> LessonVersion:
        """A new lesson as a draft, with the guidelines that most lessons have."""
        lesson = Lesson(
            key=new_key(title),
            title=title.strip() or tr("New lesson"),
            subject=subject,
            age_band=age_band,
            guidelines=usual_guidelines(age_band),
        )
        return self.add(lesson)

    def add(self, lesson: Lesson) -> LessonVersion:
        """A lesson from elsewhere (a file, a sample) as a draft. One that is here already gets it as its new draft."""
        with self._lock:
            known = self._store.lesson_by_key(lesson.key)
            if known is None:
                made = self._store.create_lesson(lesson)
                before = LessonBefore(lesson_id=made.lesson_id, lesson=None)
            else:
                before = self._store.lesson_before(known)
                self._store.unarchive_lesson(known)
                made = self._store.save_draft(known, lesson)
            self._note(tr("“{title}” was added", title=lesson.title), before)
            return made

    def edit(self, lesson_id: int) -> LessonVersion:
        """The draft to work on: the one that is there, else a new one from the newest version."""
        with self._lock:
            return self._store.draft_of(lesson_id) or self._store.save_draft(
                lesson_id, self._store.lesson_versions(lesson_id)[0].lesson
            )

    def save(self, lesson_id: int, lesson: Lesson) -> LessonVersion:
        """Store the draft, however unfinished it is. Other words take its last test away."""
        return self._store.save_draft(lesson_id, lesson)

    def discard(self, lesson_id: int) -> None:
        """Let the draft go; what is published stays. Raises UserError (`only_draft`) for a lesson's only version."""
        with self._lock:
            before = self._store.lesson_before(lesson_id)
            draft = self._store.draft_of(lesson_id)
            if draft is None:
                return
            if len(before.versions) == 1:
                raise UserError(
                    tr("This draft is all there is of the lesson. Nothing was changed. Put the lesson away instead."),
                    code="only_draft",
                )
            self._store.drop_draft(lesson_id)
            self._note(tr("the draft of “{title}” was discarded", title=draft.lesson.title), before)

    def restore(self, version_id: int) -> LessonVersion:
        """An older version as the draft, in the place of the draft that is there."""
        with self._lock:
            old = self._store.lesson_version(version_id)
            before = self._store.lesson_before(old.lesson_id)
            draft = self._store.save_draft(old.lesson_id, old.lesson)
            self._note(tr("version {n} of “{title}” became the draft", n=old.number, title=old.lesson.title), before)
            return draft

    def keep_test(self, version_id: int, lesson: Lesson, found: Rehearsal) -> bool:
        """Keep what a test of `lesson` found. False, and nothing is kept, when the draft has other words by now."""
        if found.lesson_sha256 != fingerprint(lesson):
            return False
        return self._store.keep_test(version_id, lesson, msgspec.json.encode(found).decode())

    # --- what learners get ----------------------------------------------------------------------------------------

    def publish(self, lesson_id: int, *, why: str = "") -> LessonVersion:
        """Make the draft what learners begin with from now on; conversations under way keep their version.

        Raises `LessonFault` (`lesson_faults`) with every problem, `UserError` `no_draft`, and `reason_needed` where a
        guideline that blocks broke in the test of these words and `why` is empty.
        """
        with self._lock:
            before = self._store.lesson_before(lesson_id)
            draft = self._store.draft_of(lesson_id)
            if draft is None:
                raise UserError(
                    tr("There is no draft to publish. Nothing was changed. Edit the lesson first."), code="no_draft"
                )
            stops = faults.stopping(check(draft.lesson))
            if stops:
                raise LessonFault(
                    tr(
                        "The lesson was not published; its draft is kept. Put these right first:\n{problems}",
                        problems=faults.listed(stops, draft.lesson),
                    ),
                    stops,
                    code="lesson_faults",
                )
            broken = self.broken(draft)
            if broken and not why.strip():
                raise UserError(
                    tr(
                        "In its test, these guidelines that must hold were broken: {rules}. The lesson was not "
                        "published; its draft is kept. Change it, or write the reason for publishing it all the same.",
                        rules=", ".join(broken),
                    ),
                    code="reason_needed",
                )
            made = self._store.publish_draft(lesson_id, why=why.strip() if broken else "")
            self._note(tr("“{title}” was published", title=made.lesson.title), before)
            return made

    def broken(self, version: LessonVersion) -> tuple[str, ...]:
        """Names of the guidelines that block and were broken in the last test of these words."""
        tested = self.test_of(version)
        return tuple(faults.guideline_name(kind) for kind in tested.broken_blocking) if tested else ()

    def retire(self, lesson_id: int) -> None:
        """Nobody begins with it any more; conversations that began with it keep it."""
        with self._lock:
            before, title = self._store.lesson_before(lesson_id), self._title(lesson_id)
            self._store.retire_lesson(lesson_id)
            self._note(tr("“{title}” was retired", title=title), before)

    def archive(self, lesson_id: int) -> None:
        """Put it away: out of the list, and nobody begins with it."""
        with self._lock:
            before, title = self._store.lesson_before(lesson_id), self._title(lesson_id)
            self._store.archive_lesson(lesson_id)
            self._note(tr("“{title}” was put away", title=title), before)

    def unarchive(self, lesson_id: int) -> None:
        with self._lock:
            before, title = self._store.lesson_before(lesson_id), self._title(lesson_id)
            self._store.unarchive_lesson(lesson_id)
            self._note(tr("“{title}” was brought back", title=title), before)

    # --- taking back ----------------------------------------------------------------------------------------------

    @property
    def last_step(self) -> str:
        """What `undo` would take back, in words; "" for nothing."""
        steps = self._steps
        return steps[-1].what if steps else ""

    def undo(self) -> str:
        """Take the last step back. Gives what it was, in words.

        Raises `UserError`: `nothing_to_undo`, `lesson_used` when learners began with what would go, `lesson_changed`
        when what the step made was changed since. The step then stays the last one.
        """
        with self._lock:
            if not self._steps:
                raise UserError(tr("There is nothing to take back. Nothing was changed."), code="nothing_to_undo")
            step = self._steps[-1]
            self._store.put_back(step.before, step.after)
            self._steps.pop()
            return step.what

    # --- inside ---------------------------------------------------------------------------------------------------

    def _note(self, what: str, before: LessonBefore) -> None:
        after = self._store.lesson_before(before.lesson_id)
        self._steps = [*self._steps, Step(what=what, before=before, after=after)][-STEPS_KEPT:]

    def _title(self, lesson_id: int) -> str:
        return self._store.lesson_versions(lesson_id)[0].lesson.title


def new_key(title: str) -> str:
    """A key that no other lesson has: the title in plain letters, and some by chance."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].strip("-")
    return f"{words or 'lesson'}-{secrets.token_hex(4)}"


def usual_guidelines(age_band: str) -> tuple[Guideline, ...]:
    """What most lessons want; a teacher changes it."""
    return (
        Scope(severity=Severity.REWRITE),
        Withhold(attempts=2),
        HintLadder(rungs=3, dwell_turns=1),
        AttemptFirst(),
        Questions(most=1, severity=Severity.REWRITE),
        ReadingLevel(grade=_GRADES.get(age_band, 6.0)),
        Length(most_words=_WORDS.get(age_band, 80)),
        Tone(),
        Language(),
        Escalation(),
        Correctness(),
    )
