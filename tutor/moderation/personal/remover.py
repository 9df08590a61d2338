"""Personal data out of a text: presidio finds it with a blank pipeline, without any model and without the network."""

import logging
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec
import spacy
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.context_aware_enhancers import LemmaContextAwareEnhancer
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

from tutor.moderation.personal import patterns
from tutor.moderation.personal.names import Roster, stand_in

_NUMERIC: Final = frozenset(("phone", "card", "id_number", "ip"))
_LANGUAGE: Final = "en"
"""Of the rules, not of the text: they are the same for every language."""


class Found(msgspec.Struct, frozen=True):
    """Personal data in a text."""

    start: int
    end: int
    kind: str
    score: float


class BlankEngine(NlpEngine):  # type: ignore[misc]
    """Words without any model: presidio needs them only to look for "phone" or "card" before a number."""

    def __init__(self) -> None:
        self._nlp = spacy.blank(_LANGUAGE)

    def load(self) -> None:
        """Nothing to load."""

    def is_loaded(self) -> bool:
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        doc = self._nlp.make_doc(text)
        return NlpArtifacts(
            entities=[],
            tokens=doc,
            tokens_indices=[token.idx for token in doc],
            lemmas=[token.lower_ for token in doc],
            nlp_engine=self,
            language=language,
        )

    def process_batch(
        self, texts: Iterable[str], language: str, batch_size: int = 1, n_process: int = 1, **kwargs: Any
    ) -> Iterator[tuple[str, NlpArtifacts]]:
        for text in texts:
            yield text, self.process_text(text, language)

    def is_stopword(self, word: str, language: str) -> bool:
        return bool(self._nlp.vocab[word].is_stop)

    def is_punct(self, word: str, language: str) -> bool:
        return bool(self._nlp.vocab[word].is_punct)

    def get_supported_entities(self) -> list[str]:
        return []

    def get_supported_languages(self) -> list[str]:
        return [_LANGUAGE]


class Remover:
    """Finds personal data and takes it out."""

    def __init__(
        self,
        roster: Roster,
        *,
        sure: float = 0.5,
        phone_regions: tuple[str, ...] = ("GB", "US"),
        cut: bool = False,
        mark_names: bool = False,
    ) -> None:
        """`sure`: the least score, 0 to 1, of what counts. `cut`: leave nothing in the place of what is taken out.

        `mark_names`: a mark in the place of a name, not another name.
        """
        logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)  # it warns of every entity without a recogniser
        self._roster, self._sure, self._cut, self._mark_names = roster, sure, cut, mark_names
        registry = RecognizerRegistry(
            recognizers=patterns.recognizers(roster, phone_regions), supported_languages=[_LANGUAGE]
        )
        self._analyzer = AnalyzerEngine(
            registry=registry,
            nlp_engine=BlankEngine(),
            supported_languages=[_LANGUAGE],
            context_aware_enhancer=LemmaContextAwareEnhancer(
                context_matching_mode="whole_word", min_score_with_context_similarity=0.4
            ),
        )

    def find(self, text: str) -> list[Found]:
        """Personal data in order, overlapping finds joined; the surest one names the kind."""
        results = self._analyzer.analyze(text, language=_LANGUAGE, score_threshold=self._sure)
        joined: list[Found] = []
        for result in sorted(results, key=lambda r: (r.start, -r.end)):
            kind = patterns.KINDS[result.entity_type]
            if kind in _NUMERIC and patterns.is_maths(text, result.start, result.end):
                continue
            if kind == "ip" and all(len(part) < 2 for part in text[result.start : result.end].split(".")):
                continue  # 1.2.3.4 is the number of a section
            found = Found(result.start, result.end, kind, result.score)
            if joined and found.start < joined[-1].end:
                last = joined[-1]
                surer = max(last, found, key=lambda f: (f.score, f.end - f.start))
                joined[-1] = Found(last.start, max(last.end, found.end), surer.kind, surer.score)
            else:
                joined.append(found)
        return joined

    def without(self, text: str, everything: str, given: dict[str, str], found: list[tuple[str, str]]) -> str:
        """The text without personal data. Kind and words of each find are added to `found`.

        `everything`: all texts that belong together, so that no stand-in is a name that one of them has; `given`: the
        stand-ins so far, for all of them.
        """
        pieces, at = [], 0
        for hit in self.find(text) if text else ():
            words = text[hit.start : hit.end]
            found.append((hit.kind, words))
            pieces += [text[at : hit.start], self._instead(hit.kind, words, everything, given)]
            at = hit.end
        joined = "".join([*pieces, text[at:]])
        return re.sub(r"(?<=\S) {2,}", " ", joined).strip() if self._cut else joined

    def _instead(self, kind: str, words: str, everything: str, given: dict[str, str]) -> str:
        if self._cut:
            return ""
        if kind != "name" or self._mark_names:
            return f"[{kind.replace('_', ' ')}]"
        name = stand_in(words, given, self._roster, everything)
        given[words.split()[0].casefold()] = name
        return name
