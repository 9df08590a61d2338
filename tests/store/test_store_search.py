"""Search: any script, any sign, nothing that a learner types is an operator, nothing deleted is found."""

import pytest

from tutor.domain import AgeBand, Learner, Outcome, Reply
from tutor.store import Store

TEXT = (
    "What is 3/4 + 1/8? Café, naïve, Ελλάδα, مرحبا بالعالم, שָׁלוֹם, हिन्दी, e\u0301le\u0300ve, 🦊🏽 "
    'He said "x AND y" — 50% of 2x+3=11 \u202eright to left\u202c, under_score'
)


@pytest.fixture
def asked(store: Store, learner: Learner) -> int:
    _, question, _ = store.begin_conversation(learner.id, "Fractions and friends", TEXT)
    return question.id


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("cafe", ["Café"]),
        ("CAFÉ", ["Café"]),
        ("naiv", ["naïve"]),
        ("ελλάδ", ["Ελλάδα"]),
        ("بالعالم", ["بالعالم"]),
        ("مرح", ["مرحبا"]),
        ("שָׁלוֹם", ["שָׁלוֹם"]),
        ("हिन्दी", ["हिन्दी"]),
        ("élève", ["e\u0301le\u0300ve"]),
        ("3/4", ["3/4"]),
        ("🦊", ["🦊🏽"]),
        ("2x+3=11", ["2x+3=11"]),
        ("right", ["right"]),
        ("3/4 cafe", ["3/4", "Café"]),
        ("+", ["+"]),
        ("50%", ["50"]),
        ("%", ["%"]),
        ("_", ["_"]),
        ("riction", ["raction"]),
    ],
)
def test_words_and_signs_of_all_kinds_are_found(
    store: Store, learner: Learner, asked: int, query: str, marked: list[str]
) -> None:
    hits = [hit for hit in store.search(learner.id, query) if hit.message_id == asked]
    if query == "riction":
        assert store.search(learner.id, query) == ()
        return
    (hit,) = hits
    found = [hit.snippet[start:end] for start, end in hit.marks]
    assert set(marked) <= set(found), found


@pytest.mark.parametrize(
    "query",
    [
        '"',
        '""',
        '"cafe',
        "*",
        "^cafe",
        "cafe OR nothing",
        "NOT cafe",
        "NEAR(cafe naive)",
        "text:cafe",
        "{text}: cafe",
        "(((",
        "-cafe",
        "a\x00b",
        "\x00",
        "'; DROP TABLE message; --",
        "\\",
        "\ud800",
        "🦊" * 10_000,
        "a " * 20_000,
        "",
        "   ",
    ],
)
def test_nothing_that_is_typed_breaks_the_search(store: Store, learner: Learner, asked: int, query: str) -> None:
    store.search(learner.id, query)
    assert len(store.search(learner.id, "cafe")) == 1


def test_operators_are_words(store: Store, learner: Learner, asked: int) -> None:
    assert store.search(learner.id, "cafe OR nothing") == ()
    assert store.search(learner.id, "x AND y")


def test_ten_thousand_emoji_are_stored_found_and_cut_short(store: Store, learner: Learner) -> None:
    _, question, _ = store.begin_conversation(learner.id, "emoji", "Look: " + "🦊🐢" * 5_000)
    assert len(store.message(question.id).text) == 10_006
    (hit,) = [hit for hit in store.search(learner.id, "🦊🐢") if hit.message_id]
    assert hit.message_id == question.id and len(hit.snippet) < 500
    assert all(end <= len(hit.snippet) for _, end in hit.marks)


def test_nul_bytes_in_a_text_do_not_hide_what_follows(store: Store, learner: Learner) -> None:
    _, question, _ = store.begin_conversation(learner.id, "nul", "before\x00 after")
    assert store.message(question.id).text == "before\x00 after"
    assert store.search(learner.id, "before")


def test_titles_come_first_and_messages_after(store: Store, learner: Learner) -> None:
    first, _, _ = store.begin_conversation(learner.id, "Talk", "all about fractions")
    second, _, _ = store.begin_conversation(learner.id, "Fractions", "hello")
    hits = store.search(learner.id, "fractions")
    assert [(hit.conversation.id, hit.message_id is None) for hit in hits] == [(second.id, True), (first.id, False)]


def test_the_index_follows_every_change(store: Store, learner: Learner) -> None:
    conversation, _, answer = store.begin_conversation(learner.id, "Old title", "question")
    store.keep_partial(answer.id, Reply(text="Half of it", outcome=Outcome.FAILED))
    assert store.search(learner.id, "half")
    store.finish_message(answer.id, Reply(text="Entire", outcome=Outcome.DONE), "done")
    assert store.search(learner.id, "half") == () and store.search(learner.id, "entire")
    store.rename_conversation(conversation.id, "New title")
    assert store.search(learner.id, "old") == () and store.search(learner.id, "new")
    store.delete_conversation(conversation.id)
    assert store.search(learner.id, "entire") == () and store.search(learner.id, "new") == ()
    assert store.search(learner.id, "ntir") == ()
    store.restore_conversation(conversation.id)
    assert store.search(learner.id, "entire")
    check = "INSERT INTO message_fts(message_fts, rank) VALUES ('integrity-check', 1)"
    store._owner.run(lambda: store._db.execute(check))


def test_learners_find_only_their_own(store: Store, learner: Learner, asked: int) -> None:
    other = store.add_learner("Other", "owl", AgeBand.A8_10, "en-GB")
    assert store.search(other.id, "cafe") == () and store.search(other.id, "+") == ()
