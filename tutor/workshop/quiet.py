"""Libraries that print bars and warnings of their own are silenced: a build has one line of progress, its own."""

import logging
import os
import warnings

from tutor import offline


def libraries() -> None:
    """Before they are imported. Errors are still raised, and what concerns the recipe is said by the stage."""
    offline.libraries()
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("HF_DATASETS_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TQDM_DISABLE", "1")
    warnings.filterwarnings("ignore", category=FutureWarning, module=r"transformers|trl|accelerate|torch")
    logging.getLogger("torch.distributed").setLevel(logging.ERROR)
