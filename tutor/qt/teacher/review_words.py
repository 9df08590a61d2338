"""Reports, questions and decisions in words, for the review queue and what counts it."""

from tutor.domain import Reply, RuleCheck
from tutor.i18n import tr, trn
from tutor.lessons.faults import guideline_name
from tutor.qt.teacher.lessons.words import done_in_words
from tutor.store.reviews import ReviewItem
from tutor.wording import checks


def category_in_words(category: str) -> str:
    return {
        "wrong": tr("It is wrong"),
        "confusing": tr("It is confusing"),
        "unsafe": tr("It is not safe"),
        "unfair": tr("It is unfair"),
        "off_lesson": tr("It is not about the lesson"),
        "level": tr("Too hard or too easy"),
        "other": tr("Something else"),
    }.get(category, category)


def kind_in_words(kind: str) -> str:
    return {
        "flag": tr("Reports"),
        "escalation": tr("Questions to you"),
        "unsure": tr("The tutor is not sure"),
    }.get(kind, kind)


def headline(item: ReviewItem) -> str:
    """What an item is about, as its first line."""
    if item.kind == "flag":
        return tr("Report: {what}", what=category_in_words(item.reason))
    reasons = {
        "tries": tr("A question to you: tried several times"),
        "unsure": tr("A question to you: the tutor could not help"),
        "outside": tr("A question to you: outside the lesson"),
        "asked": tr("A question to you"),
        "words": tr("A question to you: about something the lesson names"),
        "uncertain": tr("The tutor was not sure of this answer"),
        "unfamiliar": tr("Nobody asked the tutor anything like it before"),
        "disagreeing": tr("The tutor said something else when it was asked once more"),
        "near_correction": tr("It is close to a correction, and that one was not used"),
    }
    return reasons.get(item.reason, kind_in_words(item.kind))


def errors() -> list[tuple[str, str]]:
    """Kinds of error, as chosen from."""
    return [
        ("", tr("Not said")),
        ("none", tr("No error")),
        ("maths", tr("Wrong maths")),
        ("fact", tr("Wrong fact")),
        ("confusing", tr("Confusing")),
        ("level", tr("Too hard or too easy")),
        ("leaked", tr("Gave the answer away")),
        ("refused", tr("Refused wrongly")),
        ("blocked", tr("Blocked wrongly")),
    ]


def error_in_words(error: str) -> str:
    return dict(errors()).get(error, error)


def decision_in_words(item: ReviewItem) -> str:
    done = {
        "dismissed": tr("Dismissed: {why}", why=item.why),
        "corrected": tr("Corrected"),
        "answered": tr("Answered"),
    }.get(item.decision, "")
    return " · ".join(part for part in (done, error_in_words(item.error) if item.error else "") if part)


def rule_in_words(rule: RuleCheck) -> str:
    """What came of one guideline in one turn."""
    done = done_in_words(rule.done)
    detail = f" ({rule.detail})" if rule.detail else ""
    times = trn("{n} time", "{n} times", rule.times) if rule.times > 1 else ""
    return f"{guideline_name(rule.rule)}: {', '.join(part for part in (done, times) if part)}{detail}"


def checked(reply: Reply) -> list[tuple[str, str]]:
    """(what was looked at, what was found) of an answer: each sentence, then each guideline."""
    found = [(check.text, checks.sentence(check)) for check in reply.sentences]
    fired = [rule_in_words(rule) for rule in reply.rules if rule.fired]
    held = [guideline_name(rule.rule) for rule in reply.rules if not rule.fired]
    if fired:
        found.append((tr("Guidelines that were needed"), "\n".join(fired)))
    if held:
        found.append((tr("Guidelines that held"), ", ".join(dict.fromkeys(held))))
    return found
