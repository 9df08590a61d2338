"""The checks of a proposed correction, before anybody may be taught by it: safe, right, nobody's data, no orders.

It fails closed: whatever goes wrong inside is a finding that nobody can overrule.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from tutor.domain import Action, AgeBand, Direction, Finding, Verdict
from tutor.engine.protocol import Vet, Vetted
from tutor.errors import UserError
from tutor.i18n import tr

MOST_PHRASINGS: Final = 100
MOST: Final = 4_000
"""Characters of one text."""
_NEVER: Final = frozenset({"threat", "self_harm", "sexual_explicit", "dangerous_request"})
"""What no lesson's subject makes fit to be taught."""

_PATIENCE: Final = 3
"""Times that the text encoder is waited for, half a minute each."""

Judge = Callable[[str, Direction, Sequence[str], AgeBand], "Future[tuple[Verdict, float]]"]
Encode = Callable[[Sequence[str]], Sequence[bytes]]
"""Texts to vectors; raises `UserError` while there is no encoder yet."""


class Vetter:
    """Checks corrections on a thread of its own; `judge` is the safety classifier's, `encode` the text encoder's."""

    def __init__(self, judge: Judge, encode: Encode) -> None:
        self._judge, self._encode = judge, encode
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="vetting")
        self._removers: dict[tuple[str, ...], _Remover] = {}

    def vet(self, request: Vet, done: Callable[[Vetted], None], failed: Callable[[Exception], None]) -> None:
        """Returns at once. `failed` hears what went wrong; the correction then counts as unchecked all the same."""

        def work() -> None:
            try:
                vetted = self.checked(request)
            except Exception as error:  # noqa: BLE001 - a check that errors has checked nothing, whatever the error
                failed(error)
                vetted = _as_it_was(request, (_unchecked(),))
            done(vetted)

        self._pool.submit(work)

    def checked(self, request: Vet) -> Vetted:
        """All checks, on this thread. May raise anything (see `vet`)."""
        texts = (request.question, request.answer, request.wrong, *request.phrasings)
        if len(request.phrasings) > MOST_PHRASINGS or max(map(len, texts)) > MOST:
            reason = tr("It is longer than anybody can look over. Make it shorter.")
            return _as_it_was(request, (Finding(check="length", reason=reason, firm=True),))
        clean, found = self._remover(request.names).cleaned(request)
        found += _ordered(request)
        found += self._unsafe(clean, request.age_band)
        if clean.answer.strip():
            from tutor.engine.vetting_sums import findings

            found += self._meant(request.answer)
            found += findings(clean.question, clean.answer, clean.phrasings)
        return self._without_bad_example(clean, found, request.age_band)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _remover(self, names: tuple[str, ...]) -> "_Remover":
        """Made once for a class; loading what it needs takes seconds."""
        if names not in self._removers:
            self._removers = {names: _Remover(names)}
        return self._removers[names]

    def _unsafe(self, texts: Vetted, band: AgeBand) -> list[Finding]:
        """Both ways: a correction comes from a learner and is shown to learners."""
        asked = [(text, Direction.INPUT, ()) for text in (texts.question, *texts.phrasings)]
        told = [(texts.answer, Direction.INPUT, ()), (texts.answer, Direction.OUTPUT, (texts.question,))]
        verdicts = [self._verdict(text, way, before, band) for text, way, before in (*asked, *told)]
        bad = [verdict for verdict in verdicts if verdict.action is not Action.ALLOW]
        if not bad:
            return []
        if any(verdict.reason.startswith("error") for verdict in bad):
            return [_unchecked()]
        firm = any(
            verdict.action in (Action.SIGNPOST, Action.REFUSE)
            or (verdict.action is Action.BLOCK and _NEVER & set(verdict.labels))
            for verdict in bad
        )
        reason = tr("There are words in it that are not fit for learners. Write it in other words.")
        return [Finding(check="moderation", reason=reason, firm=firm)]

    def _meant(self, answer: str) -> list[Finding]:
        """By its meaning, for what no rule foresaw. Without the encoder a person has to look."""
        from tutor.moderation import order_likeness

        parts = order_likeness.parts(answer)
        if not parts:
            return []
        vectors: Sequence[bytes] | None = None
        for _ in range(_PATIENCE):
            try:
                vectors = self._encode(parts)
                break
            except UserError:
                continue  # still being loaded
        if vectors is None:
            return [Finding(check="unread", reason=_reason("unread"))]
        if not order_likeness.stopped(vectors):
            return []
        reason = tr("It sounds as if it told the tutor what to do, or spoke of somebody. A grown-up should look at it.")
        return [Finding(check="unclear", reason=reason)]

    def _without_bad_example(self, texts: Vetted, found: list[Finding], band: AgeBand) -> Vetted:
        """The flagged answer helps to learn what not to say; one that is not fit for that is left out."""
        from tutor.moderation import orders

        wrong = texts.wrong
        if wrong.strip():
            verdict = self._verdict(wrong, Direction.OUTPUT, (), band)
            if verdict.action is not Action.ALLOW or any(each.firm for each in orders.found(wrong)):
                wrong = ""
                reason = tr("The answer that was reported is not kept with it, for it is not fit to be repeated.")
                found = [*found, Finding(check="moderation", reason=reason, stops=False)]
        return Vetted(
            id=texts.id,
            question=texts.question,
            answer=texts.answer,
            wrong=wrong,
            phrasings=texts.phrasings,
            findings=tuple(dict.fromkeys(found)),
        )

    def _verdict(self, text: str, way: Direction, before: Sequence[str], band: AgeBand) -> Verdict:
        return self._judge(text, way, before, band).result()[0]


class _Remover:
    """Personal data out of the texts of one correction."""

    def __init__(self, names: tuple[str, ...]) -> None:
        from tutor.moderation.personal.names import Roster
        from tutor.moderation.personal.remover import Remover

        self._roster = Roster(names)
        self._stand_ins = Remover(self._roster)
        self._marks = Remover(self._roster, mark_names=True)

    def cleaned(self, request: Vet) -> tuple[Vetted, list[Finding]]:
        """The texts without it, and what that means: another name changes nothing in a question, but in an answer."""
        everything = "\n".join((request.question, request.answer, request.wrong, *request.phrasings))
        given: dict[str, str] = {}
        replaced: list[tuple[str, str]] = []

        def without(text: str) -> str:
            return self._stand_ins.without(_seen(text), everything, given, replaced)

        question, wrong = without(request.question), without(request.wrong)
        phrasings = tuple(without(text) for text in request.phrasings)
        answer, named, taken = self._answer(_seen(request.answer))
        found = []
        if replaced:
            reason = tr("Names and other personal details in it were replaced.")
            found.append(Finding(check="personal", reason=reason, stops=False))
        if taken:
            reason = tr("Somebody's personal details stood in the answer. They were taken out; write it without them.")
            found.append(Finding(check="personal", reason=reason))
        if named:
            reason = tr("The answer names a person. A grown-up should say whether it may.")
            found.append(Finding(check="personal", reason=reason))
        clean = Vetted(id=request.id, question=question, answer=answer, wrong=wrong, phrasings=phrasings)
        return clean, found

    def _answer(self, answer: str) -> tuple[str, bool, bool]:
        """The answer with marks for personal data; whether it names a person of no class; whether data was taken out.

        "Mr Gum" may be a book's hero or a neighbour: such a name stays where it is, for a person to decide.
        """
        known = set(self._roster.found_in(answer))
        pieces, at = [], 0
        named = taken = False
        for hit in self._marks.find(answer) if answer else ():
            if hit.kind == "name" and not any(start < hit.end and hit.start < end for start, end in known):
                named = True
                continue
            taken = True
            pieces += [answer[at : hit.start], f"[{hit.kind.replace('_', ' ')}]"]
            at = hit.end
        return "".join([*pieces, answer[at:]]), named, taken


def _ordered(request: Vet) -> list[Finding]:
    """What speaks to the model in place of a learner, hides, or says how the tutor is to behave; as it was written."""
    from tutor.moderation import orders

    found = [each for text in (request.question, request.answer, *request.phrasings) for each in orders.found(text)]
    # what is not an order by itself may be one together: a question that the answer completes
    found += orders.found(f"{request.question} {request.answer}"[: orders.MOST])
    return [
        Finding(check=_CHECK[each.kind], reason=_reason(each.kind), firm=each.firm) for each in dict.fromkeys(found)
    ]


_CHECK: Final = {
    "instruction": "instruction",
    "control": "instruction",
    "markup": "instruction",
    "coded": "hidden",
    "hidden": "hidden",
    "unread": "unread",
    "giving_answers": "giving_answers",
    "link": "link",
    "person": "personal",
    "unkind": "moderation",
    "length": "length",
}


def _reason(kind: str) -> str:
    return {
        "instruction": tr("It tells the tutor how to behave. A correction says what is right, and nothing else."),
        "control": tr("There are signs in it that steer a program. Write it in plain words."),
        "markup": tr("There is program code in it. Write it in plain words."),
        "coded": tr("There are letters in it that nobody can read. Write it in plain words."),
        "hidden": tr("There were characters in it that nobody can see. They were taken out; look at it once more."),
        "unread": tr("The checks cannot read these words. A grown-up should look at them."),
        "giving_answers": tr("It says that answers are to be given away. The tutor helps to find them."),
        "link": tr("There is an address of a web page in it. A grown-up should say whether it may stay."),
        "person": tr("It says how to find or reach somebody. Write it without that."),
        "unkind": tr("It is unkind about somebody. Write it in other words."),
        "length": tr("It is longer than anybody can look over. Make it shorter."),
    }[kind]


def _seen(text: str) -> str:
    """Without what nobody can see."""
    from tutor.moderation import orders

    return orders.visible(text)


def _unchecked() -> Finding:
    reason = tr("The checks could not look at it. It is kept; have it checked again.")
    return Finding(check="unchecked", reason=reason, firm=True)


def _as_it_was(request: Vet, found: tuple[Finding, ...]) -> Vetted:
    return Vetted(
        id=request.id,
        question=request.question,
        answer=request.answer,
        wrong=request.wrong,
        phrasings=request.phrasings,
        findings=found,
    )
