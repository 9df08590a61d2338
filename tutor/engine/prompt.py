"""From guidelines, history and the new turn to the exact tokens of a prompt.

Control tokens come from the template's own text alone. What people wrote is tokenized as text, together with the
template's plain text beside it (as in training), and what the model said is put back with the very tokens it chose,
so that the next prompt begins exactly as the KV cache does.
"""

import re
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Final, Protocol

from tutor.engine.protocol import Past
from tutor.engine.template import Template
from tutor.tutoring import brief

_SPOKEN_MOST: Final = 2000
_USER_DEFINED: Final = 16
_LSTRIP: Final = 128
_RSTRIP: Final = 256


class Vocabulary(Protocol):
    """What a prompt needs from a model."""

    def tokenize(self, text: str) -> list[int]: ...
    def special_tokens(self) -> dict[str, tuple[int, int]]: ...
    def bos(self) -> int | None: ...


def _any_of(texts: Iterable[str]) -> re.Pattern[str] | None:
    longest_first = sorted(texts, key=len, reverse=True)
    return re.compile("|".join(re.escape(t) for t in longest_first)) if longest_first else None


class PromptBuilder:
    """Makes token lists; remembers which tokens the model chose for what it said."""

    def __init__(self, vocabulary: Vocabulary, template: Template) -> None:
        self._vocabulary, self._template = vocabulary, template
        self._special = {text: t for text, t in vocabulary.special_tokens().items() if text}
        self._specials = _any_of(self._special)
        self._textual = _any_of(
            text for text, (_, a) in self._special.items() if a & _USER_DEFINED and len(text) > 1 and text.strip()
        )
        self.spoken: OrderedDict[str, tuple[int, ...]] = OrderedDict()

    def remember(self, text: str, tokens: Sequence[int]) -> None:
        """The model said `text` with these tokens."""
        self.spoken[text] = tuple(tokens)
        self.spoken.move_to_end(text)
        while len(self.spoken) > _SPOKEN_MOST:
            self.spoken.popitem(last=False)

    def ask(self, guidelines: str, history: Sequence[Past], words: str, notes: str) -> list[int]:
        """The whole prompt of a new turn, up to where the answer begins."""
        return self._tokens(guidelines, history, brief.user_message(words, notes))

    def prefix(self, guidelines: str, history: Sequence[Past]) -> list[int]:
        """What every next prompt of this conversation begins with."""
        return self._tokens(guidelines, history, None)

    def _tokens(self, guidelines: str, history: Sequence[Past], new: str | None) -> list[int]:
        roles, contents = [], []
        users = [brief.user_message(past.learner, past.notes).strip() for past in history]
        users.append((new or "").strip())
        if guidelines.strip():
            if self._template.has_system:
                roles.append("system")
                contents.append(guidelines.strip())
            else:
                users[0] = f"{guidelines.strip()}\n\n{users[0]}"
        for i, user in enumerate(users):
            roles.append("user")
            contents.append(user)
            if i < len(history):
                roles.append("assistant")
                contents.append(history[i].tutor.strip())
        writer = _Writer(self._vocabulary, self._special, self._specials, self._textual)
        for piece in self._template.pieces(roles, answering=new is not None):
            if isinstance(piece, str):
                writer.template(piece)
            elif new is None and piece == len(roles) - 1:
                if not self._template.has_system and not history and guidelines.strip():
                    writer.words(guidelines.strip())
                break
            elif roles[piece] == "assistant":
                writer.answer(contents[piece], self.spoken.get(contents[piece]))
            else:
                writer.words(contents[piece])
        return writer.finish()


class _Writer:
    """Collects plain text up to the next control token and tokenizes it in one go, as llama.cpp would."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        special: dict[str, tuple[int, int]],
        specials: re.Pattern[str] | None,
        textual: re.Pattern[str] | None,
    ) -> None:
        self._vocabulary, self._special, self._specials, self._textual = vocabulary, special, specials, textual
        self._out: list[int] = []
        self._raw: list[str] = [""]
        """Texts to be tokenized; a new element is a cut that no token may cross."""
        self._strip_next = False

    def template(self, text: str) -> None:
        end = 0
        for found in self._specials.finditer(text) if self._specials else ():
            self._raw[-1] += text[end : found.start()]
            token, attributes = self._special[found.group()]
            self._flush(strip_end=bool(attributes & _LSTRIP))
            self._out.append(token)
            self._strip_next = bool(attributes & _RSTRIP)
            end = found.end()
        self._raw[-1] += text[end:]

    def words(self, text: str) -> None:
        """What a person wrote: a string that a vocabulary would take as one marker is cut in two."""
        end = 0
        for found in self._textual.finditer(text) if self._textual else ():
            self._raw[-1] += text[end : found.start() + 1]
            self._raw.append("")
            end = found.start() + 1
        self._raw[-1] += text[end:]

    def answer(self, text: str, tokens: Sequence[int] | None) -> None:
        """What the model said. It began on its own after the prompt, so no token crosses the cut."""
        self._flush()
        if tokens is not None:
            self._out.extend(tokens)
        else:
            self.words(text)
            self._flush()

    def finish(self) -> list[int]:
        self._flush()
        first = self._vocabulary.bos()
        if first is not None and self._out[:1] != [first]:
            self._out.insert(0, first)
        return self._out

    def _flush(self, strip_end: bool = False) -> None:
        if self._strip_next:
            self._raw[0] = self._raw[0].lstrip()
        if strip_end:
            self._raw[-1] = self._raw[-1].rstrip()
        for text in self._raw:
            if text:
                self._out.extend(self._vocabulary.tokenize(text))
        self._raw = [""]
        self._strip_next = False
