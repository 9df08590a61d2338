"""Words that are meant for the model and not for a learner: orders, injections, hidden text, answers as a policy.

Beside the safety classifier, for what a person offers to be taught: a correction is put before a model as true, so
whatever speaks to the model, hides, or says how it is to behave does not belong in it. Also finds unkind words about
people and groups in a statement's form, which a classifier of messages may pass. The rules are data, in `orders.toml`.
"""

import re
import tomllib
import unicodedata
from functools import cache
from importlib import resources
from typing import Final

import msgspec

from tutor.moderation import emoji, spelling
from tutor.moderation.entries import written_out

MOST: Final = 4_000
"""Characters that are read; a longer text counts as an order, for nobody can look it over."""

_MARKS: Final = "name|phone|email|address|card|account|ip|device|id number|url|handle|birth date"
"""What stands in brackets for personal data that was taken out."""
_CONTROL: Final = re.compile(
    r"<\|[^|<>]{0,60}\|?>?|\|>|\[/?INST\]|<</?SYS>>|</?s>|<(?:start|end)_of_turn>|<(?:bos|eos|pad|unk)>|\[(?:BOS|EOS)\]"
    r"|<｜|｜>|<\s*/?\s*(?:system|assistant|user|tutor|instructions?|prompt|tool|think|human|im_start|im_end)\b[^>]{0,80}>"
    r"|(?:^|\n|[.!?]\s)\s*(?:[-#*=_\[(]{1,6}\s*)?(?:system|assistant|user|developer|human|instruction|instructions|prompt)"
    r"\s*(?:[\])*]{1,3}\s*)?[:=>]"
    r"|^\s*(?:tutor|ai|bot|learner|pupil|student|question|answer|q|a)\s*:.*\n\s*(?:tutor|ai|bot|learner|pupil|student|question|answer|q|a)\s*:"
    r"|\"(?:role|content|system|instruction)\"\s*:|###|={4,}|-{5,}|\{\{|\}\}|\$\{|<!--|-->|```\s*(?:system|json|python|bash)"
    rf"|\[/?(?!(?:{_MARKS})\])[a-z][^\]\n]{{0,60}}\]"
    r"|\bBEGIN (?:SYSTEM|PROMPT|INSTRUCTIONS?)|\bEND (?:OF )?(?:SYSTEM|PROMPT|INSTRUCTIONS?|TEXT|DOCUMENT|CONTEXT)",
    re.IGNORECASE,
)
_MARKUP: Final = re.compile(
    r"<\s*/?\s*[a-z][\w-]{1,30}\s*/?>|"
    r"<\s*/?\s*(?:script|img|iframe|svg|object|embed|link|style|form|input|a|meta|base|video|audio|div|span|body|html)\b"
    r"|javascript:|data:\w+/|vbscript:|\bon(?:error|load|click)\s*=|!\[[^\]]*\]\(|\]\s*\(\s*\S+\s*\)|\\x[0-9a-f]{2}"
    r"|\\u[0-9a-f]{4}|&#x?[0-9a-f]{2,6};",
    re.IGNORECASE,
)
_ENDING: Final = (
    "com|org|net|info|biz|io|co|me|tv|gg|xyz|ru|cn|uk|de|fr|es|it|nl|pl|us|edu|gov|app|dev|site|online|club|top|link|ly|"
    "onion|shop|live|page|cc|eu|to"
)
_LINK: Final = re.compile(
    rf"\b[a-z][a-z0-9+.-]{{1,12}}://|\bhxxps?\b|\bwww\s*\.|\b[a-z0-9][a-z0-9-]{{1,62}}\.(?:{_ENDING})(?:/\S*|\b(?![.]\w))"
    rf"|\b[a-z0-9-]{{2,}}\s*(?:\(dot\)|\[dot\]|\s+dot\s+)\s*(?:{_ENDING})\b|\b\d{{1,3}}(?:\.\d{{1,3}}){{3}}\b",
    re.IGNORECASE,
)
_BLOB: Final = re.compile(
    r"(?<![\w/+=])(?:[A-Za-z0-9+/_-]{24,}={0,2}|[A-Za-z0-9+/]{10,}={1,2}|(?:[0-9a-fA-F]{2}[\s:]?){16,}|(?:%[0-9a-fA-F]{2}){4,}"
    r"|(?:[01]{8}[\s,]?){3,}|(?:(?:[.\-·−]{1,6})[ /]){8,}[.\-·−]{1,6})(?![\w/+=])"
)
_JOINERS: Final = frozenset("\u200d\ufe0f\ufe0e")
"""Within an emoji these are part of it."""
_FOREIGN_LEAST: Final = 3
_COMMON: Final = 10_000
"""Words that an English text is made of, by how common they are."""
_KNOWN_SHARE: Final = 0.45
_KNOWN_FEW: Final = 0.3
"""Share of them that is known; of three words alone."""
_SOMEBODYS: Final = re.compile(
    r"\b[A-Z][a-z]+['’]s (?:place|house|home|flat|garden|gran|nan|mum|dad|mother|father|brother|sister|number|address"
    r"|phone|birthday|account|password|locker|bag|family)\b"
)


class Found(msgspec.Struct, frozen=True):
    """Why a text does not belong in a correction."""

    kind: str
    """instruction | giving_answers | person | unkind | control | markup | link | hidden | coded | unread | length"""
    firm: bool = False
    """No honest correction has this."""


class _Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: str
    patterns: list[str]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: dict[str, str]
    rules: list[_Group]


def found(text: str) -> tuple[Found, ...]:
    """Everything in a text that does not belong in a correction, each kind once; () for an honest one."""
    if len(text) > MOST:
        return (Found("length", firm=True),)
    kinds: dict[str, bool] = {}
    folded = unicodedata.normalize("NFKC", text)
    if hidden(text):
        kinds["hidden"] = False
    for kind, pattern, firm in (
        ("control", _CONTROL, True),
        ("markup", _MARKUP, True),
        ("link", _LINK, False),
        ("person", _SOMEBODYS, False),
        ("coded", _BLOB, True),
    ):
        if pattern.search(text) or pattern.search(folded):
            kinds[kind] = firm
    for view in _views(text):
        for kind, pattern in rules():
            if kind not in kinds and pattern.search(view):
                kinds[kind] = False
    if "coded" not in kinds and not readable(text):
        kinds["unread"] = False
    return tuple(Found(kind, firm) for kind, firm in kinds.items())


def hidden(text: str) -> bool:
    """Whether characters stand in it that nobody can see, or that turn the order of what is seen."""
    return visible(text) != text


def visible(text: str) -> str:
    """The text without them."""
    kept = []
    for place, character in enumerate(text):
        kind = unicodedata.category(character)
        part_of_emoji = character in _JOINERS and place and not text[place - 1].isascii()
        unseen = kind in ("Cf", "Co", "Cs", "Cn") or (kind == "Cc" and character not in "\n\t\r")
        if part_of_emoji or (not unseen and character not in "\u3164\u115f\u1160\uffa0\u2800"):
            kept.append(character)
    return "".join(kept)


def readable(text: str) -> bool:
    """Whether the rules can read it: mostly words that they know, in Latin letters. A word or two always is."""
    letters = [c for c in text if c.isalpha()]
    if sum(unicodedata.name(c, "").startswith("LATIN") for c in letters) < 0.9 * len(letters):
        return False
    found = re.findall(r"[^\W\d_]+", re.sub("[’']", "", spelling.clean(emoji.without(text))))
    unnamed = found[:1] + [word for word in found[1:] if not word[0].isupper()]  # a name is in no list of words
    words = [word.lower() for word in (unnamed if 2 * len(unnamed) > len(found) else found) if len(word) > 2]
    if len(words) < _FOREIGN_LEAST:
        return True
    most, share = (len(spelling.vocabulary()), _KNOWN_FEW) if len(words) == _FOREIGN_LEAST else (_COMMON, _KNOWN_SHARE)
    return sum(_known(word, most) for word in words) >= share * len(words)


@cache
def rules() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Kind and pattern, compiled. Raises ValueError (also msgspec's and tomllib's) when the file is not in order."""
    text = resources.files("tutor.moderation").joinpath("orders.toml").read_text(encoding="utf-8")
    file = msgspec.convert(tomllib.loads(text), _File)
    return tuple((g.kind, re.compile(written_out(p, file.words))) for g in file.rules for p in g.patterns)


def _views(text: str) -> tuple[str, ...]:
    """The words as they may be meant: spelt out, also with what stands between letters taken out."""
    plain = spelling.spoken(text)
    as_written = " ".join(re.sub(r"[^\w\s]", " ", re.sub(r"[’'`]", "", spelling.clean(text).lower())).split())
    return tuple(dict.fromkeys((plain, as_written)))


def _known(word: str, most: int) -> bool:
    """Whether it is one of the commonest English words, or made of one."""
    ranks = spelling.vocabulary()
    stems = (word.removesuffix(end) for end in ("", "s", "es", "ed", "ing", "ly", "er", "est") if word.endswith(end))
    return any(ranks.get(stem, most) < most for stem in stems)
