"""`tutor bench start`: process start to window painted, memory of the app process, what it must not import."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tutor.bench.report import Figure, Report, figure
from tutor.errors import BugError

REPEATS = 5
PAINTED_MOST_S = 1.0
MEMORY_MOST_MB = 200.0

_EMPTY_WINDOW = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, self.done)
    def done(self):
        sys.stdout.write('{"mark": "painted"}\\n')
        sys.stdout.flush()
        QApplication.quit()
app = QApplication([])
window = Window()
window.resize(1100, 760)
window.show()
app.exec()
"""
OURS = (
    "-c",
    "import sys; from tutor.cli import main, window; window.has_display = lambda: True; sys.exit(main.main([]))",
)
"""The whole command as people start it, but for its question whether there is a screen."""
_PEER = ("-c", _EMPTY_WINDOW)


class _Start(msgspec.Struct):
    """One start: seconds from the process's start to each mark, and what was held at its end."""

    seconds: dict[str, float]
    cpu: float = 0.0
    """Processor seconds until painted; on a busy machine they say more than the clock."""
    rss: int = 0
    heavy: tuple[str, ...] = ()


def run(repeats: int = REPEATS) -> Report:
    """Ours and an empty PySide6 window in turns, in a data folder of its own that is set up."""
    with tempfile.TemporaryDirectory(prefix="tutor-bench-") as folder:
        environment = {**os.environ, "TUTOR_HOME": folder, "TUTOR_START_REPORT": "1"}
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        _set_up(Path(folder))
        _once(OURS, environment)  # compiles what was never imported; not counted
        ours: list[_Start] = []
        peers: list[_Start] = []
        for _ in range(repeats):
            peers.append(_once(_PEER, environment))
            ours.append(_once(OURS, environment))
    return Report(bench="start", figures=_figures(ours, peers), remarks=_remarks(environment))


def _figures(ours: Sequence[_Start], peers: Sequence[_Start]) -> tuple[Figure, ...]:
    painted = [start.seconds["painted"] for start in ours]
    empty = [start.seconds["painted"] for start in peers]
    return (
        figure("window painted", painted, "s", at_most=PAINTED_MOST_S),
        figure("processor time until painted", [start.cpu for start in ours], "s"),
        figure("learner picker painted", [start.seconds["picker"] for start in ours], "s"),
        figure("empty PySide6 window painted", empty, "s"),
        figure("ratio to the empty window", [a / b for a, b in zip(painted, empty, strict=True)]),
        figure("resident memory", [start.rss / 1e6 for start in ours], "MB", at_most=MEMORY_MOST_MB),
        figure("heavy modules imported", [float(len(start.heavy)) for start in ours], "", at_most=0),
    )


def _remarks(environment: dict[str, str]) -> tuple[str, ...]:
    return (
        "From the start of the Python process; window painted is its first paint, the picker's the first page that "
        "can be used, with a set-up data folder.",
        f"Qt platform: {environment['QT_QPA_PLATFORM']}. Memory is of the window's process 1.5 s after the picker, "
        "with the engine in its own process.",
    )


def _set_up(folder: Path) -> None:
    """A finished first run, without argon2's cost in the measured starts."""
    from tutor.domain import AgeBand
    from tutor.store import Store

    with Store.open(folder / "tutor.db", backups=folder / "backups") as store:
        store.set_contact("Bench", "nowhere", confirmed=True)
        store.set_passphrase("bench start only")
        store.add_learner("Bench", "owl", AgeBand.A8_10, "en-GB")


def _once(program: tuple[str, ...], environment: dict[str, str]) -> _Start:
    found = _Start(seconds={})
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *program], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            after = time.perf_counter() - began
            told = msgspec.json.decode(line)
            found.seconds[told["mark"]] = after
            found.cpu = told.get("cpu", found.cpu)
            found.rss = told.get("rss", found.rss)
            found.heavy = tuple(told.get("heavy", found.heavy))
    if "painted" not in found.seconds:
        raise BugError(f"the window was never painted (exit code {process.returncode})")
    return found
