"""Whole replies decoded before any of it is shown: one that passes a line on, or the best of several."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final

from tutor.engine.llama import Model
from tutor.engine.window import MARGIN
from tutor.tutoring import confirmations, invitations, lead_ups, passing_on, recalling

_COPIES: Final = 3
"""Tries of a narrow model to pass a line of its notes on."""
_WHOLE: Final = 4
"""Tries of a narrow model to ask for an attempt at a problem, or to confirm one."""
_WORDINGS: Final = 2
"""Tries of a general model to pass an accepted correction on; a narrow one has one."""
_LONGER: Final = 2
"""Tokens of such a try, in those of the correction."""


class WholeTries:
    """Tries of one reply. The model's own thread."""

    def __init__(
        self, model: Model, sample: Callable[[int, Sequence[int]], Callable[[], int]], *, narrow: bool
    ) -> None:
        """`sample(try, replay)` makes a function that gives the next token."""
        self._model, self._sample, self._narrow = model, sample, narrow

    def _whole(self, prompt: Sequence[int], room: int, number: int) -> Iterator[int]:
        """Decode a whole reply, the token that ends it included; each token is evaluated when the next is wanted."""
        model = self._model
        model.evaluate(prompt)
        take = self._sample(1 + number * 10, ())
        for _ in range(room):
            token = take()
            yield token
            if model.ends(token):
                return
            model.append(token)

    def _words(self, prompt: Sequence[int], room: int, number: int) -> list[int]:
        """Such a reply without the token that ends it."""
        return [token for token in self._whole(prompt, room, number) if not self._model.ends(token)]

    def _first(self, tries: int, decoded: Callable[[int], list[int]], fits: Callable[[str], bool]) -> list[int]:
        """The first of so many tries that fits; none where no try does. `decoded(number)` is one of them."""
        for number in range(tries):
            tokens = decoded(number)
            if fits(self._text(tokens)):
                return tokens
        return []

    def faithful(self, prompt: Sequence[int], room: int, line: str, until: str = "", attempt: str = "") -> list[int]:
        """A whole reply of a narrow model that passes the line on, of a few tries; none when no try does.

        The model finds the words before and after it. Once it has led up to the line, or begun it, the line itself is
        put down as it stands: such a model slips while it copies, and half a hint in wrong words is worse than none.
        `until`: what has to be said before the line, as a regular expression; `attempt`: the learner's, "" for none.
        """
        puts = partial(passing_on.rest, line=line, until=until)
        astray = partial(lead_ups.astray, line=line, attempt=attempt)
        return self._first(
            _COPIES,
            lambda number: self._led_up(prompt, room, number, puts, astray),
            lambda text: lead_ups.fits(text, line, attempt),
        )

    def inviting(self, prompt: Sequence[int], room: int, problem: str) -> list[int]:
        """A whole reply of a narrow model that asks for a try and names the problem whole, if it names it; none when no
        try does. After a first try that did not, the rest of the problem is put down as soon as it was begun."""
        return self._first(
            _WHOLE,
            lambda number: self._led_up(
                prompt, room, number, partial(invitations.rest, problem=problem if number else "")
            ),
            lambda text: invitations.fits(text, problem),
        )

    def confirming(self, prompt: Sequence[int], room: int, notes: str) -> list[int]:
        """A whole reply of a narrow model that calls the attempt right by its notes; none when no try does."""
        return self._first(_WHOLE, partial(self._words, prompt, room), lambda text: confirmations.fits(text, notes))

    def _led_up(
        self,
        prompt: Sequence[int],
        room: int,
        number: int,
        puts: Callable[[str, str], str],
        astray: Callable[[str], bool] = lambda _said: False,
    ) -> list[int]:
        """One try: the model's own words up to a line, the line, and its own words after it.

        `puts(said, comes)`: what has to be put down at a place, "" for nothing. `astray(said)`: the try leads nowhere.
        """
        model, tokens, led_up = self._model, list[int](), False
        model.evaluate(prompt)
        take = self._sample(1 + number * 10, ())
        while len(tokens) < room:
            token = take()
            comes, said = model.spoken(token).decode(errors="replace"), self._text(tokens)
            if not led_up and astray(said):
                break
            rest = "" if led_up else puts(said, comes)
            if rest:
                led_up = True
                tokens += model.tokenize(rest)
                if len(tokens) < room:
                    model.evaluate([*prompt, *tokens])
                    take = self._sample(1 + number * 10, tokens)
            elif model.ends(token):
                break
            else:
                tokens.append(token)
                model.append(token)
        return tokens

    def _text(self, tokens: Sequence[int]) -> str:
        return b"".join(map(self._model.piece, tokens)).decode(errors="replace")

    def passed_on(self, prompt: Sequence[int], room: int, accepted: str) -> list[int]:
        """A whole reply that says what people accepted, in the model's words; none when it says anything else."""
        room = min(room, _LONGER * len(self._model.tokenize(accepted)) + MARGIN)
        tries = (1 if self._narrow else _WORDINGS) if prompt else 0
        return self._first(tries, partial(self._words, prompt, room), lambda text: recalling.passes_on(text, accepted))

    def best_of(self, prompt: Sequence[int], room: int, count: int) -> list[int]:
        """Whole replies from the same prefix; the one with the highest mean log-probability."""
        model = self._model
        best: list[int] = []
        best_score = float("-inf")
        for i in range(count):
            tokens: list[int] = []
            total = 0.0
            for token in self._whole(prompt, room, i):
                total += model.log_probability(token)
                if not model.ends(token):
                    tokens.append(token)
            score = total / (len(tokens) + 1)
            if tokens and score > best_score:
                best, best_score = tokens, score
        return best
