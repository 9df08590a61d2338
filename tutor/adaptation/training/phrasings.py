"""Other ways of asking the same question, made by rule: as a child types it, with words around it, in fewer words.

A model that has seen one wording learns that wording; one that has seen many learns what is asked. Rules change how a
question is put and never what it asks: the words that carry it (`keywords`) stay.
"""

import re
from random import Random
from typing import Final

_BEFORE: Final = (
    "can you tell me", "please tell me", "do you know", "hi,", "hello,", "I want to know", "my question is:",
    "I have a question:", "tell me", "so", "hey,", "quick question,", "sorry,", "can I ask you,", "I need to know",
    "could you please tell me", "um,", "ok,", "I forgot,", "please,",
)  # fmt: skip
_BEFORE_HELD: Final = ("I would like to know", "excuse me,", "can u say", "one more thing,", "do you happen to know")
_AFTER: Final = ("please", "pls", "again", "can you tell me", "do you know", "I forgot", "I want to know", "thanks")
_AFTER_HELD: Final = ("any idea", "can you help me", "I can't remember")
"""Words that go round a question. The held ones are never trained on: they tell when to stop."""

_FRAMES: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), others)
    for pattern, others in (
        (r"^what time (does|do|can|is|are) ", (r"when \1 ", r"at what time \1 ", r"what hour \1 ")),
        (r"^when (does|do|can) ", (r"what time \1 ", r"at what time \1 ", r"how soon \1 ")),
        (r"^when (is|are|will) ", (r"what day \1 ", r"on which day \1 ", r"do you know when \1 ")),
        (r"^where (is|are) ", ("where can I find ", "where do I find ", "where do we have ", "in which place is ")),
        (r"^where do (i|we) ", ("where should we ", "where can I ", "where to ", "in which place do we ")),
        (r"^who (is|are) ", ("who's ", "tell me who is ", "what is the name of ")),
        (r"^how (?:do|can|should|would|must) (?:i|we|you) ",
         ("how do I ", "how do we ", "how can I ", "how should I ", "how to ", "how do you ", "what is the way to ",
          "what is the best way to ", "in what way do we ", "show me how to ", "what do I do to ")),
        (r"^how many (\w+) ", (r"what number of \1 ", r"the number of \1 ", r"how much \1 ")),
        (r"^how long ", ("how much time ", "how many minutes ", "for how long ")),
        (r"^(?:can|may) (i|we) ", (r"am I allowed to ", r"are we allowed to ", r"is it ok to ", r"could I ")),
        (r"^(?:do|must|should) (?:i|we) (?:have to |need to )?",
         ("do I have to ", "do I need to ", "must I ", "should we ", "do we need to ", "is it needed to ")),
        (r"^how (do|does|did) (?!i\b|we\b|you\b)(.+)$",
         (r"tell me how \2", r"explain how \2", r"in what way \1 \2", r"can you explain how \2")),
        (r"^who (\w+) ", (r"who is it that \1 ", r"tell me who \1 ", r"who was it who \1 ", r"what person \1 ")),
        (r"^what is (an? \w+)$", (r"what does \1 mean", r"explain \1", r"what do you mean by \1", r"\1, what is it",
                                  r"what's \1", r"can you explain \1", r"tell me about \1")),
        (r"^what (?:is|are) (\w+)$", (r"what does \1 mean", r"explain \1", r"meaning of \1", r"what's \1",
                                      r"how does \1 work", r"can you explain \1", r"tell me about \1")),
        (r"^what does (.+) mean$", (r"what is \1", r"explain \1", r"meaning of \1", r"tell me about \1")),
        (r"^what is the ", ("what's the ", "which is the ", "tell me the ", "name the ", "the ", "say the ")),
        (r"^which (\w+) (is|are) ", (r"what \1 \2 ", r"tell me which \1 \2 ")),
        (r"^what (\w+) (is|are|do|does) ", (r"which \1 \2 ", r"tell me what \1 \2 ")),
        (r"^why (do|does|is|are|can|can't|did) ", (r"explain why \1 ", r"how come \1 ", r"what is the reason why \1 ")),
        (r"^(?:is|are) (.+)$", (r"would you say that \1", r"so are \1", r"tell me if \1")),
    )
)  # fmt: skip
"""How a question begins, and other beginnings. Children's grammar will do."""
_VERB: Final = r"(?:is|are|do|does|did|can|should|must|has|have|will)\b"
_ASKED: Final = re.compile(
    rf"^(?P<ask>(?:what|which|when|where|who|how|why)\b(?: (?!{_VERB})[\w'’-]+){{0,3}}?) (?P<verb>{_VERB}) "
    r"(?P<about>.+)$",
    re.IGNORECASE,
)
_DONE: Final = re.compile(r"^(?P<ask>who|what|which [\w'’-]+) (?P<verb>[\w'’-]+) (?P<about>.+)$", re.IGNORECASE)
_LEADING: Final = re.compile(r"^(?:the|an?|our|my|we|i|you) ", re.IGNORECASE)
_TRAILING: Final = re.compile(r" (?:in|on|at|from|for|to|like|have|got|called|mean)$", re.IGNORECASE)

_SYNONYMS: Final = (
    ("open", "opens", "opening"), ("begin", "start"), ("end", "finish"), ("big", "large"), ("little", "small"),
    ("add", "plus"), ("subtract", "take away"), ("multiply", "times"), ("divide", "share"), ("find", "get"),
    ("write out", "set out", "write down"), ("work out", "calculate", "solve"), ("bring", "take"),
    ("lose", "lost"), ("hand in", "give in", "put"), ("practise", "learn"), ("need", "have to have"),
    ("bottoms", "denominators"), ("tops", "numerators"), ("break", "playtime"), ("answer", "result"),
    ("why", "how come"), ("different", "not the same"), ("allowed", "ok"), ("correct", "right"), ("mistake", "error"),
    ("pupil", "child"), ("sum", "calculation"), ("our", "my", "the"), ("we", "I", "you"), ("get", "have"),
    ("have", "have got"), ("instead of", "rather than"),
)  # fmt: skip

_SHORT: Final = {
    "you": "u", "please": "pls", "are": "r", "what": "wat", "because": "cuz", "the": "teh", "with": "wiv",
    "is": "iz", "to": "2", "for": "4", "thanks": "thx", "question": "q", "what's": "whats", "don't": "dont",
    "can't": "cant", "why": "y", "people": "ppl", "your": "ur", "that": "dat", "homework": "hw",
}  # fmt: skip
_CONTRACTED: Final = (
    ("what is", "what's"), ("what is", "whats"), ("who is", "who's"), ("where is", "where's"), ("when is", "when's"),
    ("how is", "how's"), ("it is", "it's"), ("cannot", "can't"), ("do not", "don't"), ("does not", "doesn't"),
    ("is not", "isn't"), ("I am", "I'm"), ("we are", "we're"),
)  # fmt: skip
_LITTLE: Final = (
    "a an the is are am was were be do does did can could will would shall should may might must have has had i we "
    "you he she it they me us my our your his her its their to of in on at for with by from as and or so please pls "
    "tell know if that this these those there here go get got when what which who where why how not again any some "
    "say said means mean explain"
)
_SMALL_WORDS: Final = frozenset(_LITTLE.split())
_ASKING: Final = {
    "when": "when", "time": "when", "day": "when", "date": "when", "where": "where", "place": "where", "room": "where",
    "who": "who", "why": "why", "how": "how", "way": "how", "method": "how", "many": "many", "number": "many",
    "what": "what", "which": "what", "meaning": "what", "mean": "what", "long": "long",
}  # fmt: skip
_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


def keywords(question: str) -> frozenset[str]:
    """The words that carry a question: lower case, without the small words that any question has."""
    words = [w.lower() for w in _WORD.findall(question)]
    return frozenset(w for w in words if w not in _SMALL_WORDS) or frozenset(words)


def asks(question: str) -> frozenset[str]:
    """What kind of thing is asked for: when, where, who, why, how, many, long, what."""
    return frozenset(_ASKING[w] for w in map(str.lower, _WORD.findall(question)) if w in _ASKING)


def variants(question: str, rng: Random, count: int, *, held: bool = False) -> list[str]:
    """Up to `count` different wordings of a question, none of them the question itself, in the order of drawing.

    `held`: with words around it that training never sees, for measuring what was understood.
    """
    found: dict[str, None] = {}
    for _ in range(count * 4):
        text = _one(question, rng, held)
        if text.strip() and text != question:
            found[text] = None
        if len(found) == count:
            break
    return list(found)


def _one(question: str, rng: Random, held: bool) -> str:
    text = " ".join(question.split())
    bare = text.rstrip(" ?.!")
    chance = rng.random()
    if chance < 0.4:
        bare = _reframed(bare, rng)
    elif chance < 0.52:
        bare = _telegram(bare, rng)
    elif chance < 0.7:
        bare = _fronted(bare, rng)
    if rng.random() < 0.35:
        bare = _synonym(bare, rng)
    if rng.random() < 0.2:
        bare = _contracted(bare, rng)
    around = rng.random()
    if held or around < 0.3:
        bare = f"{rng.choice(_BEFORE_HELD if held else _BEFORE)} {_lower_first(bare)}"
    elif around < 0.42:
        bare = f"{bare} {rng.choice(_AFTER_HELD if held else _AFTER)}"
    if rng.random() < 0.2:
        bare = _slip(bare, rng)
    if rng.random() < 0.6:
        bare = bare.lower()
    return bare + rng.choice(("?", "?", "", "", "", "??", " ?"))


def _lower_first(text: str) -> str:
    second = text[1:2]
    return text if second.isupper() or text.startswith("I ") else text[:1].lower() + text[1:]


def _reframed(text: str, rng: Random) -> str:
    """The same question with another beginning, where one is known."""
    for pattern, others in _FRAMES:
        if pattern.search(text):
            return pattern.sub(rng.choice(others), text, count=1)
    return text


def _telegram(text: str, rng: Random) -> str:
    """Only the words that carry it, some of the small ones left: "library open time"."""
    words = [w for w in text.split() if w.strip(",.:;").lower() not in _SMALL_WORDS or rng.random() < 0.25]
    if len(words) < 2:
        return text
    return " ".join(words)


def _fronted(text: str, rng: Random) -> str:
    """What is asked about first, and then what is asked: "the library open, when"."""
    found = _ASKED.match(text) or _DONE.match(text)
    if found is None:
        return text
    ask, verb, about = _lower_first(found["ask"]), found["verb"], found["about"]
    if rng.random() < 0.5:
        about = _LEADING.sub("", about)
    if _DONE.match(text) and not _ASKED.match(text):
        return rng.choice((f"{about}, {ask} {verb} it", f"{about}, {ask} {verb} that", f"{about} {ask} {verb}"))
    about = _TRAILING.sub("", about)
    it = "they" if verb.lower() in ("are", "do", "have") else "it"
    endings = (f", {ask}", f" {ask}", f", {ask} {verb} {it}", f", {ask}", f": {ask}")
    return about + rng.choice(endings)


def _synonym(text: str, rng: Random) -> str:
    """One word replaced by another of its group."""
    order = list(_SYNONYMS)
    rng.shuffle(order)
    for group in order:
        for word in group:
            pattern = re.compile(rf"\b{re.escape(word)}\b", re.IGNORECASE)
            if pattern.search(text):
                return pattern.sub(rng.choice([w for w in group if w != word]), text, count=1)
    return text


def _contracted(text: str, rng: Random) -> str:
    fitting = [(long, short) for long, short in _CONTRACTED if re.search(rf"\b{long}\b", text, re.IGNORECASE)]
    if not fitting:
        return text
    long, short = rng.choice(fitting)
    return re.sub(rf"\b{long}\b", short, text, count=1, flags=re.IGNORECASE)


def _slip(text: str, rng: Random) -> str:
    """One word shortened or mistyped; words with a digit or a sign stay as they are."""
    words = text.split(" ")
    at = [i for i, w in enumerate(words) if w.isalpha() and len(w) > 2]
    if not at:
        return text
    i = rng.choice(at)
    word = words[i]
    if word.lower() in _SHORT and rng.random() < 0.6:
        words[i] = _SHORT[word.lower()]
    elif len(word) > 3:
        k = rng.randrange(1, len(word) - 1)
        words[i] = rng.choice(
            (
                word[:k] + word[k + 1] + word[k] + word[k + 2 :],
                word[:k] + word[k + 1 :],
                word[:k] + word[k] + word[k:],
            )
        )
    return " ".join(words)
