"""`python -m tutor.bench.orders`: fit the layer that tells hostile corrections from honest ones, by their meaning.

Ten folds say how it does on sentences that it was not fitted on; the threshold lets at most `FALSE` of the honest
ones be stopped.
"""

import sys
from typing import Final

import numpy as np

from tutor.moderation import order_likeness as likeness
from tutor.retrieval.embedder import Embedder

FALSE: Final = 0.07
FOLDS: Final = 10


def main() -> int:
    hostile, honest = likeness.examples()
    rows = Embedder.load().embed((*hostile, *honest))
    bad = np.arange(len(rows)) < len(hostile)
    order = np.random.default_rng(7).permutation(len(rows))
    found = np.zeros(len(rows), dtype=np.float32)
    for fold in range(FOLDS):
        held = np.zeros(len(rows), dtype=bool)
        held[order[fold::FOLDS]] = True
        weights, bias = likeness.fit(rows[~held], bad[~held])
        found[held] = likeness.scores(rows[held], likeness.Layer(weights, bias, 0.0, ""))
    threshold = float(np.quantile(found[~bad], 1 - FALSE))
    print(f"held out: {np.mean(found[bad] >= threshold):.3f} of {bad.sum()} hostile stopped,", end=" ")
    print(f"{np.mean(found[~bad] >= threshold):.3f} of {(~bad).sum()} honest; threshold {threshold:.2f}")
    if "--save" in sys.argv:
        weights, bias = likeness.fit(rows, bad)
        likeness.save(likeness.Layer(weights, bias, threshold, likeness.digest()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
