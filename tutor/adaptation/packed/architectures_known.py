"""Which architectures can be trained, told from a file's header alone and without torch."""

from typing import Final

from tutor.adaptation.packed.architectures_metadata import Metadata, refused
from tutor.engine.gguf_file import Header
from tutor.i18n import tr

NEOX: Final = {
    "llama": False,
    "qwen2": True,
    "qwen3": True,
    "gemma3": True,
    "phi3": True,
    "smollm3": False,
    "granite": False,
}
"""The architectures that can be trained, by llama.cpp's names, and whether their rope pairs halves of a head."""
SCALINGS: Final = ("none", "linear", "yarn", "longrope")
"""Kinds of rope scaling that llama.cpp knows. It ends the whole process on another."""


def check(header: Header) -> None:
    """Raises UserError (code `architecture`) for what cannot be trained, from the header alone."""
    name = header.architecture
    if name not in NEOX:
        known = ", ".join(NEOX)
        raise refused(
            header.path, tr("its architecture is {name}, and training knows only {known}", name=name, known=known)
        )
    data = Metadata(header)
    if data.whole("expert_count", 0) > 0:
        raise refused(header.path, tr("it is a mixture of experts"))
    scaling = data.text("rope.scaling.type", "linear")
    if scaling not in SCALINGS:
        raise refused(header.path, tr("its rope scaling “{kind}” is not known", kind=scaling))
