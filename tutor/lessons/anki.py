"""A lesson's items as an Anki package: the same lesson always gives the same cards, so a newer one updates them."""

import hashlib
import html
import os
import tempfile
from pathlib import Path
from typing import Final

from tutor.domain import Item, Lesson
from tutor.errors import UserError
from tutor.i18n import tr

MODEL_ID: Final = 1_764_374_401
"""Of the kind of note. It never changes, or Anki would take old notes for others."""
_FIELDS: Final = ("Question", "Choices", "Hints", "Answer", "Steps")
_FRONT: Final = "<div class=question>{{Question}}</div>{{Choices}}{{#Hints}}<p>{{hint:Hints}}</p>{{/Hints}}"
_BACK: Final = "{{FrontSide}}<hr id=answer><div class=answer>{{Answer}}</div>{{Steps}}"
_STYLE: Final = (
    ".card { font-family: sans-serif; font-size: 20px; line-height: 1.5; text-align: left; max-width: 34em; "
    "margin: 1em auto; } .question, .answer { font-size: 24px; } .nightMode hr { border-color: #555; }"
)


def write(lesson: Lesson, target: Path) -> int:
    """Write the items as `.apkg`; gives how many. A file that was there is replaced at once or kept whole.

    Raises UserError: `no_items`, `export_failed`.
    """
    import genanki

    if not lesson.items:
        raise UserError(tr("The lesson has no items, so there are no cards. Nothing was written."), code="no_items")
    model = genanki.Model(
        MODEL_ID,
        "Tutor",
        fields=[{"name": name} for name in _FIELDS],
        templates=[{"name": "Card", "qfmt": _FRONT, "afmt": _BACK}],
        css=_STYLE,
    )
    deck = genanki.Deck(_deck_id(lesson.key), lesson.title, _safe(lesson.summary))
    for item in lesson.items:
        deck.add_note(
            genanki.Note(
                model=model, fields=_fields(item), guid=genanki.guid_for(lesson.key, item.id), tags=_tags(lesson)
            )
        )
    temporary = ""
    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}-", delete=False) as file:
            temporary = file.name
        genanki.Package(deck).write_to_file(temporary)
        with Path(temporary).open("rb") as written:
            os.fsync(written.fileno())
        Path(temporary).replace(target)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise UserError(
            tr(
                "The cards could not be written to {file} ({why}). A file that was there is kept. Choose another "
                "folder, or free some space.",
                file=target,
                why=error.strerror,
            ),
            code="export_failed",
        ) from error
    return len(lesson.items)


def _fields(item: Item) -> list[str]:
    answers = [item.answer, *item.accepted]
    return [
        _safe(item.question),
        _list(item.choices, "ul"),
        _list(item.hints, "ol"),
        " · ".join(_safe(answer) for answer in answers),
        _list(item.steps, "ol"),
    ]


def _list(lines: tuple[str, ...], tag: str) -> str:
    return f"<{tag}>{''.join(f'<li>{_safe(line)}</li>' for line in lines)}</{tag}>" if lines else ""


def _safe(text: str) -> str:
    """Words as words: nothing in a lesson becomes mark-up or a template's field."""
    return html.escape(text).replace("{{", "{&#8203;{").replace("\n", "<br>")


def _tags(lesson: Lesson) -> list[str]:
    return ["tutor", lesson.subject] if lesson.subject and " " not in lesson.subject else ["tutor"]


def _deck_id(key: str) -> int:
    return (1 << 30) + int.from_bytes(hashlib.sha256(key.encode("utf-8", "replace")).digest()[:4], "big") % (1 << 30)
