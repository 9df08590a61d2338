"""A training as the teacher sees it: what it will take, how far it is, and how it ended."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from tutor.adaptation import protocol
from tutor.i18n import tr, trn
from tutor.intervals import wilson
from tutor.qt.flow import flow
from tutor.qt.teacher.section import size
from tutor.qt.widgets import Card, Notice, button, label

if TYPE_CHECKING:
    from tutor.qt.plots import Bars, Curves

_ARMS = ("base", "memory", "adapter", "both")


def stage_in_words(stage: str) -> str:
    return {
        "examples": tr("Writing examples from the corrections"),
        "searching": tr("Trying out learning rates"),
        "training": tr("Learning"),
        "judging": tr("Judging: asking the questions again, in four ways"),
    }.get(stage, tr("Getting ready"))


def left_in_words(seconds: float) -> str:
    """Time left, as coarse as the estimate is."""
    if seconds <= 0:
        return ""
    minutes = round(seconds / 60)
    return trn("about {n} minute left", "about {n} minutes left", minutes) if minutes else tr("less than a minute left")


def planned_in_words(plan: protocol.Planned) -> str:
    """What a training takes here, before it begins."""
    return tr(
        "{corrections}: about {minutes} and {memory} of memory ({free} are free). The tutor can be used meanwhile, a "
        "little slower.",
        corrections=trn("{n} correction", "{n} corrections", plan.corrections),
        minutes=trn("{n} minute", "{n} minutes", max(1, round(plan.minutes))),
        memory=size(plan.memory),
        free=size(plan.memory_free),
    )


def arms_in_words() -> Mapping[str, str]:
    return {
        "base": tr("Before"),
        "memory": tr("With memory"),
        "adapter": tr("With the adapter"),
        "both": tr("With both"),
    }


class TrainingCard(Card):
    """Hears the trainer's events; says by signals what the teacher wants done with it."""

    pause = Signal()
    resume = Signal()
    cancel = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, pad=16, gap=8)
        self._stage = label("", "strong")
        self._plan = label("", "caption")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("How far the training is"))
        self._left = label("", "caption")
        self.end = Notice("")
        self.end.hide()
        self.pause_button = button(tr("Pause"), "plain", "", self._turn)
        self.cancel_button = button(tr("Cancel the training"), "plain", "", self.cancel.emit)
        for widget in (self._stage, self._plan, self._bar, self._left, self.end):
            self.body.addWidget(widget)
        self.body.addWidget(flow(self.pause_button, self.cancel_button))
        self._paused = False
        self._points: list[tuple[float, float, float]] = []
        self._curves: Curves | None = None
        self._bars: Bars | None = None
        self.begin()

    def begin(self) -> None:
        """A training was asked for; nothing is known of it yet."""
        self._points.clear()
        self.end.hide()
        self._stage.setText(tr("Getting ready"))
        self._plan.setText("")
        self._left.setText("")
        self._bar.setRange(0, 0)
        self._running(True)
        for plot in (self._curves, self._bars):
            if plot is not None:
                plot.hide()

    def hear(self, event: protocol.Event) -> None:
        """The trainer told something. On the window's thread."""
        match event:
            case protocol.Planned():
                self._plan.setText(planned_in_words(event))
            case protocol.Progress():
                self._progress(event)
            case protocol.Trained() if event.left_out:
                self._plan.setText(
                    trn(
                        "{n} correction is too long for this model and was left out.",
                        "{n} corrections are too long for this model and were left out.",
                        len(event.left_out),
                    )
                )
            case protocol.Judged():
                self._judged(event)
            case protocol.Refused():
                self._over(event.message, "alert")
                self._stage.setText(tr("The training was not begun"))
            case protocol.Failed():
                self._over(event.message, "alert")
            case protocol.Cancelled():
                self._over(tr("The training was cancelled. The tutor answers as before."), "notice")
            case _:
                pass

    def _progress(self, event: protocol.Progress) -> None:
        self._paused = event.paused
        self._stage.setText(tr("Paused") if event.paused else stage_in_words(event.stage))
        self.pause_button.setText(tr("Go on") if event.paused else tr("Pause"))
        self._bar.setRange(0, max(event.steps, 0))
        self._bar.setValue(event.step)
        self._left.setText(left_in_words(event.seconds_left))
        if event.stage == "training" and event.loss > 0:
            if self._points and self._points[-1][0] == event.step:
                self._points.pop()
            self._points.append((float(event.step), event.loss, event.held_out))
            self._draw()

    def _draw(self) -> None:
        from tutor.qt.plots import Curve, Curves

        if self._curves is None:
            self._curves = Curves(tr("How the training goes"), tr("Step"), tr("Loss (nats a token)"))
            self.body.insertWidget(self.body.count() - 1, self._curves)
        self._curves.show()
        points = self._points
        held = [(x, h) for x, _, h in points if h > 0]
        curves = [Curve(name=tr("Corrections"), x=tuple(p[0] for p in points), y=tuple(p[1] for p in points))]
        if held:
            curves.append(Curve(name=tr("In other words"), x=tuple(p[0] for p in held), y=tuple(p[1] for p in held)))
        self._curves.show_curves(curves)

    def _judged(self, event: protocol.Judged) -> None:
        if event.promoted:
            words = tr("The tutor has learnt. The adapter passed every test and is used from now on.")
            self._over(words, "good")
        else:
            words = tr("The adapter is kept and not used:")
            self._over("\n".join([words, *event.reasons]), "warm")
        self.show_figures(event.figures)

    def show_figures(self, figures: Mapping[str, float]) -> None:
        """The four ways of answering side by side."""
        from tutor.qt.plots import Bar, Bars

        count = figures.get("right_count", 0.0) + figures.get("held_count", 0.0)
        if self._bars is not None:
            self._bars.deleteLater()
            self._bars = None
        if count <= 0:
            return
        names = arms_in_words()
        bars = []
        for arm in _ARMS:
            share = sum(
                figures.get(f"{part}_{arm}", 0.0) * figures.get(f"{part}_count", 0.0) for part in ("right", "held")
            )
            low, high = wilson(share, count)
            bars.append(Bar(name=names[arm], value=share / count, low=low, high=high))
        self._bars = Bars(
            tr("Corrected questions answered right, {n} in all", n=QLocale().toString(int(count))),
            bars,
            tr("Right, in percent"),
        )
        self.body.insertWidget(self.body.indexOf(self.end) + 1, self._bars)

    def _turn(self) -> None:
        (self.resume if self._paused else self.pause).emit()

    def _over(self, words: str, kind: str) -> None:
        self._running(False)
        self._stage.setText(tr("The training has ended"))
        self._left.setText("")
        self.end.say(words, kind)

    def _running(self, running: bool) -> None:
        self._bar.setVisible(running)
        self.pause_button.setVisible(running)
        self.cancel_button.setVisible(running)
        self._paused = False
        self.pause_button.setText(tr("Pause"))
