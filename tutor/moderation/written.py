"""Words written by people for the moments that no model may word: distress, refusals, blocked answers.

Calm, plain, without blame, and always pointing to a person. Wording grows with the age band; help lines come from
`helplines.toml`. `language` is the learner's; the caller has switched `tutor.i18n` to it.
"""

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources

import msgspec

from tutor.domain import AgeBand
from tutor.i18n import tr

_YOUNG = (AgeBand.A5_7, AgeBand.A8_10)


class Lines(msgspec.Struct, frozen=True):
    """Help lines of one country."""

    child: tuple[str, str]
    any: tuple[str, str]
    emergency: str


def signpost(kind: str, *, age_band: AgeBand, country: str = "", language: str = "", watched: bool = True) -> str:
    """The answer to signs of distress: heard, not judged, who to turn to, how. `kind` as in `crisis.Sign`.

    `watched`: an adult can read the message here; otherwise it says that nobody was told.
    """
    opening = _friend(age_band) if kind == "friend" else _abuse(age_band) if kind == "abuse" else _self(kind, age_band)
    return f"{opening}\n\n{_turn_to(age_band)}\n\n{_help(age_band, country)}\n\n{_told(age_band, watched)}"


def refusal(labels: Sequence[str], *, age_band: AgeBand, language: str = "") -> str:
    """The answer to a request or message that is not for this place; says why in plain words and leads back.

    What weighs most (`labels`, worst first) says which words; a dangerous request always comes first.
    A verdict without labels was blocked because the check itself failed, which is nobody's fault: `not_checked`.
    """
    if not labels:
        return not_checked(age_band=age_band, language=language)
    back = tr("What would you like to work on?") if age_band in _YOUNG else tr("Shall we go back to your work?")
    about = "dangerous_request" if "dangerous_request" in labels else next(iter(labels))
    if about == "dangerous_request":
        why = (
            tr(
                "That could hurt someone, so I can't help with it. If something worries you, talk to "
                "a grown-up you trust."
            )
            if age_band in _YOUNG
            else tr(
                "I can't help with that, because someone could get hurt. If you are worried about yourself or somebody "
                "else, please talk to an adult you trust."
            )
        )
    elif about == "sexual_explicit":
        why = (
            tr("I can't talk about that. A grown-up you trust can answer questions about bodies and growing up.")
            if age_band in _YOUNG
            else tr(
                "I can't talk about that here. For questions about bodies or relationships, a "
                "trusted adult, the school "
                "nurse or a doctor is a good person to ask."
            )
        )
    elif about == "threat":
        why = (
            tr("Words like that can scare people. If you are angry with someone, tell a grown-up; they can help.")
            if age_band in _YOUNG
            else tr(
                "I can't answer a message about hurting someone. If you are very angry or someone is in danger, please "
                "talk to an adult you trust now."
            )
        )
    elif about == "identity_attack":
        why = (
            tr("Those words are unkind about other people. Everyone deserves respect.")
            if age_band in _YOUNG
            else tr("I can't answer that, because it puts people down for who they are.")
        )
    else:
        why = (
            tr("Let's use kind words here. If something made you cross, you can tell me which step is hard.")
            if age_band in _YOUNG
            else tr(
                "I can't answer a message worded like that. If the work is frustrating, tell me which step is hard."
            )
        )
    return f"{why} {back}"


def fallback(*, age_band: AgeBand, language: str = "") -> str:
    """In place of an answer that did not pass its checks."""
    if age_band in _YOUNG:
        return tr("I could not find good words for that. Please ask me in another way, or ask a grown-up.")
    return tr(
        "My answer did not pass its checks, so I am not showing it. Try asking in another way, or ask your teacher."
    )


def not_checked(*, age_band: AgeBand, language: str = "") -> str:
    """When the safety check itself failed."""
    if age_band in _YOUNG:
        return tr("Something went wrong on my side. Please try again, or ask a grown-up to look.")
    return tr("The safety check did not work just now, so nothing can be answered. Try again, or tell your teacher.")


@cache
def lines() -> dict[str, Lines]:
    """Help lines by country code."""
    text = resources.files("tutor.moderation").joinpath("helplines.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Lines])


def _self(kind: str, band: AgeBand) -> str:
    if band is AgeBand.A5_7:
        return tr("Thank you for telling me. It sounds like you feel very sad. You are not in trouble.")
    if band is AgeBand.A8_10:
        return tr(
            "Thank you for telling me. It sounds like things feel really hard right now. You have done nothing wrong."
        )
    if kind == "hopeless":
        return tr(
            "Thank you for saying that. It sounds very heavy, and you should not have to carry it alone. Feelings like "
            "this can change, and there are people who will listen."
        )
    if band is AgeBand.A11_13:
        return tr(
            "Thank you for telling me. What you wrote sounds serious, and you matter. You don't have to deal with this "
            "alone, and you are not in trouble."
        )
    return tr(
        "Thank you for telling me. What you wrote sounds serious, and your safety matters more than "
        "any schoolwork. You "
        "don't have to deal with this alone."
    )


def _abuse(band: AgeBand) -> str:
    if band in _YOUNG:
        return tr(
            "Thank you for telling me. Nobody is allowed to hurt you. It is not your fault, and you are not in trouble."
        )
    return tr(
        "Thank you for telling me. Nobody has the right to hurt you or to make you do things that "
        "you don't want. It is not "
        "your fault, and it was right to say it."
    )


def _friend(band: AgeBand) -> str:
    if band in _YOUNG:
        return tr("Thank you for telling me. It is kind of you to care. This is too big to keep to yourself.")
    return tr(
        "Thank you for telling me. It is good that you care about them. This is too much for one "
        "person to carry, and telling "
        "an adult is not betraying anyone: it can keep them safe."
    )


def _turn_to(band: AgeBand) -> str:
    if band is AgeBand.A5_7:
        return tr(
            "I am a computer, so I can't help with this. Please tell a grown-up you trust, like your teacher, today."
        )
    if band is AgeBand.A8_10:
        return tr(
            "I am a computer program, so a person can help you much better. Please tell a grown-up you trust today: "
            "someone at home, a teacher, or the school nurse. If one person doesn't listen, tell another."
        )
    return tr(
        "I am a computer program and can't give you the help you deserve here; a person can. Please "
        "talk to someone you trust "
        "today: a parent, a teacher, the school nurse or a doctor. If the first person doesn't listen, tell another."
    )


def _help(band: AgeBand, country: str) -> str:
    known = lines().get(country.upper())
    if known is None:
        return (
            tr("If you are in danger now, ask a grown-up to call for help, or call the emergency number.")
            if band in _YOUNG
            else tr("If you or someone else is in danger now, call your local emergency number.")
        )
    name, number = known.any if band is AgeBand.ADULT else known.child
    talk = (
        tr("You can also call {line}: {number}. They are kind, and it is free.", line=name, number=number)
        if band in _YOUNG
        else tr("You can also contact {line} at any time, for free: {number}.", line=name, number=number)
    )
    if band is AgeBand.A14_17 and known.any != known.child:
        talk += " " + tr("{line} is there too: {number}.", line=known.any[0], number=known.any[1])
    return talk + " " + tr("If someone is in danger now, call {number}.", number=known.emergency)


def _told(band: AgeBand, watched: bool) -> str:
    if not watched:
        return tr("Nobody else can see what you wrote here, so please show it or say it to somebody yourself.")
    if band in _YOUNG:
        return tr("A grown-up who looks after this program can see what you wrote, so that they can help.")
    return tr("The adult responsible for safety here can see this message, so that someone can help.")
