"""Tells `tutor bench start` when the window was painted, when the first page was, and what the process holds then."""

import sys
import time

import msgspec
import psutil
from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from tutor.qt.window import MainWindow

HEAVY = ("torch", "transformers", "llama_cpp", "detoxify", "sentence_transformers")


class _Reporter(QObject):
    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.painted.connect(self._painted)
        window.page_shown.connect(self._shown)

    @Slot()
    def _painted(self) -> None:
        _say("painted", cpu=time.process_time())

    @Slot(str)
    def _shown(self, page: str) -> None:
        if page not in ("opening",):
            QTimer.singleShot(0, self._settled)

    @Slot()
    def _settled(self) -> None:
        self._window.repaint()
        _say(self._window.page)
        QTimer.singleShot(1500, self._leave)

    @Slot()
    def _leave(self) -> None:
        _say(
            "held",
            rss=psutil.Process().memory_info().rss,
            heavy=[name for name in HEAVY if name in sys.modules],
        )
        self._window.close()
        QApplication.quit()


def attach(window: MainWindow) -> None:
    _Reporter(window)


def _say(mark: str, **more: object) -> None:
    sys.stdout.buffer.write(msgspec.json.encode({"mark": mark, **more}) + b"\n")
    sys.stdout.buffer.flush()
