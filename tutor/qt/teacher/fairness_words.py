"""Words for measurements of fairness: what differs, what is compared, and how one value reads."""

from PySide6.QtCore import QLocale

from tutor.i18n import tr


def dimension_in_words(dimension: str) -> str:
    return {
        "names": tr("Name"),
        "gender": tr("Gender"),
        "faith": tr("Faith"),
        "origin": tr("Origin"),
        "disability": tr("Disability"),
    }[dimension]


def outcome_in_words(outcome: str) -> str:
    return {
        "verdict": tr("Strictness"),
        "help": tr("Help"),
        "level": tr("Reading level"),
        "length": tr("Words"),
    }[outcome]


def value_in_words(outcome: str, value: float) -> str:
    """One answer's outcome."""
    if outcome == "verdict":
        return {0: tr("let through"), 1: tr("marked"), 2: tr("stopped")}[round(value)]
    return QLocale().toString(value, "f", 0 if outcome == "length" else 1)


def gap_in_words(outcome: str, gap: float) -> str:
    """How much the second one is more."""
    text = QLocale().toString(gap, "f", 0 if outcome in ("length", "verdict") else 1)
    return f"+{text}" if gap > 0 else text
