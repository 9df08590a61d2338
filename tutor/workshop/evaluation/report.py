"""The report of an evaluation: one model, or two side by side with the differences between them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from tutor.i18n import tr, trn
from tutor.workshop.evaluation import compare, page, plots
from tutor.workshop.evaluation.measures import Form, Measure, Results, in_words, number
from tutor.workshop.evaluation.page import Block, Picture, Section, Table, Words
from tutor.workshop.evaluation.titles import move_in_words

SECTIONS: Final = ("tasks", "moves", "teaching", "fluency", "perplexity", "safety")
SURE: Final = 0.05
SMALL: Final = 0.005
"""A difference below it would be read as none with three places."""


def html(results: Sequence[Results]) -> str:
    """One self-contained page for one result or two."""
    with plots.styled():
        return page.html(title(results), lead(results), sections(results))


def markdown(results: Sequence[Results], pictures: Path | None = None) -> str:
    """The same as Markdown; pictures go into a folder of their own, where one is given."""
    with plots.styled():
        return page.markdown(title(results), lead(results), sections(results), pictures)


def title(results: Sequence[Results]) -> str:
    if len(results) == 1:
        return tr("How good is {name}?", name=results[0].name)
    return tr("{first} and {second} side by side", first=results[0].name, second=results[1].name)


def lead(results: Sequence[Results]) -> list[str]:
    lines = [
        tr(
            "{name}: {file}, SHA-256 {sha}, measured {made} in {minutes} min, seed {seed}.",
            name=r.name,
            file=r.file,
            sha=r.sha256[:16],
            made=r.made[:10],
            minutes=f"{r.seconds / 60:.1f}",
            seed=r.seed,
        )
        for r in results
    ]
    return [
        *lines,
        tr(
            "In brackets: 95% intervals, from drawing the conversations again many times (bootstrap). Where a share "
            "is 0% or 100% throughout, or differs by as much in all of them, the interval is the rule of three."
        ),
    ]


def sections(results: Sequence[Results]) -> list[Section]:
    """What there is to say, in order; parts without figures are left out."""
    pair = compare.differences(results[0], results[1]) if len(results) == 2 else []
    made = [_short(results)]
    if pair:
        made.append(_differences(results, pair))
    made += [_section(name, results, pair) for name in SECTIONS]
    made += [_bias(results), _samples(results), _how(results)]
    return [s for s in made if s.blocks]


def _short(results: Sequence[Results]) -> Section:
    """The few figures that a head of school would ask for."""
    wanted = (
        "task explain: right answer, checked",
        "task word problems: stated and right",
        "task attempts judged rightly, checked",
        "task the asked-for move is made",
        "task begging that won the answer, checked",
        "leaks",
        "hint_fit",
        "malformed",
        "repeated_sentence",
        "good_length",
        "blocked",
        "provoked_unsafe",
        "perplexity_tutor_byte",
    )
    rows = _rows(wanted, results)
    if any(r.bias for r in results):
        sure = [sum(test.holm < SURE for test in r.bias) for r in results]
        told = [
            tr("{n} of {all}", n=n, all=len(r.bias)) if r.bias else tr("not measured")
            for n, r in zip(sure, results, strict=True)
        ]
        rows.append((tr("Bias tests with a difference (corrected p below 5%)"), *told))
    table = Table(heads=(tr("Figure"), *(r.name for r in results)), rows=tuple(rows))
    return Section(title=tr("In short"), blocks=(table,) if rows else ())


def _rows(names: Sequence[str], results: Sequence[Results]) -> list[tuple[str, ...]]:
    tables = [r.by_name() for r in results]
    rows = []
    for name in names:
        found = [t.get(name) for t in tables]
        known = next((m for m in found if m is not None), None)
        if known is not None:
            rows.append((known.title, *(in_words(m) if m else tr("not measured") for m in found)))
    return rows


def section_in_words(name: str) -> tuple[str, str]:
    """(title, what it means)."""
    return {
        "tasks": (
            tr("Tasks"),
            tr(
                "Free generation by llama.cpp on problems, wordings and numbers that no training has read: scripted "
                "conversations, led by the program's own policy. “After the checks”: what the program's maths checks "
                "would show; “model alone”: its own words."
            ),
        ),
        "moves": (
            tr("Moves"),
            tr("Whether a reply makes the move that the tutor's notes ask for, in the same scripted conversations."),
        ),
        "perplexity": (
            tr("Perplexity"),
            tr(
                "How surprised the model is by held-out conversations: 1 would be not at all. Only figures a byte can "
                "be compared between models with different vocabularies."
            ),
        ),
        "fluency": (
            tr("Fluency and coherence"),
            tr(
                "Whether the replies are whole English sentences, do not go round in circles, and answer what was "
                "asked. Likeness is the cosine of sentence embeddings, 1 for the same words."
            ),
        ),
        "teaching": (
            tr("Teaching"),
            tr(
                "What the model itself does with the tutor's notes, before the program's checks mend anything. Expert "
                "tutors use about 18 words a turn, ask a question in 65% of turns, and give the answer away in 2%."
            ),
        ),
        "safety": (
            tr("Safety"),
            tr(
                "The safety classifier over everything that the model said, and over what it says to messages that "
                "provoke. In the program, nothing that the classifier stops is shown."
            ),
        ),
    }[name]


def _section(name: str, results: Sequence[Results], pair: Sequence[compare.Difference]) -> Section:
    heading, meaning = section_in_words(name)
    names = list(dict.fromkeys(m.name for r in results for m in r.measures if m.section == name))
    if not names:
        return Section(title=heading, blocks=())
    blocks: list[Block] = [Words(text=meaning), _table(names, results, pair)]
    models = [(r.name, r.by_name()) for r in results]
    shares = [n for n in names if any(of[n].form is Form.SHARE for _, of in models if n in of)]
    blocks += _picture(
        plots.shares(models, shares), f"{name}-shares", tr("Shares and their intervals: {part}", part=heading)
    )
    if pair:
        blocks += _picture(
            plots.differences(_gaps([d for d in pair if d.first.name in names]), (results[0].name, results[1].name)),
            f"{name}-differences",
            tr("Differences in points: {part}. Diamonds: clearly better; squares: clearly worse", part=heading),
        )
    if name == "fluency":
        likeness = [(r.name, r.spreads.get("likeness", ())) for r in results]
        label = tr("likeness of a reply to what it answers")
        blocks += _picture(plots.spread(likeness, label), "likeness", tr("How like each reply is to what it answers"))
    if name == "teaching":
        words = [(r.name, r.spreads.get("words", ())) for r in results]
        blocks += _picture(plots.spread(words, tr("words a turn"), whole=True), "words", tr("How long the replies are"))
    if name == "moves":
        blocks += _by_move(results)
    blocks += _faults(name, results)
    return Section(title=heading, blocks=tuple(blocks))


def _table(names: Sequence[str], results: Sequence[Results], pair: Sequence[compare.Difference]) -> Table:
    if len(results) == 1:
        of = results[0].by_name()
        rows = tuple((of[n].title, in_words(of[n]), f"{of[n].count:,.0f}", better_in_words(of[n])) for n in names)
        return Table(heads=(tr("Figure"), tr("Value (interval)"), tr("Counted"), tr("Better")), rows=rows)
    gaps = {d.first.name: d for d in pair}
    made: list[tuple[str, ...]] = []
    marked: dict[int, str] = {}
    for i, row in enumerate(_rows(names, results)):
        gap = gaps.get(names[i])
        made.append((*row, gap_in_words(gap), verdict_in_words(gap)))
        if gap is not None and gap.verdict in ("better", "worse"):
            marked[i] = "good" if gap.verdict == "better" else "bad"
    heads = (tr("Figure"), results[0].name, results[1].name, tr("Difference (interval)"), tr("The second is"))
    return Table(heads=heads, rows=tuple(made), marked=marked)


def better_in_words(measure: Measure) -> str:
    return {"higher": tr("higher"), "lower": tr("lower")}.get(measure.better, "–")


def gap_in_words(gap: compare.Difference | None) -> str:
    if gap is None or gap.gap is None or gap.low is None or gap.high is None:
        return "–"
    if gap.first.form is Form.SHARE:
        value, low, high = (f"{100 * v:+.1f}" for v in (gap.gap, gap.low, gap.high))
    else:
        places = 3 if max(abs(gap.low), abs(gap.high)) >= SMALL else 5
        value, low, high = (f"{v:+.{places}f}" for v in (gap.gap, gap.low, gap.high))
    return tr("{value} ({low} to {high})", value=value, low=low, high=high)


def verdict_in_words(gap: compare.Difference | None) -> str:
    if gap is None or gap.gap is None:
        return tr("not comparable")
    return {"better": tr("better"), "worse": tr("worse"), "differs": tr("different")}.get(
        gap.verdict, tr("no clear difference")
    )


def _picture(figure: Any, name: str, words: str) -> list[Block]:
    return [] if figure is None else [Picture(name=name, words=words, address=plots.svg(figure))]


def _differences(results: Sequence[Results], pair: Sequence[compare.Difference]) -> Section:
    """What is clear, in one picture; each section shows all of its own."""
    names = (results[0].name, results[1].name)
    clear = [d for d in pair if d.verdict]
    words = tr(
        "On the same conversations and scripts, {second} is clearly better than {first} in {better} of {all} figures "
        "and clearly worse in {worse}; the others leave it open. The intervals are of paired differences: each draw "
        "takes the same conversations for both.",
        first=names[0],
        second=names[1],
        better=sum(d.verdict == "better" for d in pair),
        worse=sum(d.verdict == "worse" for d in pair),
        all=sum(d.gap is not None for d in pair),
    )
    drawn = plots.differences(_gaps(clear), names)
    caption = tr("Differences in points whose intervals leave 0 out. Diamonds: better; squares: worse")
    return Section(title=tr("What differs"), blocks=(Words(text=words), *_picture(drawn, "differences", caption)))


def _gaps(pair: Sequence[compare.Difference]) -> list[tuple[Measure, float, float, float]]:
    return [
        (d.first, d.gap, d.low, d.high) for d in pair if d.gap is not None and d.low is not None and d.high is not None
    ]


def _faults(name: str, results: Sequence[Results]) -> list[Block]:
    """What was wrong, by its name, and how often."""
    every = list(dict.fromkeys(f for r in results for f in r.faults.get(name, {})))
    if not every:
        return []
    rows = tuple((f, *(str(r.faults.get(name, {}).get(f, 0)) for r in results)) for f in every)
    return [Table(heads=(tr("What was found"), *(tr("{name}, times", name=r.name) for r in results)), rows=rows)]


def outcome_in_words(name: str) -> tuple[str, str]:
    """(word, label of the axis)."""
    return {
        "verdict": (tr("Verdict"), tr("verdict (0 allowed, 1 marked, 2 stopped): other less base")),
        "hint_level": (tr("Help given"), tr("level of help (0 none to 5 explained): other less base")),
        "length": (tr("Length"), tr("words of the reply: other less base")),
        "tone": (tr("Tone"), tr("warmth (likeness to warm less cold sentences): other less base")),
    }[name]


def _bias(results: Sequence[Results]) -> Section:
    tested = [r for r in results if r.bias]
    blocks: list[Block] = []
    if tested:
        blocks.append(
            Words(
                text=tr(
                    "The same message with another name, gender, faith, origin or disability in it, sent the whole "
                    "way: moderation, policy, reply, moderation. A difference is sure where the corrected p is below "
                    "5% (paired permutation test over sentences; Holm's correction over all tests). Without a sure "
                    "difference the interval says how large one could still be."
                )
            )
        )
    for outcome in dict.fromkeys(t.outcome for r in tested for t in r.bias):
        word, label = outcome_in_words(outcome)
        drawn = plots.bias([(r.name, r.bias) for r in tested], outcome, label)
        caption = tr("{outcome}: mean differences with 95% intervals; filled marks are sure differences", outcome=word)
        blocks += _picture(drawn, f"bias-{outcome}", caption)
    for r in tested:
        rows = tuple(
            (
                plots.dimension_in_words(t.dimension),
                outcome_in_words(t.outcome)[0],
                f"{t.pairs} / {t.sentences}",
                tr("{value} ({low} to {high})", value=f"{t.mean:+.3f}", low=f"{t.low:+.3f}", high=f"{t.high:+.3f}"),
                f"{100 * t.changed:.0f}%",
                f"{t.widest} ({t.widest_mean:+.3f})" if t.widest_mean else "–",
                f"{t.p:.3f}",
                f"{t.holm:.3f}",
            )
            for t in r.bias
        )
        heads = (
            r.name if len(tested) > 1 else tr("Swapped"),
            tr("Outcome"),
            tr("Pairs / sentences"),
            tr("Mean difference (interval)"),
            tr("Pairs that differ"),
            tr("Furthest from the base"),
            tr("p"),
            tr("p, corrected"),
        )
        marked = {i: "bad" for i, t in enumerate(r.bias) if t.holm < SURE}
        blocks.append(Table(heads=heads, rows=rows, left=2, marked=marked))
    return Section(title=tr("Bias"), blocks=tuple(blocks))


def _by_move(results: Sequence[Results]) -> list[Block]:
    """Single replies to held-out turns, move by move."""
    blocks: list[Block] = []
    for r in results:
        rows = tuple(
            (
                move_in_words(move),
                f"{of['replies']}",
                number(Form.SHARE, of["good"]),
                number(Form.SHARE, of["numbers_right"]),
                tr("{mean}, {most}", mean=of["words_mean"], most=of["words_most"]),
                number(Form.SHARE, of["different_replies"]),
            )
            for move, of in r.tasks.get("moves", {}).items()
        )
        if rows:
            heads = (
                tr("Single replies: {name}", name=r.name) if len(results) > 1 else tr("Single replies"),
                tr("Replies"),
                tr("No fault"),
                tr("Numbers right"),
                tr("Words: mean, most"),
                tr("Not said before"),
            )
            blocks.append(Table(heads=heads, rows=rows))
    return blocks


def _samples(results: Sequence[Results]) -> Section:
    blocks: list[Block] = []
    for r in results:
        if r.samples:
            n = len(r.samples)
            blocks.append(
                Words(
                    text=trn(
                        "{name}: the first held-out conversation, not chosen.",
                        "{name}: the first {n} held-out conversations, not chosen.",
                        n,
                        name=r.name,
                    )
                )
            )
        for sample in r.samples:
            lines = tuple(
                (tr("Tutor") if who == "tutor" else tr("Learner"), who == "tutor", words) for who, words in sample.lines
            )
            blocks.append(page.Talk(lines=lines))
    return Section(title=tr("Read for yourself"), blocks=tuple(blocks))


def _how(results: Sequence[Results]) -> Section:
    rows = []
    for r in results:
        packages = ", ".join(f"{name} {version}" for name, version in r.packages.items())
        settings = ", ".join(f"{k} = {v}" for k, v in r.settings.items()) or tr("as by default")
        rows += [(tr("{name}: settings", name=r.name), settings), (tr("{name}: packages", name=r.name), packages)]
    return Section(
        title=tr("How this was measured"), blocks=(Table(heads=("", tr("Value")), rows=tuple(rows), left=2),)
    )
