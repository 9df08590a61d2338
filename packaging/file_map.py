"""Writes the file map of README.md: every file under tutor/ with the first line of its docstring."""

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
BEGIN, END = "<!-- file map: make map -->\n", "<!-- end of the file map -->"


def subject(path: Path) -> str:
    """The first line of a file's docstring, without its full stop; "" for a file without one."""
    words = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return words.partition("\n")[0].removesuffix(".")


def section() -> str:
    """The map: a heading a folder (its package's docstring), a line a file."""
    lines = []
    for folder in sorted({p.parent for p in (ROOT / "tutor").rglob("*.py")}):
        name = folder.relative_to(ROOT).as_posix()
        package = folder / "__init__.py"
        said = subject(package) if package.exists() else ""
        lines += [f"\n**{name}/**{': ' + said if said else ''}\n"]
        for path in sorted(folder.glob("*.py")):
            if path.name != "__init__.py":
                lines.append(f"- `{path.relative_to(ROOT).as_posix()}`: {subject(path)}")
    return "\n".join(lines).strip() + "\n"


def parts() -> tuple[str, str, str]:
    """README.md before, in, and after the map."""
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    inside, mark, after = rest.partition(END)
    if not mark:
        sys.exit("README.md has no marks for the file map")
    return before + BEGIN, inside, mark + after


def is_true() -> bool:
    return parts()[1] == section()


def main() -> None:
    before, _, after = parts()
    README.write_text(before + section() + after, encoding="utf-8")


if __name__ == "__main__":
    main()
