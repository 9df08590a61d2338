"""Starts the window: painted first, then the data, then the engine.

Nothing heavy is imported here; torch, transformers and llama_cpp never are.
"""

import os
import signal
import sys
from collections.abc import Sequence

from PySide6.QtCore import QLocale, QTimer
from PySide6.QtWidgets import QApplication

from tutor import i18n, paths
from tutor.qt import logfile, theme
from tutor.qt.window import MainWindow

REPORT = "TUTOR_START_REPORT"
"""Set by `tutor bench start`: print the marks of a start to standard output, then leave."""


def run(argv: Sequence[str]) -> int:
    """Show the window until it is closed. Returns the exit code."""
    logfile.start()
    app = QApplication.instance() or QApplication([sys.argv[0], *argv])
    assert isinstance(app, QApplication)
    app.setApplicationName("tutor")
    app.setApplicationDisplayName("Tutor")
    app.setDesktopFileName("tutor")
    QLocale.setDefault(QLocale.system())
    i18n.use(QLocale().bcp47Name(), paths.assets() / "translations")
    theme.apply(theme="system")
    window = MainWindow()
    window.painted.connect(window.begin)
    beat = _let_python_hear_signals(window)
    if os.environ.get(REPORT):
        from tutor.qt.start_report import attach

        attach(window)
    window.restore_place()
    window.show()
    code = app.exec()
    beat.stop()
    return code


def _let_python_hear_signals(window: MainWindow) -> QTimer:
    """Ctrl+C and a polite end from outside close the window as a person would."""
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: window.close())
    beat = QTimer()
    beat.setInterval(500)
    beat.timeout.connect(_nothing)
    beat.start()
    return beat


def _nothing() -> None:
    """Python looks at signals between two of its own instructions; Qt's loop must give it one."""
