"""Names in the patterns of rule files: `<name>` stands for an entry of the file's [words], which may name others."""

from collections.abc import Mapping


def written_out(pattern: str, words: Mapping[str, str]) -> str:
    """The pattern with every name replaced; one that is no entry stays, as the name of a group does."""
    for _ in words:  # an entry that names itself does not go on for ever
        before = pattern
        for name, entry in words.items():
            pattern = pattern.replace(f"<{name}>", entry)
        if pattern == before:
            break
    return pattern
