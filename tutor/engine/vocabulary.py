"""Text to tokens and back, with the vocabulary of one model."""

import ctypes
from collections import OrderedDict
from typing import Any, Final

import llama_cpp as lc

_KEPT: Final = 500
"""Texts whose tokens are kept: every prompt of a conversation begins with the same ones."""
_LONGEST: Final = 20_000
"""Characters of such a text."""


class Vocabulary:
    """Belongs to the thread that owns the model."""

    def __init__(self, vocab: Any) -> None:
        """`vocab`: llama.cpp's, which lives as long as its model."""
        self.vocab = vocab
        self.n_vocab = int(lc.llama_vocab_n_tokens(vocab))
        self._pieces: dict[int, bytes] = {}
        self._enders: dict[int, bool] = {}
        self._tokens: OrderedDict[str, tuple[int, ...]] = OrderedDict()
        self._bos = int(lc.llama_vocab_bos(vocab)) if lc.llama_vocab_get_add_bos(vocab) else None

    def tokenize(self, text: str) -> list[int]:
        """Tokens of plain text; strings that look like control tokens stay text."""
        known = self._tokens.get(text)
        if known is not None:
            self._tokens.move_to_end(text)
            return list(known)
        tokens = self._tokenize(text)
        if len(text) < _LONGEST:
            self._tokens[text] = tuple(tokens)
            if len(self._tokens) > _KEPT:
                self._tokens.popitem(last=False)
        return tokens

    def first(self, text: str) -> int:
        """The first token of a text; for "" the one that ends the model's turn."""
        if text:
            return self.tokenize(text)[0]
        end = int(lc.llama_vocab_eot(self.vocab))
        return end if end >= 0 else int(lc.llama_vocab_eos(self.vocab))

    def _tokenize(self, text: str) -> list[int]:
        data = text.encode("utf-8", errors="replace")
        room = len(data) + 8
        out = (lc.llama_token * room)()
        n = lc.llama_tokenize(self.vocab, data, len(data), out, room, False, False)
        if n < 0:
            room = -n
            out = (lc.llama_token * room)()
            n = lc.llama_tokenize(self.vocab, data, len(data), out, room, False, False)
        return list(out[:n])

    def piece(self, token: int) -> bytes:
        """The bytes of one token; b"" for control tokens."""
        known = self._pieces.get(token)
        if known is None:
            buffer = ctypes.create_string_buffer(256)
            n = lc.llama_token_to_piece(self.vocab, token, buffer, 256, 0, False)
            if n < 0:
                buffer = ctypes.create_string_buffer(-n)
                n = lc.llama_token_to_piece(self.vocab, token, buffer, -n, 0, False)
            known = self._pieces[token] = buffer.raw[:n]
        return known

    def ends(self, token: int) -> bool:
        """End of generation, or any other control token: the model's turn is over."""
        known = self._enders.get(token)
        if known is None:
            known = bool(lc.llama_vocab_is_eog(self.vocab, token) or lc.llama_vocab_is_control(self.vocab, token))
            self._enders[token] = known
        return known

    def spoken(self, token: int) -> bytes:
        """What a token adds to a reply; nothing where it ends it."""
        return b"" if self.ends(token) else self.piece(token)

    def special_tokens(self) -> dict[str, tuple[int, int]]:
        """Text to (token, attributes) of the tokens that are not made of ordinary text."""
        wanted = lc.LLAMA_TOKEN_ATTR_CONTROL | lc.LLAMA_TOKEN_ATTR_USER_DEFINED
        found = {}
        for token in range(self.n_vocab):
            attributes = int(lc.llama_vocab_get_attr(self.vocab, token))
            if attributes & wanted:
                text = lc.llama_vocab_get_text(self.vocab, token).decode(errors="replace")
                found[text] = (token, attributes)
        return found

    def bos(self) -> int | None:
        """The token that a prompt must begin with, or None."""
        return self._bos

    def text_of(self, kind: str) -> str:
        """Text of the `bos` or `eos` token for the template, "" when there is none."""
        token = getattr(lc, f"llama_vocab_{kind}")(self.vocab)
        return lc.llama_vocab_get_text(self.vocab, token).decode(errors="replace") if token >= 0 else ""
