"""The parts of the form that are fields alone: what the lesson is, what it is for, and its words to fall back on."""

from tutor.i18n import tr
from tutor.qt import choices
from tutor.qt.flow import flow
from tutor.qt.teacher.lessons import words
from tutor.qt.teacher.lessons.bound import Bound, Part, bind
from tutor.qt.teacher.lessons.controls import Line, Lines, Pick, Text
from tutor.qt.teacher.lessons.draft import WHOLE, Draft
from tutor.qt.widgets import Paragraph


class AboutPart(Part):
    """Title, summary, subject, age band, language, author, licence."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(draft)
        small = []
        for name, said, control, hint in (
            ("title", tr("Title"), Line(), tr("What learners choose it by.")),
            ("summary", tr("Summary"), Text(least=2), tr("One or two sentences for the learner: what it is about.")),
            ("subject", tr("Subject"), Pick(words.subjects()), ""),
            ("age_band", tr("Age"), Pick(choices.age_bands()), ""),
            ("language", tr("Language"), Pick(choices.languages()), ""),
            ("author", tr("Author"), Line(), tr("Named where the lesson is passed on. May stay empty.")),
            ("licence", tr("Licence"), Line(), tr("Such as CC BY 4.0. May stay empty.")),
        ):
            field = bind(self, name, said, control, hint, base=WHOLE)
            if isinstance(control, Pick):
                small.append(field)
            else:
                self.body.addWidget(field)
        self.body.insertWidget(2, flow(*small, gap=16))
        self.body.addStretch(1)


class SkillsPart(Part):
    """Objectives and skills."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(draft)
        self.body.addWidget(
            Paragraph(tr("The tutor keeps to them, and what learners show is counted by skill."), "quiet")
        )
        for name, said, hint in (
            ("objectives", tr("Objectives"), tr("One a line: what learners can do at the end.")),
            ("skills", tr("Skills"), tr("One a line, short: adding fractions, common denominators.")),
        ):
            self.body.addWidget(bind(self, name, said, Lines(least=4), hint, base=WHOLE))
        self.body.addStretch(1)


class FallbacksPart(Part):
    """The teacher's own words for moments in which the model's fail their checks."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(draft)
        self.body.addWidget(
            Paragraph(
                tr(
                    "When the model's words fail a check twice, these are said instead. Where one is empty the tutor "
                    "has its own. The hints of an item stand with the item."
                ),
                "quiet",
            )
        )
        base = WHOLE.field("fallbacks")
        for key, said, when in words.moves():
            self.body.addWidget(Bound(draft, base.key(key), f"fallbacks.{key}", said, Text(least=2), when))
        self.body.addStretch(1)
