"""One shape for every benchmark: figures with goals, a table for people, one JSON object for machines."""

import os
import platform
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import msgspec
import psutil
from rich.console import Console
from rich.table import Table

from tutor.domain import Frozen


class Figure(Frozen):
    """One measured number. `ok` is None where there is no goal."""

    name: str
    value: float
    unit: str = ""
    min: float | None = None
    max: float | None = None
    goal: str = ""
    """As read by people, such as `>= 0.60`."""
    ok: bool | None = None


def figure(
    name: str, samples: Sequence[float], unit: str = "", *, at_least: float | None = None, at_most: float | None = None
) -> Figure:
    """The median of the samples with their spread, judged against at most one goal. `samples` must not be empty."""
    value = statistics.median(samples)
    goal, ok = "", None
    if at_least is not None:
        goal, ok = f">= {at_least:g}", value >= at_least
    if at_most is not None:
        goal, ok = f"<= {at_most:g}", value <= at_most
    return Figure(name=name, value=value, unit=unit, min=min(samples), max=max(samples), goal=goal, ok=ok)


def machine() -> dict[str, str | int | float]:
    """What the figures were measured on; no host name, no user."""
    return {
        "system": f"{platform.system()} {platform.release()}",
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "python": platform.python_version(),
    }


def _processor() -> str:
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8", errors="replace") as lines:
            names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else platform.processor() or platform.machine()


class Report(Frozen):
    """All figures of one bench. `remarks` say how something was measured when that is not plain."""

    bench: str
    figures: tuple[Figure, ...]
    remarks: tuple[str, ...] = ()

    def exit_code(self) -> int:
        """1 when a goal is missed, else 0."""
        return 1 if any(f.ok is False for f in self.figures) else 0

    def json(self) -> str:
        """One object: `{"bench", "machine", "figures", "remarks"}`; every figure has all its keys."""
        figures = [{field: getattr(f, field) for field in Figure.__struct_fields__} for f in self.figures]
        whole = {"bench": self.bench, "machine": machine(), "figures": figures, "remarks": self.remarks}
        return msgspec.json.encode(whole).decode()

    def print_table(self, out: TextIO | None = None) -> None:
        """The figures as a table on `out` (standard output when None)."""
        table = Table(title=f"bench {self.bench}", title_justify="left")
        for column in ("figure", "value", "spread", "unit", "goal", ""):
            table.add_column(column, justify="right" if column in ("value", "spread") else "left")
        for f in self.figures:
            spread = "" if f.min is None or f.max is None else f"{_short(f.min)} to {_short(f.max)}"
            verdict = "" if f.ok is None else "ok" if f.ok else "MISSED"
            table.add_row(f.name, _short(f.value), spread, f.unit, f.goal, verdict)
        console = Console(file=out or sys.stdout, highlight=False)
        console.print(table)
        for remark in self.remarks:
            console.print(remark)

    def finish(self, *, json: bool) -> int:
        """Print in the form asked for; gives the exit code."""
        if json:
            print(self.json())
        else:
            self.print_table()
        return self.exit_code()


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
