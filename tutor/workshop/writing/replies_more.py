"""The tutor's words for setting up a word problem together, and for advice about learning."""

from random import Random

from tutor.workshop.writing.replies import small, stop

_SET_UP_LEADS = (
    "I'm not sure of the sum yet, so let's set it up together.",
    "Let's build the sum together.",
    "Let's read the story together first.",
    "I can't be sure of this one on my own, so let's work it out together.",
    "We can find the sum step by step.",
    "Let's take the story apart first.",
    "I'd like to get this one right with you.",
    "One step at a time, let's see what the story tells us.",
    "Let's turn the story into a sum.",
    "Good, a story problem.",
    "Let's do this one as a team.",
    "I don't want to guess, so let's look at it together.",
)
_SET_UP_INLINE = ("First, ", "So, ", "Tell me, ", "To begin, ", "Let's see: ", "Here is a start: ")
_SET_UP_AFTER = (
    "",
    "",
    "",
    "",
    "Take your time.",
    "A picture may help.",
    "Underline it if that helps.",
    "Your own words are fine.",
    "There is no rush.",
)

_ADVICE_LEADS = (
    "Here is something that helps many learners.",
    "Here is one thing to try.",
    "This often works well.",
    "You could try this.",
    "That happens to a lot of people.",
    "Good that you ask.",
    "That is worth working on.",
    "I have one idea for you.",
    "Learning is a skill, and you can practise it.",
    "Let's make it easier.",
    "Thank you for telling me.",
    "Many people find that hard.",
)
_ADVICE_ENDS = (
    "Would you like to try it now?",
    "When could you try that?",
    "Which part would you start with?",
    "How does that sound?",
    "Shall we try it with one sum?",
    "Do you want to give it a go today?",
    "What would you try it on first?",
    "Could that work for you?",
)


def set_up(rng: Random, question: str) -> str:
    """A reply that asks the one question of the notes."""
    asked = stop(question)
    if rng.random() < 0.35:
        asked = rng.choice(_SET_UP_INLINE) + small(asked)
    said = [rng.choice(_SET_UP_LEADS), asked] if rng.random() < 0.7 else [asked]
    after = rng.choice(_SET_UP_AFTER)
    return " ".join([*said, after]) if after and len(said) < 3 and rng.random() < 0.6 else " ".join(said)


def advise(rng: Random, tip: str) -> str:
    """A reply that passes the tip of the notes on."""
    said = [stop(tip)]
    shape = rng.random()
    if shape < 0.5:
        said.insert(0, rng.choice(_ADVICE_LEADS))
    elif shape < 0.65:
        said = [rng.choice(("Try this: ", "One idea: ", "Here is a tip: ", "A tip: ")) + small(said[0])]
    if "?" not in tip and rng.random() < 0.6:
        said.append(rng.choice(_ADVICE_ENDS))
    return " ".join(said)
