"""Blocks of a report (words, tables, pictures) and how they become one web page or Markdown."""

import base64
import html as markup
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from tutor.domain import Frozen


class Words(Frozen):
    text: str


class Table(Frozen):
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: int = 1
    """So many columns are words, the others figures."""
    marked: dict[int, str] = msgspec.field(default_factory=dict)
    """Row to good | bad: said in words too, the colour only helps."""


class Picture(Frozen):
    name: str
    """Of the file beside a Markdown report."""
    words: str
    """What it shows, for those who do not see it."""
    address: str
    """`data:image/svg+xml;base64,...`"""


class Talk(Frozen):
    """Lines of a conversation: (speaker, whether it is the tutor, words)."""

    lines: tuple[tuple[str, bool, str], ...]


Block = Words | Table | Picture | Talk


class Section(Frozen):
    title: str
    blocks: tuple[Block, ...]


STYLE: Final = """
:root{--paper:#FBFAF7;--surface:#FFFFFF;--ink:#1D2430;--quiet:#5A6472;--line:#E4E1DA;--accent:#2F6B5E;
--soft:#E3F0EC;--good:#2A7548;--bad:#B3261E;color-scheme:light}
@media(prefers-color-scheme:dark){:root{--paper:#14181D;--surface:#1C2229;--ink:#E8EAED;--quiet:#9AA4B1;
--line:#2C343D;--accent:#7CC4B2;--soft:#203A35;--good:#8BD0A6;--bad:#F2B8B5;color-scheme:dark}}
@media print{:root{--paper:#FFF;--surface:#FFF;--ink:#000;--quiet:#333;--soft:#EEE;color-scheme:light}
section{break-inside:avoid}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);
font:16px/1.5 "Atkinson Hyperlegible Next","Atkinson Hyperlegible",system-ui,"Noto Sans","DejaVu Sans",sans-serif}
main{max-width:880px;margin:0 auto;padding:48px 24px 64px}
h1{font-size:32px;line-height:1.25;margin:0 0 8px}h2{font-size:22px;margin:0 0 12px}
header p{color:var(--quiet);margin:0 0 4px;overflow-wrap:anywhere}
nav{margin:24px 0 0}nav a{display:inline-block;margin:0 16px 8px 0}
a{color:var(--accent);text-underline-offset:3px}a:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
section{background:var(--surface);border:1px solid var(--line);border-radius:10px;padding:24px;margin:24px 0 0}
section p{margin:0 0 16px;max-width:70ch}
.wide{overflow-x:auto;margin:0 0 16px}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:8px 16px 8px 0;text-align:right;vertical-align:top;border-top:1px solid var(--line);white-space:nowrap}
thead th{border-top:0;color:var(--quiet);font-weight:400;font-size:14px;vertical-align:bottom;white-space:normal}
th.w,td.w{text-align:left;white-space:normal}tbody th{font-weight:400}
td:last-child,th:last-child{padding-right:0}
tr.good td:last-child{color:var(--good);font-weight:600}tr.bad td:last-child{color:var(--bad);font-weight:600}
figure{margin:0 0 16px;background:#FFF;border-radius:8px;padding:12px}figure img{display:block;width:100%;height:auto}
figcaption{color:#5A6472;font-size:14px;margin-top:8px}
.talk{border-top:1px solid var(--line);padding:16px 0 8px}
.talk p{margin:0 0 8px;max-width:64ch;overflow-wrap:anywhere}
.talk .learner{background:var(--soft);border-radius:10px;padding:8px 12px;margin-left:auto;width:fit-content;
max-width:70%}
.talk b{display:block;font-size:13px;color:var(--quiet);font-weight:400}
"""


def html(title: str, lead: Sequence[str], sections: Sequence[Section], language: str = "en-GB") -> str:
    """One page that needs no other file."""
    links = "".join(f'<a href="#part-{i}">{_safe(s.title)}</a>' for i, s in enumerate(sections))
    body = "".join(
        f'<section id="part-{i}"><h2>{_safe(s.title)}</h2>{"".join(_block(b) for b in s.blocks)}</section>\n'
        for i, s in enumerate(sections)
    )
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{_safe(title)}</title>'
        f"<style>{STYLE}</style></head>\n<body><main><header><h1>{_safe(title)}</h1>"
        f"{''.join(f'<p>{_safe(line)}</p>' for line in lead)}</header>\n<nav>{links}</nav>\n"
        f"{body}</main></body></html>\n"
    )


def _block(block: Block) -> str:
    if isinstance(block, Words):
        return f"<p>{_safe(block.text)}</p>"
    if isinstance(block, Picture):
        return (
            f'<figure><img src="{block.address}" alt="{_safe(block.words)}">'
            f"<figcaption>{_safe(block.words)}</figcaption></figure>"
        )
    if isinstance(block, Talk):
        lines = "".join(
            f'<p class="{"tutor" if tutor else "learner"}"><b>{_safe(who)}</b>{_safe(words)}</p>'
            for who, tutor, words in block.lines
        )
        return f'<div class="talk">{lines}</div>'
    heads = "".join(f'<th scope="col"{_left(i, block)}>{_safe(h)}</th>' for i, h in enumerate(block.heads))
    rows = []
    for n, row in enumerate(block.rows):
        cells = "".join(
            f'<th scope="row" class="w">{_safe(c)}</th>' if i == 0 else f"<td{_left(i, block)}>{_safe(c)}</td>"
            for i, c in enumerate(row)
        )
        mark = block.marked.get(n, "")
        rows.append(f"<tr{f' class={chr(34)}{mark}{chr(34)}' if mark else ''}>{cells}</tr>")
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{_safe(block.heads[0])}">'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _left(column: int, table: Table) -> str:
    return ' class="w"' if column < table.left else ""


def _safe(text: str) -> str:
    return markup.escape(text).replace("\n", "<br>")


def markdown(title: str, lead: Sequence[str], sections: Sequence[Section], pictures: Path | None = None) -> str:
    """The same as Markdown; pictures are written into the folder `pictures`, or left out without one."""
    parts = [f"# {title}", *lead]
    for section in sections:
        parts.append(f"## {section.title}")
        for block in section.blocks:
            if isinstance(block, Words):
                parts.append(block.text)
            elif isinstance(block, Table):
                parts.append(_table(block))
            elif isinstance(block, Talk):
                parts += [f"{'' if tutor else '> '}{_flat(words)}" for _, tutor, words in block.lines]
                parts.append("---")
            elif pictures is not None:
                pictures.mkdir(parents=True, exist_ok=True)
                file = pictures / f"{block.name}.svg"
                file.write_bytes(base64.b64decode(block.address.partition(",")[2]))
                parts.append(f"![{_flat(block.words)}]({pictures.name}/{file.name})")
    return "\n\n".join(parts) + "\n"


def _table(table: Table) -> str:
    lines = [table.heads, tuple("---" if i < table.left else "--:" for i in range(len(table.heads))), *table.rows]
    return "\n".join("| " + " | ".join(_flat(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def _flat(text: str) -> str:
    return " ".join(text.split())
