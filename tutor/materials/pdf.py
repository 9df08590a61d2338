"""PDF to blocks: lines with their size of type, headings by that size, paragraphs mended, pages kept."""

import io
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from tutor.errors import UserError
from tutor.i18n import tr
from tutor.materials import blocks, clean, repeats
from tutor.materials.blocks import Block, Read
from tutor.materials.lines import paragraphs

_LARGER: Final = 1.12
"""A heading's size of type, in that of the text."""
_HEADING_WORDS: Final = 14
_LEVELS: Final = 3
_LETTERS_A_PAGE: Final = 15
"""Fewer on average: pictures of text."""

Progress = Callable[[int, int], None]


class Line(NamedTuple):
    text: str
    size: float
    """Of its type, in points; of the larger part of its letters."""
    bold: bool


def read(data: bytes, progress: Progress) -> Read:
    """Raises UserError: encrypted, no_text (pictures of text alone), broken, too_large."""
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError, LimitReachedError, PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it quotes what it reads
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not _opens(reader):
            raise _encrypted()
        count = len(reader.pages)
        if count > blocks.MOST_PAGES:
            raise blocks.too_large()
        pages: list[list[Line]] = []
        pictures = letters = 0
        for number in range(count):
            lines = list(_lines(reader.pages[number]))
            found = sum(char.isalpha() for line in lines for char in line.text)
            letters += found
            if letters > blocks.MOST_CHARACTERS:
                raise blocks.too_large()
            if found < _LETTERS_A_PAGE and _has_pictures(reader.pages[number]):
                pictures += 1
            pages.append(lines)
            progress(number + 1, count)
        title = _title(reader)
    except FileNotDecryptedError as error:
        raise _encrypted() from error
    except LimitReachedError as error:
        raise blocks.too_large() from error
    except MemoryError:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OSError,
            ArithmeticError, AssertionError, NotImplementedError) as error:  # fmt: skip
        raise blocks.broken("PDF") from error  # the file is anybody's, and pypdf trips over it in many ways
    if not count:
        raise blocks.broken("PDF")
    if letters < _LETTERS_A_PAGE * count and pictures * 2 >= count:
        raise scanned(count)
    if not letters:
        raise blocks.no_words()
    return Read(kind="pdf", blocks=tuple(_blocks(pages)), title=title, pages=count, unread_pages=pictures)


def _opens(reader: Any) -> bool:
    """Whether the file opens without a password: many are locked against printing alone."""
    from pypdf.errors import DependencyError

    try:
        return bool(reader.decrypt(""))
    except (DependencyError, NotImplementedError):
        return False


def _title(reader: Any) -> str:
    found = reader.metadata.title if reader.metadata else None
    return clean.plain(found)[:200] if isinstance(found, str) else ""


def _lines(page: Any) -> Iterator[Line]:
    """The lines of a page in the order of its content; an empty line stays as a part between paragraphs."""
    runs: list[tuple[str, float, bool]] = []

    def visit(text: str, user: list[float], matrix: list[float], font: dict[str, Any] | None, size: float) -> None:
        if text:
            scale = abs(matrix[3] or matrix[1]) * abs(user[3] or user[1] or 1.0)
            bold = "bold" in str((font or {}).get("/BaseFont", "")).lower()
            runs.append((text, round(abs(size) * (scale or 1.0), 1), bold))

    page.extract_text(visitor_text=visit)
    text = ""
    sizes: Counter[tuple[float, bool]] = Counter()
    for run, size, bold in runs:
        parts = run.split("\n")
        for at, part in enumerate(parts):
            if at:
                yield _line(text, sizes)
                text, sizes = "", Counter()
            text += part
            sizes[size, bold] += len(part.strip())
    yield _line(text, sizes)


def _line(text: str, sizes: "Counter[tuple[float, bool]]") -> Line:
    (size, bold), _ = sizes.most_common(1)[0] if sizes else ((0.0, False), 0)
    end = "\u00ad" if text.rstrip().endswith("\u00ad") else ""  # a hyphen that shows only at the end of a line
    return Line(clean.plain(text) + ("-" if end else ""), size, bold)


def _has_pictures(page: Any) -> bool:
    found = page.get("/Resources")
    found = found.get_object() if found is not None else {}
    images = found.get("/XObject") if hasattr(found, "get") else None
    return bool(images)


# --- from lines to blocks ---------------------------------------------------------------------------------------------


def _blocks(pages: list[list[Line]]) -> Iterator[Block]:
    """Headings and paragraphs. A paragraph that goes on over a page belongs to the page where it began."""
    shown = [[line for line in lines if line.text] for lines in pages]
    sizes: Counter[float] = Counter()
    bold = 0
    for lines in shown:
        for line in lines:
            sizes[line.size] += len(line.text)
            bold += len(line.text) * line.bold
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    often_bold = bold * 5 > sum(sizes.values())
    large = frozenset(line.text for lines in shown for line in lines if line.size >= _LARGER * body)
    kept = repeats.without([[line.text for line in lines] for lines in shown], large)
    text = [_with_gaps(all_lines, [shown[n][at] for at in keep]) for n, (all_lines, keep) in
            enumerate(zip(pages, kept, strict=True))]  # fmt: skip
    larger = sorted(
        {line.size for lines in text for line in lines if _is_heading(line, body, often_bold)}, reverse=True
    )
    known = clean.known_compounds(line.text for lines in text for line in lines)
    before: Block | None = None
    for number, lines in enumerate(text, start=1):
        for block in _page(lines, number, lambda line: _is_heading(line, body, often_bold), larger, known):
            if before is not None and _goes_on(before, block):
                before = before._replace(text=clean.plain(clean.mended(f"{before.text}\n{block.text}", known)))
                continue
            if before is not None:
                yield before
            before = block
    if before is not None:
        yield before


def _goes_on(before: Block, block: Block) -> bool:
    """Whether a paragraph of the page before goes on at the top of this one."""
    if before.level or block.level or before.page == block.page:
        return False
    return block.text[:1].islower() and not before.text.endswith((".", "!", "?", ":"))


def _with_gaps(every: list[Line], kept: list[Line]) -> list[Line]:
    """The kept lines, with the empty ones between them."""
    wanted = {id(line) for line in kept}
    return [line for line in every if not line.text or id(line) in wanted]


def _is_heading(line: Line, body: float, often_bold: bool) -> bool:
    words = line.text.split()
    if not words or len(words) > _HEADING_WORDS or not any(char.isalpha() for char in line.text):
        return False
    if line.size >= _LARGER * body:
        return True
    ends = line.text.endswith((".", ",", ";"))
    return line.bold and not often_bold and line.size >= body and not ends and bool(re.match(r"[\dA-ZÀ-Þ]", line.text))


def _page(
    lines: list[Line],
    number: int,
    is_heading: Callable[[Line], bool],
    larger: list[float],
    known: tuple[frozenset[str], frozenset[str]],
) -> Iterator[Block]:
    waiting: list[str] = []
    heading: list[Line] = []

    def told() -> Iterator[Block]:
        for paragraph in paragraphs(waiting):
            text = clean.plain(clean.mended(paragraph, known))
            if text:
                yield Block(text, page=number)
        waiting.clear()

    def headed() -> Iterator[Block]:
        if heading:
            level = min(larger.index(heading[0].size) + 1, _LEVELS) if heading[0].size in larger else _LEVELS
            yield Block(clean.plain(clean.mended("\n".join(h.text for h in heading), known)), number, level)
        heading.clear()

    for line in lines:
        if line.text and is_heading(line):
            yield from told()
            if heading and heading[0].size != line.size:
                yield from headed()
            heading.append(line)
            continue
        if line.text:
            yield from headed()
        elif heading:
            continue
        waiting.append(line.text)
    yield from headed()
    yield from told()


def _encrypted() -> UserError:
    return UserError(
        tr(
            "This PDF is locked with a password, so it cannot be read. Nothing was added. Open it with its password "
            "and save or print it as a new PDF, or paste the text."
        ),
        code="encrypted",
    )


def scanned(pages: int) -> UserError:
    """What is told of a PDF that has pictures of text alone."""
    return UserError(
        tr(
            "This PDF has pictures of text only ({pages} pages, probably scanned), and the tutor cannot read pictures. "
            "Nothing was added. Have it turned into text first (many scanners and office programs call this “text "
            "recognition” or “OCR”), or paste the text.",
            pages=pages,
        ),
        code="scanned",
    )
