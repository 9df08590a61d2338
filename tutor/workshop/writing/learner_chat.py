"""What learners write that is not about the open problem: greetings, thanks, moans, talk, other subjects, nonsense.

Fields: {w} a word, {t} a topic, {n} and {m} numbers, {q} a small number, {y} a year.
"""

GREETINGS = (
    "hi", "hello", "hey", "good morning", "hi there", "hello tutor", "evening tutor",
    "hiya", "good afternoon", "hey there", "hi, can you help me?", "morning", "hello, are you there?",
    "hi, it's me again",
    "yo", "hi I'm back", "hi how are you", "hello I need help with maths", "can we do some maths?",
    "I want to practise",
    "can we begin",
    "let's start", "what can you do?", "who are you?", "can you help me with fractions?", "I have maths homework",
    "I need help with my times tables", "I've got a maths test soon",
    "can we do percentages today", "help me with maths", "we are doing division at school",
    "I want to practise my tables",
    "hi my name is {w}", "heyyy", "hello hello, anyone there",
    "hi 👋", "good evening", "HI", "sup", "hallo", "hey can we do some sums", "what shall we do today",
)  # fmt: skip

THANKS = (
    "thanks", "thank you", "thanks a lot", "ty", "thank you so much", "cheers", "ta very much",
    "thanks, that helped", "that was helpful", "oh thanks", "great, thank you", "thx", "you're helpful",
    "much appreciated",
    "I get it now, thanks", "nice one", "thank u", "thanks tutor", "that helped", "you're the best",
    "thanks a million",
    "❤️", "tysm", "thanks for that", "thanks for explaining", "you explain well", "aw thanks", "brilliant, thank you",
)  # fmt: skip

OKS = (
    "ok", "okay", "I see", "oh I get it", "got it", "ah ok", "right then",
    "that makes sense", "yes", "cool", "right", "alright then", "I understand now", "fair enough",
    "makes sense", "oh right", "👍", "yep", "aha", "oh that's easy", "sounds good",
    "k", "kk", "ohhh", "yay", "I did it", "phew", "nice",
)  # fmt: skip

MOANS = (
    "this is boring", "I hate maths", "maths is hard", "I'm tired", "this takes ages", "I'm bad at maths",
    "I can't be bothered",
    "I always get it wrong", "ugh", "this is hard", "I'm rubbish at this", "do I have to", "I give up on maths",
    "maths is the worst",
    "everyone else can do it", "I don't like fractions", "why do we even need this", "this is pointless",
    "my head hurts", "I'll never get this", "can't we stop now",
    "I'm so slow", "that's not fair", "this is annoying", "I want to play instead", "I feel stupid", "so boringgg",
    "I wish it was lunchtime",
)  # fmt: skip

DOUBTS = (
    "you're wrong", "that's not right", "are you sure?", "my teacher says something else",
    "I think you made a mistake", "that is wrong", "I don't believe you",
    "that can't be right", "hmm are you sure about that", "it says something different in my book", "no it isn't",
    "you got it wrong", "I don't think so", "my calculator disagrees",
    "that doesn't look right", "really?", "that hint was bad", "the hint didn't help", "your hint is confusing",
    "that makes no sense to me", "check that again",
)  # fmt: skip

BYES = (
    "bye", "goodbye", "see you", "I have to go", "that's all for today", "I'm done now", "off to bed now",
    "see you tomorrow", "bye bye", "finished", "I have to go for tea", "good night", "gotta go", "that's me done",
    "I'm off now", "stop for today", "bye 👋", "cya", "my time is up", "see you later", "until next time",
)  # fmt: skip

OFF_TOPIC = (
    "what is the capital of {w}?", "tell me a story about {t}", "who was {w}?", "can you write a poem about {t}",
    "why are {t} so {w}?", "do you like {t}", "what do {t} eat",
    "how do {t} work?", "tell me about {t}", "what does {w} mean?", "can you help me with my {t} homework",
    "who won the match {w}", "tell me a joke", "write a letter to my {w}",
    "what is the {w} of {t}", "write my essay about {t}", "how do you spell {w}", "when did {t} begin",
    "where is {w}", "what happened in {y}?", "who discovered {t}",
    "what time is it", "what is the weather like in {w}", "explain {t} to me", "can you draw {t}",
    "my dog is called {w}", "I want to talk about {t}", "recommend a film about {t}",
    "how far is it to {w}", "why is the sky blue", "name all the {t}", "what do you think of {t}?", "can you sing",
    "what should I have for lunch", "which is the best football team",
    "make me laugh", "what is {w} {w}", "is {w} real?", "can you look up {t} on the internet", "how do I make a {w}",
    "I'm hungry", "who is the prime minister",
    "is it raining", "what's on telly", "my favourite is {t}", "do my science homework", "who would win, {t} or {t}",
    "I watched a film about {t}", "help me write a diary entry",
    "how many legs do {t} have", "what colour are {t}", "can I have a sticker", "where do {t} come from",
    "what are the {t} called", "my sister likes {t}", "why do people like {t}",
    "how do plants grow", "what's the longest river", "who wrote {w}", "what is a verb", "how do computers work",
    "tell me something about {w}", "can we talk about my weekend",
    "I got a new {w}", "let's play a game", "guess what, I saw {t}", "play some music", "say something funny",
    "what is the meaning of life", "do you want to be friends",
    "spell {w} for me", "what year was {w} born", "when is it half term", "read me a story", "is there homework today",
    "what did the {t} do", "what is photosynthesis",
)  # fmt: skip

ABOUT_YOU = (
    "are you a robot?", "how old are you", "who made you", "do you have feelings", "are you a real person",
    "where do you live", "what is your favourite food",
    "what's your name", "do you sleep", "are you ChatGPT", "can you see me", "are you clever", "do you go to school",
    "have you got any brothers",
)  # fmt: skip

LANGUAGES = (
    "hola como estas", "bonjour", "was ist {w}", "translate {w} into French", "parlez-vous français",
    "ciao, come stai",
    "dzień dobry, pomożesz mi",
    "je ne comprends pas", "no entiendo", "puedes ayudarme", "kannst du mir helfen", "guten Tag", "salam",
    "nie rozumiem",
    "how do you say {w} in Spanish", "merhaba", "namaste", "obrigado", "aidez-moi s'il vous plaît", "¿qué es esto?",
    "what is {w} in German",
)  # fmt: skip

RUDE = (
    "you're stupid", "you are useless", "shut up", "this app is rubbish", "you're boring", "go away",
    "you're the worst tutor ever",
    "I don't like you", "you're annoying", "dumb robot", "you suck", "whatever", "leave me alone",
    "what a silly program",
)  # fmt: skip

NONSENSE = (
    "{w} {w} {w}", "asdf {w} jkl", "blah blah {w}", "hahaha {w}", "qwertyuiop", "lol", "banana banana {w}",
    "aaaaaaa", "zzz", "xoxo {w}", "{w}{w}{w}", "la la la", "🙃🙃", "hjkl hjkl {w}",
)  # fmt: skip

UNREAD_MATHS = (
    "how do I find the volume of a cylinder", "what is sin of {n} degrees", "draw a graph of my {t}",
    "what is the probability of getting a {m}", "can you integrate this", "how do I do long division",
    "how do logarithms work",
    "what angle is this", "prove that there are endless primes", "what is pythagoras", "differentiate this for me",
    "what are prime numbers", "find the mean of my marks", "teach me simultaneous equations",
    "what is algebra", "how many {t} are there", "explain fractions", "what is a denominator",
    "what is a quadratic equation", "how do I draw a pie chart", "how do you use a protractor",
    "what is pi", "who invented numbers", "what is infinity", "what are vectors", "how do I rotate a shape",
    "what is standard deviation", "explain place value to me",
    "find the circumference of a circle with radius {m}", "how do I read a bar chart", "what is a prism",
    "solve this one in the picture", "what is cos {n}", "plot y against x", "how do I factorise",
)  # fmt: skip

BARE = (
    "{n}", "is it {n}?", "{n} {t}", "the answer is {n}", "I got {n}", "{m}", "I think the answer might be {n}",
    "it's {n}", "maybe {m}", "so {n} then", "{n}?", "I say {m}", "it must be {n}", "my answer was {n}",
)  # fmt: skip
"""An answer where no problem is open."""

STUDY = (
    "how can I remember my times tables", "how do I revise for a test", "I can't concentrate",
    "how do I get better at maths", "what's the best way to learn", "I get nervous in tests",
    "any tips for doing my homework",
    "how long should I practise each day", "I keep forgetting things", "how do I check my work",
    "I always make silly mistakes", "how can I get faster at sums", "my mind goes blank in exams",
    "how do I stop getting distracted",
    "I leave everything to the last minute", "how should I take notes", "is it better to practise a lot in one go",
    "how do I learn from my mistakes", "I don't know how to plan my homework", "how do I stay calm in a test",
    "how do other people learn this stuff",
)  # fmt: skip

SIDE_REMARKS = (
    "my friend {w} likes {t}. ", "ok so ", "sorry I was having {t}. ", "right ", "hello again. ", "we did {t} today. ",
    "my pen ran out. ",
    "hmm ", "my sister is {w}. ", "umm ", "ok. ", "I am in year {q}. ", "well, ", "wait, my mum called me. ",
    "so ", "miss said {w}. ", "sorry I'm late. ", "it's noisy here. ", "I'm on the {w} bus. ", "lol ",
    "I'm eating my sandwich. ",
)  # fmt: skip
