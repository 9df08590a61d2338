"""An adapter is judged before it is used: four arms, what else may have changed, the gate, a report for people."""

from tutor.adaptation.judging.course import Judgement, judge

__all__ = ["Judgement", "judge"]
