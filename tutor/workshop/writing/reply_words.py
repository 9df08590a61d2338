"""The wordings of the tutor's replies about a problem, table by table: what `replies` chooses from."""

IMPERATIVES = frozenset((
    "Add", "Break", "Build", "Count", "Cut", "Divide", "Draw", "Find", "Imagine", "Line", "List", "Make", "Multiply",
    "Put", "Split", "Start", "Take", "Turn", "Undo", "Use", "Work", "Write",
))  # fmt: skip
"""What a learner could do next: such a hint can follow "Try this: "."""

QUESTION_WORDS = frozenset((
    "Are", "Can", "Could", "Do", "Does", "How", "Is", "What", "Where", "Which", "Who", "Why",
))  # fmt: skip

ASK_ATTEMPT = (
    "Let's look at {p} together. What would you try first?",
    "Have a first go at {p}. What would you do to begin?",
    "Before I help, have a try at {p}. What is your first step?",
    "Let's start with what you know. How would you begin {p}?",
    "You first: how would you start {p}, and why?",
    "What do you think you could do first for {p}?",
    "Have a go at {p} and tell me what you get. A guess is fine.",
    "Try {p} on your own first, and tell me how far you get.",
    "Good one to practise. What is your first idea for {p}?",
    "I'd like to see your thinking first. How would you begin {p}?",
    "Let's work on {p}. Which part would you do first?",
    "Give {p} a try first. What do you get, roughly?",
    "We can do {p} one step at a time. What comes first?",
    "What do you notice about {p}? Tell me your first step.",
    "All right, {p}. What would be a good way to start?",
    "Happy to help with {p}. What have you tried so far?",
    "Take a moment with {p}. What would you do first?",
    "Let's try {p}. Tell me what you think the first step is.",
    "Pencil and paper ready? Write down {p} and try the first step.",
    "Have you met one like {p} before? Tell me how you would start.",
    "Let's see {p}. Which part of it looks easy to you?",
    "We'll get there together. What could you do first with {p}?",
    "Good question. Try {p} your own way, and show me what you get.",
    "Start {p} in any way you like, and tell me your first step.",
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
    "I can see you want to be done. One try at {p} gets us going: what is your guess?",
    "Telling you would not help you with the next one. What can you do first for {p}?",
    "Any start will do, even a wrong one. What would you write down for {p}?",
    "I'm on your side, so I'd like you to find it. How could {p} begin?",
    "We are closer than you think. What do you know about {p} already?",
    "That is yours to find, and I'll help with every step. Where would you start {p}?",
)

TO_CLAIMS = (
    "Whoever is asking, I start with a try. What would be the first step for {p}?",
    "My rule is the same for everyone: a try first. How would you begin {p}?",
    "I can't check that, so I stay with the steps. What would you do first for {p}?",
    "That may be so, but I still ask for a try first. What is your idea for {p}?",
    "I work the same way with everyone. Which part of {p} could you do first?",
)
TO_CLAIMS_PLAIN = (
    "Whoever is asking, I start with a try. What would be the first step?",
    "My rule is the same for everyone: a try first. How would you begin?",
    "I can't check that, so I stay with the steps. What would you do first?",
    "That may be so, but I still ask for a try first. What is your idea?",
)

TASK_WORDS = frozenset((
    "simplify", "round", "increase", "decrease", "compare", "share", "find", "write", "work", "convert", "divide",
    "list",
))  # fmt: skip
ASK_TASK = (
    "Let's {p} together. What would you try first?",
    "How would you {p}? Tell me your first step.",
    "Before I help, have a try: {p}. What do you get?",
    "You first: how would you {p}, and why?",
    "To {p}, what would you do first, do you think?",
    "Have a go, and tell me how far you get: {p}.",
    "What do you think is the first step to {p}?",
    "We can {p} one step at a time. What comes first?",
    "Try to {p} in your own way, and show me what you get.",
)
ASK_QUESTION = (
    "Have a think first, and tell me why: {p}",
    "What do you think, and how do you know: {p}",
    "You first: {p} A guess is fine.",
    "Let's hear your idea first: {p}",
    "Before I help, have a try yourself: {p}",
    "Tell me what you think, and why: {p}",
    "Let's start with your idea, even a guess: {p}",
)
ASK_STORY = (
    "Read the story once more. Which numbers would you use first, and what for?",
    "Let's see the story as a picture. What happens first in it?",
    "Let's hear your first idea, even a guess: {p}",
    "What is the very first thing you would do in this story?",
    "Before I help, have a try yourself: {p}",
    "Tell me your first step, even a guess: {p}",
    "Let's think about the story. Would you add, take away, multiply or share first?",
    "You first: which sum would you write down for this story?",
    "Have a go, and show me your working: {p}",
)
ASK_AGAIN_PLAIN = (
    "I won't just say it, because working it out is how it sticks. What would you try first?",
    "Have a try first, and then I can help. What is your first step?",
    "A guess is fine, and we can build on it. What do you think?",
    "Your own try comes first. Which bit can you do already?",
    "It doesn't have to be right yet. What do you think you could do first?",
    "Telling you would not help you with the next one. What could you do first?",
    "Any start will do, even a wrong one. What would you write down?",
    "I'm on your side, so I'd like you to find it. How could it begin?",
)

CARRY_ON = (
    "You have had the hints, so try the next bit yourself. What do you get for {p}?",
    "Use the last hint and have a go at {p}. How far do you get?",
    "Let's put the hints together for {p}. What comes first?",
    "You know enough for a try at {p}. What would you write down?",
    "A guess is fine now. What do you think {p} comes to?",
    "Take your time with {p}, and tell me any part of it. Which part can you do?",
    "The hints have it all, so be brave. What is your try at {p}?",
)
CARRY_ON_PLAIN = (
    "You have had the hints, so try the next bit yourself. What do you get?",
    "Use the last hint and have a go. How far do you get?",
    "Let's put the hints together, one by one. What comes first?",
    "You know enough for a try now. What would you write down?",
    "A guess is fine now, right or wrong. What do you think?",
)

HINT_LEADS = (
    "Here's a hint.", "Let's take it in small steps.", "Here is something to think about.", "This may help.",
    "Here's a clue.", "Good that you ask.", "Happy to help a bit.", "Let's find a way in.",
)  # fmt: skip
CALM_LEADS = (
    "That's fine.", "Never mind.", "Not to worry.", "That's all right.", "It's fine to be stuck.",
    "Let's find a way in.", "Being stuck is where learning starts.", "We can take it slowly.", "Let's make it smaller.",
)  # fmt: skip
BEGGED_LEADS = (
    "I'd rather help you find it.", "You can get there.", "Let's find it together.", "Working it out helps it stick.",
    "I won't just say it, but this may help.", "You're closer than you think.", "I know, it's tempting.",
)  # fmt: skip
STEP_LEADS = (
    "You're on the way.", "Good, keep going.", "That's a useful step.", "Good step.", "Well started.",
    "Yes, that helps.", "Good thinking so far.",
)  # fmt: skip
NEXT_LEADS = (
    "Here's another hint.", "Let's go a little further.", "One more clue.", "Here is the next hint.",
    "Let's try the next step.", "A bit more, then.",
)  # fmt: skip
INLINE = ("Here's a hint: ", "Here's a clue: ", "This may help: ", "A hint for you: ", "Something to use: ")
INLINE_DO = ("Try this: ", "You could ", "A good next step: ", "One way in: ")
INLINE_ASK = ("Think about this: ", "Ask yourself: ", "Here's a question to help: ")
CLOSERS = (
    "What do you get?", "What do you find?", "Have a go.", "Try that.", "Have a go and tell me what you find.",
    "How far do you get?", "What do you notice?", "Tell me what you get.", "What would you write down?",
    "Give it a try.", "Can you do that bit?", "What does that give you?",
)  # fmt: skip

NOT_RIGHT = (
    "Good try, but {a} is not right yet.",
    "{a} isn't quite right.",
    "{a} is not the answer yet.",
    "{a} isn't it yet.",
    "Nice try, but {a} doesn't work here.",
    "I can see you worked at it. {a} is not quite it.",
    "Thank you for showing me. {a} is not right yet.",
    "Hmm, {a} is not right yet.",
    "{a} is not quite there.",
    "You've made a start, but {a} isn't right.",
)
NOT_RIGHT_NUMBER = (
    "Thanks for having a go, but it isn't {a}.",
    "It's not {a}, though you are working well.",
    "Not quite: {a} doesn't fit.",
    "Not {a}, but well done for trying.",
    "Good effort. It isn't {a}, though.",
)
"""For attempts without an equals sign: the program's checks would read `it isn't x = 4` as a claim."""
NOT_RIGHT_UNSAID = (
    "That is not right yet.", "Good try, but that isn't quite it.", "Not quite, but well done for trying.",
    "That's not it yet.", "Thanks for having a go. That isn't right yet.", "Good effort, but not quite.",
)  # fmt: skip
"""For attempts that are statements of their own: a wrong `3 < 2` is not said again."""
LOOK_AGAIN = (
    "Let's look again.", "Have another look.", "Let's check one step.", "Check this part.", "Let's go back one step.",
    "Let's find the slip.",
)  # fmt: skip

RIGHT = (
    "Yes, {a} is right.",
    "That's right: {a}.",
    "Well done, {a} is right.",
    "Correct, it is {a}.",
    "Yes, that's it: {a}.",
    "{a} is right, well done.",
    "Exactly, {a} is right.",
    "You've got it: {a} is right.",
    "Spot on, {a} is right.",
    "Yes, {a}. Good work.",
    "Right, {a} is correct.",
    "Yes, you found it: {a} is right.",
    "{a} is right, and you got there yourself.",
)
RIGHT_UNSAID = ("Yes, that is right.", "Well done, that's right.", "Correct, good work.", "That's right, well done.")
DONE = (
    "It all fits: {s}.",
    "One way to see it: {s}.",
    "Well worked out: {s}.",
    "It checks: {s}.",
    "You can see it here: {s}.",
    "The last step is {s}.",
    "Your working holds: {s}.",
)
DONE_TWO = (
    "One way to see it: {r}, and then {s}.",
    "It goes {r}, then {s}.",
    "You can check it: {r}, then {s}.",
    "The steps fit: {r}, then {s}.",
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
    "What helped you most?",
    "Could you teach that to a friend?",
)
