"""Rules for a learner's intent: short messages and set phrases that need no model."""

import re
from collections.abc import Sequence
from typing import Final

from tutor.domain import Fact, Intent, TutoringState
from tutor.tutoring import grading, reading

_SPELLINGS: Final = {
    "wat": "what", "wats": "what is", "wots": "what is", "whats": "what is", "what's": "what is", "wht": "what", "pls": "please", "plz": "please",
    "plez": "please", "u": "you", "ur": "your", "r": "are", "y": "why", "idk": "i don't know", "dunno": "don't know", "dont": "don't", "cant": "can't",
    "im": "i am", "i'm": "i am", "ive": "i have", "thx": "thanks", "ty": "thank you", "tysm": "thank you so much", "gimme": "give me", "gonna": "going to",
    "wanna": "want to", "gotta": "got to", "hw": "homework", "anser": "answer", "answr": "answer", "awnser": "answer", "hlep": "help", "halp": "help",
    "fink": "think", "cos": "because", "cuz": "because", "coz": "because", "lil": "little", "noone": "no one", "doesnt": "doesn't", "isnt": "isn't",
    "thats": "that is", "its": "it is", "it's": "it is", "tho": "though", "tbh": "", "lol": "", "omg": "", "fav": "favourite", "k": "ok", "kk": "ok",
    "cba": "can't be bothered", "whos": "who is", "cheers": "thanks", "shouldnt": "shouldn't", "wasnt": "wasn't", "didnt": "didn't", "ttyl": "talk to you later",
    "cya": "see you", "sup": "what's up", "wassup": "what's up", "xmas": "christmas", "hiii": "hi", "helo": "hello",
}  # fmt: skip

_HOW: Final = r"\b(?:how|why|explain|what does|what do you mean|mean(?:s|ing)?|show me how)\b"
_RULES: Final[tuple[tuple[Intent, float, re.Pattern[str]], ...]] = tuple(
    (intent, sure, re.compile(pattern))
    for intent, sure, pattern in (
        (Intent.DISTRESS, 0.95, r"\b(?:kill|hurt|cut|cutting|hurting|killing|harm|harming|starve|starving) (?:my ?self|my (?:arms?|wrists?|legs?))\b"),
        (Intent.DISTRESS, 0.95, r"\b(?:suicid\w+|end my life|want to die|wish i (?:was|were) (?:dead|never born)|better off dead|want to be dead)\b"),
        (Intent.DISTRESS, 0.95, r"\bdon'?t want to (?:live|be alive|be here any ?more|exist)\b|\bnot worth living\b|\blife (?:isn'?t|is not) worth\b|\bif i (?:died|was dead|was gone)\b"),
        (Intent.DISTRESS, 0.93, r"\b(?:dad|father|mum|mom|mother|step ?dad|step ?mum|stepdad|uncle|aunt|brother|he|she|they|man|somebody|someone) (?:\w+ )?(?:beats?|hits?|hurts?|touch(?:es|ed)|abuses?|is hurting|keeps hitting) me\b"),
        (Intent.DISTRESS, 0.92, r"\bi hate my ?self\b|\bi (?:am|feel) (?:so |completely |totally )?(?:worthless|hopeless|unloved)\b|\bno ?(?:one|body) (?:loves|cares about|would miss|would care)\b"),
        (Intent.DISTRESS, 0.92, r"\b(?:scared|afraid|frightened|too scared)\b.{0,30}\b(?:home|dad|mum|him|her)\b|\bnot safe at home\b|\bdon'?t feel safe\b|\btook (?:a lot of|too many|loads of) (?:pills|tablets)\b"),
        (Intent.GREETING, 0.95, r"^\W*(?:hi+|hello+|hey+|heya|hiya|hallo|yo|howdy|good (?:morning|afternoon|evening|night|day)|gud \w+|mornin(?:g)?|greetings|what'?s up)(?: hello| hey| hi| there| again| mr| mrs| miss| tutor| everyone| to you| you there| what'?s up)*\W*$"),
        (Intent.GREETING, 0.95, r"^\W*(?:ok )?(?:good ?)?(?:bye|see you|night night|talk (?:to you )?(?:tomorrow|later|soon))(?: bye| now| thanks| later| tomorrow| soon| you| then)*\W*$|\b(?:got|have) to go(?: now)?\W*$"),
        (Intent.GREETING, 0.9, r"^\W*(?:hi|hello|hey|hallo)\b.{0,40}\b(?:my name is|i am|it is me|how are you)\b|^how are you\b.{0,20}$|\b(?:let'?s|can we) (?:start|begin|get going|go)\W*$"),
        (Intent.FEEDBACK, 0.93, r"^\W*(?:ok(?:ay)?|thanks?|thank you|got it|i see|oh|ah+|right|alright|cool|great|nice|perfect|brilliant|awesome|fab|super|wow|yay|hooray|makes sense)(?: (?:so much|very much|a lot|then|now|thanks?|thank you|cool|ok|right|i see|it now|mate|i get it|got it|tutor|you|to me|that helped))*\W*$"),
        (Intent.FEEDBACK, 0.9, r"^(?:\w+ ){0,3}(?:thanks|thank you)\b(?!.*\b(?:but|how|why|what|can|could)\b)|\b(?:now i|i) (?:get|understand|understood|see) (?:it|that|now)\b(?!.*\bwhy\b)|\bthat (?:makes sense|helped|was helpful|worked)\b"),
        (Intent.FEEDBACK, 0.9, r"^you are (?:wrong|right|good|great|bad|mistaken)\b|\b(?:hint|explanation|that|it|this) (?:is|was|did)(?:n't| not)? (?:rubbish|helping|help|helpful|not helping|confusing|useful|clear|clearer|too (?:easy|hard|long))\b|\bthat doesn'?t help\b"),
        (Intent.ASKS_ANSWER, 0.95, r"\b(?:just|please|can you|could you|can't you|pls|now)?\s*(?:tell|give|show|say|send|reveal)(?: me| us)? (?:me )?(?:the |your )?(?:final |right |correct )?(?:answers?|solutions?|results?)\b(?! is)"),
        (Intent.ASKS_ANSWER, 0.93, r"^(?:please )?(?:just|simply) (?:tell|give|say|do|state|show)\b|\b(?:do|solve|finish|complete|answer|work) (?:it|this|that|them|all|my \w+|all of \w+|the \w+)(?: out)? for me\b|\bfor me\W*$|\b(?:do|finish|complete) my (?:homework|worksheet|maths)\b"),
        (Intent.ASKS_ANSWER, 0.92, r"\b(?:say|spit|tell me) it (?:already|now|out)?\W*$|\bi (?:just |only )?(?:want|need) (?:the |you to solve|the final |to know the )?(?:answer|number|result)\b|\bwhat is the answer\b|\bthe answer(?: now)?,? please\b|\bno (?:more )?(?:hints?|clues?)\b"),
        (Intent.ASKS_HINT, 0.95, r"\b(?:hints?|clues?|tips?|nudge)\b(?!.*\b(?:was|is|were|didn't|doesn't|rubbish|great|good|bad|confusing|no more)\b)"),
        (Intent.ASKS_HINT, 0.93, r"^\W*(?:i )?(?:really |still |just )?(?:don'?t know|do not know|no idea|no clue|not a clue|not sure|unsure|erm+|um+|help(?: me)?(?: please)?|stuck)(?: (?:how to do (?:it|this)|what to do|how|where to start|help me|please|help|sorry))*\W*$"),
        (Intent.ASKS_HINT, 0.92, r"\b(?:stuck|clueless|not a clue|where (?:do|should) i (?:start|begin)|how (?:do|should) i (?:even )?(?:start|begin)|get me started|what (?:now|next|do i do (?:now|first|next)))\b|\b(?:first|next) step\b(?!.*(?:was|is|why|reason))|\bi can'?t (?:do|figure|work|solve)\b|\bhelp me(?: \w+){0,3}\W*$|\bdon'?t know (?:how|what|where)\b|\bneed (?:some |a )?(?:help|hand)\b"),
        (Intent.ASKS_EXPLANATION, 0.9, r"\b(?:explain|explanation of|what does .{1,30} mean|what do you mean|meaning of|why (?:is|do|does|did|are|can'?t|isn'?t|not)|how come|how does|walk me through|go (?:over|through)|show me how|teach me|give me an example)\b|^\W*(?:but )?why\W*$"),
    )
)  # fmt: skip


def tidy(text: str) -> str:
    """The message in common spelling, for rules and for the encoder."""
    words = reading.signs(text).split()
    return " ".join(w for w in (_respelt(word) for word in words[:200]) if w)


def _respelt(word: str) -> str:
    bare = word.strip(".,!?;:")
    return word.replace(bare, _SPELLINGS[bare]) if bare in _SPELLINGS else word


def by_rule(text: str, *, facts: Sequence[Fact], state: TutoringState) -> tuple[Intent, float] | None:
    """The intent that a rule gives, None when none applies."""
    words = tidy(text)
    if not re.search(r"\w", words):
        return (Intent.ASKS_HINT, 0.5) if "?" in words else (Intent.FEEDBACK, 0.4)
    distress = next(((i, sure) for i, sure, p in _RULES if i is Intent.DISTRESS and p.search(words)), None)
    if distress:
        return distress
    problems = [*facts[:2], *([state.problem] if state.problem else [])]
    if any(_tried(text, words, fact, fact is state.problem) for fact in problems):
        return Intent.ATTEMPT, 0.93
    for intent, sure, pattern in _RULES:
        if pattern.search(words):
            return intent, sure
    if facts:
        return (
            (Intent.ASKS_EXPLANATION, 0.8)
            if re.search(_HOW, words) and not _how_many(words)
            else (Intent.ASKS_ANSWER, 0.85)
        )
    if not state.problem and re.fullmatch(
        r"(?:so |is it |is that |maybe |hmm+ |what about |let me try:? |would )*(?:[a-z] ?= ?)?[-£]?\d[\d./, ]*(?:%|p|cm|m|km|g|kg| minutes| remainder \d+)?(?: be right| then| i think)?[?.! ]*",
        words,
    ):
        return Intent.ATTEMPT, 0.85
    return None


def _how_many(words: str) -> bool:
    return re.search(r"\bhow (?:many|much|long|far)\b", words) is not None


def _tried(text: str, words: str, fact: Fact, is_open: bool) -> bool:
    attempt = grading.attempt_in(text, fact)
    if not attempt:
        return False
    if is_open:
        return not re.search(r"\b(?:hint|clue|explain|why)\b", words)
    return re.search(r"\d", attempt) is not None or fact.kind == "comparison"
