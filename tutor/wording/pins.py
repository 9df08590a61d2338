"""Words around a learner's PIN, for young children: at school the teacher helps, at home a grown-up."""

from tutor.i18n import tr


def wrong(*, school: bool) -> str:
    """After a wrong one."""
    if school:
        return tr("That is not your PIN. Try again, or ask your teacher.")
    return tr("That is not your PIN. Try again, or ask your grown-up.")


def forgotten(*, school: bool) -> str:
    """Who helps when it is forgotten."""
    if school:
        return tr("Have you forgotten your PIN? Ask your teacher. They can give you a new one.")
    return tr("Have you forgotten your PIN? Ask your grown-up. They can give you a new one.")


def wait(when: str, *, school: bool) -> str:
    """After too many wrong ones; `when` is how long, in words."""
    if school:
        return tr("That was wrong too many times. Wait {when}, then try again. Or ask your teacher.", when=when)
    return tr("That was wrong too many times. Wait {when}, then try again. Or ask your grown-up.", when=when)
