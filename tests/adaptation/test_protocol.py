"""What the trainer tells arrives, also when a broken adapter gives figures that are no numbers."""

import math

from tutor.adaptation import protocol


def test_figures_that_are_no_numbers_do_not_end_the_job() -> None:
    figures = protocol.finite({"right_base": 0.5, "divergence": math.nan, "perplexity_rise": math.inf})
    judged = protocol.Judged(report="", figures=figures, promoted=False, reasons=("broken",))
    assert protocol.decode_event(protocol.encode(judged)) == judged
    assert figures == {"right_base": 0.5}
