"""The `[preference]` section of a recipe."""

from typing import Literal

from tutor.domain import Frozen


class PreferenceSettings(Frozen, forbid_unknown_fields=True):
    """Where pairs come from, how the reward model reads them, and how the tutor learns from them."""

    start: str = "practise"
    """The stage whose weights are the beginning and the reference (`<out>/<start>-done.pt`)."""
    seed: int = 2026

    # where pairs come from
    files: tuple[str, ...] = ()
    """Files of pairs (`.jsonl`) and the app's own exports (`.json`), relative to the stages' folder."""
    prompts: str = "practice.jsonl"
    """Conversations whose turns are asked again, to make pairs from the model's own answers; "" for none."""
    asked: int = 300
    """Turns that are asked."""
    samples: int = 6
    """Answers to each."""
    temperature: float = 0.8
    """Higher than in lessons, so that answers differ."""
    longest: int = 160
    """Tokens of an answer."""
    pairs_each: int = 2
    """Pairs from one turn at most."""
    written: bool = True
    """Where no sampled answer is clean, the conversation's own answer is the chosen one."""
    held: float = 0.15
    """Share of the prompts (never of single pairs) that is held out to measure with."""

    # the reward model
    reward: bool = True
    """Train one. `judge = "reward"` needs it."""
    reward_rate: float = 1e-4
    reward_epochs: float = 2.0

    # the tutor
    judge: Literal["checks", "reward"] = "checks"
    """Who says which of the sampled answers is better: our checks (pairs as they are), or the reward model, which
    orders all answers to a prompt: its best is chosen, its worst rejected."""
    least: float = 0.5
    """With `judge = "reward"`: how far apart the best and the worst answer must be scored."""
    beta: float = 0.2
    """How dearly a distance from the reference is paid."""
    anchor: float = 0.2
    """Weight of the chosen answers' own likelihood, which DPO alone may lower."""
    rate: float = 1e-5
    epochs: float = 1.0
    batch: int = 8
    """Pairs a step, of each process."""
    save_every: int = 50
    """Steps between two saved states, from which a stopped run goes on."""
    bf16: bool = False
    """bfloat16 autocast: quicker on a GPU, coarser log-probabilities."""
