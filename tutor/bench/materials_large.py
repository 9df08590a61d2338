"""For `bench materials`: a book of any number of pages, and a store with any number of encoded passages."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tutor.errors import UserError
from tutor.i18n import tr
from tutor.materials.passages import sentences
from tutor.store import Store

_PARTS: Final = 3
"""Encoded parts of a passage, as passages of a hundred words have."""
_AT_ONCE: Final = 5000
_DIMENSIONS: Final = 384
_WORDS_A_PAGE: Final = 330
_SEED: Final = 20


def write_book(file: Path, texts: Sequence[Path], pages: int) -> None:
    """A PDF in the words of these texts: chapters, sections, running heads and page numbers, some 330 words a page.

    Raises UserError without fpdf2.
    """
    try:
        from fpdf import FPDF
    except ImportError:
        raise UserError(tr("This needs fpdf2: `make setup` with the tools of developers installs it.")) from None

    class Book(FPDF):  # type: ignore[misc]  # fpdf is not type-checked here
        def header(self) -> None:
            self.set_font("Helvetica", size=8)
            self.cell(0, 8, "A long book", new_x="LMARGIN", new_y="NEXT")

        def footer(self) -> None:
            self.set_y(-15)
            self.set_font("Helvetica", size=8)
            self.cell(0, 8, str(self.page_no()), align="C")

    pool = _sentences(texts)
    chance = random.Random(_SEED)
    book = Book()
    for number in range(1, pages + 1):
        book.add_page()
        if number % 10 == 1:
            book.set_font("Helvetica", "B", 20)
            book.multi_cell(0, 10, f"Chapter {number // 10 + 1}: more of it", new_x="LMARGIN", new_y="NEXT")
        for section in range(2):
            book.set_font("Helvetica", "B", 14)
            book.multi_cell(0, 8, f"Section {number}.{section + 1}", new_x="LMARGIN", new_y="NEXT")
            book.set_font("Helvetica", size=10)
            for _ in range(2):
                words: list[str] = []
                while len(words) < _WORDS_A_PAGE // 4:
                    words += chance.choice(pool).split()
                book.multi_cell(0, 5, " ".join(words), new_x="LMARGIN", new_y="NEXT")
                book.ln(2)
    book.output(str(file))


def fill(store: Store, count: int) -> str:
    """A material of `count` passages, each with the vectors of its parts, made by chance. Gives its hash."""
    import numpy as np

    chance = random.Random(_SEED)
    numbers = np.random.default_rng(_SEED)
    from tutor import paths

    texts = [paths.assets() / "lessons" / name / f"{name}.md" for name in ("water-cycle", "great-fire")]
    pool = _sentences(texts)
    sha256 = "f" * 64
    passages = [(f"p. {at // 3 + 1}", f"Section {at // 5}", " ".join(chance.choices(pool, k=6))) for at in range(count)]
    stored = store.add_material(sha256, passages, title="A library", name="library.pdf", kind="pdf", pages=count // 3)
    while waiting := store.passages_to_encode(stored.id, _AT_ONCE):
        rows = numbers.standard_normal((len(waiting), _PARTS, _DIMENSIONS), dtype=np.float32)
        rows /= np.linalg.norm(rows, axis=2, keepdims=True)
        store.keep_passage_vectors(
            stored.id, [(each.id, row.tobytes()) for each, row in zip(waiting, rows, strict=True)]
        )
    return sha256


def _sentences(texts: Sequence[Path]) -> list[str]:
    lines = [line for text in texts for line in text.read_text(encoding="utf-8").splitlines()]
    plain = [line for line in lines if line and not line.startswith("#")]
    return [_latin(sentence) for line in plain for sentence in sentences(line)]


def _latin(text: str) -> str:
    """In the signs of the PDF's own fonts."""
    return text.encode("latin-1", "replace").decode("latin-1")
