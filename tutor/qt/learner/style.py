"""The chat's own stylesheet, set once on the page: message texts, the composer, the sidebar's list."""

from tutor.qt import theme


def build() -> str:
    """The stylesheet's text in the theme and text size in force."""
    t, px = theme.current(), theme.scale
    outline = f"2px solid {t.edge}" if t.contrast else f"1px solid {t.accent_soft}"
    # a tint does not show in the contrast themes, so what is chosen is filled there
    chosen = f"background: {t.accent}; color: {t.on_accent};" if t.contrast else ""
    return f"""
QTextBrowser[message] {{ background: transparent; border: 2px solid transparent; border-radius: 8px; padding: 0px;
  min-height: 0px; }}
QTextBrowser[message]:focus {{ border: 2px solid {t.accent}; padding: 0px; }}
QTextBrowser[message="learner"] {{ background: {t.accent_soft}; border: {outline}; border-radius: 14px;
  padding: {px(8)}px {px(14)}px; }}
QTextBrowser[message="learner"]:focus {{ border: 2px solid {t.accent}; padding: {px(8)}px {px(14)}px; }}
QFrame[panel="composer"] {{ background: {t.surface}; border: {2 if t.contrast else 1}px solid {t.edge};
  border-radius: 12px; }}
QFrame[panel="composer"][lit="true"] {{ border: 2px solid {t.accent}; }}
QPlainTextEdit[field="composer"], QPlainTextEdit[field="composer"]:focus {{ background: transparent; border: none;
  padding: 0px; min-height: 0px; }}
QLineEdit[field="search"] {{ padding-left: {px(38)}px; }}
QLineEdit[field="search"]:focus {{ padding-left: {px(37)}px; }}
QPushButton[place="learner"] {{ text-align: left; font-weight: 600; padding-left: {px(8)}px;
  padding-right: {px(8)}px; }}
QPushButton[kind="chip"] {{ border-radius: {px(15)}px; }}
QPushButton[kind="chip"]:checked {{ {chosen} }}
QPlainTextEdit, QLineEdit {{ placeholder-text-color: {t.quiet}; }}
QPushButton[place="learner"]::menu-indicator {{ image: none; width: 0px; }}
QPushButton[place="composer"] {{ min-height: {px(28)}px; border-radius: 12px; }}
QPushButton[kind="small"] {{ background: transparent; border: 2px solid transparent; border-radius: 8px;
  padding: {px(3)}px {px(6)}px {px(3)}px 0px; min-height: 0px; color: {t.quiet};
  icon-size: {px(16)}px; font-size: {px(13)}px; text-align: left; }}
QPushButton[kind="small"]:hover {{ background: {t.accent_soft}; color: {t.ink}; }}
QPushButton[kind="small"]:focus {{ border: 2px solid {t.accent}; padding: {px(3)}px {px(6)}px {px(3)}px 0px; }}
QToolButton[kind="mini"] {{ background: transparent; border: 2px solid transparent; border-radius: 8px;
  padding: {px(4)}px; min-height: 0px; icon-size: {px(18)}px; }}
QToolButton[kind="mini"]:hover {{ background: {t.accent_soft}; }}
QToolButton[kind="mini"]:checked {{ background: {t.accent_soft}; border: 2px solid {t.accent}; }}
QToolButton[kind="mini"]:focus {{ border: 2px solid {t.accent}; padding: {px(4)}px; }}
QToolButton[kind="symbol"] {{ padding: {px(4)}px {px(8)}px; min-width: {px(24)}px; min-height: {px(24)}px; }}
QToolButton[kind="symbol"]:focus {{ padding: {px(4)}px {px(8)}px; }}
QProgressBar {{ background: {t.surface if t.contrast else t.line}; }}
QFrame[panel="sidebar"] {{ background: {t.paper}; border: none; border-right: 1px solid {t.line}; }}
QListWidget[list="chats"] {{ background: transparent; border: 2px solid transparent; padding: 0px; }}
QListWidget[list="chats"]:focus {{ border: 2px solid {t.accent}; border-radius: 10px; padding: 0px; }}
QListWidget[list="chats"] QLineEdit {{ border-radius: 6px; padding: 0px {px(4)}px; min-height: 0px; }}
QLabel[role="count"] {{ font-size: {px(13)}px; color: {t.quiet}; }}
"""
