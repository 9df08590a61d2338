"""The nouns of lessons: what a teacher wrote, the guidelines that code can check, and what was found of them.

Read them from `tutor.domain`, with the others.
"""

from enum import StrEnum
from typing import TypeAlias

import msgspec

from tutor.frozen import Frozen


class Severity(StrEnum):
    """What happens where a guideline is broken."""

    BLOCK = "block"
    """The words are never shown: written again, then replaced by the lesson's own words."""
    REWRITE = "rewrite"
    """Written again; what still breaks it is shown, and told to the teacher."""
    WARN = "warn"
    """Shown, and told to the teacher."""


class Rule(Frozen):
    """What every guideline has."""

    severity: Severity = Severity.BLOCK
    note: str = ""
    """What the learner is quietly told where it held something back; "": the program's own words."""


class Scope(Rule, tag="scope"):
    """Only these topics. A question outside is led back, or offered to the teacher."""

    topics: tuple[str, ...] = ()
    """Words and phrases that the lesson is about, besides its title, skills, objectives and items."""


class Withhold(Rule, tag="withhold"):
    """The answers of the items, and whatever equals them, are not said before they are unlocked."""

    attempts: int = 2
    """Real attempts at an item that unlock its answer; 0: never unlocked by attempts."""
    mastery: float = 0.0
    """Share of the lesson's items solved (0 to 1) that unlocks all answers; 0: never."""


class HintLadder(Rule, tag="hints"):
    """Hints come one rung at a time, and a rung is stayed on."""

    rungs: int = 3
    dwell_turns: int = 1
    """Messages of the learner, at least, between two rungs."""
    dwell_seconds: int = 0


class AttemptFirst(Rule, tag="attempt_first"):
    """The learner tries before the first hint."""


class Questions(Rule, tag="questions"):
    """At most so many questions a turn; a turn that leaves work open ends with one."""

    most: int = 1
    end_with: bool = True


class ReadingLevel(Rule, tag="reading_level"):
    """Flesch-Kincaid grade (Kincaid et al. 1975) of a turn, at most."""

    grade: float = 6.0
    severity: Severity = Severity.REWRITE


class Length(Rule, tag="length"):
    """Words of a turn. 0: no bound."""

    most_words: int = 80
    least_words: int = 0
    severity: Severity = Severity.REWRITE


class Words(Rule, tag="words"):
    """Words to use where they fit (one of each `required` line's alternatives, parted by `|`), and words to avoid."""

    required: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    severity: Severity = Severity.REWRITE


class Sources(Rule, tag="sources"):
    """What is stated comes from the lesson's materials and cites the place."""

    cite: bool = True


class Tone(Rule, tag="tone"):
    """No faults of tone: harsh | sarcasm | shouting | flattery | feelings | guilt."""

    faults: tuple[str, ...] = ("harsh", "sarcasm", "shouting", "flattery", "feelings", "guilt")


class Language(Rule, tag="language"):
    """The language of instruction (BCP 47). Quoted words and names of other languages are no breach."""

    language: str = "en-GB"


class Forbidden(Rule, tag="forbidden"):
    """Topics that this lesson does not speak about."""

    topics: tuple[str, ...] = ()


class Escalation(Rule, tag="escalation"):
    """When the tutor offers to put the question to a person."""

    triggers: tuple[str, ...] = ("tries", "unsure", "outside", "asked")
    """tries | unsure | outside | asked | words"""
    tries: int = 3
    """Failed tries at one problem."""
    words: tuple[str, ...] = ()
    """For the trigger `words`: what the learner says that calls for a person."""
    to: str = ""
    """Who it goes to, in words; "": the teacher."""
    message: str = ""
    """What the tutor says then; "": the program's own words."""
    severity: Severity = Severity.WARN


class Assessment(Rule, tag="assessment"):
    """Between these moments (UTC, ISO 8601) the chat is off, in code."""

    begins: str = ""
    ends: str = ""
    message: str = ""


class Correctness(Rule, tag="correctness"):
    """What is stated about an item agrees with its answer key."""

    tolerance: float = 0.0
    """How far a number may be from the key, absolutely, where the item has no tolerance of its own."""


class Wish(Rule, tag="wish"):
    """Free text for the model. Code cannot check it."""

    text: str = ""
    severity: Severity = Severity.WARN


Guideline: TypeAlias = (
    Scope
    | Withhold
    | HintLadder
    | AttemptFirst
    | Questions
    | ReadingLevel
    | Length
    | Words
    | Sources
    | Tone
    | Language
    | Forbidden
    | Escalation
    | Assessment
    | Correctness
    | Wish
)


def kind_of(guideline: Guideline) -> str:
    """The name of a guideline's kind, as in files and records: `scope`, `withhold`, ..."""
    return str(type(guideline).__struct_config__.tag)


class Misconception(Frozen):
    """A wrong answer that learners typically give."""

    answer: str
    why: str
    """What they were thinking, for the teacher's record."""
    say: str = ""
    """What helps then, in the teacher's words; "" leaves it to the hints."""


class Item(Frozen):
    """A practice item."""

    id: str
    """Within its lesson, such as `q1`."""
    question: str
    answer: str
    accepted: tuple[str, ...] = ()
    """Other ways to write the right answer."""
    tolerance: float = 0.0
    """How far a number may be from the answer, absolutely."""
    choices: tuple[str, ...] = ()
    """For multiple choice; the answer is one of them."""
    skill: str = ""
    hints: tuple[str, ...] = ()
    """The teacher's own, gentlest first; none may hold the answer."""
    steps: tuple[str, ...] = ()
    """The worked solution, for when it may be shown."""
    misconceptions: tuple[Misconception, ...] = ()


class Material(Frozen):
    """A text that a lesson speaks from."""

    name: str
    """File name within the lesson's file."""
    title: str
    sha256: str = ""
    licence: str = ""


class Lesson(Frozen):
    """What the tutor must do in a lesson, as a teacher wrote it."""

    key: str
    """The same on every computer and in every version."""
    title: str
    subject: str = ""
    """maths | science | language | history | geography | study_skills | other"""
    age_band: str = "8-10"
    language: str = "en-GB"
    summary: str = ""
    """One or two sentences for the learner: what it is about."""
    skills: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    guidelines: tuple[Guideline, ...] = ()
    materials: tuple[Material, ...] = ()
    items: tuple[Item, ...] = ()
    fallbacks: dict[str, str] = msgspec.field(default_factory=dict)
    """Move to the teacher's own words for it, shown when the model's fail their checks."""
    author: str = ""
    licence: str = ""


class LessonState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class LessonVersion(Frozen):
    """One version of a lesson. A published one never changes."""

    id: int
    lesson_id: int
    number: int
    state: LessonState
    lesson: Lesson
    created_at: str = ""
    changed_at: str = ""
    published_at: str = ""
    why: str = ""
    """The written reason for publishing although a blocking rule broke in its test."""
    tested: str = ""
    """JSON of the last test (see `tutor.rehearsal`); "" when it was not tested as it stands."""


class Passage(Frozen):
    """A piece of a material, found for a question."""

    id: int
    material: str
    """Title."""
    place: str
    """What an answer cites: `p. 12`, or a heading."""
    text: str
    heading: str = ""


class RuleCheck(Frozen):
    """What was found of one guideline in one turn. Kept with the turn; holds no words of anybody."""

    rule: str
    """See `kind_of`."""
    severity: Severity
    fired: bool = False
    where: str = ""
    """input | sentence | turn | policy"""
    done: str = ""
    """"" (held) | rewritten | replaced | left_out | shown | redirected | withheld | offered"""
    times: int = 1
    detail: str = ""
    """For the teacher, such as `9.2 > 6` or the id of an item; never the learner's or the tutor's words."""


class Escalated(Frozen):
    """A question put to the teacher."""

    id: int
    message_id: int
    """The tutor's answer under which it was put."""
    learner_id: int
    reason: str
    """tries | unsure | outside | asked | words"""
    note: str = ""
    """What the learner added."""
    created_at: str = ""
    answer: str = ""
    """The teacher's words."""
    answered_by: str = ""
    answered_at: str = ""
    read_at: str = ""
