"""The gate: decodes a reply, holds every piece back until it is checked, and lets only checked text out.

Checks of one piece overlap with the decoding of the next ones. A piece that fails is decoded again from its own start
with another seed, at most twice; then it is corrected, left out, or the reply ends with words written by people.
"""

import codecs
import re
import time
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from typing import Final, Protocol

import msgspec

from tutor.domain import Action, SentenceCheck, Verdict
from tutor.engine.asking import Asked, Asking
from tutor.engine.checking import Checked, Checker, Question
from tutor.engine.llama import Interrupted
from tutor.engine.sentences import OPEN_MATHS, Piece, Splitter
from tutor.engine.turn_rules import ALWAYS, TurnRules

_LOOK_AHEAD: Final = 3
"""Pieces that may wait for their checks while decoding goes on."""
_TRIES: Final = 3
_REPEATS_MOST: Final = 2
"""Repeated sentences after which the model is going round in circles."""
_THINK: Final = re.compile(r"\s*<think>.*?</think>\s*", re.DOTALL)


class Decoding(Protocol):
    """What the gate needs of `llama.Model`."""

    tokens: list[int]

    def evaluate(self, tokens: Sequence[int]) -> int: ...
    def append(self, token: int) -> None: ...
    def tokenize(self, text: str) -> list[int]: ...
    def piece(self, token: int) -> bytes: ...
    def ends(self, token: int) -> bool: ...


class _Waiting(msgspec.Struct):
    piece: Piece
    tries: int
    check: "Future[Checked]"


class Gate:
    """One reply. `write()` gives when all is shown; `shown`, `checks` and the counters say what happened."""

    def __init__(
        self,
        model: Decoding,
        sample: Callable[[int, Sequence[int]], Callable[[], int]],
        checker: Checker,
        question: Question,
        *,
        prompt: Sequence[int],
        room: int,
        fallback: Callable[[], str],
        emit: Callable[[int, str, SentenceCheck], None],
        stage: Callable[[str], None],
        stopped: Callable[[], bool] = lambda: False,
        script: Iterable[int] = (),
        by_people: bool = False,
        whole: bool = False,
        turn: TurnRules | None = None,
        foreseen: Callable[..., str] = lambda sentence, stands: sentence if stands else "",
    ) -> None:
        """`prompt` is evaluated already. `sample(try, replay)` makes a function that gives the next token.

        `room`: tokens of reply at most. `script`: tokens that were chosen before (best of n), taken as decoded.
        `by_people`: they are words that people accepted; a sentence of them that fails its checks is left out.
        `whole`: they say one thing, which people's words say where a sentence of them fails.
        `turn`: what the lesson asks of the whole reply. `foreseen(sentence, stands=...)`: the whole sentence that an
        unfinished one will most probably be, "" where that is open; `stands`: it looks finished.
        """
        self._foreseen, self._asking = foreseen, Asking(checker, question)
        self._model, self._sample, self._checker, self._question = model, sample, checker, question
        self._prompt, self._room = list(prompt), room
        self._fallback, self._emit, self._stage, self._stopped = fallback, emit, stage, stopped
        self._script: deque[int] | None = deque(script) or None
        self._by_people, self._whole = by_people, whole
        self._passes_on = bool(self._script) and not by_people
        """It was decoded before, for the sake of what it says; words decoded anew would say something else."""
        self._turn = turn
        if turn is not None and by_people:
            turn.by_people()
        self._tokens: list[int] = []
        self._text = ""
        self._ends: list[int] = []
        """Characters of `_text` after each token."""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._splitter = Splitter()
        self._next = sample(1, ())
        self._waiting: deque[_Waiting] = deque()
        self._seen: set[str] = set()
        self._repeats = 0
        self._tries = 1
        """Tries of the next piece to be finished."""
        self._over = room <= 0
        """Nothing more is decoded."""
        self._thinking: bool | None = None
        self.shown: list[str] = []
        self.checks: list[SentenceCheck] = []
        self.first_at = 0.0
        self.decode_ms = self.moderation_ms = self.maths_ms = self.rules_ms = 0.0
        self.fell_back = False

    @property
    def text(self) -> str:
        return "".join(self.shown)

    @property
    def wrote(self) -> bool:
        """Whether people wrote the end of it, or all of it."""
        return self.fell_back or (self._by_people and bool(self.shown))

    @property
    def completion_tokens(self) -> int:
        """Tokens of the reply as it stands; what was taken back is not counted."""
        return len(self._tokens)

    def spoken(self) -> tuple[int, ...] | None:
        """The tokens that say exactly what was shown, when the decoded text began with that."""
        lead = len(self._text) - len(self._text.lstrip())
        end = lead + len(self.text)
        if not self.text or self._text[lead:end] != self.text:
            return None
        count = bisect_right(self._ends, end)
        if count and self._ends[count - 1] == end:
            return tuple(self._tokens[:count])
        return None if self._text[end:].strip() else tuple(self._tokens)  # the last token holds white space, too

    def write(self) -> None:
        """Raises Interrupted when stopped (what was shown stays), or what decoding raises."""
        try:
            while not (self._over and not self._waiting):
                if self._stopped():
                    raise Interrupted
                wait = self._over or len(self._waiting) >= _LOOK_AHEAD
                if self._waiting and (wait or self._waiting[0].check.done()):
                    self._settle(self._waiting.popleft())
                elif not self._over:
                    self._step()
        finally:
            self._forget_waiting()
        turn = self._turn
        if not self.shown and (turn is None or not turn.waiting()):
            self._fall_back("the model said nothing")
        if turn is None:
            return
        if not turn.settle():
            self._fall_back("the model's words broke rules of the lesson for a whole turn")
        for space, check in turn.close():
            self._out(space if self.shown else "", check)

    def add(self, text: str) -> None:
        """Words of people after the reply."""
        check = SentenceCheck(text=text, verdict=Verdict(action=Action.ALLOW, reason="written"), done="fallback")
        self._out("\n\n" if self.shown else "", check)

    # --- decoding ------------------------------------------------------------------------------------------------

    def _step(self) -> None:
        """Decode one token; a piece that it finishes goes to the checks before the next token is evaluated."""
        began = time.perf_counter()
        token = self._script.popleft() if self._script else self._next()
        ended = self._model.ends(token)
        if not ended:
            self._add(token)
            text = self._decoder.decode(self._model.piece(token))
            self._ends[-1] += len(text)
            self._text += text
            self._pieces(text)
        if ended or len(self._tokens) >= self._room or (self._script is not None and not self._script):
            self._finish_decoding(cut_off=not ended and self._script is None)
        elif self._script is None and not self._over:
            self._model.append(token)
        self.decode_ms += (time.perf_counter() - began) * 1000

    def _add(self, token: int) -> None:
        self._tokens.append(token)
        self._ends.append(len(self._text))

    def _pieces(self, text: str) -> None:
        if self._thinking is None:
            opened = self._text.lstrip()
            if len(opened) < 7 and "<think>".startswith(opened):
                return
            self._thinking = opened.startswith("<think>")
            if not self._thinking:
                text = self._text
        if self._thinking:
            thought = _THINK.match(self._text)
            if thought is None:
                return
            self._thinking = False
            self._splitter = Splitter(thought.end())
            text = self._text[thought.end() :]
        for piece in self._splitter.feed(text):
            self._submit(piece)
        if self._script is None and self._question.rules is None and len(self._waiting) < _LOOK_AHEAD:
            self._foresee()

    def _foresee(self) -> None:
        """Let a sentence be checked before its last tokens are drawn; said otherwise, it is checked as it is said."""
        sentence = self._splitter.standing()
        if foreseen := self._foreseen(sentence or self._splitter.open, stands=bool(sentence)):
            self._asking.foresee(self._asked(foreseen))

    def _finish_decoding(self, *, cut_off: bool) -> None:
        self._over = True
        if self._thinking:
            return
        if self._thinking is None:
            self._splitter.feed(self._text)
        for piece in self._splitter.finish():
            if cut_off and not piece.whole and (self.shown or self._waiting):
                continue  # half a sentence helps nobody
            self._submit(piece)

    def _submit(self, piece: Piece) -> None:
        key = _key(piece)
        if key in self._seen and " " in key and not self._splitter.in_code:
            self._repeats += 1
            if self._repeats > _REPEATS_MOST:
                self._over = True
            return
        self._seen.add(key)
        check = self._asking.check(self._asked(piece.text))
        self._waiting.append(_Waiting(piece, self._tries, check))
        self._tries = 1

    def _asked(self, text: str) -> Asked:
        before = [w.piece for w in self._waiting]
        texts = self._texts() + [p.text for p in before]
        carry = texts[-1] if texts and (OPEN_MATHS.search(texts[-1]) or (before and not before[-1].whole)) else ""
        return Asked(text, tuple(texts), carry, self._tries < _TRIES and not self._by_people)

    def _texts(self) -> list[str]:
        """What was let out so far, and what is held for the end."""
        return [c.text for c in self.checks if c.text] + (self._turn.waiting() if self._turn else [])

    # --- after the checks ----------------------------------------------------------------------------------------

    def _settle(self, waiting: _Waiting) -> None:
        piece, checked = waiting.piece, waiting.check.result()
        self._count(checked)
        if self._turn and not self._by_people and self._turn.enough(checked.rules, bool(self._texts())):
            self._forget_waiting()
            self._over = True
        elif self._fits(checked, waiting.tries):
            self._note(checked, "shown")
            self._show(piece, piece.text, checked, waiting.tries, "fallback" if self._by_people else "shown")
        elif self._by_people:
            self._note(checked, "left_out")
            left_out = SentenceCheck(text="", verdict=checked.verdict, maths=checked.maths, done="left_out")
            self.checks.append(left_out)
        elif self._passes_on and (checked.broken or self._whole):
            self._note(checked, "replaced")
            self._fall_back(_why(checked))
        elif waiting.tries < _TRIES:
            self._note(checked, "rewritten")
            self._stage("regenerating")
            self._seen.discard(_key(piece))
            self._back_to(piece.start)
            self._tries = waiting.tries + 1
            self._next = self._sample(self._tries, self._tokens)
        elif checked.safe and not (checked.reveals or checked.broken) and self._correct(piece, checked, waiting.tries):
            return
        elif checked.safe and not (checked.reveals or checked.broken) and not self._question.facts:
            left_out = SentenceCheck(
                text="", verdict=checked.verdict, maths=checked.maths, tries=waiting.tries, done="left_out"
            )
            self.checks.append(left_out)
        else:
            self._note(checked, "replaced")
            self._fall_back(_why(checked))

    def _fits(self, checked: Checked, tries: int) -> bool:
        """Whether a piece is let out: a rule that words can be better by has it written again first."""
        if self._by_people and checked.broken:
            return not ALWAYS.intersection(checked.broken) and msgspec.structs.replace(checked, rules=()).passed
        last = self._by_people or self._passes_on or tries >= _TRIES
        return checked.passed and (last or not checked.could_be_better)

    def _note(self, checked: Checked, done: str) -> None:
        if self._turn is not None:
            self._turn.note(checked.rules, done)

    def _correct(self, piece: Piece, checked: Checked, tries: int) -> bool:
        """Put the right numbers in, check the new words too, and go on after them."""
        words = checked.maths.correction
        if not words or not words.strip():
            return False
        self._back_to(piece.start)
        again = self._checker.piece(words, self._question, self._texts()).result()
        self._count(again)
        if not again.passed:
            self._fall_back(_why(again))
            return True
        self._say(piece.space + words)
        self._next = self._sample(1, self._tokens)
        self._show(piece, words, again, tries, "corrected")
        return True

    def _show(self, piece: Piece, text: str, checked: Checked, tries: int, done: str) -> None:
        check = SentenceCheck(text=text, verdict=checked.verdict, maths=checked.maths, tries=tries, done=done)
        self._let(piece.space, check)

    def _let(self, space: str, check: SentenceCheck) -> None:
        """Out with it, or held for the end where the lesson wants it there."""
        for before, now in self._turn.take(space, check) if self._turn else ((space, check),):
            self._out(before if self.shown else "", now)

    def _out(self, space: str, check: SentenceCheck) -> None:
        if not self.shown:
            self.first_at = time.perf_counter()
        self._emit(len(self.shown), space, check)
        self.shown.append(space + check.text)
        self.checks.append(check)

    def _fall_back(self, why: str) -> None:
        """End with words written by people, leaving out what is already there."""
        self._forget_waiting()
        self._over = self.fell_back = True
        splitter = Splitter()
        for piece in splitter.feed(self._fallback().strip()) + splitter.finish():
            if any(piece.text in text for text in self.shown):
                continue
            written = Verdict(action=Action.ALLOW, reason=f"written; {why}")
            space = piece.space or " "
            self._let(space, SentenceCheck(text=piece.text, verdict=written, done="fallback"))

    def _count(self, checked: Checked) -> None:
        self.moderation_ms += checked.moderation_ms
        self.maths_ms += checked.maths.ms
        self.rules_ms += checked.rules_ms

    def _forget_waiting(self) -> None:
        for waiting in self._waiting:
            waiting.check.cancel()
        self._waiting.clear()

    # --- going back ------------------------------------------------------------------------------------------------

    def _back_to(self, position: int) -> None:
        """Take back everything after character `position`: pieces that wait, text, and the model's memory of it."""
        for waiting in self._waiting:
            self._seen.discard(_key(waiting.piece))
        self._forget_waiting()
        kept = bisect_right(self._ends, position)
        tail = self._text[self._ends[kept - 1] if kept else 0 : position]
        self._script = None
        del self._tokens[kept:], self._ends[kept:]
        self._text = self._text[: position - len(tail)]
        self._decoder.reset()
        self._over = False
        self._repeats = 0
        self._splitter = Splitter(position, in_code=_in_code(self._text + tail))
        self._say(tail)

    def _say(self, text: str) -> None:
        """Let the model believe that it said this."""
        for token in self._model.tokenize(text) if text else ():
            self._tokens.append(token)
            self._ends.append(len(self._text) + len(text))
        self._text += text
        self._splitter = Splitter(len(self._text), in_code=_in_code(self._text))
        self._model.evaluate([*self._prompt, *self._tokens])


def _key(piece: Piece) -> str:
    """What makes two pieces the same sentence."""
    return re.sub(r"\W+", " ", piece.text).casefold().strip()


def _why(checked: Checked) -> str:
    """Why a piece was not shown, for the record."""
    if not checked.safe:
        return f"the model's words were blocked: {', '.join(checked.verdict.labels) or checked.verdict.reason}"
    if checked.broken:
        return f"the model's words broke rules of the lesson: {', '.join(checked.broken)}"
    return "the model's words gave the answer away" if checked.reveals else "the model's numbers were wrong"


def _in_code(text: str) -> bool:
    return len(re.findall(r"^\s*(?:```|~~~)", text, re.MULTILINE)) % 2 == 1
