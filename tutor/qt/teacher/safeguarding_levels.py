"""How strict the safety levels are: the school's choice, and for each label what a level trades against what."""

from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tutor import paths
from tutor.classroom import strictness
from tutor.domain import AgeBand, Direction
from tutor.i18n import tr
from tutor.moderation import thresholds
from tutor.qt.plots import Curve, Curves
from tutor.qt.teacher.setting_rows import SettingRow
from tutor.qt.widgets import Card, Choice, Field, clear, label
from tutor.store import Store

NUMBERS = "tradeoff.json"


def label_in_words(name: str) -> str:
    return {
        "toxicity": tr("Hurtful words"),
        "severe_toxicity": tr("Very hurtful words"),
        "obscene": tr("Rude words"),
        "threat": tr("Threats"),
        "insult": tr("Insults"),
        "identity_attack": tr("Hate against groups"),
        "sexual_explicit": tr("Sexual words"),
        "self_harm": tr("Signs of danger to oneself"),
        "dangerous_request": tr("Dangerous requests"),
    }.get(name, name)


class Levels(QWidget):
    """`changed`: the school's choice was kept, and the engine must load it."""

    changed = Signal()

    def __init__(self, store: Store, folder: Path | None = None) -> None:
        super().__init__()
        self._store, self._folder = store, folder or paths.safety_model()
        self.row = SettingRow(store, "strictness")
        self.row.kept.connect(self._kept)
        self.name = Choice([])
        self.name.activated.connect(self._draw)
        self._plot_box = QVBoxLayout()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(16)
        card = Card(pad=16)
        card.body.addWidget(self.row)
        box.addWidget(card)
        self._numbers = self._read()
        self._traded = QWidget()
        traded = QVBoxLayout(self._traded)
        traded.setContentsMargins(0, 0, 0, 0)
        traded.addWidget(label(tr("What a level trades"), "heading"))
        traded.addWidget(
            label(
                tr(
                    "A lower level stops more harmful texts and more harmless ones. Measured on texts that the "
                    "classifier had not learnt from."
                ),
                "quiet",
            )
        )
        traded.addWidget(Field(tr("Kind"), self.name))
        traded.addLayout(self._plot_box)
        box.addWidget(self._traded)
        for each in self._numbers:
            self.name.addItem(label_in_words(each), each)
        self._traded.setVisible(bool(self._numbers))
        self._draw()

    def _read(self) -> dict[str, Any]:
        """Without the file, or with one that is damaged, there is no plot; the levels hold all the same."""
        try:
            found = msgspec.json.decode((self._folder / NUMBERS).read_bytes(), type=dict[str, dict[str, Any]])
        except (OSError, msgspec.DecodeError):
            return {}
        return {name: each for name, each in found.items() if each.get("harmful")}

    def level_in_force(self, name: str) -> float:
        """From which level on a learner's text of eight to ten years is stopped now."""
        shipped = thresholds.load(self._folder / thresholds.FILE).levels(name, Direction.INPUT, AgeBand.A8_10)
        return strictness.moved(shipped, name, str(self._store.setting("strictness"))).block

    def _kept(self, _key: str) -> None:
        self._draw()
        self.changed.emit()

    def _draw(self) -> None:
        clear(self._plot_box)
        each = self._numbers.get(self.name.value())
        if each is None:
            return
        x = tuple(each["levels"])
        level = self.level_in_force(self.name.value())
        plot = Curves(tr("What a level trades"), tr("level from which a text is stopped"), tr("percent of texts"))
        plot.show_curves(
            (
                Curve(name=tr("harmful texts that pass"), x=x, y=tuple(100 * value for value in each["passed"])),
                Curve(name=tr("harmless texts stopped"), x=x, y=tuple(100 * value for value in each["stopped"])),
            )
        )
        self._plot_box.addWidget(plot)
        at = min(range(len(x)), key=lambda n: abs(x[n] - level))
        self.said = label(
            tr(
                "In force: {level}. There {passed} in 100 harmful texts pass and {stopped} in 100 harmless ones are "
                "stopped ({harmful} harmful and {harmless} harmless texts were looked at).",
                level=f"{level:.2f}",
                passed=f"{100 * each['passed'][at]:.0f}",
                stopped=f"{100 * each['stopped'][at]:.1f}",
                harmful=each["harmful"],
                harmless=each["harmless"],
            )
        )
        self._plot_box.addWidget(self.said)
