"""`python -m tutor.qt.screenshots OUTDIR [NAMES]`: every view in every state, theme and text size, as PNG files.

Runs without a screen and without an engine, on pretend data in temporary folders; writes `index.html` beside them.
"""

import argparse
import html
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QLocale
from PySide6.QtWidgets import QApplication, QWidget

from tutor.i18n import tr
from tutor.qt import theme
from tutor.qt.showcase import data
from tutor.qt.showcase.quiet_app import QuietApp
from tutor.qt.showcase.scenes import Scene, Stage, prepare, scenes, settle
from tutor.qt.window import MainWindow

VARIANTS = [(name, percent) for name in ("light", "dark", "contrast") for percent in (100, 200)]
SIZE = (1180, 800)


def run(out: Path, wanted: Sequence[str] = ()) -> list[Path]:
    """Draw all scenes, or those whose view, or `view_state`, is wanted. Returns the files, in order."""
    out.mkdir(parents=True, exist_ok=True)
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    QLocale.setDefault(QLocale("en_GB"))
    chosen = [s for s in scenes() if not wanted or s.view in wanted or f"{s.view}_{s.state}" in wanted]
    files: list[Path] = []
    with tempfile.TemporaryDirectory(prefix="tutor-screenshots-") as folder:
        os.environ["TUTOR_HOME"] = folder
        templates = {kind: Path(folder) / kind for kind in {scene.data for scene in chosen}}
        conversations = {kind: prepare(kind, place) for kind, place in templates.items()}
        for number, scene in enumerate(chosen):
            for name, percent in VARIANTS:
                place = Path(folder) / f"{number}-{name}-{percent}"
                file = out / f"{scene.view}_{scene.state}_{name}_{percent}.png"
                shutil.copytree(templates[scene.data], place)
                draw(scene, (name, percent), data.open_app(place), conversations[scene.data], file)
                files.append(file)
    (out / "index.html").write_text(_index(chosen), encoding="utf-8")
    return files


def draw(scene: Scene, variant: tuple[str, int], app: QuietApp, conversation: int, file: Path) -> None:
    """Play one scene and save what it shows. The app is closed afterwards."""
    name, percent = variant
    theme.apply(theme=name, percent=percent, font="hyperlegible", reduced_motion=True)
    for key, value in (("theme", name), ("text_size", percent), ("reduced_motion", True)):
        app.store.set_setting(key, value)
    window = MainWindow()
    window.resize(*SIZE)
    window.show()
    try:
        target: QWidget = scene.play(Stage(window, app, conversation)) or window
        settle()
        target.grab().save(str(file))
    finally:
        window.app = None
        window.close()
        window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        app.close()


def _index(chosen: Sequence[Scene]) -> str:
    rows = []
    for scene in chosen:
        rows.append(f"<h2>{html.escape(scene.view)}: {html.escape(scene.state)}</h2><div>")
        for name, percent in VARIANTS:
            file = f"{scene.view}_{scene.state}_{name}_{percent}.png"
            rows.append(f'<a href="{file}"><img src="{file}" alt="{name}, {percent} %" loading="lazy"></a>')
        rows.append("</div>")
    style = (
        "body{font:16px sans-serif;margin:24px;background:#eee}img{width:31%;margin:.5%;border:1px solid #999}"
        "h2{font-size:18px;margin:24px 0 8px}"
    )
    return f'<!doctype html><meta charset="utf-8"><title>Tutor</title><style>{style}</style>' + "\n".join(rows)


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tutor.qt.screenshots", description=tr("Draw every view."))
    parser.add_argument("folder", type=Path, help=tr("where the pictures go; made where it is missing"))
    parser.add_argument("views", nargs="*", metavar="VIEW", help=tr("only these: chat, or chat_empty (default: all)"))
    args = parser.parse_args(argv)
    files = run(args.folder, args.views)
    print(tr("{n} pictures in {folder}", n=len(files), folder=args.folder))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
