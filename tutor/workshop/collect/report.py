"""The report of a collection: what came in, what was dropped and why, what was replaced, how the pairs are spread."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tutor.i18n import tr, trn
from tutor.workshop.collect import exported
from tutor.workshop.collect.balance import Balance
from tutor.workshop.collect.files import whole
from tutor.workshop.collect.tally import Tally

JSON: Final = "collect.json"
MARKDOWN: Final = "collect.md"
PICTURE: Final = "collect.png"
MOST_FILES: Final = 40
"""Rows of the table by file."""


def figures(tally: Tally, chosen: Balance, seconds: float) -> dict[str, Any]:
    """Everything that the report says, as plain data."""
    read = tally.counts["read"]
    return {
        "read": read,
        "kept": tally.counts["kept"],
        "written": tally.counts["written"],
        "pairs": tally.counts["pairs"],
        "preferences": tally.counts["preferences"],
        "seconds": round(seconds, 2),
        "a_second": round(read / seconds, 1) if seconds > 0 else 0.0,
        "dropped": {reason: n for reason, n in tally.dropped.most_common() if n},
        "changed": dict(tally.changed.most_common()),
        "kinds": {name: dict(counts) for name, counts in tally.by_kind.items()},
        "sources": {name: dict(counts) for name, counts in tally.by_source.items()},
        "refused": dict(tally.refused),
        "balance": {"most": chosen.caps, "before": chosen.before, "after": chosen.after},
        "examples": {name: [list(pair) for pair in shown] for name, shown in tally.examples.items()},
    }


def write(out: Path, figures: Mapping[str, Any]) -> None:
    """`collect.json`, `collect.md` and `collect.png`."""
    with whole(out / JSON) as file:
        file.write(json.dumps(figures, indent=2, ensure_ascii=False).encode() + b"\n")
    with whole(out / MARKDOWN) as file:
        file.write(markdown(figures).encode())
    picture(out / PICTURE, figures)


def reasons() -> dict[str, str]:
    """Every reason in words, for people."""
    return {
        "exact_duplicate": tr("The same as an earlier one"),
        "near_duplicate": tr("Nearly the same as an earlier one"),
        "duplicate_pair": tr("A pair that another branch or file has too"),
        "foreign_language": tr("In another language"),
        "undecodable": tr("Too many characters were lost before it came here"),
        "too_short": tr("Too short"),
        "one_sided": tr("Nobody answers, or nobody asks"),
        "too_many_messages": tr("More messages than the recipe allows"),
        "message_too_long": tr("A message longer than the recipe allows"),
        "personal_data": tr("It has personal data, and the recipe drops such texts"),
        "broken_line": tr("A line that is broken"),
        "line_too_long": tr("A line longer than the recipe allows"),
        "nested_too_deep": tr("Nested too deep"),
        "unknown_form": tr("A line or row in no form that is known"),
        "unknown_role": tr("A speaker who is neither learner nor tutor"),
        "deleted_conversation": tr("The learner had deleted the conversation"),
        "not_for_learning": tr("Stopped, written by people, or near an alert"),
        "not_accepted": tr("A correction that nobody has accepted"),
        "report_without_better": tr("A report that does not say what would be right"),
        "reported_answer": tr("An answer that was reported or rated badly (it stays as context)"),
        "answer_without_question": tr("An answer that nobody asked for"),
        "question_without_answer": tr("A question that was not answered"),
        "balance": tr("Its group already had as many pairs as the recipe allows"),
        "mended": tr("Characters or spacing mended"),
        "personal_email": tr("E-mail address"),
        "personal_phone": tr("Telephone number"),
        "personal_card": tr("Card number"),
        "personal_account": tr("Bank account"),
        "personal_ip": tr("Internet address of a computer"),
        "personal_device": tr("Hardware address"),
        "personal_id_number": tr("Identity number"),
        "personal_url": tr("Web address of a person"),
        "personal_address": tr("Postal address"),
        "personal_handle": tr("User name"),
        "personal_birth_date": tr("Date of birth"),
        "personal_name": tr("Name"),
        "binary": tr("It is no text"),
        "unknown_kind": tr("Files of this kind cannot be read"),
        "too_large": tr("Too large to be read in one piece"),
        "unreadable_file": tr("It could not be opened"),
        "not_an_export": tr("It is no export of the app"),
        "newer_export": tr("It was exported by a newer version of the app"),
    }


def kinds() -> dict[str, str]:
    """Every kind of what is read, in words, for people."""
    return {
        "document": tr("Documents"),
        "chat": tr("Conversations"),
        "correction": tr("Corrections"),
        "app_chat": tr("Conversations that the app exported"),
        "app_correction": tr("Corrections that the app exported"),
    }


def markdown(figures: Mapping[str, Any]) -> str:
    """The report for people."""
    words = reasons()
    parts = [
        "# " + tr("What was collected"),
        tr(
            "Documents and conversations read: {read}, of them kept: {kept}. Pairs of a question and its answer: "
            "{pairs}. Corrections: {preferences}. It took {seconds} seconds ({speed} a second).",
            kept=figures["kept"],
            read=figures["read"],
            pairs=figures["pairs"],
            preferences=figures["preferences"],
            seconds=figures["seconds"],
            speed=figures["a_second"],
        ),
        f"![{tr('Kept and dropped')}]({PICTURE})",
        "## " + tr("Dropped"),
        _counted(figures["dropped"], words, tr("Nothing was dropped.")),
        "## " + tr("Mended and replaced"),
        _counted(figures["changed"], words, tr("Nothing was changed.")),
        "## " + tr("Files that were not read"),
        _table(
            (tr("File"), tr("Why")),
            [(name, words.get(why, why)) for name, why in figures["refused"].items()],
            tr("All files were read."),
        ),
        "## " + tr("By kind"),
        _table(
            (tr("Kind"), tr("Read"), tr("Kept")),
            [
                (words_, f"{of.get('read', 0):,}", f"{of.get('kept', 0):,}")
                for name, words_ in kinds().items()
                if (of := figures["kinds"].get(name))
            ],
            tr("There were no files."),
        ),
        "## " + tr("By file"),
        _table(
            (tr("File"), tr("Read"), tr("Kept")),
            _by_file(figures["sources"]),
            tr("There were no files."),
        ),
        "## " + tr("Balance of the pairs"),
        *(_side(side, figures["balance"]) for side in figures["balance"]["before"]),
        "## " + tr("Examples, masked"),
        _table(
            (tr("Why"), tr("Where"), tr("Words")),
            [
                (words.get(why, why), where, f"`{text}`")
                for why, all_ in figures["examples"].items()
                for where, text in all_
            ],
            tr("There are none."),
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _by_file(sources: Mapping[str, Mapping[str, int]]) -> list[tuple[str, str, str]]:
    """A row for each file; where nobody would read so many, one for all files of a kind (the JSON file has each)."""
    named = {name: (n.get("read", 0), n.get("kept", 0)) for name, n in sources.items()}
    if len(named) > MOST_FILES:
        by_end: dict[str, list[tuple[int, int]]] = {}
        exports = {name: named.pop(name) for name in [exported.SOURCE] if name in named}
        for name, counts in named.items():
            by_end.setdefault(Path(name).suffix.lower() or "-", []).append(counts)
        named = exports | {
            trn("{n} file {kind}", "{n} files {kind}", len(all_), kind=kind): (
                sum(read for read, _ in all_),
                sum(kept for _, kept in all_),
            )
            for kind, all_ in sorted(by_end.items())
        }
    return [(name, f"{read:,}", f"{kept:,}") for name, (read, kept) in named.items()]


def _counted(counts: Mapping[str, int], words: Mapping[str, str], nothing: str) -> str:
    return _table((tr("What"), tr("Count")), [(words.get(name, name), f"{n:,}") for name, n in counts.items()], nothing)


def _side(side: str, balance: Mapping[str, Any]) -> str:
    titles = {"topic": tr("Topic"), "intent": tr("What the learner wants"), "kind": tr("Type of answer")}
    rows = [
        (group, f"{n:,}", f"{balance['after'][side].get(group, 0):,}") for group, n in balance["before"][side].items()
    ]
    most = tr("At most {n} pairs of one group.", n=balance["most"][side])
    return f"{most}\n\n{_table((titles[side], tr('Before'), tr('After')), rows, tr('There are no pairs.'))}"


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]], nothing: str) -> str:
    if not rows:
        return nothing
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines
    )


def picture(path: Path, figures: Mapping[str, Any]) -> None:
    """Kept and dropped, as bars."""
    from matplotlib.figure import Figure

    words = reasons()
    bars = [(tr("Kept"), figures["kept"])]
    bars += [(words.get(name, name), n) for name, n in list(figures["dropped"].items())[:9]]
    figure = Figure(figsize=(7.2, 0.6 + 0.34 * len(bars)), layout="constrained")
    axes = figure.subplots()
    places = range(len(bars))
    drawn = axes.barh(list(places), [n for _, n in bars], color=["#2f6f4f", *["#b0703a"] * (len(bars) - 1)])
    axes.bar_label(drawn, labels=[f"{n:,}" for _, n in bars], padding=3, fontsize=8)
    axes.set_yticks(list(places), [name for name, _ in bars], fontsize=8)
    axes.invert_yaxis()
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(x=0.12)
    with whole(path) as file:
        figure.savefig(file, format="png", dpi=120)
