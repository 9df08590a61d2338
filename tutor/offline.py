"""Libraries that would look for files on the internet, or print bars of their own, are told not to."""

import os


def libraries() -> None:
    """Before they are imported; what the surroundings say already counts."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
