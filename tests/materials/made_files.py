"""Files as teachers have them, and files as nobody should: made here, so that none is anybody's."""

import io
import zipfile
from collections.abc import Sequence

import docx
from fpdf import FPDF
from pypdf import PdfReader, PdfWriter

RAIN = (
    "Rain begins when the tiny drops in a cloud bump into each other and join. A drop that has grown big enough falls, "
    "for the air can no longer hold it up. On its way down it may meet more drops and grow further still. "
)


class Book(FPDF):
    """A book with a running head and page numbers."""

    head = "A Book of Weather"

    def header(self) -> None:
        self.set_font("Helvetica", size=8)
        self.cell(0, 6, self.head, new_x="LMARGIN", new_y="NEXT")

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("Helvetica", size=8)
        self.cell(0, 6, str(self.page_no()), align="C")

    def headed(self, text: str, size: float) -> None:
        self.set_font("Helvetica", "B", size)
        self.multi_cell(0, 9, text, new_x="LMARGIN", new_y="NEXT")
        self.set_font("Helvetica", size=11)

    def paragraph(self, text: str) -> None:
        self.multi_cell(0, 6, text, new_x="LMARGIN", new_y="NEXT")
        self.ln(3)


def book(chapters: Sequence[tuple[str, Sequence[tuple[str, Sequence[str]]]]], title: str = "") -> bytes:
    """A PDF: a chapter begins a page, holds sections, each with paragraphs."""
    made = Book()
    if title:
        made.set_title(title)
    for chapter, sections in chapters:
        made.add_page()
        made.headed(chapter, 20)
        for section, paragraphs in sections:
            made.headed(section, 14)
            for each in paragraphs:
                made.paragraph(each)
    return bytes(made.output())


def lines(*pages: Sequence[str]) -> bytes:
    """A PDF with these very lines."""
    made = FPDF()
    for page in pages:
        made.add_page()
        made.set_font("Helvetica", size=11)
        for line in page:
            made.cell(0, 6, line, new_x="LMARGIN", new_y="NEXT")
    return bytes(made.output())


def scanned(pages: int = 3) -> bytes:
    """Pages that are pictures."""
    from PIL import Image

    made = FPDF()
    picture = Image.new("L", (200, 280), 230)
    for _ in range(pages):
        made.add_page()
        made.image(picture, x=0, y=0, w=210)
    return bytes(made.output())


def locked(password: str = "sesame", user: str | None = None) -> bytes:
    """A PDF that asks for a password; with `user` "" it opens without one."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(lines([RAIN[:70]] * 5))))
    writer.encrypt(password if user is None else user, owner_password=password, algorithm="RC4-128")
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


def swollen(megabytes: int) -> bytes:
    """A PDF of a few kilobytes with a page that unpacks to so many megabytes."""
    from pypdf.generic import NameObject, StreamObject

    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    stream = StreamObject()
    stream.set_data(b"(a) Tj " * (megabytes * 1_000_000 // 7))
    page[NameObject("/Contents")] = writer._add_object(stream.flate_encode())
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


def word(*parts: tuple[str, str] | list[list[str]], title: str = "") -> bytes:
    """A DOCX of (style, text) paragraphs and of tables as lists of rows. Style "hidden" is hidden text."""
    document = docx.Document()
    document.core_properties.title = title
    for part in parts:
        if isinstance(part, list):
            table = document.add_table(rows=len(part), cols=len(part[0]))
            for row, cells in zip(table.rows, part, strict=True):
                for cell, text in zip(row.cells, cells, strict=True):
                    cell.text = text
        elif part[0] == "hidden":
            document.add_paragraph().add_run(part[1]).font.hidden = True
        else:
            document.add_paragraph(part[1], style=part[0] or None)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def bomb(megabytes: int = 400) -> bytes:
    """A DOCX of a few kilobytes that unpacks to so many megabytes of text."""
    held = io.BytesIO(word(("", "hello")))
    packed = io.BytesIO()
    with zipfile.ZipFile(held) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            if part.filename != "word/document.xml":
                target.writestr(part, source.read(part))
        with target.open("word/document.xml", "w", force_zip64=True) as document:
            document.write(b"<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'>")
            for _ in range(megabytes):
                document.write(b" " * 1_000_000)
            document.write(b"</w:document>")
    return packed.getvalue()
