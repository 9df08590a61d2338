"""The made year is whole, and `bench teacher` opens every section of the teacher's area."""

import sqlite3
from contextlib import closing
from pathlib import Path

from PySide6.QtWidgets import QApplication

from tutor.bench import teacher, year
from tutor.store import Store


def test_the_year_is_a_database_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "tutor.db"
    year.make(path, turns=3_000)
    with Store.open(path) as store:
        assert store.is_set_up() and len(store.learners()) == year.LEARNERS
        use = store.day_use("2000-01-01")
        assert sum(row.turns for row in use) == 3_000
        assert len({row.day for row in use}) > 200
        assert store.review_counts()["flag"] > 0 and len(store.lessons()) == 8
        learner = use[0].learner_id
        conversation = store.conversations(learner)[0]
        path_shown = store.path(conversation.id)
        assert len(path_shown) == 20 and path_shown[-1].reply is not None
        assert store.search(learner, "hint")
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("SELECT count(*) FROM message").fetchone() == (6_000,)
    Store.open(tmp_path / "fresh.db").close()
    assert _schema(path) == _schema(tmp_path / "fresh.db")


def _schema(path: Path) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as db:
        return set(db.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))


def test_the_bench_opens_every_section_and_judges_each(qapp: QApplication) -> None:
    report = teacher.run(turns=400, rounds=1)
    names = {figure.name for figure in report.figures}
    assert {"review", "quality", "corrections", "learning", "safeguarding", "learners", "backups", "settings"} <= names
    assert {"overview, a year", "review, everything done", "teacher's area with its overview"} <= names
    assert all(figure.goal == "<= 0.5" for figure in report.figures if figure.name != "year made")
    assert all(figure.value > 0 for figure in report.figures)
