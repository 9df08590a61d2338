"""`bench rules`: precision and recall of every check of a lesson's guidelines, and what all checks cost of a reply.

Measured on lines that nothing was tuned on (`rules_held_out.toml`, and `rules_held_out_later.toml` for three checks,
written without a look at them), with the encoder as in the program. The cost is that of the starter's replies in a
lesson with every guideline.
"""

import statistics
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from tutor import paths
from tutor.bench.report import Figure, Report
from tutor.bench.talking import Engine
from tutor.domain import Frozen, Generation, Item, Lesson, Move, Passage, TutoringState
from tutor.domain_lessons import (
    Correctness,
    Forbidden,
    Guideline,
    HintLadder,
    Language,
    Length,
    Questions,
    ReadingLevel,
    Scope,
    Sources,
    Tone,
    Wish,
    Withhold,
    Words,
)
from tutor.engine.protocol import Load, Past
from tutor.i18n import tr
from tutor.intervals import wilson
from tutor.tutoring import facts, items
from tutor.tutoring.guidelines import lesson_text
from tutor.tutoring.intent import IntentRecogniser
from tutor.tutoring.rules import escalation, private
from tutor.tutoring.rules.book import RuleBook
from tutor.tutoring.rules.sight import Encode

TUNING: Final = Path(__file__).with_name("rules_tuning.toml")
HELD_OUT: Final = Path(__file__).with_name("rules_held_out.toml")
LATER: Final = Path(__file__).with_name("rules_held_out_later.toml")
WISH: Final = "Praise effort and never talent, and keep every example about the school garden."
_GOAL: Final = 0.10
"""Share of a reply's time that all checks may take."""
_PART: Final = " // "


class Line(Frozen):
    """One labelled line and what the check said."""

    check: str
    text: str
    breaks: bool
    fired: bool


def measure(data: dict[str, Any], encode: Encode | None) -> list[Line]:
    """Every line of a labelled file through its check; a file may have lines for some checks alone."""
    return [line for check in _CHECKS if check in data for line in _CHECKS[check](data[check], encode)]


# --- one check each ---------------------------------------------------------------------------------------------------


def _lesson(*guidelines: Guideline, **fields: Any) -> Lesson:
    return Lesson(key="bench", title=fields.pop("title", "Practice"), guidelines=guidelines, **fields)


def _labelled(check: str, group: dict[str, Any], fires: Callable[[str], bool], names: str = "") -> Iterator[Line]:
    breaks, holds = names.split() if names else ("breaks", "holds")
    for name, label in ((breaks, True), (holds, False)):
        for text in group.get(name, ()):
            yield Line(check=check, text=text, breaks=label, fired=fires(text))


def _says(book: RuleBook, kind: str) -> Callable[[str], bool]:
    """Whether a sentence rule fires on a line."""

    def fires(text: str) -> bool:
        *before, last = text.split(_PART)
        return any(c.fired for c in book.sentence(last, before) if c.rule == kind)

    return fires


def _turn(book: RuleBook, kind: str) -> Callable[[str], bool]:
    return lambda text: any(c.fired for c in book.turn(text) if c.rule == kind)


def _item(group: dict[str, Any]) -> tuple[Item, TutoringState]:
    named = {name: group[name] for name in ("question", "answer")}
    choices, accepted = tuple(group.get("choices", ())), tuple(group.get("accepted", ()))
    item = Item(id="q1", choices=choices, accepted=accepted, tolerance=group.get("tolerance", 0.0), **named)
    return item, TutoringState(problem=items.problem_of(item), item=item.id)


def _withhold(groups: Sequence[dict[str, Any]], _encode: Encode | None) -> Iterator[Line]:
    for group in groups:
        item, state = _item(group)
        yield from _labelled(
            "withhold", group, _says(RuleBook(_lesson(Withhold(), items=(item,)), state=state), "withhold")
        )


def _tone(group: dict[str, Any], encode: Encode | None) -> Iterator[Line]:
    yield from _labelled("tone", group, _says(RuleBook(_lesson(Tone()), encode=encode), "tone"))
    wrong = _says(RuleBook(_lesson(Tone()), right=False, encode=encode), "tone")
    yield from _labelled("tone", group, wrong, "flattery_of_wrong_work no_flattery_of_wrong_work")


def _language(group: dict[str, Any], _encode: Encode | None) -> Iterator[Line]:
    yield from _labelled("language", group, _says(RuleBook(_lesson(Language())), "language"))


def _forbidden(groups: Sequence[dict[str, Any]], encode: Encode | None) -> Iterator[Line]:
    for group in groups:
        book = RuleBook(_lesson(Forbidden(topics=tuple(group["topics"]))), encode=encode)
        yield from _labelled("forbidden", group, _says(book, "forbidden"))


def _scope(groups: Sequence[dict[str, Any]], encode: Encode | None) -> Iterator[Line]:
    recogniser = IntentRecogniser(encode)
    for group in groups:
        taught = _lesson(Scope(topics=tuple(group["topics"])), title=group["title"], subject=group["subject"])

        def fires(text: str, taught: Lesson = taught) -> bool:
            intent, _ = recogniser.recognise(text, facts=facts.facts_in(text))
            book = RuleBook(taught, words=text, encode=encode)
            return any(c.fired for c in book.incoming(text, intent) if c.rule == "scope")

        yield from _labelled("scope", group, fires)


def _sources(groups: Sequence[dict[str, Any]], _encode: Encode | None) -> Iterator[Line]:
    for group in groups:
        passages = tuple(
            Passage(id=n, material="Text", place=f"p. {n}", text=t) for n, t in enumerate(group["passages"], 1)
        )
        yield from _labelled("sources", group, _says(RuleBook(_lesson(Sources()), passages=passages), "sources"))


def _correctness(groups: Sequence[dict[str, Any]], _encode: Encode | None) -> Iterator[Line]:
    for group in groups:
        item, state = _item(group)
        taught = _lesson(Correctness(), items=(item,))
        for right, names in (
            (None, ""),
            (True, "right_said_wrong right_said_right"),
            (False, "wrong_said_right wrong_said_wrong"),
        ):
            yield from _labelled(
                "correctness", group, _says(RuleBook(taught, state=state, right=right), "correctness"), names
            )


def _words(groups: Sequence[dict[str, Any]], _encode: Encode | None) -> Iterator[Line]:
    for group in groups:
        rule = Words(required=tuple(group["required"]), avoid=tuple(group["avoid"]))
        yield from _labelled("words", group, _says(RuleBook(_lesson(rule)), "words"))
        book = RuleBook(_lesson(rule), move=Move.EXPLAIN)
        yield from _labelled("words", group, _turn(book, "words"), "misses_required has_required")


def _questions(group: dict[str, Any], _encode: Encode | None) -> Iterator[Line]:
    _, state = _item({"question": "What is 5 + 7?", "answer": "12"})
    yield from _labelled("questions", group, _turn(RuleBook(_lesson(Questions()), state=state), "questions"))


def _reading_level(group: dict[str, Any], _encode: Encode | None) -> Iterator[Line]:
    yield from _labelled("reading_level", group, _turn(RuleBook(_lesson(ReadingLevel(grade=6.0))), "reading_level"))


def _length(group: dict[str, Any], _encode: Encode | None) -> Iterator[Line]:
    yield from _labelled("length", group, _turn(RuleBook(_lesson(Length(most_words=20))), "length"))


def _guidelines(group: dict[str, Any], _encode: Encode | None) -> Iterator[Line]:
    taught = _lesson(Wish(text=WISH), Withhold(), HintLadder())
    yield from _labelled("guidelines", group, _says(RuleBook(taught), private.KIND))


def _read_out(group: dict[str, Any], encode: Encode | None) -> Iterator[Line]:
    yield from _labelled("read_out", group, lambda text: private.asks_to_read(text, encode))


def _override(group: dict[str, Any], encode: Encode | None) -> Iterator[Line]:
    yield from _labelled("override", group, lambda text: private.overrides(text, encode))


def _asks_person(group: dict[str, Any], encode: Encode | None) -> Iterator[Line]:
    yield from _labelled("asks_person", group, lambda text: escalation.asked_for_person(text, encode))


_CHECKS: Final[dict[str, Callable[[Any, Encode | None], Iterator[Line]]]] = {
    "withhold": _withhold,
    "questions": _questions,
    "reading_level": _reading_level,
    "length": _length,
    "words": _words,
    "sources": _sources,
    "tone": _tone,
    "language": _language,
    "forbidden": _forbidden,
    "scope": _scope,
    "correctness": _correctness,
    "guidelines": _guidelines,
    "read_out": _read_out,
    "override": _override,
    "asks_person": _asks_person,
}


# --- the report -------------------------------------------------------------------------------------------------------


def figures(lines: Sequence[Line], which: str = "lines") -> list[Figure]:
    """Precision and recall of each check with their 95% intervals (Wilson). `which`: what the lines are called."""
    found = []
    for check in dict.fromkeys(line.check for line in lines):
        mine = [line for line in lines if line.check == check]
        hits = sum(line.fired and line.breaks for line in mine)
        for name, of in (("precision", sum(x.fired for x in mine)), ("recall", sum(x.breaks for x in mine))):
            low, high = wilson(hits, of) if of else (0.0, 1.0)
            share = hits / of if of else 0.0
            found.append(Figure(name=f"{check}: {name} ({len(mine)} {which})", value=share, min=low, max=high))
    return found


def run(*, tuning: bool = False, misses: bool = False) -> Report:
    """`tuning`: the lines that the checks were tuned on, without the cost. `misses`: print what is judged wrongly."""
    from tutor.retrieval.embedder import Embedder

    embed = Embedder.load().embed
    table: list[Figure] = []
    for file, which in ((TUNING, "lines"),) if tuning else ((HELD_OUT, "lines"), (LATER, "later lines")):
        lines = measure(tomllib.loads(file.read_text(encoding="utf-8")), embed)
        for line in lines if misses else ():
            if line.fired != line.breaks:
                print(f"{line.check:14} {'missed' if line.breaks else 'false alarm':12} {line.text}")
        table += figures(lines, which)
    if not tuning:
        table += _cost()
    return Report(
        bench="rules",
        figures=tuple(table),
        remarks=(tr("Lowest and highest of shares: the 95% interval (Wilson)."),),
    )


_TALK: Final = (
    "hello", "question 1", "can i have a hint", "just tell me the answer", "is it 4/12", "hint", "i think 5/8",
    "what is the capital of spain", "another hint please", "7/8", "next", "6/10", "hint please", "what is 12 x 7", "84",
)  # fmt: skip


def taught() -> Lesson:
    """A lesson with every guideline that looks at words."""
    rules: tuple[Guideline, ...] = (
        Scope(topics=("fractions", "adding")), Withhold(), HintLadder(), Questions(), ReadingLevel(), Length(),
        Words(avoid=("easy",)), Tone(), Language(), Forbidden(topics=("football", "guns|weapons")), Correctness(),
        Wish(text=WISH),
    )  # fmt: skip
    asked = (
        ("q1", "What is 3/4 + 1/8?", "7/8"),
        ("q2", "What is 1/5 + 3/10?", "1/2"),
        ("q3", "What is 2/3 - 1/6?", "1/2"),
    )
    return _lesson(
        *rules,
        title="Adding fractions",
        subject="maths",
        items=tuple(Item(id=i, question=q, answer=a) for i, q, a in asked),
    )


def _cost() -> list[Figure]:
    """Seconds of all checks in those of the replies of a conversation, each reply's sentences checked once more."""
    lesson = taught()
    shares, ms = [], []
    with Engine(Load(model=str(paths.starter_model()), safety=str(paths.safety_model()))) as engine:
        engine.embed("the encoder is loaded now")
        state = TutoringState()
        history: tuple[Past, ...] = ()
        for n, words in enumerate(_TALK):
            reply, _first, seconds = engine.ask(
                words, guidelines=lesson_text(lesson), history=history, state=state,
                generation=Generation(seed=n), lesson=lesson,
            )  # fmt: skip
            state = reply.state
            history += (Past(learner=words, notes=reply.notes, tutor=reply.text),)
            if n:  # the first reply pays for what is loaded with it
                shares.append(reply.timings.rules_ms / 1000 / seconds)
                ms.append(reply.timings.rules_ms)
    share = statistics.median(shares)
    return [
        Figure(
            name="share of a reply's time",
            value=share,
            min=min(shares),
            max=max(shares),
            goal=f"<= {_GOAL:g}",
            ok=share <= _GOAL,
        ),
        Figure(name="all checks of a reply", value=statistics.median(ms), unit="ms", min=min(ms), max=max(ms)),
    ]
