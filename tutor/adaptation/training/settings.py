"""Everything that shapes one training, as plain data."""

from tutor.domain import Frozen


class Settings(Frozen):
    """Defaults were chosen on the shipped starter; `search` tries others around them."""

    rank: int = 16
    alpha: float = 32.0
    rate: float = 3e-3
    """Highest learning rate, reached after the warm-up and let down to nothing by a cosine."""
    epochs: int = 15
    warm_up: float = 0.06
    """Share of all steps."""
    tokens: int = 1024
    """A step holds at least so many (512 or more), beside the guidelines, which it reads once."""
    wordings: int = 6
    """Wordings of each correction that an epoch reads: all accepted ones, the others drawn anew."""
    pool: int = 24
    """Wordings that are drawn from."""
    replay: float = 1.3
    """Replay answers an epoch reads, for each wording of a correction; at least 1."""
    replay_least: int = 320
    """Replay answers that are drawn from, near misses not counted."""
    plain: int = 32
    """Plain texts that an epoch reads besides."""
    near: int = 6
    """Near misses of each correction's question in the replay."""
    lead: float = 4.0
    """Weight of the first tokens of an answer, right ones and replay: they decide which answer it will be."""
    keep: float = 5.0
    """Weight of staying with the base on replay (KL, nats a token)."""
    sharp: float = 0.25
    """Temperature at which the base's probabilities are kept: below 1 its choice between near equals becomes firmer, so
    that the little which an adapter changes everywhere does not turn it around."""
    top: int = 32
    """Tokens whose base probabilities are kept for that; the rest counts as one."""
    prefer: float = 0.2
    """Weight of preferring the right answer to the flagged one."""
    margin: float = 1.0
    """Nats a token by which the right answer should lead."""
    clip: float = 1.0
    """Largest norm of the gradient."""
    patience: int = 4
    """Epochs without a better loss on held-out wordings before it stops."""
    answer_most: int = 160
    """Tokens of an answer."""
    guidelines: str = ""
    """In force when the questions are asked; "" is the program's own."""
    seed: int = 0
