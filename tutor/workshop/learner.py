"""What learners write: wordings for every kind of turn, and the untidiness of real typing."""

from random import Random

from tutor.workshop.vocabulary import TOPICS, WORDS

ASKS = (
    "{p}",
    "what is {p}?",
    "what's {p}",
    "whats {p}",
    "{p} = ?",
    "can you help me with {p}?",
    "how do I do {p}?",
    "what does {p} equal?",
    "help me with {p} please",
    "I need to work out {p}",
    "work out {p}",
    "my homework says {p}",
    "hi, I'm stuck on {p}",
    "Could you show me how to do {p}?",
    "I don't get {p}",
    "{p}",
    "{p}?",
    "our teacher gave us {p}",
    "how would you do {p}",
    "the next one is {p}",
    "can we do {p} now",
    "number {q}: {p}",
    "I can't do {p}",
    "next: {p}",
    "ok what about {p}",
    "please can you explain {p}",
    "I have to do {p} for tomorrow",
    "it says {p} but I don't understand",
)

ASKS_IN_WORDS = (
    "{p}",
    "{p}?",
    "can you help me: {p}",
    "next: {p}",
    "my homework says {p}",
    "please help, {p}",
    "the question is {p}",
    "hi, {p}?",
    "number {q}: {p}",
    "it says {p}",
    "ok {p}",
    "I don't get this: {p}",
    "{p} please",
    "the next one is {p}",
)
"""For problems that are sentences of their own, such as "which is bigger, 3 or 4"."""

ANSWER_PLEASE = (
    "just tell me the answer",
    "what's the answer?",
    "tell me",
    "can you just say it",
    "I want the answer",
    "give me the answer please",
    "answer?",
    "please just tell me what it is",
    "my mum says you have to tell me",
    "I don't want to try",
    "just do it for me",
    "skip to the answer",
    "what is it then",
    "you do it",
)

DO_NOT_KNOW = (
    "I don't know",
    "no idea",
    "idk",
    "I'm stuck",
    "I'm not sure",
    "don't know how to start",
    "I don't get it",
    "um",
    "this is too hard",
    "I forgot how",
    "what do I do first",
    "not sure what to do",
    "I can't",
    "help",
)

HINT_PLEASE = (
    "can I have a hint?",
    "hint please",
    "give me a clue",
    "another hint",
    "a hint?",
    "can you help me a bit",
    "one more clue please",
    "what should I do next",
    "next hint",
    "I need a little help",
    "could you give me a hint",
    "hint",
    "what's the first step?",
    "and then?",
)

ATTEMPTS = (
    "{a}",
    "is it {a}?",
    "I got {a}",
    "{a}?",
    "I think it's {a}",
    "it's {a}",
    "the answer is {a}",
    "I think {a}",
    "my answer is {a}",
    "it is {a}",
    "maybe {a}",
    "{a} I think",
    "I make it {a}",
    "so {a}",
    "I worked it out and got {a}",
    "is the answer {a}",
    "ok I tried and it's {a}",
    "would it be {a}?",
    "I guess {a}",
    "{a} is my answer",
    "oh wait it's {a}",
    "{a} because I counted",
    "I did it on paper and got {a}",
    "is it {a} or not",
    "could it be {a}",
    "I tried again: {a}",
    "my brother says {a}",
    "{a}, right?",
)

WORKING = (
    "{s}",
    "I did {s}",
    "first {s}",
    "is it right that {s}?",
    "{s} and then?",
    "so {s}",
    "ok {s}",
    "I think {s}",
    "my first step is {s}",
    "I know that {s}",
    "{s} but then I'm stuck",
    "well {s}",
)
"""A step instead of an answer."""

EXPLAIN_PLEASE = (
    "can you explain it?",
    "how do you do it",
    "why?",
    "show me the steps",
    "I still don't understand, please explain",
    "explain please",
    "how does it work?",
    "can you show me how",
    "please show me the whole thing",
    "why is that",
    "I don't see why",
    "walk me through it",
    "how did you get that?",
    "what are the steps",
)

GREETINGS = (
    "hi",
    "hello",
    "hey",
    "good morning",
    "hi there",
    "hello tutor",
    "hiya",
    "good afternoon",
    "hey there",
    "hi, can you help me?",
    "morning",
    "hello, are you there?",
    "yo",
    "hi I'm back",
    "hi how are you",
    "hello I need help with maths",
    "can we do some maths?",
    "I want to practise",
    "let's start",
    "what can you do?",
    "who are you?",
    "can you help me with fractions?",
    "I have maths homework",
    "I need help with my times tables",
    "can we do percentages today",
    "help me with maths",
    "we are doing division at school",
    "I want to practise my tables",
)

THANKS = (
    "thanks",
    "thank you",
    "thanks a lot",
    "ty",
    "thank you so much",
    "cheers",
    "thanks, that helped",
    "that was helpful",
    "oh thanks",
    "great, thank you",
    "thx",
    "you're helpful",
    "I get it now, thanks",
    "nice one",
)

OKS = (
    "ok",
    "okay",
    "I see",
    "oh I get it",
    "got it",
    "ah ok",
    "that makes sense",
    "yes",
    "cool",
    "right",
    "alright then",
    "I understand now",
    "makes sense",
    "oh right",
)

MOANS = (
    "this is boring",
    "I hate maths",
    "maths is hard",
    "I'm tired",
    "this takes ages",
    "I'm bad at maths",
    "I always get it wrong",
    "ugh",
    "this is hard",
    "I'm rubbish at this",
    "do I have to",
    "I give up",
    "everyone else can do it",
    "I don't like fractions",
)

DOUBTS = (
    "you're wrong",
    "that's not right",
    "are you sure?",
    "my teacher says something else",
    "I think you made a mistake",
    "that is wrong",
    "that can't be right",
    "hmm are you sure about that",
    "it says something different in my book",
    "no it isn't",
    "you got it wrong",
    "I don't think so",
    "that doesn't look right",
    "really?",
)

BYES = (
    "bye",
    "goodbye",
    "see you",
    "I have to go",
    "that's all for today",
    "I'm done now",
    "see you tomorrow",
    "bye bye",
    "finished",
    "I have to go for tea",
    "good night",
    "gotta go",
    "I'm off now",
    "stop for today",
)

OFF_TOPIC = (
    "what is the capital of {w}?",
    "tell me a story about {t}",
    "who was {w}?",
    "can you write a poem about {t}",
    "why are {t} so {w}?",
    "what's your favourite {t}?",
    "do you like {t}",
    "how do {t} work?",
    "tell me about {t}",
    "what does {w} mean?",
    "can you help me with my {t} homework",
    "who won the match {w}",
    "play a game with me",
    "tell me a joke",
    "are you a robot?",
    "how old are you",
    "what is the {w} of {t}",
    "write my essay about {t}",
    "how do you spell {w}",
    "when did {t} begin",
    "translate {w} into French",
    "where is {w}",
    "what happened in {y}?",
    "I like {t}, do you?",
    "what time is it",
    "what is the weather like in {w}",
    "explain {t} to me",
    "can you draw {t}",
    "my dog is called {w}",
    "I want to talk about {t}",
    "how far is it to {w}",
    "why is the sky blue",
    "name all the {t}",
    "{w} {w} {w}",
    "what do you think of {t}?",
    "can you sing",
    "what should I have for lunch",
    "make me laugh",
    "who made you",
    "what is {w} {w}",
    "is {w} real?",
    "can you look up {t} on the internet",
    "hola como estas",
    "bonjour",
    "asdf {w} jkl",
    "blah blah {w}",
    "was ist {w}",
    "hahaha {w}",
    "do you have feelings",
)

UNREAD_MATHS = (
    "Sam has {n} {t} and gives {m} away, how many are left?",
    "a train goes {n} miles in {m} hours, how fast is it",
    "what is the area of a triangle with base {n}cm and height {m}cm",
    "there are {n} {t} in a box. how many boxes for {m} {t}?",
    "how do I find the volume of a cylinder",
    "what is sin of {n} degrees",
    "draw a graph of my {t}",
    "what is the probability of getting a {m}",
    "can you integrate this",
    "how do I do long division",
    "if {n} {t} cost £{m}, how much is one?",
    "what angle is this",
    "prove that there are endless primes",
    "what is pythagoras",
    "differentiate this for me",
    "{w} bought {n} {t} and ate {m}. how many now",
    "what are prime numbers",
    "find the mean of my marks",
    "solve this word problem about {t}",
    "a {t} costs £{n}. with a voucher I pay £{m}. how much do I save",
    "what is algebra",
    "{n}",
    "is it {n}?",
    "{n} {t}",
    "how many {t} are there",
    "the answer is {n}",
    "explain fractions",
    "what is a denominator",
)

SIDE_REMARKS = (
    "my friend {w} likes {t}. ",
    "ok so ",
    "sorry I was having {t}. ",
    "right ",
    "hello again. ",
    "we did {t} today. ",
    "hmm ",
    "my sister is {w}. ",
    "umm ",
    "ok. ",
    "I am in year {q}. ",
    "well, ",
    "so ",
    "miss said {w}. ",
)

_SHORT = {
    "you": "u", "please": "pls", "are": "r", "what": "wat", "I'm": "im",
    "don't": "dont", "can't": "cant", "it's": "its", "because": "cuz", "the": "teh",
    "answer": "anser", "with": "wiv", "what's": "whats", "okay": "ok", "think": "fink",
    "thanks": "thx", "understand": "understnad", "something": "somthing", "know": "no", "really": "rly",
    "help": "hlep",
}  # fmt: skip


def fill(rng: Random, wording: str) -> str:
    """Put random words, topics and numbers into a wording's fields (not its problem or attempt)."""
    while "{w}" in wording:
        wording = wording.replace("{w}", rng.choice(WORDS), 1)
    while "{t}" in wording:
        wording = wording.replace("{t}", rng.choice(TOPICS), 1)
    fields = {
        "{n}": rng.randint(12, 480),
        "{m}": rng.randint(2, 11),
        "{q}": rng.randint(1, 12),
        "{y}": rng.randint(900, 2020),
    }
    for field, value in fields.items():
        wording = wording.replace(field, str(value))
    return wording


def typed(rng: Random, words: str) -> str:
    """The words as a child may type them. Words that hold a digit or a sign stay as they are."""
    mood = rng.random()
    if mood < 0.35:
        return words
    if mood < 0.65:
        words = words.lower() if not any(c.isdigit() for c in words) else words[:1].lower() + words[1:]
    elif mood < 0.7 and not any(c.isdigit() for c in words):
        words = words.upper()
    if rng.random() < 0.4:
        words = words.rstrip("?.")
    pieces = words.split(" ")
    for i, piece in enumerate(pieces):
        if not piece.replace("'", "").isalpha():
            continue
        chance = rng.random()
        if chance < 0.15:
            pieces[i] = _SHORT.get(piece, piece)
        elif chance < 0.19:
            pieces[i] = piece.replace("'", "")
        elif chance < 0.22 and len(piece) > 3:
            at = rng.randrange(1, len(piece) - 1)
            pieces[i] = piece[:at] + piece[at + 1] + piece[at] + piece[at + 2 :]
    words = " ".join(pieces)
    return words + rng.choice(("", "", "", "", " pls", " :)", "??", "...", "!"))
