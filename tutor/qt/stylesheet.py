"""The one application stylesheet, built from a theme's tokens and the text size.

Widgets pick a style by a dynamic property: `kind` on buttons (primary, plain, quiet, danger, chip), `role` on labels
(display, title, heading, caption, quiet, alert, good, warm), `panel` on frames (card, notice, alert, bar).
"""

from collections.abc import Callable

from tutor import paths
from tutor.qt.palettes import Theme


def build(theme: Theme, scale: Callable[[float], int]) -> str:
    """The stylesheet's text."""
    return "\n".join(part(theme, scale) for part in (_labels, _buttons, _fields, _choices, _frames, _bars))


def image(theme: Theme, name: str) -> str:
    """The path of a control's picture in the theme's colours (stylesheets can only take pictures from files)."""
    return (paths.assets() / "controls" / theme.name / f"{name}.svg").as_posix()


def _labels(t: Theme, px: Callable[[float], int]) -> str:
    return f"""
QWidget {{ color: {t.ink}; }}
QMainWindow, QDialog, QWidget[page="true"] {{ background: {t.paper}; }}
QLabel {{ background: transparent; }}
QLabel[role="display"] {{ font-size: {px(32)}px; font-weight: 600; }}
QLabel[role="title"] {{ font-size: {px(26)}px; font-weight: 600; }}
QLabel[role="heading"] {{ font-size: {px(20)}px; font-weight: 600; }}
QLabel[role="strong"] {{ font-weight: 600; }}
QLabel[role="caption"] {{ font-size: {px(13)}px; color: {t.quiet}; }}
QLabel[role="quiet"] {{ color: {t.quiet}; }}
QLabel[role="alert"] {{ color: {t.alert}; }}
QLabel[role="good"] {{ color: {t.good}; }}
QLabel[role="warm"] {{ color: {t.warm}; }}
QToolTip {{ background: {t.surface}; color: {t.ink}; border: 1px solid {t.line}; padding: 4px 8px;
  font-size: {px(13)}px; }}
"""


def _buttons(t: Theme, px: Callable[[float], int]) -> str:
    border = 2 if t.contrast else 1
    pad_v, pad_h = px(8) - border, px(16)
    faint = _faint(t)
    return f"""
QPushButton, QToolButton {{ background: {t.surface}; color: {t.ink}; border: {border}px solid {t.edge};
  border-radius: 10px; padding: {pad_v}px {pad_h}px; min-height: {px(22)}px; }}
QPushButton:hover, QToolButton:hover {{ background: {t.accent_soft}; border-color: {t.accent}; }}
QPushButton:pressed, QToolButton:pressed {{ background: {t.accent_soft}; }}
QPushButton:focus, QToolButton:focus {{ border: 2px solid {t.accent}; padding: {px(8) - 2}px {pad_h - 2 + border}px; }}
QPushButton:disabled, QToolButton:disabled {{ color: {t.off}; background: {t.paper}; border-color: {t.line};{faint} }}
QPushButton[kind="primary"] {{ background: {t.accent}; color: {t.on_accent}; border-color: {t.accent};
  font-weight: 600; }}
QPushButton[kind="primary"]:hover {{ background: {t.accent_hover}; border-color: {t.accent_hover}; }}
QPushButton[kind="primary"]:focus {{ border: 2px solid {t.ink}; }}
QPushButton[kind="primary"]:disabled {{ background: {t.line if not t.contrast else t.paper}; color: {t.off};
  border-color: {t.line};{faint} }}
QPushButton[kind="danger"] {{ color: {t.alert}; border-color: {t.alert}; }}
QPushButton[kind="danger"]:hover {{ background: {t.alert_soft}; }}
QPushButton[kind="danger"]:disabled {{ color: {t.off}; border-color: {t.line};{faint} }}
QPushButton[kind="quiet"], QToolButton[kind="quiet"] {{ background: transparent; border-color: transparent; }}
QPushButton[kind="quiet"]:hover, QToolButton[kind="quiet"]:hover {{ background: {t.accent_soft};
  border-color: {t.accent if t.contrast else t.accent_soft}; }}
QPushButton[kind="quiet"]:focus, QToolButton[kind="quiet"]:focus {{ border: 2px solid {t.accent}; }}
QPushButton[kind="link"] {{ background: transparent; border: 2px solid transparent; color: {t.accent};
  text-decoration: underline; padding: 0px {px(4)}px; }}
QPushButton[kind="link"]:focus {{ border: 2px solid {t.accent}; padding: 0px {px(4)}px; }}
QPushButton[kind="tile"] {{ background: transparent; border: 2px solid transparent; text-align: left; padding: 0px; }}
QPushButton[kind="tile"]:hover {{ background: {t.accent_soft}; }}
QPushButton[kind="tile"]:focus {{ border: 2px solid {t.accent}; padding: 0px; }}
QPushButton[kind="tile"] QLabel[role="display"] {{ color: {t.accent}; }}
QPushButton[kind="tile"] QLabel[role="opens"], QPushButton[kind="tile"] QLabel[role="strong"] {{
  color: {t.accent}; text-decoration: underline; }}
QPushButton[kind="chip"] {{ border-radius: {px(15)}px; padding: {px(6)}px {px(14)}px; }}
QPushButton[kind="chip"]:checked {{ background: {t.accent_soft}; border: 2px solid {t.accent};
  padding: {px(6) + border - 2}px {px(14) + border - 2}px; }}
QPushButton[kind="rail"] {{ background: transparent; border: 2px solid transparent; text-align: left;
  padding: {px(8)}px {px(12)}px; }}
QPushButton[kind="rail"]:hover {{ background: {t.accent_soft}; }}
QPushButton[kind="rail"]:checked {{ background: {t.accent_soft}; font-weight: 600;
  border: 2px solid {t.accent if t.contrast else t.accent_soft}; }}
QPushButton[kind="rail"]:focus {{ border: 2px solid {t.accent}; padding: {px(8)}px {px(12)}px; }}
QPushButton[kind="rail"][waiting="true"] {{ color: {t.warm}; font-weight: 600; }}
QToolButton[kind="quiet"] {{ padding: {px(6)}px; min-height: 0px; icon-size: {px(20)}px; }}
QToolButton::menu-indicator {{ image: none; width: 0px; }}
"""


def _faint(t: Theme) -> str:
    """How the outline of what cannot be pressed differs where no tint can show it."""
    return f" border-style: dashed; border-color: {t.off};" if t.contrast else ""


def _fields(t: Theme, px: Callable[[float], int]) -> str:
    faint = _faint(t)
    return f"""
QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox {{ background: {t.surface}; color: {t.ink};
  border: 1px solid {t.edge}; border-radius: 10px; padding: {px(7)}px {px(12)}px; min-height: {px(22)}px;
  selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {{
  border: 2px solid {t.accent}; padding: {px(7) - 1}px {px(12) - 1}px; }}
QLineEdit, QPlainTextEdit {{ placeholder-text-color: {t.quiet}; }}
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QComboBox[wrong="true"] {{ border: 2px solid {t.alert};
  padding: {px(7) - 1}px {px(12) - 1}px; }}
QSpinBox[wrong="true"], QDoubleSpinBox[wrong="true"] {{ border: 2px solid {t.alert}; }}
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled {{ color: {t.off};
  background: {t.paper}; border-color: {t.line};{faint} }}
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus {{ background: transparent; border: none;
  padding: 0px 0px 0px {px(10)}px; }}
QAbstractSpinBox {{ padding: {px(7)}px {px(28)}px {px(7)}px 0px; }}
QAbstractSpinBox:focus {{ padding: {px(7) - 1}px {px(28) - 1}px {px(7) - 1}px 0px; }}
QComboBox {{ padding-right: {px(28)}px; }}
QDateTimeEdit, QDateTimeEdit:focus {{ padding-left: {px(10)}px; }}
QComboBox::drop-down, QDateTimeEdit::drop-down {{ border: none; width: {px(28)}px; }}
QComboBox::down-arrow, QDateTimeEdit::down-arrow {{ image: url("{image(t, "chevron-down")}"); width: {px(16)}px;
  height: {px(16)}px; }}
QComboBox QAbstractItemView {{ background: {t.surface}; color: {t.ink}; border: 1px solid {t.edge};
  padding: 4px; outline: none; selection-background-color: {t.accent_soft}; selection-color: {t.ink}; }}
QSpinBox::up-button, QDoubleSpinBox::up-button {{ subcontrol-origin: border; subcontrol-position: top right;
  width: {px(28)}px; border: none; margin: 3px 2px 0 0; }}
QSpinBox::down-button, QDoubleSpinBox::down-button {{ subcontrol-origin: border; subcontrol-position: bottom right;
  width: {px(28)}px; border: none; margin: 0 2px 3px 0; }}
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow {{ image: url("{image(t, "chevron-up")}"); width: {px(14)}px;
  height: {px(14)}px; }}
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow {{ image: url("{image(t, "chevron-down")}"); width: {px(14)}px;
  height: {px(14)}px; }}
"""


def _choices(t: Theme, px: Callable[[float], int]) -> str:
    side = px(20)
    ring = 2
    return f"""
QCheckBox, QRadioButton {{ spacing: {px(10)}px; padding: {px(6)}px {px(4)}px; background: transparent;
  border: 2px solid transparent; border-radius: 8px; }}
QCheckBox:focus, QRadioButton:focus {{ border-color: {t.accent}; }}
QCheckBox::indicator, QRadioButton::indicator {{ width: {side}px; height: {side}px; background: {t.surface};
  border: {ring}px solid {t.edge}; }}
QCheckBox::indicator {{ border-radius: {px(5)}px; }}
QRadioButton::indicator {{ border-radius: {side // 2 + ring}px; }}
QCheckBox::indicator:hover, QRadioButton::indicator:hover {{ border-color: {t.accent}; }}
QCheckBox::indicator:checked {{ background: {t.accent}; border-color: {t.accent}; image: url("{image(t, "check")}"); }}
QRadioButton::indicator:checked {{ border-color: {t.accent}; image: url("{image(t, "dot")}"); }}
QSlider {{ min-height: {px(28)}px; }}
QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {t.edge}; }}
QSlider::sub-page:horizontal {{ background: {t.accent}; border-radius: 2px; }}
QSlider::handle:horizontal {{ background: {t.accent}; width: {px(20)}px; height: {px(20)}px;
  margin: -{px(10) - 2}px 0; border-radius: {px(10)}px; }}
QSlider:focus {{ border: 2px solid {t.accent}; border-radius: 8px; }}
QProgressBar {{ background: {t.line}; border: {"1px solid " + t.edge if t.contrast else "none"}; border-radius: 3px;
  min-height: 6px; max-height: 6px; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: 3px; }}
QListView, QTreeView, QTableView, QListWidget {{ background: {t.surface}; color: {t.ink}; border: 1px solid {t.line};
  border-radius: 10px; outline: none; padding: 4px; }}
QListView:focus, QTreeView:focus, QTableView:focus {{ border: 2px solid {t.accent}; padding: 3px; }}
QListView::item {{ border-radius: 8px; padding: {px(8)}px {px(10)}px; color: {t.ink}; }}
QListView::item:hover, QListView::item:selected {{ background: {t.accent_soft}; color: {t.ink}; }}
QListView::item:selected {{ border-left: 3px solid {t.accent}; }}
QTableView {{ gridline-color: {t.line}; selection-background-color: {t.accent_soft}; selection-color: {t.ink}; }}
QTableView::item {{ padding: {px(4)}px {px(8)}px; color: {t.ink}; border: none; border-bottom: 1px solid {t.line}; }}
QTableView::item:selected {{ background: {t.accent_soft}; color: {t.ink};
  {f"border: 2px solid {t.accent};" if t.contrast else ""} }}
QTableCornerButton::section {{ background: {t.surface}; border: none; border-bottom: 1px solid {t.edge}; }}
QHeaderView {{ background: transparent; border: none; }}
QHeaderView::section {{ background: {t.surface}; color: {t.quiet}; border: none; border-bottom: 1px solid {t.edge};
  padding: {px(6)}px {px(8)}px; font-size: {px(13)}px; }}
QHeaderView::section:vertical {{ border-bottom: 1px solid {t.line}; border-right: 1px solid {t.edge}; }}
QHeaderView::down-arrow {{ image: url("{image(t, "chevron-down")}"); width: {px(12)}px; height: {px(12)}px; }}
QHeaderView::up-arrow {{ image: url("{image(t, "chevron-up")}"); width: {px(12)}px; height: {px(12)}px; }}
"""


def _frames(t: Theme, px: Callable[[float], int]) -> str:
    width = 2 if t.contrast else 1
    return f"""
QScrollArea, QStackedWidget {{ background: transparent; border: none; }}
QScrollArea > QWidget > QWidget[clear="true"] {{ background: transparent; }}
QFrame[panel="card"] {{ background: {t.surface}; border: {width}px solid {t.line}; border-radius: 10px; }}
QFrame[panel="chosen"] {{ background: {t.surface}; border: 2px solid {t.accent}; border-radius: 10px; }}
QFrame[panel="notice"] {{ background: {t.accent_soft};
  border: {width}px solid {t.line if t.contrast else t.accent_soft};
  border-radius: 10px; }}
QFrame[panel="warm"] {{ background: {t.warm_soft}; border: {width}px solid {t.warm if t.contrast else t.warm_soft};
  border-radius: 10px; }}
QFrame[panel="alert"] {{ background: {t.alert_soft}; border: {width}px solid {t.alert}; border-radius: 10px; }}
QFrame[panel="good"] {{ background: {t.good_soft}; border: {width}px solid {t.good if t.contrast else t.good_soft};
  border-radius: 10px; }}
QFrame[panel="bar"] {{ background: {t.paper}; border: none; border-bottom: {width}px solid {t.line}; }}
QFrame[panel="foot"] {{ background: {t.paper}; border: none; border-top: {width}px solid {t.line}; }}
QFrame[panel="rail"] {{ background: {t.paper}; border: none; border-right: {width}px solid {t.line}; }}
QFrame[panel="beside"] {{ background: {t.paper}; border: none; border-left: {width}px solid {t.line}; }}
QFrame[panel="strip"] {{ background: {t.paper}; border: {width}px dashed {t.edge}; border-radius: 8px; }}
QFrame[panel="rule"] {{ background: {t.line}; border: none; min-height: 1px; max-height: 1px; }}
QMenu {{ background: {t.surface}; color: {t.ink}; border: 1px solid {t.edge}; border-radius: 8px; padding: 6px; }}
QMenu::item {{ padding: {px(7)}px {px(20)}px {px(7)}px {px(12)}px; border-radius: 6px; }}
QMenu::item:selected {{ background: {t.accent_soft}; color: {t.ink}; }}
QMenu::separator {{ height: 1px; background: {t.line}; margin: 6px; }}
"""


def _bars(t: Theme, px: Callable[[float], int]) -> str:
    return f"""
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {t.edge}; min-height: 32px; border-radius: 4px; margin: 2px; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle:horizontal {{ background: {t.edge}; min-width: 32px; border-radius: 4px; margin: 2px; }}
QScrollBar::handle:hover {{ background: {t.quiet}; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{ background: none;
  border: none; width: 0; height: 0; }}
"""
