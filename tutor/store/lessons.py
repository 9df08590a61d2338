"""Lessons: every version as it was written, which one is published, what may be taken back."""

from typing import Any

import msgspec

from tutor.domain import Frozen, Lesson, LessonState, LessonVersion
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.store.owner import Family, now, reads, writes


class LessonLine(Frozen):
    """One lesson in a list, in the words of its newest version."""

    id: int
    key: str
    title: str
    subject: str
    age_band: str
    state: LessonState
    """published where a version is, however new the draft beside it."""
    changed_at: str
    """Of whichever version changed last."""
    versions: int
    draft_id: int | None = None
    published_id: int | None = None
    conversations: int = 0
    """Learners' conversations that began with one of its versions, without those deleted."""
    archived_at: str = ""


class LessonBefore(Frozen):
    """How a lesson stood at a moment. Rows are columns by name."""

    lesson_id: int
    lesson: dict[str, Any] | None
    """None: it was not there."""
    versions: tuple[dict[str, Any], ...] = ()


class Lessons(Family):
    """Tables `lesson` and `lesson_version`."""

    @writes
    def create_lesson(self, lesson: Lesson) -> LessonVersion:
        """A new lesson with its first draft. Raises `UserError` (`lesson_known`) where its key is here already."""
        if self._row("SELECT 1 FROM lesson WHERE key = ?", lesson.key):
            raise UserError(
                tr("This lesson is here already. Nothing was changed. Open it, and change its draft."),
                code="lesson_known",
            )
        cursor = self._do("INSERT INTO lesson (key, created_at) VALUES (?, ?)", lesson.key, now())
        return self._save_draft(cursor.lastrowid or 0, lesson)

    @writes
    def save_draft(self, lesson_id: int, lesson: Lesson) -> LessonVersion:
        """Store the draft, a new version where there was none. Other words take the last test away.

        The key stays the lesson's own. Raises `UserError` (`not_found`).
        """
        return self._save_draft(lesson_id, lesson)

    @writes
    def drop_draft(self, lesson_id: int) -> None:
        """Let the draft go; the published version stays as it is. A lesson that has no other version is kept."""
        if len(self._rows("SELECT 1 FROM lesson_version WHERE lesson_id = ?", lesson_id)) > 1:
            self._do("DELETE FROM lesson_version WHERE lesson_id = ? AND state = 'draft'", lesson_id)

    @reads
    def lessons(self, *, archived: bool = False) -> tuple[LessonLine, ...]:
        """All lessons, or those put away; by title."""
        rows = self._rows(
            "SELECT lesson.id, lesson.key, lesson.archived_at, v.title, v.subject, v.age_band, "
            "(SELECT max(changed_at) FROM lesson_version WHERE lesson_id = lesson.id) AS changed_at, "
            "(SELECT count(*) FROM lesson_version WHERE lesson_id = lesson.id) AS versions, "
            "(SELECT id FROM lesson_version WHERE lesson_id = lesson.id AND state = 'draft') AS draft_id, "
            "(SELECT id FROM lesson_version WHERE lesson_id = lesson.id AND state = 'published') AS published_id, "
            "(SELECT count(*) FROM conversation JOIN lesson_version AS used ON used.id = lesson_version_id "
            "WHERE used.lesson_id = lesson.id AND deleted_at IS NULL) AS conversations "
            "FROM lesson JOIN lesson_version AS v ON v.lesson_id = lesson.id AND v.number = "
            "(SELECT max(number) FROM lesson_version WHERE lesson_id = lesson.id) "
            "WHERE (lesson.archived_at IS NOT NULL) = ? ORDER BY v.title COLLATE NOCASE, lesson.id",
            archived,
        )
        return tuple(_line(row) for row in rows)

    @reads
    def lesson_by_key(self, key: str) -> int | None:
        """The lesson's id on this computer, put away or not; None when it is not here."""
        row = self._row("SELECT id FROM lesson WHERE key = ?", key)
        return row["id"] if row else None

    @reads
    def lesson_versions(self, lesson_id: int) -> tuple[LessonVersion, ...]:
        """Newest first. Raises `UserError` (`not_found`, `lesson_unreadable`)."""
        rows = self._rows("SELECT * FROM lesson_version WHERE lesson_id = ? ORDER BY number DESC", lesson_id)
        if not rows:
            raise _gone()
        return tuple(as_version(row) for row in rows)

    @reads
    def lesson_version(self, version_id: int) -> LessonVersion:
        """Raises `UserError` (`not_found`, `lesson_unreadable`)."""
        return self._version("id = ?", version_id)

    @reads
    def lesson_to_begin(self, version_id: int) -> LessonVersion:
        """A version that learners may begin with now. Raises `UserError` (`lesson_gone`, `lesson_unreadable`)."""
        row = self._row(
            "SELECT v.* FROM lesson_version AS v JOIN lesson ON lesson.id = lesson_id "
            "WHERE v.id = ? AND state = 'published' AND archived_at IS NULL",
            version_id,
        )
        if row is None:
            raise UserError(
                tr("This lesson is not open any more. Nothing was changed. Choose another one."), code="lesson_gone"
            )
        return as_version(row)

    @reads
    def draft_of(self, lesson_id: int) -> LessonVersion | None:
        return self._in_state(lesson_id, LessonState.DRAFT)

    @reads
    def published_lesson(self, lesson_id: int) -> LessonVersion | None:
        return self._in_state(lesson_id, LessonState.PUBLISHED)

    @reads
    def in_force_of(self, version_id: int) -> LessonVersion:
        """What holds now for who began with this version: the published one, else the version itself."""
        own = self._version("id = ?", version_id)
        return self._in_state(own.lesson_id, LessonState.PUBLISHED) or own

    @writes
    def keep_test(self, version_id: int, lesson: Lesson, tested: str) -> bool:
        """Store the record (JSON) of a test of `lesson`. False, and nothing is stored, when the version says other."""
        row = self._row("SELECT body FROM lesson_version WHERE id = ?", version_id)
        if row is None or row["body"] != _body(lesson):
            return False
        self._do("UPDATE lesson_version SET tested = ? WHERE id = ?", tested, version_id)
        return True

    @writes
    def publish_draft(self, lesson_id: int, *, why: str = "") -> LessonVersion:
        """Make the draft the published version; the one before is retired. Raises `UserError` (`not_found`)."""
        draft = self._in_state(lesson_id, LessonState.DRAFT)
        if draft is None:
            raise _gone()
        when = now()
        self._retire(lesson_id, when)
        self._do(
            "UPDATE lesson_version SET state = 'published', published_at = ?, changed_at = ?, why = ? WHERE id = ?",
            when,
            when,
            why,
            draft.id,
        )
        return self._version("id = ?", draft.id)

    @writes
    def retire_lesson(self, lesson_id: int) -> None:
        """Nobody begins with it any more; conversations that began with it keep it."""
        self._retire(lesson_id, now())

    @writes
    def archive_lesson(self, lesson_id: int) -> None:
        """Put it away: out of the lists, and nobody begins with it. Raises `UserError` (`not_found`)."""
        self._found(lesson_id)
        self._do("UPDATE lesson SET archived_at = ? WHERE id = ?", now(), lesson_id)

    @writes
    def unarchive_lesson(self, lesson_id: int) -> None:
        """Bring back what was put away. Raises `UserError` (`not_found`)."""
        self._found(lesson_id)
        self._do("UPDATE lesson SET archived_at = NULL WHERE id = ?", lesson_id)

    @reads
    def lesson_before(self, lesson_id: int) -> LessonBefore:
        """How the lesson stands now: what `put_back` needs, of before and after a step."""
        rows = self._version_rows(lesson_id)
        lesson = self._row("SELECT * FROM lesson WHERE id = ?", lesson_id)
        return LessonBefore(lesson_id=lesson_id, lesson=lesson, versions=tuple(rows))

    @writes
    def put_back(self, before: LessonBefore, after: LessonBefore) -> None:
        """Take a step back that led from `before` to `after`; what the step did not touch stays as it is now.

        Raises `UserError`: `lesson_used` when learners began with what would go, `lesson_changed` when what the step
        made was changed since.
        """
        was, came = _by_id(before), _by_id(after)
        is_now = {row["id"]: row for row in self._version_rows(before.lesson_id)}
        touched = [key for key in {**was, **came} if was.get(key) != came.get(key)]
        draft = next((row for key, row in is_now.items() if row["state"] == "draft" and key not in touched), None)
        others = {row["body"] for row in is_now.values() if row is not draft}
        wants_draft = any(key in was and was[key]["state"] == "draft" for key in touched)
        if draft is not None and wants_draft and draft["body"] in others:
            self._do("DELETE FROM lesson_version WHERE id = ?", draft["id"])  # opened since, and nothing written
            draft = None
        if any(is_now.get(key) != came.get(key) for key in touched) or (draft is not None and wants_draft):
            raise UserError(
                tr(
                    "The lesson was changed since, so this cannot be taken back. Nothing was changed. Its versions "
                    "are kept: restore an older one instead."
                ),
                code="lesson_changed",
            )
        for key in touched:
            goes = key not in was or (was[key]["state"] == "draft" and is_now.get(key, was[key])["state"] != "draft")
            if goes and self._row("SELECT 1 FROM conversation WHERE lesson_version_id = ?", key):
                raise UserError(
                    tr(
                        "Learners have begun with this version, so it cannot be taken back. Nothing was changed. "
                        "Retire it, or restore an older version and publish that."
                    ),
                    code="lesson_used",
                )
        if before.lesson is None:
            self._do("DELETE FROM lesson WHERE id = ?", before.lesson_id)
            return
        if after.lesson is not None and before.lesson["archived_at"] != after.lesson["archived_at"]:
            self._do("UPDATE lesson SET archived_at = ? WHERE id = ?", before.lesson["archived_at"], before.lesson_id)
        self._stand([key for key in touched if key not in was], [was[key] for key in touched if key in was])

    # --- inside ---------------------------------------------------------------------------------------------------

    def _save_draft(self, lesson_id: int, lesson: Lesson) -> LessonVersion:
        key = self._found(lesson_id)["key"]
        body = _body(msgspec.structs.replace(lesson, key=key))
        draft = self._row("SELECT * FROM lesson_version WHERE lesson_id = ? AND state = 'draft'", lesson_id)
        if draft is None:
            when = now()
            self._do(
                "INSERT INTO lesson_version (lesson_id, number, state, title, subject, age_band, body, created_at, "
                "changed_at) VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM lesson_version "
                "WHERE lesson_id = ?1), 'draft', ?2, ?3, ?4, ?5, ?6, ?6)",
                lesson_id,
                lesson.title,
                lesson.subject,
                lesson.age_band,
                body,
                when,
            )
        elif draft["body"] != body:
            self._do(
                "UPDATE lesson_version SET title = ?, subject = ?, age_band = ?, body = ?, changed_at = ?, "
                "tested = '' WHERE id = ?",
                lesson.title,
                lesson.subject,
                lesson.age_band,
                body,
                now(),
                draft["id"],
            )
        return self._version("lesson_id = ? AND state = 'draft'", lesson_id)

    def _version_rows(self, lesson_id: int) -> list[dict[str, Any]]:
        return self._rows("SELECT * FROM lesson_version WHERE lesson_id = ? ORDER BY number", lesson_id)

    def _stand(self, gone: list[int], rows: list[dict[str, Any]]) -> None:
        """Have versions stand as in `rows`. In two goes, for there is one draft and one published version at most."""
        for key in gone:
            self._do("DELETE FROM lesson_version WHERE id = ?", key)
        for row in rows:
            here = self._row("SELECT body FROM lesson_version WHERE id = ?", row["id"])
            if here is None:
                self._do(
                    f"INSERT INTO lesson_version ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
                    *({**row, "state": "retired"}).values(),
                )
            elif here["body"] == row["body"]:
                self._do("UPDATE lesson_version SET state = 'retired' WHERE id = ?", row["id"])
            else:
                self._put(row, ("title", "subject", "age_band", "body"))
        for row in rows:
            self._put(row, ("state", "changed_at", "published_at", "why", "tested"))

    def _put(self, row: dict[str, Any], names: tuple[str, ...]) -> None:
        columns = ", ".join(f"{name} = ?" for name in names)
        self._do(f"UPDATE lesson_version SET {columns} WHERE id = ?", *(row[name] for name in names), row["id"])

    def _retire(self, lesson_id: int, when: str) -> None:
        self._do(
            "UPDATE lesson_version SET state = 'retired', changed_at = ? WHERE lesson_id = ? AND state = 'published'",
            when,
            lesson_id,
        )

    def _found(self, lesson_id: int) -> dict[str, Any]:
        row = self._row("SELECT * FROM lesson WHERE id = ?", lesson_id)
        if row is None:
            raise _gone()
        return row

    def _version(self, where: str, value: int) -> LessonVersion:
        row = self._row(f"SELECT * FROM lesson_version WHERE {where}", value)
        if row is None:
            raise _gone()
        return as_version(row)

    def _in_state(self, lesson_id: int, state: LessonState) -> LessonVersion | None:
        row = self._row("SELECT * FROM lesson_version WHERE lesson_id = ? AND state = ?", lesson_id, state.value)
        return as_version(row) if row else None


def _by_id(before: LessonBefore) -> dict[int, dict[str, Any]]:
    return {row["id"]: row for row in before.versions}


def as_version(row: dict[str, Any]) -> LessonVersion:
    """Raises `UserError` (`lesson_unreadable`)."""
    try:
        lesson = msgspec.json.decode(row["body"], type=Lesson)
    except msgspec.DecodeError as error:
        raise UserError(
            tr(
                "Version {n} of the lesson “{title}” cannot be read. It is kept as it is. Restore another version, "
                "or the newest backup.",
                n=row["number"],
                title=row["title"],
            ),
            code="lesson_unreadable",
        ) from error
    names = set(LessonVersion.__struct_fields__) - {"lesson", "state"}
    return LessonVersion(
        lesson=lesson, state=LessonState(row["state"]), **{name: row[name] for name in row if name in names}
    )


def _line(row: dict[str, Any]) -> LessonLine:
    published = row["published_id"] is not None
    state = LessonState.PUBLISHED if published else LessonState.DRAFT if row["draft_id"] else LessonState.RETIRED
    return LessonLine(**{**row, "state": state, "archived_at": row["archived_at"] or ""})


def _body(lesson: Lesson) -> str:
    return msgspec.json.encode(lesson, order="deterministic").decode()


def _gone() -> UserError:
    return UserError(tr("This lesson is not there any more. Choose another one."), code="not_found")
