"""What an exported file writes in llama.cpp, on problems and wordings it never read, and what is wrong with it."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from tutor.domain import Frozen, Generation, Move
from tutor.tutoring.brief import noted, steps
from tutor.workshop.writing.conversations import Talk, Turn, messages
from tutor.workshop.writing.replies import sayable, word_count

MOVES = (
    Move.GREET,
    Move.ACKNOWLEDGE,
    Move.ASK_ATTEMPT,
    Move.HINT,
    Move.DIAGNOSE,
    Move.CONFIRM,
    Move.EXPLAIN,
    Move.REDIRECT,
    Move.SET_UP,
    Move.ADVISE,
)
SECRET = (Move.ASK_ATTEMPT, Move.HINT, Move.DIAGNOSE)
"""Moves that must not say the answer."""

WRONG = (
    "a number that is not in the notes",
    "a needed number is missing",
    "a letter that is not in the notes",
    "a step is missing or changed",
    "the answer is missing",
    "says the answer",
)
"""Faults of the maths, not of the wording."""

SEED = 2026
"""Of the sampler."""

LIMIT = 160
"""Tokens; a reply that needs more has not ended by itself."""

_NUMBER = re.compile(r"\d+(?:[.,/]\d+)*")
_HONEST = re.compile(r"don't know|do not know|outside|only know|can't|beyond me|not something|too hard", re.I)
_ELSEWHERE = re.compile(r"teacher|grown-up|at home|person|book|bigger model", re.I)
_LETTER = re.compile(r"(?<![A-Za-z'’£])[b-hj-z](?![A-Za-z'’])")
"""An unknown, as in 3x or x = 4."""


class Judged(Frozen):
    """One generated reply and what is wrong with it (nothing, if it is good)."""

    move: Move
    kind: str
    depth: int
    """Turns before this one."""
    words: str
    notes: str
    reply: str
    faults: tuple[str, ...]


def numbers(text: str) -> Counter[str]:
    return Counter(_NUMBER.findall(text))


def needed(turn: Turn) -> str:
    """The part of the notes whose numbers the reply must hold."""
    line = {Move.HINT: "Hint", Move.DIAGNOSE: "Check", Move.SET_UP: "Ask", Move.ADVISE: "Tip"}.get(turn.move)
    if line is not None:
        return noted(turn.notes, line)
    if turn.move is Move.CONFIRM:
        return turn.attempt if sayable(turn.attempt) else ""
    if turn.move is Move.EXPLAIN:
        return noted(turn.notes, "Steps") + " " + noted(turn.notes, "Answer")
    return ""


def _passes_on(reply: str, given: str) -> bool:
    """Whether most words of a question or tip are in the reply."""
    wanted, there = (re.findall(r"[a-z]{3,}", text.lower()) for text in (given, reply))
    return sum(word in there for word in wanted) >= 0.8 * len(wanted)


def faults(turn: Turn, reply: str, *, ended: bool) -> tuple[str, ...]:
    """Everything wrong with a reply, by name."""
    found = []
    said = numbers(reply)
    if set(said) - set(numbers(turn.words + "\n" + turn.notes)):
        found.append("a number that is not in the notes")
    if set(numbers(needed(turn))) - set(said):
        found.append("a needed number is missing")
    if {*_LETTER.findall(reply)} - {*_LETTER.findall(turn.words + "\n" + turn.notes)}:
        found.append("a letter that is not in the notes")
    if turn.move is Move.EXPLAIN and not all(step.lower() in reply.lower() for step in steps(turn.notes)):
        found.append("a step is missing or changed")
    if turn.move in (Move.SET_UP, Move.ADVISE) and not _passes_on(reply, needed(turn)):
        found.append("what the notes ask for is not said")
    if turn.move in SECRET and set(numbers(turn.answer)) & set(said) - set(numbers(turn.words + turn.notes)):
        found.append("says the answer")
    if turn.move is Move.EXPLAIN and turn.answer.lower() not in reply.lower():
        found.append("the answer is missing")
    if turn.move is Move.REDIRECT and not (_HONEST.search(reply) and _ELSEWHERE.search(reply)):
        found.append("does not say so honestly")
    if reply.count("?") > 1 + turn.notes.count("?"):
        found.append("more than one question")
    words = reply.split()
    if any(n > 1 for n in Counter(tuple(words[i : i + 6]) for i in range(len(words) - 5)).values()):
        found.append("repeats itself")
    if not ended or not reply or "[" in reply or "<|" in reply:
        found.append("does not end well")
    if "!" in reply:
        found.append("exclamation mark")
    return tuple(found)


def answer(llama: Any, chat: Sequence[dict[str, str]], settings: Generation, *, seed: int = SEED) -> tuple[str, bool]:
    """The model's reply by its own chat template, and whether it ended by itself.

    A conversation that is longer than the context loses its earliest exchanges, as in the program; where even the last
    message does not fit there is no reply.
    """
    said = list(chat)
    first = 1 if said and said[0]["role"] == "system" else 0
    while True:
        try:
            result = llama.create_chat_completion(
                messages=said,
                max_tokens=LIMIT,
                temperature=settings.temperature,
                top_k=settings.top_k,
                top_p=settings.top_p,
                min_p=settings.min_p,
                repeat_penalty=settings.repeat_penalty,
                seed=seed,
            )
        except ValueError as error:
            if "context window" not in str(error):
                raise
            if len(said) - first < 3:
                return "", False
            del said[first : first + 2]
            continue
        choice = result["choices"][0]
        return choice["message"]["content"].strip(), choice["finish_reason"] == "stop"


class Asked(Frozen):
    """One turn of a held-out conversation, to be answered with the held-out history before it."""

    talk: str
    """The conversation's name."""
    chat: list[dict[str, str]]
    """Everything up to the learner's words, in the form that a model reads."""
    turn: Turn
    depth: int


def asked(talks: Iterable[tuple[str, Talk]], *, each: int) -> list[Asked]:
    """The first turns of named conversations, `each` of every move."""
    left = dict.fromkeys(MOVES, each)
    found: list[Asked] = []
    for name, talk in talks:
        if not any(left.values()):
            break
        chat = messages(talk)
        first = 1 if talk.system else 0
        for depth, turn in enumerate(talk.turns):
            if left.get(turn.move):
                left[turn.move] -= 1
                found.append(Asked(talk=name, chat=chat[: first + 2 * depth + 1], turn=turn, depth=depth))
    return found


def judged(llama: Any, chat: list[dict[str, str]], turn: Turn, depth: int, settings: Generation) -> Judged:
    """The model's reply to the end of a chat, with its faults."""
    reply, ended = answer(llama, chat, settings)
    return Judged(
        move=turn.move,
        kind=turn.kind,
        depth=depth,
        words=turn.words,
        notes=turn.notes,
        reply=reply,
        faults=faults(turn, reply, ended=ended),
    )


def rolled(llama: Any, talk: Talk, settings: Generation) -> list[Judged]:
    """A whole conversation with the model's own replies as history."""
    chat = [{"role": "system", "content": talk.system}] if talk.system else []
    found = []
    for depth, turn in enumerate(talk.turns):
        chat.append(messages(Talk(system="", turns=(turn,)))[0])
        found.append(judged(llama, chat, turn, depth, settings))
        chat.append({"role": "assistant", "content": found[-1].reply})
    return found


def figures(judged: list[Judged]) -> dict[str, Any]:
    """Shares of good replies a move, faults by name, length, variety."""
    table: dict[str, Any] = {}
    for move in MOVES:
        of_move = [j for j in judged if j.move is move]
        if not of_move:
            continue
        lengths = [word_count(j.reply) for j in of_move]
        table[move.value] = {
            "replies": len(of_move),
            "good": round(sum(not j.faults for j in of_move) / len(of_move), 4),
            "numbers_right": round(sum(not any(f in WRONG for f in j.faults) for j in of_move) / len(of_move), 4),
            "words_mean": round(sum(lengths) / len(lengths), 1),
            "words_most": max(lengths),
            "different_replies": round(len({j.reply for j in of_move}) / len(of_move), 3),
            "faults": dict(Counter(f for j in of_move for f in j.faults)),
        }
    return table


def report(
    by_default: list[Judged], greedily: list[Judged], in_talks: Sequence[Sequence[Judged]], tasks: dict[str, Any]
) -> dict[str, Any]:
    """What `evaluation.json` holds: single replies with the program's settings and greedily, whole conversations, and
    the figures of `tasks_measure`."""
    turns = [j for talk in in_talks for j in talk]
    return {
        "settings": "the program's defaults: temperature 0.3, top-k 40, top-p 0.95, min-p 0.05, repeat penalty 1.05",
        "moves": figures(by_default),
        "good": _good(by_default),
        "greedy": {"good": _good(greedily), "moves": figures(greedily)},
        "whole_conversations": {
            "conversations": len(in_talks),
            "turns": len(turns),
            "good_turns": _good(turns),
            "faults": dict(Counter(f for j in turns for f in j.faults)),
        },
        "tasks": tasks,
    }


def _good(judged: Sequence[Judged]) -> float | None:
    """Share without any fault, where there are replies."""
    return round(sum(not j.faults for j in judged) / len(judged), 4) if judged else None
