"""The wordings of the tutor's replies, table by table: what `replies` chooses from."""

IMPERATIVES = frozenset((
    "Add", "Break", "Build", "Check", "Count", "Divide", "Do", "Draw", "Find", "Give", "Imagine", "Keep", "Leave",
    "Line", "Look", "Make", "Multiply", "Put", "Read", "Remember", "Split", "Start", "Take", "Think", "Try", "Turn",
    "Undo", "Use", "Work", "Write",
))  # fmt: skip

QUESTION_WORDS = frozenset((
    "Are", "Between", "Can", "Could", "Do", "Does", "How", "Is", "What", "Where", "Which", "Why",
))  # fmt: skip

ASK_ATTEMPT = (
    "Let's look at {p} together. What would you try first?",
    "Have a first go at {p}. What would you do to begin?",
    "Before I help, have a try at {p}. What is your first step?",
    "Let's start with what you know. How would you begin {p}?",
    "You first: how would you start {p}?",
    "What do you think you could do first for {p}?",
    "Have a go at {p} and tell me what you get. A guess is fine.",
    "Try {p} on your own first, and tell me how far you get.",
    "Good one to practise. What is your first idea for {p}?",
    "I'd like to see your thinking first. How would you begin {p}?",
    "Let's work on {p}. Which part would you do first?",
    "Give {p} a try first. What do you get?",
    "We can do {p} one step at a time. What comes first?",
    "What do you notice about {p}? Tell me your first step.",
    "All right, {p}. What would be a good way to start?",
    "Happy to help with {p}. What have you tried so far?",
    "Take a moment with {p}. What would you do first?",
    "Let's try {p}. Tell me what you think the first step is.",
)

ASK_ATTEMPT_AGAIN = (
    "I won't just say it, because working it out is how it sticks. What would you try first for {p}?",
    "I know it would be quicker, but a try of your own helps more. How would you start {p}?",
    "Have a try first, and then I can help. What is your first step for {p}?",
    "Let's get there together. What is one thing you could do with {p}?",
    "A guess is fine, and we can build on it. What might be a start for {p}?",
    "Your own try comes first. Which bit of {p} can you do already?",
    "I'll help you get there, one step at a time. How would you begin {p}?",
    "It doesn't have to be right yet. What do you think you could do first for {p}?",
    "Give {p} a small try, and I'll help from there. What comes first?",
    "Try just the first step of {p}. What would it be?",
)

TASK_WORDS = frozenset(("simplify", "round", "increase", "decrease", "compare"))
ASK_TASK = (
    "Let's {p} together. What would you try first?",
    "How would you {p}? Tell me your first step.",
    "Before I help, have a try: {p}. What do you get?",
    "You first: how would you {p}?",
    "To {p}, what would you do first?",
    "Have a go, and tell me how far you get: {p}.",
    "What do you think is the first step to {p}?",
    "We can {p} one step at a time. What comes first?",
)
ASK_QUESTION = (
    "Have a think first: {p}",
    "What do you think: {p}",
    "You first: {p} A guess is fine.",
    "Let's hear your idea first: {p}",
    "Before I help, have a try: {p}",
    "Tell me what you think, and why: {p}",
    "Let's start with your idea: {p}",
)
ASK_AGAIN_PLAIN = (
    "I won't just say it, because working it out is how it sticks. What would you try first?",
    "Have a try first, and then I can help. What is your first step?",
    "A guess is fine, and we can build on it. What do you think?",
    "Your own try comes first. Which bit can you do already?",
    "It doesn't have to be right yet. What do you think you could do first?",
)

CARRY_ON = (
    "You have had the hints, so try the next bit yourself. What do you get for {p}?",
    "Use the last hint and have a go at {p}. How far do you get?",
    "Let's put the hints together for {p}. What comes first?",
    "You know enough for a try at {p}. What would you write down?",
    "A guess is fine now. What do you think {p} comes to?",
    "Take your time with {p}, and tell me any part of it. Which part can you do?",
)
CARRY_ON_PLAIN = (
    "You have had the hints, so try the next bit yourself. What do you get?",
    "Use the last hint and have a go. How far do you get?",
    "Let's put the hints together. What comes first?",
    "You know enough for a try. What would you write down?",
    "A guess is fine now. What do you think?",
)

HINT_LEADS = (
    "Here's a hint.",
    "Let's take it in small steps.",
    "Here is something to think about.",
    "This may help.",
    "Here's a clue.",
    "Let's see.",
)
CALM_LEADS = (
    "That's fine.",
    "No problem.",
    "Not to worry.",
    "That's all right.",
    "It's fine to be stuck.",
    "Let's find a way in.",
)
BEGGED_LEADS = (
    "I'd rather help you find it.",
    "You can get there.",
    "Let's find it together.",
    "Working it out helps it stick.",
    "I won't just say it, but this may help.",
)
STEP_LEADS = ("You're on the way.", "Good, keep going.", "That's a useful step.", "Good step.", "Well started.")
NEXT_LEADS = (
    "Here's another hint.",
    "Let's go a little further.",
    "One more clue.",
    "Here is the next hint.",
    "Let's try the next step.",
)
INLINE = ("Here's a hint: ", "Here's a clue: ", "This may help: ", "A hint for you: ")
INLINE_DO = ("Try this: ", "You could ", "A good next step: ", "Now ")
INLINE_ASK = ("Think about this: ", "Ask yourself: ", "Here's a question to help: ")
CLOSERS = (
    "What do you get?",
    "What do you find?",
    "Have a go.",
    "Try that.",
    "Have a go and tell me what you find.",
    "How far do you get?",
    "What do you notice?",
    "Tell me what you get.",
    "What would you write down?",
    "Give it a try.",
)

KIND = (
    "Good try.",
    "Thanks for having a go.",
    "Thank you for showing me your answer.",
    "Good effort.",
    "I can see you're working at it.",
    "Nice try.",
    "Thanks for trying.",
    "You've made a start.",
    "Well done for trying.",
)
NOT_RIGHT = (
    "{a} is not right yet.",
    "{a} isn't quite right.",
    "It isn't {a}, though.",
    "{a} is not the answer yet.",
    "It's not {a}.",
    "{a} isn't it yet.",
    "Not quite: {a} doesn't fit.",
    "{a} doesn't work here.",
    "{a} is not quite it.",
)
NOT_RIGHT_UNSAID = ("That is not right yet.", "That isn't quite it.", "Not quite.", "That's not it yet.")
"""For attempts that are statements of their own: a wrong `3 < 2` is not said again."""
LOOK_AGAIN = (
    "Let's look again.",
    "Have another look.",
    "Let's check one step.",
    "Check this part.",
    "Let's go back one step.",
)

RIGHT = (
    "Yes, {a} is right.",
    "That's right: {a}.",
    "Well done, {a} is right.",
    "Correct, it is {a}.",
    "Yes, that's it: {a}.",
    "{a} is right, well done.",
    "Exactly, {a}.",
    "You've got it: {a}.",
    "Spot on, {a}.",
    "Yes, {a}. Good work.",
    "Right, {a} is correct.",
)
DONE = (
    "It all fits: {s}.",
    "One way to see it: {s}.",
    "Well worked out: {s}.",
    "It checks: {s}.",
    "You can see it here: {s}.",
    "The last step is {s}.",
)
DONE_TWO = (
    "One way to see it: {r}, and then {s}.",
    "It goes {r}, then {s}.",
    "You can check it: {r}, so {s}.",
    "The steps fit: {r}, so {s}.",
)
ANOTHER = (
    "Shall we do another one?",
    "Would you like another one?",
    "How did you work it out?",
    "Ready for the next one?",
    "What shall we do next?",
    "Which one is next?",
    "Do you want to try a harder one?",
    "Which step did you do first?",
)

EXPLAIN_LEADS = (
    "Let's go through it.",
    "Of course.",
    "Here is how it goes.",
    "Let's do it step by step.",
    "Here are the steps.",
    "Let's look at {p} together.",
    "This is one way to do it.",
    "You tried, so let's work it through.",
)
ONE_STEP = ("We can work it out: ", "Here, ", "It goes like this: ", "We have ")
SO = (
    "So the answer is {x}.",
    "So it is {x}.",
    "That gives {x}.",
    "So the answer to {p} is {x}.",
    "The answer is {x}.",
    "And that makes {x}.",
)
MAKES_SENSE = (
    "Does that make sense?",
    "Which step would you like to look at again?",
    "Shall we try another like it?",
    "Is there a step that is not clear?",
    "Would you like to try one like it?",
    "Can you say it back in your own words?",
)

GREET = (
    "Hello. What shall we work on today?",
    "Hi there. Which sum would you like to look at?",
    "Hello, good to see you. What would you like to practise?",
    "Hi. Tell me which problem you are working on.",
    "Hello. I'm ready when you are: what shall we do first?",
    "Hi, I can help with sums, fractions, percentages and more. What are you working on?",
    "Hello there. What maths are you doing today?",
    "Hi, nice to see you. Which problem shall we start with?",
    "Hello. Would you like to type a sum or an equation?",
    "Hi. What would you like help with?",
    "Hello. Send me a maths problem and we can work on it together.",
)
WORK_TOPICS = ("fractions", "homework", "tables", "percentages", "division", "with maths")
GREET_WORK = (
    "Happy to. Which problem shall we start with?",
    "Good, let's do that. Send me the first sum.",
    "Yes, we can do that. What is the first problem?",
    "Let's start. Type the sum you are working on.",
    "Of course. Which one would you like to try first?",
)
GREET_BY = {
    "good morning": ("Good morning. What shall we work on?", "Good morning. Which problem shall we start with?"),
    "morning": ("Good morning. What shall we work on today?",),
    "good afternoon": ("Good afternoon. What are you working on?", "Good afternoon. Which sum shall we look at?"),
    "how are you": (
        "I'm ready to work, thank you. What shall we look at?",
        "Fine, thank you. Which problem are you on?",
    ),
    "who are you": (
        "I'm a small maths tutor, a computer program. What shall we work on?",
        "I'm a computer program that helps with maths. Which sum shall we look at?",
    ),
    "what can you do": (
        "I can help with sums, fractions, percentages, units and simple equations. What are you working on?",
        "I'm a small maths tutor: I give hints and check your answers. Which problem shall we try?",
    ),
    "are you there": ("Yes, I'm here. What shall we work on?",),
    "back": ("Welcome back. What shall we work on?", "Good to see you again. Which problem is next?"),
}

WELCOME = (
    "You're welcome. Shall we go on?",
    "You're welcome, you did the work. What's next?",
    "Glad that helped. Which one shall we do next?",
    "My pleasure. Would you like another one?",
    "You're welcome. Do you want to try the next one?",
    "Glad to help. What shall we look at now?",
    "You're welcome. Ready for the next step?",
)
GOOD = (
    "Good. Shall we go on?",
    "Great, let's keep going. What's next?",
    "Good. What would you like to try next?",
    "Lovely. Ready for the next step?",
    "Good, let's carry on. What do you think comes next?",
    "All right. Shall we carry on?",
    "Good to hear. Which one shall we do now?",
)
PATIENT = (
    "I hear you, and we can go slowly. Shall we try one small step?",
    "It can feel like that, and small steps help. Shall we take the next one?",
    "That's an honest thing to say. Shall we try one easy step together?",
    "Many people find it hard at first, and it gets easier with practice. Shall we try one step?",
    "You have kept going, and that counts. Would you like a hint?",
    "We can take it slowly. Which part feels hardest?",
    "A short break is fine, and then we can go on. Shall we try one more step?",
)
CHECK_AGAIN = (
    "Thank you for telling me. Which step looks wrong to you?",
    "It's good that you check. Which part shall we look at again?",
    "Thanks for saying so. You can press the flag, and we can look at the step together.",
    "It's fine to doubt me. Could you show me your working?",
    "Let's check it together. What did you get?",
    "Good that you ask. Which step should we check?",
    "I can make mistakes. Which part looks different to you?",
)
GOODBYE = (
    "Goodbye, and well done for practising today.",
    "Bye for now. Come back when you like.",
    "See you next time. You worked well.",
    "Goodbye. We can go on whenever you like.",
    "All right, bye for now.",
    "See you soon. Good work today.",
    "Bye, enjoy the rest of your day.",
)
BACK_TO = (
    " Shall we go on with {p}?",
    " What is your next step for {p}?",
    " Shall we look at {p} again?",
    " Let's get back to {p}.",
)

LIMITS = (
    "I'm a small maths tutor, so I don't know about that.",
    "That's outside what I know.",
    "I'm sorry, that is not something I know about.",
    "I only know primary maths, so I can't help with that.",
    "That's beyond me: I'm a small maths tutor.",
    "I can't answer that one honestly, because I only know a little maths.",
    "I don't know about that, as I'm only a small maths tutor.",
)
SOMEONE = (
    "A teacher or someone at home could help, or a bigger model.",
    "You could ask a grown-up, or use a bigger model.",
    "A person you know, a book or a bigger model may know.",
    "Please ask your teacher, or try a bigger model.",
    "Someone at home or a bigger model could tell you more.",
    "A teacher would be a good person to ask, and a bigger model may help too.",
)
BACK_TO_MATHS = (
    "Do you have a sum we could look at?",
    "Shall we do some maths?",
    "Is there a maths problem I can help with?",
    "Shall we go back to the maths?",
    "Would you like to work on a sum instead?",
)
UNREAD = (
    "I can't read that kind of problem yet.",
    "That problem is outside what I can work out.",
    "I'm a small maths tutor, and that one is too hard for me.",
    "I don't know how to do that kind yet.",
    "I can't work that one out honestly.",
)
AS_A_SUM = (
    "If you can write it as a sum with numbers, I can help.",
    "Can you write it as a sum for me?",
    "Which sum do you think it needs?",
    "You could tell me just the sum, and we can work on that.",
)
