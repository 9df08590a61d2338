"""Classes, who is in them, which lessons are set for whom, and time limits that were lifted."""

from collections.abc import Iterable
from typing import Any, Final

from tutor.domain import AgeBand, Assigned, Assignment, Class, Learner, Lifted, Looked, Visible
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.store.owner import now, reads, writes
from tutor.store.people import People

_WIDEST: Final = (Visible.ALL, Visible.FLAGGED, Visible.SUMMARY)
_RANK: Final = "CASE visible WHEN 'all' THEN 0 WHEN 'flagged' THEN 1 ELSE 2 END"


def shown_of(learner: str) -> str:
    """SQL for what teachers may read of a learner, as a place in `_WIDEST`; `learner` is the column with the id.

    The widest of their classes; of classes that were put away the narrowest, so that this shows nobody more.
    """
    of_learner = f"FROM class_member JOIN class ON class.id = class_id WHERE class_member.learner_id = {learner}"
    return (
        f"coalesce((SELECT min({_RANK}) {of_learner} AND archived_at IS NULL), (SELECT max({_RANK}) {of_learner}), "
        f"{_WIDEST.index(Visible.FLAGGED)})"
    )


def read_since(learner: str) -> str:
    """SQL for the moment from which all that a learner wrote may be read: NULL for never, "" for always.

    It is when a class that shows everything came to do so, or when the learner came into it, whichever is later: what
    was written before was written under a narrower promise.
    """
    of_learner = f"FROM class_member JOIN class ON class.id = class_id WHERE class_member.learner_id = {learner}"
    return (
        f"CASE WHEN {shown_of(learner)} = {_WIDEST.index(Visible.ALL)} THEN coalesce("
        f"(SELECT min(max(visible_since, added_at)) {of_learner} AND visible = 'all' AND archived_at IS NULL), "
        f"(SELECT max(max(visible_since, added_at)) {of_learner})) END"
    )


class Classes(People):
    """Tables `class`, `class_member`, `assignment`, `limit_lifted`."""

    # --- classes ---------------------------------------------------------------------------------------------------

    @reads
    def classes(self) -> tuple[Class, ...]:
        """Those not put away, by name."""
        rows = self._rows("SELECT * FROM class WHERE archived_at IS NULL ORDER BY name COLLATE NOCASE")
        return tuple(_class(row) for row in rows)

    @reads
    def one_class(self, class_id: int) -> Class:
        """Raises `UserError` (`not_found`)."""
        return self._class(class_id)

    @writes
    def add_class(self, name: str, visible: Visible = Visible.FLAGGED) -> Class:
        """A class; one of this name that was put away comes back. Raises `UserError` (`name_taken`, `no_name`)."""
        away = self._row("SELECT id FROM class WHERE name = ? COLLATE NOCASE AND archived_at IS NOT NULL", name.strip())
        if away is not None:
            return self.restore_class(away["id"])
        cursor = self._do(
            "INSERT INTO class (name, visible, created_at) VALUES (?, ?, ?)", self._free(name), visible.value, now()
        )
        return self._class(cursor.lastrowid or 0)

    @writes
    def change_class(self, class_id: int, *, name: str | None = None, visible: Visible | None = None) -> Class:
        """Change what is given. Raises `UserError` (`name_taken`, `no_name`, `not_found`)."""
        if name is not None:
            self._do("UPDATE class SET name = ? WHERE id = ?", self._free(name, but=class_id), class_id)
        if visible is not None:
            self._do(
                "UPDATE class SET visible = ?1, visible_since = ?2 WHERE id = ?3 AND visible != ?1",
                visible.value,
                now(),
                class_id,
            )
        return self._class(class_id)

    @writes
    def take_change_back(self, before: Class) -> Class:
        """What teachers see is as it was `before`; from its old moment on where nobody wrote anything meanwhile."""
        changed = self._class(before.id)
        self.change_class(before.id, visible=before.visible)
        if not self._written_since(before.id, changed.visible_since):
            self._do("UPDATE class SET visible_since = ? WHERE id = ?", before.visible_since, before.id)
        return self._class(before.id)

    def _written_since(self, class_id: int, since: str) -> bool:
        found = self._row(
            "SELECT 1 FROM class_member JOIN conversation USING (learner_id) JOIN message "
            "ON message.conversation_id = conversation.id WHERE class_id = ? AND message.created_at >= ? LIMIT 1",
            class_id,
            since,
        )
        return found is not None

    @writes
    def archive_class(self, class_id: int) -> None:
        """Put it away; its lessons are not set any more. `restore_class` undoes it."""
        self._do("UPDATE class SET archived_at = ? WHERE id = ?", now(), class_id)

    @writes
    def restore_class(self, class_id: int) -> Class:
        """It is as it was; what its learners wrote while it was put away is not shown by it."""
        away = self._class(class_id).archived_at
        if away is not None and self._written_since(class_id, away):
            self._do("UPDATE class SET visible_since = ? WHERE id = ?", now(), class_id)
        self._do("UPDATE class SET archived_at = NULL WHERE id = ?", class_id)
        return self._class(class_id)

    @reads
    def members(self, class_id: int) -> tuple[int, ...]:
        """Ids of the learners in it, by name."""
        rows = self._rows(
            "SELECT learner.id FROM class_member JOIN learner ON learner.id = learner_id "
            "WHERE class_id = ? AND removed_at IS NULL ORDER BY name COLLATE NOCASE, learner.id",
            class_id,
        )
        return tuple(row["id"] for row in rows)

    @writes
    def set_members(self, class_id: int, learner_ids: Iterable[int]) -> None:
        """These learners, and no others, are in the class."""
        wanted = dict.fromkeys(learner_ids)
        for row in self._rows("SELECT learner_id FROM class_member WHERE class_id = ?", class_id):
            if row["learner_id"] not in wanted:
                self._do("DELETE FROM class_member WHERE class_id = ? AND learner_id = ?", class_id, row["learner_id"])
        for learner_id in wanted:
            self.add_member(class_id, learner_id)

    @writes
    def add_member(self, class_id: int, learner_id: int) -> None:
        self._do(
            "INSERT OR IGNORE INTO class_member (class_id, learner_id, added_at) VALUES (?, ?, ?)",
            class_id,
            learner_id,
            now(),
        )

    @reads
    def classes_of(self, learner_id: int) -> tuple[Class, ...]:
        """The classes that a learner is in, by name."""
        rows = self._rows(
            "SELECT class.* FROM class JOIN class_member ON class_id = class.id "
            "WHERE learner_id = ? AND archived_at IS NULL ORDER BY name COLLATE NOCASE",
            learner_id,
        )
        return tuple(_class(row) for row in rows)

    @reads
    def visible_of(self, learner_id: int) -> Visible:
        """What teachers may read of a learner: the widest of their classes; without a class, what is flagged."""
        (row,) = self._rows(f"SELECT {shown_of('?1')} AS place", learner_id)
        return _WIDEST[row["place"]]

    @reads
    def read_since(self, learner_id: int) -> str | None:
        """From when on teachers may read all that a learner writes (UTC, ISO 8601; "": always); None for never."""
        (row,) = self._rows(f"SELECT {read_since('?1')} AS since", learner_id)
        return None if row["since"] is None else str(row["since"])

    @writes
    def add_learners(self, people: Iterable[tuple[str, str, AgeBand, str, tuple[str, ...]]]) -> tuple[Learner, ...]:
        """Add many at once, with their classes, which are made where they are missing; all or none.

        Each: name, picture, age band, language, names of classes.
        """
        made = []
        for name, picture, band, language, classes in people:
            learner = self.add_learner(name, picture, band, language)
            made.append(learner)
            for each in classes:
                row = self._row("SELECT id FROM class WHERE name = ? COLLATE NOCASE AND archived_at IS NULL", each)
                self.add_member(row["id"] if row else self.add_class(each).id, learner.id)
        return tuple(made)

    # --- lessons that are set --------------------------------------------------------------------------------------

    @writes
    def assign(
        self,
        lesson_id: int,
        *,
        class_id: int | None = None,
        learner_id: int | None = None,
        from_day: str,
        until_day: str = "",
        note: str = "",
        looked: Looked = Looked.NOT_YET,
    ) -> Assignment:
        """Set a lesson for a class or for one learner. Raises `UserError` (`days_reversed`).

        `looked`: what the safety checks made of the note; learners are not shown one that they have not looked at.
        """
        if until_day and until_day < from_day:
            raise UserError(tr("The last day is before the first one. Nothing was changed."), code="days_reversed")
        cursor = self._do(
            "INSERT INTO assignment (lesson_id, class_id, learner_id, from_day, until_day, note, created_at, looked) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            lesson_id,
            class_id,
            learner_id,
            from_day,
            until_day,
            note.strip(),
            now(),
            looked.value,
        )
        (row,) = self._rows("SELECT * FROM assignment WHERE id = ?", cursor.lastrowid)
        return _assignment(row)

    @writes
    def unassign(self, assignment_id: int) -> None:
        self._do("DELETE FROM assignment WHERE id = ?", assignment_id)

    @reads
    def assignments(
        self, *, lesson_id: int | None = None, class_id: int | None = None, learner_id: int | None = None
    ) -> tuple[Assignment, ...]:
        """What is set, newest first; by lesson, class or learner where one is given."""
        rows = self._rows(
            "SELECT * FROM assignment WHERE (?1 IS NULL OR lesson_id = ?1) AND (?2 IS NULL OR class_id = ?2) "
            "AND (?3 IS NULL OR learner_id = ?3) ORDER BY from_day DESC, id DESC",
            lesson_id,
            class_id,
            learner_id,
        )
        return tuple(map(_assignment, rows))

    @reads
    def notes_to_look_at(self, day: str) -> tuple[Assignment, ...]:
        """What is set on a day or later with a word to learners, save those that a teacher read and shows anyway."""
        rows = self._rows(
            "SELECT * FROM assignment WHERE note != '' AND looked != 'read' AND (until_day = '' OR until_day >= ?) "
            "ORDER BY id",
            day,
        )
        return tuple(map(_assignment, rows))

    @writes
    def keep_looked(self, assignment_id: int, looked: Looked) -> None:
        """What the safety checks, or a teacher after them, made of its word to learners."""
        self._do("UPDATE assignment SET looked = ? WHERE id = ?", looked.value, assignment_id)

    @reads
    def assigned_to(self, learner_id: int, day: str) -> tuple[Assigned, ...]:
        """The published lessons that are set for a learner on a day, those that end soonest first.

        A word with one comes along only once it was looked at, and found fine or read by a teacher.
        """
        rows = self._rows(
            "SELECT lesson_version.id AS lesson_version_id, lesson.id AS lesson_id, title, "
            "coalesce(json_extract(body, '$.summary'), '') AS summary, "
            "min(CASE until_day WHEN '' THEN '9999' ELSE until_day END) AS ends, "
            "max(iif(looked IN ('fine', 'read'), note, '')) AS note "
            "FROM assignment JOIN lesson ON lesson.id = assignment.lesson_id AND lesson.archived_at IS NULL "
            "JOIN lesson_version ON lesson_version.lesson_id = lesson.id AND lesson_version.state = 'published' "
            "LEFT JOIN class ON class.id = class_id "
            "WHERE from_day <= ?2 AND (until_day = '' OR until_day >= ?2) AND (learner_id = ?1 OR ("
            "class.archived_at IS NULL AND class_id IN (SELECT class_id FROM class_member WHERE learner_id = ?1))) "
            "GROUP BY lesson.id ORDER BY ends, title COLLATE NOCASE",
            learner_id,
            day,
        )
        return tuple(
            Assigned(
                lesson_version_id=row["lesson_version_id"],
                lesson_id=row["lesson_id"],
                title=row["title"],
                summary=row["summary"],
                until_day="" if row["ends"] == "9999" else row["ends"],
                note=row["note"] or "",
            )
            for row in rows
        )

    # --- time ------------------------------------------------------------------------------------------------------

    @reads
    def seconds_used(self, learner_id: int, since: str, until: str) -> int:
        """Seconds of work between two moments (UTC, ISO 8601), as the teacher's pages count it: see `turn_facts`."""
        (row,) = self._rows(
            "SELECT total(active) AS seconds FROM turn_fact WHERE learner_id = ? AND at >= ? AND at < ?",
            learner_id,
            since,
            until,
        )
        return round(float(row["seconds"]))

    @writes
    def lift_limit(self, learner_id: int, day: str, minutes: int, reason: str, by: str) -> Lifted:
        """Allow more minutes on a day. Raises `UserError` (`reason_needed`)."""
        if not reason.strip():
            raise UserError(
                tr("More time needs a reason, which is kept. Nothing was changed. Write why."), code="reason_needed"
            )
        cursor = self._do(
            "INSERT INTO limit_lifted (learner_id, day, minutes, reason, lifted_by, created_at) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            learner_id,
            day,
            minutes,
            reason.strip(),
            by,
            now(),
        )
        (row,) = self._rows("SELECT * FROM limit_lifted WHERE id = ?", cursor.lastrowid)
        return Lifted(**row)

    @reads
    def lifted(self, learner_id: int | None = None, day: str = "") -> tuple[Lifted, ...]:
        """Limits that were lifted, newest first; of one learner, of one day."""
        rows = self._rows(
            "SELECT * FROM limit_lifted WHERE (?1 IS NULL OR learner_id = ?1) AND (?2 = '' OR day = ?2) "
            "ORDER BY id DESC LIMIT 500",
            learner_id,
            day,
        )
        return tuple(Lifted(**row) for row in rows)

    # --- inside ----------------------------------------------------------------------------------------------------

    def _class(self, class_id: int) -> Class:
        row = self._row("SELECT * FROM class WHERE id = ?", class_id)
        if row is None:
            raise UserError(tr("This class is not there any more. Choose another one."), code="not_found")
        return _class(row)

    def _free(self, name: str, but: int = 0) -> str:
        """The name, when no other class has it."""
        name = name.strip()
        if not name:
            raise UserError(tr("A class needs a name. Nothing was changed."), code="no_name")
        taken = self._row("SELECT archived_at FROM class WHERE name = ? COLLATE NOCASE AND id != ?", name, but)
        if taken is not None:
            raise UserError(
                tr("There is a class “{name}” already. Nothing was changed. Choose another name.", name=name),
                code="name_taken",
            )
        return name


def _assignment(row: dict[str, Any]) -> Assignment:
    return Assignment(**{**row, "looked": Looked(row["looked"])})


def _class(row: dict[str, Any]) -> Class:
    return Class(**{**row, "visible": Visible(row["visible"])})
