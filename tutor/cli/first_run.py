"""What the first run must know before anyone can chat, checked, and written to the store in one go."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tutor import paths
from tutor.domain import AgeBand, Setting
from tutor.errors import UserError
from tutor.i18n import tr

if TYPE_CHECKING:
    from tutor.store import Store


class Answers(msgspec.Struct, kw_only=True):
    """What is set. Empty fields are left as they are."""

    setting: Setting | None = None
    country: str = ""
    contact_name: str = ""
    contact_reach: str = ""
    contact_confirmed: bool = False
    secret: str = ""
    """The teacher's passphrase or PIN."""
    learner_name: str = ""
    picture: str = ""
    age_band: AgeBand = AgeBand.A8_10
    language: str = "en-GB"


def pictures() -> list[str]:
    """Names of the pictures that learners choose from."""
    return sorted(path.stem for path in (paths.assets() / "pictures").glob("*.svg"))


def check(answers: Answers) -> None:
    """Raises UserError for what cannot be set, before anything is."""
    if answers.picture and answers.picture not in pictures():
        raise UserError(
            tr("There is no picture {name}. There are: {names}", name=answers.picture, names=", ".join(pictures())),
            code="picture",
        )
    if answers.country and not (len(answers.country) == 2 and answers.country.isascii() and answers.country.isalpha()):
        raise UserError(tr("The country is two letters, such as GB or DE."), code="country")
    if bool(answers.contact_name.strip()) != bool(answers.contact_reach.strip()):
        raise UserError(tr("The safeguarding contact needs a name and a way to reach them."), code="contact_incomplete")


def apply(store: "Store", answers: Answers) -> str:
    """Write the answers; gives the new recovery code, "" when no passphrase was set."""
    check(answers)
    code = store.set_passphrase(answers.secret) if answers.secret else ""
    if answers.setting is not None:
        store.set_setting("setting", answers.setting.value)
    if answers.country:
        store.set_setting("country", answers.country.upper())
    if answers.contact_name:
        store.set_contact(answers.contact_name, answers.contact_reach, confirmed=answers.contact_confirmed)
    if answers.learner_name.strip():
        names = pictures()
        picture = answers.picture or (names[len(store.learners()) % len(names)] if names else "")
        store.add_learner(answers.learner_name.strip(), picture, answers.age_band, answers.language)
    return code


def secret_from(path: Path, *, pin: bool) -> str:
    """The passphrase or PIN that a file holds. Raises UserError."""
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or tr("it is not text")
        raise UserError(
            tr("{file} could not be read: {reason}", file=path, reason=reason), code="secret_file"
        ) from error
    if pin and not secret.isdecimal():
        raise UserError(tr("{file} does not hold a PIN: digits alone.", file=path), code="secret_file")
    return secret


class RecoveryFile:
    """A new file that only its owner may read, opened before anything is changed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise UserError(
                tr("{file} could not be made: {reason}. Nothing was changed.", file=path, reason=error.strerror),
                code="recovery_file",
            ) from error

    def write(self, code: str) -> None:
        with os.fdopen(self._fd, "w", encoding="utf-8") as out:
            out.write(code + "\n")

    def discard(self) -> None:
        """Take the empty file away again."""
        os.close(self._fd)
        self.path.unlink(missing_ok=True)
