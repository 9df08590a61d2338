"""Preference pairs: one prompt, a chosen and a rejected answer. Read, written, cleaned, and divided by prompt."""

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from tutor.domain import Frozen
from tutor.errors import UserError
from tutor.i18n import tr


class Pair(Frozen):
    """A line of a file of pairs."""

    prompt: tuple[dict[str, str], ...]
    """Chat messages up to and including the learner's."""
    chosen: str
    rejected: str
    source: str = ""


def read(path: Path) -> list[Pair]:
    """Pairs of a `.jsonl` file. Raises UserError naming the line that is none."""
    found = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(msgspec.json.decode(line, type=Pair))
        except (msgspec.ValidationError, msgspec.DecodeError) as error:
            raise UserError(
                tr(
                    "Line {number} of {file} is not a preference pair ({reason}). Nothing was trained. A line looks "
                    'like {{"prompt": [{{"role": "user", "content": "..."}}], "chosen": "...", "rejected": "..."}}; '
                    "mend or remove the line.",
                    number=number,
                    file=path,
                    reason=error,
                ),
                code="bad_pairs",
            ) from error
    return found


def write(path: Path, pairs: Iterable[Pair]) -> None:
    """One line a pair, the file whole or not at all."""
    part = path.with_suffix(".part")
    part.write_bytes(b"".join(msgspec.json.encode(pair) + b"\n" for pair in pairs))
    part.replace(path)


def digest(folder: Path) -> str:
    """A hash of the pairs in a folder's files; of nothing where there are none."""
    found = hashlib.sha256()
    for path in sorted(folder.glob("*.jsonl")):
        found.update(path.read_bytes())
    return found.hexdigest()


def cleaned(pairs: Iterable[Pair]) -> list[Pair]:
    """Without pairs that say nothing (an empty side, twice the same words), contradict an earlier one, or repeat it."""
    kept: dict[tuple[bytes, str, str], Pair] = {}
    for pair in pairs:
        chosen, rejected = pair.chosen.strip(), pair.rejected.strip()
        if not pair.prompt or not chosen or not rejected or chosen == rejected:
            continue
        about = msgspec.json.encode(pair.prompt)
        if (about, rejected, chosen) not in kept:
            kept.setdefault((about, chosen, rejected), msgspec.structs.replace(pair, chosen=chosen, rejected=rejected))
    return list(kept.values())


def is_held(prompt: Sequence[dict[str, str]], held: float) -> bool:
    """Whether a prompt is one to measure with: about a share `held` of all, by a hash of the prompt alone."""
    return zlib.crc32(msgspec.json.encode(prompt)) % 1000 < held * 1000


def divided(pairs: Iterable[Pair], held: float) -> tuple[list[Pair], list[Pair]]:
    """Pairs to learn from and pairs to measure with: no prompt is on both sides."""
    learn: list[Pair] = []
    measure: list[Pair] = []
    for pair in pairs:
        (measure if is_held(pair.prompt, held) else learn).append(pair)
    return learn, measure
