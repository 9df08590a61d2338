"""What a file is, by what it holds before what it is called; what is none of ours is refused in words."""

import io
import re
import zipfile
from pathlib import PurePath
from typing import Final

from tutor.errors import UserError
from tutor.i18n import tr
from tutor.materials import blocks

SUFFIXES: Final = (".pdf", ".docx", ".md", ".markdown", ".html", ".htm", ".txt", ".text")
"""For a file chooser."""
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")
_HTML: Final = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_META: Final = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)


def kind_of(data: bytes, name: str) -> str:
    """pdf | docx | markdown | html | text. Raises UserError: empty, too_large, wrong_kind, broken."""
    suffix = PurePath(name).suffix.lower()
    if not data.strip(b"\x00\t\r\n\f "):
        raise _empty()
    if len(data) > blocks.MOST_BYTES:
        raise blocks.too_large()
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _in_zip(data)
    if suffix in (".pdf", ".docx"):
        if data.startswith(_OLD_OFFICE):
            raise _old_office()
        raise blocks.broken("PDF" if suffix == ".pdf" else "Word")
    if data.startswith(_OLD_OFFICE):
        raise _old_office()
    if data.startswith(_PICTURES):
        raise _wrong(tr("a picture"))
    if data.startswith(b"{\\rtf"):
        raise _wrong(tr("a rich text file"))
    if not _is_text(data):
        raise _wrong(tr("no text"))
    if suffix in (".html", ".htm") or _HTML.match(data[:4096]):
        return "html"
    return "markdown" if suffix in (".md", ".markdown") else "text"


def decoded(data: bytes, kind: str) -> str:
    """The text of a file: by its mark, by what a page says of itself, as UTF-8, or as Windows writes it."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    named = _META.search(data[:4096]) if kind == "html" else None
    for encoding in (named.group(1).decode("ascii") if named else "", "utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("utf-8", "replace")


def _in_zip(data: bytes) -> str:
    try:
        names = set(zipfile.ZipFile(io.BytesIO(data)).namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise blocks.broken("Word") from error
    if "word/document.xml" in names:
        return "docx"
    if "[Content_Types].xml" in names or "mimetype" in names:
        raise _wrong(tr("another office file"))
    raise _wrong(tr("an archive"))


def _is_text(data: bytes) -> bool:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    sample = data[:65536]
    odd = sum(byte < 9 or 13 < byte < 27 or 27 < byte < 32 for byte in sample)
    return b"\x00" not in sample and odd * 100 <= len(sample)


def _empty() -> UserError:
    return UserError(tr("This file is empty. Nothing was added. Choose another one."), code="empty")


def _old_office() -> UserError:
    return UserError(
        tr(
            "This file is from an old office program, or is locked with a password. Nothing was added. Open it and "
            "save it as DOCX or PDF without a password."
        ),
        code="wrong_kind",
    )


def _wrong(what: str) -> UserError:
    return UserError(
        tr(
            "This file is {what}. The tutor reads PDF, Word (DOCX), Markdown, web pages (HTML) and plain text. Nothing "
            "was added. Save it as one of these, or paste the text.",
            what=what,
        ),
        code="wrong_kind",
    )
