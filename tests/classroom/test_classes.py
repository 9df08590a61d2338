"""Classes, lists of learners, lessons that are set, and reports, on a real store."""

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tutor.classroom import reports, roster
from tutor.domain import AgeBand, Fact, Lesson, Looked, Move, Outcome, Reply, TutoringState, Visible
from tutor.errors import UserError
from tutor.store import Store

PICTURES = ("fox", "owl", "bee")
LIST = "Name;Year;Class\nAmira;4;Blue\nBen;4;Blue | Chess\n\nChidi;7;Green\n"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "tutor.db") as opened:
        yield opened


def test_a_list_is_read_by_its_headings_and_taken_in_with_its_classes(store: Store) -> None:
    found = roster.read(LIST)
    assert found.problems == () and [each.name for each in found.entries] == ["Amira", "Ben", "Chidi"]
    made = roster.take_in(store, found, PICTURES)
    assert [learner.age_band for learner in made] == [AgeBand.A8_10, AgeBand.A8_10, AgeBand.A11_13]
    assert [each.name for each in store.classes()] == ["Blue", "Chess", "Green"]
    blue = store.classes()[0]
    assert store.members(blue.id) == tuple(learner.id for learner in made[:2])
    assert [each.name for each in store.classes_of(made[1].id)] == ["Blue", "Chess"]
    again = roster.read(LIST + "Dora;5;Blue\n", known=[learner.name for learner in store.learners()])
    assert [each.name for each in again.entries] == ["Dora"] and again.problems == ()


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "empty"),
        ("surname,age\nX,9\n", 1, "no column"),
        ("name,age\n,9\n", 2, "no name"),
        ("name,age\nBen,old\n", 2, "age of Ben"),
        ("name,age\nBen,2\n", 2, "age of Ben"),
        ("name,age\n" + "x" * 61 + ",9\n", 2, "longer"),
        ("name,age\nBe\x07n,9\n", 2, "cannot be shown"),
        ("name,age\nBen,²\n", 2, "age of Ben"),
        ("name,age,language\nBen,9,../../x\n", 2, "language of Ben"),
        ("name,age,class\nBen,9," + "x" * 61 + "\n", 2, "class of Ben"),
        ('name,age\n"' + "x" * 140_000 + '",9\n', 2, "no table"),
    ],
)
def test_what_is_wrong_in_a_list_is_named_by_its_line(text: str, line: int, words: str) -> None:
    found = roster.read(text)
    assert found.problems[0][0] == line and words in found.problems[0][1]


@pytest.mark.parametrize(
    ("age", "band"), [("9", "8-10"), ("8-10", "8-10"), ("5", "5-7"), ("13", "11-13"), ("17", "14-17"), ("30", "18+")]
)
def test_ages_are_read_as_people_write_them(age: str, band: str) -> None:
    assert roster.read(f"name,age\nBen,{age}\n").entries[0].age_band.value == band


def test_a_file_that_is_no_list_is_refused(tmp_path: Path) -> None:
    picture = tmp_path / "list.csv"
    picture.write_bytes(b"\x89PNG\0\0")
    with pytest.raises(UserError, match="no text file"):
        roster.read_file(picture)
    picture.write_bytes(b"x" * (roster.MOST_BYTES + 1))
    with pytest.raises(UserError, match="too big"):
        roster.read_file(picture)
    with pytest.raises(UserError, match="cannot be read"):
        roster.read_file(tmp_path / "missing.csv")
    picture.write_bytes("name,age\nZoë,9\n".encode("cp1252"))
    assert roster.read_file(picture).entries[0].name == "Zoë"


def test_all_of_a_list_are_taken_in_or_none(store: Store) -> None:
    found = roster.read("name,age\nAmira,9\nBen,9\n")
    with pytest.raises(UserError):
        store.add_learners([(e.name, "fox", e.age_band, "en-GB", ("", "  ")) for e in found.entries])
    assert store.learners() == () and store.classes() == ()


def test_what_teachers_see_is_the_widest_of_a_learners_classes(store: Store) -> None:
    learner = store.add_learner("Amira", "fox", AgeBand.A8_10, "en-GB")
    assert store.visible_of(learner.id) is Visible.FLAGGED
    quiet, open_ = store.add_class("Quiet", Visible.SUMMARY), store.add_class("Open", Visible.ALL)
    store.set_members(quiet.id, [learner.id])
    assert store.visible_of(learner.id) is Visible.SUMMARY
    store.add_member(open_.id, learner.id)
    assert store.visible_of(learner.id) is Visible.ALL
    store.archive_class(open_.id)
    assert store.visible_of(learner.id) is Visible.SUMMARY
    assert store.restore_class(open_.id).archived_at is None
    with pytest.raises(UserError, match="already"):
        store.add_class("quiet")


def published(store: Store, title: str) -> int:
    version = store.create_lesson(Lesson(key=title.lower(), title=title, summary=f"About {title}."))
    return store.publish_draft(version.lesson_id).lesson_id


def test_a_lesson_is_set_for_a_class_in_its_days(store: Store) -> None:
    amira = store.add_learner("Amira", "fox", AgeBand.A8_10, "en-GB")
    ben = store.add_learner("Ben", "owl", AgeBand.A8_10, "en-GB")
    blue = store.add_class("Blue")
    store.set_members(blue.id, [amira.id])
    lesson = published(store, "Fractions")
    days = {"from_day": "2026-03-02", "until_day": "2026-03-06"}
    made = store.assign(lesson, class_id=blue.id, **days, note="Before Friday", looked=Looked.FINE)
    assert [each.title for each in store.assigned_to(amira.id, "2026-03-04")] == ["Fractions"]
    assert store.assigned_to(amira.id, "2026-03-04")[0].note == "Before Friday"
    assert store.assigned_to(amira.id, "2026-03-07") == store.assigned_to(ben.id, "2026-03-04") == ()
    store.assign(lesson, learner_id=ben.id, from_day="2026-03-01")
    assert store.assigned_to(ben.id, "2027-01-01")[0].until_day == ""
    store.archive_class(blue.id)
    assert store.assigned_to(amira.id, "2026-03-04") == ()
    store.restore_class(blue.id)
    store.unassign(made.id)
    assert store.assigned_to(amira.id, "2026-03-04") == ()
    with pytest.raises(UserError, match="before the first"):
        store.assign(lesson, class_id=blue.id, from_day="2026-03-06", until_day="2026-03-01")


def work(store: Store, learner_id: int, question: str, *, solved: bool, rung: int) -> None:
    fact = Fact(kind="expression", question=question, answer="1")
    state = TutoringState(problem=fact, solved=solved, rung=rung, attempts=1)
    _, _asked, place = store.begin_conversation(learner_id, question, question)
    store.finish_message(place.id, Reply(text="Well?", outcome=Outcome.DONE, move=Move.HINT, state=state), "done")


def test_a_report_tells_a_parent_what_was_done_and_nothing_that_was_written(store: Store) -> None:
    amira = store.add_learner("Amira", "fox", AgeBand.A8_10, "en-GB")
    ben = store.add_learner("=Ben", "owl", AgeBand.A8_10, "en-GB")
    for n in range(4):
        work(store, amira.id, f"{n} + 5", solved=n < 3, rung=n)
    today = date.today()
    first, second = reports.about(store, [amira, ben], today.replace(day=1), today)
    assert (first.problems, first.solved, first.hinted) == (4, 3, 2) and second.days == ()
    told = " ".join(reports.sentences(first))
    assert "on 1 day" in told and "tried 4 problems and solved 3" in told and "1 was solved without a hint" in told
    assert "0 + 5" not in told and "has not worked" in reports.sentences(second)[0]
    table = reports.as_csv([first, second])
    assert "Amira" in table and "'=Ben" in table and "\r\n=Ben" not in table
    page = reports.as_html("Blue & <Green>", [first, second], made_on="today")
    assert "Blue &amp; &lt;Green&gt;" in page and "Own questions" in page


def test_a_class_that_is_put_away_shows_teachers_nothing_more(store: Store) -> None:
    ben = store.add_learner("Ben", "fox", AgeBand.A8_10, "en-GB")
    assert store.visible_of(ben.id) is Visible.FLAGGED
    quiet, open_ = store.add_class("Quiet", Visible.SUMMARY), store.add_class("Open", Visible.ALL)
    store.set_members(quiet.id, [ben.id])
    assert store.visible_of(ben.id) is Visible.SUMMARY
    store.set_members(open_.id, [ben.id])
    assert store.visible_of(ben.id) is Visible.ALL
    store.archive_class(open_.id)
    assert store.visible_of(ben.id) is Visible.SUMMARY
    store.archive_class(quiet.id)
    assert store.visible_of(ben.id) is Visible.SUMMARY


def test_a_wider_class_shows_what_is_written_from_then_on(store: Store) -> None:
    ben = store.add_learner("Ben", "fox", AgeBand.A8_10, "en-GB")
    blue = store.add_class("Blue", Visible.FLAGGED)
    store.add_member(blue.id, ben.id)
    conversation, _, old = store.begin_conversation(ben.id, "old", "old words")
    assert store.read_since(ben.id) is None
    time.sleep(0.01)
    wide = store.change_class(blue.id, visible=Visible.ALL)
    since = store.read_since(ben.id)
    assert since is not None and since == wide.visible_since > store.message(old.id).created_at
    time.sleep(0.01)
    _, answer = store.begin_turn(conversation.id, old.id, "new words")
    assert [m.text for m in store.turns_before(answer.id, 3)] == ["old words", "", "new words", ""]
    assert [m.text for m in store.turns_before(answer.id, 3, told=True)] == ["new words", ""]
    store.change_class(blue.id, name="Azure", visible=Visible.ALL)
    store.set_members(blue.id, [ben.id])
    assert store.read_since(ben.id) == since, "nothing was changed"
    green = store.add_class("Green", Visible.ALL)
    time.sleep(0.01)
    store.add_member(green.id, ben.id)
    assert store.read_since(ben.id) == since, "the first one to tell it counts"
    store.set_members(blue.id, [])
    assert (store.read_since(ben.id) or "") > since, "who comes into a wide class was told so then"


def test_a_change_taken_back_at_once_closes_nothing_but_opens_nothing_either(store: Store) -> None:
    ben = store.add_learner("Ben", "fox", AgeBand.A8_10, "en-GB")
    blue = store.add_class("Blue", Visible.ALL)
    store.add_member(blue.id, ben.id)
    since = store.read_since(ben.id)
    store.change_class(blue.id, visible=Visible.SUMMARY)
    assert store.read_since(ben.id) is None
    assert store.take_change_back(blue).visible is Visible.ALL and store.read_since(ben.id) == since
    store.change_class(blue.id, visible=Visible.SUMMARY)
    store.begin_conversation(ben.id, "t", "written while only figures were shown")
    time.sleep(0.01)
    store.take_change_back(blue)
    (said,) = store.conversations(ben.id)
    assert (store.read_since(ben.id) or "") > said.created_at


def test_what_was_written_while_a_class_was_put_away_stays_closed(store: Store) -> None:
    ben = store.add_learner("Ben", "fox", AgeBand.A8_10, "en-GB")
    blue, green = store.add_class("Blue", Visible.ALL), store.add_class("Green")
    for each in (blue, green):
        store.add_member(each.id, ben.id)
    since = store.read_since(ben.id)
    store.archive_class(blue.id)
    store.restore_class(blue.id)
    assert store.read_since(ben.id) == since
    store.archive_class(blue.id)
    conversation, _, _ = store.begin_conversation(ben.id, "t", "meanwhile")
    time.sleep(0.01)
    store.restore_class(blue.id)
    assert (store.read_since(ben.id) or "") > conversation.created_at


def test_a_list_with_old_line_ends_or_an_unknown_picture_is_taken_in(store: Store) -> None:
    found = roster.read("name,age,picture\rBen,9,unicorn\rDora,9,owl\r")
    assert [learner.picture for learner in roster.take_in(store, found, PICTURES)] == ["fox", "owl"]


def test_a_class_that_was_put_away_comes_back_by_its_name(store: Store) -> None:
    blue = store.add_class("Blue", Visible.SUMMARY)
    store.archive_class(blue.id)
    (amira,) = roster.take_in(store, roster.read("name,age,class\nAmira,9,blue\n"), PICTURES)
    assert [(each.id, each.visible) for each in store.classes()] == [(blue.id, Visible.SUMMARY)]
    assert store.members(blue.id) == (amira.id,)
    store.archive_class(blue.id)
    assert store.add_class("Blue").id == blue.id and [each.name for each in store.classes()] == ["Blue"]
