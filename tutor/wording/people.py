"""Words for the person behind the tutor: the teacher at school, a grown-up at home, or whom the lesson names."""

from tutor.i18n import tr


def name(*, school: bool) -> str:
    """Whose answer it is, as a heading."""
    return tr("Your teacher") if school else tr("Your grown-up")


def offer(*, school: bool, to: str = "") -> str:
    """What the tutor offers where it cannot help."""
    if to:
        return tr("I can put this to {person}.", person=to)
    return tr("I can put this to your teacher.") if school else tr("I can put this to your grown-up.")


def ask(*, school: bool) -> str:
    """The action in an answer's menu."""
    return tr("Put this to my teacher") if school else tr("Put this to my grown-up")


def waits(*, school: bool) -> str:
    """What stands under an answer whose question has been put."""
    if school:
        return tr("Your teacher has your question. The answer will stand here.")
    return tr("Your grown-up has your question. The answer will stand here.")


def new_answer(*, school: bool) -> str:
    """Beside a conversation, until it is read."""
    return tr("New answer from your teacher") if school else tr("New answer from your grown-up")
