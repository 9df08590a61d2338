"""Every source of a recipe, one document or conversation after the other, read as its kind of file asks."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from tutor.errors import UserError
from tutor.i18n import tr
from tutor.workshop.collect import chats, exported, markup, opening, tables
from tutor.workshop.collect.items import Item
from tutor.workshop.collect.settings import CollectSettings
from tutor.workshop.collect.tally import Tally

Reader = Callable[[Path, CollectSettings, Tally], Iterator[Item]]


def files(settings: CollectSettings) -> list[Path]:
    """All files that the recipe names, once each and in order. Raises `UserError` (`no_source`)."""
    found: dict[Path, None] = {}
    for name in settings.sources:
        path = Path(name).expanduser()
        if path.is_dir():
            here = sorted(p for p in path.rglob("*") if p.is_file() and not _hidden(p.relative_to(path)))
        else:
            start = Path(path.anchor)
            here = sorted(p for p in start.glob(str(path.relative_to(start))) if p.is_file())
        if not here:
            raise UserError(
                tr(
                    "There is nothing to collect at {name}. Nothing was changed. Look at `sources` in the [collect] "
                    "section of the recipe.",
                    name=name,
                ),
                code="no_source",
            )
        found |= dict.fromkeys(here)
    return list(found)


def size_of(path: Path) -> int:
    """In bytes; 0 for a file that went away."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def read(path: Path, settings: CollectSettings, tally: Tally) -> Iterator[Item]:
    """What is in one file. A file that cannot be read is refused by name; nothing here raises for its contents."""
    reader = READERS.get(path.suffix.lower())
    begun = tally.bytes
    try:
        with path.open("rb") as file:
            sample = file.read(opening.SAMPLE)
        if opening.is_binary(sample):
            tally.refuse(path.name, "binary")
        elif reader is None:
            tally.refuse(path.name, "unknown_kind")
        else:
            yield from reader(path, settings, tally)
    except OSError:
        tally.refuse(path.name, "unreadable_file")
    tally.bytes = begun + size_of(path)  # whatever way it was read, it is behind us


def _text(path: Path, settings: CollectSettings, tally: Tally) -> Iterator[Item]:
    for line, words in _documents(path, settings, tally):
        messages = chats.spoken(words)
        if messages:
            yield Item(source=path.name, line=line, kind="chat", messages=messages)
        else:
            yield Item(source=path.name, line=line, text=words)


def _markdown(path: Path, settings: CollectSettings, tally: Tally) -> Iterator[Item]:
    for line, words in _documents(path, settings, tally):
        try:
            text = markup.from_markdown(words)
        except markup.TooDeepError:
            tally.drop("nested_too_deep", path.name, line)
            continue
        messages = chats.spoken(text)
        if messages:
            yield Item(source=path.name, line=line, kind="chat", messages=messages)
        elif text:
            yield Item(source=path.name, line=line, text=text)


def _html(path: Path, settings: CollectSettings, tally: Tally) -> Iterator[Item]:
    if path.stat().st_size > settings.whole_file_megabytes * 1e6:
        tally.refuse(path.name, "too_large")
        return
    with opening.text_of(path, tally.passed) as file:
        try:
            text = markup.plain(file.read())
        except markup.TooDeepError:
            tally.refuse(path.name, "nested_too_deep")
            return
    for part in _parted(text, settings.document_characters):
        yield Item(source=path.name, text=part)


def _documents(path: Path, settings: CollectSettings, tally: Tally) -> Iterator[tuple[int, str]]:
    """A text file in documents of bounded length, parted at empty lines where there are any; with their first lines."""
    held: list[str] = []
    size, start = 0, 1
    with opening.text_of(path, tally.passed) as text:
        for number, line in opening.lines_of(text, settings.line_characters):
            if line is None:
                tally.drop("line_too_long", path.name, number)
                continue
            full = size + len(line) > settings.document_characters
            if held and full and (not line.strip() or size + len(line) > 2 * settings.document_characters):
                yield from ((start, part) for part in _parted("".join(held), settings.document_characters))
                held, size, start = [], 0, number
            held.append(line)
            size += len(line)
    yield from ((start, part) for part in _parted("".join(held), settings.document_characters))


def _parted(text: str, most: int) -> Iterator[str]:
    """The text in parts of at most `most` characters, cut between paragraphs, lines or words where it can be."""
    while len(text) > most:
        cut = next((at for sign in ("\n\n", "\n", " ") if (at := text.rfind(sign, most // 2, most)) > 0), most)
        yield text[:cut].strip()
        text = text[cut:].strip()
    if text.strip():
        yield text.strip()


READERS: Final[dict[str, Reader]] = {
    ".txt": _text,
    ".text": _text,
    ".md": _markdown,
    ".markdown": _markdown,
    ".html": _html,
    ".htm": _html,
    ".xhtml": _html,
    ".jsonl": chats.read,
    ".ndjson": chats.read,
    ".csv": tables.read,
    ".tsv": tables.read,
    ".json": exported.read,
}
"""How a file is read, by the end of its name."""
