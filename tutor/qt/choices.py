"""What people choose from: age bands, languages, countries, each as (value, words)."""

from tutor.domain import AgeBand
from tutor.i18n import tr


def age_bands() -> list[tuple[str, str]]:
    return [
        (AgeBand.A5_7.value, tr("5 to 7 years")),
        (AgeBand.A8_10.value, tr("8 to 10 years")),
        (AgeBand.A11_13.value, tr("11 to 13 years")),
        (AgeBand.A14_17.value, tr("14 to 17 years")),
        (AgeBand.ADULT.value, tr("18 or older")),
    ]


def languages() -> list[tuple[str, str]]:
    """The tutor's words for a learner; the windows follow where a translation is installed."""
    return [
        ("en-GB", "English (UK)"),
        ("en-US", "English (US)"),
        ("de", "Deutsch"),
        ("fr", "Français"),
        ("es", "Español"),
        ("it", "Italiano"),
        ("nl", "Nederlands"),
        ("pl", "Polski"),
        ("pt", "Português"),
        ("cy", "Cymraeg"),
        ("ga", "Gaeilge"),
    ]


def countries() -> list[tuple[str, str]]:
    """For help lines; the first is shown when nothing fits better."""
    return [
        ("GB", tr("United Kingdom")),
        ("IE", tr("Ireland")),
        ("US", tr("United States")),
        ("CA", tr("Canada")),
        ("AU", tr("Australia")),
        ("NZ", tr("New Zealand")),
        ("DE", tr("Germany")),
        ("AT", tr("Austria")),
        ("CH", tr("Switzerland")),
        ("FR", tr("France")),
        ("ES", tr("Spain")),
        ("IT", tr("Italy")),
        ("NL", tr("Netherlands")),
        ("PL", tr("Poland")),
        ("PT", tr("Portugal")),
        ("IN", tr("India")),
        ("ZA", tr("South Africa")),
        ("ZZ", tr("Another country")),
    ]


def settings_of_use() -> list[tuple[str, str, str]]:
    """(value, words, what it means)."""
    return [
        ("home", tr("At home"), tr("One or a few children, looked after by a grown-up.")),
        ("school", tr("At school"), tr("A class or several, with a teacher and a safeguarding contact.")),
    ]
