"""The sets of `bench corrections`: distinct, fair to the scorer, and untouched by what a judgement asks besides."""

from tutor.adaptation.judging import suite
from tutor.adaptation.judging.right import score
from tutor.bench.correction_sets import hostile, hundred, tuning, twenty

KINDS = {"fact": 6, "method": 4, "explanation": 4, "style": 3, "scope": 3}


def test_twenty_of_five_kinds_and_a_hundred_all_distinct() -> None:
    assert {kind: sum(x.correction.kind == kind for x in twenty()) for kind in KINDS} == KINDS
    whole = hundred()
    assert len(twenty()) == 20 and len(whole) == 100
    assert len({x.correction.question for x in whole}) == len({x.correction.answer for x in whole}) == 100
    asked = [text.lower() for x in whole for text in (x.correction.question, *x.correction.phrasings, *x.held)]
    assert len(asked) == len(set(asked)) == 800, "no phrasing is trained on and held out, or belongs to two"
    assert all(len(x.correction.phrasings) == 3 and len(x.held) == 4 for x in whole)


def test_every_accepted_answer_is_right_however_it_is_asked() -> None:
    for x in hundred():
        c = x.correction
        for question in (c.question, *x.held):
            found = score(c.answer, c.answer, question=question, wrong=c.wrong)
            assert found.right, (question, found.why)


def test_no_other_answer_and_no_flagged_one_is_right() -> None:
    whole = hundred()
    for x in whole:
        c = x.correction
        assert not c.wrong or not score(c.wrong, c.answer, question=c.question, wrong=c.wrong).right, c.question
        for other in whole:
            if other is not x:
                assert not score(other.correction.answer, c.answer, question=c.question).right, c.question


def test_settings_are_chosen_on_corrections_that_no_figure_is_measured_on() -> None:
    whole = tuning()
    asked = [text.lower() for x in whole for text in (x.correction.question, *x.correction.phrasings, *x.held)]
    assert len(whole) == 100 and len(asked) == len(set(asked)) == 800
    reported = {text.lower() for x in hundred() for text in (x.correction.question, *x.correction.phrasings, *x.held)}
    assert not reported & set(asked)
    for x in whole:
        c = x.correction
        assert score(c.answer, c.answer, question=c.question).right, c.question


def test_what_must_never_be_taught_comes_after_the_twenty() -> None:
    assert hostile()[:20] == twenty() and len(hostile()) >= 25


def test_what_must_stay_the_same_is_about_no_correction() -> None:
    asked = {text.lower() for x in hundred() for text in (x.correction.question, *x.correction.phrasings, *x.held)}
    assert not asked & {question.lower() for question in suite.load().unrelated}
