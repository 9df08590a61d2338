"""The safety classifier's recipe: the passes over its rows, in `models/recipes/safety.toml`, read strictly."""

import tomllib
from pathlib import Path
from typing import Annotated

import msgspec

from tutor import paths
from tutor.domain import Frozen
from tutor.errors import UserError
from tutor.i18n import tr

FILE = Path("models") / "recipes" / "safety.toml"
Positive = Annotated[float, msgspec.Meta(gt=0, le=1e6)]


class Blend(Frozen, forbid_unknown_fields=True):
    """Weights of an earlier version that a pass begins with beside those of the pass before it."""

    file: str
    """A checkpoint in the working folder; where it is missing the pass begins without it."""
    share: Annotated[float, msgspec.Meta(gt=0, lt=1)]
    """Its part of each weight's mean."""


class Pass(Frozen, forbid_unknown_fields=True):
    """One training run; it begins where the pass before it ended."""

    minutes: Positive
    """It stops after this long; the learning rate has fallen to 0 by then."""
    epochs: Positive
    """Or after so many readings of the rows."""
    rate: Positive
    seed: int
    rounded: float = 2.0
    """From this part of the run on it learns in eight-bit arithmetic; above 1: never."""
    without: tuple[str, ...] = ()
    """Sources that this pass does not read."""
    all_of: tuple[str, ...] = ()
    """Sources that it reads whole when `share` is under 1: `own:everyday`, say."""
    share: Annotated[float, msgspec.Meta(gt=0, le=1)] = 1.0
    """Of the other rows, how many it reads."""
    blend: Blend | None = None
    kept: Annotated[float, msgspec.Meta(ge=0, lt=1)] = 0.0
    """How much of the weights that it began with each weight keeps at the end."""


class End(Frozen, forbid_unknown_fields=True):
    """Weights in the working folder that what ships is a mean of."""

    file: str
    share: Annotated[float, msgspec.Meta(gt=0, le=1)]


class Recipe(Frozen, forbid_unknown_fields=True):
    """Everything that shapes the classifier, beside the templates and the public data."""

    version: str
    seed: int
    """Of the rows."""
    passes: tuple[Pass, ...]
    ends: tuple[End, ...] = ()
    """Of which weights it is the mean; without them it is what the last pass made."""


def read(path: Path | None = None) -> Recipe:
    """The recipe at `path`, by default the one that ships. Raises UserError that names what to mend."""
    file = path or paths.shipped() / FILE
    try:
        found = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Recipe)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise _wrong(file, str(error)) from error
    if not found.passes:
        raise _wrong(file, tr("it names no pass"))
    if found.ends and abs(sum(end.share for end in found.ends) - 1) > 1e-6:
        raise _wrong(file, tr("the shares of its ends do not add up to 1"))
    return found


def _wrong(file: Path, why: str) -> UserError:
    return UserError(
        tr(
            "The recipe {file} cannot be used: {why}. Nothing was changed. Mend it, or use the recipe that ships.",
            file=file,
            why=why,
        ),
        code="bad_recipe",
    )
