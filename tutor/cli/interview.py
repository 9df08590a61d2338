"""The questions of the first run, asked at a terminal."""

import getpass
from typing import TYPE_CHECKING

from tutor.cli.first_run import Answers, apply, check, pictures
from tutor.domain import AgeBand, Setting
from tutor.errors import UserError
from tutor.i18n import tr

if TYPE_CHECKING:
    from tutor.store import Store


def ask(question: str, default: str = "") -> str:
    """One line; asked again until it is not empty."""
    while True:
        said = input(f"{question} [{default}] " if default else f"{question} ").strip() or default
        if said:
            return said


def one_of(question: str, choices: list[str], default: str) -> str:
    while True:
        said = ask(f"{question} ({', '.join(choices)})", default)
        if said in choices:
            return said


def yes(question: str) -> bool:
    return ask(tr("{question} (yes, no)", question=question)).casefold() in (tr("yes"), tr("y"))


def contact() -> tuple[str, str]:
    """The safeguarding contact, confirmed."""
    print(tr("The safeguarding contact is told when a learner may be in danger. No one can chat without one."))
    while True:
        name = ask(tr("Name of the safeguarding contact:"))
        reach = ask(tr("How to reach them (phone, e-mail or room):"))
        if yes(tr("Is this right: {name}, {reach}?", name=name, reach=reach)):
            return name, reach


def secret() -> str:
    """A new passphrase or PIN, typed twice."""
    print(tr("A passphrase or PIN keeps the teacher's pages to grown-ups."))
    while True:
        first = getpass.getpass(tr("New passphrase or PIN: "))
        if first == getpass.getpass(tr("Once more: ")):
            return first
        print(tr("The two were not the same."))


def unlock(store: "Store") -> None:
    """Ask for the teacher's passphrase until it is right. Raises UserError while nobody may try."""
    while not store.check_passphrase(getpass.getpass(tr("The teacher's passphrase or PIN: "))):
        print(tr("That is not it."))


def learner() -> Answers:
    """The answers about one learner."""
    names = pictures()
    name = ask(tr("Name of the learner:"))
    picture = one_of(tr("Picture"), names, names[0]) if names else ""
    age_band = AgeBand(one_of(tr("Age"), [band.value for band in AgeBand], AgeBand.A8_10.value))
    return Answers(learner_name=name, picture=picture, age_band=age_band, language=ask(tr("Language:"), "en-GB"))


def first_run(store: "Store") -> None:
    """Every question of the first run, then the recovery code."""
    setting = Setting(one_of(tr("Where is Tutor used?"), [s.value for s in Setting], Setting.HOME.value))
    country = ask(tr("Country, two letters, for the help lines:"), "GB")
    name, reach = contact()
    chosen = secret()
    answers = learner()
    answers.setting, answers.country = setting, country
    answers.contact_name, answers.contact_reach, answers.contact_confirmed = name, reach, True
    check(answers)
    while True:
        answers.secret = chosen
        try:
            code = apply(store, answers)
        except UserError as error:
            if error.code != "too_short":
                raise
            print(error)
            chosen = secret()
            continue
        break
    show_code(code)


def show_code(code: str) -> None:
    print(tr("Recovery code, if the passphrase is forgotten: {code}", code=code))
    print(tr("Write it on paper now. It is not shown again."))


def again(store: "Store") -> None:
    """Change what was set up: only with the teacher's passphrase."""
    unlock(store)
    if yes(tr("Change the safeguarding contact?")):
        name, reach = contact()
        apply(store, Answers(contact_name=name, contact_reach=reach, contact_confirmed=True))
    if yes(tr("Change the passphrase or PIN?")):
        show_code(apply(store, Answers(secret=secret())))
    while yes(tr("Add a learner?")):
        apply(store, learner())
