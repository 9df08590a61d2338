"""Waiting without a person: queued events happen, and what was let go is deleted."""

import time

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop


def settle(ms: int = 0) -> None:
    """Let queued events happen, and timers that are due within `ms`."""
    until = time.monotonic() + ms / 1000
    for _ in range(6):
        QCoreApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    while time.monotonic() < until:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 10)
