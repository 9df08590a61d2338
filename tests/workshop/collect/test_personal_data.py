"""Personal data is found and taken out; sums, dates and scores that look like it stay."""

import re
import socket
import tomllib
from pathlib import Path
from typing import Literal

import pytest

from tutor.errors import UserError
from tutor.moderation.personal.names import Roster
from tutor.workshop.collect.items import LEARNER, TUTOR, Item, Message
from tutor.workshop.collect.personal import ItemRemover
from tutor.workshop.collect.roster import load
from tutor.workshop.collect.settings import CollectSettings

ROSTER = (
    "Priya Shah",
    "Oluwaseun Ade",
    "Will Turner",
    "May Lin",
    "Grace Hall",
    "Mark Hope",
    "Siân Rees",
    "Pat O'Brien",
)
LINES = tomllib.loads(Path(__file__).with_name("personal_lines.toml").read_text("utf-8"))
Span = tuple[int, int, str]


@pytest.fixture(scope="module")
def remover() -> ItemRemover:
    return ItemRemover(CollectSettings(), Roster(ROSTER))


def read(line: str) -> tuple[str, list[Span]]:
    """The plain words of a labelled line and where its personal data stands."""
    text, spans = "", []
    for piece in re.split(r"(⟦\w+:[^⟧]*⟧)", line):
        label = re.fullmatch(r"⟦(\w+):([^⟧]*)⟧", piece)
        if label is not None:
            spans.append((len(text), len(text) + len(label[2]), label[1]))
        text += label[2] if label is not None else piece
    return text, spans


def measured(remover: ItemRemover, lines: list[str]) -> tuple[float, float, list[str]]:
    """Precision and recall over pieces of personal data, and the mistakes in words.

    A piece is found when every letter and digit of it is covered; something found is right when it touches a piece.
    """
    covered = wanted = right = found = 0
    mistakes = []
    for line in lines:
        text, spans = read(line)
        hits = remover.find(text)
        for start, end, kind in spans:
            left = [
                at for at in range(start, end) if text[at].isalnum() and not any(h.start <= at < h.end for h in hits)
            ]
            covered, wanted = covered + (not left), wanted + 1
            mistakes += [f"missed {kind}: {text}"] if left else []
        for hit in hits:
            touches = any(hit.start < end and start < hit.end for start, end, _ in spans)
            right, found = right + touches, found + 1
            mistakes += [] if touches else [f"took for {hit.kind}: {text[hit.start : hit.end]!r} in {text}"]
    return right / found, covered / wanted, mistakes


def test_personal_data_is_found_and_maths_is_left_alone(remover: ItemRemover) -> None:
    assert len(LINES["seen"]) + len(LINES["fresh"]) >= 130
    precision, recall, mistakes = measured(remover, LINES["seen"])
    print(f"seen: precision {precision:.3f}, recall {recall:.3f}", *mistakes, sep="\n")
    assert precision >= 0.98 and recall >= 0.98, mistakes


def test_lines_that_did_not_shape_the_rules_fare_nearly_as_well(remover: ItemRemover) -> None:
    precision, recall, mistakes = measured(remover, LINES["fresh"])
    print(f"fresh: precision {precision:.3f}, recall {recall:.3f}", *mistakes, sep="\n")
    assert precision >= 0.9 and recall >= 0.85, mistakes


def test_the_whole_conversation_gets_the_same_other_name(remover: ItemRemover) -> None:
    talk = Item(
        source="x",
        kind="chat",
        messages=(
            Message(LEARNER, "im priya and Will says Sam has 3 + 4 sweets"),
            Message(TUTOR, "Hello Priya. What does Will get? Ask Priya's friend."),
        ),
    )
    clean, found = remover.clean(talk)
    assert [kind for kind, _ in found] == ["name"] * 5
    first, second = (message.content for message in clean.messages)
    mine = re.match(r"im (\w+) and (\w+) says Sam has 3 \+ 4 sweets$", first)
    assert mine is not None and len({*mine.groups(), "Sam"}) == 3
    assert second == f"Hello {mine[1]}. What does {mine[2]} get? Ask {mine[1]}'s friend."


def test_personal_data_can_be_marked_or_cut_out() -> None:
    item = Item(source="x", text="Write to priya at a@b.org or call 020 7946 0123 today.")
    marked = ItemRemover(CollectSettings(names="mark"), Roster(ROSTER)).clean(item)[0]
    assert marked.text == "Write to [name] at [email] or call [phone] today."
    cut = ItemRemover(CollectSettings(personal="remove"), Roster(ROSTER)).clean(item)[0]
    assert cut.text == "Write to at or call today."


def test_it_needs_no_network_and_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked for")

    monkeypatch.setattr(socket, "socket", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    remover = ItemRemover(CollectSettings(), Roster(ROSTER))
    assert [hit.kind for hit in remover.find("priya, 020 7946 0123, someone@example.co.uk")] == [
        "name",
        "phone",
        "email",
    ]


def test_a_roster_is_read_from_text_and_tables_and_a_bad_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "class.txt").write_text("Priya Shah\n\nHope, Mark\n", "utf-8")
    (tmp_path / "class.csv").write_text("Name,Group\nOluwaseun Ade,B\n", "utf-8")
    (tmp_path / "photo.txt").write_bytes(b"\x89PNG\r\n\x00")
    text = load(str(tmp_path / "class.txt"))
    assert text.holds("priya") and text.holds("Hope") and len(text) == 2
    assert load(str(tmp_path / "class.csv")).holds("Ade") and not load("").holds("Ade")
    for name in ("photo.txt", "missing.txt"):
        with pytest.raises(UserError) as raised:
            load(str(tmp_path / name))
        assert raised.value.code == "no_roster"


@pytest.mark.parametrize("personal", ["replace", "remove"])
def test_a_long_text_is_cleaned_in_parts_and_keeps_its_lines(personal: Literal["replace", "remove"]) -> None:
    lines = [f"Step {n}: add the tens, then the ones." for n in range(400)]
    lines[::40] = [f"Ask ann{n}@example.org about step {n}" for n in range(10)]
    text = "\n".join(lines) + "\n\nThe end."
    cleaned, found = ItemRemover(CollectSettings(personal=personal), Roster(())).clean(Item(source="x", text=text))
    mark = "[email] about" if personal == "replace" else "about"
    assert len(found) == 10
    assert [line for line in cleaned.text.splitlines() if line.startswith("Ask")] == [
        f"Ask {mark} step {n}" for n in range(10)
    ]
    assert len(cleaned.text.splitlines()) == len(text.splitlines())
