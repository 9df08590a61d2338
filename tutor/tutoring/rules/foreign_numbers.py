"""Number words of other languages, so that an answer is no secret less in French than in English."""

import re
from collections.abc import Collection
from fractions import Fraction
from typing import Final

_WORDS: Final = {
    "fr": "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept "
    "dix-huit dix-neuf vingt",
    "de": "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn "
    "siebzehn achtzehn neunzehn zwanzig",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis "
    "diecisiete dieciocho diecinueve veinte",
    "it": "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici "
    "diciassette diciotto diciannove venti",
    "pl": "zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście trzynaście "
    "czternaście piętnaście szesnaście siedemnaście osiemnaście dziewiętnaście dwadzieścia",
    "tr": "sıfır bir iki üç dört beş altı yedi sekiz dokuz on",
}
_TENS: Final = {
    "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "dreißig": 30, "vierzig": 40, "fünfzig": 50,
    "sechzig": 60, "siebzig": 70, "achtzig": 80, "neunzig": 90, "treinta": 30, "cuarenta": 40, "cincuenta": 50,
    "sesenta": 60, "setenta": 70, "ochenta": 80, "noventa": 90, "trenta": 30, "quaranta": 40, "cinquanta": 50,
    "cien": 100, "cent": 100, "hundert": 100, "cento": 100,
}  # fmt: skip
_ENGLISH: Final = frozenset({"six", "on", "once", "sei", "elf", "null", "due", "zero", "un", "cent", "bir", "quarante"})
"""Also words of English or too near to one."""
_VALUES: Final = {
    word: n for words in _WORDS.values() for n, word in enumerate(words.split()) if word not in _ENGLISH
} | {word: n for word, n in _TENS.items() if word not in _ENGLISH}
_COMPOUND: Final = re.compile(
    r"\b(?P<one>ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun)und(?P<ten>zwanzig|dreißig|vierzig|fünfzig|sechzig"
    r"|siebzig|achtzig|neunzig)\b"
    r"|\b(?P<es>treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa) y (?P<unit>\w+)\b"
)
_JOINED_TENS: Final = {
    "vingt-": 20, "trente-": 30, "quarante-": 40, "cinquante-": 50, "soixante-": 60, "quatre-vingt-": 80, "veinti": 20,
    "venti": 20, "trenta": 30, "quaranta": 40, "cinquanta": 50, "sessanta": 60, "settanta": 70, "ottanta": 80,
    "novanta": 90,
}  # fmt: skip
_JOINED: Final = re.compile(
    rf"\b(?P<tens>{'|'.join(sorted(_JOINED_TENS, key=len, reverse=True))})(?P<unit>(?:et-)?[^\W\d_]{{2,6}})\b"
)
_UNITS: Final = {
    word: n for language in ("fr", "es", "it") for n, word in enumerate(_WORDS[language].split()[:10]) if n
} | {"dós": 2, "trés": 3, "séis": 6, "tré": 3}
"""Ones behind a ten that is written together with them."""
_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")


def says(plain: str, wanted: Collection[Fraction], given: Collection[Fraction]) -> bool:
    """Whether a wanted number that is not of the question stands there as a word of another language."""
    looked = {v for v in wanted if v not in given and v.denominator == 1}
    if not looked:
        return False
    values = {Fraction(_VALUES[w]) for w in _WORD.findall(plain) if w in _VALUES}
    for match in _JOINED.finditer(plain):
        tens, unit = match["tens"], match["unit"].removeprefix("et-")
        if unit in _UNITS:
            values.add(Fraction(_JOINED_TENS[tens] + _UNITS[unit]))
    for match in _COMPOUND.finditer(plain):
        if match["one"]:
            one = 1 if match["one"] == "ein" else _VALUES[match["one"]]
            values.add(Fraction(one + (20 if match["ten"] == "zwanzig" else _TENS[match["ten"]])))
        elif match["unit"] in _VALUES:
            values.add(Fraction(_TENS[match["es"]] + _VALUES[match["unit"]]))
    return bool(values & looked)
