"""The kinds that Tutor tells apart: ages, roles, intents, moves, verdicts, endings.

Read them from `tutor.domain`, with the other nouns.
"""

from enum import StrEnum


class AgeBand(StrEnum):
    """Age in years; thresholds, wording and help lines depend on it."""

    A5_7 = "5-7"
    A8_10 = "8-10"
    A11_13 = "11-13"
    A14_17 = "14-17"
    ADULT = "18+"


class Setting(StrEnum):
    """Where the program is used."""

    HOME = "home"
    SCHOOL = "school"


class Role(StrEnum):
    LEARNER = "learner"
    TUTOR = "tutor"


class Intent(StrEnum):
    """What the learner wants with a message."""

    ASKS_ANSWER = "asks_answer"
    ASKS_HINT = "asks_hint"
    ASKS_EXPLANATION = "asks_explanation"
    ATTEMPT = "attempt"
    OFF_TOPIC = "off_topic"
    FEEDBACK = "feedback"
    DISTRESS = "distress"
    GREETING = "greeting"


class Move(StrEnum):
    """What the tutor does next. Structure picks it; the model only finds the words."""

    GREET = "greet"
    ACKNOWLEDGE = "acknowledge"
    """Thanks, feedback, "ok": a short friendly reply that leads back to the work."""
    ASK_ATTEMPT = "ask_attempt"
    HINT = "hint"
    DIAGNOSE = "diagnose"
    """The attempt is wrong: say so kindly and point at the step to look at again."""
    CONFIRM = "confirm"
    """The attempt is right: say so and name what was done well."""
    EXPLAIN = "explain"
    """Work it through in steps, answer included (only after a real attempt or where allowed)."""
    SET_UP = "set_up"
    """A word problem whose sum is not sure: set it up together, without an answer."""
    ADVISE = "advise"
    """Study skills: one written piece of advice, put into the model's words."""
    RECALL = "recall"
    """An accepted correction answers this question: pass its words on."""
    CONVERSE = "converse"
    """A question without checkable facts: answer it briefly (general models only)."""
    REDIRECT = "redirect"
    """Outside what this tutor knows: say so honestly, suggest a person or a bigger model."""
    REFUSE = "refuse"
    """Not allowed: written text, never the model's."""
    SIGNPOST = "signpost"
    """Distress: written text that points to people, never the model's."""


class Action(StrEnum):
    """What moderation wants done with a text."""

    ALLOW = "allow"
    REVIEW = "review"
    """Shown, and marked for the safeguarding contact."""
    BLOCK = "block"
    """Not shown."""
    REFUSE = "refuse"
    """A dangerous request: answered with a written refusal."""
    SIGNPOST = "signpost"
    """Distress: answered with written, human-pointing words, and an alert."""


class Direction(StrEnum):
    INPUT = "input"
    OUTPUT = "output"


class MathsStatus(StrEnum):
    NONE = "none"
    """Nothing to check."""
    RIGHT = "right"
    WRONG = "wrong"
    UNCHECKED = "unchecked"
    """Looks like maths, could not be read within the bounds; never claimed as checked."""


class Outcome(StrEnum):
    """How a reply ended."""

    DONE = "done"
    STOPPED = "stopped"
    """The learner pressed Stop; what had been checked stays."""
    WRITTEN = "written"
    """Written by people: refusal, signpost, fallback."""
    FAILED = "failed"
