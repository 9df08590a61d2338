"""Colours are readable, everything follows a switch, text grows with the setting."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFontDatabase, QImage, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from tutor import paths
from tutor.errors import BugError
from tutor.qt import icons, pictures, theme
from tutor.qt.icons import icon
from tutor.qt.palettes import THEMES, Theme, luminance, ratio
from tutor.qt.widgets import Symbol, button, label

ALL = list(THEMES.values())


def test_the_ratio_is_the_one_of_wcag() -> None:
    assert luminance("#FFFFFF") == pytest.approx(1.0)
    assert ratio("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert ratio("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("tokens", ALL, ids=lambda t: t.name)
def test_text_is_readable_on_everything_it_stands_on(tokens: Theme) -> None:
    least = 7.0 if tokens.contrast else 4.5
    grounds = ("paper", "surface", "accent_soft")
    pairs = [(ink, ground) for ink in ("ink", "quiet", "accent", "warm", "alert", "good") for ground in grounds]
    pairs += [("on_accent", "accent"), ("on_accent", "accent_hover"), ("ink", "code")]
    for soft in ("warm_soft", "alert_soft", "good_soft"):
        pairs += [("ink", soft), (soft.removesuffix("_soft"), soft)]
    poor = {
        f"{ink} on {ground}": round(ratio(getattr(tokens, ink), getattr(tokens, ground)), 2)
        for ink, ground in pairs
        if ratio(getattr(tokens, ink), getattr(tokens, ground)) < least
    }
    assert not poor


@pytest.mark.parametrize("tokens", ALL, ids=lambda t: t.name)
def test_the_outlines_of_controls_can_be_seen(tokens: Theme) -> None:
    assert ratio(tokens.edge, tokens.paper) >= 3 and ratio(tokens.accent, tokens.paper) >= 3


@pytest.mark.parametrize("tokens", ALL, ids=lambda t: t.name)
def test_the_pictures_in_controls_have_the_themes_colours(tokens: Theme) -> None:
    folder = paths.assets() / "controls" / tokens.name
    for name, colour in (("check", tokens.on_accent), ("dot", tokens.accent), ("chevron-down", tokens.ink)):
        assert colour in (folder / f"{name}.svg").read_text(encoding="utf-8")


def test_a_switch_reaches_palette_widgets_and_icons(qtbot: QtBot) -> None:
    symbol = Symbol("user", 20)
    line = label("Hello")
    for widget in (symbol, line):
        qtbot.addWidget(widget)
        widget.show()
    for name, tokens in THEMES.items():
        with qtbot.waitSignal(theme.changed, timeout=1000):
            theme.apply(theme=name)
        assert theme.current() is tokens
        assert QApplication.palette().color(QPalette.ColorRole.Window) == QColor(tokens.paper)
        drawn = symbol.grab().toImage()
        assert _has(drawn, tokens.ink), f"the icon is not drawn in {name}'s ink"
        assert line.palette().color(QPalette.ColorRole.WindowText) == QColor(tokens.ink)


def test_text_size_scales_fonts_and_icons_and_keeps_its_bounds(qtbot: QtBot) -> None:
    line, pressed = label("Hello", "title"), button("Go on", "primary", "check")
    for widget in (line, pressed):
        qtbot.addWidget(widget)
        widget.show()
    small, icon_small = line.sizeHint().height(), pressed.iconSize()
    theme.apply(percent=200)
    assert theme.scale(16) == 32
    assert line.sizeHint().height() >= 1.9 * small
    assert pressed.iconSize().height() == 2 * icon_small.height()
    theme.apply(percent=900)
    assert theme.percent() == theme.LARGEST
    theme.apply(percent=1)
    assert theme.percent() == theme.SMALLEST


@pytest.mark.parametrize(("name", "family"), sorted(theme.FAMILIES.items()))
def test_the_fonts_that_ship_are_found_by_qt(qtbot: QtBot, name: str, family: str) -> None:
    theme.apply(font=name)
    assert family in QFontDatabase.families()
    line = QLabel("Hello")
    qtbot.addWidget(line)
    line.ensurePolished()
    assert line.fontInfo().family() == family


def test_an_unknown_theme_or_font_falls_back(qtbot: QtBot) -> None:
    theme.apply(theme="neon", font="comic")
    assert theme.current().name == "light" and theme.font_name() == "hyperlegible"


def test_reduced_motion_makes_animations_last_nothing() -> None:
    theme.apply(reduced_motion=True)
    assert theme.motion(120) == 0
    theme.apply(reduced_motion=False)
    assert theme.motion(120) == 120


def test_a_missing_icon_is_a_mistake_of_ours() -> None:
    with pytest.raises(BugError, match="no icon"):
        icon("does-not-exist")


def test_every_picture_is_there_and_is_drawn(qtbot: QtBot) -> None:
    for name in pictures.NAMES:
        picture = pictures.Picture(name, 48)
        qtbot.addWidget(picture)
        picture.resize(picture.sizeHint())
        drawn = picture.grab().toImage()
        colours = {drawn.pixelColor(x, y).name() for x in range(0, 48, 4) for y in range(0, 48, 4)}
        assert len(colours) > 4 and pictures.words(name)


def test_every_asset_that_is_not_ours_has_its_licence() -> None:
    fonts = paths.assets() / "fonts"
    for file in [*fonts.glob("*.ttf"), *fonts.glob("*.otf")]:
        licence = fonts / f"{file.stem.split('-')[0]}-OFL.txt"
        assert "SIL OPEN FONT LICENSE" in licence.read_text(encoding="utf-8").upper()
    assert "ISC License" in (paths.assets() / "icons" / "LICENSE.txt").read_text(encoding="utf-8")


def test_buttons_without_words_do_not_need_colour_to_show_focus(qtbot: QtBot) -> None:
    one = QPushButton("One")
    qtbot.addWidget(one)
    one.show()
    calm = one.grab().toImage()
    one.setFocus()
    qtbot.waitUntil(one.hasFocus, timeout=1000)
    assert one.grab().toImage() != calm
    assert calm.size() == QSize(one.width(), one.height())


def _has(image: QImage, colour: str) -> bool:
    wanted = QColor(colour)
    return any(
        abs(image.pixelColor(x, y).lightness() - wanted.lightness()) < 24
        for x in range(image.width())
        for y in range(image.height())
    )


def test_assets_stay_small() -> None:
    total = sum(file.stat().st_size for file in Path(paths.assets()).rglob("*") if file.is_file())
    assert total < 2_000_000


@pytest.mark.parametrize("tokens", ALL, ids=lambda t: t.name)
@pytest.mark.parametrize("kind", ["plain", "primary", "danger"])
def test_a_button_that_cannot_be_pressed_looks_it_and_can_be_read(qtbot: QtBot, tokens: Theme, kind: str) -> None:
    theme.apply(theme=tokens.name)
    pressed = button("Send", kind, "send")
    qtbot.addWidget(pressed)
    pressed.show()
    ready = pressed.grab().toImage()
    pressed.setEnabled(False)
    assert _mean_distance(ready, pressed.grab().toImage()) > 5
    assert ratio(tokens.off, tokens.paper) >= 4.5


def _mean_distance(one: QImage, other: QImage) -> float:
    places = [(x, y) for x in range(0, one.width(), 2) for y in range(0, one.height(), 2)]
    return sum(abs(one.pixelColor(*at).lightness() - other.pixelColor(*at).lightness()) for at in places) / len(places)


def test_an_icon_of_no_size_is_nothing(qtbot: QtBot) -> None:
    # Qt's own warnings fail the tests of this folder
    assert icons.pixmap("user", 0).isNull() and icon("user").pixmap(QSize(0, 0)).isNull()
