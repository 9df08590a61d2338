"""The safeguarding checklist: what a school must be able to rely on, how each line stands here, and what shows it."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tutor.classroom import kept
from tutor.domain import Frozen
from tutor.i18n import tr, trn
from tutor.store import Store
from tutor.store.credentials import CONTACT

HOLDS: Final = "holds"
PARTLY: Final = "partly"
OPEN: Final = "open"
"""It could hold, but something is not set up here."""
_DATA: Final = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


class Line(Frozen):
    """One line of the checklist."""

    key: str
    area: str
    says: str
    state: str
    """holds | partly | open"""
    note: str = ""
    """What is missing, or how it is set here."""
    tests: tuple[str, ...] = ()
    """Tests that show it, as `file::name`."""


def lines(store: Store | None) -> tuple[Line, ...]:
    """The whole list, as it stands with this store; None: nothing is looked up."""
    return tuple(_line(each, store) for each in _DATA["line"])


def area_in_words(area: str) -> str:
    return {
        "filtering": tr("Filtering"),
        "monitoring": tr("Monitoring"),
        "distress": tr("Distress"),
        "learning": tr("Learning"),
        "manipulation": tr("Emotion and manipulation"),
        "security": tr("Security"),
        "privacy": tr("Privacy"),
        "fairness": tr("Fairness"),
    }.get(area, area)


def state_in_words(state: str) -> str:
    return {HOLDS: tr("holds"), PARTLY: tr("holds in part"), OPEN: tr("is not set up here")}[state]


def _line(entry: dict[str, object], store: Store | None) -> Line:
    says, missing = str(entry["says"]), str(entry.get("missing", ""))
    state, note = str(entry.get("state", HOLDS)), tr(missing) if missing else ""
    live = str(entry.get("live", ""))
    if store is not None and live:
        ok, told = _LIVE[live](store)
        state, note = (state, told or note) if ok else (OPEN, told)
    return Line(
        key=str(entry["key"]),
        area=str(entry["area"]),
        says=tr(says),
        state=state,
        note=note,
        tests=tuple(str(name) for name in entry["tests"]),  # type: ignore[attr-defined]
    )


def _contact(store: Store) -> tuple[bool, str]:
    contact = store.contact()
    if contact is None or not contact.confirmed_at:
        return False, tr("Name and confirm the contact on the page “Alerts”.")
    return True, tr("The contact is {name}.", name=contact.name)


def _contact_key(store: Store) -> tuple[bool, str]:
    if not store.has_passphrase(CONTACT):
        return False, tr("Until the contact sets a key, the teacher's passphrase opens the record.")
    return True, ""


def _alerts(store: Store) -> tuple[bool, str]:
    unseen = len(store.alerts(unseen_only=True))
    return True, trn("{n} alert is not yet seen.", "{n} alerts are not yet seen.", unseen) if unseen else ""


def _levels(store: Store) -> tuple[bool, str]:
    chosen = str(store.setting("strictness"))
    words = {
        "shipped": tr("As shipped."),
        "stricter": tr("Stricter than shipped."),
        "laxer": tr("Laxer with rude words."),
    }
    return chosen in words, words.get(chosen, "")


def _country(store: Store) -> tuple[bool, str]:
    return True, tr("For {country}.", country=store.setting("country"))


def _answers(store: Store) -> tuple[bool, str]:
    if store.setting("give_answers"):
        return True, tr("Whole solutions are switched on: {why}", why=store.setting("give_answers_reason"))
    return True, ""


def _breaks(store: Store) -> tuple[bool, str]:
    minutes = int(store.setting("break_after"))
    return minutes > 0, trn("Every {n} minute.", "Every {n} minutes.", minutes) if minutes else tr("Switched off.")


def _limits(store: Store) -> tuple[bool, str]:
    minutes = int(store.setting("minutes_a_day"))
    return True, trn("{n} minute a day.", "{n} minutes a day.", minutes) if minutes else tr("No limit is set.")


def _passphrase(store: Store) -> tuple[bool, str]:
    return store.has_passphrase(), "" if store.has_passphrase() else tr("Set a passphrase in the set-up.")


def _pins(store: Store) -> tuple[bool, str]:
    given = len(store.learners_with_pin())
    return True, trn("{n} learner has a PIN.", "{n} learners have a PIN.", given)


def _retention(store: Store) -> tuple[bool, str]:
    days = int(store.setting("record_days"))
    stands = trn("{n} day.", "{n} days.", days) if days else tr("It is kept for ever; choose a period.")
    return days > 0, " ".join(filter(None, (stands, kept.outlives(store.keeping().months, days))))


def _conversations(store: Store) -> tuple[bool, str]:
    return True, kept.stands(store.keeping(), lambda at: at[:10])


_LIVE: Final[dict[str, Callable[[Store], tuple[bool, str]]]] = {
    "contact": _contact,
    "contact_key": _contact_key,
    "alerts": _alerts,
    "levels": _levels,
    "country": _country,
    "answers": _answers,
    "breaks": _breaks,
    "limits": _limits,
    "passphrase": _passphrase,
    "pins": _pins,
    "retention": _retention,
    "conversations": _conversations,
}
