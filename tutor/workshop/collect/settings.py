"""What the `[collect]` section of a recipe may say."""

from typing import Literal

import msgspec


class CollectSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the text lies, what is kept of it, and how far a group of pairs may outweigh the others."""

    sources: tuple[str, ...] = ()
    """Files, folders and patterns such as `lessons/**/*.md`. What is named here a person chose to be learned from."""
    roster: str = ""
    """A file with the class's names, one a line (or the first column of a CSV file); none when empty."""
    seed: int = 2026
    """Of the balancing: the same seed keeps the same pairs."""

    # bounds: the files come from anywhere
    whole_file_megabytes: float = 32.0
    """Web pages and exports are read in one piece up to this size; all other kinds are read as a stream of any size."""
    line_characters: int = 1_000_000
    """A longer line (of JSON, or a CSV field) is counted and passed over."""
    document_characters: int = 20_000
    """A longer text becomes several documents, parted between paragraphs."""
    message_characters: int = 8_000
    """A conversation with a longer message is left out."""
    messages: int = 400
    """A conversation with more messages is left out."""
    least_characters: int = 20
    """A shorter document is left out (a conversation never for that reason)."""

    # language
    languages: tuple[str, ...] = ("en",)
    """Languages that are kept (ISO 639-1); any when empty."""
    language_sure: float = 0.6
    """A text goes for its language only when the detector is at least this sure of another one."""
    language_letters: int = 24
    """Texts with fewer letters are not judged: the detector guesses there."""

    # duplicates
    near: float = 0.8
    """Texts whose five-character pieces overlap by at least this share (Jaccard) are near duplicates; 1 for exact
    ones only."""
    permutations: int = 128
    """Numbers in a MinHash: more is more exact and slower."""
    numbers_count_words: int = 80
    """In texts of at most so many words another number makes another text: "3 + 4" and "3 + 5" are two sums."""

    # personal data
    personal: Literal["replace", "remove", "drop"] = "replace"
    """Put a mark in its place, cut it out, or drop the whole document or conversation that has some."""
    names: Literal["stand_in", "mark"] = "stand_in"
    """What replaces a name: another first name, the same one throughout a text, or a mark."""
    personal_sure: float = 0.5
    """The least score, 0 to 1, of what counts as personal data."""
    phone_regions: tuple[str, ...] = ("GB", "US")
    """Countries whose telephone numbers are known without their `+` prefix."""

    # pairs
    context_turns: int = 3
    """Turns before the learner's words that stay with a pair."""
    balance_ratio: float = 4.0
    """No topic, intent or answer type may have more pairs than this many times the median one has; 0 for no limit."""
    balance_floor: int = 50
    """Groups up to this size are never cut."""

    # report
    examples: int = 3
    """Masked examples of each reason in the report."""
