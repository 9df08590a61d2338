"""Where data, models, caches and logs live. `TUTOR_HOME` moves all of it."""

import os
from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parent


def home() -> Path:
    """The one folder that holds everything that the program writes (created when asked for)."""
    chosen = os.environ.get("TUTOR_HOME")
    folder = Path(chosen).expanduser() if chosen else Path(platformdirs.user_data_dir("tutor", appauthor=False))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _inside(name: str) -> Path:
    folder = home() / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def database() -> Path:
    return home() / "tutor.db"


def backups() -> Path:
    return _inside("backups")


def logs() -> Path:
    return _inside("logs")


def snapshots() -> Path:
    """Saved KV prefixes of long conversations."""
    return _inside("snapshots")


def user_models() -> Path:
    """Models that a person added."""
    return _inside("models")


def adapters() -> Path:
    """Adapters with their reports, and what a training that was interrupted needs to go on."""
    return _inside("adapters")


def materials() -> Path:
    """The files of lessons' materials, by checksum."""
    return _inside("materials")


def sample_lessons() -> Path:
    """The lessons that come with the program."""
    return assets() / "lessons"


def shipped() -> Path:
    """The folder that holds `models/` and `assets/` (the checkout, or the installed program's folder)."""
    chosen = os.environ.get("TUTOR_SHIPPED")
    return Path(chosen) if chosen else _PACKAGE.parent


def starter_model() -> Path:
    return shipped() / "models" / "starter" / "starter.gguf"


def safety_model() -> Path:
    """The safety classifier in force: a downloaded one if a person chose it, else the one that ships."""
    return shipped() / "models" / "safety"


def assets() -> Path:
    return shipped() / "assets"
