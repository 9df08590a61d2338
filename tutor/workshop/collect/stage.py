"""The stage itself, top to bottom: read, mend, judge, clean, pair, balance, report.

Writes `collected.jsonl` (documents and conversations), `pairs.jsonl` (answers with their context, balanced),
`preferences.jsonl` (corrections as better against reported) and `collect.md`, `.json` and `.png`, the report. Each file
appears whole or not at all; of a file of any size only one document is held at a time, and of each pair its labels.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from hashlib import blake2b
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec

from tutor.i18n import tr
from tutor.workshop.collect import balance, exported, language, mend, pairs, report, roster, sources
from tutor.workshop.collect.duplicates import Duplicates
from tutor.workshop.collect.files import whole
from tutor.workshop.collect.items import LEARNER, TUTOR, Item, Message, as_line
from tutor.workshop.collect.personal import ItemRemover
from tutor.workshop.collect.settings import CollectSettings
from tutor.workshop.collect.tally import Tally
from tutor.workshop.progress import Progress

COLLECTED: Final = "collected.jsonl"
PAIRS: Final = "pairs.jsonl"
PREFERENCES: Final = "preferences.jsonl"
_ALL: Final = "pairs.unbalanced"
OUTPUTS: Final = (COLLECTED, PAIRS, PREFERENCES, report.JSON, report.MARKDOWN, report.PICTURE)

_KILO: Final = 1000


def run(settings: CollectSettings, out: Path, say: Callable[[str], None]) -> dict[str, Any]:
    """Collect and clean everything that the recipe names; the figures of the report.

    Raises `UserError` for a source or roster that is not there. What is in the files never stops it.
    """
    started = time.monotonic()
    files = sources.files(settings)
    known = roster.load(settings.roster)
    for name in _exported_names(files, settings):
        known.add(name)
    out.mkdir(parents=True, exist_ok=True)
    tally = Tally(settings.examples)
    remover = ItemRemover(settings, known)
    with ExitStack() as stack:
        collected, drawn, preferences = (
            stack.enter_context(whole(out / name)) for name in (COLLECTED, _ALL, PREFERENCES)
        )
        labelled: list[balance.Labels] = []
        seen: set[bytes] = set()
        for item in _clean(_read(files, settings, tally), settings, tally, remover):
            line = as_line(item)
            if line is not None:
                collected.write(_encoded(line))
                tally.counts["written"] += 1
            labelled += _write_pairs(item, settings, tally, seen, drawn, preferences)
    chosen = balance.balanced(labelled, settings)
    _keep(out / _ALL, out / PAIRS, chosen.kept)
    tally.dropped["balance"] += len(labelled) - len(chosen.kept)
    tally.counts["pairs"] = len(chosen.kept)
    figures = report.figures(tally, chosen, time.monotonic() - started)
    report.write(out, figures)
    say(
        tr(
            "Read {read} documents and conversations, kept {kept}, and found {pairs} pairs.",
            kept=tally.counts["kept"],
            read=tally.counts["read"],
            pairs=tally.counts["pairs"],
        )
    )
    return figures


def _read(files: Sequence[Path], settings: CollectSettings, tally: Tally) -> Iterator[Item]:
    """Everything in the files, with the progress: the time left is judged by the bytes that are still to come."""
    with Progress("collect", sum(map(sources.size_of, files)) / _KILO, unit="kB") as progress:
        for path in files:
            for item in sources.read(path, settings, tally):
                tally.read(item)
                yield item  # what is done with it takes most of the time
                progress.add(tally.bytes / _KILO - progress.done, _so_far(tally))
            progress.add(tally.bytes / _KILO - progress.done, _so_far(tally))


def _so_far(tally: Tally) -> str:
    return tr("{read} read, {kept} kept,", read=f"{tally.counts['read']:,}", kept=f"{tally.counts['kept']:,}")


def _clean(items: Iterable[Item], settings: CollectSettings, tally: Tally, remover: ItemRemover) -> Iterator[Item]:
    """What is fit to learn from, one item after the other; the rest is counted with its reason."""
    duplicates = Duplicates(settings)
    for item in items:
        item = mended(item, tally)
        reason = unfit(item, settings)
        if reason is None:
            item, found = remover.clean(item)
            for kind, words in found:
                tally.change(f"personal_{kind}", item.source, item.line, words)
            if found and settings.personal == "drop":
                reason = "personal_data"
        if reason is None:
            # a correction differs little from what it corrects
            reason = duplicates.seen(item.words, near=item.kind != "correction")
        if reason is not None:
            tally.drop(reason, item.source, item.line, item.words)
            continue
        tally.keep(item)
        yield item


def mended(item: Item, tally: Tally) -> Item:
    """The item with all its texts mended; empty messages go."""
    text = mend.mend(item.text)
    messages = tuple(Message(m.role, fixed, m.learn) for m in item.messages if (fixed := mend.mend(m.content)))
    new = msgspec.structs.replace(item, text=text, messages=messages, rejected=mend.mend(item.rejected))
    if new.words != item.words:
        tally.change("mended")
    return new


def unfit(item: Item, settings: CollectSettings) -> str | None:
    """Why an item is left out, None when it is fine so far."""
    if mend.is_lost(item.words):
        return "undecodable"
    if item.kind == "document":
        if len(item.text) < settings.least_characters:
            return "too_short"
    else:
        if {LEARNER, TUTOR} - {message.role for message in item.messages}:
            return "one_sided"
        if len(item.messages) > settings.messages:
            return "too_many_messages"
        if any(len(message.content) > settings.message_characters for message in item.messages):
            return "message_too_long"
    return "foreign_language" if language.is_foreign(item, settings) else None


def _write_pairs(
    item: Item, settings: CollectSettings, tally: Tally, seen: set[bytes], drawn: BinaryIO, preferences: BinaryIO
) -> list[balance.Labels]:
    labelled: list[balance.Labels] = []
    for line, reason in pairs.of_item(item, settings) if item.messages else ():
        if line is None:
            tally.drop(reason, item.source, item.line)
            continue
        key = blake2b(msgspec.json.encode(line["messages"]), digest_size=16).digest()
        if key in seen:  # branches of one conversation share their beginning
            tally.drop("duplicate_pair", item.source, item.line)
            continue
        seen.add(key)
        drawn.write(_encoded(line))
        labelled.append((line["topic"], line["intent"], line["kind"]))
        better = pairs.preference(item, line)
        if better is not None:
            preferences.write(_encoded(better))
            tally.counts["preferences"] += 1
    return labelled


def _keep(source: Path, target: Path, kept: frozenset[int]) -> None:
    """Copy the chosen lines, in their order."""
    with source.open("rb") as lines, whole(target) as file:
        file.writelines(line for number, line in enumerate(lines) if number in kept)
    source.unlink()


def _exported_names(files: Iterable[Path], settings: CollectSettings) -> Iterator[str]:
    """The learners of exports join the roster before anything is cleaned: other files may speak of them too."""
    for path in files:
        if path.suffix.lower() == ".json":
            export = exported.load(path, settings)
            if not isinstance(export, str):
                yield export.learner.name


def _encoded(line: dict[str, Any]) -> bytes:
    return msgspec.json.encode(line) + b"\n"
