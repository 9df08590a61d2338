"""A report as a PDF file, in the program's own letters: written beside the old one, and put in its place when whole."""

from pathlib import Path

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QFont, QPageLayout, QPageSize, QPdfWriter, QTextDocument

from tutor.errors import UserError
from tutor.i18n import tr

_STYLE = """
body { color: #1D2430; } h1 { font-size: 20pt; } h2 { font-size: 14pt; margin-top: 14pt; }
p { font-size: 11pt; line-height: 140%; } th { font-size: 10pt; color: #5A6472; } td { font-size: 10pt; }
.small { font-size: 9pt; color: #5A6472; margin-top: 18pt; }
"""


def write(page: str, file: Path, *, title: str) -> Path:
    """Print a page of HTML to a PDF file. Raises UserError when it cannot be written; an older file is then kept."""
    rough = file.with_name(f".{file.name}.part")
    try:
        rough.write_bytes(b"")
    except OSError as error:
        raise _failed(file, error.strerror or str(error)) from error
    try:
        writer = QPdfWriter(str(rough))
        writer.setTitle(title)
        writer.setCreator("Tutor")
        writer.setPageLayout(
            QPageLayout(
                QPageSize(QPageSize.PageSizeId.A4),
                QPageLayout.Orientation.Portrait,
                QMarginsF(20, 18, 20, 18),
                QPageLayout.Unit.Millimeter,
            )
        )
        writer.setResolution(300)
        document = QTextDocument()
        document.setDefaultFont(QFont("Atkinson Hyperlegible Next", 11))
        document.setDefaultStyleSheet(_STYLE)
        document.setHtml(page)
        document.print_(writer)
        del writer  # it writes the end of the file when it goes
        if not rough.read_bytes().rstrip().endswith(b"%%EOF"):
            raise _failed(file, tr("the disk may be full"))
        rough.replace(file)
    except OSError as error:
        raise _failed(file, error.strerror or str(error)) from error
    finally:
        rough.unlink(missing_ok=True)
    return file


def _failed(file: Path, reason: str) -> UserError:
    return UserError(
        tr(
            "The report could not be written to {file} ({reason}). Nothing else was changed. Choose another place.",
            file=file,
            reason=reason,
        ),
        code="not_written",
    )
