"""The tutor's words where there is nothing to work out: greetings, thanks, moans, and what it does not know."""

from random import Random

from tutor.domain import Fact
from tutor.workshop.writing import reply_chat as words
from tutor.workshop.writing.replies import fitting, form, named


def _back(rng: Random, fact: Fact) -> str:
    """A sentence that leads back to the open problem."""
    return rng.choice(words.BACK_TO).format(p=named(fact)) if form(fact) == "term" else rng.choice(words.BACK_PLAIN)


def greet(rng: Random, said: str, fact: Fact | None = None) -> str:
    """With a fact there is an open problem to go back to."""
    if fact is not None:
        return fitting(lambda: f"{rng.choice(words.GREET_OPEN)} {_back(rng, fact)}")
    low = said.lower()
    for key, bank in words.GREET_BY.items():
        if key in low:
            return rng.choice(bank)
    if any(topic in low for topic in words.WORK_TOPICS):
        return rng.choice(words.GREET_WORK)
    return fitting(lambda: f"{rng.choice(words.HELLOS)} {rng.choice(words.GREET)}")


def acknowledge(rng: Random, kind: str, fact: Fact | None) -> str:
    """`kind`: thanks | ok | moan | doubt | bye | rude. With a fact the reply may lead back to its problem."""
    bank = {
        "thanks": words.WELCOME,
        "ok": words.GOOD,
        "moan": words.PATIENT,
        "doubt": words.CHECK_AGAIN,
        "bye": words.GOODBYE,
        "rude": words.SORRY,
    }[kind]

    def make() -> str:
        text = rng.choice(bank)
        if fact is not None and kind in ("thanks", "ok", "moan") and rng.random() < 0.6:
            first = text.split("?")[0].rsplit(". ", 1)[0].rstrip(".")
            text = f"{first}. {_back(rng, fact)}"
        return text

    return fitting(make)


_LIMITS = {
    "off topic": words.LIMITS,
    "about me": words.LIMITS_ABOUT_ME,
    "language": words.LIMITS_LANGUAGE,
    "nonsense": words.LIMITS_NONSENSE,
    "unread maths": words.LIMITS_MATHS,
    "bare": words.LIMITS_BARE,
}


def redirect(rng: Random, kind: str, fact: Fact | None = None) -> str:
    """`kind`: off topic | about me | language | nonsense | unread maths | bare. With a fact: a problem is open."""

    def make() -> str:
        said = [rng.choice(_LIMITS[kind])]
        if kind == "bare":
            said += [rng.choice(words.SOMEONE), rng.choice(words.WHOLE_PROBLEM)]
            return " ".join(said)
        said.append(rng.choice(words.SOMEONE))
        if fact is not None and rng.random() < 0.7:
            said.append(_back(rng, fact))
        elif rng.random() < 0.6:
            said.append(
                rng.choice(words.AS_A_SUM if kind == "unread maths" and rng.random() < 0.6 else words.BACK_TO_MATHS)
            )
        return " ".join(said)

    return fitting(make)
