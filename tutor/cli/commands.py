"""The commands inside the terminal chat: /new /lesson /list /open /retry /edit /right /wrong /flag /teacher …"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tutor.cli.render import visible
from tutor.domain import Message, Role
from tutor.i18n import tr
from tutor.wording import people
from tutor.wording.items import in_words

if TYPE_CHECKING:
    from tutor.cli.chat import Chat

CATEGORIES = ("wrong", "confusing", "unsafe", "unfair", "off_lesson", "level", "other")


def category_words(category: str) -> str:
    words = {
        "wrong": tr("it is wrong"),
        "confusing": tr("it is confusing"),
        "unsafe": tr("it is not safe"),
        "unfair": tr("it is unfair"),
        "off_lesson": tr("it is not about the lesson"),
        "level": tr("it is too hard or too easy"),
        "other": tr("something else"),
    }
    return words[category]


class Commands:
    """Runs one `/word rest` at a time for a `Chat`."""

    def __init__(self, chat: "Chat") -> None:
        self._chat = chat
        self.left = False
        self._known: dict[str, tuple[Callable[[str], None], str]] = {
            "new": (self._new, tr("begin a new conversation")),
            "lessons": (self._lessons, tr("the lessons that are there")),
            "lesson": (self._lesson, tr("begin a lesson of the list: /lesson 1")),
            "try": (self._try, tr("ask a question of the lesson: /try 1")),
            "list": (self._list, tr("your conversations, newest first")),
            "open": (self._open, tr("open one of the list: /open 2")),
            "retry": (self._retry, tr("have the last question answered again")),
            "edit": (self._edit, tr("ask the last question in other words: /edit What is 3/4 + 1/8?")),
            "right": (self._right, tr("say that the last answer was right")),
            "wrong": (self._wrong, tr("say that the last answer was not right, and what would be")),
            "flag": (self._flag, tr("say that the last answer is not right")),
            "teacher": (self._teacher, tr("put your question to your teacher: /teacher I do not see why")),
            "survey": (self._survey, tr("answer the two questions when they are asked: /survey 4 5")),
            "privacy": (self._privacy, tr("what happens with your words")),
            "help": (self._help, tr("this list")),
            "quit": (self._quit, tr("leave; everything is kept")),
        }

    def run(self, line: str) -> None:
        word, _, rest = line[1:].partition(" ")
        known = self._known.get(word.lower())
        if known is None:
            self._chat.terminal.say(tr("There is no /{word}. /help lists what there is.", word=word))
            return
        known[0](rest.strip())

    def _privacy(self, _: str) -> None:
        for line in self._chat.session.privacy():
            self._say(line)

    def _say(self, text: str) -> None:
        self._chat.terminal.say(text)

    def _last(self, role: Role) -> Message | None:
        """The last message of the branch shown; says so when there is none."""
        of_role = [m for m in self._chat.session.messages() if m.role is role]
        if not of_role:
            self._say(tr("There is no message yet. Write your question."))
        return of_role[-1] if of_role else None

    def _new(self, _: str) -> None:
        self._chat.session.new()
        self._say(tr("A new conversation. The old one is kept: /list"))

    def _lesson(self, rest: str) -> None:
        lessons = self._chat.session.offered()
        if rest.isdecimal() and 1 <= int(rest) <= len(lessons):
            lesson = lessons[int(rest) - 1]
            self._chat.session.new(lesson.version_id)
            self._say(visible(lesson.off or tr("{title}. Write your question.", title=lesson.title)))
            self._questions()
            return
        self._lessons("")

    def _questions(self) -> None:
        """The items of the lesson that is followed, to be tried by number."""
        lesson = self._chat.session.lesson
        for number, item in enumerate(lesson.items if lesson is not None else (), start=1):
            self._say(visible(f"  {number}  {' '.join(in_words(item).split())}"))

    def _try(self, rest: str) -> None:
        lesson = self._chat.session.lesson
        items = lesson.items if lesson is not None else ()
        if not items:
            self._say(tr("This is no lesson with questions. /lessons lists what there is."))
        elif rest.isdecimal() and 1 <= int(rest) <= len(items):
            self._chat.turn(self._chat.session.ask(in_words(items[int(rest) - 1])))
        else:
            self._say(tr("Which one?"))
            self._questions()

    def _lessons(self, _: str) -> None:
        lessons = self._chat.session.offered()
        if not lessons:
            self._say(tr("There is no lesson for you yet. You can ask your own questions."))
        for number, lesson in enumerate(lessons, start=1):
            mark = " *" if lesson.is_set else ""
            self._say(visible(f"  {number}  {lesson.title}{mark}  {lesson.summary}"))
        if any(lesson.is_set for lesson in lessons):
            self._say(tr("* set by your teacher"))

    def _list(self, _: str) -> None:
        conversations = self._chat.session.conversations()
        if not conversations:
            self._say(tr("No conversation yet."))
        new, school = self._chat.session.unread_answers(), self._chat.session.at_school
        for number, conversation in enumerate(conversations, start=1):
            mark = f" ({people.new_answer(school=school)})" if conversation.id in new else ""
            self._say(f"  {number}  {conversation.title}{mark}")

    def _open(self, rest: str) -> None:
        conversations = self._chat.session.conversations()
        if not (rest.isdecimal() and 1 <= int(rest) <= len(conversations)):
            self._say(tr("Which one? /list shows the numbers."))
            return
        self._chat.session.open(conversations[int(rest) - 1].id)
        for message in self._chat.session.messages():
            mark = "> " if message.role is Role.LEARNER else ""
            self._say(mark + visible(message.text))
        self._chat.show_remarks()
        self._chat.session.read_answers()

    def _retry(self, _: str) -> None:
        last = self._last(Role.TUTOR)
        if last is not None:
            self._chat.turn(self._chat.session.regenerate(last.id))

    def _edit(self, rest: str) -> None:
        last = self._last(Role.LEARNER)
        if last is None:
            return
        words = rest or self._chat.ask_line(tr("Your question in other words: "))
        if words:
            self._chat.turn(self._chat.session.edit(last.id, words))

    def _right(self, _: str) -> None:
        self._say_of("right")

    def _wrong(self, _: str) -> None:
        if self._say_of("not_right"):
            self._flag("1")

    def _say_of(self, said: str) -> bool:
        """What the learner says of the last answer, asked about or not. False when there is none."""
        last = self._last(Role.TUTOR)
        if last is None:
            return False
        self._chat.session.say_of(last.id, said)
        if said == "right":
            self._chat.session.rate(last.id, 1)
            self._say(tr("Thank you."))
        return True

    def _flag(self, rest: str) -> None:
        last = self._last(Role.TUTOR)
        if last is None:
            return
        for number, category in enumerate(CATEGORIES, start=1):
            self._say(f"  {number}  {category_words(category)}")
        chosen = rest or self._chat.ask_line(tr("What is wrong with it? Number: "))
        if not (chosen.isdecimal() and 1 <= int(chosen) <= len(CATEGORIES)):
            self._say(tr("Nothing was sent. /flag 1 says that it is wrong."))
            return
        what = self._chat.ask_line(tr("What exactly? (Enter leaves it out) "))
        better = self._chat.ask_line(tr("What would be right? (Enter leaves it out) "))
        if self._chat.session.flag(last.id, CATEGORIES[int(chosen) - 1], what, better) is not None:
            self._say(tr("Thank you. A grown-up will look at it."))

    def _teacher(self, rest: str) -> None:
        session = self._chat.session
        last = self._last(Role.TUTOR)
        if last is None or not session.has_teacher:
            return
        note = rest or self._chat.ask_line(tr("What should they know? (Enter leaves it out) "))
        session.put_to_teacher(last.id, note)

    def _survey(self, rest: str) -> None:
        said = rest.split()
        if len(said) != 2 or not all(each in ("1", "2", "3", "4", "5") for each in said):
            self._say(tr("Two numbers from 1 to 5, such as: /survey 4 5"))
        elif self._chat.survey_open:
            self._chat.survey_open = False
            self._chat.session.answer_survey(int(said[0]), int(said[1]))
            self._say(tr("Thank you."))
        else:
            self._say(tr("Nothing is asked now."))

    def _help(self, _: str) -> None:
        for word, (_run, meaning) in self._known.items():
            self._say(f"  /{word:7} {meaning}")

    def _quit(self, _: str) -> None:
        self.left = True
