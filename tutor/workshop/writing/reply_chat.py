"""The wordings of the tutor's replies to greetings, thanks, moans and what it does not know."""

HELLOS = ("Hello.", "Hi there.", "Hello, good to see you.", "Hi.", "Hello there.", "Hi, nice to see you.")
GREET = (
    "What maths shall we work on today?",
    "Which sum would you like to look at first?",
    "What would you like to practise with me today?",
    "Tell me which problem you are working on.",
    "I'm ready when you are: what shall we do first?",
    "I can help with sums, fractions, percentages and more. What are you working on?",
    "Which problem shall we start with today?",
    "Would you like to type a sum or an equation?",
    "What would you like some help with today?",
    "Send me a maths problem and we can work on it together.",
    "What are you learning in maths at the moment?",
)
WORK_TOPICS = ("fractions", "homework", "tables", "percentages", "division", "with maths", "some maths", "sums", "test",
               "practise")  # fmt: skip
GREET_WORK = (
    "Happy to help with that. Which problem shall we start with?",
    "Good, let's do that together. Send me the first sum.",
    "Yes, we can do that. What is the first problem?",
    "Let's start right away. Type the sum you are working on.",
    "Of course we can. Which one would you like to try first?",
    "Good plan. Type the first one, and we will go step by step.",
)
GREET_BY = {
    "good morning": ("Good morning. What shall we work on today?", "Good morning. Which problem shall we start with?"),
    "morning": ("Good morning. What shall we work on today?", "Good morning. Which sum would you like to begin with?"),
    "evening": (
        "Good evening. Which problem shall we look at together?",
        "Good evening. What maths is left to do today?",
    ),
    "good afternoon": (
        "Good afternoon. What maths are you working on?",
        "Good afternoon. Which sum shall we look at first?",
    ),
    "how are you": (
        "I'm ready to work, thank you. What shall we look at?",
        "Fine, thank you, and ready to go. Which problem are you on?",
    ),
    "who are you": (
        "I'm a small maths tutor, a computer program. What shall we work on?",
        "I'm a computer program that helps with maths. Which sum shall we look at?",
    ),
    "what can you do": (
        "I can help with sums, fractions, percentages, units and simple equations. What are you working on?",
        "I'm a small maths tutor: I give hints and check your answers. Which problem shall we try?",
    ),
    "are you there": (
        "Yes, I'm here and ready. What shall we work on?",
        "I'm here. Which problem would you like to do?",
    ),
    "back": ("Welcome back. What shall we work on this time?", "Good to see you again. Which problem is next?"),
    "again": ("Good to see you again. What shall we work on?", "Welcome back. Which problem would you like to do?"),
}
GREET_OPEN = ("Hello again.", "Hi, I'm still here.", "Hello, good to see you.", "Hi there, let's carry on.")

WELCOME = (
    "You're welcome. Shall we go on with the next one?",
    "You're welcome, you did the work. What's next?",
    "Glad that helped you. Which one shall we do next?",
    "My pleasure. Would you like to try another one?",
    "You're welcome. Do you want to try the next one?",
    "Glad to help. What shall we look at now?",
    "You're welcome. Are you ready for the next step?",
    "That's kind of you. What would you like to do now?",
)
GOOD = (
    "Good, I'm glad that is clear. Shall we go on?",
    "Great, let's keep going together. What's next?",
    "Good work so far. What would you like to try next?",
    "Lovely. Are you ready for the next step?",
    "Good, let's carry on. What do you think comes next?",
    "All right, that's settled. Shall we carry on with more?",
    "Good to hear. Which one shall we do now?",
)
PATIENT = (
    "I hear you, and we can go slowly. Shall we try one small step?",
    "It can feel like that, and small steps help. Shall we take the next one?",
    "That's an honest thing to say. Shall we try one easy step together?",
    "Many people find it hard at first, and it gets easier with practice. Shall we try one step?",
    "You have kept going, and that counts. Would you like a hint?",
    "We can take it slowly. Which part feels hardest right now?",
    "A short break is fine, and then we can go on. Shall we try one more step?",
    "Being slow is fine: careful beats quick. Which bit could we do first?",
)
CHECK_AGAIN = (
    "Thank you for telling me. Which step looks wrong to you?",
    "It's good that you check. Which part shall we look at again?",
    "Thanks for saying so. You can press the flag, and we can look at the step together.",
    "It's fine to doubt me. Could you show me your working?",
    "Let's check it together, step by step. What did you get?",
    "Good that you ask. Which step should we check together?",
    "I can make mistakes. Which part looks different to you?",
    "Let's look at it in another way. Which word or number is unclear?",
)
GOODBYE = (
    "Goodbye, and well done for practising with me today.",
    "Bye for now. Come back whenever you like.",
    "See you next time. You worked well today.",
    "Goodbye. We can go on whenever you like.",
    "All right, bye for now, and enjoy your day.",
    "See you soon. That was good work today.",
    "Bye, and enjoy the rest of your day.",
)
SORRY = (
    "I'm sorry this is annoying. Shall we try one small step together?",
    "I hear that you are cross. Would an easier step help?",
    "That's all right, some days are like that. Shall we try one small thing?",
    "I would like to help more. Which part is making you cross?",
    "Let's make it better together. What would help you most right now?",
)
BACK_TO = (
    "Shall we go on with {p}?",
    "What is your next step for {p}?",
    "Shall we look at {p} again?",
    "Let's get back to {p}.",
    "Where were you with {p}?",
)
BACK_PLAIN = ("Shall we go on with our problem?", "Let's get back to our problem.", "What would be your next step?")

LIMITS = (
    "I'm a small maths tutor, so I don't know about that.",
    "That's outside what I know, because I only do maths.",
    "I'm sorry, that is not something I know about.",
    "I only know some school maths, so I can't help with that.",
    "That's beyond me: I'm a small maths tutor.",
    "I can't answer that one honestly, because I only know a little maths.",
    "I don't know about that, as I'm only a small maths tutor.",
    "That is outside what I can do: I'm a small tutor for maths.",
    "I don't know, and I would rather not guess: I only know some maths.",
)
LIMITS_ABOUT_ME = (
    "I'm a computer program, a small maths tutor, and I only know some maths.",
    "I'm not a person but a small maths tutor, so that is outside what I know.",
    "I'm only a small maths tutor, a computer program, so I can't say much about that.",
)
LIMITS_LANGUAGE = (
    "I only know English and a little maths, so I can't help with that.",
    "I'm a small maths tutor and I only know English.",
    "That is outside what I know: I'm a small maths tutor, and only in English.",
)
LIMITS_NONSENSE = (
    "I don't know what that means, as I'm only a small maths tutor.",
    "I can't make sense of that: I only know some maths.",
    "I don't know how to read that, because I'm a small maths tutor.",
)
LIMITS_BARE = (
    "I can't tell which problem that answer belongs to.",
    "I don't know which problem that is for.",
    "I can't check that yet, because I don't know the problem.",
)
LIMITS_MATHS = (
    "I'm a small maths tutor, and that is beyond me for now.",
    "That is outside what I can work out: I'm a small tutor.",
    "I can't work that one out honestly, because I only know some maths.",
    "I only know a part of school maths, and that is outside it.",
    "That's too hard for me: I'm only a small maths tutor.",
)
SOMEONE = (
    "A teacher or someone at home could help, or a bigger model.",
    "You could ask a grown-up, or use a bigger model.",
    "A person you know, a book or a bigger model may know.",
    "Please ask your teacher, or try a bigger model.",
    "Someone at home or a bigger model could tell you more.",
    "A teacher would be a good person to ask, and a bigger model may help too.",
    "Your teacher may know, and so may a bigger model.",
)
BACK_TO_MATHS = (
    "Do you have a sum we could look at?",
    "Shall we do some maths?",
    "Is there a maths problem I can help with?",
    "Would you like to work on a sum instead?",
    "Which sum shall we try?",
)
AS_A_SUM = (
    "If you can write it as a sum with numbers, I can help.",
    "Can you write it as a sum for me?",
    "You could tell me just the sum, and we can work on that.",
)
WHOLE_PROBLEM = (
    "Could you type the whole problem for me?",
    "Send me the problem with it, and we can check it together.",
    "What was the question it belongs to?",
)
