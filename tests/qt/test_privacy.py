"""The privacy notice: shown to each learner once a term, before the chat, in the learner's language."""

import struct
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tutor import i18n
from tutor.domain import AgeBand, Visible
from tutor.qt.privacy import Privacy
from tutor.qt.showcase.quiet_app import QuietApp
from tutor.qt.window import MainWindow
from tutor.store import Store
from tutor.wording import privacy
from tutor.wording.privacy import TERM, is_due

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("read", "due"),
    [
        ("", True),
        ("not a date", True),
        (NOW.isoformat(), False),
        ((NOW - TERM + timedelta(hours=1)).isoformat(), False),
        ((NOW - TERM).isoformat(), True),
        ((NOW + timedelta(hours=2)).isoformat(), False),
        ((NOW + timedelta(days=900)).isoformat(), True),
        ("2026-08-31T08:00:00", False),
    ],
)
def test_the_notice_is_due_when_it_is_new_and_after_a_term(read: str, due: bool) -> None:
    assert is_due(read, NOW) is due


@pytest.mark.parametrize(
    ("months", "days", "said"),
    [
        (0, 0, ("kept until you delete them", "record is kept until everything of you is erased")),
        (1, 365, ("deleted 1 month after", "record is kept 365 days, also of a conversation that is deleted")),
        (18, 30, ("deleted 18 months after", "record is kept 30 days")),
    ],
)
def test_the_notice_says_how_long_everything_is_kept(months: int, days: int, said: tuple[str, str]) -> None:
    store = Store.open(None)
    store.set_contact("Ms Reed", "room 4", confirmed=True)
    store.set_setting("conversation_months", months)
    store.set_setting("record_days", days)
    every = privacy.lines(store, None)
    assert all(words in every[-1] for words in said)
    assert "all that you write and every answer is also in a safety record, and Ms Reed can read it" in every[1]
    assert "the safety record keeps its words until its own time is over" in every[-2]
    store.close()


@pytest.mark.parametrize(
    ("visible", "seen"),
    [
        (Visible.SUMMARY, "Teachers see figures, and what you send them."),
        (Visible.FLAGGED, "Teachers see reports."),
        (Visible.ALL, "Teachers see every conversation."),
    ],
)
def test_the_notice_says_what_the_class_shows(visible: Visible, seen: str) -> None:
    store = Store.open(None)
    store.set_setting("setting", "school")
    store.set_contact("Ms Reed", "room 4", confirmed=True)
    learner = store.add_learner("Dina", "owl", AgeBand.A8_10, "en-GB")
    store.add_member(store.add_class("5a", visible).id, learner.id)
    told = privacy.lines(store, learner)[1]
    assert told.endswith(f"and Ms Reed can read it. {seen}")
    assert "set for each class" in privacy.lines(store, None)[1]
    store.set_setting("setting", "home")
    assert seen.replace("Teachers", "Grown-ups") in privacy.lines(store, learner)[1]
    store.close()


def test_a_new_learner_reads_the_notice_once_before_the_chat(
    window: MainWindow, app_of: Callable[[str], QuietApp]
) -> None:
    app = app_of("fresh")
    window.show_app(app)
    new = app.store.add_learner("Dina", "owl", AgeBand.A8_10, "en-GB")
    window.enter(new)
    assert window.page == "privacy" and isinstance(window.current, Privacy)
    assert window.bridge is None, "no chat before the notice"
    QTest.mouseClick(window.current.close_button, Qt.MouseButton.LeftButton)
    assert window.page == "chat" and window.learner == new
    window.show_picker()
    window.enter(new)
    assert window.page == "chat"
    other = app.store.add_learner("Emil", "bee", AgeBand.A8_10, "en-GB")
    window.enter(other)
    assert window.page == "privacy", "each learner reads it"
    window.app = None


def test_the_notice_comes_back_after_a_term(window: MainWindow, app_of: Callable[[str], QuietApp]) -> None:
    app = app_of("fresh")
    window.show_app(app)
    learner = app.store.learners()[0]
    app.store.set_setting("privacy_read", (datetime.now(UTC) - TERM).isoformat(), learner.id)
    window.enter(learner)
    assert window.page == "privacy"
    window.app = None


def test_the_window_speaks_the_learners_language_and_then_its_own(
    window: MainWindow, app_of: Callable[[str], QuietApp], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _catalogue(tmp_path / "translations" / "de", {"New conversation": "Neues Gespräch"})
    spoken: list[str] = []
    use = i18n.use
    monkeypatch.setattr(
        i18n, "use", lambda language, _: (spoken.append(language), use(language, tmp_path / "translations"))
    )
    app = app_of("fresh")
    window.show_app(app)
    german = app.store.update_learner(app.store.learners()[0].id, language="de")
    window.show_chat(german)
    assert window.current is not None
    assert i18n.tr("New conversation") == "Neues Gespräch"
    assert window.current.sidebar.new.text() == "Neues Gespräch"  # type: ignore[attr-defined]
    window.show_picker()
    assert i18n.tr("New conversation") == "New conversation"
    assert spoken[0] == "de" and len(spoken) == 2
    window.app = None


def _catalogue(folder: Path, words: dict[str, str]) -> None:
    """A gettext catalogue, as msgfmt writes it."""
    pairs = [(b"", b"Content-Type: text/plain; charset=UTF-8\n")]
    pairs += sorted((key.encode(), value.encode()) for key, value in words.items())
    start = 28 + 16 * len(pairs)
    tables, data = [], b""
    for column in (0, 1):
        for pair in pairs:
            tables.append(struct.pack("<II", len(pair[column]), start + len(data)))
            data += pair[column] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    (folder / "LC_MESSAGES").mkdir(parents=True)
    (folder / "LC_MESSAGES" / "tutor.mo").write_bytes(head + b"".join(tables) + data)
