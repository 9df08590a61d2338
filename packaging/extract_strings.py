"""Collects every `tr("...")` and `trn("...", "...", n)` under tutor/ into assets/translations/tutor.pot."""

import ast
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "assets" / "translations" / "tutor.pot"
WORDS = {"tr": 1, "trn": 2}
"""Function to the number of its leading arguments that are texts."""
RULE = re.compile(r"\(\?[:P!=<]|\\[bdsSw]|\)[?*+]")
"""What stands in a regular expression, and in no text for people."""
HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'


def calls(tree: ast.AST) -> Iterator[tuple[ast.Call, list[ast.expr]]]:
    """Each translating call with the arguments that must be literal texts."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in WORDS and node.args:
                yield node, node.args[: WORDS[name]]


def literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def tables(tree: ast.Module) -> Iterator[str]:
    """Texts with a blank in the module's own tables and in those that it imports: what `tr(table[...])` picks from."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and any(alias.name.isupper() for alias in node.names):
            other = ROOT / f"{(node.module or '').replace('.', '/')}.py"
            if other.is_file():
                yield from tables(ast.parse(other.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            keys = {id(key) for part in ast.walk(node.value) if isinstance(part, ast.Dict) for key in part.keys}
            for part in ast.walk(node.value):
                text = literal(part) if isinstance(part, ast.expr) and id(part) not in keys else None
                if text and " " in text and not RULE.search(text):
                    yield text


def sources() -> Iterator[tuple[str, ast.Module]]:
    """Every file that translates, with its tree."""
    for path in sorted((ROOT / "tutor").rglob("*.py")):
        if path.name != "i18n.py":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            tree.body += ast.parse(f"BESIDE = {said_beside(path)!r}").body
            yield path.relative_to(ROOT).as_posix(), tree


def said_beside(path: Path) -> list[str]:
    """Texts for people in the TOML file of a module's name, such as tips: a table of that module, too."""
    beside = path.with_suffix(".toml")
    if not beside.is_file():
        return []
    rows = [
        row
        for part in tomllib.loads(beside.read_text(encoding="utf-8")).values()
        if isinstance(part, list)
        for row in part
    ]
    tables = [row for row in rows if isinstance(row, dict)]
    tips = [text for row in tables for text in row.get("tips", ())]
    return tips + [
        row[key] for row in tables for key in ("says", "example", "use", "missing") if isinstance(row.get(key), str)
    ]


def put_together(tree: ast.Module) -> list[int]:
    """Lines of calls whose text is made at run time, so that no catalogue could hold it.

    A text may be picked from a table, of the same file or imported; it may not be an f-string, a sum, or a call.
    """
    picked = (ast.Name, ast.Subscript) if any(tables(tree)) else ()
    return [
        call.lineno
        for call, texts in calls(tree)
        if any(literal(text) is None and not isinstance(text, picked) for text in texts)
    ]


def not_literal() -> list[str]:
    return [f"{name}:{line}" for name, tree in sources() for line in put_together(tree)]


def texts(tree: ast.Module) -> Iterator[tuple[str, ...]]:
    """What a file translates: one text, or singular and plural."""
    for _, said in calls(tree):
        words = [literal(text) for text in said]
        if None in words:
            yield from ((text,) for text in tables(tree))
        else:
            yield tuple(w for w in words if w is not None)


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("\n", "\\n")
    return f'"{escaped}"'


def template() -> str:
    """The catalogue's template; texts in the order of the files, each once, with its files."""
    places: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, tree in sources():
        for words in texts(tree):
            if name not in places[words]:
                places[words].append(name)
    entries = [HEAD]
    for words, names in places.items():
        lines = [f"#: {' '.join(names)}"]
        if any("{" in word for word in words):
            lines.append("#, python-brace-format")
        lines.append(f"msgid {quoted(words[0])}")
        if len(words) == 1:
            lines.append('msgstr ""')
        else:
            lines += [f"msgid_plural {quoted(words[1])}", 'msgstr[0] ""', 'msgstr[1] ""']
        entries.append("\n".join(lines) + "\n")
    return "\n".join(entries)


def main() -> None:
    broken = not_literal()
    if broken:
        sys.exit("tr() needs a literal text here:\n  " + "\n  ".join(broken))
    TEMPLATE.parent.mkdir(parents=True, exist_ok=True)
    TEMPLATE.write_text(template(), encoding="utf-8")
    print(f"{TEMPLATE.relative_to(ROOT)}: {template().count('msgid ') - 1} texts")


if __name__ == "__main__":
    main()
