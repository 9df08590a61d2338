"""What teachers, or grown-ups at home, see of a learner's chats: the same words for both sides."""

from tutor.domain import Visible
from tutor.i18n import tr


def in_words(visible: Visible, *, school: bool) -> str:
    """One short line."""
    if school:
        return {
            Visible.SUMMARY: tr("Teachers see figures, and what you send them"),
            Visible.FLAGGED: tr("Teachers see reports"),
            Visible.ALL: tr("Teachers see every conversation"),
        }[visible]
    return {
        Visible.SUMMARY: tr("Grown-ups see figures, and what you send them"),
        Visible.FLAGGED: tr("Grown-ups see reports"),
        Visible.ALL: tr("Grown-ups see every conversation"),
    }[visible]
