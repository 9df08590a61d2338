"""Every number of the recipe for the small tutor, in one place: sizes, budgets, seeds, files."""

from pathlib import Path
from typing import Final

SEED: Final = 2026
SCOPE: Final = "primary-maths"
NAME: Final = "Tutor starter"

MINUTES: Final = 45
"""About how long a build takes on two free cores; said in the model card."""

OUT: Final = Path("workshop-out")
"""Where stages leave their files unless told otherwise."""

# the network: about 11 million weights
VOCABULARY: Final = 4096
WIDTH: Final = 320
LAYERS: Final = 8
HEADS: Final = 5
INNER: Final = 864
CONTEXT: Final = 1024
ROPE_BASE: Final = 10_000.0
NORM_EPS: Final = 1e-5

# how much is written and read
PROBLEMS: Final = 40_000
"""Different problems that are worked out once and shared by all texts."""
PRETRAIN_PAGES: Final = 10_285
PRETRAIN_TALKS: Final = 8_727
FINETUNE_TALKS: Final = 7_272
PRACTICE_DRILLS: Final = 9_000
PRACTICE_TALKS: Final = 3_000
HELD_PROBLEMS: Final = 1_500
HELD_TALKS: Final = 2_000
PRETRAIN_TOKENS: Final = 1_843_200
WINDOWS_TOKENS: Final = 819_200
"""Of fine-tuning in windows, before whole conversations are read."""
FINETUNE_TOKENS: Final = 4_300_800
"""Room for tokens in whole conversations; about three quarters of it is filled."""
PRACTICE_TOKENS: Final = 3_379_200
"""Room for tokens; about one reading of what is written."""

# how it is read
BATCH: Final = 2
"""Sequences of CONTEXT tokens in one step, shared by all processes."""
PRETRAIN_RATE: Final = 1.5e-3
FINETUNE_RATE: Final = 1.2e-3
PRACTICE_RATE: Final = 1e-3
WARMUP_STEPS: Final = 80
WINDOWS_OTHERS_WEIGHT: Final = 0.1
OTHERS_WEIGHT: Final = 0.3
"""Loss weight of everything that is not the tutor's words, in fine-tuning."""

END: Final = "<|endoftext|>"
IM_START: Final = "<|im_start|>"
IM_END: Final = "<|im_end|>"
SPECIAL: Final = (END, IM_START, IM_END)

CHAT_TEMPLATE: Final = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)

PRE_TOKENIZER: Final = "qwen2"
PRE_TOKENIZER_EXPRESSION: Final = (
    r"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
"""llama.cpp's expression for `qwen2`, word for word; every digit is a token of its own."""
