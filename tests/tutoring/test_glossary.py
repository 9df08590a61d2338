"""Maths words: what people wrote about them is right and short, and comes where the word is asked for, only there."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tutor.domain import Intent, Lesson, MathsStatus, Move, TutoringState
from tutor.engine.copying import Copying
from tutor.tutoring import brief, glossary, lesson_policy
from tutor.tutoring.checks import check_sentence
from tutor.tutoring.facts import facts_in
from tutor.tutoring.policy import Plan, decide, fallback
from tutor.tutoring.reveals import reveals_answer

ASKINGS = tomllib.loads(Path(__file__).with_name("glossary_askings.toml").read_text(encoding="utf-8"))
TOKENS = re.compile(r"\d| ?[A-Za-z]+|\s(?=\d)|.|\n", re.DOTALL)
SUM = TutoringState(problem=facts_in("3 + 4")[0], attempts=1, rung=1)


def texts() -> Iterator[str]:
    for term in glossary.terms():
        yield glossary.spoken(term)[0]
        if term.use:
            yield glossary.spoken(term, use=True)[0]


def plan(words: str, state: TutoringState = SUM, intent: Intent = Intent.ASKS_EXPLANATION) -> Plan:
    return decide(words, intent=intent, facts=facts_in(words), state=state, scope="primary-maths")


def share(kind: str) -> float:
    found: list[bool] = [
        (asked := glossary.asked_for(words)) is not None and asked[0].words[0] == name
        for name, wordings in ASKINGS[kind].items()
        for words in wordings
    ]
    return sum(found) / len(found)


def test_there_are_words_of_every_kind_and_none_stands_for_two_terms() -> None:
    wordings = [word for term in glossary.terms() for word in term.words]
    assert len(glossary.terms()) >= 90 and len(set(wordings)) == len(wordings)
    assert all(word == word.lower() for word in wordings)


def test_every_sum_in_what_is_said_is_right_and_could_be_checked() -> None:
    said = [part for term in glossary.terms() for part in (term.says, term.example, term.use) if part]
    statuses = {part: check_sentence(part).status for part in said}
    assert {p for p, s in statuses.items() if s not in (MathsStatus.RIGHT, MathsStatus.NONE)} == set()
    assert sum(status is MathsStatus.RIGHT for status in statuses.values()) >= 25


def test_what_is_said_is_short_and_plain() -> None:
    for text in texts():
        assert 8 <= len(text.split()) <= 40, text
        assert text.endswith(".") and "!" not in text and len(re.findall(r"[.](?: |$)", text)) <= 2, text


def test_a_narrow_model_may_say_every_word_of_it() -> None:
    for text in texts():
        writing = Copying(brief.sums(brief.render(Move.ADVISE, given=text))).after()
        for token in (*TOKENS.findall(text), ""):
            assert writing.allows(token.encode()), (text, writing.text, token)
            writing.add(token.encode())


def test_every_wording_finds_its_term() -> None:
    for term in glossary.terms():
        for word in term.words:
            assert glossary.asked_for(f"what does {word} mean") == (term, False), word


def test_askings_that_the_rule_was_written_without_find_the_term() -> None:
    assert share("fresh") >= 0.9 and share("asked") >= 0.9


@pytest.mark.parametrize("words", ASKINGS["not_asked"]["any"])
def test_other_questions_ask_for_no_word_of_maths(words: str) -> None:
    assert plan(words, TutoringState()).word is False


def test_a_slip_of_the_pen_is_the_term_and_another_word_is_not() -> None:
    for words, name in [("what is a parallellogram", "parallelogram"), ("whats a perimetr", "perimeter")]:
        asked = glossary.asked_for(words)
        assert asked is not None and asked[0].words[0] == name
    assert not any(glossary.asked_for(f"what is {other}") for other in ("friction", "a factory", "addiction", "power"))


def test_a_word_is_explained_while_a_problem_is_open_and_the_problem_stays() -> None:
    explained = plan("what does numerator mean")
    assert (explained.move, explained.word, explained.state, explained.withhold) == (Move.ADVISE, True, SUM, True)
    assert f"Tip: {explained.given}" in explained.notes and "Answer" not in explained.notes
    assert fallback(explained) == f"{explained.given} Shall we go on with 3 + 4?"


def test_what_gives_the_open_problem_away_is_left_out() -> None:
    told, kept = plan("what does sum mean", TutoringState()), plan("what does sum mean")
    assert told.given.startswith(kept.given) and "7" in told.given and "7" not in kept.given
    letter = TutoringState(problem=facts_in("n + 2 = 9")[0])
    for term in glossary.terms():
        for state in (SUM, letter):
            said = plan(f"what does {term.words[0]} mean", state).given
            assert state.problem and not reveals_answer(said, state.problem), said
            assert check_sentence(said, (state.problem,)).status is not MathsStatus.WRONG, said


def test_the_sum_of_an_open_problem_is_asked_for_and_not_the_word() -> None:
    for words in ("what is the sum", "whats the difference", "explain the product", "what is the area"):
        assert not plan(words).word and plan(words, TutoringState()).word
    assert plan("what does the sum mean").word and plan("what is a sum").word


@pytest.mark.parametrize(
    ("problem", "words", "asks"),
    [
        ("first five multiples of 5", "what are the multiples", True),
        ("first five multiples of 5", "what is a multiple", False),
        ("multiples of 3", "what is a times table", False),
        ("multiples of 7", "whats the times table", True),
        ("factors of 12", "what are the factors", True),
        ("factors of 12", "i forgot what factors are", False),
        ("prime factors of 12", "tell me what the prime factors are", True),
        ("HCF of 6 and 9", "what are the common factors", True),
        ("HCF of 6 and 9", "what does common factor mean", False),
        ("LCM of 3 and 4", "what is the common multiple", True),
        ("LCM of 3 and 4", "what is a common multiple", False),
        ("prime numbers below 10", "what are the prime numbers", True),
        ("prime numbers below 10", "what is a prime number", False),
        ("next term in 2, 5, 8, 11", "what is the term", True),
        ("next term in 2, 5, 8, 11", "what does term mean", False),
        ("simplify 6/8", "whats the simplest form", True),
        ("simplify 6/8", "what does simplify mean", False),
    ],
)
def test_an_open_problem_hears_the_definition_alone_and_keeps_its_answer(problem: str, words: str, asks: bool) -> None:
    fact = facts_in(problem)[0]
    told = plan(words, TutoringState(problem=fact, attempts=1, rung=1))
    free = plan(words, TutoringState())
    assert free.word and told.word is not asks
    if not asks:
        found = glossary.asked_for(words)
        assert found is not None and told.given == found[0].says and found[0].example in free.given
        assert plan(words, TutoringState(problem=fact, solved=True)).given == free.given


def test_the_factors_are_a_word_where_no_problem_asks_for_them() -> None:
    assert plan("what are the factors").word and plan("what are the multiples").word


REAL_WORDS = (
    "square foot", "timetable", "time table", "produce", "decree", "old number", "radios", "proposition", "promotions",
    "transactions", "transitions", "translators", "circled", "auditions", "factions", "reelection", "horizontally",
    "a coordinator", "equivalence", "reflective", "old numbers", "decrees", "a square feet", "medial", "parallel park",
)  # fmt: skip


@pytest.mark.parametrize("word", REAL_WORDS)
def test_a_word_of_its_own_is_no_slip_of_a_term(word: str) -> None:
    for asking in (f"what does {word} mean", f"what is {word}", f"define {word}", f"what is a {word}"):
        assert glossary.asked_for(asking) is None, asking


@pytest.mark.parametrize(
    ("words", "name", "part"),
    [
        ("what does squared mean", "squared", "multiplied by itself"),
        ("what is squaring", "squared", "5² = 5 × 5 = 25"),
        ("whats cubed mean", "cubed", "2 × 2 × 2 = 8"),
        ("what does divided mean", "division", "sharing"),
        ("what does divided by mean", "division", "12 ÷ 3 = 4"),
        ("what does multiplied mean", "multiplication", "equal groups"),
        ("what does term mean", "term", "one number of a sequence, or one part of an expression"),
        ("what is a term in a sequence", "term", "In 2, 5, 8 the second term is 5."),
        ("what does simplify mean", "simplify", "To simplify means to write the same in a shorter way."),
        ("what is a square", "square", "four equal sides"),
    ],
)
def test_a_form_of_a_word_is_explained_as_it_is_meant(words: str, name: str, part: str) -> None:
    found = glossary.asked_for(words)
    assert found is not None and found[0].words[0] == name and part in glossary.spoken(found[0])[0]


@pytest.mark.parametrize(
    "word",
    ["oblong", "BODMAS", "BIDMAS", "PEMDAS", "HCF", "GCF", "LCM", "total", "septagon", "indices", "exponents",
     "rectangular prism", "parentheses", "mirror line", "circle graph", "bar graph", "minus number", "mixed fraction"],
)  # fmt: skip
def test_another_name_of_a_term_stands_in_what_is_said_of_it(word: str) -> None:
    for asking in (f"what is {word}", f"what does {word} mean"):
        found = glossary.asked_for(asking)
        assert found is not None and word in found[0].says, asking


def test_a_lesson_in_another_subject_explains_no_word_of_maths() -> None:
    told = {
        subject: lesson_policy.decide(
            "what is a translation",
            lesson=Lesson(key="a", title="Words", subject=subject),
            intent=Intent.ASKS_EXPLANATION,
            facts=(),
            state=TutoringState(),
            now=0.0,
            scope="primary-maths",
        ).plan.word
        for subject in ("maths", "language")
    }
    assert told == {"maths": True, "language": False}


@pytest.mark.parametrize("words", ["what is a product", "what does numerator mean", "i dont know what a product is"])
def test_a_lesson_in_another_subject_helps_with_a_sum_as_if_no_word_were_known(words: str) -> None:
    own = TutoringState(problem=facts_in("12 x 7")[0], attempts=1, rung=1)
    history = Lesson(key="a", title="Rome", subject="history")
    moved = {
        lesson.subject: lesson_policy.decide(
            words, lesson=lesson, intent=Intent.ASKS_EXPLANATION, facts=(), state=own, now=0.0, scope="primary-maths"
        ).plan.move
        for lesson in (history, msgspec.structs.replace(history, subject="maths"))
    }
    assert moved == {"history": Move.HINT, "maths": Move.ADVISE}


def test_distress_and_facts_come_first() -> None:
    assert plan("what is a prime number", intent=Intent.DISTRESS).move is Move.SIGNPOST
    assert not plan("what does 12 x 7 mean").word
