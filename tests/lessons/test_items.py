"""Items from and for other programs: CSV in and out, GIFT in, Anki packages out."""

import sqlite3
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lesson_made import CHOICE, ITEM, LESSON, changed

from tutor.domain import Item, Misconception
from tutor.errors import UserError
from tutor.lessons import anki, csv_items, gift, items
from tutor.lessons.faults import LessonFault

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=20).map(
    lambda text: " ".join(text.split())
)
FILLED = WORDS.filter(bool)
MADE = st.builds(
    Item,
    id=FILLED,
    question=FILLED,
    answer=FILLED,
    accepted=st.lists(FILLED, max_size=3).map(tuple),
    tolerance=st.floats(0, 1e6),
    choices=st.lists(FILLED, max_size=3).map(tuple),
    skill=WORDS,
    hints=st.lists(FILLED, max_size=3).map(tuple),
    steps=st.lists(FILLED, max_size=3).map(tuple),
    misconceptions=st.lists(st.builds(Misconception, answer=FILLED, why=WORDS, say=WORDS), max_size=2).map(tuple),
)


@given(st.lists(MADE, min_size=1, max_size=4).map(tuple))
@settings(max_examples=200, deadline=None)
def test_items_come_back_from_their_table_as_they_were(made: tuple[Item, ...]) -> None:
    assert csv_items.read(csv_items.written(made), "x.csv") == (made, ())


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_with_headings_in_other_words_is_read(delimiter: str) -> None:
    rows = [
        ["Nr", "Frage", "Correct answer", "Hint 2", "Hint 1", "Topic", "Wrong answer 1", "Why 1", "Colour"],
        ["a1", 'What is "half" of 64?', "32", "Then the ones.", "Tens first.", "halving", "128", "Doubled.", "blue"],
        ["", "", "", "", "", "", "", "", ""],
        ["", "Half of 10?", "5"],
    ]
    text = "\n".join(delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    found, faults = csv_items.read(text.encode(), "items.csv")
    assert found == (
        Item(
            id="a1",
            question='What is "half" of 64?',
            answer="32",
            skill="halving",
            hints=("Tens first.", "Then the ones."),
            misconceptions=(Misconception(answer="128", why="Doubled."),),
        ),
        Item(id="q2", question="Half of 10?", answer="5"),
    )
    assert [fault.text for fault in faults] == ["The column “Colour” is not known and was passed over."]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_what_spreadsheets_write_is_read(encoding: str) -> None:
    found, _ = csv_items.read("question;answer\r\nCafé?;é\r\n".encode(encoding), "x.csv")
    assert (found[0].question, found[0].answer) == ("Café?", "é")


def test_every_bad_line_of_a_table_is_named() -> None:
    text = "question,answer,tolerance\nWhat?,,\n,5,\nHow many?,3,lots\nGood?,1,0.5\nToo,many,1,cells\n"
    with pytest.raises(LessonFault) as raised:
        csv_items.read(text.encode(), "items.csv")
    assert [(fault.line, fault.field) for fault in raised.value.faults] == [
        (2, "answer"),
        (3, "question"),
        (4, "tolerance"),
        (6, ""),
    ]
    assert "line 2, answer: The answer is missing." in str(raised.value)


@pytest.mark.parametrize(
    "data",
    [b"", b"a,b,c\n1,2,3\n", b"question,answer\n", b'question,answer\n"open,1\n', b"\x00\x01\x02", b"x" * 3_000_000],
)
def test_what_is_no_table_of_items_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(LessonFault) as raised:
        csv_items.read(data, "x.csv")
    assert raised.value.code == "item_file"


def test_a_table_for_spreadsheets_starts_no_formula() -> None:
    item = Item(id="q1", question="=HYPERLINK(1)", answer="-3", hints=("+cmd|x", "@SUM"), skill="'=1")
    data = csv_items.written((item,))
    text = data.decode("utf-8-sig")
    cells = [cell.strip('"') for cell in text.splitlines()[1].split(",")]
    assert not any(cell.startswith(("=", "+", "@")) for cell in cells) and "-3" in cells
    assert csv_items.read(data, "x.csv")[0] == (item,)


GIFT = r"""// a comment
$CATEGORY: tests/one

::Capital:: What is the capital of France? {
=Paris#Well done
~London#That is in England. ~Rome}

The sun is a star. {T}

::n1:: How long is a metre in cm? {#100}

When did it begin, about? {#=1666:2#good =%50%1660:10}

What is \{x\} in 2x \= 6? {=3 =three}

[html]Water <b>boils</b> at {=100 =100 degrees} degrees. {extra}

Between {#1..5}

A text without a question.

Match these {=cat -> Katze =dog -> Hund}

Write an essay {}

Two at once {~%50%a ~%50%b ~c}

Guilt by weights {~%100%right ~%0%wrong#Look again. ####Because it is right.}
"""


def test_questions_in_gift_become_items_and_what_is_not_read_is_told_by_line() -> None:
    found, faults = gift.read(GIFT.encode(), "quiz.gift")
    by_question = {item.question: item for item in found}
    paris = by_question["What is the capital of France?"]
    assert (paris.answer, paris.choices) == ("Paris", ("Paris", "London", "Rome"))
    assert [(m.answer, m.say) for m in paris.misconceptions] == [("London", "That is in England.")]
    assert by_question["The sun is a star."].answer == "true"
    assert by_question["How long is a metre in cm?"].answer == "100"
    begun = by_question["When did it begin, about?"]
    assert (begun.answer, begun.tolerance) == ("1666", 2.0)
    solved = by_question["What is {x} in 2x = 6?"]
    assert (solved.answer, solved.accepted, solved.choices) == ("3", ("three",), ())
    assert by_question["Water boils at _____ degrees. {extra}"].accepted == ("100 degrees",)
    assert (by_question["Between"].answer, by_question["Between"].tolerance) == ("3", 2.0)
    weighed = by_question["Guilt by weights"]
    assert (weighed.answer, weighed.steps) == ("right", ("Because it is right.",))
    lines = GIFT.split("\n")
    assert [lines[fault.line - 1].split(" {")[0] for fault in faults] == [
        "Match these",
        "Write an essay",
        "Two at once",
    ]
    assert not any(fault.stops for fault in faults)


def test_hostile_gift_is_refused_or_harmless() -> None:
    with pytest.raises(LessonFault):
        gift.read(b"no question here", "x.gift")
    with pytest.raises(LessonFault):
        gift.read(b"open {=a", "x.gift")
    for data in (b"q {=" + b"~" * 500_000 + b"}", b"{" * 500_000, b"<" * 500_000 + b"{=a}", b"\\" * 500_000 + b"{=a}"):
        with pytest.raises(LessonFault):
            gift.read(data + b"\n\n" * 10, "x.gift")
    (item,), _ = gift.read(b"<script>alert(1)</script>Two? {=2}", "x.gift")
    assert "<" not in item.question


def test_items_join_a_lesson_under_free_names_with_their_skills() -> None:
    more = (Item(id="q1", question="New?", answer="yes", skill="asking"), Item(id="z", question="Z?", answer="z"))
    joined = items.with_items(LESSON, more)
    assert [item.id for item in joined.items] == ["q1", "q2", "q3", "z"]
    assert joined.skills == ("halving", "asking")


def test_files_are_read_by_what_they_hold(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Two? {=2}\n")
    (tmp_path / "b.txt").write_text("question\tanswer\nTwo?\t2\n")
    items.write((ITEM, CHOICE), tmp_path / "c.csv")
    assert items.read(tmp_path / "a.txt")[0][0].answer == items.read(tmp_path / "b.txt")[0][0].answer == "2"
    assert items.read(tmp_path / "c.csv")[0] == (ITEM, CHOICE)
    with pytest.raises(LessonFault, match="cannot be read"):
        items.read(tmp_path / "none.csv")
    with pytest.raises(UserError) as raised:
        items.write((ITEM,), tmp_path / "nowhere" / "c.csv")
    assert raised.value.code == "export_failed"


def cards(path: Path, folder: Path) -> list[tuple[str, list[str]]]:
    """Guid and fields of each note of a package, read as Anki reads it."""
    with zipfile.ZipFile(path) as package:
        package.extract("collection.anki2", folder)
    with sqlite3.connect(folder / "collection.anki2") as db:
        rows = db.execute("SELECT guid, flds FROM notes ORDER BY id").fetchall()
    db.close()
    return [(guid, fields.split("\x1f")) for guid, fields in rows]


def test_an_anki_package_has_a_card_for_each_item_and_the_same_ones_again(tmp_path: Path) -> None:
    assert anki.write(LESSON, tmp_path / "one.apkg") == 2
    (tmp_path / "in").mkdir()
    first = cards(tmp_path / "one.apkg", tmp_path / "in")
    assert first[0][1][0] == "What is half of 64?" and first[0][1][3] == "32 · thirty-two"
    assert "<li>evaporation</li>" in first[1][1][1] and "<li>Halve the tens, then the ones.</li>" in first[0][1][2]
    edited = Item(id="q1", question="<b>{{Answer}}</b>", answer="a & b")
    anki.write(changed(items=(edited, CHOICE)), tmp_path / "one.apkg")
    second = cards(tmp_path / "one.apkg", tmp_path / "in")
    assert [guid for guid, _ in second] == [guid for guid, _ in first]
    assert "<b>" not in second[0][1][0] and "{{" not in second[0][1][0] and second[0][1][3] == "a &amp; b"
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["one.apkg"]


def test_an_anki_package_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError) as raised:
        anki.write(LESSON, tmp_path / "nowhere" / "one.apkg")
    assert raised.value.code == "export_failed"
    with pytest.raises(UserError) as raised:
        anki.write(changed(items=()), tmp_path / "none.apkg")
    assert raised.value.code == "no_items" and not (tmp_path / "none.apkg").exists()
