"""The report of a collection from many files: one row a kind of file instead of thousands."""

import json
from pathlib import Path

from tutor.workshop.collect import report, stage
from tutor.workshop.collect.settings import CollectSettings


def test_many_files_are_told_by_kind_and_each_stands_in_the_figures(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    for number in range(report.MOST_FILES):
        text = f"Chapter {number}: how a plant takes in water number {number * 7919}, told again in other words."
        (folder / f"t{number}.txt").write_text(text, encoding="utf-8")
    for number in range(2):
        (folder / f"page{number}.md").write_text(
            f"# Page {number}\n\nWhat a river carries to the sea.", encoding="utf-8"
        )
    stage.run(CollectSettings(sources=(str(folder),)), tmp_path, lambda words: None)
    told = (tmp_path / report.MARKDOWN).read_text(encoding="utf-8")
    assert f"| {report.MOST_FILES} files .txt | {report.MOST_FILES} | " in told and "| 2 files .md | 2 | " in told
    assert "| t3.txt |" not in told
    assert len(json.loads((tmp_path / report.JSON).read_text(encoding="utf-8"))["sources"]) == report.MOST_FILES + 2
