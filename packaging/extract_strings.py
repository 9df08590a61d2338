"""Collects every `tr("...")` and `trn("...", "...", n)` under tutor/ into assets/translations/tutor.pot."""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "assets" / "translations" / "tutor.pot"
WORDS = {"tr": 1, "trn": 2}
"""Function to the number of its leading arguments that are texts."""
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


def sources() -> Iterator[Path]:
    yield from sorted((ROOT / "tutor").rglob("*.py"))


def not_literal() -> list[str]:
    """Places where a translating call's text is put together at run time, so that no catalogue could hold it."""
    found = []
    for path in sources():
        if path.name != "i18n.py":
            for call, texts in calls(ast.parse(path.read_text(encoding="utf-8"))):
                if any(literal(text) is None for text in texts):
                    found.append(f"{path.relative_to(ROOT)}:{call.lineno}")
    return found


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("\n", "\\n")
    return f'"{escaped}"'


def template() -> str:
    """The catalogue's template; texts in the order of the files, each once, with its files."""
    places: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for path in sources():
        for _, texts in calls(ast.parse(path.read_text(encoding="utf-8"))):
            words = tuple(w for w in map(literal, texts) if w is not None)
            name = path.relative_to(ROOT).as_posix()
            if words and name not in places[words]:
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
