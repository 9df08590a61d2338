"""Reading goes on in a child process: what a broken or hostile file does there costs one clear sentence."""

import contextlib
import threading
import time

import psutil
import pytest
from made_files import RAIN, bomb, book, lines, locked, scanned, swollen, word

from tutor.errors import UserError
from tutor.materials.reading import Reading


def refused(data: bytes, name: str, **bounds: float) -> UserError:
    with pytest.raises(UserError) as caught:
        Reading(data, name, **bounds).run()  # type: ignore[arg-type]
    assert "othing was added" in str(caught.value)
    return caught.value


def test_a_file_comes_back_as_passages_with_progress() -> None:
    told: list[tuple[int, int]] = []
    read = Reading(book([("Rain", [("Drops", [RAIN * 2])])] * 3), "a.pdf").run(lambda n, m: told.append((n, m)))
    assert (read.kind, read.pages, told) == ("pdf", 3, [(1, 3), (2, 3), (3, 3)])
    assert {found.place for found in read.passages} == {"p. 1", "p. 2", "p. 3"}
    assert read.passages[0].text.startswith("Rain begins when")


def test_a_scanned_pdf_says_so_and_what_to_do() -> None:
    error = refused(scanned(), "a.pdf")
    assert error.code == "scanned" and "pictures of text" in str(error) and "OCR" in str(error)


def test_a_locked_pdf_says_so_and_one_locked_against_printing_alone_is_read() -> None:
    assert refused(locked(), "a.pdf").code == "encrypted"
    assert Reading(locked(user=""), "a.pdf").run().passages


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.pdf", "empty"),
        (b" \n\x00\n", "a.txt", "empty"),
        (b"%PDF-1.7\n%garbage", "a.pdf", "broken"),
        (b"not a pdf at all", "a.pdf", "broken"),
        (b"PK\x03\x04 cut off", "a.docx", "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 100, "a.doc", "wrong_kind"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "a.png", "wrong_kind"),
        (b"MZ\x90\x00\x03\x00\x00\x00" * 9, "a.txt", "wrong_kind"),
        (b"<html><script>x</script></html>", "a.html", "no_text"),
        (b"---\ntitle: x\n---\n", "a.md", "no_text"),
    ],
)
def test_what_is_no_text_is_refused_in_words(data: bytes, name: str, code: str) -> None:
    assert refused(data, name).code == code


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9])
def test_a_pdf_that_was_cut_off_ends_in_words_or_gives_what_is_whole(keep: float) -> None:
    whole = book([("Rain", [("Drops", [RAIN * 2])])] * 3)
    try:
        read = Reading(whole[: int(len(whole) * keep)], "a.pdf").run()
    except UserError as error:
        assert error.code in ("broken", "no_text")
    else:
        assert all(found.text for found in read.passages)


def test_a_word_file_that_was_cut_off_is_broken() -> None:
    whole = word(("Heading 1", "Rain"), ("", RAIN))
    assert refused(whole[: len(whole) // 2], "a.docx").code == "broken"


def test_a_word_file_that_unpacks_to_hundreds_of_megabytes_is_refused_unopened() -> None:
    made = bomb()
    assert len(made) < 1_000_000
    began = time.monotonic()
    assert refused(made, "a.docx").code == "too_large"
    assert time.monotonic() - began < 20


def test_a_page_nested_deeper_than_python_calls_is_read() -> None:
    deep = b"<html><body>" + b"<div>" * 10_000 + b"words" + b"</div>" * 10_000
    assert [found.text for found in Reading(deep, "a.html").run().passages] == ["words"]


def test_a_page_that_unpacks_to_more_than_the_memory_given_is_refused() -> None:
    made = swollen(70)
    assert len(made) < 500_000
    began = time.monotonic()
    assert refused(made, "a.pdf", memory=300_000_000, seconds=60).code in ("too_large", "broken", "no_text")
    assert time.monotonic() - began < 60


def test_a_reader_that_takes_too_long_is_ended() -> None:
    many = lines(*[[RAIN[:80]] * 45] * 300)
    began = time.monotonic()
    assert refused(many, "a.pdf", seconds=1).code == "too_slow"
    assert time.monotonic() - began < 10


def test_cancel_ends_the_process_at_once_and_leaves_nothing() -> None:
    reading = Reading(lines(*[[RAIN[:80]] * 45] * 300), "a.pdf")
    begun = threading.Event()
    ended: list[str] = []

    def run() -> None:
        try:
            reading.run(lambda _n, _m: begun.set())
        except UserError as error:
            ended.append(error.code)

    thread = threading.Thread(target=run)
    thread.start()
    assert begun.wait(30)
    reading.cancel()
    thread.join(timeout=5)
    assert ended == ["cancelled"]
    assert not [child for child in psutil.Process().children() if "tutor.materials" in child.cmdline()]


def test_a_reader_that_dies_costs_one_sentence() -> None:
    reading = Reading(lines(*[[RAIN[:80]] * 45] * 100), "a.pdf")

    def kill(_n: int, _m: int) -> None:
        for child in psutil.Process().children():
            with contextlib.suppress(psutil.Error):  # it is ended already
                if "tutor.materials" in child.cmdline():
                    child.kill()

    with pytest.raises(UserError) as caught:
        reading.run(kill)
    assert caught.value.code == "broken"
