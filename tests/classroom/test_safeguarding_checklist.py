"""The checklist tells the truth: every test that it names is there, and what is not set up here says so."""

import ast
from pathlib import Path

import pytest

from tutor.classroom import safeguarding
from tutor.domain import AgeBand
from tutor.store import Store
from tutor.store.credentials import CONTACT

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("line", safeguarding.lines(None), ids=lambda line: line.key)
def test_every_test_that_a_line_names_is_there(line: safeguarding.Line) -> None:
    assert line.tests or line.state == safeguarding.PARTLY, "a line that holds names a test that shows it"
    for named in line.tests:
        file, _, name = named.partition("::")
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, named


def test_what_holds_in_part_says_what_is_missing_and_keys_stand_once() -> None:
    every = safeguarding.lines(None)
    assert len({line.key for line in every}) == len(every) > 30
    assert all(line.note for line in every if line.state == safeguarding.PARTLY)
    assert {safeguarding.area_in_words(line.area) for line in every}.isdisjoint({line.area for line in every})


def test_lines_follow_what_is_set_up_here(tmp_path: Path) -> None:
    with Store.open(tmp_path / "tutor.db") as store:
        before = {line.key: line for line in safeguarding.lines(store)}
        assert {before[key].state for key in ("contact_first", "contact_alone", "door")} == {safeguarding.OPEN}
        store.set_contact("The head of year", "room 12", confirmed=True)
        store.set_passphrase("correct horse")
        store.set_passphrase("quiet harbour", CONTACT)
        store.set_setting("record_days", 0)
        store.set_pin(store.add_learner("Amira", "owl", AgeBand.A8_10, "en-GB").id, "2580")
        after = {line.key: line for line in safeguarding.lines(store)}
        assert {after[key].state for key in ("contact_first", "contact_alone", "door")} == {safeguarding.HOLDS}
        assert (before["own_door"].note, after["own_door"].note) == ("0 learners have a PIN.", "1 learner has a PIN.")
        assert "The head of year" in after["contact_first"].note
        assert after["retention"].state == safeguarding.OPEN and "for ever" in after["retention"].note
        for months, days, outlives in ((1, 365, True), (1, 0, True), (0, 365, False), (13, 364, False)):
            store.set_setting("conversation_months", months)
            store.set_setting("record_days", days)
            (line,) = (line for line in safeguarding.lines(store) if line.key == "retention")
            assert ("stays in the safeguarding record" in line.note) is outlives, (months, days)
