"""The judgement of an adapter: what gains and costs nothing passes the gate, everything else is kept and not used."""

import logging
import math
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest
from made_up_arms import MadeUpArms, MadeUpModel

from tutor.adaptation.judging import Judgement, figures, gate, judge, likelihood, suite
from tutor.domain import Correction, CorrectionStatus
from tutor.engine.llama import Interrupted

LEDGER = tuple(
    Correction(
        id=i,
        question=f"When does the {place} open?",
        answer=f"The {place} opens at {hour} in the morning.",
        phrasings=(f"what time can I go to the {place}",),
        status=CorrectionStatus.ACCEPTED,
    )
    for i, (place, hour) in enumerate(
        [("library", "8:15"), ("canteen", "9:30"), ("garden", "10:20"), ("office", "7:45"), ("hall", "11:10")], start=1
    )
)
HELD = {c.id: (f"{c.question.split()[3]} opening time please",) for c in LEDGER}
SMALL = suite.load().thinned(0.01)


def _learned(question: str, adapter: bool) -> str:
    """Answers the corrected questions, in their own and in other words, once there is an adapter."""
    for c in LEDGER:
        if adapter and c.question.split()[3] in question.replace("?", " ").split():
            return c.answer
    return "I do not know about that."


def _judge(tmp_path: Path, says: Any = _learned, **more: Any) -> Judgement:
    """`more`: settings of the judgement, or of the made-up arms."""
    course = {"questions": SMALL} | {
        name: more.pop(name) for name in ("stopped", "minutes", "questions") if name in more
    }
    arms: Any = MadeUpArms(says, **more)
    adapter = tmp_path / "adapter.gguf"
    return judge(Path("base.gguf"), adapter, LEDGER, HELD, tmp_path / "report", arms=arms, **course)


def test_an_adapter_that_helps_and_costs_nothing_is_promoted(tmp_path: Path) -> None:
    judged = _judge(tmp_path)
    assert judged.promoted, judged.reasons
    assert judged.figures["right_base"] == 0.0 and judged.figures["right_adapter"] == 1.0
    assert judged.figures["held_adapter"] == 1.0 and judged.figures["gain_low"] > 0.0
    assert judged.figures["unrelated_same"] == 1.0 and judged.figures["rolled_back"] == 1.0


def test_an_adapter_that_helps_nobody_is_kept_and_not_used(tmp_path: Path) -> None:
    judged = _judge(tmp_path, lambda question, adapter: "I do not know about that.")
    assert not judged.promoted and "not sure that the adapter helps" in judged.reasons[0]


def test_a_gain_that_may_be_chance_is_not_enough(tmp_path: Path) -> None:
    def once(question: str, adapter: bool) -> str:
        return _learned(question, adapter) if "library" in question else "I do not know about that."

    judged = _judge(tmp_path, once)
    assert judged.figures["gain"] > 0.0 and not judged.promoted


def test_one_that_changes_other_answers_is_not_used(tmp_path: Path) -> None:
    def changed(question: str, adapter: bool) -> str:
        said = _learned(question, adapter)
        return "The library opens at 8:15." if adapter and said.startswith("I do not") else said

    judged = _judge(tmp_path, changed)
    assert judged.figures["unrelated_same"] == 0.0 and not judged.promoted
    assert any("stay the same" in reason and "0 %" in reason for reason in judged.reasons)


@pytest.mark.parametrize(("more", "words"), [({"moved": 2.0}, "nats a token"), ({"unsafe": True}, "Unsafe replies")])
def test_one_that_moves_the_model_or_makes_it_unsafe_is_not_used(
    tmp_path: Path, more: dict[str, Any], words: str
) -> None:
    judged = _judge(tmp_path, **more)
    assert not judged.promoted and any(words in reason for reason in judged.reasons)


def test_one_that_learned_what_no_check_lets_pass_is_not_used_however_much_it_gains(tmp_path: Path) -> None:
    judged = _judge(tmp_path, taught_unfit=True)
    assert judged.figures["gain_low"] > 0.0 and judged.figures["unsafe_adapter"] == 0.0
    assert not judged.promoted and any("checks of corrections" in reason for reason in judged.reasons)


def test_what_no_adapter_learns_to_answer_is_not_held_against_it(tmp_path: Path) -> None:
    judged = _judge(tmp_path, taught_unfit=True, learns=False)
    assert judged.promoted and judged.figures.get("taught_unfit_adapter", 0.0) == 0.0


def test_going_back_must_be_complete(tmp_path: Path) -> None:
    told: list[bool] = []

    def forgets(question: str, adapter: bool) -> str:
        told.append(adapter)
        return "It stayed." if not adapter and True in told else _learned(question, adapter)

    judged = _judge(tmp_path, forgets)
    assert judged.figures["rolled_back"] == 0.0 and not judged.promoted


def test_the_report_tells_people_everything_and_the_log_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        judged = _judge(tmp_path)
    folder = Path(judged.report)
    report, answers = (folder / "report.html").read_text(), (folder / "answers.html").read_text()
    assert "The adapter may be used." in report and report.count("data:image/svg+xml") == 2
    assert all(c.question in answers and c.answer in answers for c in LEDGER)
    assert msgspec.json.decode((folder / "judgement.json").read_bytes())["promoted"] is True
    said = capsys.readouterr()
    assert "library" not in caplog.text + said.out + said.err
    assert "<script" not in report + answers and "http" not in report + answers


def test_words_in_the_report_are_no_markup(tmp_path: Path) -> None:
    judged = _judge(tmp_path, lambda question, adapter: "<img src=x onerror=alert(1)>" if adapter else "no")
    assert "<img src=x" not in (Path(judged.report) / "answers.html").read_text()


def test_a_judgement_stops_when_asked_to(tmp_path: Path) -> None:
    asked = 0

    def stopped() -> bool:
        nonlocal asked
        asked += 1
        return asked > 30

    with pytest.raises(Interrupted):
        _judge(tmp_path, stopped=stopped)
    assert not (tmp_path / "report").exists()


def test_a_slow_model_is_asked_less_and_the_report_says_so(tmp_path: Path) -> None:
    judged = _judge(tmp_path, minutes=1e-9, questions=suite.load())
    assert judged.figures["unrelated_count"] == suite.LEAST and judged.figures["share_asked"] < 1.0
    assert "slow here" in (tmp_path / "report" / "report.html").read_text()


def test_a_first_answer_that_waits_for_the_disk_does_not_make_a_model_slow(tmp_path: Path) -> None:
    waited = False

    def says(question: str, adapter: bool) -> str:
        nonlocal waited
        if not waited:
            time.sleep(0.5)
        waited = True
        return _learned(question, adapter)

    judged = _judge(tmp_path, says, minutes=1.0, questions=suite.load())
    assert judged.figures["share_asked"] == 1.0
    assert judged.figures["unrelated_count"] == len(suite.load().unrelated)


def test_the_interval_of_a_gain_is_that_of_whole_corrections() -> None:
    def asked(correction: int, right: bool) -> figures.Asked:
        answers = {"base": figures.Answer(text=""), "adapter": figures.Answer(text="", right=right)}
        return figures.Asked(
            correction=correction, kind="fact", question="", accepted="", held_out=False, answers=answers
        )

    together = [asked(1, True)] * 10 + [asked(2, False)] * 10
    apart = [asked(i, i % 2 == 0) for i in range(20)]
    assert figures.gain(together)[0] == figures.gain(apart)[0] == 0.5
    assert figures.gain(together)[1] == 0.0 < figures.gain(apart)[1]
    assert figures.gain([]) == (0.0, 0.0, 0.0)


def test_every_margin_has_its_words_and_is_measured(tmp_path: Path) -> None:
    measured = _judge(tmp_path).figures
    for margin in gate.MARGINS:
        assert gate.title(margin.name) and gate.reason(margin.name)
        assert margin.worse_by(measured) is not None, margin.name


@pytest.mark.parametrize("name", ["perplexity_rise", "divergence", "gain_low"])
def test_a_figure_that_is_no_number_passes_no_gate(tmp_path: Path, name: str) -> None:
    measured = _judge(tmp_path).figures
    assert gate.decide(measured).promoted
    assert not gate.decide({**measured, name: math.nan}).promoted


def test_one_trial_of_few_may_be_lost_and_no_more() -> None:
    margin = next(m for m in gate.MARGINS if m.name == "tasks")
    assert margin.allowed({"tasks_count": 10.0}) == pytest.approx(0.1)
    assert margin.allowed({"tasks_count": 1000.0}) == margin.most


def test_divergence_is_nothing_from_itself_and_grows_with_the_move() -> None:
    model: Any = MadeUpModel()
    trail = likelihood.trail(model, [1], [4, 5, 6])
    assert likelihood.divergence(model, trail) == pytest.approx([0.0, 0.0, 0.0], abs=1e-6)
    model.moved = 1.0
    little = likelihood.divergence(model, trail)[0]
    model.moved = 3.0
    assert likelihood.divergence(model, trail)[0] > little > 0.01


def test_plain_text_of_a_model_that_knows_nothing_has_the_vocabulary_as_perplexity() -> None:
    model: Any = MadeUpModel()
    assert likelihood.perplexity(model, SMALL.general) == pytest.approx(100.0, rel=1e-3)


def test_the_suite_has_enough_of_everything() -> None:
    whole = suite.load()
    assert len(set(whole.unrelated)) == 100
    assert min(map(len, (whole.tasks, whole.begging, whole.provoking, whole.pairs))) >= suite.LEAST
    assert all(sentence.count("{}") == 1 for sentence, _one, _other in whole.pairs)
