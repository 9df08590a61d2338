"""Translation of everything that people read, in one gettext catalogue for windows, terminal and engine.

`tr("…")` marks and translates; catalogues live in `assets/translations/<language>/LC_MESSAGES/tutor.mo`.
"""

import gettext
from pathlib import Path

_current: gettext.NullTranslations = gettext.NullTranslations()


def use(language: str, folder: Path) -> None:
    """Switch to a language (BCP 47); English words stay where the catalogue has none."""
    global _current
    tag = language.replace("-", "_")
    _current = gettext.translation("tutor", folder, languages=[tag, tag.split("_")[0]], fallback=True)


def tr(text: str, /, **values: object) -> str:
    """The text in the current language, `{name}` fields filled in after translation."""
    translated = _current.gettext(text)
    return translated.format(**values) if values else translated


def trn(singular: str, plural: str, n: int, /, **values: object) -> str:
    """The right plural form for `n`; `{n}` is filled in."""
    return _current.ngettext(singular, plural, n).format(n=n, **values)
