"""A recipe: everything that shapes a model in one TOML file, read strictly; and the format's facts, which never vary.

A section is a stage of its own; a stage whose section is left out is left out of the build.
"""

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec

from tutor import paths
from tutor.domain import Frozen
from tutor.errors import UserError
from tutor.i18n import tr
from tutor.workshop.collect.settings import CollectSettings
from tutor.workshop.evaluation.settings import EvaluateSettings
from tutor.workshop.preference.settings import PreferenceSettings
from tutor.workshop.reader.settings import ReaderSettings
from tutor.workshop.tuning.settings import TuneSettings

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

Count = Annotated[int, msgspec.Meta(ge=1)]
Amount = Annotated[int, msgspec.Meta(ge=0)]
Positive = Annotated[float, msgspec.Meta(gt=0, le=1e12)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Section(Frozen, forbid_unknown_fields=True):
    """Base of the recipe's parts: a key that is not known is an error, never passed over."""


class Text(Section):
    """How much text is written. Everything is generated from written wordings and worked problems."""

    problems: Count = 40_000
    """Different problems that are worked out once and shared by all texts."""
    pretrain_pages: Amount = 12_000
    """Plain pages for pretraining, about 55 tokens each."""
    pretrain_talks: Amount = 3_500
    """Conversations for pretraining, about 480 tokens each."""
    pretrain_sums: Amount = 8_000
    """Word problems with their sums for pretraining, about 75 tokens each."""
    finetune_talks: Amount = 8_500
    """Conversations for fine-tuning."""
    finetune_sums: Amount = 12_000
    """Word problems for fine-tuning."""
    practice_drills: Amount = 8_500
    """Single exchanges full of numbers for practice, about 140 tokens each."""
    practice_talks: Amount = 500
    """Whole conversations among them."""
    practice_sums: Amount = 8_000
    """Word problems among them."""
    word_data: str = ""
    """Folder with `gsm8k_train.jsonl.gz` (MIT), a fifth of the word problems where it is there; "" for none."""
    held_problems: Count = 1_500
    """Different problems that are never trained on, for measuring."""
    held_talks: Count = 2_000
    """Conversations about these."""


class Tokens(Section):
    """The byte-level BPE tokenizer."""

    vocabulary: Annotated[int, msgspec.Meta(ge=300, le=65_536)] = 4096
    """Tokens at most; numbers of tokens are kept in 16 bits."""
    min_frequency: Count = 3
    """A merge is learnt when its pair is seen this often."""


class Network(Section):
    """The shape of a llama network with a tied head."""

    width: Count = 320
    """Numbers in the row that stands for a token."""
    layers: Count = 8
    heads: Count = 5
    """Query heads."""
    head: Amount = 0
    """Width of a head; 0: `width` shared among the heads. A long conversation costs `layers * heads * head` a token."""
    kv_heads: Count = 5
    """Key and value heads; each serves `heads / kv_heads` query heads (grouped-query attention)."""
    inner: Count = 864
    """Width inside a layer's gated part."""
    context: Annotated[int, msgspec.Meta(ge=16)] = 1024
    """Tokens that it can read at once."""
    rope_base: Positive = 10_000.0
    norm_eps: Positive = 1e-5

    def __post_init__(self) -> None:
        if not self.head and self.width % self.heads:
            raise ValueError("width must be a multiple of heads, or head be given")
        if self.head_width % 2:
            raise ValueError("a head must have an even width")
        if self.heads % self.kv_heads:
            raise ValueError("heads must be a multiple of kv_heads")

    @property
    def head_width(self) -> int:
        """Numbers in a head."""
        return self.head or self.width // self.heads


class Reading(Section):
    """What every training stage has."""

    tokens: Count
    """Room for tokens in all steps together; batches of whole conversations fill about three quarters of it."""
    rate: Positive
    """Highest learning rate."""
    batch: Count = 2
    """Sequences of `context` tokens in a step, shared by all processes."""
    warmup: Amount = 80
    """Steps until the rate is reached."""
    weight_decay: Annotated[float, msgspec.Meta(ge=0)] = 0.05
    """Of matrices; vectors have none."""
    held_every: Count = 100
    """Steps between two looks at the held-out loss."""
    held_tokens: Count = 16_384
    """Tokens of held-out conversations in such a look."""


class Pretrain(Reading):
    """Every token counts, in windows cut across documents; the rate is held."""

    tokens: Count = 1_843_200
    rate: Positive = 1.5e-3


class Finetune(Reading):
    """The tutor's words count most: in windows first, then in whole conversations, the rate let down to nothing."""

    tokens: Count = 4_300_800
    rate: Positive = 1.2e-3
    windows_tokens: Amount = 819_200
    """Tokens read in windows before whole conversations are read."""
    windows_others: Share = 0.1
    """Loss weight there of everything that is not the tutor's words."""
    others: Share = 0.3
    """The same in whole conversations."""


class Practise(Reading):
    """Single exchanges full of numbers, mixed with conversations, until the notes are copied exactly."""

    tokens: Count = 3_379_200
    rate: Positive = 1e-3
    others: Share = 0.3
    """Loss weight of everything that is not the tutor's words."""


class Export(Section):
    """The GGUF file and what it says about itself."""

    type: Literal["F16", "Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M"] = "Q8_0"
    """Type of the shipped file; the comparison with torch is made before it is quantized."""
    licence: str = "Apache-2.0"
    """SPDX name."""
    author: str = "Tutor project"
    description: str = "A small tutor for primary maths. It puts the notes it is given into words."
    data: tuple[str, ...] = ("text generated by Tutor's workshop",)
    """Names of everything that it was trained on, with licences where they are not our own."""
    texts: Count = 3_000
    """Texts whose tokens are compared with llama.cpp's."""
    rows: Count = 12
    """Rows of at most 512 tokens on which the likeliest next tokens are compared."""


class Card(Section):
    """The model card."""

    minutes: Count = 45
    """About how long the build takes on two free cores."""


class Recipe(Section):
    """One recipe file."""

    name: str
    """Name of the model."""
    scope: str
    """What it teaches, in one word that programs compare, such as `primary-maths`."""
    seed: int
    """From which all chance is drawn."""
    out: str = "workshop-out"
    """Folder for the results, relative to where the command is run."""
    network: Network = Network()
    export: Export = Export()
    tokenizer: Tokens = Tokens()
    pretrain: Pretrain = Pretrain()
    finetune: Finetune = Finetune()
    text: Text | None = None
    """Generated text; without it, what was collected is all that is read."""
    collect: CollectSettings | None = None
    reader: ReaderSettings | None = None
    """The sum reader, which the program asks before the model."""
    practise: Practise | None = None
    tune: TuneSettings | None = None
    preference: PreferenceSettings | None = None
    evaluate: EvaluateSettings | None = None
    card: Card | None = None

    def __post_init__(self) -> None:
        if self.practise and not self.text:
            raise ValueError("[practise] needs [text]")
        if self.card and not (self.text and self.practise and self.evaluate and self.evaluate.tasks):
            raise ValueError("[card] needs [text], [practise] and [evaluate] with its tasks")
        if self.preference:
            if getattr(self, self.preference.start, None) is None or self.preference.start not in TRAINED:
                raise ValueError("[preference] start must name a training stage that the recipe has")
            if self.preference.prompts == "practice.jsonl" and not self.text:
                raise ValueError('[preference] prompts: only [text] writes practice.jsonl; name another file, or ""')


TRAINED: Final = ("pretrain", "finetune", "practise")
"""Training stages that leave weights for preferences to go on from."""
SAFETY: Final = "safety"
"""The recipe beside the others that is no tutor's."""

_UNKNOWN = re.compile(r"unknown field `(\w+)`")
_PLACE = re.compile(r" - at `\$\.?(.*)`$")


def find(name: str) -> Path:
    """The recipe's file: a path, or the name of one that ships. Raises UserError."""
    given, shipped = Path(name), paths.shipped() / "models" / "recipes"
    for path in (given, shipped / name, shipped / f"{name}.toml"):
        if path.is_file():
            if path.parent == shipped and path.stem == SAFETY:
                raise UserError(
                    tr("{file} makes the safety classifier. See tutor workshop safety --help.", file=path),
                    code="safety-recipe",
                )
            return path
    raise UserError(
        tr(
            "There is no recipe {name}. Name a TOML file, or one of these: {known}.",
            name=name,
            known=", ".join(sorted(p.stem for p in shipped.glob("*.toml") if p.stem != SAFETY)) or "-",
        ),
        code="no-recipe",
    )


def read(path: Path) -> Recipe:
    """The recipe in a file. Raises UserError that names the place of what is wrong."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Recipe)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = str(error)
    except msgspec.ValidationError as error:
        reason = _reason(str(error))
    raise UserError(
        tr("{file} cannot be used as a recipe: {reason}. Nothing was changed.", file=path, reason=reason),
        code="bad-recipe",
    )


def _reason(message: str) -> str:
    """msgspec's message with the place first, and the keys that there are when one is not known."""
    where = _PLACE.search(message)
    place = where[1].split(".") if where else []
    text = _PLACE.sub("", message).replace("`", "'")
    unknown = _UNKNOWN.search(message)
    if unknown:
        kind: Any = Recipe
        for part in place:
            kind = type(getattr(FULL, part, None))
        known = ", ".join(kind.__struct_fields__) if hasattr(kind, "__struct_fields__") else ""
        text = tr("'{key}' is not known here; what there is: {known}", key=unknown[1], known=known)
    if len(place) > 1:
        return tr("[{section}] {key}: {text}", section=place[0], key=".".join(place[1:]), text=text)
    return f"[{place[0]}]: {text}" if place and place[0] in SECTIONS else ": ".join([*place, text])


FULL: Final = Recipe(
    name="",
    scope="",
    seed=0,
    text=Text(),
    collect=CollectSettings(),
    reader=ReaderSettings(),
    practise=Practise(),
    tune=TuneSettings(),
    preference=PreferenceSettings(),
    evaluate=EvaluateSettings(),
    card=Card(),
)
"""Every section with its own defaults."""
SECTIONS: Final = tuple(name for name in FULL.__struct_fields__ if isinstance(getattr(FULL, name), msgspec.Struct))


def section(recipe: Recipe, name: str) -> Any:
    """A section's or a value's settings as plain JSON, defaults written out (None: left out of the recipe)."""
    found = getattr(recipe, name)
    plain = msgspec.structs.asdict(found) if isinstance(found, msgspec.Struct) else found
    return msgspec.json.decode(msgspec.json.encode(plain))
