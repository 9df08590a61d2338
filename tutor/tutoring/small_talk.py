"""Small talk that people answer: a farewell, an insult at the tutor, what the tutor is, a loss, sadness.

A small model answers these oddly, and no model should word what it is or console a child. The rules that find them are
data (`small_talk.toml`) and narrow: a message that holds anything else is a message like any other. Thanks, and a call
for help where no problem is open, are answered so in place of a small model only.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from tutor.domain import Action, Move, Verdict
from tutor.i18n import tr
from tutor.moderation.entries import written_out
from tutor.tutoring import intent_rules

FAREWELL: Final = "farewell"
INSULT: Final = "insult"
THANKS: Final = "thanks"
READY: Final = "ready"
_FILE: Final = Path(__file__).with_suffix(".toml")
_LONGEST: Final = 160
"""Characters of a message that is looked at; a longer one tells more than small talk."""
_MOST_WORDS: Final = 22
_SIGNS: Final = re.compile(r"[^a-z0-9' ]+")
_SHORT: Final = {"'re": " are", "'ve": " have"}

_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "farewell": (
        "Goodbye for now. Come back whenever you like.",
        "See you next time. Have a good rest until then.",
        "Bye for now. It is always good to see you here.",
    ),
    "insult": (
        "That is all right, I do not mind. What shall we work on?",
        "No harm done. If something here annoyed you, tell me which part. What would you like to do next?",
        "I am only a program, so that is fine. Shall we get going?",
    ),
    "machine": (
        "I am a computer program on this computer, made by people to help with learning, above all with maths. "
        "I am not a person. For what really matters, a grown-up you trust is there. What shall we work on?",
        "I am not a person but a computer program. People made me, and I help with maths and other work here on this "
        "computer. A grown-up is the right one to ask about what matters to you. What would you like to do?",
    ),
    "loss": (
        "I am very sorry to hear that. It is all right to be sad about it. Please tell a grown-up you trust how you "
        "feel; a person can be there for you, and I am only a computer program. We can work a little now, or leave it "
        "for later, just as you like.",
        "I am so sorry. It hurts to lose someone you care about. A grown-up you trust can listen and be there for you, "
        "so do talk to one today. We can do something small now or later, whichever feels better.",
    ),
    "sad": (
        "I am sorry that things feel hard just now. Thank you for saying so. A grown-up you trust can listen and help, "
        "so please tell one how you feel. We can work a little now, or leave it for later, just as you like.",
        "Thank you for telling me, and I am sorry. Everyone feels like that at times. Please talk to a grown-up you "
        "trust about it; a person can help much better than a program. We can do something small now or later.",
    ),
    "thanks": (
        "You are welcome. What would you like to do next?",
        "Any time. Which problem shall we look at now?",
        "You are very welcome. Type the next question whenever you like.",
    ),
    "ready": (
        "Let us do it together. Type the sum or question here, and we will look at it step by step.",
        "We can start right now. Which sum or question is it? Type it in, and we will look at it step by step.",
        "I am here to help. Type the sum or question just as it is written, and we will look at it step by step.",
    ),
}
_AT_WORK: Final[dict[str, tuple[str, ...]]] = {
    "farewell": (
        "Goodbye for now. Our problem waits here until you are back.",
        "See you next time. We can go on with our problem then.",
        "Bye for now. We stop here, and go on from here when you like.",
    ),
    "insult": (
        "That is all right, I do not mind. Shall we go on with our problem?",
        "No harm done. If something here annoyed you, tell me which part. What would you try next?",
        "I am only a program, so that is fine. Shall we get back to our problem?",
    ),
    "machine": (
        "I am a computer program on this computer, made by people to help with learning, above all with maths. "
        "I am not a person. For what really matters, a grown-up you trust is there. Shall we go on with our problem?",
        "I am not a person but a computer program. People made me, and I help with maths and other work here on this "
        "computer. A grown-up is the right one to ask about what matters to you. Shall we go on with our problem?",
    ),
    "loss": (
        "I am very sorry to hear that. It is all right to be sad about it. Please tell a grown-up you trust how you "
        "feel; a person can be there for you, and I am only a computer program. Our problem can wait, or we can go on, "
        "just as you like.",
        "I am so sorry. It hurts to lose someone you care about. A grown-up you trust can listen and be there for you, "
        "so do talk to one today. Our problem can wait, or we can go on, whichever feels better.",
    ),
    "sad": (
        "I am sorry that things feel hard just now. Thank you for saying so. A grown-up you trust can listen and help, "
        "so please tell one how you feel. Our problem can wait, or we can go on, just as you like.",
        "Thank you for telling me, and I am sorry. Everyone feels like that at times. Please talk to a grown-up you "
        "trust about it; a person can help much better than a program. Our problem can wait, or we can go on.",
    ),
    "thanks": (
        "You are welcome. Shall we go on with our problem?",
        "Any time. What would you try next?",
        "You are very welcome. Shall we get back to our problem?",
    ),
}
"""The same while a problem is open."""
_SOLVED: Final[dict[str, tuple[str, ...]]] = {
    "ready": (
        "Our last problem is done. Type the next sum or question, and we will look at it step by step.",
        "That one is finished. Which sum or question comes next? Type it in, and we will look at it step by step.",
        "We have done the last one. Type another sum or question here, and we will look at it step by step.",
    ),
}
"""The same where the last problem is done."""


@dataclass(frozen=True, slots=True)
class _Talk:
    name: str
    pattern: re.Pattern[str]
    """All that is said."""
    unless: re.Pattern[str] | None


@cache
def _talks() -> tuple[_Talk, ...]:
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))

    def compiled(pattern: str) -> re.Pattern[str]:
        return re.compile(written_out(pattern, data["words"]))

    return tuple(
        _Talk(
            row["name"],
            compiled("|".join(row["patterns"])),
            compiled(row["unless"]) if "unless" in row else None,
        )
        for row in data["talk"]
    )


def about(text: str) -> str:
    """Which small talk a message is and nothing else: a name of the rules, "" for none.

    A call for help is none here, since beside a problem it asks for work (`calls_for_help`).
    """
    said = _plain(text)
    return next((talk.name for talk in _talks() if talk.name != READY and _fits(talk, said)), "")


def calls_for_help(text: str) -> bool:
    """Whether a message asks for help, a hint, the answer or what comes next, and names nothing."""
    said = _plain(text)
    return any(talk.name == READY and _fits(talk, said) for talk in _talks())


def by_people(name: str, scope: str) -> bool:
    """Whether people's words answer it. `scope`: "" for a general model, which answers thanks itself."""
    return bool(scope) or name not in (THANKS, READY)


def _plain(text: str) -> str:
    """What is said in common spelling without signs, "" where it is more than small talk."""
    if len(text) > _LONGEST:
        return ""
    plain = _SIGNS.sub(" ", intent_rules.tidy(text).lower())
    for short, full in _SHORT.items():
        plain = plain.replace(short, full)
    said = plain.split()
    return " ".join(said) if len(said) <= _MOST_WORDS else ""


def _fits(talk: _Talk, said: str) -> bool:
    return talk.pattern.fullmatch(said) is not None and not (talk.unless is not None and talk.unless.search(said))


def insult_alone(text: str, verdict: Verdict) -> bool:
    """Whether words that the classifier blocked are a plain insult at the tutor or the program, and nothing else.

    Such words are no threat, whatever labels the classifier puts on them. What a rule found, and what could not be
    judged, is never called that.
    """
    return verdict.action is Action.BLOCK and verdict.reason == "classifier" and about(text) == INSULT


def move(name: str) -> Move:
    """The move that such an answer is."""
    return Move.GREET if name in (FAREWELL, READY) else Move.ACKNOWLEDGE


def words(name: str, *, at_work: bool = False, solved: bool = False, variant: int = 0) -> str:
    """The answer to it. `at_work`: a problem is open. `solved`: there was one, and it is done."""
    wordings = (_AT_WORK if at_work else _SOLVED if solved else _WORDS).get(name) or _WORDS[name]
    return tr(wordings[variant % len(wordings)])
