"""`python -m tutor.workshop build`: make the small tutor from nothing."""

import argparse
import sys
from pathlib import Path

from tutor.errors import UserError
from tutor.workshop import recipe


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0, 1 (failed, reason on stderr) or 2 (usage)."""
    stages = ("text", "tokenizer", "pretrain", "finetune", "practise", "export", "evaluate", "card")
    parser = argparse.ArgumentParser(prog="python -m tutor.workshop", description="Make the small tutor from nothing.")
    parser.add_argument("stage", choices=("build", *stages), help="'build' runs all stages, passing over finished ones")
    parser.add_argument("--out", type=Path, default=recipe.OUT, help="folder for the results (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=2, help="threads of torch (default: %(default)s)")
    parser.add_argument("--again", action="store_true", help="run stages again whose result is there")
    chosen = parser.parse_args(arguments)

    from tutor.workshop import build  # torch and transformers take seconds to import; --help must not

    try:
        build.run(
            list(stages) if chosen.stage == "build" else [chosen.stage],
            chosen.out,
            threads=chosen.threads,
            again=chosen.again,
        )
    except (UserError, FileNotFoundError) as error:
        print(f"{chosen.stage} failed: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
