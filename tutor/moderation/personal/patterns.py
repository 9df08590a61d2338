"""What personal data looks like: presidio's recognisers that fit, and our own patterns for what it leaves out."""

import re
from typing import Any, Final

import phonenumbers
import tldextract
from presidio_analyzer import (
    AnalysisExplanation,
    EntityRecognizer,
    LocalRecognizer,
    Pattern,
    PatternRecognizer,
    RecognizerResult,
)
from presidio_analyzer.predefined_recognizers import (
    CreditCardRecognizer,
    EmailRecognizer,
    IbanRecognizer,
    IpRecognizer,
    MacAddressRecognizer,
    NhsRecognizer,
    UkNinoRecognizer,
    UsSsnRecognizer,
)

from tutor.moderation.personal.names import Roster

KINDS: Final = {
    "EMAIL_ADDRESS": "email",
    "PHONE_NUMBER": "phone",
    "CREDIT_CARD": "card",
    "IBAN_CODE": "account",
    "IP_ADDRESS": "ip",
    "MAC_ADDRESS": "device",
    "UK_NHS": "id_number",
    "UK_NINO": "id_number",
    "US_SSN": "id_number",
    "PERSONAL_URL": "url",
    "STREET_ADDRESS": "address",
    "HANDLE": "handle",
    "BIRTH_DATE": "birth_date",
    "PERSON": "name",
}
"""presidio's names of what is found, and ours."""

_DOMAINS = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
"""With the list that comes in the package: the library's own default asks the network for a newer one."""

_STREET = (
    "Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Crescent|Court|Gardens|Grove|Terrace|Boulevard|Blvd|Mews|Parade|Close|"
    "Place|Way|Walk|Hill|Row|Square"
)
_UK_CODE = r"(?:GIR ?0AA|[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2})"
_US_CODE = (
    r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY])"
    r" \d{5}(?:-\d{4})?"
)
_TOWN = rf"(?:,? (?:[A-Z][a-z]+ ?){{1,3}})?(?:,? ?(?:{_UK_CODE}|{_US_CODE}))?"
_UNIT = r"(?:(?:Flat|Apartment|Apt\.?|Unit) \w{1,4},? )?"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"

ADDRESSES: Final = [
    Pattern(
        "street",
        rf"\b{_UNIT}\d{{1,4}}[A-Za-z]?,? (?:[A-Z][a-z'’]+ ){{1,3}}(?:{_STREET})\b(?! [a-z]+ (?:tiles|numbers)){_TOWN}",
        0.7,
    ),
    Pattern(
        "street after words",
        rf"(?i)(?<=\b(?:live at|lives at|living at|address is|address:|house is) ){_UNIT}\d{{1,4}}[a-z]?,? "
        rf"(?:[a-z'’]+ ){{1,3}}(?:{_STREET})\b(?:,? {_UK_CODE})?",
        0.8,
    ),
    Pattern("postcode", rf"(?<![\w-]){_UK_CODE}(?!\w)", 0.6),
    Pattern("town with code", rf"\b[A-Z][a-z]+, {_US_CODE}\b", 0.6),
    Pattern("box", r"\bP\.?O\.? Box \d{1,6}\b", 0.7),
]
_ITS_PLACE = r"(?:@|~|users?/|u/|in/|profile/|people/|add/|channel/|members?/)"
_NETWORK = "instagram|facebook|twitter|x|tiktok|snapchat|github|twitch|linkedin|reddit|roblox|discord|t"
_ASKED = "user|username|name|email|mail|login|token|key|session|sid|phone"
URLS: Final = [
    Pattern("user in front", r"(?i)\b(?:https?|ftp)://[^\s/@]{1,80}@[^\s<>\"']{1,300}", 0.9),
    Pattern(
        "user's page",
        rf"(?i)\b(?:https?://|www\.)[^\s<>\"'/]{{3,80}}/(?:[^\s<>\"'?]{{0,100}}/)?{_ITS_PLACE}[^\s<>\"']{{2,200}}",
        0.8,
    ),
    Pattern(
        "network's page",
        rf"(?i)\b(?:https?://)?(?:www\.|m\.)?(?:{_NETWORK})\.(?:com|gg|tv|me)/[\w.@/-]{{2,200}}",
        0.8,
    ),
    Pattern(
        "user asked for",
        rf"(?i)\bhttps?://[^\s<>\"'?]{{3,200}}\?(?:[^\s<>\"']{{0,200}}&)?(?:{_ASKED})=[^\s<>\"']{{1,300}}",
        0.8,
    ),
]
HANDLES: Final = [Pattern("handle", r"(?<![\w@.])@(?=[\w.]*[A-Za-z_])[A-Za-z_][\w.]{2,29}\b", 0.6)]
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_BORN = r"born on|born|d\.?o\.?b\.?:?|date of birth:?|date of birth is|birthday is|birthday is on|birthday:"
BIRTHS: Final = [
    Pattern(
        "date of birth",
        rf"(?i)(?<=\b(?:{_BORN}) (?:the )?)(?:{_DAY}(?: of)?[ ./-](?:{_MONTH}|\d{{1,2}})(?:[ ,./-]{{1,2}}\d{{2,4}})?"
        rf"|{_MONTH} {_DAY}(?:,? \d{{4}})?|\d{{4}}-\d{{2}}-\d{{2}})",
        0.8,
    )
]
_NO_NAME = (
    r"(?!(?i:not|a|an|the|on|in|at|hard|long|too|so|short|very|it|that|this|what|back|when|if|for|later|by|to|x|y)\b)"
)
_WHO = r"(?i:i am|i'm|i’m|im|he is|she is|he's|she's|friend|brother|sister|teacher|mum|dad)"
_MORE = r"(?: [A-Z][a-z][\w'’-]*)"
PEOPLE: Final = [
    Pattern(
        "my name is",
        rf"(?<=\b(?i:my (?:first |last |full )?name(?:'s|’s| is|s) )){_NO_NAME}[^\W\d_][\w'’-]+{_MORE}{{0,2}}",
        0.8,
    ),
    Pattern("called", rf"(?<=\b{_WHO} called ){_NO_NAME}[A-Z][\w'’-]+{_MORE}?", 0.8),
    Pattern("call me", rf"(?<=\b[Cc]all me ){_NO_NAME}[A-Z][a-z'’-]+", 0.7),
    Pattern(
        "title",
        rf"(?<=\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor)\.? ){_NO_NAME}[A-Z][a-z][\w'’-]*{_MORE}?",
        0.7,
    ),
]

_NHS: Final = [Pattern("NHS number in groups", r"\b([0-9]{3})[- ]([0-9]{3})[- ]([0-9]{4})\b", 0.2)]
_CALLING: Final = ["phone", "telephone", "tel", "mobile", "cell", "call", "ring", "text", "whatsapp", "fax", "contact"]


class OfflineEmailRecognizer(EmailRecognizer):  # type: ignore[misc]
    """presidio's, with the list of domains that lies on the disk."""

    def validate_result(self, pattern_text: str) -> bool:
        return bool(_DOMAINS(pattern_text).suffix)  # a school's `name.sch.uk` counts as a suffix alone


class GroupedNhsRecognizer(NhsRecognizer):  # type: ignore[misc]
    """presidio's, for numbers written in groups: one bare number in eleven has the right check digit."""

    def validate_result(self, pattern_text: str) -> bool | None:
        return None if super().validate_result(pattern_text) else False


class PhoneRecognizer(LocalRecognizer):  # type: ignore[misc]
    """Telephone numbers by phonenumbers, scored by how they are written: a bare number needs a word such as "call"."""

    def __init__(self, regions: tuple[str, ...]) -> None:
        self._regions = regions
        super().__init__(supported_entities=["PHONE_NUMBER"], supported_language="en", context=_CALLING)

    def load(self) -> None:
        """Nothing to load."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        if not re.search(r"\d(?:[\s().+-]*\d){6}", text):
            return []
        spans = {
            (match.start, match.end)
            for region in self._regions
            for match in phonenumbers.PhoneNumberMatcher(text, region, leniency=phonenumbers.Leniency.POSSIBLE)
        }
        scored = ((start, end, phone_score(text[start:end])) for start, end in sorted(spans))
        return [_result(self, "PHONE_NUMBER", start, end, score) for start, end, score in scored if score]


class RosterRecognizer(LocalRecognizer):  # type: ignore[misc]
    """The names of the class."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        super().__init__(supported_entities=["PERSON"], supported_language="en")

    def load(self) -> None:
        """Nothing to load."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        return [_result(self, "PERSON", start, end, 0.9) for start, end in self._roster.found_in(text)]


def phone_score(written: str) -> float:
    """How surely digits in this form are a telephone number and no sum: 0 to 1, 0 for never."""
    digits = re.sub(r"\D", "", written)
    if len(digits) < 7 or len(set(digits)) < 3 or re.fullmatch(r"\d+\.\d+", written):
        return 0.0
    if written.startswith(("+", "00")) and len(digits) >= 9:
        return 0.8
    if re.fullmatch(r"\(?0\d{2,4}\)?[ -]?\d{3,4}[ -]?\d{3,4}", written) and 10 <= len(digits) <= 11:
        return 0.75
    if re.fullmatch(r"(?:1[ .-])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[-.])\d{3}[-. ]\d{4}", written):
        return 0.75
    return 0.2


def _result(recognizer: EntityRecognizer, entity: str, start: int, end: int, score: float) -> RecognizerResult:
    return RecognizerResult(entity, start, end, score, AnalysisExplanation(recognizer.name, score), {
        RecognizerResult.RECOGNIZER_NAME_KEY: recognizer.name,
        RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: recognizer.id,
    })  # fmt: skip


def recognizers(roster: Roster, regions: tuple[str, ...]) -> list[EntityRecognizer]:
    """Everything that looks for personal data."""
    own = {"STREET_ADDRESS": ADDRESSES, "PERSONAL_URL": URLS, "HANDLE": HANDLES, "BIRTH_DATE": BIRTHS, "PERSON": PEOPLE}
    return [
        OfflineEmailRecognizer(),
        CreditCardRecognizer(),
        IbanRecognizer(),
        IpRecognizer(),
        MacAddressRecognizer(),
        GroupedNhsRecognizer(patterns=_NHS),
        UkNinoRecognizer(),
        UsSsnRecognizer(),
        PhoneRecognizer(regions),
        RosterRecognizer(roster),
        *(PatternRecognizer(name, patterns=list(patterns), global_regex_flags=0) for name, patterns in own.items()),
    ]


_SIGN: Final = r"[-+−*/×÷xX^=<>]"
_BEFORE: Final = re.compile(rf"(?:[\d)%]|\b[a-z])\s*{_SIGN}\s*$|(?:[£$€]|\b(?:plus|minus|times|by))\s*$")
_AFTER: Final = re.compile(rf"\s*{_SIGN}\s*[\d(]|\s*(?:plus|minus|times|divided|multiplied|[=%])")


def is_maths(text: str, start: int, end: int) -> bool:
    """Whether a number stands in a sum: beside a sign and another number, or with money's sign."""
    return bool(_BEFORE.search(text[max(start - 12, 0) : start]) or _AFTER.match(text[end : end + 12]))
