"""The colour tokens of each theme, and nothing else: plain data that tests can compute contrast on."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    """One theme. Colours are `#RRGGBB`; text tokens keep at least 4.5:1 on paper, surface and accent_soft (7:1 in
    the contrast themes)."""

    name: str
    dark: bool
    paper: str
    """Behind everything."""
    surface: str
    """Cards, fields, panels."""
    ink: str
    quiet: str
    """Captions and hints."""
    off: str
    """Words and icons of what cannot be pressed now."""
    line: str
    """Hairlines."""
    edge: str
    """The outline of a control, at least 3:1 on paper."""
    accent: str
    accent_hover: str
    accent_soft: str
    """The learner's bubble, selection, the focused row."""
    on_accent: str
    """Text on accent."""
    warm: str
    warm_soft: str
    alert: str
    alert_soft: str
    good: str
    good_soft: str
    code: str
    """Behind code."""
    contrast: bool = False
    """A high-contrast theme: outlines instead of tints."""


LIGHT = Theme(
    name="light",
    dark=False,
    paper="#FBFAF7",
    surface="#FFFFFF",
    ink="#1D2430",
    quiet="#5A6472",
    off="#5A6472",
    line="#E4E1DA",
    edge="#8A8F98",
    accent="#2F6B5E",
    accent_hover="#27594E",
    accent_soft="#E3F0EC",
    on_accent="#FFFFFF",
    warm="#9F5521",
    warm_soft="#FBF0E6",
    alert="#B3261E",
    alert_soft="#FCECEA",
    good="#2A7548",
    good_soft="#E6F3EA",
    code="#F3F1EC",
)

DARK = Theme(
    name="dark",
    dark=True,
    paper="#14181D",
    surface="#1C2229",
    ink="#E8EAED",
    quiet="#9AA4B1",
    off="#9AA4B1",
    line="#2C343D",
    edge="#6B7683",
    accent="#7CC4B2",
    accent_hover="#93D3C3",
    accent_soft="#203A35",
    on_accent="#10201C",
    warm="#E0A26F",
    warm_soft="#33271D",
    alert="#F2B8B5",
    alert_soft="#3A2325",
    good="#8BD0A6",
    good_soft="#1F3528",
    code="#11151A",
)

CONTRAST_LIGHT = Theme(
    name="contrast",
    dark=False,
    paper="#FFFFFF",
    surface="#FFFFFF",
    ink="#000000",
    quiet="#1A1A1A",
    off="#595959",
    line="#000000",
    edge="#000000",
    accent="#0037DA",
    accent_hover="#002699",
    accent_soft="#FFFFFF",
    on_accent="#FFFFFF",
    warm="#6B3300",
    warm_soft="#FFFFFF",
    alert="#9B0000",
    alert_soft="#FFFFFF",
    good="#00501C",
    good_soft="#FFFFFF",
    code="#FFFFFF",
    contrast=True,
)

CONTRAST_DARK = Theme(
    name="contrast-dark",
    dark=True,
    paper="#000000",
    surface="#000000",
    ink="#FFFFFF",
    quiet="#F0F0F0",
    off="#A6A6A6",
    line="#FFFFFF",
    edge="#FFFFFF",
    accent="#FFD400",
    accent_hover="#FFE766",
    accent_soft="#000000",
    on_accent="#000000",
    warm="#FFC08A",
    warm_soft="#000000",
    alert="#FFB3B0",
    alert_soft="#000000",
    good="#8CFFB4",
    good_soft="#000000",
    code="#000000",
    contrast=True,
)

THEMES: dict[str, Theme] = {t.name: t for t in (LIGHT, DARK, CONTRAST_LIGHT, CONTRAST_DARK)}


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21, WCAG 2.2."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
