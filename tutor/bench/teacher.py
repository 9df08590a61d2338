"""How soon each page of the teacher's area is shown, with a class of 40 and a year of work behind it.

Time is from the press to the painted page, without a screen; the engine does nothing meanwhile.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from tutor.bench import year
from tutor.bench.report import Figure, Report, figure

ROUNDS: Final = 5
GOAL_S: Final = 0.5
SIZE: Final = (1180, 800)


def run(turns: int = year.TURNS, rounds: int = ROUNDS) -> Report:
    """Make the year in a temporary folder, then open every section `rounds` times, each time on a new page."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="tutor-bench-teacher-") as folder:
        home = os.environ.get("TUTOR_HOME")
        os.environ["TUTOR_HOME"] = folder
        try:
            began = time.perf_counter()
            year.make(Path(folder) / "tutor.db", turns=turns)
            making = time.perf_counter() - began
            seconds, busy, size = _measured(Path(folder) / "tutor.db", rounds)
        finally:
            os.environ.pop("TUTOR_HOME")
            if home is not None:
                os.environ["TUTOR_HOME"] = home
    figures: list[Figure] = [figure("year made", [making], "s")]
    figures += [figure(name, found, "s", at_most=GOAL_S) for name, found in seconds.items()]
    slowest = max(figures[1:], key=lambda each: each.value)
    hardest = max(busy, key=lambda name: busy[name])
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return Report(
        bench="teacher",
        figures=tuple(figures),
        remarks=(
            f"{turns:,} turns of {year.LEARNERS} learners in {size / 1e6:.0f} MB; median of {rounds} rounds, the first "
            "of which imports what draws the plots.",
            f"Slowest: {slowest.name}, {slowest.value:.2f} s. Of processor time, whatever else the machine did "
            f"meanwhile (its load was {load}): at most {busy[hardest]:.2f} s ({hardest}).",
        ),
    )


def _measured(database: Path, rounds: int) -> tuple[dict[str, list[float]], dict[str, float], int]:
    """Seconds by page, the medians of processor seconds by page, and the size of the file in bytes."""
    from PySide6.QtWidgets import QApplication

    from tutor.qt import theme
    from tutor.qt.showcase.quiet_app import QuietApp
    from tutor.qt.showcase.scenes import READY
    from tutor.qt.teacher.page import TeacherPage
    from tutor.store import Store

    application = QApplication.instance() or QApplication([])
    theme.apply(theme="light", percent=100, font="hyperlegible", reduced_motion=True)
    size = database.stat().st_size
    seconds: dict[str, list[float]] = {}
    busy: dict[str, list[float]] = {}

    def shown(name: str, act: Callable[[], object]) -> None:
        began, worked = time.perf_counter(), time.process_time()
        act()
        application.processEvents()
        seconds.setdefault(name, []).append(time.perf_counter() - began)
        busy.setdefault(name, []).append(time.process_time() - worked)
        for _ in range(8):  # what comes below the fold, so that it does not count for the next page
            application.processEvents()

    with QuietApp(Store.open(database)) as app:
        app.stand(READY)
        for _ in range(rounds):
            page = TeacherPage(app)
            page.resize(*SIZE)
            page.show()
            application.processEvents()
            for key in page.sections():
                if key != "overview":
                    shown(key, partial(page.show_section, key))
            shown("overview, again", partial(page.show_section, "overview"))
            _more(page, shown)
            page.close()
            page.deleteLater()
            application.processEvents()
            shown("teacher's area with its overview", lambda: _opened(app))
        _close_all(application)
    return seconds, {name: statistics.median(found) for name, found in busy.items()}, size


def _more(page: object, shown: Callable[[str, Callable[[], object]], None]) -> None:
    """What takes longest within the pages."""
    from tutor.qt.teacher.overview import OverviewSection
    from tutor.qt.teacher.page import TeacherPage
    from tutor.qt.teacher.quality_section import QualitySection
    from tutor.qt.teacher.review import Review
    from tutor.store.counted import MEASURES

    assert isinstance(page, TeacherPage)
    overview, review, quality = (page.section(key) for key in ("overview", "review", "quality"))
    assert isinstance(overview, OverviewSection) and isinstance(review, Review) and isinstance(quality, QualitySection)
    shown("overview, a year", overview.period.chips[365].click)
    overview.period.school_class.setCurrentIndex(1)
    shown("overview, a year of one class", lambda: overview.period.school_class.activated.emit(1))
    page.show_section("review")
    shown("review, everything done", lambda: review.show_state("done"))
    shown("review, grades", review.grade)
    page.show_section("quality")
    shown("quality, 30 days", quality.period.chips[30].click)
    quality.period.chips[365].click()
    for measure in MEASURES:
        rules = ("length", "questions", "withhold") if measure == "rule" else ()
        shown(f"turns of a year: {measure}", partial(quality._open_turns, measure, rules=rules))
        page.show_section("quality")


def _opened(app: object) -> None:
    from PySide6.QtWidgets import QApplication

    from tutor.app import App
    from tutor.qt.teacher.page import TeacherPage

    assert isinstance(app, App)
    page = TeacherPage(app)
    page.resize(*SIZE)
    page.show()
    QApplication.processEvents()
    page.close()
    page.deleteLater()


def _close_all(application: object) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QApplication

    assert isinstance(application, QApplication)
    application.sendPostedEvents(None, QEvent.Type.DeferredDelete)
