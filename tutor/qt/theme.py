"""The theme in force: tokens, text size, fonts, and how they reach Qt (Fusion palette and one stylesheet).

Widgets ask `current()` and `scale(px)` when they paint or lay out, and connect a bound method to `changed` when they
hold pixels or colours themselves.
"""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from tutor import paths
from tutor.qt import palettes, stylesheet
from tutor.qt.palettes import Theme

SMALLEST, LARGEST, STEP = 80, 200, 10

FAMILIES = {"hyperlegible": "Atkinson Hyperlegible Next", "dyslexic": "OpenDyslexic"}
FALL_BACKS = ("Noto Sans", "Noto Sans Arabic", "Noto Sans Devanagari", "Noto Sans CJK SC", "DejaVu Sans")
_FILES = {"hyperlegible": "AtkinsonHyperlegibleNext-*.ttf", "dyslexic": "OpenDyslexic-*.otf"}


class _State(QObject):
    """What is in force. One for the process, because Qt's palette and stylesheet are, too."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.theme: Theme = palettes.LIGHT
        self.chosen = "system"
        self.percent = 100
        self.font = "hyperlegible"
        self.reduced_motion = False
        self.loaded: set[str] = set()
        self.follows_system = False

    def follow_system(self) -> None:
        if self.chosen == "system":
            apply(theme=self.chosen)


_state = _State()
changed = _state.changed
"""Emitted after palette, font and stylesheet are in force."""


def current() -> Theme:
    return _state.theme


def chosen() -> str:
    """What the person chose: system, light, dark, contrast or contrast-dark."""
    return _state.chosen


def percent() -> int:
    return _state.percent


def font_name() -> str:
    """hyperlegible or dyslexic."""
    return _state.font


def scale(px: float) -> int:
    """Pixels at the text size in force."""
    return round(px * _state.percent / 100)


def motion(ms: int) -> int:
    """The length of an animation: 0 when reduced motion is on."""
    return 0 if _state.reduced_motion else ms


def families() -> list[str]:
    return [FAMILIES[_state.font], *FALL_BACKS]


def font(px: float = 16, *, bold: bool = False) -> QFont:
    """A font of the chosen family at `px` for 100% text size."""
    made = QFont()
    made.setFamilies(families())
    made.setPixelSize(scale(px))
    made.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return made


def resolve(name: str) -> Theme:
    """The theme that a setting stands for."""
    if name == "system":
        scheme = QGuiApplication.styleHints().colorScheme()
        return palettes.DARK if scheme == Qt.ColorScheme.Dark else palettes.LIGHT
    return palettes.THEMES.get(name, palettes.LIGHT)


def apply(
    *,
    theme: str | None = None,
    percent: int | None = None,
    font: str | None = None,
    reduced_motion: bool | None = None,
) -> None:
    """Put what is given in force on the running application; the rest stays as it is."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    if not _state.follows_system:
        _state.follows_system = True
        app.setStyle("Fusion")
        QGuiApplication.styleHints().colorSchemeChanged.connect(_state.follow_system)
    if theme is not None:
        _state.chosen = theme
    if percent is not None:
        _state.percent = max(SMALLEST, min(LARGEST, percent))
    if font is not None:
        _state.font = font if font in FAMILIES else "hyperlegible"
    if reduced_motion is not None:
        _state.reduced_motion = reduced_motion
    _state.theme = resolve(_state.chosen)
    _load(_state.font)
    app.setFont(_app_font())
    app.setPalette(_palette(_state.theme))
    app.setStyleSheet(stylesheet.build(_state.theme, scale))
    _state.changed.emit()


def _app_font() -> QFont:
    made = QFont()
    made.setFamilies(families())
    made.setPixelSize(scale(16))
    return made


def _load(name: str) -> None:
    """Register the font files that ship; a missing one leaves the system's fall-backs."""
    if name in _state.loaded:
        return
    _state.loaded.add(name)
    for file in sorted((paths.assets() / "fonts").glob(_FILES[name])):
        QFontDatabase.addApplicationFont(str(file))


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, colour in (
        (roles.Window, theme.paper),
        (roles.WindowText, theme.ink),
        (roles.Base, theme.surface),
        (roles.AlternateBase, theme.paper),
        (roles.Text, theme.ink),
        (roles.Button, theme.surface),
        (roles.ButtonText, theme.ink),
        (roles.BrightText, theme.alert),
        (roles.PlaceholderText, theme.quiet),
        (roles.ToolTipBase, theme.surface),
        (roles.ToolTipText, theme.ink),
        (roles.Link, theme.accent),
        (roles.LinkVisited, theme.accent),
        (roles.Highlight, theme.accent),
        (roles.HighlightedText, theme.on_accent),
        (roles.Light, theme.surface),
        (roles.Midlight, theme.line),
        (roles.Mid, theme.line),
        (roles.Dark, theme.edge),
        (roles.Shadow, theme.edge),
        (roles.Accent, theme.accent),
    ):
        palette.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.off if theme.contrast else theme.edge))
    return palette
