"""Tab goes through the chat in the order in which it is read, whenever its widgets were made.

Qt's own order is the order of making, and messages are made later than the composer under them.
"""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QWidget


def stops(widget: QWidget) -> Iterator[QWidget]:
    """What Tab stops at within `widget`, in the order of its layouts."""
    if not widget.isVisible() or not widget.isEnabled():
        return
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus.value:
        yield widget
    if isinstance(widget, QScrollArea) and (inside := widget.widget()) is not None:
        yield from stops(inside)
    elif (layout := widget.layout()) is not None:
        yield from _within(layout)


def step(page: QWidget, *, forward: bool) -> QWidget | None:
    """Where the focus goes from where it is. After the page's last stop: the window's next one, or round."""
    order = list(stops(page))
    window = page.window()
    now = window.focusWidget()
    if not order:
        return None
    if now not in order:
        return order[0 if forward else -1]
    at = order.index(now) + (1 if forward else -1)
    if 0 <= at < len(order):
        return order[at]
    return _outside(page, forward=forward) or order[0 if forward else -1]


def _within(layout: QLayout) -> Iterator[QWidget]:
    for index in range(layout.count()):
        item = layout.itemAt(index)
        if item is None:
            continue
        if (widget := item.widget()) is not None:
            yield from stops(widget)
        elif (inner := item.layout()) is not None:
            yield from _within(inner)


def _outside(page: QWidget, *, forward: bool) -> QWidget | None:
    """The next widget of the window that is not on the page."""
    found = page
    while True:
        following = found.nextInFocusChain() if forward else found.previousInFocusChain()
        if following is None or following is page:
            return None
        found = following
        if page.isAncestorOf(found) or not found.isVisible() or not found.isEnabled():
            continue
        if found.focusPolicy() & Qt.FocusPolicy.TabFocus.value:
            return found
