"""A trainer process that says what a test wants: the events in the file named on its command line, then it ends.

For `Trained` it writes the adapter's file, as the real one does.
"""

import json
import shutil
import sys
from pathlib import Path

script = json.loads(Path(sys.argv[1]).read_text())
job = json.loads(sys.stdin.readline())["job"]
Path(sys.argv[1]).with_suffix(".job").write_text(json.dumps(job))
for event in script["events"]:
    if event["type"] == "wait":
        (Path(job["out"]) / "work").mkdir(exist_ok=True)
        asked = sys.stdin.readline()  # what comes next, or the end of the input
        if '"cancel"' in asked:
            print(json.dumps({"type": "cancelled"}), flush=True)
        break
    if event["type"] == "trained":
        shutil.copyfile(script["adapter"], Path(job["out"]) / "adapter.gguf")
    if event["type"] == "judged":
        Path(event["report"]).mkdir(exist_ok=True)
        (Path(event["report"]) / "report.html").write_text("the report")
        (Path(event["report"]) / "answers.json").write_text("somebody's words")
    print(json.dumps(event), flush=True)
