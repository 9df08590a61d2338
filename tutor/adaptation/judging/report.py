"""The report of a judgement, for people: what was decided and why, the figures, and every answer before and after.

Its folder lies in the teacher's data: corrections' words stand here and nowhere else.
"""

import html
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from tutor.adaptation.judging import gate, plots
from tutor.adaptation.judging.figures import ARMS, Answer, Found, by_kind
from tutor.errors import UserError
from tutor.i18n import tr

REPORT: Final = "report.html"
ANSWERS: Final = "answers.html"
DATA: Final = "judgement.json"
ROWS: Final = "answers.json"
_STYLE: Final = f"""
body {{ font: 16px/1.5 "Atkinson Hyperlegible Next", "DejaVu Sans", sans-serif; color: {plots.INK};
  max-width: 60rem; margin: 2rem auto; padding: 0 1rem; background: #fff }}
h1, h2 {{ line-height: 1.2 }} table {{ border-collapse: collapse; width: 100%; margin: 1rem 0 }}
th, td {{ text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid {plots.LINE} }}
th {{ color: {plots.QUIET}; font-weight: 600 }} img {{ max-width: 100% }}
.no {{ color: {plots.WARM}; font-weight: 600 }} .yes {{ color: {plots.ACCENT}; font-weight: 600 }}
.quiet {{ color: {plots.QUIET} }} .box {{ border-left: 4px solid {plots.ACCENT}; padding: .2rem 1rem }}
.box.no {{ border-color: {plots.WARM}; font-weight: 400; color: {plots.INK} }}
"""


def write(folder: Path, found: Found, figures: Mapping[str, float], verdict: gate.Verdict) -> None:
    """Write all files of the report. Raises UserError (code `report`), for instance when the disk is full."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        kept = {"figures": dict(figures), "promoted": verdict.promoted, "reasons": verdict.reasons}
        _write(folder / DATA, msgspec.json.format(msgspec.json.encode(kept), indent=1))
        _write(folder / ROWS, msgspec.json.encode({"asked": found.asked, "beside": found.beside}))
        _write(folder / REPORT, _page(tr("Judgement of an adapter"), _report(found, figures, verdict)))
        _write(folder / ANSWERS, _page(tr("Answers before and after"), _answers(found)))
    except OSError as error:
        raise UserError(
            tr(
                "The report could not be written to {folder} ({reason}). The adapter is kept and not used. Make room, "
                "then have it judged again.",
                folder=folder,
                reason=error.strerror or error,
            ),
            code="report",
        ) from None


def _write(path: Path, content: bytes) -> None:
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    part.replace(path)


def _page(title: str, body: str) -> bytes:
    page = f"""<!doctype html><html lang="{html.escape(tr("en"))}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{html.escape(title)}</title><style>{_STYLE}</style>
<h1>{html.escape(title)}</h1>
{body}
</html>
"""
    return page.encode(errors="replace")


def _report(found: Found, figures: Mapping[str, float], verdict: gate.Verdict) -> str:
    decided = tr("The adapter may be used.") if verdict.promoted else tr("The adapter is kept and not used.")
    mark = "yes" if verdict.promoted else "no"
    parts = [
        f'<div class="box {mark}"><p><strong>{html.escape(decided)}</strong></p>',
        *(f"<p>{html.escape(reason)}</p>" for reason in verdict.reasons),
        "</div>",
        f'<p><a href="{ANSWERS}">{html.escape(tr("Every answer before and after"))}</a></p>',
        _section(
            tr("Right answers"), _arms(figures) + _image(plots.right(figures), tr("Right answers in the four arms"))
        ),
        _section(tr("By kind of correction"), _kinds(found)),
        _section(tr("What else may have changed"), _margins(figures) + _image(plots.margins(figures), tr("Margins"))),
        _section(tr("How it was measured"), _measured(found)),
    ]
    return "\n".join(parts)


def _section(title: str, body: str) -> str:
    return f"<h2>{html.escape(title)}</h2>\n{body}"


def _image(data: str, words: str) -> str:
    return f'<img src="{data}" alt="{html.escape(words)}">'


def _table(head: list[str], rows: list[list[str]]) -> str:
    """Cells are HTML already."""
    top = "".join(f"<th>{html.escape(cell)}</th>" for cell in head)
    body = "\n".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><tr>{top}</tr>\n{body}</table>"


def _arms(figures: Mapping[str, float]) -> str:
    rows = []
    for kind, words in (("right", tr("The corrected questions")), ("held", tr("The same in other words"))):
        count = figures.get(f"{kind}_count", 0.0)
        if count:
            cells = [gate.percent(figures[f"{kind}_{arm}"]) for arm in ARMS]
            rows.append([html.escape(words), f"{count:.0f}", *cells])
    return _table(["", tr("asked"), *map(plots.arm, ARMS)], rows)


def _kinds(found: Found) -> str:
    names = {
        "fact": tr("a fact"),
        "method": tr("a method"),
        "explanation": tr("an explanation"),
        "style": tr("a rule of style"),
        "scope": tr("something outside its world"),
    }
    tables = {arm: by_kind(found.asked, arm) for arm in ARMS}
    rows = []
    for kind, (_right, of) in tables["base"].items():
        cells = [f"{tables[arm][kind][0]} / {of}" for arm in ARMS]
        rows.append([html.escape(names.get(kind, kind)), *cells])
    return _table([tr("kind"), *map(plots.arm, ARMS)], rows)


def _margins(figures: Mapping[str, float]) -> str:
    rows = []
    for margin in gate.MARGINS:
        worse = margin.worse_by(figures)
        if worse is None:
            continue
        show = gate.percent if margin.as_share else "{:.3f}".format
        before = figures[margin.before] if margin.before else margin.wanted
        allowed = margin.allowed(figures)
        over = worse > allowed + 1e-9
        verdict = f'<span class="no">{tr("too much")}</span>' if over else f'<span class="yes">{tr("kept")}</span>'
        rows.append(
            [
                f'{html.escape(gate.title(margin.name))}<br><span class="quiet">{html.escape(gate.reason(margin.name))}'
                "</span>",
                show(before),
                show(figures[margin.after]),
                show(allowed),
                verdict,
            ]
        )
    return _table([tr("what"), tr("before"), tr("with the adapter"), tr("at most worse"), ""], rows)


def _measured(found: Found) -> str:
    words = [
        tr(
            "Every answer was written by the engine that answers learners, from the model's file on this computer, "
            "with the likeliest word each time. An answer counts as right when it says the numbers, names and most of "
            "the rarer words of the accepted answer and nothing against it."
        ),
        tr("It took {n} minutes.", n=f"{found.seconds / 60:.1f}"),
    ]
    without, used, awake = found.perplexity
    if awake != used:
        words.append(
            tr(
                "On this small model the adapter speaks only where the model's own world ends and it has something to "
                "say that the model has not; everything else stays as it was. Were it to speak everywhere, the "
                "perplexity of plain text would change by {rise}.",
                rise=gate.percent(awake / without - 1.0),
            )
        )
    if found.share < 1.0:
        words.append(
            tr(
                "This model is slow here, so {share} of the questions were asked, evenly drawn; intervals are wider.",
                share=gate.percent(found.share),
            )
        )
    return "\n".join(f"<p>{html.escape(w)}</p>" for w in words)


def _answers(found: Found) -> str:
    parts = [f'<p><a href="{REPORT}">{html.escape(tr("Back to the judgement"))}</a></p>']
    rows = []
    for asked in found.asked:
        note = f'<br><span class="quiet">{html.escape(tr("in other words"))}</span>' if asked.held_out else ""
        cells = [_cell(asked.answers[arm]) for arm in ARMS]
        rows.append([f"{html.escape(asked.question)}{note}", html.escape(asked.accepted), *cells])
    head = [tr("question"), tr("accepted answer"), *map(plots.arm, ARMS)]
    parts.append(_section(tr("What the corrections are about"), _table(head, rows)))
    changed = [b for b in found.beside if not b.same]
    same = len(found.beside) - len(changed)
    rows = [[html.escape(b.question), html.escape(b.before), html.escape(b.after)] for b in changed]
    parts.append(
        _section(
            tr("What no correction is about"),
            f"<p>{html.escape(tr('{same} of {all} answers are the same.', same=same, all=len(found.beside)))}</p>"
            + (_table([tr("question"), tr("before"), tr("with the adapter")], rows) if rows else ""),
        )
    )
    return "\n".join(parts)


def _cell(answer: Answer) -> str:
    mark = tr("right") if answer.right else answer.why
    sign = "yes" if answer.right else "no"
    return f'{html.escape(answer.text)}<br><span class="{sign}">{html.escape(mark)}</span>'
