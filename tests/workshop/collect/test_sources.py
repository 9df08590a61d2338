"""Every kind of file is read, in any encoding; broken and hostile ones cost a count, never a crash or the memory."""

import json
import tracemalloc
from pathlib import Path

import pytest

from tutor.errors import UserError
from tutor.workshop.collect import sources
from tutor.workshop.collect.items import Item
from tutor.workshop.collect.settings import CollectSettings
from tutor.workshop.collect.tally import Tally

WORDS = "A fraction is a part of a whole."


def read(path: Path, content: bytes | str, settings: CollectSettings | None = None) -> tuple[list[Item], Tally]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    tally = Tally()
    return list(sources.read(path, settings or CollectSettings(), tally)), tally


def said(item: Item) -> list[tuple[str, str]]:
    return [(message.role, message.content) for message in item.messages]


def test_html_loses_its_tags_scripts_and_menus_and_keeps_powers_and_tables(tmp_path: Path) -> None:
    page = (
        "<html><head><title>Area</title><script>steal()</script><style>p{}</style></head><body><nav>Home</nav>"
        "<h1>Area</h1><p>It is <b>length</b> times width: 3 &lt; 4.</p><p hidden>no</p>5 cm<sup>2</sup>"
        "<table><tr><td>1</td><td>2</td></tr></table><ul><li>one<li>two</ul><footer>f</footer></body></html>"
    )
    (item,), _ = read(tmp_path / "a.html", page)
    assert item.text == "Area\n\nArea\n\nIt is length times width: 3 < 4.\n\n5 cm^2\n\n1 | 2\n\none\ntwo"


def test_markdown_becomes_words_and_formulas_stay(tmp_path: Path) -> None:
    text = "---\ntitle: x\n---\n# Area\n\nIt is *length* times [width](http://a.b): $a*b*c$.\n\n- one\n- two\n"
    (item,), _ = read(tmp_path / "a.md", text)
    assert item.text == "Area\n\nIt is length times width: $a*b*c$.\n\none\ntwo"


def test_a_written_out_conversation_is_one(tmp_path: Path) -> None:
    (item,), _ = read(
        tmp_path / "a.txt", "Learner: what is 3 + 4?\nTutor: Have a go.\nCount on.\n\nLearner: 7\nTutor: Yes\n"
    )
    assert said(item) == [
        ("user", "what is 3 + 4?"),
        ("assistant", "Have a go.\nCount on."),
        ("user", "7"),
        ("assistant", "Yes"),
    ]
    (plain,), _ = read(tmp_path / "b.txt", "Note: this is no conversation.\nA: one answer alone.")
    assert plain.text and not plain.messages


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "cp1251"])
def test_any_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    words = "Дроби — это части целого. Половина и четверть." * 3 if encoding == "cp1251" else "Café: ½ of £3 – “half”"
    (item,), _ = read(tmp_path / "a.txt", words.encode(encoding))
    assert item.text == words


def test_one_windows_byte_in_a_utf8_file_is_mended_alone(tmp_path: Path) -> None:
    (item,), _ = read(tmp_path / "a.txt", "naïve ".encode() + b"caf\xe9 " + "½".encode())
    assert item.text == "naïve café ½"


def test_json_lines_in_every_known_form(tmp_path: Path) -> None:
    lines = [
        {"text": WORDS},
        {"messages": [{"role": "user", "content": "a?"}, {"role": "assistant", "content": "b"}]},
        {"conversations": [{"from": "human", "value": "a?"}, {"from": "gpt", "value": "b"}]},
        {
            "messages": [
                {"role": "learner", "content": [{"type": "text", "text": "a?"}]},
                {"role": "tutor", "content": "b"},
            ]
        },
        {"prompt": "a?", "completion": "b"},
        {"instruction": "Add.", "input": "1 2", "output": "3"},
        {"question": "a?", "answer": "x", "better": "b", "category": "wrong", "when": "2026-01-02"},
        {"question": "a?", "answer": "x", "better": "", "category": "wrong"},
    ]
    items, tally = read(tmp_path / "a.jsonl", "\n".join(map(json.dumps, lines)))
    assert items[0].text == WORDS and not tally.dropped
    assert [said(item) for item in items[1:5]] == [[("user", "a?"), ("assistant", "b")]] * 4
    assert said(items[5]) == [("user", "Add.\n\n1 2"), ("assistant", "3")]
    assert (items[6].kind, items[6].rejected, items[6].category, items[6].when) == (
        "correction",
        "x",
        "wrong",
        "2026-01-02",
    )
    assert said(items[6])[-1] == ("assistant", "b")
    assert not items[7].messages[-1].learn  # reported, and nobody said what would be right


def test_broken_deep_and_endless_lines_are_counted_with_their_numbers(tmp_path: Path) -> None:
    good = json.dumps({"text": WORDS})
    lines = [
        good,
        "{bad",
        "[" * 200_000,
        json.dumps({"text": "x" * 5000}),
        '"word"',
        '{"text": 3}',
        "",
        good,
        '{"text": "\\ud800"}',
    ]
    lines += [json.dumps({"messages": [{"role": "wizard", "content": "x"}]}), json.dumps({"messages": 3}), "\x00\x01"]
    items, tally = read(tmp_path / "a.jsonl", "\n".join(lines), CollectSettings(line_characters=300_000))
    assert [item.line for item in items if item.text == WORDS] == [1, 8]
    assert tally.dropped["nested_too_deep"] == 1 and tally.dropped["unknown_role"] == 1
    assert tally.dropped["broken_line"] >= 2 and tally.dropped["unknown_form"] == 3
    assert ("a.jsonl:2", "{b••") in tally.examples["broken_line"]
    items, tally = read(tmp_path / "a.jsonl", "\n".join(lines), CollectSettings(line_characters=1000))
    assert tally.dropped["line_too_long"] == 2 and [item.line for item in items if item.text == WORDS] == [1, 8]


def test_tables_of_pairs_and_of_messages(tmp_path: Path) -> None:
    (pair, other), _ = read(tmp_path / "a.csv", 'Question;Answer\n"What is 2;3?";"a ""pair"""\nWhat is 2+2?;4\n')
    assert said(pair) == [("user", "What is 2;3?"), ("assistant", 'a "pair"')] and said(other)[1] == ("assistant", "4")
    rows = "conversation,role,text\n1,learner,a?\n1,tutor,b\n2,learner,c?\n2,tutor,d\n2,wizard,e\n"
    talks, tally = read(tmp_path / "b.csv", rows)
    assert [said(t) for t in talks] == [[("user", "a?"), ("assistant", "b")], [("user", "c?"), ("assistant", "d")]]
    assert tally.dropped["unknown_role"] == 1


def test_an_unclosed_quote_does_not_swallow_the_memory(tmp_path: Path) -> None:
    rows = 'question,answer\n"never closed,4\n' + "What is 2+2?,4\n" * 5000 + '"\nWhat is 3+3?,6\n'
    items, tally = read(tmp_path / "a.csv", rows, CollectSettings(line_characters=2000))
    assert tally.dropped["broken_line"] >= 1 and items


def test_binary_and_unknown_files_are_refused_by_name(tmp_path: Path) -> None:
    for name, content in (
        ("a.txt", b"GGUF\x03\x00\x00"),
        ("b.jsonl", b"\x1f\x8b\x08\x00"),
        ("c.csv", b"a\x00b"),
        ("d.pdf", b"%PDF-1.7"),
    ):
        items, tally = read(tmp_path / name, content)
        assert not items and tally.refused == {name: "binary"}
    _, tally = read(tmp_path / "e.docm", "words")
    assert tally.refused == {"e.docm": "unknown_kind"}
    _, tally = read(tmp_path / "f.json", '{"format": "other", "version": 1}')
    assert tally.refused == {"f.json": "not_an_export"}
    _, tally = read(tmp_path / "g.json", "[" * 100_000)
    assert tally.refused == {"g.json": "not_an_export"}


def test_hostile_pages_are_refused_quickly(tmp_path: Path) -> None:
    _, tally = read(tmp_path / "a.html", "<div>" * 200_000)
    assert tally.refused == {"a.html": "nested_too_deep"}
    _, tally = read(tmp_path / "b.html", "<p>" + "x" * 3_000_000, CollectSettings(whole_file_megabytes=1))
    assert tally.refused == {"b.html": "too_large"}
    _, tally = read(tmp_path / "c.md", ">" * 50_000 + "\n" + "[" * 50_000)
    assert not tally.refused


@pytest.mark.parametrize("kind", ["txt", "jsonl", "csv"])
def test_a_large_file_is_streamed(tmp_path: Path, kind: str) -> None:
    words = f"{WORDS} " * 40
    line = {"txt": words + "\n\n", "jsonl": json.dumps({"text": words}) + "\n", "csv": f"{words}\n"}[kind]
    path = tmp_path / f"large.{kind}"
    with path.open("w") as file:
        file.write("text\n" if kind == "csv" else "")
        for _ in range(8):
            file.write(line * (500_000 // len(line)))
    assert path.stat().st_size > 3_500_000
    tally = Tally()
    tracemalloc.start()
    count = sum(1 for _ in sources.read(path, CollectSettings(), tally))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count > 150 and peak < 2_000_000


def test_a_long_line_in_a_text_is_cut_between_words(tmp_path: Path) -> None:
    items, _ = read(tmp_path / "a.txt", "word " * 3000, CollectSettings(document_characters=1000))
    assert len(items) >= 15 and max(len(item.text) for item in items) <= 1000
    assert all(set(item.text.split()) == {"word"} for item in items)


def test_folders_and_patterns_are_searched_and_a_missing_source_is_said(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("a.txt", "sub/b.txt", "sub/c.md", ".hidden.txt"):
        (tmp_path / name).write_text(WORDS)
    names = [path.name for path in sources.files(CollectSettings(sources=(str(tmp_path), str(tmp_path / "a.txt"))))]
    assert names == ["a.txt", "b.txt", "c.md"]
    assert [p.name for p in sources.files(CollectSettings(sources=(f"{tmp_path}/**/*.md",)))] == ["c.md"]
    with pytest.raises(UserError) as raised:
        sources.files(CollectSettings(sources=(str(tmp_path / "nothing"),)))
    assert raised.value.code == "no_source" and "nothing" in str(raised.value)
