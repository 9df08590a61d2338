"""Put the right number in the place of the one wrong number of a sentence, where that place is clear."""

import re
from collections.abc import Callable, Sequence

from tutor.tutoring.judging import WRONG, Judged
from tutor.tutoring.reading import NUMBER_WORDS


def corrected(text: str, judged: Sequence[Judged], is_right: Callable[[str], bool]) -> str:
    """The whole sentence with the right number, "" unless exactly one way of mending it makes it right."""
    wrong = [j for j in judged if j.verdict == WRONG]
    if len(wrong) != 1 or not wrong[0].said or not wrong[0].right:
        return ""
    said, right = wrong[0].said, wrong[0].right
    if sum(_holds(j.text, said) for j in judged) > 1:
        return ""  # the wrong number is carried on: another statement builds on it
    mended = {text[:start] + words + text[end:] for start, end, words in _places(text, said, right)}
    fitting = [t for t in mended if is_right(t)]
    return fitting[0] if len(fitting) == 1 else ""


def _holds(text: str, said: str) -> bool:
    return re.search(rf"(?<![\d.]){re.escape(said)}(?![\d]|\.\d)", text) is not None


def _places(text: str, said: str, right: str) -> list[tuple[int, int, str]]:
    """Where the wrong number stands in the sentence as written, and what would stand there instead."""
    spaced = re.escape(said).replace(r"\ ", r"\s*")
    found = [
        (m.start(), m.end(), _as_written(m[0], right))
        for m in re.finditer(rf"(?<![\d./\\])(?<!\d,){spaced}(?![\d/]|[.,]\d)", text, re.IGNORECASE)
    ]
    if match := re.fullmatch(r"(\d+)/(\d+)", said):
        latex = re.compile(rf"\\[dt]?frac\s*\{{\s*{match[1]}\s*\}}\s*\{{\s*{match[2]}\s*\}}")
        found += [(m.start(), m.end(), _latex(m[0], right)) for m in latex.finditer(text)]
    if said.isdigit() and int(said) < len(NUMBER_WORDS):
        words = NUMBER_WORDS[int(right)] if right.isdigit() and int(right) < len(NUMBER_WORDS) else right
        found += [
            (m.start(), m.end(), words) for m in re.finditer(rf"\b{NUMBER_WORDS[int(said)]}\b", text, re.IGNORECASE)
        ]
    return found[:6]


def _as_written(before: str, right: str) -> str:
    """Keep the space that the writer left between number and unit."""
    return right.replace(" ", "") if " " in right and " " not in before and "/" not in right else right


def _latex(before: str, right: str) -> str:
    command = before[: before.index("frac") + 4]
    if match := re.fullmatch(r"(?:(\d+) )?(\d+)/(\d+)", right):
        return f"{match[1] or ''}{command}{{{match[2]}}}{{{match[3]}}}"
    return right
