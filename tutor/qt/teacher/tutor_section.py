"""Tutor: which model runs and how it writes."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QProgressBar

from tutor import paths
from tutor.engine import gguf_file
from tutor.errors import UserError
from tutor.i18n import tr, trn
from tutor.qt import engine_line
from tutor.qt.teacher.section import Section, size
from tutor.qt.teacher.setting_rows import GROUPS, SettingRow
from tutor.qt.widgets import Card, Notice, button, label, row
from tutor.qt.work import Operation
from tutor.session_events import EngineState

if TYPE_CHECKING:
    from tutor.app import App


def described(header: gguf_file.Header) -> str:
    """What the file says about itself, in a line."""
    name = header.text("general.name") or header.path.name
    parts = [name, header.architecture]
    if header.parameters:
        parts.append(tr("{n} million parameters", n=round(header.parameters / 1e6)))
    trained = header.number("context_length")
    if trained:
        parts.append(trn("up to {n} token", "up to {n} tokens", trained))
    parts.append(size(header.size))
    return " · ".join(parts)


def checked(path: Path) -> gguf_file.Header:
    """The header of a usable chat model. Raises UserError that names the file and what to do."""
    header = gguf_file.read(path)
    if not header.text("tokenizer.chat_template"):
        raise UserError(
            tr(
                "The model {file} has no chat template, so it cannot hold a conversation. The model in use is kept. "
                "Choose a file made for chat; its name often says “instruct” or “chat”.",
                file=path.name,
            ),
            code="no_template",
        )
    return header


class TutorSection(Section):
    """The model's card, how it is loaded, how it writes."""

    def __init__(self, app: "App") -> None:
        super().__init__(tr("Tutor"), tr("The model that finds the words. Every sentence is checked, whichever it is."))
        self._app = app
        self._store = app.store
        self._name = label("", "strong")
        self._file = label("", "caption", select=True)
        self._where = label("", "quiet")
        self.check = Notice("")
        self.check.hide()
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName(tr("Getting the tutor ready"))
        self.choose_button = button(tr("Choose a model file…"), "plain", "folder-open", self._ask_file)
        self.shipped_button = button(tr("Use the one that came with Tutor"), "plain", "rotate-ccw", self.use_shipped)
        self.again_button = button(tr("Start the tutor again"), "plain", "refresh-cw", self._start_again)
        card = Card()
        for widget in (self._name, self._where, self._progress, self._file, self.check):
            card.body.addWidget(widget)
        card.body.addLayout(row(self.choose_button))
        card.body.addLayout(row(self.shipped_button))
        card.body.addLayout(row(self.again_button))
        self.body.addWidget(label(tr("Model"), "heading"))
        self.body.addWidget(card)
        self.rows: dict[str, SettingRow] = {}
        for heading, group in ((tr("How it is loaded"), "loading"), (tr("How it writes"), "writing")):
            self.body.addWidget(label(heading, "heading"))
            inner = Card()
            for key in GROUPS[group]:
                made = self.rows[key] = SettingRow(self._store, key)
                made.kept.connect(self._kept)
                inner.body.addWidget(made)
            self.body.addWidget(inner)
        self.body.addLayout(row(button(tr("Back to the defaults"), "plain", "rotate-ccw", self.reset)))
        self.body.addStretch(1)

    def enter(self) -> None:
        for made in self.rows.values():
            made.refresh()
        self.show_engine(self._app.engine_state)

    def show_engine(self, state: EngineState) -> None:
        """The engine's condition changed."""
        chosen = str(self._store.setting("model"))
        self._file.setText(chosen or str(paths.starter_model()))
        self.shipped_button.setVisible(bool(chosen))
        self.again_button.setVisible(state.state == "failed")
        self._progress.setVisible(state.state in ("loading", "restarting"))
        self._progress.setValue(round(100 * state.fraction))
        if state.model is None:
            self._name.setText(Path(chosen).name if chosen else tr("The model that came with Tutor"))
            self._where.setText("" if state.state == "failed" else engine_line.words(state))
            self._where.setVisible(state.state != "failed")
            if state.state == "failed":
                self.check.say(engine_line.words(state), "alert")
            return
        info = state.model
        self._where.show()
        self._name.setText(info.name or Path(info.path).name)
        said = [tr("Runs on: {device}", device=state.device or info.device)]
        if info.gpu_note:
            said.append(info.gpu_note.rstrip("."))
        said.append(tr("Remembers {n} tokens", n=info.n_ctx))
        if info.scope:
            said.append(tr("Made for: {scope}", scope=info.scope.replace("-", " ")))
        self._where.setText(" · ".join(said))
        if state.state == "ready" and self.check.property("panel") == "alert":
            self.check.hide()

    def _ask_file(self) -> None:
        start = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
        chosen, _ = QFileDialog.getOpenFileName(self, tr("Choose a model file"), start, tr("Models (*.gguf)"))
        if chosen:
            self.use_file(Path(chosen))

    def use_file(self, file: Path) -> None:
        """Check a file and, when it can be used, load it."""
        self.choose_button.setEnabled(False)
        self.check.say(tr("Checking {file}…", file=file.name))
        Operation(self, lambda: checked(file), done=self._use, failed=self._refuse)

    def _use(self, header: gguf_file.Header) -> None:
        self.choose_button.setEnabled(True)
        self._store.set_setting("model", str(header.path))
        self.check.say(tr("This file is fine: {about}", about=described(header)), "good")
        self._app.start_engine()
        self.show_engine(self._app.engine_state)

    def _refuse(self, error: UserError) -> None:
        self.choose_button.setEnabled(True)
        self.check.say(str(error), "alert")

    def use_shipped(self) -> None:
        self._store.set_setting("model", "")
        self.check.hide()
        self._app.start_engine()
        self.show_engine(self._app.engine_state)

    def _start_again(self) -> None:
        self.check.hide()
        self.again_button.setEnabled(False)
        Operation(self, self._app.restart_engine, done=self._started_again, failed=self._not_started)

    def _started_again(self, _: None) -> None:
        self.again_button.setEnabled(True)
        self.show_engine(self._app.engine_state)

    def _not_started(self, error: UserError) -> None:
        self.again_button.setEnabled(True)
        self.complain(error)

    def reset(self) -> None:
        """How it is loaded and how it writes, as they came; the model stays."""
        for made in self.rows.values():
            made.reset()
        self.tell(tr("Everything below is as it came. The model is the same."))

    def _kept(self, key: str) -> None:
        self.said.say(tr("Kept. It counts from the next answer on."), "good")
        if key in GROUPS["loading"]:
            self._app.start_engine()
