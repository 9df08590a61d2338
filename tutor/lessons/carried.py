"""What a lesson file may carry as material: texts of known kinds, nothing that runs or hides something that runs."""

import io
import re
import zipfile
from pathlib import PurePosixPath
from typing import Final

from tutor.i18n import tr

TEXTS: Final = (".md", ".markdown", ".txt")
PAGES: Final = (".html", ".htm")
KINDS: Final = (*TEXTS, *PAGES, ".pdf", ".docx")
MOST_UNPACKED: Final = 200_000_000
"""Bytes of a Word file once unpacked."""
_MOST_PARTS: Final = 2_000
_RUNS: Final = re.compile(rb"<\s*(?:script|iframe|object|embed|applet|base|meta[^>]+refresh)\b|javascript\s*:", re.I)
_HANDLER: Final = re.compile(rb"<[^>]+\son[a-z]{3,20}\s*=", re.I)
_PDF_RUNS: Final = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData)\b")
_WORD_RUNS: Final = re.compile(r"vbaproject|vbadata|activex|/embeddings/|oleobject|\.bin$", re.I)


def fault_of(name: str, data: bytes) -> str:
    """Why a file is not taken as material, in words; "" when it is."""
    ending = PurePosixPath(name).suffix.lower()
    if ending not in KINDS:
        return tr("This kind of file is not taken. There are: {all}.", all=", ".join(KINDS))
    if not data.strip():
        return tr("The file is empty.")
    if ending == ".pdf":
        return _pdf(data)
    if ending == ".docx":
        return _word(data)
    return _text(data, page=ending in PAGES)


def _text(data: bytes, *, page: bool) -> str:
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return tr("The text is not in UTF-8. Save it as UTF-8.")
    if b"\x00" in data:
        return tr("This is no text.")
    if _RUNS.search(data) or (page and _HANDLER.search(data)):
        return tr("The text holds something that runs, such as a script. Take it out.")
    return ""


def _pdf(data: bytes) -> str:
    if not data.startswith(b"%PDF-"):
        return tr("This is no PDF, whatever it is called.")
    if _PDF_RUNS.search(data):
        return tr("The PDF holds something that runs, or other files. Print it into a new PDF.")
    return ""


def _word(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            infos = parts.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return tr("This is no Word file, whatever it is called.")
    names = [info.filename for info in infos]
    if "word/document.xml" not in names:
        return tr("This is no Word file, whatever it is called.")
    if len(infos) > _MOST_PARTS or sum(info.file_size for info in infos) > MOST_UNPACKED:
        return tr("The Word file is far bigger once it is unpacked. It is not taken.")
    if any(_WORD_RUNS.search(name) for name in names) or any(info.flag_bits & 1 for info in infos):
        return tr("The Word file holds macros, other files, or a password. Save the text alone as a new file.")
    return ""
