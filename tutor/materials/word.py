"""DOCX to blocks: headings by their styles, tables as lines, hidden text left out. Bombs are refused unopened."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any, Final

from tutor.materials import blocks, clean
from tutor.materials.blocks import Block, Read

_MOST_UNPACKED: Final = 150_000_000
_MOST_TEXT_PART: Final = 60_000_000
"""Bytes of one XML part: lxml needs many times of it."""
_MOST_PARTS: Final = 5000
_STYLE: Final = re.compile(r"^(?:heading|überschrift|titre|título)\s*(\d)$", re.IGNORECASE)
_TITLES: Final = {"title": 1, "titel": 1}


def read(data: bytes) -> Read:
    """Raises UserError: too_large, broken, no_text."""
    _look_first(data)
    import docx
    from docx.opc.exceptions import OpcError

    try:
        document = docx.Document(io.BytesIO(data))
        found = tuple(_blocks(document))
        title = clean.plain(document.core_properties.title or "")[:200]
    except MemoryError:
        raise
    except (OpcError, SyntaxError, zipfile.BadZipFile, ValueError, KeyError, TypeError, IndexError, AttributeError,
            RecursionError, OSError, NotImplementedError) as error:  # fmt: skip
        raise blocks.broken("Word") from error
    if not any(block.level == 0 for block in found):
        raise blocks.no_words()
    return Read(kind="docx", blocks=found, title=title)


def _look_first(data: bytes) -> None:
    """What the archive says that it holds, before anything is unpacked. Raises UserError."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise blocks.broken("Word") from error
    unpacked = sum(part.file_size for part in parts)
    xml = max((part.file_size for part in parts if part.filename.endswith((".xml", ".rels"))), default=0)
    if len(parts) > _MOST_PARTS or unpacked > _MOST_UNPACKED or xml > _MOST_TEXT_PART:
        raise blocks.too_large()


def _blocks(document: Any) -> Iterator[Block]:
    from docx.table import Table

    letters = 0
    for each in document.iter_inner_content():
        made = _table(each) if isinstance(each, Table) else _paragraph(each)
        for block in made:
            letters += len(block.text)
            if letters > blocks.MOST_CHARACTERS:
                raise blocks.too_large()
            yield block


def _paragraph(paragraph: Any) -> Iterator[Block]:
    text = clean.plain(_words(paragraph))
    if text:
        bullet = "• " if _listed(paragraph) else ""
        level = _level(paragraph)
        yield Block(text if level else bullet + text, level=level)


def _words(paragraph: Any) -> str:
    """The runs, also those of links, but nothing that is hidden."""
    words = ""
    for each in paragraph.iter_inner_content():
        for run in getattr(each, "runs", None) or (each,):
            font = getattr(run, "font", None)
            if font is None or not font.hidden:
                words += run.text
    return words


def _level(paragraph: Any) -> int:
    style = paragraph.style
    for _ in range(8):
        if style is None:
            return 0
        name = str(style.name or "")
        found = _STYLE.match(name)
        if found:
            return max(1, min(int(found.group(1)), 6))
        if name.lower() in _TITLES:
            return _TITLES[name.lower()]
        style = style.base_style
    return 0


def _listed(paragraph: Any) -> bool:
    properties = paragraph._p.pPr
    style = paragraph.style.name if paragraph.style is not None else ""
    return (properties is not None and properties.numPr is not None) or str(style).startswith("List ")


def _table(table: Any) -> Iterator[Block]:
    for row in table.rows:
        cells: list[str] = []
        seen: set[Any] = set()
        for cell in row.cells:
            if cell._tc in seen:  # merged cells come once for each place
                continue
            seen.add(cell._tc)
            cells.append(clean.plain(" ".join(_words(paragraph) for paragraph in cell.paragraphs)))
        if any(cells):
            yield Block(" | ".join(cells))
