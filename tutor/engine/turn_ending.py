"""What people's words add at the end of a reply in a lesson: words that must come, enough words, a last question."""

from collections.abc import Callable
from typing import Final

from tutor.domain import Action, RuleCheck, SentenceCheck, Severity, Verdict
from tutor.domain_lessons import Length, Questions, Words
from tutor.tutoring.lesson_wordings import closing_question, more, use_word
from tutor.tutoring.rules import shape
from tutor.tutoring.rules.book import RuleBook, fired
from tutor.tutoring.rules.texts import WORD

Shown = tuple[str, SentenceCheck]
"""White space before it, and the sentence."""

ALWAYS: Final = frozenset({"withhold", "guidelines", "forbidden", "correctness"})
"""Rules that words of people keep, too; the rest bounds what the model says."""
_SHORT: Final = ALWAYS | {"words", "tone", "language"}
"""Rules that short words of the program are looked at for."""


class Ending:
    """Of one reply. Words are added for rules that block or rewrite; a warning adds nothing."""

    def __init__(
        self, book: RuleBook, variant: int = 0, *, silent: bool = False, may_say: Callable[[str], bool] | None = None
    ) -> None:
        """`silent`: nothing is added, for what was said tells all. `may_say`: judges words out of the lesson's file."""
        self._book, self._variant, self._silent, self._may_say = book, variant, silent, may_say
        rules = [g for g in book.lesson.guidelines if g.severity is not Severity.WARN]
        self._words = [g for g in rules if isinstance(g, Words) and g.required]
        self._length = next((g for g in rules if isinstance(g, Length)), None)
        self._questions = next((g for g in rules if isinstance(g, Questions)), None)
        self._fine: dict[str, bool] = {}

    def of(self, text: str, last: SentenceCheck | None, asked: int) -> list[tuple[SentenceCheck, RuleCheck | None]]:
        """What follows `text`: the sentences that were wanted, each with its rule, and last the question.

        `last`: a question that was held for the end. `asked`: questions that the text has, without it.
        """
        made: list[tuple[SentenceCheck, RuleCheck | None]] = []
        if self._silent:
            return [(last, None)] if last is not None else []
        end = f" {last.text}" if last is not None else ""
        for rule in self._words:
            missing = shape.missing(f"{text}{_joined(made)}{end}", rule, self._book.sight)
            if missing is not None:
                line = use_word(rule.required[int(missing.split()[-1]) - 1])
                if self._room(f"{text}{_joined(made)}{end} {line}") and self._may(line, ALWAYS, lesson=True):
                    made.append((_written(line), _done("words", rule.severity, missing)))
        question = None if last is not None else self._question(f"{text}{_joined(made)}", asked)
        if question is not None:
            end = f" {question[0].text}"
        made += self._enough(f"{text}{_joined(made)}", end)
        if last is not None:
            return [*made, (last, None)]
        return [*made, question] if question is not None else made

    def broken(self, text: str, last: SentenceCheck | None, asked: int) -> list[RuleCheck]:
        """The rules that block and that the turn would break even with what people's words add."""
        whole = f"{text}{_joined(self.of(text, last, asked))}"
        return fired(self._book.turn(whole), Severity.BLOCK)

    def _question(self, text: str, asked: int) -> tuple[SentenceCheck, RuleCheck] | None:
        rule = self._questions
        if rule is None or not rule.end_with or rule.most <= asked or not self._book.sight.open_work:
            return None
        if not text.strip() or shape.ends_with_question(text):
            return None
        detail = "no question at the end"
        return _written(closing_question(self._variant)), _done("questions", rule.severity, detail)

    def _enough(self, text: str, end: str) -> list[tuple[SentenceCheck, RuleCheck]]:
        """Sentences that bring a turn up to the least of words that it must have."""
        rule, made = self._length, list[tuple[SentenceCheck, RuleCheck]]()
        if rule is None or not text.strip():
            return made
        detail = f"{_count(text + end)} < {rule.least_words}"
        for line in more(open_work=self._book.sight.open_work, variant=self._variant):
            so_far = f"{text}{_joined(made)}"
            if _count(so_far + end) >= rule.least_words:
                break
            if line not in text and self._room(f"{so_far}{end} {line}", 0) and self._may(line, _SHORT):
                made.append((_written(line), _done("length", rule.severity, detail)))
        return made

    def _room(self, text: str, reserved: int = shape.RESERVED) -> bool:
        return self._length is None or not 0 < self._length.most_words < _count(text) + reserved

    def _may(self, words: str, kinds: frozenset[str], *, lesson: bool = False) -> bool:
        """`lesson`: the words hold some of the lesson's file, which may come from anywhere."""
        if words not in self._fine:
            breaks = any(c.rule in kinds for c in fired(self._book.sentence(words), Severity.BLOCK))
            judged = not lesson or self._may_say is None or self._may_say(words)
            self._fine[words] = judged and not breaks
        return self._fine[words]


def _count(text: str) -> int:
    return len(WORD.findall(text))


def _joined(made: "list[tuple[SentenceCheck, RuleCheck | None]] | list[tuple[SentenceCheck, RuleCheck]]") -> str:
    return "".join(f" {check.text}" for check, _ in made)


def _written(words: str) -> SentenceCheck:
    return SentenceCheck(
        text=words, verdict=Verdict(action=Action.ALLOW, reason="written; a rule of the lesson"), done="fallback"
    )


def _done(kind: str, severity: Severity, detail: str) -> RuleCheck:
    return RuleCheck(rule=kind, severity=severity, fired=True, where="turn", done="rewritten", detail=detail)
